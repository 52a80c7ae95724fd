import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// The closed second-order current between two wide-band electrodes at one temperature through a conductor whose G does not
/// depend on energy, with one sharp mode: the lowest-order expansion of Paulsson, Frederiksen, Brandbyge,
/// Phys. Rev. B 72, 201101 (2005), derived here from the Keldysh formula of `TwinSecondOrder`.
///
/// Write A = G Gamma G^+ = i(G - G^+), S^r = M {(2N+1) G + (i/2) sum_c A_c [f_c(e-W) - f_c(e+W)] - sum_c A_c R_c(e)} M/2W with
/// R_c = int de'/2pi f_c(e') P[1/(e-W-e') - 1/(e+W-e')], and U(x) = x n(x/T) = int de f(e) [1 - f(e-x)], for which
/// U(-x) = U(x) + x. The integrals over e are then elementary:
///
///     int de (f_L s^>_R - (1 - f_L) s^<_R)-part: K = U(W-V) - U(W+V) + 2NV,
///     int de (f_L - f_R) [f_c(e-W) - f_c(e+W)]  = V(1 + 2N) - K for both c,
///     int de (f_L - f_R) R_c = H for c = R and -H for c = L (the kernel is even in e - e'),
///
/// and with G = (G + G^+)/2 - iA/2 the terms combine to
///
///     I_L = g_s/(4 pi W) {K a + (2N+1) V b - H c},
///     a = Tr[G^+ Gamma_L G M A_R M] + Im Tr[Gamma_L G M A M G Gamma_R G^+],
///     b = Re Tr[Gamma_L G M (G + G^+) M G Gamma_R G^+],  c = 2 Re Tr[Gamma_L G M (A_R - A_L) M G Gamma_R G^+].
///
/// For one level on resonance a = Gamma_L Gamma_R |G|^4 M^2 (1 - Gamma^2 |G|^2/2): for symmetric coupling the factor is 1 - 2 T with
/// the transmission T, the step of dI/dV at V = W.
package struct TwinLowestOrderExpansion: Sendable {
  /// a: weight of the step of dI/dV at V = W.
  package let symmetric: Double
  /// b: weight of the quasi-elastic part, linear in V.
  package let quasielastic: Double
  /// c: weight of the logarithmic singularity of dI/dV at V = W.
  package let asymmetric: Double
  /// W.
  package let modeEnergy: Double
  /// Transmission Tr[Gamma_L G Gamma_R G^+] at the energy taken.
  package let transmission: Double
  private let factor: Double

  /// The expansion of a junction of two electrodes and one mode with G taken at one energy. Throws `LinearAlgebraError`.
  package init(_ junction: Junction, energy: Double) throws {
    precondition(junction.electrodes.count == 2 && junction.bosons.count == 1, "two electrodes and one mode")
    let twin = try TextbookTwin(junction)
    let g = try twin.greensFunction(energy: energy)
    let m = junction.massWeightedCoupling(mode: 0)
    let (left, right) = (try twin.broadening(electrode: 0, energy: energy), try twin.broadening(electrode: 1, energy: energy))
    let (spectralL, spectralR) = (g * left * g.adjoint, g * right * g.adjoint)
    func chain(_ middle: Matrix) -> Scalar { (left * g * m * middle * m * g * right * g.adjoint).trace }
    let direct = (g.adjoint * left * g * m * spectralR * m).trace.rawStorage.x
    symmetric = direct + chain(spectralL + spectralR).rawStorage.y
    quasielastic = chain(g + g.adjoint).rawStorage.x
    asymmetric = 2 * chain(spectralR - spectralL).rawStorage.x
    modeEnergy = junction.bosons.modeEnergies[0]
    transmission = (left * spectralR).trace.rawStorage.x
    factor = junction.conductor.spinDegeneracy / (4 * Double.pi * modeEnergy)
  }

  /// Second-order particle current leaving the first electrode, mu_L - mu_R = `bias`, both electrodes at `temperature`, N = `population`.
  package func current(bias: Double, temperature: Double, population: Double) -> Double {
    let k = Self.symmetricIntegral(bias: bias, mode: modeEnergy, temperature: temperature, population: population)
    let h = Self.asymmetricIntegral(bias: bias, mode: modeEnergy, temperature: temperature)
    return factor * (k * symmetric + (2 * population + 1) * bias * quasielastic - h * asymmetric)
  }

  /// K = U(W-V) - U(W+V) + 2NV, an energy.
  package static func symmetricIntegral(bias v: Double, mode w: Double, temperature: Double, population: Double) -> Double {
    pairs(w - v, temperature) - pairs(w + v, temperature) + 2 * population * v
  }

  /// H = -(1/2pi) P int_0^inf ds 2W/(s^2 - W^2) [U(s-V) + U(s+V) - 2U(s)], an energy; at T = 0
  /// [(V+W) ln|V+W| - (V-W) ln|V-W| - 2W ln W]/2pi.
  package static func asymmetricIntegral(bias v: Double, mode w: Double, temperature: Double) -> Double {
    func xlog(_ x: Double) -> Double { x == 0 ? 0 : x * Double.log(abs(x)) }
    if temperature == 0 { return (xlog(v + w) - xlog(v - w) - 2 * xlog(w)) / (2 * Double.pi) }
    func bracket(_ s: Double) -> Double { pairs(s - v, temperature) + pairs(s + v, temperature) - 2 * pairs(s, temperature) }
    let reach = abs(v) + w + TextbookTwin.thermalReach * temperature
    func points(_ upper: Double, _ positions: [Double]) -> [Double] {
      var panels = TwinBreakpoints(from: 0, to: upper)
      for x in positions { panels.add(x, gradedFrom: temperature) }
      return panels.sorted
    }
    let quadrature = TwinQuadrature(tolerance: 1e-13, groups: [0..<1])
    // 2W/(s^2 - W^2) = 1/(s - W) - 1/(s + W), the first folded about s = W.
    let folded = quadrature.integrate(points(w, [0, abs(abs(v) - w), w]), components: 1) { x in
      [(bracket(w + x) - bracket(w - x)) / x]
    }
    let rest = quadrature.integrate(points(reach, [abs(abs(v) - 2 * w)]), components: 1) { x in [bracket(2 * w + x) / (w + x)] }
    let regular = quadrature.integrate(points(reach, [0, abs(v)]), components: 1) { s in [bracket(s) / (s + w)] }
    return -(folded.values[0] + rest.values[0] - regular.values[0]) / (2 * Double.pi)
  }

  /// U(x) = x/(exp(x/T) - 1), at T = 0 max(-x, 0).
  private static func pairs(_ x: Double, _ temperature: Double) -> Double {
    if temperature == 0 { return max(-x, 0) }
    return x == 0 ? temperature : x / Double.expMinusOne(x / temperature)
  }
}
