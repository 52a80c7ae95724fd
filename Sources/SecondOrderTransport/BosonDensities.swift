import BosonPropagators
import DenseMatrices
import JunctionModel

/// The spectral functions that second-order currents are contracted with, at any w > 0: A = sum_p A_p and the derivatives of
/// sum_p n_p A_p, A_p = D Gamma_p D^+. Owns its matrices.
final class BosonDensities {
  private let environment: BosonEnvironment
  private let pairs: TracePairs
  private var algebra: SquareMatrices
  private var inverse: [Scalar]
  private var propagator: [Scalar]
  private var gamma: [Scalar]
  private var product: [Scalar]
  private var spectral: [Scalar]

  init(_ environment: BosonEnvironment, pairs: TracePairs) {
    self.environment = environment
    self.pairs = pairs
    algebra = SquareMatrices(size: environment.count)
    inverse = [Scalar](repeating: .zero, count: environment.count * environment.count)
    (propagator, gamma, product, spectral) = (inverse, inverse, inverse, inverse)
  }

  /// Numbers per frequency: (re, im) of A and of the derivatives 0 ... order of n A, by pair.
  func count(order: Int) -> Int { 2 * pairs.count * (2 + order) }

  /// Writes the densities at w; infinite D (an undamped mode) leaves zeros.
  func fill(_ w: Double, baths: [ReservoirLine], order: Int, into result: UnsafeMutablePointer<Double>) {
    let n = environment.count
    for i in 0..<count(order: order) { result[i] = 0 }
    let exists = inverse.withUnsafeMutableBufferPointer { i in
      propagator.withUnsafeMutableBufferPointer { d in
        environment.fillInverse(at: Scalar(w, 0), into: i.baseAddress!)
        return algebra.invert(i.baseAddress!, into: d.baseAddress!) != nil
      }
    }
    guard exists else { return }
    for (p, bath) in environment.baths.enumerated() {
      fillSpectral(bath, w)
      let occupation = baths[p].bose(w)
      for (i, pair) in pairs.list.enumerated() {
        let a = spectral[pair.n * n + pair.m]
        result[2 * i] += a.rawStorage.x
        result[2 * i + 1] += a.rawStorage.y
        for k in 0...order {
          result[2 * ((k + 1) * pairs.count + i)] += occupation[k] * a.rawStorage.x
          result[2 * ((k + 1) * pairs.count + i) + 1] += occupation[k] * a.rawStorage.y
        }
      }
    }
  }

  private func fillSpectral(_ bath: BathSelfEnergy, _ w: Double) {
    gamma.withUnsafeMutableBufferPointer { g in
      propagator.withUnsafeBufferPointer { d in
        product.withUnsafeMutableBufferPointer { x in
          spectral.withUnsafeMutableBufferPointer { a in
            bath.fillGamma(at: w, into: g.baseAddress!)
            algebra.multiply(d.baseAddress!, g.baseAddress!, into: x.baseAddress!)
            algebra.multiplyByAdjoint(x.baseAddress!, d.baseAddress!, into: a.baseAddress!)
          }
        }
      }
    }
  }
}
