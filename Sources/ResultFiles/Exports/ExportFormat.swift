import DataFiles
import TransportResults

/// A form in which results leave for other programs: `pairbath export RESULT.nc --to WORD`.
package struct ExportFormat: Sendable {
  /// The word typed behind `--to`.
  package let word: String
  /// One line for `--help`.
  package let abstract: String
  /// What a file's name ends with.
  package let suffix: String
  /// True when a data file with atoms and modes is needed beside the result.
  package let needsStructure: Bool
  let make: @Sendable (ExportRequest) throws(FileError) -> [ExportedFile]

  /// Every form, in the order of `--help`. A new one is a line here.
  package static let all: [ExportFormat] = [
    .netCDF, .csv, .json, .matlab, .gnuplot, .tbtrans, .xyz, .axsf,
  ]

  /// The form of a word. Throws `unknownKey` naming the nearest one.
  package static func named(_ word: String) throws(FileError) -> ExportFormat {
    if let format = all.first(where: { $0.word == word.lowercased() }) { return format }
    let words = all.map(\.word)
    throw FileError(
      .unknownKey, in: "--to", found: "'\(word)'", allowed: words.joined(separator: ", "),
      hint: Spelling.advice(for: word, among: words))
  }

  /// The files of a result; nothing is written.
  package func files(_ request: ExportRequest) throws(FileError) -> [ExportedFile] {
    if needsStructure != (request.structure != nil) {
      throw needsStructure
        ? FileError(
          .missingKey, in: "--structure", found: "no file with atoms", allowed: "a data file with positions and vibrations",
          hint: "--structure junction.nc: variables position, atom_symbol, mode_energy, mode_vector")
        : FileError(.outOfRange, in: "--structure", found: "a file that \(word) has no place for", allowed: "xyz or axsf with it")
    }
    return try make(request)
  }

  static let csv = ExportFormat(
    word: "csv", abstract: "comma-separated values, a row for each state", suffix: ".csv", needsStructure: false
  ) { (request) throws(FileError) in
    [ExportedFile(name: ".csv", text: try ResultTable(request.result, variables: request.variables).csv)]
  }

  static let json = ExportFormat(
    word: "json", abstract: "one JSON object with labels, units and nested arrays", suffix: ".json", needsStructure: false
  ) { (request) throws(FileError) in
    [ExportedFile(name: ".json", text: try ResultTable(request.result, variables: request.variables).json)]
  }

  static let gnuplot = ExportFormat(
    word: "gnuplot", abstract: "columns for gnuplot, blocks for maps (splot, pm3d)", suffix: ".dat", needsStructure: false
  ) { (request) throws(FileError) in
    [ExportedFile(name: ".dat", text: try ResultTable(request.result, variables: request.variables).gnuplot)]
  }

  static let netCDF = ExportFormat(
    word: "netcdf", abstract: "NetCDF-4 (CF conventions) with the chosen variables and states", suffix: ".nc",
    needsStructure: false
  ) { (request) throws(FileError) in
    let chosen = try ResultTable(request.result, variables: request.variables).chosenVariables
    var part = request.result
    part.variables = chosen
    return [ExportedFile(name: ".nc", content: .result(part))]
  }
}

/// What is to leave, and how.
package struct ExportRequest: Sendable {
  /// The result, or the states of it that were chosen.
  package let result: TransportResult
  /// Names of variables; nil for all.
  package let variables: [String]?
  /// A data file with atoms and modes.
  package let structure: String?

  package init(_ result: TransportResult, variables: [String]? = nil, structure: String? = nil) {
    (self.result, self.variables, self.structure) = (result, variables, structure)
  }
}

/// A file that is to be written.
package struct ExportedFile: Sendable {
  enum Content: Sendable {
    case bytes([UInt8])
    case result(TransportResult)
  }

  /// What the name ends with, behind the stem.
  package let name: String
  let content: Content

  init(name: String, content: Content) { (self.name, self.content) = (name, content) }

  init(name: String, text: String) { self.init(name: name, content: .bytes(Array(text.utf8))) }

  /// Writes it; it appears whole or not at all. Throws `cannotWrite`.
  package func write(to path: String) throws(FileError) {
    switch content {
    case .bytes(let bytes): try AtomicFile.write(bytes, to: path)
    case .result(let result): try ResultFile.write(result, to: path)
    }
  }
}
