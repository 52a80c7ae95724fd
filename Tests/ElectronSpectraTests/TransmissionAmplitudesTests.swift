import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing
import TransportResults

@testable import ElectronSpectra

@Suite("Errors of transmissions")
struct TransmissionAmplitudesTests {
  @Test("at an interference zero the error covers the rounding that is left, and says how little it is", .tags(.limit))
  func interferenceZero() throws {
    // A side group of energy 0 on the middle site: no electron of energy 0 passes.
    let hamiltonian = Matrix(real: [[0.3, -1, 0, 0], [-1, 0.1, -1, -0.7], [0, -1, -0.2, 0], [0, -0.7, 0, 0]])
    let wide: [Electrode] = [
      .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [2], broadening: 0.8),
    ]
    let chains = [
      Electrode("L", .chain(ChainLead(orbital: 0, energy: 0.1, hopping: -1, coupling: -0.8))),
      Electrode("R", .chain(ChainLead(orbital: 2, energy: -0.1, hopping: -1, coupling: -0.6))),
    ]
    for electrodes in [wide, chains] {
      let t = try ElasticJunction.prepared(Conductor(hamiltonian: hamiltonian), electrodes).transmission(at: 0)[1]
      #expect(t.value <= t.error, "\(t)")
      // Amplitudes are known to some 1e-13 here: their squares to 1e-26.
      #expect(t.error < 1e-24 && t.error > 1e-34, "\(t)")
    }
  }

  @Test("a single level has the Breit-Wigner transmission within the error", .tags(.limit), arguments: 0..<20)
  func singleLevel(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let (level, left, right) = (random.uniform(-2...2), random.logUniform(1e-6...1), random.logUniform(1e-6...1))
    let prepared = try ElasticJunction.prepared(
      .levels([level]),
      [.wideBand("L", orbitals: [0], broadening: left), .wideBand("R", orbitals: [0], broadening: right)])
    for x in [-100.0, -3, -0.5, 0, 0.1, 1, 30] {
      let e = level + x * (left + right)
      let t = try prepared.transmission(at: e)[1]
      let exact = left * right / ((e - level) * (e - level) + 0.25 * (left + right) * (left + right))
      #expect(abs(t.value - exact) <= t.error + 4 * exact.ulp, "\(t) \(exact)")
      #expect(t.error <= 1e-9 * exact + 1e-12, "\(t) \(exact)")
    }
  }

  @Test(
    "a perfect chain transmits 1 within the error, up to its band edges", .tags(.limit),
    arguments: [-1.999_999, -1.5, 0.0, 0.3, 1.99])
  func perfectChain(_ e: Double) throws {
    let hopping = -1.0
    let hamiltonian = Matrix(real: [[0, hopping, 0], [hopping, 0, hopping], [0, hopping, 0]])
    let t = try ElasticJunction.prepared(
      Conductor(hamiltonian: hamiltonian),
      [
        Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: hopping, coupling: hopping))),
        Electrode("R", .chain(ChainLead(orbital: 2, energy: 0, hopping: hopping, coupling: hopping))),
      ]
    ).transmission(at: e)[1]
    #expect(abs(t.value - 1) <= t.error, "\(t)")
    // A rounding of the energy moves Sigma by its square root's slope, large beside an edge.
    #expect(t.error < 1e-12 / (2 - abs(e)) + 1e-12, "\(t)")
  }

  @Test("the same junction in another basis and by another method agrees within both errors", .tags(.twin), arguments: 0..<10)
  func twoMethods(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(100 + seed))
    let n = 5
    var h = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        let z = i == j ? Scalar(random.uniform(-1...1), 0) : Scalar(random.uniform(-1...1), random.uniform(-1...1))
        (h[i, j], h[j, i]) = (z, z.conjugate)
      }
    }
    let widths = (random.uniform(0.05...1), random.uniform(0.05...1))
    let wide = try ElasticJunction.prepared(
      Conductor(hamiltonian: h),
      [.wideBand("L", orbitals: [0], broadening: widths.0), .wideBand("R", orbitals: [3], broadening: widths.1)])
    for e in [-1.1, 0.0, 0.37, 2] {
      // LU of e - H - Sigma in this test, poles in the program.
      var inverse = Scalar(e, 0) * Matrix.identity(n) - h
      inverse[0, 0] = inverse[0, 0] + Scalar(0, 0.5 * widths.0)
      inverse[3, 3] = inverse[3, 3] + Scalar(0, 0.5 * widths.1)
      let green = try LUFactorization(inverse).inverse
      let exact = widths.0 * widths.1 * green[0, 3].lengthSquared
      let t = try wide.transmission(at: e)[1]
      // The test's own LU has the same kind of error.
      #expect(abs(t.value - exact) <= 2 * t.error, "\(t) \(exact)")
      #expect(t.error < 1e-11, "\(t)")
    }
  }
}
