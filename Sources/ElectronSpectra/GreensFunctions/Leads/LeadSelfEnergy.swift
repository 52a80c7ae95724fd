import ComplexModule
import DenseMatrices

/// The self-energy of a lead at one energy, a factor of its broadening, and bounds of its error.
package struct LeadSelfEnergy: Sendable {
  /// Sigma(e) on the orbitals before the lead; i(Sigma - Sigma^+) = R R^+ exactly.
  package let sigma: Matrix
  /// R, shape (orbitals, open channels).
  package let broadening: Matrix
  /// Bound of the error of Sigma(e), as a norm.
  package let error: Double
  /// Channels whose band edge lies at this energy to rounding. They count as closed: a wave without velocity carries nothing.
  package let edgeChannels: Int
  /// The same by directions: |u^+ dSigma w| <= |left u| |right w|, which stays small next to a pole of Sigma; nil when only the norm is
  /// known.
  private let directions: (left: Matrix, right: Matrix)?
  /// What rounding turns the waves by; 0 where they are not known.
  private let turned: Double
  /// The waves behind Sigma where a state bound to the surface is near and Sigma large; nil elsewhere.
  let waves: OutgoingWaves?

  /// Sigma of a cell, T g T^+. With the lead's waves R comes from their fluxes, without from the largest eigenvalues of
  /// i(Sigma - Sigma^+), one for every channel.
  init(sigma: Matrix, error: Double, openChannels: Int, modes: BlochModes?, waves: OutgoingWaves?) {
    (self.error, self.waves) = (error, waves)
    edgeChannels = modes?.edgeChannels ?? 0
    if let modes {
      broadening = modes.broadening
      // dS = -U (s db - s b a^-1 da) a^-1 U^+: turned by so much on the right, scaled by S and the hopping on the left.
      let left = sigma.adjoint.stacked(on: modes.scale * .identity(sigma.rows))
      (directions, turned) = ((modes.turned * left, modes.amplitudes), modes.turned)
    } else {
      broadening = Self.factor(sigma, channels: openChannels)
      (directions, turned) = (nil, 0)
    }
    self.sigma = sigma.hermitianPart + Scalar(0, -0.5) * Matrix.product(broadening, .plain, broadening, .adjoint)
  }

  private init(
    sigma: Matrix, broadening: Matrix, error: Double, edgeChannels: Int, directions: (left: Matrix, right: Matrix)?
  ) {
    self.sigma = sigma.hermitianPart + Scalar(0, -0.5) * Matrix.product(broadening, .plain, broadening, .adjoint)
    (self.broadening, self.error, self.edgeChannels, self.directions) = (broadening, error, edgeChannels, directions)
    (turned, waves) = (0, nil)
  }

  /// Sigma = V g V^+ of another coupling: dSigma = V g dS g V^+ and R = V g R_S. `rounding` bounds what g^-1 is wrong by in itself.
  func seen(through v: Matrix, green: Matrix, rounding: Double) -> LeadSelfEnergy {
    let (left, right) = (v * green, Matrix.product(green, .plain, v, .adjoint))
    let sigma = left * v.adjoint
    return LeadSelfEnergy(
      sigma: sigma, broadening: left * broadening,
      error: left.norm * (error + rounding) * right.norm + 8 * Double(v.columns) * .ulpOfOne * sigma.norm,
      edgeChannels: edgeChannels, directions: nil)
  }

  private static func factor(_ sigma: Matrix, channels: Int) -> Matrix {
    let gamma = (Scalar(0, 1) * (sigma - sigma.adjoint)).hermitianPart
    guard channels > 0, let problem = try? HermitianEigenproblem(gamma) else { return Matrix(rows: sigma.rows, columns: 0) }
    let kept = (max(sigma.rows - channels, 0)..<sigma.rows).filter { problem.values[$0] > 0 }
    var result = problem.vectors.columns(kept)
    for (k, index) in kept.enumerated() {
      for i in 0..<result.rows { result[i, k] = result[i, k].multiplied(by: problem.values[index].squareRoot()) }
    }
    return result
  }

  /// Bounds l_i, r_j with |u_i^+ dSigma w_j| <= l_i r_j for columns u, w on the orbitals, by norms or by directions.
  package func bounds(left u: Matrix, right w: Matrix) -> [(left: [Double], right: [Double])] {
    var result = [(left: u.columnNorms.map { $0 * error }, right: w.columnNorms)]
    if let directions { result.append(((directions.left * u).columnNorms, (directions.right * w).columnNorms)) }
    return result
  }

  /// Bounds of |dR_k^+ w_j| for columns w on the orbitals, [channel k][j]: waves turned by d change R = U a^-+ F by -a^-+ da^+ of itself. Nil
  /// without the lead's waves.
  package func turns(of w: Matrix) -> [[Double]]? {
    guard let directions else { return nil }
    let amplitudes = (directions.right * w).columnNorms
    return broadening.columnNorms.map { size in amplitudes.map { turned * size * $0 } }
  }
}
