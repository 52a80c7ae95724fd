import DenseMatrices
import Foundation
import TestKinds
import Testing

@testable import ElectronSpectra

/// Current-induced forces in the wide-band limit against published numbers and closed forms.
@Suite("WideBandForces")
struct WideBandForcesTests {
  static let constriction = WideBandForces(
    modeEnergies: GrapheneConstriction.modeEnergies, friction: Matrix(diagonal: GrapheneConstriction.friction),
    nonconservative: Matrix(rows: 36, columns: 36), emission: Matrix(diagonal: GrapheneConstriction.emission))

  @Test("the heating of a graphene constriction is the published one", .tags(.golden))
  func published() {
    for (bias, mode34, sum) in GrapheneConstriction.populations {
      let n = (0..<36).map {
        Self.constriction.occupation(ofMode: $0, bias: bias, temperature: GrapheneConstriction.temperature)
      }
      // Half a unit of the last of the ten decimals quoted.
      #expect(abs(n[34] - mode34) < 0.5001e-10, "V = \(bias): \(n[34])")
      #expect(abs(n.reduce(0, +) - sum) < 0.5001e-10, "V = \(bias): \(n.reduce(0, +))")
    }
  }

  @Test("at zero bias the occupation is Bose's, and the bias enters as its square", .tags(.limit))
  func equilibrium() {
    for k in [0, 20, 35] {
      let w = Self.constriction.modeEnergies[k]
      for t in [1e-3, 0.02, 3] {
        let n = 1 / expm1(w / t)
        #expect(abs(Self.constriction.occupation(ofMode: k, bias: 0, temperature: t) - n) <= 1e-14 * (n + 1))
        for v in [0.01, 0.4] {
          let (a, b) = (
            Self.constriction.occupation(ofMode: k, bias: v, temperature: t),
            Self.constriction.occupation(ofMode: k, bias: -v, temperature: t)
          )
          #expect(a == b && a >= n - 1e-13 * (n + 1))
        }
      }
    }
  }

  @Test("at T = 0 a mode heats above eV = W only, and w = V is an ordinary point", .tags(.limit))
  func threshold() {
    let w = Self.constriction.modeEnergies[30]
    func n(_ v: Double, _ t: Double) -> Double { Self.constriction.occupation(ofMode: 30, bias: v, temperature: t) }
    #expect(n(0.999 * w, 0) == 0 && n(w, 0) == 0)
    let slope = GrapheneConstriction.emission[30] / (2 * w * GrapheneConstriction.friction[30])
    #expect(abs(n(1.5 * w, 0) - 0.5 * w * slope) < 1e-14)
    for t in [1e-3, 0.1] {
      // Second differences are t''(V) h^2 ~ h^2/T for h = 1e-6 w: no jump, no 0 x infinity.
      let h = 1e-6 * w
      #expect(abs(n(w + h, t) - 2 * n(w, t) + n(w - h, t)) < slope * h * h / t + 1e-15 * (1 + n(w, t)))
    }
    // T -> 0 joins T = 0: (w - V) n_B is below 0.3 T there.
    #expect(abs(n(1.2 * w, 1e-12) - n(1.2 * w, 0)) < 1e-12)
  }

  @Test("phonons mix in with their friction", .tags(.limit))
  func phonons() {
    let electrons = Self.constriction.occupation(ofMode: 5, bias: 0.5, temperature: 0.01)
    let eta = GrapheneConstriction.friction[5]
    let w = GrapheneConstriction.modeEnergies[5]
    let bath = WideBandForces.Phonons(friction: 3 * eta, temperature: 0.1)
    let expected = (electrons + 3 / expm1(w / 0.1)) / 4
    let n = Self.constriction.occupation(ofMode: 5, bias: 0.5, temperature: 0.01, phonons: bath)
    #expect(abs(n - expected) < 1e-14 * expected)
  }

  @Test("one mode moves as a damped oscillator, overdamped included", .tags(.limit))
  func oscillator() throws {
    func forces(_ w: Double, _ eta: Double) -> WideBandForces {
      WideBandForces(
        modeEnergies: [w], friction: Matrix(diagonal: [eta]), nonconservative: Matrix(diagonal: [0]),
        emission: Matrix(diagonal: [0]))
    }
    let damped = try forces(1.3, 0.2).motions(bias: 2)
    #expect(damped.count == 1)
    #expect(abs(damped[0].energy - (1.69 - 0.01).squareRoot()) < 1e-14 && abs(damped[0].growthRate + 0.1) < 1e-14)
    let over = try forces(0.3, 1).motions(bias: 0)
    let root = (0.25 - 0.09).squareRoot()
    #expect(over.count == 2 && over.allSatisfy { $0.energy < 1e-14 })
    #expect(zip(over, [-0.5 - root, -0.5 + root]).allSatisfy { abs($0.growthRate - $1) < 1e-14 }, "\(over)")
  }

  @Test(
    "two degenerate modes run away at V = W eta/xim, and where renormalisation and the Berry force move that bias", .tags(.limit))
  func runaway() throws {
    let (w, eta, xi) = (0.9, 0.03, 0.02)
    let turn = Matrix(real: [[0, 1], [-1, 0]])
    let forces = WideBandForces(
      modeEnergies: [w, w], friction: Matrix(diagonal: [eta, eta]), nonconservative: xi * turn,
      emission: Matrix(diagonal: [xi, xi]))
    let critical = w * eta / xi
    for bias in [-critical, critical] {
      // d(growth)/dV = xi/2W: the rate at the critical bias is zero to rounding.
      #expect(abs(try forces.fastestGrowth(bias: bias)) < 1e-15)
      #expect(try forces.fastestGrowth(bias: (1 - 1e-9) * bias) < -1e-12)
      #expect(try forces.fastestGrowth(bias: (1 + 1e-9) * bias) > 1e-12)
    }
    // On circular motions of sense sigma = +-1: s^2 + s (eta + i sigma V b) + W^2 + V z - i sigma V xi = 0; s = -i x is
    // undamped when x = -sigma V xi/eta and V^2 (xi^2/eta^2 + b xi/eta) = W^2 + V z.
    let (b, z) = (0.05, -0.04)
    let full = WideBandForces(
      modeEnergies: [w, w], friction: Matrix(diagonal: [eta, eta]), nonconservative: xi * turn,
      emission: Matrix(diagonal: [xi, xi]), renormalization: Matrix(diagonal: [z, z]), berry: b * turn)
    let a = xi * xi / (eta * eta) + b * xi / eta
    for sign in [1.0, -1] {
      let shifted = (z + sign * (z * z + 4 * a * w * w).squareRoot()) / (2 * a)
      #expect(abs(try full.fastestGrowth(bias: shifted)) < 1e-15)
      #expect(try full.fastestGrowth(bias: 0.999 * shifted) < 0)
      #expect(try full.fastestGrowth(bias: 1.001 * shifted) > 0)
    }
  }
}
