import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import Quadrature
import RealModule
import TestKinds
import Testing

@testable import ElectronSpectra
@testable import TransportCurrents

/// The Hermitian part of the electrons' self-energy of the bosons against logarithms and against the Hilbert transform of
/// its dissipative part (Theory.md section 4).
@Suite("Kramers-Kronig")
struct KramersKronigTests {
  /// One junction in one state, everything of Pi_e that the solvers know.
  final class Electrons {
    let prepared: PreparedJunction
    let state: OperatingState
    let modes: Int
    private let solver = SpectraSolver()
    private let weights = OccupationWeights()
    private var known: [Double: [Double]] = [:]
    private(set) var failures: [String] = []

    init(_ junction: Junction, _ point: OperatingPoint, largestFrequency: Double, tolerance: Double = 1e-11) throws {
      let points = OperatingPoints([point], electrodes: junction.electrodes.count, baths: junction.baths.count)
      prepared = try PreparedJunction(junction, points: points, tolerance: tolerance, largestFrequency: largestFrequency)
      state = OperatingState(points, state: 0, reference: prepared.referenceEnergy)
      modes = junction.bosons.count
    }

    /// Hermitian part of Pi_e(w) with its error bound.
    func dispersion(at w: Double) throws -> (matrix: Matrix, error: Double) {
      let kernel = try prepared.dispersionKernel(at: w)
      var packed = [Double](repeating: 0, count: modes * modes)
      kernel.value(
        chemicalPotentials: state.chemicalPotentials, temperatures: state.temperatures, weights: weights, into: &packed, at: 0)
      return (Self.matrix(packed, modes), kernel.error)
    }

    /// Lambda(w) = sum_ab L^{ab}(w), packed.
    func packedDensity(at w: Double) -> [Double] {
      if let found = known[w] { return found }
      var sum = [Double](repeating: 0, count: modes * modes)
      do {
        let kernel = try prepared.pairKernel(at: w, pairs: .all(count: modes))
        let n = state.chemicalPotentials.count
        for a in 0..<n {
          for b in 0..<n {
            let block = solver.spectra(kernel, from: a, to: b, electrodes: n, states: [state])
            for c in sum.indices { sum[c] += block.density[c] }
          }
        }
      } catch { failures.append("\(error)") }
      known[w] = sum
      return sum
    }

    /// H[Lambda]/2 at some frequencies: Pi = R - i Lambda/2 is analytic above the axis, so that R = H[Lambda]/2, element by element.
    func hilbertTransforms(
      _ breakpoints: [Double], tail: HilbertTransform.Tail, at frequencies: [Double], tolerance: Double
    ) -> [(matrix: Matrix, error: Double)] {
      var packed = frequencies.map { _ in [Double](repeating: 0, count: modes * modes) }
      var errors = frequencies.map { _ in 0.0 }
      for c in 0..<(modes * modes) {
        let transform = HilbertTransform(breakpoints: breakpoints, tail: tail, tolerance: tolerance) {
          0.5 * self.packedDensity(at: $0)[c]
        }
        for (i, w) in frequencies.enumerated() {
          let value = transform(at: w)
          packed[i][c] = value.value
          errors[i] = max(errors[i], value.error)
        }
      }
      return zip(packed, errors).map { (Self.matrix($0, modes), $1) }
    }

    var evaluations: Int { known.count }

    static func matrix(_ packed: [Double], _ n: Int) -> Matrix {
      var m = Matrix(rows: n, columns: n)
      m.elements.withUnsafeMutableBufferPointer { out in
        packed.withUnsafeBufferPointer {
          PackedHermitian.add($0.baseAddress!, times: Scalar(1, 0), to: out.baseAddress!, size: n)
        }
      }
      return m
    }
  }

