import ComplexModule
import DenseMatrices
import JunctionModel

/// The energy current into rotating-wave modes by brute force: a double integral over e and w with explicit matrices in the scale
/// of the operators a_k, without pair channels.
package struct TwinRotatingWave: Sendable {
  private let junction: Junction
  private let point: OperatingPoint
  private let electrons: TextbookTwin
  private let bosons: TwinBosons

  /// The brute-force twin of a junction at one state.
  package init(_ junction: Junction, at point: OperatingPoint) throws {
    (self.junction, self.point) = (junction, point)
    electrons = try TextbookTwin(junction)
    bosons = try TwinBosons(junction, at: point, level: .landauer)
  }

  /// J = int_0^inf dw/2pi w int de/2pi g_s sum_kl {tr[m^k N(e) m^l+ P(e-w)] <a a^+>_lk - tr[m^k P(e) m^l+ N(e-w)] <a^+ a>_lk},
  /// N = sum f_a A_a, P = sum (1 - f_a) A_a, <a^+ a> = D sum n_p Gamma_p D^+, <a a^+> with 1 + n_p, and D = [w - W - Pi]^-1.
  /// Returns the current and an error bound. Cost: seconds to minutes.
  package func energyCurrent(tolerance: Double = 1e-6) throws -> (value: Double, error: Double) {
    let outer = TwinQuadrature(tolerance: tolerance, groups: [0..<1], panelLimit: 2000)
    let inner = TwinQuadrature(tolerance: 0.1 * tolerance, groups: [0..<1], panelLimit: 2000)
    let states = zip(point.chemicalPotentials, point.temperatures).flatMap { [($0, $1)] }
    let outcome = try outer.integrate(try bosons.frequencyPanels(), components: 1) { w in
      let (absorbing, emitting) = try occupied(w)
      let panels = electrons.breakpoints(frequency: w, occupancies: states + states.map { ($0.0 + w, $0.1) })
      let rate = try inner.integrate(panels, components: 1) { e in
        let (before, after) = (try filling(e), try filling(e - w))
        var sum = Scalar.zero
        for (k, m) in junction.coupling.matrices.enumerated() {
          for (l, other) in junction.coupling.matrices.enumerated() {
            let forth = m * before.filled * other.adjoint * after.empty
            let back = m * before.empty * other.adjoint * after.filled
            sum += forth.trace * emitting[l, k] - back.trace * absorbing[l, k]
          }
        }
        return [sum.rawStorage.x]
      }
      return [w * junction.conductor.spinDegeneracy * rate.values[0] / (4 * Double.pi * Double.pi)]
    }
    return (outcome.values[0], outcome.errors[0] + tolerance * outcome.magnitudes[0])
  }

  /// <a^+ a> and <a a^+> at w, shape (modes, modes).
  private func occupied(_ w: Double) throws -> (Matrix, Matrix) {
    let energies = junction.bosons.modeEnergies
    func scaled(_ pi: Matrix) -> Matrix {
      var result = pi
      for k in energies.indices {
        for l in energies.indices { result[k, l] = Scalar(0.5 / (energies[k] * energies[l]).squareRoot(), 0) * pi[k, l] }
      }
      return result
    }
    var inverse = Matrix(diagonal: energies.map { w - $0 })
    for p in junction.baths.indices { inverse = inverse - scaled(try bosons.bathSelfEnergy(p, frequency: w)) }
    let green = try LUFactorization(inverse).inverse
    var (absorbing, emitting) = (Matrix(rows: energies.count, columns: energies.count), Matrix(diagonal: energies.map { _ in 0 }))
    for p in junction.baths.indices {
      let n = bosons.bathOccupation(p, frequency: w)
      let spectral = Matrix.product(green * scaled(try bosons.bathBroadening(p, frequency: w)), .plain, green, .adjoint)
      absorbing = absorbing + n * spectral
      emitting = emitting + (1 + n) * spectral
    }
    return (absorbing, emitting)
  }

  /// sum f_a A_a and sum (1 - f_a) A_a.
  private func filling(_ e: Double) throws -> (filled: Matrix, empty: Matrix) {
    let all = Array(junction.electrodes.indices)
    let spectral = try electrons.spectralFunctions(energy: e, electrodes: all)
    var (filled, empty) = (
      Matrix(rows: electrons.overlap.rows, columns: electrons.overlap.rows),
      Matrix(
        rows: electrons.overlap.rows, columns: electrons.overlap.rows)
    )
    for a in all {
      let x = FermiFactors.reduced(e, from: point.chemicalPotentials[a], temperature: point.temperatures[a])
      filled = filled + FermiFactors.occupation(x) * spectral[a]
      empty = empty + FermiFactors.occupation(-x) * spectral[a]
    }
    return (filled, empty)
  }
}

/// Gauss-Legendre nodes and weights for integrals over computed spectra.
package enum LegendreMesh {
  /// Nodes of a 10-point rule on every panel between consecutive breakpoints, ascending, with their weights.
  package static func nodes(on breakpoints: [Double]) -> [(position: Double, weight: Double)] {
    let rule = TwinLegendreRule(count: 10)
    return zip(breakpoints, breakpoints.dropFirst()).flatMap { a, b in
      zip(rule.nodes, rule.weights).map { (0.5 * (a + b) + 0.5 * (b - a) * $0, 0.5 * (b - a) * $1) }
    }.sorted { $0.0 < $1.0 }.map { (position: $0.0, weight: $0.1) }
  }
}
