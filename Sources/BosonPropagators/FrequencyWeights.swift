import Quadrature
import RealModule
import SpecialFunctions

/// Integration weights at the nodes of a frequency panel for densities that may be far sharper than the panel: the mode's
/// spectral function (damping down to 1e-7 of the energy), the Bose functions of the bath and of an isothermal channel.
///
/// The smooth factor (pair spectra) is interpolated between the nodes; the density is integrated on graded subintervals.
package struct FrequencyWeights {
  package static let order = 12
  package static let rule = GaussLegendreRule(order: order)
  private static let fine = GaussLegendreRule(order: 16)
  private static let rho = 2.5

  /// int density(w) l_j(w) dw for several densities at once, [density * order + j], and int |density| dw of each.
  package static func integrate(
    panel: Panel, features: [PanelFeature], densities: Int,
    _ density: (Double, UnsafeMutablePointer<Double>) -> Void
  ) -> (weights: [Double], norms: [Double]) {
    var intervals: [Panel] = []
    var points = [panel.start, panel.end]
    points += features.map(\.position).filter { $0 > panel.start && $0 < panel.end }
    points.sort()
    for (a, b) in zip(points, points.dropFirst()) where b > a {
      Panel(a, b).split(resolving: features, rho: rho, into: &intervals)
    }
    var moments = [Double](repeating: 0, count: densities * order)
    var norms = [Double](repeating: 0, count: densities)
    var values = [Double](repeating: 0, count: densities)
    for interval in intervals {
      let (a, b, half) = (interval.start, interval.end, 0.5 * interval.length)
      for i in 0..<fine.order {
        let t = fine.nodes[i]
        let w = t < 0 ? a + half * (1 + t) : b - half * (1 - t)
        density(w, &values)
        let x = panel.parameter(w)
        for d in 0..<densities {
          let factor = values[d] * fine.weights[i] * half
          norms[d] += abs(factor)
          moments.withUnsafeMutableBufferPointer { rule.addLegendre(at: x, factor: factor, to: $0.baseAddress! + d * order) }
        }
      }
    }
    var weights = [Double](repeating: 0, count: densities * order)
    moments.withUnsafeBufferPointer { m in
      weights.withUnsafeMutableBufferPointer { w in
        for d in 0..<densities {
          rule.productWeights(moments: m.baseAddress! + d * order, into: w.baseAddress! + d * order)
        }
      }
    }
    return (weights, norms)
  }
}