  /// Pi_e(w) of wide bands at T = 0 in closed form.
  ///
  /// With G(e) = sum_i r_i l_i/(e - z_i), Pi_e,mn = g_s/2pi sum_a int^{mu_a} de {tr[M^m G(e+w) M^n A_a(e)] +
  /// tr[M^m A_a(e) M^n G^+(e-w)]} is a sum of products of three simple poles p in e, with
  /// int^mu de prod 1/(e - p) = sum_p [ln(mu - p) -+ i pi]/prod (p - p') (upper sign: p below the axis, principal ln).
  static func closedForm(_ junction: Junction, mu: [Double], at w: Double) throws -> Matrix {
    let conductor = junction.conductor
    let n = conductor.orbitals
    let gammas = junction.electrodes.map { electrode -> Matrix in
      guard case .wideBand(let gamma) = electrode.kind else { fatalError("wide bands only") }
      return gamma
    }
    let total = gammas.reduce(Matrix(rows: n, columns: n), +)
    let overlap = try LUFactorization(conductor.overlap ?? .identity(n)).inverse
    let problem = try GeneralEigenproblem(overlap * (conductor.hamiltonian - Scalar(0, 0.5) * total))
    let (z, r) = (problem.values, problem.vectors)
    let l = try LUFactorization(r).inverse * overlap
    func integral(_ p: [Scalar], _ mu: Double) -> Scalar {
      var sum = Scalar.zero
      for (i, x) in p.enumerated() {
        var product = Scalar(1, 0)
        for (j, y) in p.enumerated() where j != i { product = product * (x - y) }
        let log = Scalar.log(Scalar(mu, 0) - x) - Scalar(0, x.imaginary < 0 ? Double.pi : -Double.pi)
        sum = sum + log / product
      }
      return sum
    }
    let couplings = junction.bosons.modeEnergies.indices.map { junction.massWeightedCoupling(mode: $0) }
    let inner = couplings.map { Matrix.product(r, .adjoint, $0 * r, .plain) }  // r_j^+ M r_k
    let left = couplings.map { l * $0 * r }  // l_k M r_i
    let right = couplings.map { Matrix.product(r, .adjoint, Matrix.product($0, .plain, l, .adjoint), .plain) }  // r_j^+ M l_k^+
    var result = Matrix(rows: couplings.count, columns: couplings.count)
    let w = Scalar(w, 0)
    for (a, gamma) in gammas.enumerated() {
      let source = l * Matrix.product(gamma, .plain, l, .adjoint)  // l_i Gamma_a l_j^+
      for i in 0..<n {
        for j in 0..<n {
          for k in 0..<n {
            let first = source[i, j] * integral([z[k] - w, z[i], z[j].conjugate], mu[a])
            let second = source[i, j] * integral([z[i], z[j].conjugate, z[k].conjugate + w], mu[a])
            for p in couplings.indices {
              for q in couplings.indices {
                result[p, q] =
                  result[p, q] + first * inner[p][j, k] * left[q][k, i] + second * right[q][j, k] * inner[p][k, i]
              }
            }
          }
        }
      }
    }
    return (conductor.spinDegeneracy / (2 * Double.pi)) * result
  }

  static let complexM = [
    Matrix([[Scalar(0.1, 0), Scalar(0.3, 0.2)], [Scalar(0.3, -0.2), Scalar(-0.2, 0)]]),
    Matrix([[Scalar(0.4, 0), Scalar(-0.1, 0.25)], [Scalar(-0.1, -0.25), Scalar(0.3, 0)]]),
  ]

  /// Two levels, complex H; with an overlap when asked for.
  static func twoLevels(overlap: Bool) throws -> Junction {
    try Junction(
      conductor: Conductor(
        hamiltonian: Matrix([[Scalar(0.3, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(-0.4, 0)]]),
        overlap: overlap ? Matrix([[Scalar(1, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(1.1, 0)]]) : nil,
        spinDegeneracy: 2),
      electrodes: [
        Electrode(
          "L", .wideBand(broadening: Matrix([[Scalar(0.4, 0), Scalar(0.1, 0.05)], [Scalar(0.1, -0.05), Scalar(0.1, 0)]]))),
        Electrode(
          "R", .wideBand(broadening: Matrix([[Scalar(0.05, 0), Scalar(0, 0.02)], [Scalar(0, -0.02), Scalar(0.6, 0)]]))),
      ], bosons: BosonSystem(modes: [1, 0.6]), coupling: Coupling(.massWeighted, complexM))
  }

  /// Three levels with complex H: a ring with flux, every level on an electrode of its own or shared.
  static func threeLevels() throws -> Junction {
    let i = Scalar(0, 1)
    let h = Matrix([
      [Scalar(0.2, 0), Scalar(0.5, 0.2), Scalar(-0.3, 0.1)], [Scalar(0.5, -0.2), Scalar(-0.6, 0), Scalar(0.4, -0.3)],
      [Scalar(-0.3, -0.1), Scalar(0.4, 0.3), Scalar(0.7, 0)],
    ])
    var hop = Matrix(rows: 3, columns: 3)
    (hop[0, 1], hop[1, 0], hop[2, 2]) = (Scalar(0.3, 0), Scalar(0.3, 0), Scalar(0.2, 0))
    var current = Matrix(rows: 3, columns: 3)
    (current[1, 2], current[2, 1], current[0, 0]) = (Scalar(0.25, 0) * i, Scalar(-0.25, 0) * i, Scalar(0.1, 0))
    return try Junction(
      conductor: Conductor(hamiltonian: h),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [2], broadening: 0.3),
        .wideBand("C", orbitals: [0, 1, 2], broadening: 0.1),
      ], bosons: BosonSystem(modes: [1, 0.6]), coupling: Coupling(.massWeighted, [hop, current]))
  }

  static let frequencies = [0.05, 0.4, 1, 2.3]

