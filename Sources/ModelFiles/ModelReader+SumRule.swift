import DataFiles
import JunctionModel

extension ModelReader {
  /// `bosons.sum_rule`: the number of free motions, `{masses: [...]}`, or `acoustic` with the masses of the data file; nil without.
  func sumRule(_ section: ModelSection, coordinates: Int) throws(FileError) -> AcousticSumRule? {
    guard let value = try section.optional("sum_rule") else { return nil }
    let allowed =
      "the number of free motions (1 for atoms on a line, 3 for translations, 6 with rotations), {masses: [...]}, or 'acoustic' "
      + "where the data file has the variable 'masses'"
    if value.node.isMapping {
      let rule = try ModelSection(value, keys: ["masses", "directions"])
      let masses = try rule.required("masses")
      let directions = try rule.optional("directions")?.integer()
      return try translations(try masses.numbers(.plain), directions, coordinates, masses)
    }
    guard value.node.scalarText == "acoustic" else {
      guard value.node.isScalar, NumberText.quantity(value.node.scalarText) != nil else {
        throw value.wrongType(allowed: allowed)
      }
      return .softest(try value.integer())
    }
    guard let file = try section.optional("file") else {
      throw value.fail(
        .missingKey, found: "'acoustic' without masses", allowed: allowed,
        hint: "sum_rule: {masses: [...]} with one mass per coordinate or atom")
    }
    return try translations(try data.read(file) { (file) throws(FileError) in try file.masses() }, nil, coordinates, value)
  }

  /// One mass per coordinate, or one per atom with three coordinates each.
  private func translations(
    _ masses: [Double], _ directions: Int?, _ coordinates: Int, _ value: ModelValue
  ) throws(FileError) -> AcousticSumRule {
    let isPerAtom = masses.count * 3 == coordinates && directions != 1
    guard isPerAtom || masses.count == coordinates else {
      throw value.fail(
        .outOfRange, found: "\(masses.count) masses for \(coordinates) coordinates",
        allowed: "one mass per coordinate, or one per atom with three coordinates each")
    }
    guard isPerAtom else { return .translations(masses: masses, directions: directions ?? 1) }
    return .translations(masses: masses.flatMap { [$0, $0, $0] }, directions: 3)
  }

  /// Factor from `bosons.unit` to eV^2; 1 without.
  func springUnit(_ section: ModelSection) throws(FileError) -> Double {
    guard let value = try section.optional("unit") else { return 1 }
    guard units == .electronVolt else {
      throw value.fail(
        .outOfRange, found: value.node.summary, allowed: "no unit, because units is natural",
        hint: "leave the key out, or write 'units: eV'")
    }
    let word = try value.text(allowed: ForceConstantUnit.words)
    guard let factor = ForceConstantUnit.factor(of: word) else {
      throw value.fail(.outOfRange, found: "'\(word)'", allowed: ForceConstantUnit.words)
    }
    return factor
  }
}
