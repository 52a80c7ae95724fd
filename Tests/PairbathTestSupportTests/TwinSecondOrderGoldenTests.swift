import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

/// Reference numbers of an independent program (Python, double precision), written once and not committed.
///
/// Tr[Sigma^< dG^> - Sigma^> dG^<] as it is written, summed by the trapezoidal rule over uniform energies (analytic integrands:
/// geometric convergence). Sharp: F(z) on a contour below the real axis, above the poles of the Fermi functions and the levels,
/// where nothing is singular: hyperbolic sine map for wide bands, half an ellipse between the band edges for chains. Landauer: the
/// integral over frequencies on a hyperbolic sine map for S^>, S^< and S^r alike. Two step sizes agreed to the digits given.
@Suite("Golden numbers of the complete second-order currents", .tags(.golden))
struct TwinSecondOrderGoldenTests {
  /// Inelastic current, correction, and the energies of both, of every electrode.
  private func compare(
    _ junction: Junction, _ point: OperatingPoint, _ level: TwinSecondOrder.Level, _ expected: [[Double]], tolerance: Double
  ) throws {
    let currents = try TwinSecondOrder(junction, at: point, level: level).currents()
    for (c, row) in zip(currents, expected) {
      let numbers = [c.inelastic, c.correction, c.inelasticEnergy, c.correctionEnergy]
      for (number, reference) in zip(numbers, row) {
        #expect(deviation(number.value, reference) < tolerance, "\(number) \(reference)")
        #expect(number.error < tolerance * abs(reference))
      }
    }
  }

  @Test("two levels with complex hopping, sharp mode")
  func twoLevels() throws {
    let point = OperatingPoint(chemicalPotentials: [0.6, -0.5], temperatures: [0.2, 0.3], bathTemperatures: [0.4])
    try compare(
      GoldenNumberTests.complexJunction(), point, .sharp,
      [
        [0.0211498100713228, -0.00660569292666, 0.00653651808730665, 0.000369298831503],
        [-0.0211498100713228, 0.00660569292666, 0.00927263731848194, -0.000369298831503],
      ], tolerance: 1e-10)
  }

  /// Two sites joined by a hopping, an electrode at each.
  private func sites(_ electrodes: [Electrode]) throws -> Junction {
    try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.2, 0.5], [0.5, -0.3]]), spinDegeneracy: 2), electrodes: electrodes,
      bosons: BosonSystem(modes: [1]), baths: [BosonBath("p", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0.2, 0.15], [0.15, -0.1]])]))
  }

  private let sitesPoint = OperatingPoint(chemicalPotentials: [0.5, -0.4], temperatures: [0.08, 0.06], bathTemperatures: [0.1])
  private let sitesCurrents = [
    [0.000717210276380638, -0.00183962030215, 0.000421094499103129, -9.249022156e-05],
    [-0.000717210276380621, 0.00183962030215, 0.000293060971542087, 9.249022156e-05],
  ]

  @Test("two sites between chains, sharp mode")
  func chains() throws {
    let ends = (0..<2).map {
      Electrode("\($0)", .chain(ChainLead(orbital: $0, energy: 0, hopping: 2, coupling: 0.9)))
    }
    try compare(sites(ends), sitesPoint, .sharp, sitesCurrents, tolerance: 1e-9)
  }

  @Test("the same chains as periodic leads, whose band edges nobody names")
  func periodicLeads() throws {
    let ends = (0..<2).map {
      Electrode(
        "\($0)",
        .periodic(
          PeriodicLead(
            orbitals: [$0], h00: Matrix(diagonal: [0]), h01: Matrix(diagonal: [2]), couplingHamiltonian: Matrix(diagonal: [0.9])
          )))
    }
    try compare(sites(ends), sitesPoint, .sharp, sitesCurrents, tolerance: 1e-7)
  }

  @Test("three levels, three electrodes, damped mode")
  func threeElectrodes() throws {
    let hamiltonian = Matrix([
      [Scalar(0.3, 0), Scalar(0.25, 0.1), .zero], [Scalar(0.25, -0.1), Scalar(-0.2, 0), Scalar(0, 0.3)],
      [.zero, Scalar(0, -0.3), Scalar(0.5, 0)],
    ])
    let coupling = Matrix([
      [Scalar(0.2, 0), Scalar(0.1, -0.1), .zero], [Scalar(0.1, 0.1), Scalar(-0.1, 0), Scalar(0.15, 0)],
      [.zero, Scalar(0.15, 0), Scalar(0.05, 0)],
    ])
    let junction = try Junction(
      conductor: Conductor(hamiltonian: hamiltonian, spinDegeneracy: 2),
      electrodes: [
        Electrode("A", .wideBand(broadening: Matrix(real: [[0.5, 0.1, 0], [0.1, 0.1, 0], [0, 0, 0]]))),
        .wideBand("B", orbitals: [2], broadening: 0.6), .wideBand("C", orbitals: [1], broadening: 0.4),
      ], bosons: BosonSystem(modes: [1.1]), baths: [BosonBath("p", .ohmic(friction: 0.3), coordinates: [0])],
      coupling: Coupling(.massWeighted, [coupling]))
    let point = OperatingPoint(
      chemicalPotentials: [0.6, -0.4, 0.1], temperatures: [0.2, 0.3, 0.25], bathTemperatures: [0.35])
    try compare(
      junction, point, .landauer,
      [
        [0.004993389812861, -0.004379363771465, 0.000810042602212, -0.000826226126923],
        [-0.003524012992405, 0.001421497466774, -0.000842848454611, 0.00012224304356],
        [-0.001469376820456, 0.002957866304691, -0.000408563465004, 0.000703983083363],
      ], tolerance: 1e-9)
  }
}
