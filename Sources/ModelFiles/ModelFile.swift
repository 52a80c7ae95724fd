import DataFiles
import JunctionModel
import SystemFiles
import TransportResults

/// A model file of any kind, read and checked.
///
///     let result = try ModelFile.read(file: "model.yaml", overrides: ["V=0.3"]).run()
public enum ModelFile: Sendable {
  /// Electrons and bosons.
  case junction(ModelDocument)
  /// Two bodies that radiate to each other.
  case bodies(RadiationDocument)
  /// Landauer by itself: baths joined by given transmissions.
  case terminals(TerminalDocument)
  /// Spectra of electron-hole pairs given as they are.
  case pairSpectra(PairSpectraDocument)

  /// Reads a model file of any kind.
  ///
  /// - Parameters: `overrides`: `PATH=VALUE` as behind `--set`; `tolerance`: replaces `compute.tolerance`.
  /// - Throws: `FileError` with line, column and key path of the first fault.
  public static func read(
    file path: String, overrides: [String] = [], tolerance: Double? = nil
  ) throws(FileError) -> ModelFile {
    try ModelFile(try ModelSource(file: path, overrides: overrides, tolerance: tolerance))
  }

  /// Reads a model of any kind from its text; `folder` is where the data files it names are. With `arrays`, `file: memory` in the model
  /// stands for them in place of a data file, and `{array: NAME}` in its sweep for the values of an axis. Throws `FileError` as above.
  public static func read(
    text: String, named file: String = "model.yaml", folder: String = ".", arrays: [NamedArray] = [], overrides: [String] = [],
    tolerance: Double? = nil
  ) throws(FileError) -> ModelFile {
    try ParsedModel(text, named: file, folder: folder).model(arrays: arrays, overrides: overrides, tolerance: tolerance)
  }

  init(_ source: ModelSource) throws(FileError) {
    switch source.kind {
    case .junction: self = .junction(try ModelDocument(source))
    case .terminals: self = .terminals(try TerminalDocument(source))
    case .bodies: self = .bodies(try RadiationDocument(source))
    case .pairSpectra: self = .pairSpectra(try PairSpectraDocument(source))
    }
    try content.checkSystems()
  }

  package var content: any ModelContent {
    switch self {
    case .junction(let document): document
    case .bodies(let document): document
    case .terminals(let document): document
    case .pairSpectra(let document): document
    }
  }

  /// The word for what it describes: `junction`, `bodies`, `terminals` or `pair_spectra`.
  package var kind: String {
    switch self {
    case .junction: ModelKind.junction.rawValue
    case .bodies: ModelKind.bodies.rawValue
    case .terminals: ModelKind.terminals.rawValue
    case .pairSpectra: ModelKind.pairSpectra.rawValue
    }
  }

  /// The files that were read: the model and its data.
  package var inputs: InputFiles { content.inputs }

  /// Title, units, text and places.
  package var header: ModelHeader { content.header }

  /// Variables over which all numbers are averaged: wave vectors.
  package var hiddenAxes: [AveragedAxis] { content.hiddenAxes }

  /// Sweep variables over which results are averaged: `compute.average`.
  package var averages: [String] { content.averages }

  /// What is doubtful about the model though it can be computed, a sentence with its place for each.
  public var notes: [String] {
    if case .bodies(let document) = self { return document.notes }
    return []
  }
}
