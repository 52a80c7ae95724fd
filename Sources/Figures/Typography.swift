import JunctionModel
import SystemFiles
import TransportResults

/// Names as gnuplot's enhanced text: italic symbols, subscripts, Greek.
enum Typography {
  /// The symbol of a known variable; nil for others.
  static func symbol(ofVariable name: String) -> String? { symbols[name] }

  private static let symbols: [String: String] = [
    "energy_current": italic("J"), "energy_current_channel": italic("J"), "bath_energy_current": italic("J"),
    "charge_current": italic("I"), "charge_current_elastic": italic("I") + "_{el}",
    "charge_current_inelastic": italic("I") + "_{inel}", "charge_current_correction": italic("I") + "_{corr}",
    "electrode_heat_current": italic("Q"), "electrode_heat_current_elastic": italic("Q") + "_{el}",
    "electrode_heat_current_inelastic": italic("Q") + "_{inel}",
    "entropy_production": "d" + italic("S") + "/d" + italic("t"), "mode_population": italic("N"),
    "effective_temperature": italic("T") + "_{eff}", "effective_chemical_potential": italic("μ") + "_{eff}",
    "emission": italic("E"), "absorption": italic("B"), "pair_density": "Λ", "mode_pair_density": "Λ",
    "power_spectrum": italic("P"), "transmission": italic("τ"), "chemical_potential": italic("μ"),
    "temperature": italic("T"), "bath_temperature": italic("T"), "frequency": italic("ħω"), "energy": italic("E"),
    "mode": italic("ħω"), "bath_particle_current": italic("I"), "reservoir_energy_current": italic("J"),
    "thermal_conductance": italic("κ"), "phonon_transmission": italic("τ"), "renormalized_energy": italic("ħω"),
    "machine_performance": "η", "machine_bound": "η_{max}", "boson_engine_efficiency": "η", "boson_engine_carnot": "η_{C}",
    "machine_power": italic("P"),
    "damping_rate": italic("γ"), "quality_factor": italic("Q"), "mode_population_matrix": italic("N"),
    "charge_noise": italic("S"), "heat_noise": italic("S"), "charge_cumulants": italic("C"), "heat_cumulants": italic("C"),
    "fano_factor": italic("F"), "quanta_distribution": italic("P"), "quanta": italic("n"),
    "energy_flux": italic("q"), "energy_flux_part": italic("q"), "energy_flux_spectrum": italic("q_{ω}"),
    "energy_flux_part_spectrum": italic("q_{ω}"), "photocurrent": italic("j"), "electrical_power": italic("P"),
    "heat_flux": italic("Q"), "efficiency": "η", "heat_transfer_coefficient": italic("h"), "emissivity": "ε",
    "energy_current_spectrum": "d" + italic("J") + "/dħ" + italic("ω"),
    "bath_energy_current_spectrum": "d" + italic("J") + "/dħ" + italic("ω"),
    "photon_chemical_potential": italic("μ") + "_{p}", "photon_yield": italic("Y"),
  ]

  private static let titles: [String: String] = [
    "energy_current": "Energy current", "energy_current_channel": "Energy current", "bath_energy_current": "Energy current",
    "charge_current": "Current", "charge_current_elastic": "Elastic current", "charge_current_inelastic": "Inelastic current",
    "charge_current_correction": "Elastic correction", "electrode_heat_current": "Heat current",
    "electrode_heat_current_elastic": "Elastic heat current", "electrode_heat_current_inelastic": "Inelastic heat current",
    "entropy_production": "Entropy production", "mode_population": "Mode population",
    "effective_temperature": "Effective temperature", "effective_chemical_potential": "Chemical potential",
    "emission": "Emission", "absorption": "Absorption", "pair_density": "Pair density", "mode_pair_density": "Pair density",
    "power_spectrum": "Power spectrum", "transmission": "Transmission", "chemical_potential": "Chemical potential",
    "temperature": "Temperature", "bath_temperature": "Temperature", "bath_particle_current": "Boson current",
    "reservoir_energy_current": "Energy current", "thermal_conductance": "Thermal conductance",
    "phonon_transmission": "Phonon transmission", "renormalized_energy": "Mode energy", "damping_rate": "Damping rate",
    "machine": "Machine", "machine_power": "Electrical power", "machine_performance": "Performance",
    "machine_bound": "Bound of the second law", "machine_bound_ratio": "Share of the bound",
    "boson_engine_efficiency": "Efficiency", "boson_engine_carnot": "Carnot efficiency",
    "boson_engine_chemical_share": "Chemical share", "energy_current_rectification": "Rectification",
    "quality_factor": "Quality factor", "mode_population_matrix": "Population matrix", "friction": "Friction",
    "nonconservative_force": "Nonconservative force", "berry_force": "Berry force", "renormalization": "Renormalization",
    "charge_noise": "Charge noise", "heat_noise": "Heat noise", "charge_cumulants": "Cumulants of the charge",
    "heat_cumulants": "Cumulants of the heat", "fano_factor": "Fano factor", "quanta_distribution": "Probability",
    "energy_flux": "Energy flux", "energy_flux_part": "Energy flux", "energy_flux_spectrum": "Spectral energy flux",
    "energy_flux_part_spectrum": "Spectral energy flux", "photon_flux": "Photon flux", "photocurrent": "Photocurrent",
    "electrical_power": "Electrical power", "heat_flux": "Heat flux", "efficiency": "Efficiency",
    "heat_transfer_coefficient": "Heat transfer coefficient", "emissivity": "Emissivity",
    "energy_current_spectrum": "Power spectrum", "bath_energy_current_spectrum": "Power spectrum",
    "emission_spectrum": "Emission", "bath_emission_spectrum": "Emission", "bath_absorption_spectrum": "Absorption",
    "photon_rate": "Emission rate", "photon_yield": "Quanta per electron",
    "photon_chemical_potential": "Chemical potential",
  ]

