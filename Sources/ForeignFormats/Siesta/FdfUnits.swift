/// Units of fdf files, and of the numbers in SIESTA's own files. Those of CODATA 2018, which SIESTA has used since version 5; before it used
/// 13.60580 eV for a rydberg and 0.529177 angstrom for a bohr.
enum FdfUnits {
  /// eV.
  static let rydberg = 13.605693122994
  /// Angstrom.
  static let bohr = 0.529177210903
  /// eV/K.
  static let boltzmann = 8.617333262e-5

  static let words = "eV, meV, Ry, mRy, Ha, K, J, kJ/mol, kcal/mol, cm-1"

  /// Factor to eV, whatever the case; nil for an unknown unit.
  static func energy(_ unit: String) -> Double? {
    switch unit.lowercased() {
    case "ev", "v": 1
    case "mev", "mv": 1e-3
    case "ry", "rydberg": rydberg
    case "mry": rydberg * 1e-3
    case "ha", "hartree": 2 * rydberg
    case "mha": 2 * rydberg * 1e-3
    case "k", "kelvin": boltzmann
    case "j": 1 / 1.602176634e-19
    case "kj/mol": 1.0364269656e-2
    case "kcal/mol": 4.3364104242e-2
    case "cm-1", "cm^-1": 1.239841984e-4
    default: nil
    }
  }
}
