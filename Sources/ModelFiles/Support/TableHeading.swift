import DataFiles

/// What the heading of a table says about its columns.
struct TableHeading {
  /// The unit of the first column; nil when the heading does not say.
  let unit: UnitSuffix?
  /// True for wavelengths without a unit.
  let lacksUnit: Bool
  /// What the first of the other columns is; nil when the heading does not say.
  let column: Column?

  /// Kinds of columns.
  enum Column { case n, k, real, imaginary }

  init(_ words: [String]) {
    let first = words.first ?? ""
    column = words.count > 1 ? Self.column(words[1]) : nil
    let named = Self.unit(in: first)
    guard Self.isGrid(first) else {
      (unit, lacksUnit) = (nil, false)
      return
    }
    let name = Self.name(first)
    if let named {
      (unit, lacksUnit) = (named, false)
    } else if name == "wl" {
      (unit, lacksUnit) = (UnitSuffix.named("um"), false)  // refractiveindex.info
    } else if Self.wavelengths.contains(name) {
      (unit, lacksUnit) = (nil, true)
    } else if Self.wavenumbers.contains(name) {
      (unit, lacksUnit) = (UnitSuffix.named("cm-1"), false)
    } else {
      (unit, lacksUnit) = (nil, false)
    }
  }

  /// True for a word that names photon energies, wavelengths, wave numbers or frequencies.
  static func isGrid(_ word: String) -> Bool {
    let name = name(word)
    return wavelengths.contains(name) || wavenumbers.contains(name) || energies.contains(name)
  }

  private static let wavelengths: Set = ["wl", "wavelength", "wavelengths", "lambda", "\u{3bb}"]
  private static let wavenumbers: Set = ["wavenumber", "wavenumbers"]
  private static let energies: Set = [
    "energy", "photonenergy", "photon", "e", "ev", "hw", "frequency", "omega", "w", "f", "freq",
  ]

  private static func column(_ word: String) -> Column? {
    switch name(word) {
    case "n": return .n
    case "k", "kappa": return .k
    case "eps1", "epsilon1", "e1", "re", "real", "epsr", "eps", "epsilon", "permittivity", "reeps", "epsreal": return .real
    case "eps2", "epsilon2", "e2", "im", "imag", "imaginary", "epsi", "imeps", "epsimag": return .imaginary
    default: return nil
    }
  }

  /// The name without its unit, letters and digits only.
  private static func name(_ word: String) -> String {
    let bare = word.prefix { !"([/".contains($0) }
    let parts = bare.split(separator: "_")
    let kept = parts.count > 1 && UnitSuffix.named(String(parts[parts.count - 1])) != nil ? parts.dropLast() : parts[...]
    return kept.joined().filter { $0.isLetter || $0.isNumber }.lowercased()
  }

  /// The unit in brackets or behind a slash or underscore: "Wavelength (nm)", "lambda/um", "energy_eV"; or the word itself, "eV".
  private static func unit(in word: String) -> UnitSuffix? {
    let pieces = word.split { "()[]/_, ".contains($0) }.map(String.init)
    let found =
      pieces.dropFirst().compactMap { UnitSuffix.named($0) }.first ?? (pieces.first == "eV" ? UnitSuffix.named("eV") : nil)
    return found.flatMap { [.energy, .length].contains($0.dimension) ? $0 : nil }
  }
}
