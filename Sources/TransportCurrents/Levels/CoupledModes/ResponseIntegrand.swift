import BosonPropagators
import DenseMatrices
import RealModule

/// What the bosons contribute to linear response at one frequency when they are matrices in the modes, times the Bose
/// factor S = w^2 n (1 + n); Theory.md sections 3 and 7.
///
/// Order of the numbers: for every bath p the packed dual of A~_p = D^+ Gamma_p D times S/2 pi w; for every two baths p < q
/// that of Im(K_pq - K_qp)/2 with K_pq = D Gamma_q D^+ Gamma_p D, times S/2 pi; for every ordered pair p, q the transmission
/// Tr[Gamma_p D Gamma_q D^+] times S/2 pi. Owns its matrices.
package final class ResponseIntegrand {
  private let environment: BosonEnvironment
  private let n: Int
  private let baths: Int
  private var algebra: SquareMatrices
  private let storage: UnsafeMutablePointer<Scalar>
  private let slots: Int
  /// Frobenius norm of D at the last point.
  package private(set) var propagatorNorm = 0.0
  /// Sum of the errors of the baths' Pi at the last point.
  package private(set) var selfEnergyError = 0.0

  /// Motions that are taken out of what meets the electrons' spectra.
  private let unfelt: UnfeltMotions?
  /// Below this frequency D, without them, is that at it, A~ proportional to w, and transmissions are constant: rounding over w^2 would take
  /// over.
  private let lowest: Double

  package init(_ environment: BosonEnvironment, unfelt: UnfeltMotions? = nil, lowest: Double = 0) {
    (self.environment, self.unfelt, self.lowest) = (environment, unfelt, unfelt?.containsFreeMotions == true ? lowest : 0)
    n = environment.count
    baths = environment.baths.count
    algebra = SquareMatrices(size: n)
    slots = max(n * n, 1) * (Work.allCases.count + 3 * baths)
    storage = .allocate(capacity: slots)
    storage.initialize(repeating: .zero, count: slots)
  }

  deinit { storage.deallocate() }

  /// Every two baths p < q.
  package static func pairs(_ baths: Int) -> [(Int, Int)] {
    (0..<baths).flatMap { p in ((p + 1)..<max(baths, p + 1)).map { (p, $0) } }
  }

  /// First number of a bath, of a pair of baths, and of the transmissions; and how many there are.
  package func spectral(_ p: Int) -> Int { p * n * n }
  package func drag(_ pair: Int) -> Int { (baths + pair) * n * n }
  package var transmissionStart: Int { (baths + baths * (baths - 1) / 2) * n * n }
  package func transmission(_ p: Int, _ q: Int) -> Int { transmissionStart + p * baths + q }
  package var count: Int { transmissionStart + baths * baths }

  /// Numbers that belong together: one block per bath, per pair of baths, and the transmissions.
  package var blocks: [Range<Int>] {
    let starts = (0..<baths).map { spectral($0) } + Self.pairs(baths).indices.map { drag($0) }
    return starts.map { $0..<($0 + n * n) } + [transmissionStart..<count]
  }

  /// What errors of the blocks are measured against: their sizes, and for drag, which may vanish, what it could be.
  package func scales(_ sizes: [Double], at w: Double) -> [Double] {
    var result = sizes
    for (index, (p, q)) in Self.pairs(baths).enumerated() {
      result[baths + index] = max(sizes[baths + index], w * max(sizes[p], sizes[q]))
    }
    return result
  }

  /// The matrices that are there once. After them Gamma_p, Gamma_p D and D Gamma_p D^+ of every bath.
  private enum Work: Int, CaseIterable {
    /// D^-1 and D.
    case inverse, propagator
    /// K_pq, K_qp, and the Hermitian part of their difference over i.
    case product, reversed, imaginary
  }

  private func matrix(_ work: Work) -> UnsafeMutablePointer<Scalar> { storage + work.rawValue * max(n * n, 1) }
  private func matrix(after i: Int) -> UnsafeMutablePointer<Scalar> { storage + (Work.allCases.count + i) * max(n * n, 1) }
  private func gamma(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 3 * p) }
  private func propagated(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 3 * p + 1) }
  private func emitted(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 3 * p + 2) }

  /// Writes all numbers at w > 0 for temperature T > 0. Returns false when D does not exist.
  package func evaluate(_ w: Double, temperature t: Double, into out: UnsafeMutablePointer<Double>) -> Bool {
    let block = n * n
    let at = max(w, lowest)
    environment.fillFreeInverse(at: Scalar(at, 0), into: matrix(.inverse))
    selfEnergyError = 0
    for p in 0..<baths {
      environment.baths[p].subtract(at: at, from: matrix(.inverse), gamma: gamma(p))
      if environment.baths[p].error > 0 { selfEnergyError += environment.baths[p].error(at: at, floored: false) }
    }
    guard algebra.invert(matrix(.inverse), into: matrix(.propagator)) != nil else { return false }
    propagatorNorm = 0
    for i in 0..<block { propagatorNorm += matrix(.propagator)[i].lengthSquared }
    propagatorNorm = propagatorNorm.squareRoot()
    let prefactor = BoseResponse.value(w, temperature: t) / (2 * Double.pi)
    for p in 0..<baths {
      algebra.multiply(gamma(p), matrix(.propagator), into: propagated(p))
      algebra.multiplyAdjoint(matrix(.propagator), propagated(p), into: matrix(.product))
      unfelt?.remove(from: matrix(.product))
      PackedHermitian.dual(matrix(.product), into: out + spectral(p), size: n)
      // A~ w/at over w.
      for i in 0..<block { out[spectral(p) + i] *= prefactor / at }
      algebra.multiply(matrix(.propagator), gamma(p), into: matrix(.product))
      algebra.multiplyByAdjoint(matrix(.product), matrix(.propagator), into: emitted(p))
    }
    for (index, (p, q)) in Self.pairs(baths).enumerated() {
      algebra.multiply(emitted(q), propagated(p), into: matrix(.product))
      algebra.multiply(emitted(p), propagated(q), into: matrix(.reversed))
      setImaginary(times: 0.5)
      unfelt?.remove(from: matrix(.imaginary))
      PackedHermitian.dual(matrix(.imaginary), into: out + drag(index), size: n)
      for i in 0..<block { out[drag(index) + i] *= prefactor * (w / at) }
    }
    for p in 0..<baths {
      for q in 0..<baths {
        var trace = 0.0
        for i in 0..<n { for j in 0..<n { trace += (gamma(p)[j * n + i] * emitted(q)[i * n + j]).rawStorage.x } }
        out[transmission(p, q)] = p == q ? 0 : prefactor * trace
      }
    }
    return true
  }

  /// The Hermitian (K - K^+)/2i of K = K_pq - K_qp.
  private func setImaginary(times factor: Double) {
    let (a, b, c) = (matrix(.product), matrix(.reversed), matrix(.imaginary))
    for j in 0..<n {
      for i in 0..<n {
        let difference = a[j * n + i] - b[j * n + i] - (a[i * n + j] - b[i * n + j]).conjugate
        c[j * n + i] = Scalar(0, -0.5 * factor) * difference
      }
    }
  }
}
