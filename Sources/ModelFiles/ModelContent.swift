import DataFiles
import JunctionModel
import SystemFiles
import TransportResults

/// What every kind of model has.
package protocol ModelContent: Sendable {
  /// Title, units, text and places.
  var header: ModelHeader { get }
  /// The files that were read: the model and its data.
  var inputs: InputFiles { get }
  /// Sweep axes in the user's units; the first varies slowest.
  var axes: [SweepAxis] { get }
  /// Sweep variables over which results are averaged.
  var averages: [String] { get }
  /// Variables over which all numbers are averaged: wave vectors.
  var hiddenAxes: [AveragedAxis] { get }
  /// Positions in `axes` of the variables that change the system (junction, terminals, bodies), not only its states; ascending.
  var systemAxes: [Int] { get }

  /// How many of everything there are in the system, in words of the model's data: all systems of a sweep have the same.
  var shape: [(name: String, count: Int)] { get }

  /// About how many numbers its matrices and states are.
  var numberCount: Int { get }

  /// One of the systems of the sweep with its own states: the variables of `systemAxes` are held at `positions`, one for each, and are
  /// no axes of it. Throws `FileError` where the system there is none.
  func system(at positions: [Int]) throws(FileError) -> Self
}

extension ModelContent {
  /// Number of systems.
  package var systemCount: Int { systemAxes.reduce(1) { $0 * axes[$1].values.count } }

  /// A system by its number; the first variable varies slowest.
  package func system(_ index: Int) throws(FileError) -> Self {
    try system(at: systemAxes.map { axes[$0] }.positions(of: index))
  }

  /// Seconds after which systems are no longer read in advance.
  private static var checkingLimit: Duration { .seconds(1) }

  /// Reads the systems of a sweep in advance, so that a value that makes no sense somewhere is found before anything is computed: the first, the
  /// last, then all from the second on while that takes no longer than a second. Throws `FileError` that says where in the sweep.
  func checkSystems() throws(FileError) {
    let last = systemCount - 1
    guard last > 0 else { return }
    let start = ContinuousClock.now
    _ = try system(last)
    for index in 1..<last {
      if start.duration(to: .now) > Self.checkingLimit { return }
      _ = try system(index)
    }
  }

  /// The values of the held variables, as `Vg = 0.3, d = 2`.
  func words(of positions: [Int]) -> String {
    zip(systemAxes, positions).map { "\(axes[$0].name) = \(axes[$0].words(at: $1))" }.joined(separator: ", ")
  }
}

/// A document that is read from a source of one kind.
protocol SourcedContent: ModelContent {
  var source: ModelSource { get }
  init(_ source: ModelSource) throws(FileError)
}

extension SourcedContent {
  package var hiddenAxes: [AveragedAxis] { source.reader.hiddenAxes }

  package var systemAxes: [Int] {
    let used = source.reader.place.used
    return used.isEmpty ? [] : axes.indices.filter { used.contains(axes[$0].name) }
  }

  package func system(at positions: [Int]) throws(FileError) -> Self {
    if let known = source.shelf.system(at: positions) as? Self { return known }
    let system = try read(at: positions)
    source.shelf.keep(system, at: positions, numbers: system.numberCount)
    return system
  }

  private func read(at positions: [Int]) throws(FileError) -> Self {
    let systemAxes = systemAxes
    precondition(positions.count == systemAxes.count, "\(positions.count) positions for \(systemAxes.count) variables")
    do throws(FileError) {
      let system = try Self(
        source.holding(Dictionary(uniqueKeysWithValues: zip(systemAxes, positions).map { (axes[$0].name, $1) })))
      for (mine, others) in zip(shape, system.shape) where mine.count != others.count {
        throw FileError(
          .invalidModel, in: header.file, at: ["sweep"], found: "\(others.count) \(mine.name)",
          allowed: "\(mine.count), as many as at \(words(of: systemAxes.map { _ in 0 })): the systems of a sweep have one shape",
          hint: "use runs of their own for systems of other sizes")
      }
      return system
    } catch {
      throw error.found(at: words(of: positions))
    }
  }
}

extension ModelDocument {
  package var shape: [(name: String, count: Int)] {
    [("orbitals", junction.conductor.totalOrbitals), ("modes", junction.bosons.count)]
  }

  package var numberCount: Int {
    let matrices = 2 + junction.electrodes.count + junction.bosons.count
    return 2 * matrices * junction.conductor.totalOrbitals * junction.conductor.totalOrbitals
      + points.count * (2 * junction.electrodes.count + 2 * junction.baths.count) + 1000
  }
}

extension RadiationDocument {
  package var shape: [(name: String, count: Int)] { [] }

  package var numberCount: Int { 4 * axes.reduce(1) { $0 * $1.values.count } + 10_000 }
}

extension TerminalDocument {
  package var shape: [(name: String, count: Int)] { [] }

  package var numberCount: Int { 8 * points.count + 10_000 }
}

extension PairSpectraDocument {
  package var shape: [(name: String, count: Int)] { [("modes", spectra.modes.count)] }

  package var numberCount: Int { 8 * points.count + 4 * spectra.kernels.count * spectra.modes.count * spectra.modes.count + 1000 }
}

extension PairSpectraDocument: SourcedContent {}
extension ModelDocument: SourcedContent {}
extension RadiationDocument: SourcedContent {}
extension TerminalDocument: SourcedContent {}
