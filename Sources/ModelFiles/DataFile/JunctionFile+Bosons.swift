import DataFiles
import DenseMatrices
import JunctionModel

/// Modes, dynamical matrices and boson baths.
extension JunctionFile {
  /// True when the file holds a dynamical matrix and no mode energies.
  package var describesBosonsByMatrix: Bool { !file.hasVariable("mode_energy") && file.hasVariable("dynamical_matrix") }

  /// Mode energies W_k, eV.
  package func modeEnergies() throws(FileError) -> [Double] { try array("mode_energy", .energy, rank: 1).values }

  /// K, shape (coordinates, coordinates), mass-weighted, eV^2.
  package func dynamicalMatrix() throws(FileError) -> Matrix { try square("dynamical_matrix", .energySquared) }

  /// Masses of the coordinates or atoms, in any unit.
  package func masses() throws(FileError) -> [Double] { try array("masses", .plain, rank: 1).values }

  /// The error of the first block of a periodic bath that is not there.
  func missingBlock(ofBath bath: String) throws(FileError) -> FileError {
    for part in ["K00", "K01"] where !has("bath_\(bath)_\(part)") {
      return try file.missing("bath_\(bath)_\(part)")
    }
    return wrongShape("bath_\(bath)_K00", found: "nothing", allowed: "matrices")
  }

  /// Pi(w) of a bath on the grid `bath_<name>_frequency`, or else `frequency`, eV^2 on eV.
  ///
  /// Without `bath_<name>_self_energy_real` the values are Im Pi, real matrices, and `isImaginaryPart` is true.
  package func selfEnergy(
    ofBath bath: String
  ) throws(FileError) -> (frequencies: [Double], values: [Matrix], isImaginaryPart: Bool) {
    let own = "bath_\(bath)_frequency"
    let grid = try array(file.hasVariable(own) ? own : "frequency", .energy, rank: 1).values
    let name = "bath_\(bath)_self_energy"
    let isWhole = has(name)
    let values = try stack(isWhole ? name : name + "_imag", .energySquared)
    guard values.count == grid.count else {
      throw wrongShape(name, found: "\(values.count) matrices", allowed: "one per frequency, \(grid.count)")
    }
    return (grid, values, !isWhole)
  }
}
