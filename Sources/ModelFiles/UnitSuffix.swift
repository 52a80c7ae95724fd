import JunctionModel

/// A unit a user may write behind a number, in units eV.
struct UnitSuffix: Sendable, Equatable {
  /// Factor to eV, K, nm or eV^2.
  let factor: Double
  let dimension: Dimension

  /// The unit of a name, or nil for an unknown one.
  static func named(_ name: String) -> UnitSuffix? {
    guard !name.isEmpty else { return nil }
    if let factor = temperatureFactors[name] { return UnitSuffix(factor: factor, dimension: .temperature) }
    if let factor = lengthFactors[name] { return UnitSuffix(factor: factor, dimension: .length) }
    if let factor = energyFactor(of: name) { return UnitSuffix(factor: factor, dimension: .energy) }
    return ForceConstantUnit.factor(of: name).map { UnitSuffix(factor: $0, dimension: .energySquared) }
  }

  /// The words an error message lists.
  static let names = [
    "eV", "meV", "ueV", "neV", "keV", "V", "mV", "uV", "K", "mK", "Ha", "mHa", "Ry", "mRy", "kJ/mol", "kcal/mol", "cm-1", "THz",
    "GHz", "MHz", "rad/s", "J", "nm", "um", "mm", "m", "pm", "angstrom", "eV2", "cm-2", "eV/angstrom^2/amu",
  ]

  /// Units with other characters than letters, the longer of two that begin alike first: arithmetic reads them as one word.
  static let compound = ["kJ/mol", "kcal/mol", "cm^-1", "cm-1", "rad/s"]

  /// 1 hartree in eV (CODATA 2018).
  static let hartree = 27.211386245988

  /// h c in eV nm: the energy of a photon times its wavelength in vacuum.
  static let energyTimesWavelength = perHertz * PhysicalConstants.speedOfLight * 1e9

  private static let temperatureFactors = ["K": 1.0, "mK": 1e-3, "kelvin": 1]

  private static let lengthFactors = [
    "nm": 1.0, "um": 1e3, "\u{b5}m": 1e3, "\u{3bc}m": 1e3, "micron": 1e3, "mm": 1e6, "cm": 1e7, "m": 1e9, "pm": 1e-3,
    "angstrom": 0.1, "Angstrom": 0.1, "\u{c5}": 0.1,
  ]

  private static let perHertz = PhysicalConstants.planck / PhysicalConstants.elementaryCharge

  /// Energies in eV; a voltage stands for e times the voltage, a frequency for h, a wave number for hc times it.
  private static func energyFactor(of name: String) -> Double? {
    let perJoule = 1 / PhysicalConstants.elementaryCharge
    switch name {
    case "eV", "V": return 1
    case "meV", "mV": return 1e-3
    case "ueV", "uV", "\u{b5}eV", "\u{3bc}eV", "\u{b5}V", "\u{3bc}V": return 1e-6
    case "neV", "nV": return 1e-9
    case "keV", "kV": return 1e3
    case "J": return perJoule
    case "aJ": return 1e-18 * perJoule
    case "zJ": return 1e-21 * perJoule
    case "Ha", "hartree", "Hartree": return hartree
    case "mHa": return hartree * 1e-3
    case "Ry", "rydberg", "Rydberg": return hartree / 2
    case "mRy": return hartree / 2 * 1e-3
    case "kJ/mol": return 1e3 / PhysicalConstants.avogadro * perJoule
    case "kcal/mol": return 4184 / PhysicalConstants.avogadro * perJoule
    case "cm-1", "cm^-1": return perHertz * PhysicalConstants.speedOfLight * 100
    case "Hz": return perHertz
    case "MHz": return perHertz * 1e6
    case "GHz": return perHertz * 1e9
    case "THz": return perHertz * 1e12
    case "PHz": return perHertz * 1e15
    case "rad/s": return perHertz / (2 * Double.pi)
    default: return nil
    }
  }
}

/// Units of springs: squares of energies, and force constants over masses.
enum ForceConstantUnit {
  /// What an error message says is allowed.
  static let words =
    "the square of an energy unit (eV2, cm-2, THz2), or a force constant over a mass (eV/angstrom^2/amu, Ry/bohr^2/amu)"

  /// Factor to eV^2, times hbar^2 where it is a force constant over a mass; nil for other names.
  static func factor(of name: String) -> Double? {
    // As in eV/(angstrom^2 amu), eV/angstrom**2/amu, eV/angstrom^2*amu^-1 is none.
    var plain = name.replacing("**", with: "^").filter { $0 != "(" && $0 != ")" }
    for product in ["*", "\u{b7}", " "] { plain = plain.replacing(product, with: "/") }
    let parts = plain.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: return squareFactor(plain)
    case 3: return springFactor(parts[0], parts[1], parts[2])
    default: return nil
    }
  }

  /// `meV2`, `meV^2`, `cm-2`.
  private static func squareFactor(_ name: String) -> Double? {
    if ["cm-2", "cm^-2"].contains(name) { return UnitSuffix.named("cm-1").map { $0.factor * $0.factor } }
    guard let base = base(of: name), let unit = UnitSuffix.named(base), unit.dimension == .energy else { return nil }
    return unit.factor * unit.factor
  }

  /// Energy over length squared, or force over length, over mass.
  private static func springFactor(_ numerator: String, _ length: String, _ mass: String) -> Double? {
    guard let mass = masses[mass] else { return nil }
    let perArea: Double
    if let metres = base(of: length).flatMap({ lengths[$0] }), let energy = UnitSuffix.named(numerator),
      energy.dimension == .energy
    {
      perArea = energy.factor * PhysicalConstants.elementaryCharge / (metres * metres)
    } else if let newtons = ["N": 1.0, "mN": 1e-3, "mdyn": 1e-8][numerator],
      let metres = length == "m" ? 1 : lengths[length]
    {
      perArea = newtons / metres
    } else {
      return nil
    }
    let hbar = PhysicalConstants.reducedPlanck / PhysicalConstants.elementaryCharge
    return hbar * hbar * perArea / mass
  }

  private static func base(of name: String) -> String? {
    ["^2", "2", "\u{b2}"].first { name.hasSuffix($0) }.map { String(name.dropLast($0.count)) }
  }

  /// Metres.
  private static let lengths = [
    "angstrom": 1e-10, "Angstrom": 1e-10, "ang": 1e-10, "Ang": 1e-10, "A": 1e-10, "\u{c5}": 1e-10,
    "bohr": PhysicalConstants.bohr, "Bohr": PhysicalConstants.bohr, "a0": PhysicalConstants.bohr, "nm": 1e-9,
  ]

  /// Kilograms.
  private static let masses = [
    "amu": PhysicalConstants.atomicMass, "u": PhysicalConstants.atomicMass, "Da": PhysicalConstants.atomicMass,
    "kg": 1, "me": PhysicalConstants.electronMass,
  ]
}
