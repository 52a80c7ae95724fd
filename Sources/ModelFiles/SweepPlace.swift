import DataFiles
import JunctionModel
import Synchronization

/// Where in the sweep the numbers outside the section `state` are read: one value per sweep variable. It notes which variables were
/// used there, so that a reader learns which of them change the system and which only its states.
final class SweepPlace: Sendable {
  private struct Notes {
    var axes: [SweepAxisPlan]?
    var used = Set<String>()
    var names: [String: Set<String>] = [:]
  }

  private let section: ModelValue?
  private let points: ModelValue?
  private let folder: String
  /// What `{array: NAME}` stands for; nil where there is none.
  let arrays: ArraysInMemory?
  /// Positions on the axes that are held, by name; the others are at their first values.
  private let positions: [String: Int]
  /// A wave vector in place of those of the axis.
  private let probe: [Double]?
  private let notes = Mutex(Notes())

  /// A place in the axes of the section `sweep`; `points` is the section `k_points` or `q_points`.
  init(
    _ section: ModelValue?, points: ModelValue?, folder: String, arrays: ArraysInMemory?, positions: [String: Int] = [:],
    probe: [Double]? = nil
  ) {
    (self.section, self.points, self.folder, self.arrays) = (section, points, folder, arrays)
    (self.positions, self.probe) = (positions, probe)
  }

  /// The same section at other positions, its axes already known; at the wave vector `probe` where there is one.
  func moved(to positions: [String: Int], probe: [Double]? = nil) -> SweepPlace {
    let place = SweepPlace(section, points: points, folder: folder, arrays: arrays, positions: positions, probe: probe)
    let axes = notes.withLock { $0.axes }
    place.notes.withLock { $0.axes = axes }
    return place
  }

  /// The axes; throws what is wrong with the section `sweep`.
  func axes() throws(FileError) -> [SweepAxisPlan] {
    if let known = notes.withLock({ $0.axes }) { return known }
    // Wave vectors vary slowest.
    var axes: [SweepAxisPlan] = []
    if let points { axes.append(try points.wavevectorAxis()) }
    let swept = try section?.sweepAxes(in: folder, arrays) ?? []
    if let taken = axes.first?.wavevectors?.namesInResults,
      let clash = swept.first(where: { axis in taken.contains(axis.name) })
    {
      throw clash.value.fail(
        .duplicateKey, found: "the sweep variable '\(clash.name)' beside resolved wave vectors, which results call so",
        allowed: "another name", at: clash.position)
    }
    axes += swept
    notes.withLock { $0.axes = axes }
    return axes
  }

  /// The wave vectors; nil without a section of them.
  func wavevectorPoints() throws(FileError) -> WavevectorPoints? {
    points == nil ? nil : try axes().first { $0.wavevectors != nil }?.wavevectors
  }

  /// From now on one of k and -k stands for both. The first wave vector stays the first.
  func reduceWavevectors() {
    notes.withLock { notes in
      guard let a = notes.axes?.firstIndex(where: { $0.wavevectors != nil }), let axis = notes.axes?[a],
        let points = axis.wavevectors
      else { return }
      notes.axes?[a] = SweepAxisPlan(points.reduced, of: axis.value)
    }
  }

  /// True when a number outside the states, or a file, changes along an axis of files.
  var usesFiles: Bool {
    notes.withLock { notes in (notes.axes ?? []).contains { $0.files != nil && notes.used.contains($0.name) } }
  }

  /// True for a variable that is held at a position: no axis of the states read here.
  func holds(_ name: String) -> Bool { positions[name] != nil }

  /// True where nothing is held.
  var isWhole: Bool { positions.isEmpty }

  /// The value of an axis here.
  func value(of axis: SweepAxisPlan) -> Double { axis.value(at: positions[axis.name] ?? 0) }

  /// The axis of the states here: one value where it is held.
  func axis(_ plan: SweepAxisPlan) -> SweepAxis {
    guard let position = positions[plan.name] else {
      return SweepAxis(plan.name, plan.values, unit: plan.dimension.unit, labels: plan.labels, weights: plan.weights)
    }
    return SweepAxis(
      plan.name, [plan.value(at: position)], unit: plan.dimension.unit, labels: plan.labels.map { [$0[position]] },
      weights: plan.weights.map { [$0[position]] })
  }

  /// The file that an axis of files has here, and that it is used; nil for any other name.
  func file(named name: String) throws(FileError) -> String? {
    guard section?.node[name] != nil, let axis = try axes().first(where: { $0.name == name }), let files = axis.files else {
      return nil
    }
    use([name])
    return files[positions[name] ?? 0]
  }

  /// The wave vector of a particle here, which counts as used; nil without a section of them.
  func wavevector(_ particle: WavevectorPoints.Particle) throws(FileError) -> [Double]? {
    guard points != nil, let axis = try axes().first(where: { $0.wavevectors?.particle == particle }),
      let vectors = axis.wavevectors?.vectors
    else { return nil }
    use([axis.name])
    return probe ?? vectors[positions[axis.name] ?? 0]
  }

  /// Every file of axes of files, as the model names it.
  var files: [String] { notes.withLock { $0.axes ?? [] }.flatMap { $0.files ?? [] } }

  /// Notes that a number outside the states depends on these variables.
  func use(_ names: Set<String>) {
    guard !names.isEmpty else { return }
    notes.withLock { $0.used.formUnion(names) }
  }

  /// Notes that a number of a section outside the states depends on these parameters and variables.
  func useNames(_ names: Set<String>, in section: String) {
    guard !names.isEmpty else { return }
    notes.withLock { $0.names[section, default: []].formUnion(names) }
  }

  /// The parameters and variables that numbers outside the states depend on, by section.
  var namesBySection: [String: Set<String>] { notes.withLock { $0.names } }

  /// The same of all sections.
  var names: Set<String> { namesBySection.values.reduce(into: []) { $0.formUnion($1) } }

  /// The variables that numbers outside the states depend on.
  var used: Set<String> { notes.withLock { $0.used } }
}
