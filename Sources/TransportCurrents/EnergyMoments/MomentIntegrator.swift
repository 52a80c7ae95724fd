import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule

/// Moments of the emission and absorption spectra of one channel and column: int de/2pi X (e - mu_a)^k f_a (1 - f_b), the
/// reverse, and their difference; k = 0 ... 4 in the first five lanes. Errors are absolute bounds.
package struct ChannelMoments {
  package typealias Lanes = SIMD8<Double>
  package var emission = Lanes()
  package var absorption = Lanes()
  /// Absorption minus emission, without cancellation when both electrodes have one temperature.
  package var density = Lanes()
  package var emissionError = Lanes()
  package var absorptionError = Lanes()
  package var densityError = Lanes()
}

/// Contracts kernels with the occupations of a state and powers of the energy. One instance per worker.
package final class MomentIntegrator {
  private let weights = MomentWeights()
  private static let orders = MomentWeights.orders

  /// Moments of every diagonal column of a channel.
  ///
  /// For electrodes at one temperature T > 0 the larger of the two spectra is integrated and the other follows from
  /// detailed balance, moment by moment: exp((w - mu_ab)/T) does not depend on e.
  package func integrate(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> [ChannelMoments]
  {
    let channel = a * electrodes + b
    let state = point.channel(from: a, to: b, frequency: kernel.frequency)
    var result = [ChannelMoments](repeating: ChannelMoments(), count: kernel.diagonals)
    if state.isIsothermal, state.initialTemperature > 0 {
      let x = state.exponent
      let ratio = Double.exp(-abs(x))
      let difference = x >= 0 ? -Double.expMinusOne(-x) : Double.expMinusOne(x)
      let exponentError = ratio * min(abs(x), 700) * 4e-16
      let range = weights.prepare(kernel, state: state, process: x >= 0 ? .absorption : .emission)
      for column in 0..<kernel.diagonals {
        let (larger, error) = sums(kernel, channel, column, range, state)
        let size = Self.magnitude(larger)
        var r = ChannelMoments()
        let (smaller, smallerError) = (ratio * larger, ratio * error + exponentError * size)
        r.density = difference * larger
        r.densityError = abs(difference) * (error + 4e-16 * size)
        (r.absorption, r.absorptionError) = x >= 0 ? (larger, error) : (smaller, smallerError)
        (r.emission, r.emissionError) = x >= 0 ? (smaller, smallerError) : (larger, error)
        result[column] = r
      }
      return result
    }
    let emissionRange = weights.prepare(kernel, state: state, process: .emission)
    for column in 0..<kernel.diagonals {
      (result[column].emission, result[column].emissionError) = sums(kernel, channel, column, emissionRange, state)
    }
    let absorptionRange = weights.prepare(kernel, state: state, process: .absorption)
    for column in 0..<kernel.diagonals {
      (result[column].absorption, result[column].absorptionError) = sums(kernel, channel, column, absorptionRange, state)
      result[column].density = result[column].absorption - result[column].emission
      result[column].densityError = result[column].absorptionError + result[column].emissionError
    }
    return result
  }

  package static func magnitude(_ x: ChannelMoments.Lanes) -> ChannelMoments.Lanes { x.replacing(with: -x, where: x .< 0) }

  private func sums(
    _ kernel: PanelKernel, _ channel: Int, _ column: Int, _ range: Range<Int>, _ state: ChannelState
  ) -> (ChannelMoments.Lanes, ChannelMoments.Lanes) {
    var (value, error) = (ChannelMoments.Lanes(), ChannelMoments.Lanes())
    guard !range.isEmpty else { return (value, error) }
    let start = (channel * kernel.columns + column) * kernel.count
    let errorStart = (channel * kernel.diagonals + column) * kernel.count
    let hottest = max(state.initialTemperature, state.finalTemperature)
    for k in 0..<Self.orders {
      let base = k * weights.count
      var (sum, doubt, absolute, re, im) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for i in range {
        let w = weights.weights[base + i]
        let term = kernel.values[start + i] * w
        sum += term
        absolute += abs(term)
        doubt += abs(kernel.errors[errorStart + i] * w)
        if kernel.uniform != nil {
          let probe = UniformGrid.probes[i & 7]
          re += term * probe.cosine
          im += term * probe.sine
        }
      }
      var bound = doubt + StateIntegrator.rounding * absolute
      if let grid = kernel.uniform {
        bound += UniformGrid.safety * grid.decay * (re * re + im * im).squareRoot()
        // What lies beyond the grid decays over a temperature.
        let ends = abs(kernel.values[start] * weights.weights[base])
        let last = kernel.count - 1
        bound += 2 * (ends + abs(kernel.values[start + last] * weights.weights[base + last])) * hottest / grid.spacing
      } else {
        bound += 2 * hottest * beyond(kernel, start, base, range)
      }
      value[k] = sum
      error[k] = bound
    }
    return (value, error)
  }

  /// Largest integrand on the outermost panels: what lies beyond the kernel's window decays from there over a temperature.
  private func beyond(_ kernel: PanelKernel, _ start: Int, _ base: Int, _ range: Range<Int>) -> Double {
    let n = PanelKernel.order
    var total = 0.0
    for (panel, i) in [(0, 0), (kernel.panels.count - 1, kernel.count - 1)] where range.contains(i) {
      let density = kernel.values[start + i] * weights.weights[base + i] / PanelKernel.rule.weights[i % n]
      total += abs(density) * 2 / kernel.panels[panel].length
    }
    return total
  }
}
