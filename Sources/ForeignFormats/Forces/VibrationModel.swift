import DataFiles
import DenseMatrices

/// A model of vibrations alone, weakly damped: its result is the mode energies.
struct VibrationModel {
  let title: String
  let program: String
  /// Force constants between all atoms of the model.
  let forces: ForceConstants
  /// The force constants as they were read, of a supercell for example: what the sum rule is held against.
  let original: ForceConstants
  /// True where nothing holds the atoms: they may move together.
  let isFree: Bool

  /// The model. Throws `invalidData` where the acoustic sum rule is violated by more than a tenth of the largest spring.
  func imported() throws(FileError) -> ImportedModel {
    if isFree { try original.requireSumRule() }
    let mended = isFree ? forces.translationallyInvariant() : forces
    let all = Array(mended.atoms.indices)
    let matrix = mended.massWeighted(mended.block(all, all), all, all)
    let modes = try ModeReading(matrix, freeMotions: isFree ? mended.atoms.map(\.mass) : nil, path: forces.path)
    var data = JunctionData()
    data.add("dynamical_matrix", matrix, over: ("dof", "dof_column"), unit: "eV2")
    data.add(
      "masses", mended.atoms.map(\.mass), over: [("atom", mended.count)], attributes: [("units", "amu"), ("long_name", "masses")])
    data.add(
      "positions", mended.atoms.flatMap { [$0.position.x, $0.position.y, $0.position.z] },
      over: [("atom", mended.count), ("direction", 3)], attributes: [("units", "angstrom")])
    var model = ImportedModel(model: text(modes), data: data, understood: understood(modes))
    guard modes.energies.contains(where: { $0 > 0 }) else {
      throw FileError(.invalidData, in: forces.path, found: "no mode with W^2 > 0", allowed: "vibrations")
    }
    let free = modes.energies.count { $0 == 0 }
    if free > 0 {
      model.leftOut.append(
        "\(free) free motion\(free == 1 ? "" : "s") (W = 0), by bosons.project_out: they have no energy to tell")
    }
    if !modes.imaginary.isEmpty { model.leftOut.append(modes.imaginaryWords) }
    return model
  }

  private func understood(_ modes: ModeReading) -> [(what: String, value: String)] {
    var lines = [("atoms", "\(forces.count): \(Self.formula(forces.atoms))")]
    let (largest, violation) = (original.largest, original.sumRuleViolation)
    lines.append(("largest force constant", "\(Wording.digits(largest)) eV/angstrom^2"))
    lines.append(
      (
        "acoustic sum rule",
        isFree
          ? "violated by \(Wording.digits(violation)) eV/angstrom^2, "
            + "\(Wording.digits(100 * violation / largest)) % of the largest; restored"
          : "does not apply: other atoms are held fast"
      ))
    lines.append(("mode energies", modes.words))
    return lines
  }

  /// "C2 H4".
  static func formula(_ atoms: [Atom]) -> String {
    var counts: [(symbol: String, count: Int)] = []
    for atom in atoms {
      if let i = counts.firstIndex(where: { $0.symbol == atom.symbol }) {
        counts[i].count += 1
      } else {
        counts.append((atom.symbol, 1))
      }
    }
    return counts.map { $0.symbol + ($0.count > 1 ? "\($0.count)" : "") }.joined(separator: " ")
  }

  private func text(_ modes: ModeReading) -> String {
    let left = modes.energies.indices.filter { modes.energies[$0] <= 0 }
    let keys =
      (isFree && modes.count > 3 ? ["sum_rule: acoustic"] : []) + (left.isEmpty ? [] : ["project_out: \(left)"])
    let bosons = (["file: \(ImportedModel.dataFile)"] + keys).joined(separator: ", ")
    return Self.text(title: title, program: program, bosons: bosons)
  }

  /// A model of vibrations alone that asks for their energies; `bosons` are the keys of that section.
  static func text(title: String, program: String, bosons: String) -> String {
    """
    # Made by 'pairbath import' from files of \(program). Everything may be changed.
    title: \(ModelText.scalar(title))
    bosons: {\(bosons)}
    baths:
      surroundings: {kind: ohmic, friction: 0.1 meV}   # a weak coupling to whatever is around
    parameters: {T: 300 K}
    state: {temperature: T}
    compute:
      level: landauer
      observables: [renormalized_energy]               # the mode energies

    """
  }
}
