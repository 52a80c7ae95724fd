import DataFiles
import Foundation

/// Masses of atoms: from `--masses`, from the program, or the standard ones of the elements.
struct MassOption {
  private var bySymbol: [String: Double] = [:]
  private var byAtom: [Double]?

  /// `--masses`: "H=2.014,C=12.011", a mass for every atom "1.008,1.008", or a file with such words.
  init(_ request: ImportRequest, atoms: Int) throws(FileError) {
    guard var text = request.options[.masses] else { return }
    if FileManager.default.fileExists(atPath: text) { text = try TextFile.read(text, kind: "file of masses", hint: "") }
    let words = text.split { $0 == "," || $0.isWhitespace }
    var list: [Double] = []
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1)
      guard let last = parts.last, let mass = Double(last), mass > 0, mass < 1000 else {
        throw FileError(
          .outOfRange, in: ImportOption.masses.flag, found: "'\(word)'",
          allowed: "masses in amu: H=2.014,C=12.011, or one for every atom")
      }
      if parts.count == 2 { bySymbol[String(parts[0])] = mass } else { list.append(mass) }
    }
    guard list.isEmpty || (list.count == atoms && bySymbol.isEmpty) else {
      throw FileError(
        .outOfRange, in: ImportOption.masses.flag, found: "\(list.count) masses",
        allowed: "one for every atom, \(atoms), or H=2.014")
    }
    if !list.isEmpty { byAtom = list }
  }

  /// True where every mass is taken from the option.
  func covers(_ symbol: String) -> Bool { byAtom != nil || bySymbol[symbol] != nil }

  /// The mass of an atom, amu: of the option, or `given` by the program, or the element's. Throws `missingKey` for an element without one.
  func mass(_ atom: Int, symbol: String, given: Double?, path: String) throws(FileError) -> Double {
    if let byAtom { return byAtom[atom] }
    if let mass = bySymbol[symbol] { return mass }
    if let given, given > 0, given.isFinite { return given }
    guard let mass = AtomicMasses.number(of: symbol).flatMap(AtomicMasses.mass) else {
      throw FileError(
        .missingKey, in: path, found: "no mass of atom \(atom + 1), '\(symbol)'", allowed: "a mass for every atom",
        hint: "--masses \(symbol)=12.0")
    }
    return mass
  }
}
