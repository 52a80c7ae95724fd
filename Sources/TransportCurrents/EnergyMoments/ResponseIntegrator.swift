import ElectronSpectra
import Quadrature
import RealModule
import TransportResults

/// int de/2pi X(e, w) (1 - f(e)) f(e - w) e^k for k = 0, 1, 2: the absorption spectrum of a pair channel in equilibrium and
/// its energy moments, e measured from the chemical potential.
package struct EnergyMoments {
  package var zeroth = Estimate()
  package var first = Estimate()
  package var second = Estimate()

  package static func * (factor: Double, m: EnergyMoments) -> EnergyMoments {
    EnergyMoments(zeroth: factor * m.zeroth, first: factor * m.first, second: factor * m.second)
  }
}

/// Contracts kernels with the weights of linear response. One instance per worker; cost: 3 nodes per column.
package final class ResponseIntegrator {
  private let weights = ResponseWeights()

  package init() {}

  /// Moments of the columns wanted of every channel that does not vanish, [channel][column]; empty for those that do.
  ///
  /// Errors of columns beyond the diagonals are bounded by the geometric mean of their diagonals' errors.
  package func integrate(_ kernel: PanelKernel, potential mu: Double, temperature t: Double, columns: Range<Int>? = nil)
    -> [[EnergyMoments]]
  {
    let range = weights.prepare(kernel, potential: mu, temperature: t)
    return (0..<kernel.channels).map { channel in
      guard !kernel.vanishing[channel] else { return [] }
      return (columns ?? 0..<kernel.columns).map { moments(kernel, channel, $0, range, mu, t) }
    }
  }

  private func moments(
    _ kernel: PanelKernel, _ channel: Int, _ column: Int, _ range: Range<Int>, _ mu: Double, _ t: Double
  ) -> EnergyMoments {
    let start = (channel * kernel.columns + column) * kernel.count
    let diagonal = min(column, kernel.diagonals - 1)
    let errorStart = (channel * kernel.diagonals + diagonal) * kernel.count
    var sums = [0.0, 0.0, 0.0]
    var doubts = [0.0, 0.0, 0.0]
    var (cosines, sines) = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    for k in 0..<3 {
      let g = weights.weights[k]
      var (sum, doubt, re, im) = (0.0, 0.0, 0.0, 0.0)
      if kernel.uniform == nil {
        for i in range {
          sum += kernel.values[start + i] * g[i]
          doubt += kernel.errors[errorStart + i] * g[i]
        }
      } else {
        for i in range {
          let term = kernel.values[start + i] * g[i]
          let probe = UniformGrid.probes[i & 7]
          sum += term
          doubt += kernel.errors[errorStart + i] * g[i]
          re += term * probe.cosine
          im += term * probe.sine
        }
      }
      (sums[k], doubts[k], cosines[k], sines[k]) = (sum, abs(doubt), re, im)
    }
    let tail = kernel.uniform == nil && column < kernel.diagonals ? self.tail(kernel, start, mu, t) : [0, 0, 0]
    let alias = kernel.uniform.map { UniformGrid.safety * $0.decay } ?? 0
    // |int dX g e| <= (int dX g int dX g e^2)^(1/2); the same for rounding.
    doubts[1] = (doubts[0] * doubts[2]).squareRoot()
    let scale = [abs(sums[0]), (abs(sums[0]) * abs(sums[2])).squareRoot(), abs(sums[2])]
    func estimate(_ k: Int) -> Estimate {
      let aliasing = alias * (cosines[k] * cosines[k] + sines[k] * sines[k]).squareRoot()
      return Estimate(sums[k], error: doubts[k] + tail[k] + aliasing + 2 * StateIntegrator.rounding * scale[k])
    }
    return EnergyMoments(zeroth: estimate(0), first: estimate(1), second: estimate(2))
  }

  /// What lies beyond the first and last panel, if X stays as large there as it is on that panel.
  private func tail(_ kernel: PanelKernel, _ start: Int, _ mu: Double, _ t: Double) -> [Double] {
    guard let first = kernel.panels.first, let last = kernel.panels.last else { return [0, 0, 0] }
    let n = PanelKernel.order
    func peak(_ p: Int) -> Double {
      let half = 0.5 * kernel.panels[p].length
      return (0..<n).reduce(0) { max($0, abs(kernel.values[start + p * n + $1]) / (PanelKernel.rule.weights[$1] * half)) }
    }
    let w = kernel.frequency
    var result = [0.0, 0.0, 0.0]
    for (x, distance, shift) in [
      (peak(0), mu - first.start, 0.0), (peak(kernel.panels.count - 1), last.end - mu - w, w),
    ] where distance > 0 {
      // int_d^inf (s + shift)^k exp(-s/T) ds.
      let decay = x * t * Double.exp(-distance / t)
      let u = distance + shift
      result[0] += decay
      result[1] += decay * (u + t)
      result[2] += decay * (u * u + 2 * u * t + 2 * t * t)
    }
    return result
  }
}