  @Test("at T = 0 the Hermitian part is a sum of logarithms, with overlap and with three complex levels too", .tags(.limit))
  func logarithms() throws {
    let cases: [(Junction, [Double])] = [
      (try Self.twoLevels(overlap: false), [0.5, -0.3]), (try Self.twoLevels(overlap: false), [0, 0]),
      (try Self.twoLevels(overlap: true), [0.2, -0.9]), (try Self.threeLevels(), [0.6, -0.4, 0.1]),
    ]
    var worst = 0.0
    for (junction, mu) in cases {
      let point = OperatingPoint(chemicalPotentials: mu, temperatures: mu.map { _ in 0 }, bathTemperatures: [])
      let electrons = try Electrons(junction, point, largestFrequency: 3)
      for w in Self.frequencies {
        let pi = try Self.closedForm(junction, mu: mu, at: w)
        let (found, error) = try electrons.dispersion(at: w)
        let deviation = (found - pi.hermitianPart).norm
        worst = max(worst, deviation / pi.norm)
        // 1e-11 was asked for; the poles lie 0.1 apart, their triple products lose two digits.
        #expect(deviation < 1e-10 * pi.norm, "w = \(w), mu = \(mu): \(deviation)")
        #expect(deviation <= error + 1e-12 * pi.norm, "w = \(w), mu = \(mu): \(deviation), error \(error)")
        let dissipative = Electrons.matrix(electrons.packedDensity(at: w), 2)
        #expect((pi - pi.adjoint + Scalar(0, 1) * dissipative).norm < 1e-10 * pi.norm, "Pi - Pi^+ = -i sum L, w = \(w)")
      }
    }
    print("KramersKronig: closed form, worst relative deviation \(worst)")
  }

  @Test(
    "wide bands: the Hermitian part is half the Hilbert transform of sum L, cold and warm, with bias and unequal temperatures",
    .tags(.law))
  func wideBands() throws {
    var worst = 0.0
    for (junction, mu, t) in [
      (try Self.twoLevels(overlap: false), [0.5, -0.3], [0.0, 0]), (try Self.twoLevels(overlap: true), [0.2, -0.9], [0.5, 0.1]),
      (try Self.threeLevels(), [0.6, -0.4, 0.1], [0.3, 0.3, 0.3]), (try Self.threeLevels(), [0.6, -0.4, 0.1], [0, 0, 0.2]),
    ] {
      let point = OperatingPoint(chemicalPotentials: mu, temperatures: t, bathTemperatures: [])
      let electrons = try Electrons(junction, point, largestFrequency: 50, tolerance: 1e-9)
      let transforms = electrons.hilbertTransforms(
        [-4, -1, 0, 1, 4], tail: .sampled, at: Self.frequencies, tolerance: 1e-9)
      #expect(electrons.failures == [])
      for (w, transform) in zip(Self.frequencies, transforms) {
        let (found, error) = try electrons.dispersion(at: w)
        let deviation = (found - transform.matrix).norm
        worst = max(worst, deviation / found.norm)
        #expect(deviation < 1e-8 * found.norm, "w = \(w), mu = \(mu), T = \(t): \(deviation / found.norm)")
        #expect(
          deviation <= error + 4 * transform.error + 1e-10 * found.norm,
          "w = \(w), T = \(t): \(deviation), \(error), \(transform.error)")
      }
    }
    print("KramersKronig: Hilbert transform, worst relative deviation \(worst)")
  }

  @Test(
    "finite bands: the Hermitian part is half the Hilbert transform of sum L between chain electrodes", .tags(.law),
    arguments: [0, 0.2])
  func chains(temperature: Double) throws {
    // Levels deep in the bands, weakly joined: no state outside the bands.
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix([[Scalar(0.2, 0), Scalar(0.15, 0.1)], [Scalar(0.15, -0.1), Scalar(-0.3, 0)]])),
      electrodes: [
        Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 0.6))),
        Electrode("R", .chain(ChainLead(orbital: 1, energy: 0, hopping: 1, coupling: 0.5))),
      ], bosons: BosonSystem(modes: [1, 0.6]), coupling: Coupling(.massWeighted, Self.complexM))
    let mu = [0.25, -0.25]
    let point = OperatingPoint(
      chemicalPotentials: mu, temperatures: [temperature, temperature], bathTemperatures: [])
    let electrons = try Electrons(junction, point, largestFrequency: 6, tolerance: 1e-9)
    // Edges at +-2: sum L ends at |w| = 4; at T = 0 kinks where an edge, shifted by w, meets a step.
    let kinks = temperature > 0 ? [] : [1.75, 2.25]
    let positive = ([1.0, 4] + kinks).sorted()
    let transforms = electrons.hilbertTransforms(
      positive.reversed().map { -$0 } + [0] + positive, tail: .zero, at: Self.frequencies, tolerance: 1e-9)
    #expect(electrons.failures == [])
    var worst = 0.0
    for (w, transform) in zip(Self.frequencies, transforms) {
      let (found, error) = try electrons.dispersion(at: w)
      let deviation = (found - transform.matrix).norm
      worst = max(worst, deviation / found.norm)
      // The transform's panels end at kinks of the power 3/2: its tolerance, ten times.
      #expect(deviation < 1e-8 * found.norm, "w = \(w), T = \(temperature): \(deviation / found.norm)")
      #expect(
        deviation <= error + 4 * transform.error + 1e-9 * found.norm, "w = \(w): \(deviation), \(error), \(transform.error)")
    }
    print("KramersKronig: chains, T = \(temperature), worst relative deviation \(worst), \(electrons.evaluations) frequencies")
  }
}