  /// What the variable is, capitalised and short; unknown ones by their long name up to a comma or bracket.
  static func title(of variable: ResultVariable) -> String {
    if let known = titles[variable.name] { return known }
    let words = variable.longName.isEmpty ? variable.name.replacing("_", with: " ") : variable.longName
    let short = words.prefix { !",;:([".contains($0) }
    let clean = escaped(String(short).trimmed)
    return clean.prefix(1).uppercased() + clean.dropFirst()
  }

  /// A sweep variable's name: T_ph to an italic T with subscript ph, dT to a difference, mu to the Greek letter.
  static func axisSymbol(_ name: String) -> String {
    let parts = name.split(separator: "_", maxSplits: 1).map(String.init)
    guard let head = parts.first else { return escaped(name) }
    let difference = ["delta", "d"].first { head.hasPrefix($0) && isSymbol(String(head.dropFirst($0.count))) }
    let core = difference.map { String(head.dropFirst($0.count)) } ?? head
    guard isSymbol(core) else { return escaped(name.replacing("_", with: " ")) }
    let letters = core.prefix { !$0.isNumber }
    let digits = core.dropFirst(letters.count)
    let base = italic(greek[String(letters)] ?? String(letters))
    let below = [String(digits), parts.count > 1 ? escaped(parts[1].replacing("_", with: ",")) : ""]
    let subscriptText = below.filter { !$0.isEmpty }.joined(separator: ",")
    return (difference == nil ? "" : "Δ") + base + (subscriptText.isEmpty ? "" : "_{\(subscriptText)}")
  }

  /// The unit of a sweep variable as far as its name tells; nil when it does not.
  static func axisUnit(_ name: String, units: UnitSystem) -> String? {
    guard units == .electronVolt else { return nil }
    if name == "frequency" || name == "energy" || name == "mode" { return units.label(of: .energy) }
    let head = String(name.split(separator: "_").first ?? "")
    switch head.hasPrefix("d") ? String(head.dropFirst()) : head.replacing("delta", with: "") {
    case "T", "temperature": return units.label(of: .temperature)
    case "V", "bias", "U": return "V"
    case "mu", "e", "epsilon", "eps": return units.label(of: .energy)
    default: return nil
    }
  }

  /// "L>R" to an arrow, everything else escaped.
  static func label(_ text: String) -> String { escaped(text).replacing(">", with: "→") }

  /// Most bytes of one foreign text: gnuplot keeps enhanced text in buffers of 1024 bytes.
  static let longestText = 400

  /// Foreign text to be shown as it is: one printable line, with what enhanced text would interpret protected.
  static func escaped(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in PrintableText.line(text, limit: longestText).unicodeScalars {
      switch scalar {
      case "{", "}", "^", "_", "@", "&", "~", "\\":
        out.append("\\")
        out.append(scalar)
      case "-": out.append("\u{2010}")
      default: out.append(scalar)
      }
    }
    return String(out)
  }

  /// Enhanced text as a gnuplot string. In single quotes gnuplot substitutes no backslash, backtick or macro.
  ///
  /// The quote itself is written as enhanced text writes it, by its number: gnuplot ends a string too early at a doubled quote that
  /// comes first or next to another, and what follows would be a command.
  static func quoted(_ text: String) -> String {
    let bytes = PrintableText.line(text).utf8.flatMap { $0 == UInt8(ascii: "'") ? Array("\\047".utf8) : [$0] }
    return "'" + String(decoding: bytes, as: UTF8.self) + "'"
  }

  /// The name of a file as a gnuplot string: in double quotes, where every byte but letters, digits and the plainest signs is a number.
  static func fileName(_ path: String) -> String {
    let bytes = path.utf8.flatMap { byte -> [UInt8] in
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || "._-/ ".utf8.contains(byte)
      let octal = String(byte, radix: 8)
      return isPlain || byte >= 0x80 ? [byte] : Array("\\\(String(repeating: "0", count: 3 - octal.count))\(octal)".utf8)
    }
    return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
  }

  /// Rough width of enhanced text in ems of the font: markup does not count, subscripts count less.
  static func width(_ text: String) -> Double {
    let plain = text.replacing("{/:Italic ", with: "").replacing("\\047", with: "'")
    return 0.54 * Double(plain.count { !"{}_\\".contains($0) })
  }

  static func italic(_ text: String) -> String { "{/:Italic \(text)}" }

  /// One letter or the name of a Greek one, then decimal digits.
  private static func isSymbol(_ text: String) -> Bool {
    let letters = text.prefix { !$0.isNumber }
    let isLetter = letters.unicodeScalars.count == 1 && letters.unicodeScalars.allSatisfy(\.properties.isAlphabetic)
    let digits = text.dropFirst(letters.count).utf8
    return (isLetter || greek[String(letters)] != nil) && digits.count < 10 && digits.allSatisfy { (48...57).contains($0) }
  }

  private static let greek: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "Gamma": "Γ", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "eps": "ε",
    "eta": "η", "theta": "θ", "kappa": "κ", "lambda": "λ", "Lambda": "Λ", "mu": "μ", "nu": "ν", "xi": "ξ", "rho": "ρ",
    "sigma": "σ", "Sigma": "Σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Omega": "Ω",
  ]
}

extension String {
  /// Without leading and trailing blanks.
  var trimmed: String {
    var view = self[...]
    while view.first?.isWhitespace == true { view.removeFirst() }
    while view.last?.isWhitespace == true { view.removeLast() }
    return String(view)
  }
}
