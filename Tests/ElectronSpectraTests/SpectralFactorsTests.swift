import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import ElectronSpectra

@Suite("SpectralFactors", .tags(.law))
struct SpectralFactorsTests {
  static let seed: UInt64 = 50_001

  /// A_a in the basis of the factors' rows, and X_mn = tr[M^m A_a M^n A_b] from them against the twin's plain matrices.
  static func violations(_ junction: Junction, energies: [Double], tolerance: Double) throws -> [String] {
    let factors = try SpectralFactors(junction)
    let twin = try TextbookTwin(junction)
    let electrodes = junction.electrodes.count
    var violations: [String] = []
    for energy in energies {
      var w = Matrix(rows: factors.size, columns: factors.columns)
      try w.elements.withUnsafeMutableBufferPointer { try factors.fill(at: energy, into: $0.baseAddress!) }
      let all = Array(0..<factors.size)
      let spectral = (0..<electrodes).map { a -> Matrix in
        let block = w.submatrix(rows: all, columns: Array(factors.offsets[a]..<factors.offsets[a + 1]))
        return Matrix.product(block, .plain, block, .adjoint)
      }
      let green = try twin.greensFunction(energy: energy)
      let plain = Scalar(0, 1) * (green - green.adjoint)
      // tr[M^k i(G - G^+)] = sum_a tr[M^k A_a]: invariant under the basis, so it tests both forms of the factors.
      for k in junction.bosons.modeEnergies.indices {
        let left = (junction.massWeightedCoupling(mode: k) * plain).trace
        let right = spectral.reduce(Scalar.zero) { $0 + (factors.couplings[k] * $1).trace }
        let scale = junction.massWeightedCoupling(mode: k).norm * (plain.norm + 1e-3 * green.norm)
        let defect = (left - right).length
        if !(defect <= tolerance * scale) { violations.append("sum A at \(energy): \(defect / scale)") }
      }
      // Gamma_a G Gamma_b G^+ both ways.
      let transmission = try factors.boundedAmplitudes(at: energy).transmissions(offsets: factors.offsets)
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          let reference = try twin.transmission(from: a, to: b, energy: energy)
          let defect = abs(reference - transmission[a * electrodes + b].value)
          if !(defect <= tolerance * (1 + reference)) { violations.append("T_\(a)\(b)(\(energy)): \(defect)") }
        }
      }
    }
    return violations
  }

  @Test("the width of a level that is weakly joined is that of first-order perturbation theory, digit by digit", .tags(.limit))
  func narrowWidths() throws {
    for random in RandomJunctions.make(count: 20, from: Self.seed) {
      let h = random.junction.conductor.hamiltonian
      let broadening = 1e-9
      let conductor = Conductor(hamiltonian: h)
      let electrode = try ElectrodeSelfEnergy(
        .wideBand("L", orbitals: [0], broadening: broadening), conductorSize: conductor.orbitals)
      let poles = try #require(try PoleExpansion(conductor, [electrode])).poles
      let levels = try HermitianEigenproblem(h)
      for pole in poles {
        let k = try #require(
          levels.values.indices.min { abs(levels.values[$0] - pole.rawStorage.x) < abs(levels.values[$1] - pole.rawStorage.x) })
        let gap = levels.values.indices.filter { $0 != k }.reduce(10.0) { min($0, abs(levels.values[$1] - levels.values[k])) }
        let expected = 0.5 * broadening * levels.vectors[0, k].lengthSquared
        // Rounding of two sets of eigenvectors, which mix by it over the gap; an eigenvalue alone would be wrong by 1e-7.
        let rounding = 1e-14 * h.norm / gap * (broadening / expected).squareRoot()
        #expect(abs(-pole.rawStorage.y / expected - 1) < rounding + broadening, "\(random), level \(k)")
      }
    }
  }

  static let energies = [-2.7, -0.31, 0.05, 0.9, 4.2]

  @Test("the spectral functions of the electrodes add up to i(G - G^+): wide bands and chains, with and without overlap")
  func randomJunctions() throws {
    print("SpectralFactorsTests seed \(Self.seed)")
    for random in RandomJunctions.make(count: 60, from: Self.seed) {
      // Rounding of an inverse whose condition number reaches 1e4.
      #expect(try Self.violations(random.junction, energies: Self.energies, tolerance: 1e-11) == [], "\(random)")
    }
  }

  @Test("a coupling equal to the overlap makes the sum rule one of the density of states", arguments: [false, true])
  func periodicLeads(overlap: Bool) throws {
    let h00 = Matrix([[Scalar(0.1, 0), Scalar(-0.6, 0.2)], [Scalar(-0.6, -0.2), Scalar(-0.2, 0)]])
    let h01 = Matrix([[Scalar(0.1, 0), Scalar(0, 0)], [Scalar(-0.5, 0.1), Scalar(0.05, 0)]])
    let s00 = overlap ? Matrix(real: [[1, 0.1], [0.1, 1]]) : nil
    let s01 = overlap ? Matrix(real: [[0, 0], [0.08, 0.02]]) : nil
    let lead = PeriodicLead(orbitals: [1, 2], h00: h00, h01: h01, s00: s00, s01: s01)
    var s = Matrix.identity(3)
    if overlap { (s[0, 1], s[1, 0], s[1, 2], s[2, 1]) = (Scalar(0.1, 0.05), Scalar(0.1, -0.05), Scalar(0.1, 0), Scalar(0.1, 0)) }
    let h = Matrix([
      [Scalar(0.3, 0), Scalar(0.4, 0.1), Scalar(0, 0)], [Scalar(0.4, -0.1), Scalar(0, 0), Scalar(-0.3, 0)],
      [Scalar(0, 0), Scalar(-0.3, 0), Scalar(0.2, 0)],
    ])
    let junction = try Junction(
      conductor: Conductor(hamiltonian: h, overlap: overlap ? s : nil),
      electrodes: [.wideBand("tip", orbitals: [0], broadening: 0.2), Electrode("lead", .periodic(lead))],
      bosons: BosonSystem(modes: [1]), coupling: Coupling(.massWeighted, [s]))
    // The twin's root of the lead is polished to 1e-13, the decimation keeps 12 digits inside the bands.
    #expect(try Self.violations(junction, energies: [-1.2, -0.43, 0.11, 0.52, 3], tolerance: 1e-11) == [])
  }
}
