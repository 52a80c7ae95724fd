import JunctionModel

/// How numbers of one unit become numbers of another that somebody asked for.
struct UnitConversion: Equatable {
  let factor: Double
  /// The new unit in UDUNITS spelling.
  let unit: String

  /// Powers of ten with a letter.
  static let prefixes: [(exponent: Int, symbol: String)] = [
    (-18, "a"), (-15, "f"), (-12, "p"), (-9, "n"), (-6, "μ"), (-3, "m"), (0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T"),
  ]

  /// The unit of conductances in results, and the quantum in which they are shown.
  static let conductance = "A V-1"
  static let quantum = "G0"
  /// 2e^2/h in siemens.
  static let conductanceQuantum =
    2 * PhysicalConstants.elementaryCharge * PhysicalConstants.elementaryCharge / PhysicalConstants.planck

  /// Other units for the numbers in a unit, and how many of them make one of it.
  private static let others: [String: [(unit: String, factor: Double)]] = [
    conductance: [("S", 1), (quantum, 1 / conductanceQuantum)],
    "eV": [
      ("cm-1", PhysicalConstants.elementaryCharge / (PhysicalConstants.planck * 29_979_245_800)),
      ("Hz", PhysicalConstants.elementaryCharge / PhysicalConstants.planck),
      ("J", PhysicalConstants.elementaryCharge),
    ],
    "W": [("eV/s", 1 / PhysicalConstants.elementaryCharge)],
    "s-1": [("Hz", 1)],
    "A": [("e/s", 1 / PhysicalConstants.elementaryCharge)],
    "nm": [("m", 1e-9)],
  ]

  /// Units that take no prefix of ours.
  private static let unprefixed = [quantum, "cm-1", "nm", "1"]

  private static func isNatural(_ unit: String) -> Bool {
    unit.contains(UnitSystem.natural.label(of: .energy)) || unit.contains("hbar")
  }

  /// Nil where the units do not belong together.
  init?(from unit: String, to wanted: String) {
    let asked = wanted.replacing("µ", with: "μ")
    let known = [(unit: unit, factor: 1.0)] + (Self.others[unit] ?? [])
    for candidate in known {
      if asked == candidate.unit {
        (factor, self.unit) = (candidate.factor, candidate.unit)
        return
      }
      guard !Self.unprefixed.contains(candidate.unit), !candidate.unit.isEmpty, !Self.isNatural(candidate.unit) else {
        continue
      }
      let spellings = Self.prefixes.map { ($0.exponent, $0.symbol) } + [(-6, "u")]
      for (exponent, symbol) in spellings where asked == symbol + candidate.unit {
        factor = candidate.factor * UnitLabel.power(-exponent)
        self.unit = (symbol == "u" ? "μ" : symbol) + candidate.unit
        return
      }
    }
    return nil
  }

  /// What may be asked for, in words.
  static func allowed(from unit: String) -> String {
    let known = [unit] + (others[unit] ?? []).map(\.unit)
    guard unit != "1", !unit.isEmpty, !isNatural(unit) else {
      return "no other unit" + (isNatural(unit) ? ", because the model is in natural ones" : "")
    }
    return known.joined(separator: ", ") + " with or without a prefix such as m, u, n"
  }
}
