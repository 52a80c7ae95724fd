import ComplexModule
import DenseMatrices
import RealModule

/// Which combinations of the waves with |l| near 1 leave the junction or decay away from it.
///
/// On their deflating subspace M W = L W B the flux 2 Im(a^+ s b) is a Hermitian form J with B^+ J B = J. With l = -exp(i theta)
/// (1 + i x)/(1 - i x) this is a Hermitian pencil Y w = x J w, so that waves that carry energy stay on the circle whatever rounding does:
/// they have real x and flux w^+ J w = v > 0 when they leave (dE/dk > 0); pairs of decaying waves have conjugate x and no flux.
/// Where waves of both directions share one l (crossings of bands) the limit e + i0 decides: Y -> Y + i eta N with the density N.
struct UnitCircleWaves: Sendable {
  /// Coordinates of the waves to keep, orthonormal, shape (waves, waves/2).
  let kept: Matrix
  /// F with F F^+ = the flux of the waves kept over the scale, shape (waves/2, open): only what moves.
  let fluxFactor: Matrix
  /// Waves kept that carry a current.
  let open: Int
  /// Waves kept that would carry a current if they moved: the energy is on their band edge to rounding.
  let standing: Int
  /// Separation of the kept waves from the others, relative (`GeneralizedSchur.Subspace`).
  let separation: Double
  /// What the limit e + i0 by a finite eta leaves behind, relative; 0 when it was not needed.
  let limitError: Double

  private static let smallestGap = 1e-12
  private static let limitBroadening = 1e-10

  /// Hermitian forms in the subspace: Y, J and N, of shape (waves, waves).
  private struct Forms {
    let position: Matrix
    let flux: Matrix
    let density: Matrix
    /// Where x is infinite: the middle of the largest gap between the l.
    var scale: Double { max(position.norm, flux.norm) }
  }

  /// Classifies the waves of a deflating subspace. `waves`, `before` and `ahead` are u, a and s b of its basis (`WavePencil`);
  /// `density` maps (u, u B) to u^+ S(k) u.
  init(
    _ subspace: GeneralizedSchur.Subspace, waves: Matrix, before: Matrix, ahead: Matrix, scale: Double,
    density: (Matrix, Matrix) -> Matrix
  ) throws(LinearAlgebraError) {
    let forms = try Self.forms(subspace, waves, Matrix.product(before, .adjoint, ahead, .plain), scale, density)
    let half = waves.columns / 2
    let schur = try GeneralizedSchur(forms.position, forms.flux)
    let found = try Self.classified(schur, forms.flux)
    let gap = Self.smallestGap(found.map(\.position), found.map(\.isKept))
    if found.count(where: \.isKept) == half, gap >= Self.smallestGap {
      let chosen = try schur.subspace(found.map(\.isKept))
      kept = chosen.basis
      open = found.count { $0.isKept && $0.isMoving }
      fluxFactor = try Self.factor(of: forms.flux, kept: kept, channels: open)
      standing = Self.standing(found)
      (separation, limitError) = (chosen.separation, 0)
    } else {
      let limit = try Self.limit(forms, half, eta: Self.limitBroadening)
      // A standing wave moves x by the root of eta, a crossing by eta over the velocity.
      let root = Self.limitBroadening.squareRoot()
      let moving = limit.widths.count { $0 < 0.1 * root }
      standing = limit.widths.count { $0 >= 0.1 * root && $0 < 10 * root }
      let final = standing == 0 ? limit : try Self.limit(forms, half, eta: 4 * Double(waves.columns) * .ulpOfOne)
      kept = final.subspace.basis
      open = moving
      fluxFactor = try Self.factor(of: forms.flux, kept: kept, channels: open)
      (separation, limitError) = (final.subspace.separation, final.gap)
    }
  }

  private static func forms(
    _ subspace: GeneralizedSchur.Subspace, _ waves: Matrix, _ product: Matrix, _ scale: Double,
    _ density: (Matrix, Matrix) -> Matrix
  ) throws(LinearAlgebraError) -> Forms {
    let step = try LUFactorization(subspace.second).solve(subspace.first)
    let turned = Scalar(length: 1, phase: .pi - Self.emptyAngle(step)) * step
    let one = Matrix.identity(step.rows)
    // X (omega B + 1) = -i (omega B - 1), solved from the right.
    let quotient = try LUFactorization((turned + one).adjoint).solve((turned - one).adjoint).adjoint
    let flux = (1 / scale) * (Scalar(0, -1) * (product - product.adjoint)).hermitianPart
    return Forms(
      position: (flux * (Scalar(0, -1) * quotient)).hermitianPart, flux: flux,
      density: density(waves, waves * step).hermitianPart)
  }

