import DenseMatrices
import JunctionModel

/// The junctions of the golden numbers, Tests/PairbathTestSupportTests/GoldenNumberTests.swift.
enum GoldenJunctions {
  static let hamiltonian = Matrix([[Scalar(0.3, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(-0.4, 0)]])
  static let left = Matrix([[Scalar(0.4, 0), Scalar(0.1, 0.05)], [Scalar(0.1, -0.05), Scalar(0.1, 0)]])
  static let right = Matrix([[Scalar(0.05, 0), Scalar(0, 0.02)], [Scalar(0, -0.02), Scalar(0.6, 0)]])
  static let coupling = Matrix([[Scalar(0.1, 0), Scalar(0.3, 0.2)], [Scalar(0.3, -0.2), Scalar(-0.2, 0)]])

  /// Two orbitals with complex H, Gamma and (mass-weighted) M, one mode of energy 1.
  static func complexJunction() throws -> Junction {
    try Junction(
      conductor: Conductor(hamiltonian: hamiltonian),
      electrodes: [Electrode("L", .wideBand(broadening: left)), Electrode("R", .wideBand(broadening: right))],
      bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [coupling]))
  }

  /// E: three electrodes, overlap, two modes, spin.
  static func threeTerminals() throws -> Junction {
    let overlap = Matrix([[Scalar(1, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(1.1, 0)]])
    let second = Matrix([[Scalar(0.2, 0), Scalar(0, 0.1)], [Scalar(0, -0.1), Scalar(0, 0)]])
    return try Junction(
      conductor: Conductor(hamiltonian: hamiltonian, overlap: overlap, spinDegeneracy: 2),
      electrodes: [
        Electrode("L", .wideBand(broadening: left)), Electrode("R", .wideBand(broadening: right)),
        Electrode("C", .wideBand(broadening: Matrix(diagonal: [0.02, 0.01]))),
      ], bosons: BosonSystem(modes: [1, 0.6]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0, 1])],
      coupling: Coupling(.massWeighted, [coupling, second]))
  }

  /// G: a chain with its band edges inside the window and a level outside its band.
  static func chainElectrode() throws -> Junction {
    try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[1.2, 0.3], [0.3, -0.2]])),
      electrodes: [
        Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: 0.5, coupling: 0.4))),
        .wideBand("R", orbitals: [1], broadening: 0.3),
      ], bosons: BosonSystem(modes: [0.7]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0, 0.5], [0.5, 0.1]])]))
  }
}
