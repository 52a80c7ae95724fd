import JunctionModel
import TransportSolvers

/// A model file, read, checked and turned into what a computation needs.
///
///     let model = try ModelDocument.read(file: "model.yaml", overrides: ["V=0.3"])
///     model.junction.electrodes.count
public struct ModelDocument: Sendable {
  /// The file's name as given.
  public let file: String
  /// The title, empty when the file has none.
  public let title: String
  /// Units of the numbers in the file and in results.
  public let units: UnitSystem
  /// The junction, internal units.
  public let junction: Junction
  /// Sweep axes in the user's units; the first varies slowest.
  public let axes: [SweepAxis]
  /// Every state, internal units (temperatures are energies).
  public let points: OperatingPoints
  /// What to compute, internal units.
  public let settings: ComputeSettings
  /// The file's text, followed by one comment line for each override, so that a result records them.
  public let text: String
  /// SHA-256 of `text`, 64 hexadecimal digits.
  public let hash: String
  private let root: ModelNode
  private let states: StateEvaluation

  /// Reads a model file.
  ///
  /// - Parameters: `overrides`: `PATH=VALUE` as behind `--set`; `tolerance`: replaces `compute.tolerance`.
  /// - Throws: `FileError` with line, column and key path of the first fault.
  public static func read(
    file path: String, overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelDocument {
    try read(
      text: try TextFile.read(path), named: path, folder: TextFile.folder(of: path), overrides: overrides, tolerance: tolerance)
  }

  /// Reads a model from its text; `folder` is where the data files it names are.
  public static func read(
    text: String, named file: String = "model.yaml", folder: String = ".", overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelDocument {
    var root = try YAMLText(name: file, override: nil).root(of: text)
    _ = try ModelReader(root, file: file, folder: folder)  // a mapping with known keys, before overrides change it
    for override in overrides { root = try ModelOverride(override).applied(to: root) }
    return try ModelDocument(
      root: root, file: file, folder: folder, text: effectiveText(text, overrides, tolerance), tolerance: tolerance)
  }

  private init(root: ModelNode, file: String, folder: String, text: String, tolerance: Double?) throws(FileError) {
    let reader = try ModelReader(root, file: file, folder: folder)
    self.root = root
    self.file = file
    self.text = text
    hash = SHA256.hexadecimal(of: text)
    units = reader.units
    title = try reader.title()
    let conductor = try reader.conductor()
    let electrodes = try reader.electrodes(of: conductor)
    let bosons = try reader.bosons()
    let baths = try reader.baths(of: bosons)
    let coupling = try reader.coupling(of: bosons)
    do {
      junction = try Junction(
        conductor: conductor, electrodes: electrodes, bosons: bosons, baths: baths, coupling: coupling)
    } catch {
      throw root.located(error, file: file)
    }
    settings = try reader.settings(of: junction, tolerance: tolerance)
    let table = try StateReader(
      root: reader.root, junction: junction, level: settings.level, units: units, automatic: reader.automaticNames()
    ).table()
    axes = table.axes
    points = table.points
    states = table.evaluation
  }

  /// The state at any values of the sweep variables, also between the points of the sweep.
  ///
  /// - Parameters: `axisValues`: one value per axis, in the user's units and the order of `axes`; empty without a sweep.
  /// - Throws: `FileError` where an expression has no finite value, or a temperature or chemical potential is not allowed.
  public func point(at axisValues: [Double]) throws(FileError) -> OperatingPoint { try states.point(at: axisValues) }

  /// A state with its derivatives with respect to a sweep variable or parameter: first and second derivatives of chemical
  /// potentials and temperatures, internal units per unit of the variable. nil when the states do not depend on it.
  public func line(
    at axisValues: [Double], along name: String
  ) -> (point: OperatingPoint, first: OperatingPoint, second: OperatingPoint)? {
    states.line(at: axisValues, along: name)
  }

  // MARK: Places

  /// Line and column of a key path, or of the nearest part of it that exists; nil when a `--set` option put it there.
  public func location(of keyPath: [String]) -> (line: Int, column: Int)? {
    guard case .file(let line, let column) = root.position(of: keyPath) else { return nil }
    return (line, column)
  }

  /// A fault of the junction as an error of this file, with line and column.
  public func located(_ error: ModelError) -> FileError { root.located(error, file: file) }

  /// A fault of the computation as an error of this file; meant for `SolverError.Code.unsuitableModel` and `.tooLarge`.
  public func located(_ error: SolverError) -> FileError {
    root.error(.invalidModel, at: error.path, file: file, found: error.message, allowed: "", hint: error.hint)
  }

  private static func effectiveText(_ text: String, _ overrides: [String], _ tolerance: Double?) -> String {
    var lines = overrides.map { "# --set " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    if let tolerance { lines.append("# --tolerance \(tolerance)") }
    guard !lines.isEmpty else { return text }
    return text + (text.hasSuffix("\n") || text.isEmpty ? "" : "\n") + lines.joined(separator: "\n") + "\n"
  }
}
