import DataFiles
import JunctionModel
import TransportResults

/// What must hold of a result that was read, so that nothing behind has to ask: tables, figures and other programs.
///
/// Shapes are those the dimensions have, labels are words that differ, axes are numbers that differ, error estimates are not negative, codes
/// have a meaning. Gaps may be infinite. A result with a right checksum may have infinite or repeated axis values and any numbers, because
/// then they are those that were computed.
struct ResultValidation {
  /// The file, for messages.
  let path: String
  /// True when the checksum of the file is right.
  let isVerified: Bool

  /// Most states of a result of which no variable has one number per state.
  private static let mostStatesWithoutValues = 1_000_000

  private static let lengthUnit = UnitSystem.electronVolt.label(of: .length)

  private static let unprintable: Set<Unicode.GeneralCategory> = [.control, .lineSeparator, .paragraphSeparator]

  /// Checks axes, labels and grids.
  func checkCoordinates(of result: TransportResult) throws(FileError) {
    try checkWords(result.axes.map(\.name), of: "sweep variables")
    let others = Set(StandardDimension.names + result.extraDimensions.map(\.name))
    if !isVerified, let clash = result.axes.first(where: { others.contains($0.name) }) {
      throw failure(clash.name, "a sweep variable called like a dimension", "another name")
    }
    for axis in result.axes { try check(axis) }
    try checkWords(result.electrodeNames, of: StandardDimension.electrode.name)
    try checkWords(result.bathNames, of: StandardDimension.bath.name)
    try checkWords(result.channelLabels, of: StandardDimension.channel.name)
    try checkFinite(result.modeEnergies, of: ResultQuantity.modeEnergy.name)
    try checkFinite(result.frequencies, of: StandardDimension.frequency.name)
    try checkFinite(result.energies, of: StandardDimension.energy.name)
    for dimension in result.extraDimensions {
      switch dimension.coordinates {
      case .labels(let labels): try checkWords(labels, of: dimension.name)
      case .numbers(let numbers, _): try checkFinite(numbers, of: dimension.name)
      }
      guard dimension.count > 0 else { throw failure(dimension.name, "no values", "at least one") }
    }
  }

  /// Checks a variable against the coordinates; `lengths` are those of its dimensions in the file.
  func check(_ variable: ResultVariable, _ lengths: [Int], in result: TransportResult) throws(FileError) {
    try checkWords([variable.name], of: variable.name)
    guard Set(variable.dimensions).count == variable.dimensions.count else {
      throw failure(variable.name, "the dimensions \(variable.dimensions.joined(separator: ", "))", "each dimension once")
    }
    for (dimension, length) in zip(variable.dimensions, lengths) {
      guard let expected = result.length(of: dimension), expected > 0 else {
        throw failure(
          variable.name, "the dimension '\(dimension)', which has no coordinates", "dimensions with a variable of their name")
      }
      guard length == expected else {
        throw failure(variable.name, "\(length) values along '\(dimension)'", "\(expected), as many as coordinates")
      }
    }
    try checkNumbers(of: variable)
  }

  /// Checks that the states can be counted and are as many as something was computed for.
  func checkSize(of result: TransportResult) throws(FileError) {
    var states = 1
    let most = max(Self.mostStatesWithoutValues, result.variables.map(\.values.count).max() ?? 0)
    for axis in result.axes {
      guard axis.values.count <= most / states else {
        throw failure(
          axis.name, "axes of \(result.axes.map { "\($0.values.count)" }.joined(separator: " x ")) values",
          "no more states than there are values of some variable")
      }
      states *= axis.values.count
    }
  }

  private func check(_ axis: SweepAxis) throws(FileError) {
    guard !axis.values.isEmpty else { throw failure(axis.name, "no values", "at least one") }
    if let bad = axis.values.firstIndex(where: \.isNaN) { throw failure(axis.name, "nan at index \(bad)", "numbers") }
    guard !isVerified else { return }
    // A gap may have no end: what is swept in lengths may be infinite.
    try checkFinite(axis.unit == Self.lengthUnit ? axis.values.filter { $0 != .infinity } : axis.values, of: axis.name)
    let sorted = axis.values.sorted()
    if let same = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
      throw failure(axis.name, "\(same.0) twice", "values that differ")
    }
  }

  /// Words that can stand in a table: not empty, without control characters, each once.
  private func checkWords(_ words: [String], of place: String) throws(FileError) {
    for (index, word) in words.enumerated() {
      guard !word.isEmpty else { throw failure(place, "an empty label at index \(index)", "a word") }
      guard !word.unicodeScalars.contains(where: { Self.unprintable.contains($0.properties.generalCategory) }) else {
        throw failure(place, "control characters in the label at index \(index)", "text without them")
      }
    }
    guard Set(words).count != words.count else { return }
    var seen: Set<String> = []
    let twice = words.first { !seen.insert($0).inserted } ?? ""
    throw failure(place, "'\(twice)' twice", "labels that differ")
  }

  private func checkFinite(_ values: [Double], of place: String) throws(FileError) {
    guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw failure(place, "\(values[bad]) at index \(bad)", "finite numbers")
  }

  private func checkNumbers(of variable: ResultVariable) throws(FileError) {
    guard !isVerified else { return }
    if let errors = variable.errors, let bad = errors.firstIndex(where: { $0 < 0 }) {
      throw failure(variable.name, "the error estimate \(errors[bad]) at index \(bad)", "error estimates from 0")
    }
    let codes = variable.name == ResultQuantity.stable.name ? 2 : variable.flagMeanings.count
    guard codes > 0 else { return }
    let bad = variable.values.firstIndex { value in
      !value.isNaN && (Int(exactly: value).map { !(0..<codes).contains($0) } ?? true)
    }
    if let bad {
      throw failure(variable.name, "the code \(variable.values[bad]) at index \(bad)", "whole numbers from 0 to \(codes - 1)")
    }
  }

  private func failure(_ place: String, _ found: String, _ allowed: String) -> FileError {
    FileError(
      .invalidData, in: path, at: [place], found: found, allowed: allowed,
      hint: "another program has changed this file; compute the result again with 'pairbath run'")
  }
}