  /// The middle of the largest arc without eigenvalues of an upper triangular B.
  private static func emptyAngle(_ step: Matrix) -> Double {
    let angles = (0..<step.rows).map { step[$0, $0].phase }.sorted()
    guard let first = angles.first else { return 0 }
    let next = angles.dropFirst() + [first + 2 * .pi]
    let widest = zip(angles, next).max { $0.1 - $0.0 < $1.1 - $1.0 }!
    return 0.5 * (widest.0 + widest.1)
  }

  /// The factor of the flux of the waves kept from its largest eigenvalues, as many as channels are open.
  private static func factor(of flux: Matrix, kept: Matrix, channels: Int) throws(LinearAlgebraError) -> Matrix {
    let problem = try HermitianEigenproblem(Matrix.product(kept, .adjoint, flux * kept, .plain).hermitianPart)
    let size = kept.columns
    var result = problem.vectors.columns((size - channels)..<size)
    for k in 0..<channels {
      let root = max(problem.values[size - channels + k], 0).squareRoot()
      for i in 0..<size { result[i, k] = result[i, k].multiplied(by: root) }
    }
    return result
  }

  private struct Wave {
    let position: Scalar
    let isKept: Bool
    let isMoving: Bool
  }

  /// The waves of Y w = x J w: moving ones have a flux, decaying ones an imaginary part.
  private static func classified(_ schur: GeneralizedSchur, _ flux: Matrix) throws(LinearAlgebraError) -> [Wave] {
    let vectors = try schur.eigenvectors()
    let image = flux * vectors
    let largest = flux.norm
    return schur.alpha.indices.map { k in
      let x = schur.alpha[k] / schur.beta[k]
      var (current, weight) = (0.0, 0.0)
      for i in 0..<vectors.rows {
        current += (vectors[i, k].conjugate * image[i, k]).rawStorage.x
        weight += vectors[i, k].lengthSquared
      }
      let velocity = current / (weight * largest)
      let isMoving = abs(velocity) >= abs(x.rawStorage.y) / (1 + x.lengthSquared)
      return Wave(position: x, isKept: isMoving ? velocity > 0 : x.rawStorage.y > 0, isMoving: isMoving)
    }
  }

  /// Decaying waves kept whose partner on the other side is as near as rounding of the energy puts it on a band edge: 1e-7, the root of
  /// some rounding units.
  private static func standing(_ found: [Wave]) -> Int {
    found.count { wave in
      wave.isKept && !wave.isMoving
        && found.contains { !$0.isKept && smallestGap([wave.position, $0.position], [true, false]) < 1e-7 }
    }
  }

  /// Smallest chordal distance between kept and other positions.
  private static func smallestGap(_ positions: [Scalar], _ isKept: [Bool]) -> Double {
    var gap = 1.0
    for (x, keepsX) in zip(positions, isKept) where keepsX {
      for (y, keepsY) in zip(positions, isKept) where !keepsY {
        gap = min(gap, (x - y).length / ((1 + x.lengthSquared) * (1 + y.lengthSquared)).squareRoot())
      }
    }
    return gap
  }

  /// The waves kept at e + i eta, relative, and |Im x|/(1 + |x|^2) of each.
  private static func limit(
    _ forms: Forms, _ half: Int, eta: Double
  ) throws(LinearAlgebraError) -> (subspace: GeneralizedSchur.Subspace, widths: [Double], gap: Double) {
    let shift = Scalar(0, eta * forms.scale / forms.density.norm)
    let schur = try GeneralizedSchur(forms.position + shift * forms.density, forms.flux)
    let positions = zip(schur.alpha, schur.beta).map { $0 / $1 }
    let order = positions.indices.sorted { positions[$0].rawStorage.y > positions[$1].rawStorage.y }
    var isKept = [Bool](repeating: false, count: positions.count)
    for k in order.prefix(half) { isKept[k] = true }
    let widths = order.prefix(half).map { positions[$0].rawStorage.y / (1 + positions[$0].lengthSquared) }
    return (try schur.subspace(isKept), widths, smallestGap(positions, isKept))
  }
}
