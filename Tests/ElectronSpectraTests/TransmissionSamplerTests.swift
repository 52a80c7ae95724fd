import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing
import TransportResults

@testable import ElectronSpectra

/// The elastic kernel where transmissions are as small as rounding, or far smaller.
@Suite("TransmissionSampler", .tags(.limit))
struct TransmissionSamplerTests {
  private static func kernel(_ conductor: Conductor, _ electrodes: [Electrode]) throws -> PanelKernel {
    try ElasticJunction.prepared(conductor, electrodes).elasticKernel()
  }

  /// Two halves that do not know of each other, in an orthogonal basis that mixes all orbitals; `unit` multiplies every energy.
  private static func halves(_ seed: Int, orbitals n: Int, unit: Double) throws -> PanelKernel {
    var random = SplitMix64(seed: UInt64(500 + seed))
    var (h, left, right) = (Matrix(rows: n, columns: n), Matrix(rows: n, columns: n), Matrix(rows: n, columns: n))
    for i in 0..<n {
      for j in 0...i where (i < n / 2) == (j < n / 2) {
        let x = Scalar(unit * random.uniform(-1...1), 0)
        (h[i, j], h[j, i]) = (x, x)
      }
      let width = Scalar(unit * random.uniform(0.1...1), 0)
      if i < n / 2 { left[i, i] = width } else { right[i, i] = width }
    }
    for i in 0..<n {
      for j in 0..<i {
        var turn = Matrix.identity(n)
        let angle = random.uniform(0...(2 * Double.pi))
        (turn[i, i], turn[j, j]) = (Scalar(Double.cos(angle), 0), Scalar(Double.cos(angle), 0))
        (turn[i, j], turn[j, i]) = (Scalar(Double.sin(angle), 0), Scalar(-Double.sin(angle), 0))
        (h, left, right) = (turn * h * turn.adjoint, turn * left * turn.adjoint, turn * right * turn.adjoint)
      }
    }
    return try kernel(
      Conductor(hamiltonian: h.hermitianPart),
      [
        Electrode("L", .wideBand(broadening: left.hermitianPart)), Electrode("R", .wideBand(broadening: right.hermitianPart)),
      ])
  }

  @Test(
    "halves that symmetry keeps apart exchange no electrons, however large the matrices and whatever the unit of energy",
    arguments: 0..<6)
  func symmetry(_ seed: Int) throws {
    for (orbitals, unit) in [(4, 1.0), (10, 1e-3), (16, 1e3)] {
      let kernel = try Self.halves(seed, orbitals: orbitals, unit: unit)
      #expect(kernel.vanishing == [true, true, true, true], "\(orbitals) orbitals, unit \(unit)")
    }
  }

  /// Barrier of `sites` levels at energy `height` between two electrodes.
  private static func barrier(_ sites: Int, height: Double, hopping: Double) -> Matrix {
    var h = Matrix(rows: sites, columns: sites)
    for i in 0..<sites { h[i, i] = Scalar(height, 0) }
    for i in 1..<sites { (h[i, i - 1], h[i - 1, i]) = (Scalar(hopping, 0), Scalar(hopping, 0)) }
    return h
  }

  @Test("tunnelling through a barrier is not taken for rounding: T of 1e-20 keeps its digits", arguments: [6, 12])
  func tunnelling(_ sites: Int) throws {
    let (height, hopping) = (2.0, 0.1)
    let lead = { (name: String, orbital: Int) in
      Electrode(name, .chain(ChainLead(orbital: orbital, energy: 0, hopping: -1, coupling: -0.5)))
    }
    let kernel = try Self.kernel(
      Conductor(hamiltonian: Self.barrier(sites, height: height, hopping: hopping)), [lead("L", 0), lead("R", sites - 1)])
    #expect(kernel.vanishing == [true, false, false, true])
    let order = PanelKernel.order
    func weight(_ i: Int) -> Double {
      PanelKernel.rule.weights[i % order] * kernel.panels[i / order].position(PanelKernel.rule.nodes[i % order]).1
        / (2 * Double.pi)
    }
    for i in stride(from: 0, to: kernel.count, by: 7) where abs(kernel.nodes[i]) < 1.5 {
      let e = kernel.nodes[i]
      // Elimination site by site without any subtraction of like numbers: t = sqrt(Gamma_L Gamma_R) prod t_i/d_i.
      let sigma = Scalar(0.25 * 0.5 * e, -0.25 * 0.5 * (4 - e * e).squareRoot())
      var (pivot, product) = (Scalar(e - height, 0) - sigma, Scalar(1, 0))
      for site in 1..<sites {
        product = product * Scalar(hopping, 0) / pivot
        pivot = Scalar(e - height, 0) - Scalar(hopping * hopping, 0) / pivot - (site == sites - 1 ? sigma : .zero)
      }
      let green = product / pivot
      let exact = 4 * sigma.imaginary * sigma.imaginary * green.lengthSquared
      let (value, error) = (kernel.values[kernel.count + i] / weight(i), kernel.errors[kernel.count + i] / weight(i))
      // The reference rounds once per site.
      #expect(abs(value - exact) <= error + 1e-14 * exact, "at \(e): \(value) \(exact) \(error)")
      // Interpolation is judged by the largest value of a panel.
      let peak = (i / order * order..<(i / order + 1) * order).map { kernel.values[kernel.count + $0] / weight($0) }.max() ?? 0
      #expect(error <= 1e-8 * peak, "at \(e): \(error / peak)")
    }
  }
}
