@testable import DataFiles
@testable import JunctionModel
@testable import ModelFiles
@testable import ResultFiles
@testable import TransportResults

/// Bytes of NetCDF files, as a result and as the data of a model. A process for each input: some fifty a second.
struct NetCDFTarget: FuzzTarget {
  let name = "netcdf"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    let path = folder.unpack(input, alone: "r.nc").files[0]
    // One process for an input.
    if input.count.isMultiple(of: 3) {
      let file = try JunctionFile(path: path, units: .electronVolt)
      _ = try? file.hamiltonian()
      _ = try? file.overlap()
      return "a data file of \(try file.broadening(of: "L").rows) orbitals"
    }
    let result = try ResultFile.read(from: path)
    ResultTarget.use(result)
    return "\(result.variables.count) variables"
  }
}

/// What the reading process says of a file, which the other process must not believe.
struct DescriptionTarget: FuzzTarget {
  let name = "description"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    guard let description = FileDescription(input) else { return "none" }
    for variable in description.variables { _ = variable.count }
    for (name, number) in description.numbers { require(description.variables[number].name == name, name) }
    return "\(description.variables.count) variables"
  }
}

/// Results with made-up axes, labels and variables: what passes the validation must be fit for tables, exports and arrays.
struct ResultTarget: FuzzTarget {
  let name = "result"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    var choices = Choices(input)
    let isVerified = choices.next() & 1 == 1
    var result = choices.result()
    let validation = ResultValidation(path: "r.nc", isVerified: isVerified)
    try validation.checkCoordinates(of: result)
    var kept: [ResultVariable] = []
    for _ in 0..<Int(choices.next() % 4) {
      guard let (variable, lengths) = choices.variable(result) else { continue }
      try validation.check(variable, lengths, in: result)
      kept.append(variable)
    }
    result.variables = kept
    try validation.checkSize(of: result)
    guard result.axes.reduce(1, { $0 * $1.values.count }) <= 20_000 else { return "many states" }
    Self.use(result)
    return "\(kept.count) variables"
  }

  /// Everything that becomes of a result as text.
  static func use(_ result: TransportResult) {
    guard let table = try? ResultTable(result) else { return }
    _ = table.csv.utf8.count + table.json.utf8.count
    _ = ResultArrays(result)
    for format in ExportFormat.all where !format.needsStructure {
      _ = try? format.files(ExportRequest(result))
    }
  }
}

/// Made-up things out of bytes.
private struct Choices {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  mutating func next() -> UInt8 { bytes.popFirst() ?? 0 }

  private mutating func number() -> Double {
    let special: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, 1, -1, 1e300, 5e-324, 2, 3, 0.5]
    let byte = Int(next())
    guard byte >= 12 else { return special[byte] }
    guard byte >= 128 else { return Double(byte) }
    var bits: UInt64 = 0
    for _ in 0..<8 { bits = bits << 8 | UInt64(next()) }
    return Double(bitPattern: bits)
  }

  private mutating func numbers() -> [Double] { (0..<Int(next() % 8)).map { _ in number() } }

  private mutating func word(_ names: [String]) -> String {
    let byte = Int(next())
    if byte < names.count { return names[byte] }
    return String(decoding: (0..<byte % 6).map { _ in next() }, as: UTF8.self)
  }

  private mutating func words() -> [String] { (0..<Int(next() % 6)).map { _ in word(["L", "R", "L>R", "ph", "0", "=1+1"]) } }

  private var dimensionNames: [String] { ["V", "T", "x"] + StandardDimension.allCases.map(\.rawValue) }

  mutating func result() -> TransportResult {
    var result = TransportResult(title: word(["title"]), units: next() & 1 == 0 ? .electronVolt : .natural)
    let axes = (0..<Int(next() % 4)).map { _ in
      let values = numbers()
      let labelled = next() & 3 == 0
      // The reader takes labels along the dimension of the axis only: as many as there are values.
      let labels = labelled ? values.map { _ in word(["a", "b"]) } : nil
      return SweepAxis(word(["V", "T", "x", "electrode"]), values, unit: word(["eV", "K", ""]), labels: labels)
    }
    result.axes = axes
    (result.electrodeNames, result.bathNames, result.channelLabels) = (words(), words(), words())
    (result.modeEnergies, result.frequencies, result.energies) = (numbers(), numbers(), numbers())
    result.instabilities = Int(next() % 4)
    result.largestQuanta = next() & 3 == 0 ? Int(next() % 5) : nil
    for _ in 0..<Int(next() % 3) {
      let name = word(dimensionNames)
      result.dimensions.append(
        next() & 1 == 0
          ? ResultDimension(name, .labels(words()), longName: "words")
          : ResultDimension(name, .numbers(numbers(), unit: "eV"), longName: "numbers"))
    }
    return result
  }

  /// A variable whose numbers are as many as its lengths say, as NetCDF guarantees.
  mutating func variable(_ result: TransportResult) -> (ResultVariable, [Int])? {
    let names = dimensionNames
    let dimensions = (0..<Int(next() % 5)).map { _ in word(names) }
    let isRight = next() & 7 != 0
    let lengths = dimensions.map { name in isRight ? result.length(of: name) ?? 1 : Int(next() % 5) }
    let count = lengths.reduce(1, *)
    guard count <= 5000 else { return nil }
    let few = numbers() + [0]
    let values = (0..<count).map { few[$0 % few.count] }
    let errors = next() & 1 == 0 ? values.map { abs($0) } : nil
    var variable = ResultVariable(
      name: word(["energy_current", "stable", "status", "transmission", "instability_position"]), dimensions: dimensions,
      values: values, errors: errors, unit: word(["A", "W", "1", "energy unit^2/hbar"]), longName: word(["words"]))
    if next() & 3 == 0 { variable.flagMeanings = words() }
    return (variable, lengths)
  }
}
