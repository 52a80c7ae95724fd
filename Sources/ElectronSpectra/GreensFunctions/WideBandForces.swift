import ComplexModule
import DenseMatrices
import RealModule

/// Forces of a biased electron gas on the atoms in the wide-band limit, in the form of Lu, Brandbyge, Hedegard, Todorov
/// and Dundas, PRB 85, 245444 (2012); two electrodes, bias V = mu_L - mu_R, normal modes, hbar = e = 1.
///
/// With X^{ab}_{mn} = g_s tr[M^m A_a M^n A_b] at the Fermi energy and the flat bands of Theory.md section 18,
/// L^{ab}(w) = (w - mu_ab) X^{ab}/2pi. Because X^{RL} = (X^{LR})^*, the electrons' self-energy of the bosons is
///
///     Pi_e(w) = -(i/2) sum_ab L^{ab} = -i w eta - V xim,   eta = Re sum_ab X^{ab}/4pi,   xim = Im X^{LR}/2pi,
///
/// and beyond flat bands, to first order in w and V, + V zeta1 - i w V zeta2. In time that is
///
///     Q'' = -(W^2 + V zeta1 - V xim) Q - (eta + V zeta2) Q'.
///
/// xip = Re X^{LR}/2pi carries the noise of the bias.
package struct WideBandForces: Sendable, Equatable {
  /// W_k > 0 of the normal modes, energies.
  package let modeEnergies: [Double]
  /// eta, shape (modes, modes), symmetric, positive semidefinite; energy. A mode's population relaxes at rate eta_kk.
  package let friction: Matrix
  /// xim, antisymmetric; energy. V xim is a force matrix without potential.
  package let nonconservative: Matrix
  /// xip, symmetric, positive semidefinite; energy. Emission into the modes by inelastic transmission.
  package let emission: Matrix
  /// zeta1, symmetric; energy. V zeta1 adds to the dynamical matrix.
  package let renormalization: Matrix
  /// zeta2, antisymmetric; a number. V zeta2 Q' is a force like that of a magnetic field.
  package let berry: Matrix

  /// Forces from their matrices; nil stands for zero.
  package init(
    modeEnergies: [Double], friction: Matrix, nonconservative: Matrix, emission: Matrix, renormalization: Matrix? = nil,
    berry: Matrix? = nil
  ) {
    let n = modeEnergies.count
    let zero = Matrix(rows: n, columns: n)
    self.modeEnergies = modeEnergies
    self.friction = friction
    self.nonconservative = nonconservative
    self.emission = emission
    self.renormalization = renormalization ?? zero
    self.berry = berry ?? zero
    let all = [friction, nonconservative, emission, self.renormalization, self.berry]
    precondition(all.allSatisfy { $0.rows == n && $0.columns == n }, "force matrices of \(n) modes have shape (\(n), \(n))")
  }

  /// Phonons that damp a mode beside the electrons: Gamma/2W and their temperature, energies.
  package struct Phonons: Sendable, Equatable {
    /// Gamma/2W of every mode, energy.
    package let friction: Double
    /// Temperature, energy.
    package let temperature: Double

    /// An Ohmic bath of the given friction.
    package init(friction: Double, temperature: Double) {
      self.friction = friction
      self.temperature = temperature
    }
  }

  /// Steady occupation of a weakly damped mode at a bias V and electron temperature T >= 0 (energies), by its rates
  /// (Theory.md section 5), coherences between modes left out:
  ///
  ///     n = n_B + [(w+V)(n_B(w+V) - n_B(w)) + (w-V)(n_B(w-V) - n_B(w))] xip_kk/(2 w eta_kk),   w = W_k, n_B(x) = 1/(exp(x/T) - 1).
  ///
  /// Derivation: for flat bands E^{ab}(w) = n_B(w - mu_ab) L^{ab}(w) = (w - mu_ab) n_B(w - mu_ab) X^{ab}/2pi and
  /// sum L = 2 w eta. On the diagonal X^{LR} = X^{RL} = 2pi xip and X^{LL} + X^{RR} = 4pi eta - 4pi xip, so that
  /// sum E = 2 w n_B(w) (eta - xip) + [(w-V) n_B(w-V) + (w+V) n_B(w+V)] xip, and N = sum E/sum L. With phonons,
  /// N = (sum E/2w + gamma n_ph)/(eta + gamma). x n_B(x) is T at x = 0, so that w = V is an ordinary point.
  ///
  /// Infinite for a mode that nothing damps. Cost: a few exponentials.
  package func occupation(ofMode k: Int, bias: Double, temperature: Double, phonons: Phonons? = nil) -> Double {
    let (w, eta, xip) = (modeEnergies[k], friction[k, k].rawStorage.x, emission[k, k].rawStorage.x)
    let equilibrium = Self.weighted(w, temperature) / w
    let shifted = Self.weighted(w + bias, temperature) + Self.weighted(w - bias, temperature)
    let excess = (shifted - 2 * w * equilibrium) * xip / (2 * w)
    guard let phonons else { return eta > 0 ? equilibrium + excess / eta : (excess > 0 ? .infinity : equilibrium) }
    let supply = phonons.friction * Self.weighted(w, phonons.temperature) / w
    return (eta * equilibrium + excess + supply) / (eta + phonons.friction)
  }

  /// x/(exp(x/T) - 1): x n_B(x), finite everywhere; at T = 0 -x below zero and 0 above.
  private static func weighted(_ x: Double, _ temperature: Double) -> Double {
    guard temperature > 0 else { return max(-x, 0) }
    return x == 0 ? temperature : x / Double.expMinusOne(x / temperature)
  }

  /// One solution Q(t) = q exp(s t) of the equation of motion.
  package struct Motion: Sendable, Equatable {
    /// |Im s|, the energy of the oscillation; 0 for an overdamped one.
    package let energy: Double
    /// Re s, the rate at which the amplitude grows, an energy; above zero the steady state is lost. The population grows at 2 Re s.
    package let growthRate: Double
    /// q, unit norm, in the normal modes.
    package let shape: [Scalar]
  }

  /// Solutions of the linear equation of motion at a bias V, ascending in energy, one of each complex-conjugate pair.
  /// `extraFriction` (Ohmic phonons, energies) adds to the diagonal of eta.
  ///
  /// The quadratic eigenproblem [s^2 + s (eta + V zeta2) + W^2 + V (zeta1 - xim)] q = 0 is the linear one of order 2 n for
  /// (Q', W0 Q). Cost: about 100 (2 n)^3 flops.
  package func motions(bias: Double, extraFriction: [Double]? = nil) throws(LinearAlgebraError) -> [Motion] {
    let n = modeEnergies.count
    let scale = modeEnergies.max() ?? 1
    let damping = friction + bias * berry
    let stiffness = bias * (renormalization - nonconservative)
    var matrix = Matrix(rows: 2 * n, columns: 2 * n)
    for i in 0..<n {
      for j in 0..<n {
        matrix[i, j] = Scalar(-1, 0) * damping[i, j]
        matrix[i, n + j] = Scalar(-1 / scale, 0) * stiffness[i, j]
      }
      matrix[i, i] = matrix[i, i] - Scalar(extraFriction?[i] ?? 0, 0)
      matrix[i, n + i] = matrix[i, n + i] - Scalar(modeEnergies[i] * modeEnergies[i] / scale, 0)
      matrix[n + i, i] = Scalar(scale, 0)
    }
    let problem = try GeneralEigenproblem(matrix)
    var result: [Motion] = []
    // Overdamped motions have real s up to rounding: both signs are kept.
    for (index, s) in problem.values.enumerated() where s.rawStorage.y <= 1e-13 * scale {
      let q = (0..<n).map { problem.vectors[n + $0, index] }
      let norm = q.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
      result.append(
        Motion(energy: abs(s.rawStorage.y), growthRate: s.rawStorage.x, shape: q.map { $0.divided(by: max(norm, 1e-300)) }))
    }
    return result.sorted { ($0.energy, $0.growthRate) < ($1.energy, $1.growthRate) }
  }

  /// The fastest growth rate of any motion at a bias: stable below zero.
  package func fastestGrowth(bias: Double, extraFriction: [Double]? = nil) throws(LinearAlgebraError) -> Double {
    try motions(bias: bias, extraFriction: extraFriction).map(\.growthRate).max() ?? -.infinity
  }
}
