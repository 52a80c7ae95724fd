import DataFiles
import JunctionModel
import TransportResults

/// Atoms and their vibrations from a data file: position (atom, xyz), atom_symbol (atom), mode_energy (mode), mode_vector
/// (mode, atom or moving_atom, xyz), moving_atom, and mass, with which mass-weighted vectors become displacements.
struct VibratingStructure {
  let symbols: [String]
  /// Angstrom, [atom * 3 + axis].
  let positions: [Double]
  /// eV.
  let energies: [Double]
  /// Displacements of every mode, the longest 1: [mode][atom * 3 + axis].
  let displacements: [[Double]]

  init(_ path: String) throws(FileError) {
    let file = try NetCDFFile(reading: path)
    let (coordinates, shape) = { ($0.values, $0.shape) }(try file.doubles("position"))
    guard shape.count == 2, shape[1] == 3, shape[0] > 0, coordinates.allSatisfy(\.isFinite) else {
      throw FileError(
        .invalidData, in: path, at: ["position"], found: "shape \(shape)", allowed: "finite numbers of shape (atom, 3)")
    }
    let atoms = shape[0]
    let unit = try file.text(attribute: "units", of: "position") ?? "angstrom"
    let bohr = PhysicalConstants.bohr * 1e10
    guard let factor = ["angstrom": 1.0, "ang": 1, "bohr": bohr, "nm": 10, "a0": bohr][unit.lowercased()]
    else {
      throw FileError(.invalidData, in: path, at: ["position", "units"], found: "'\(unit)'", allowed: "angstrom, bohr or nm")
    }
    positions = coordinates.map { factor * $0 }
    symbols = try file.strings("atom_symbol")
    guard symbols.count == atoms,
      symbols.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
    else {
      throw FileError(
        .invalidData, in: path, at: ["atom_symbol"], found: "\(symbols.count) names",
        allowed: "\(atoms) symbols of letters and digits")
    }
    energies = try file.doubles("mode_energy").values
    displacements = try Self.displacements(file, atoms: atoms, modes: energies.count)
  }

  private static func displacements(_ file: NetCDFFile, atoms: Int, modes: Int) throws(FileError) -> [[Double]] {
    let (vectors, shape) = { ($0.values, $0.shape) }(try file.doubles("mode_vector"))
    let moving = file.hasVariable("moving_atom") ? try file.doubles("moving_atom").values : (0..<atoms).map(Double.init)
    let places = moving.map { Int(exactly: $0) ?? -1 }
    guard shape.count == 3, shape[0] == modes, shape[1] == places.count, shape[2] == 3, vectors.allSatisfy(\.isFinite) else {
      throw FileError(
        .invalidData, in: file.path, at: ["mode_vector"], found: "shape \(shape)",
        allowed: "finite numbers of shape (\(modes), \(places.count), 3): modes, moving atoms, directions")
    }
    guard places.allSatisfy({ (0..<atoms).contains($0) }), Set(places).count == places.count else {
      throw FileError(
        .invalidData, in: file.path, at: ["moving_atom"], found: "\(moving)", allowed: "different atoms, 0 to \(atoms - 1)")
    }
    let name = file.hasVariable("mass") ? "mass" : "masses"
    let masses = file.hasVariable(name) ? try file.doubles(name).values : [Double](repeating: 1, count: atoms)
    guard masses.count == atoms, masses.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw FileError(.invalidData, in: file.path, at: [name], found: "\(masses.count) masses", allowed: "\(atoms) above zero")
    }
    return (0..<modes).map { mode in
      var displacement = [Double](repeating: 0, count: 3 * atoms)
      var longest = 0.0
      for (m, atom) in places.enumerated() {
        let (first, scale) = ((mode * places.count + m) * 3, 1 / masses[atom].squareRoot())
        for axis in 0..<3 { displacement[3 * atom + axis] = scale * vectors[first + axis] }
        longest = max(longest, (0..<3).reduce(0) { $0 + displacement[3 * atom + $1] * displacement[3 * atom + $1] }.squareRoot())
      }
      return longest > 0 ? displacement.map { $0 / longest } : displacement
    }
  }

  /// The mode of the file that has an energy of a result; nil where none is within a millionth.
  func mode(ofEnergy energy: Double) -> Int? {
    guard let nearest = energies.indices.min(by: { abs(energies[$0] - energy) < abs(energies[$1] - energy) }) else { return nil }
    return abs(energies[nearest] - energy) <= 1e-6 * abs(energy) ? nearest : nil
  }

  /// The modes of a result's state: number in the file, and words about energy and population.
  func frames(_ result: TransportResult) throws(FileError) -> [(mode: Int, words: String)] {
    let population = result.variable("mode_population")
    let states = result.stateCount
    guard population == nil || states == 1 else {
      throw FileError(
        .outOfRange, in: "RESULT", found: "populations of \(states) states", allowed: "those of one",
        hint: "choose one with --at NAME=VALUE")
    }
    let known = result.modeEnergies.isEmpty ? energies : result.modeEnergies
    var frames: [(mode: Int, words: String)] = []
    for (k, energy) in known.enumerated() {
      guard let mode = mode(ofEnergy: energy) else {
        throw FileError(
          .invalidData, in: "--structure", at: ["mode_energy"],
          found: "no mode of \(energy), the energy of mode \(k) of the result",
          allowed: "the data file the result was made from, in eV")
      }
      let n = population.map { " population=\($0.values[k])" } ?? ""
      frames.append((mode, "mode=\(k) energy_eV=\(energy)\(n)"))
    }
    return frames
  }
}
