import DataFiles
import JunctionModel
import SystemFiles
import TransportResults

/// A model file that describes a junction, read, checked and turned into what a computation needs.
///
///     let model = try ModelDocument.read(file: "model.yaml", overrides: ["V=0.3"])
///     model.junction.electrodes.count
public struct ModelDocument: Sendable {
  /// Title, units, text and places.
  package let header: ModelHeader
  /// The junction, internal units.
  public let junction: Junction
  /// Every state, internal units (temperatures are energies).
  public let points: OperatingPoints
  /// What to compute, internal units.
  public let settings: ComputeSettings
  private let states: JunctionStates
  /// The files that were read: the model and its data.
  package let inputs: InputFiles
  /// Names of spin channels, whose electrodes stand one channel after another in the junction; empty without any.
  package let spins: [String]
  /// Sweep variables over which results are averaged.
  package let averages: [String]
  let source: ModelSource

  /// Parameters and sweep variables that the junction depends on.
  package let systemNames: Set<String>
  /// How the conductor moves with the voltage by which conductances differentiate; nil when they are not asked for, or not known.
  package let conductorChange: ConductorChange?

  /// The file's name as given.
  package var file: String { header.file }
  /// The title, empty when the file has none.
  public var title: String { header.title }
  /// Units of the numbers in the file and in results.
  public var units: UnitSystem { header.units }
  /// The file's text with its overrides.
  public var text: String { header.text }
  /// SHA-256 of `text`, 64 hexadecimal digits.
  package var hash: String { header.hash }
  /// Sweep axes in the user's units; the first varies slowest.
  public var axes: [SweepAxis] { states.evaluation.axes }

  /// Reads a model file.
  ///
  /// - Parameters: `overrides`: `PATH=VALUE` as behind `--set`; `tolerance`: replaces `compute.tolerance`.
  /// - Throws: `FileError` with line, column and key path of the first fault; a model of another kind is one.
  public static func read(
    file path: String, overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelDocument {
    try ModelDocument(try ModelSource(file: path, overrides: overrides, tolerance: tolerance))
  }

  /// Reads a model from its text; `folder` is where the data files it names are. Throws `FileError` as above.
  public static func read(
    text: String, named file: String = "model.yaml", folder: String = ".", overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelDocument {
    try ModelDocument(
      try ModelSource(text: text, named: file, folder: folder, overrides: overrides, tolerance: tolerance))
  }

  init(_ source: ModelSource) throws(FileError) {
    let reader = source.reader
    self.source = source
    guard source.kind == .junction else {
      throw reader.root.value.fail(
        .invalidModel, found: "a model of '\(source.kind.rawValue)'",
        allowed: "a junction: \(ModelKind.junction.keys.joined(separator: ", "))",
        hint: "pairbath run, check, show and plot know this kind", at: reader.root.position(of: source.kind.rawValue),
        key: source.kind.rawValue)
    }
    try reader.checkWavevectorSections()
    spins = try reader.spins()
    let channels = try reader.channels(spins)
    var electrons = try reader.electrons(of: channels, spins)
    let bosons = try reader.bosons()
    let baths = try reader.baths(of: bosons)
    try reader.couple(&electrons, of: channels, spins, to: bosons)
    // Channels of spin may differ, and all have all wave vectors.
    if spins.isEmpty { try reader.reduceWavevectors(electrodes: electrons.electrodes, bosons: bosons) }
    do {
      let parts = try JunctionParts(
        .directSum(electrons.electrons), electrodes: electrons.electrodes, convention: electrons.coupling.convention,
        couplings: electrons.coupling.matrices, needsAllLevels: reader.needsAllLevels()
      ).reduced()
      junction = try Junction(
        conductor: parts.conductor, electrodes: parts.electrodes, bosons: bosons, baths: baths, coupling: parts.coupling)
    } catch {
      throw source.header.located(error)
    }
    settings = try reader.settings(of: junction, tolerance: source.tolerance)
    try reader.checkWavevectors(junction, settings)
    states = try StateReader(
      frame: StateFrame(root: reader.root, units: reader.units, place: reader.place, automatic: try channels[0].automaticNames()),
      junction: junction,
      level: settings.level, spins: spins
    ).states()
    points = try states.points()
    systemNames = reader.place.names
    let differentiates = settings.observables.contains { [.conductance, .iets].contains($0) }
    conductorChange =
      try differentiates && junction.conductor.whole == nil
      ? Self.conductorChange(along: settings.voltage, channels, electrons.electrons) : nil
    reader.noteFilesOfAxes()
    averages = try reader.averages()
    inputs = reader.data.inputs
    header = source.header.reading(reader.data.dataFiles)
  }

  private static func conductorChange(
    along name: String, _ channels: [ModelReader], _ electrons: [JunctionParts.Electrons]
  ) throws(FileError) -> ConductorChange? {
    var changes: [ConductorChange] = []
    for (reader, electrons) in zip(channels, electrons) {
      guard let change = try reader.conductorChange(along: name, electrons) else { return nil }
      changes.append(change)
    }
    return .directSum(changes)
  }

  /// The state at any values of the sweep variables, also between the points of the sweep.
  ///
  /// - Parameters: `axisValues`: one value per axis, in the user's units and the order of `axes`; empty without a sweep.
  /// - Throws: `FileError` where an expression has no finite value, or a temperature or chemical potential is not allowed.
  package func point(at axisValues: [Double]) throws(FileError) -> OperatingPoint { try states.point(at: axisValues) }

  /// A state with its derivatives with respect to a sweep variable or parameter: first and second derivatives of chemical
  /// potentials and temperatures, internal units per unit of the variable. nil when the states do not depend on it.
  package func line(
    at axisValues: [Double], along name: String
  ) -> (point: OperatingPoint, first: OperatingPoint, second: OperatingPoint)? {
    states.line(at: axisValues, along: name)
  }

  /// First and second derivatives of all states with respect to a sweep variable or parameter, internal units per unit of the variable; nil
  /// when the states do not depend on it.
  package func derivatives(along name: String) -> (first: OperatingPoints, second: OperatingPoints)? {
    states.derivatives(along: name)
  }

  // MARK: Places

  /// Line and column of a key path, or of the nearest part of it that exists; nil when a `--set` option put it there.
  package func location(of keyPath: [String]) -> (line: Int, column: Int)? { header.location(of: keyPath) }

  /// A fault of the junction as an error of this file, with line and column.
  package func located(_ error: ModelError) -> FileError { header.located(error) }

  /// A fault of the computation as an error of this file; meant for `SolverError.Code.unsuitableModel` and `.tooLarge`.
  package func located(_ error: SolverError) -> FileError { header.located(error) }
}
