import ComplexModule
import DenseMatrices
import JunctionModel

/// G(e) = V diag(1/(e - z)) V^-1 for wide-band electrodes, in the orthonormal basis L^-1 (S = L L^+).
///
/// z are the eigenvalues of L^-1 (H - i/2 sum Gamma) L^-+; Im z < 0, and -Im z is the half width of the resonance.
package struct PoleExpansion: Sendable {
  /// Poles z_k in the lower half plane.
  package let poles: [Scalar]
  /// V^-1 R of all electrodes side by side, shape (N, columns).
  package let residues: Matrix
  /// Norms of the columns of `residues`.
  let residueNorms: [Double]
  /// Squared moduli of `residues` and of `projector`, as their elements.
  let residueSquares: [Double]
  let projectorSquares: [Double]
  /// Frobenius norm of the poles, and of V times that of V^-1.
  let frobenius: Double
  let condition: Double
  /// R^+ V, shape (columns, N), for transmission amplitudes.
  package let projector: Matrix
  /// (V^+ V)^-1: G = basis diag(1/(e - z)) (V^+ V)^-1 basis^+ between couplings in the pole basis.
  package let dualMetric: Matrix
  /// L^-+ V: M in the pole basis is its congruence.
  private let basis: Matrix
  package let features: SpectralFeatures

  /// Condition number of V above which partial fractions lose too many digits; the caller then solves directly.
  private static let worstCondition = 1e2
  /// Poles narrower than this fraction of the largest energy are bound states: no electrode reaches them.
  private static let boundStateWidth = 1e-14

  /// Diagonalises; nil when the eigenvectors are too ill-conditioned (near an exceptional point).
  package init?(_ conductor: Conductor, _ selfEnergies: [ElectrodeSelfEnergy]) throws(LinearAlgebraError) {
    let size = conductor.orbitals
    let toOrthonormal: Matrix?
    if let overlap = conductor.overlap {
      toOrthonormal = try LUFactorization(overlap.choleskyFactor()).inverse
    } else {
      toOrthonormal = nil
    }
    func orthonormal(_ m: Matrix) -> Matrix {
      guard let toOrthonormal else { return m }
      return toOrthonormal * m * toOrthonormal.adjoint
    }
    var effective = orthonormal(conductor.hamiltonian).hermitianPart
    var factors: [Matrix] = []
    for selfEnergy in selfEnergies {
      let value = try selfEnergy.evaluate(at: 0)
      let (sigma, factor) = (value.sigma, value.factor)
      effective =
        effective + orthonormal(sigma.embedded(rows: selfEnergy.orbitals, columns: selfEnergy.orbitals, size: size))
      var full = Matrix(rows: size, columns: factor.columns)
      for j in 0..<factor.columns {
        for (i, orbital) in selfEnergy.orbitals.enumerated() { full[orbital, j] = factor[i, j] }
      }
      factors.append(toOrthonormal.map { $0 * full } ?? full)
    }
    let problem = try GeneralEigenproblem(effective)
    let inverse: Matrix
    do { inverse = try LUFactorization(problem.vectors).inverse } catch { return nil }
    guard problem.vectors.norm * inverse.norm < Self.worstCondition * Double(size) else { return nil }
    let all = Matrix(
      rows: size, columns: factors.reduce(0) { $0 + $1.columns }, elements: factors.flatMap(\.elements))
    var residues = inverse * all
    let scale = problem.values.reduce(0.0) { max($0, $1.length) }
    let projector = Matrix.product(all, .adjoint, problem.vectors, .plain)
    let poles = Self.refined(problem.values, vectors: problem.vectors, projector: projector)
    var features = SpectralFeatures()
    for (k, z) in poles.enumerated() {
      if -z.rawStorage.y > Self.boundStateWidth * scale {
        features.resonances.append((z.rawStorage.x, -z.rawStorage.y))
      } else {
        for j in 0..<residues.columns { residues[k, j] = .zero }
      }
    }
    self.init(
      poles: poles, residues: residues, projector: projector, dualMetric: Matrix.product(inverse, .plain, inverse, .adjoint),
      basis: toOrthonormal.map { Matrix.product($0, .adjoint, problem.vectors, .plain) } ?? problem.vectors, features: features)
  }

  /// Poles with Im z = -|R^+ v|^2/(2 |v|^2), which (z - H + i/2 R R^+) v = 0 says of the eigenvector v, all electrodes side by side in R.
  ///
  /// An eigenvalue by itself is wrong by the rounding of the largest energy, which is many digits of a narrow width; this is wrong by what
  /// the eigenvector is, relative to the width.
  private static func refined(_ values: [Scalar], vectors: Matrix, projector: Matrix) -> [Scalar] {
    let (widths, lengths) = (projector.columnNorms, vectors.columnNorms)
    return values.indices.map { k in
      let ratio = widths[k] / lengths[k]
      return Scalar(values[k].rawStorage.x, -0.5 * ratio * ratio)
    }
  }

  /// 1 for orthogonal eigenvectors, small when they are nearly parallel: sums over poles then cancel by the inverse of it.
  package var orthogonality: Double { Double(poles.count).squareRoot() / max(dualMetric.norm, Double(poles.count).squareRoot()) }

  /// True when a level touches no electrode: its Green's function has a pole on the real axis.
  package var hasBoundStates: Bool { features.resonances.count < poles.count }

  /// V^+ M V.
  package func transformed(_ m: Matrix) -> Matrix { Matrix.product(basis, .adjoint, m * basis, .plain) }

  /// The same poles with other channels (columns of residues).
  package func with(_ residues: Matrix) -> PoleExpansion {
    PoleExpansion(
      poles: poles, residues: residues, projector: projector, dualMetric: dualMetric, basis: basis, features: features)
  }

  private init(
    poles: [Scalar], residues: Matrix, projector: Matrix, dualMetric: Matrix, basis: Matrix, features: SpectralFeatures
  ) {
    self.dualMetric = dualMetric
    self.poles = poles
    self.residues = residues
    residueNorms = residues.columnNorms
    residueSquares = residues.elements.map(\.lengthSquared)
    projectorSquares = projector.elements.map(\.lengthSquared)
    frobenius = poles.reduce(0.0) { ($0 * $0 + $1.lengthSquared).squareRoot() }
    // |V| = sqrt(N) for columns of unit length.
    condition = Double(poles.count).squareRoot() * max(dualMetric.trace.rawStorage.x, 0).squareRoot()
    self.projector = projector
    self.basis = basis
    self.features = features
  }

  /// 1/(e - z); zero at a bound state on the real axis, which has no residue.
  @inline(__always)
  package static func inverse(_ energy: Double, _ pole: Scalar) -> Scalar {
    let dx = energy - pole.rawStorage.x
    let dy = -pole.rawStorage.y
    let square = dx * dx + dy * dy
    return square > 0 ? Scalar(dx / square, -dy / square) : .zero
  }

  /// W = diag(1/(e - z)) L. Cost: N divisions and N * columns products.
  package func fill(at energy: Double, into factors: UnsafeMutablePointer<Scalar>) {
    let size = poles.count
    residues.elements.withUnsafeBufferPointer { l in
      for k in 0..<size {
        let inverse = Self.inverse(energy, poles[k])
        var index = k
        while index < l.count {
          factors[index] = l[index] * inverse
          index += size
        }
      }
    }
  }
}
