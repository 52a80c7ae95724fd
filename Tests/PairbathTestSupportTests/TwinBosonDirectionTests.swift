import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

/// Which of several boson baths takes up what electrons emit when E has an imaginary part (a current that emits running
/// waves), to second order in the coupling.
@Suite("Twin of general bosons: direction of emission")
struct TwinBosonDirectionTests {
  /// Two coupled coordinates, each with a bath of its own; M^1, M^2 out of phase by a quarter period.
  private func junction(_ coupling: Double) throws -> Junction {
    try Junction(
      conductor: Conductor(
        hamiltonian: Matrix([[Scalar(0.5, 0), Scalar(0.2, 0.3)], [Scalar(0.2, -0.3), Scalar(-0.5, 0)]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[1, 0.3], [0.3, 1.3]])),
      baths: [
        BosonBath("p", .ohmic(friction: 0.3), coordinates: [0]),
        BosonBath("q", .drude(friction: 0.2, cutoff: 3), coordinates: [1]),
      ],
      coupling: Coupling(
        .massWeighted,
        [
          coupling * Matrix(real: [[0, 1], [1, 0]]),
          coupling * Matrix([[.one, Scalar(0, 1)], [Scalar(0, -1), .zero]]),
        ]))
  }

  @Test("baths at T = 0 take up Tr[Gamma_p D E D^+], each its own part", .tags(.limit))
  func cold() throws {
    let point = OperatingPoint(chemicalPotentials: [0.6, -0.6], temperatures: [0.4, 0.4], bathTemperatures: [0, 0])
    let dressed = try TwinBosons(try junction(1e-3), at: point, level: .dressed, tolerance: 1e-9)
    let undressed = try TwinBosons(try junction(1e-3), at: point, level: .landauer, tolerance: 1e-9)
    var largest = 0.0
    for w in [0.4, 0.9, 1.3] {
      let exact = try dressed.spectra(frequency: w)
      let lowest = try undressed.spectra(frequency: w)
      let emission = lowest.pairs.reduce(Matrix(rows: 2, columns: 2)) { $0 + $1.emission }
      let arriving = Matrix.product(lowest.green * emission, .plain, lowest.green, .adjoint)
      for p in 0..<2 {
        let expected = (lowest.densities[4 + p] * arriving).trace.rawStorage.x
        // The Keldysh formula for the bath itself, -(what it gives).
        #expect(deviation(-exact.supply(from: 4 + p), expected) < 1e-4)
      }
      let shares = (0..<2).map { p in (0..<4).reduce(0) { $0 + lowest.flow(from: $1, to: 4 + p) } }
      let taken = (0..<2).map { -exact.supply(from: 4 + $0) }
      #expect(deviation(shares[0], taken[0]) < 1e-4 && deviation(shares[1], taken[1]) < 1e-4)
      // With D Gamma_p D^+, bosons that come from p, the sum is the same and the division another.
      let spectral = lowest.green * Matrix.product(lowest.densities[4], .plain, lowest.green, .adjoint)
      largest = max(largest, deviation((emission * spectral).trace.rawStorage.x, taken[0]))
    }
    #expect(largest > 0.2)
  }
}
