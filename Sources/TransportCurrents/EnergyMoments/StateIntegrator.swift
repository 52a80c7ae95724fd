import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule

/// Contracts kernels with the occupations of a state. One instance per worker.
package final class StateIntegrator {
  private let weights = OccupationWeights()

  package init() {}

  /// Relative error of occupations, products and sums in floating point, with room for a few hundred terms.
  package static let rounding = 4e-15

  /// Integrals of every diagonal column of a channel.
  ///
  /// For electrodes at one temperature T > 0 the larger of E and B is integrated and the other follows from detailed
  /// balance B/E = exp((w - mu_ab)/T), exact to rounding however small the smaller one is.
  package func integrate(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> [ChannelIntegrals]
  {
    let channel = a * electrodes + b
    var result = [ChannelIntegrals](repeating: ChannelIntegrals(), count: kernel.diagonals)
    let state = point.channel(from: a, to: b, frequency: kernel.frequency)
    if state.isIsothermal, state.initialTemperature > 0 {
      let x = state.exponent
      let process: OccupationWeights.Process = x >= 0 ? .absorption : .emission
      let range = weights.prepare(kernel, channel: channel, state: state, process: process)
      let ratio = Double.exp(-abs(x))
      let difference = x >= 0 ? -Double.expMinusOne(-x) : Double.expMinusOne(x)
      let exponentError = ratio * min(abs(x), 700) * 4e-16
      for column in 0..<kernel.diagonals {
        let (value, energy, error, energyError) = sums(kernel, channel, column, range)
        var r = ChannelIntegrals()
        r.density = difference * value
        r.densityEnergy = difference * energy
        r.densityError = abs(difference) * (error + 4e-16 * abs(value))
        r.densityEnergyError = abs(difference) * energyError
        if x >= 0 {
          (r.absorption, r.absorptionEnergy, r.absorptionError, r.absorptionEnergyError) = (value, energy, error, energyError)
          (r.emission, r.emissionEnergy) = (ratio * value, ratio * energy)
          r.emissionError = ratio * error + exponentError * value
          r.emissionEnergyError = ratio * energyError + exponentError * abs(energy)
        } else {
          (r.emission, r.emissionEnergy, r.emissionError, r.emissionEnergyError) = (value, energy, error, energyError)
          (r.absorption, r.absorptionEnergy) = (ratio * value, ratio * energy)
          r.absorptionError = ratio * error + exponentError * value
          r.absorptionEnergyError = ratio * energyError + exponentError * abs(energy)
        }
        result[column] = r
      }
      return result
    }
    let emissionRange = weights.prepare(kernel, channel: channel, state: state, process: .emission)
    for column in 0..<kernel.diagonals {
      let (value, energy, error, energyError) = sums(kernel, channel, column, emissionRange)
      result[column].emission = value
      result[column].emissionEnergy = energy
      result[column].emissionError = error
      result[column].emissionEnergyError = energyError
    }
    let absorptionRange = weights.prepare(kernel, channel: channel, state: state, process: .absorption)
    for column in 0..<kernel.diagonals {
      let (value, energy, error, energyError) = sums(kernel, channel, column, absorptionRange)
      result[column].absorption = value
      result[column].absorptionEnergy = energy
      result[column].absorptionError = error
      result[column].absorptionEnergyError = energyError
      result[column].density = value - result[column].emission
      result[column].densityEnergy = energy - result[column].emissionEnergy
      result[column].densityError = error + result[column].emissionError
      result[column].densityEnergyError = energyError + result[column].emissionEnergyError
    }
    return result
  }

  /// Integrals of the first diagonal column.
  package func integrateFirst(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> ChannelIntegrals
  {
    integrate(kernel, from: a, to: b, electrodes: electrodes, point: point)[0]
  }

  /// Sum of kernel times weight, the same with e, and their error bounds.
  private func sums(
    _ kernel: PanelKernel, _ channel: Int, _ column: Int, _ range: Range<Int>
  ) -> (Double, Double, Double, Double) {
    if let grid = kernel.uniform { return sums(kernel, grid, channel, column, range) }
    var (value, energy, error, energyError, absolute) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let start = (channel * kernel.columns + column) * kernel.count
    let errorStart = (channel * kernel.diagonals + column) * kernel.count
    kernel.values.withUnsafeBufferPointer { x in
      kernel.errors.withUnsafeBufferPointer { dx in
        kernel.nodes.withUnsafeBufferPointer { e in
          weights.weights.withUnsafeBufferPointer { w in
            for i in range {
              let term = x[start + i] * w[i]
              let doubt = dx[errorStart + i] * w[i]
              value += term
              energy += term * e[i]
              error += doubt
              energyError += doubt * abs(e[i])
              absolute += abs(term * e[i])
            }
          }
        }
      }
    }
    return (value, energy, abs(error) + Self.rounding * abs(value), abs(energyError) + Self.rounding * absolute)
  }

  /// The same on a uniform grid, where the aliasing error is bounded by the Fourier component at 3/8 of the sampling
  /// frequency times its decay.
  private func sums(
    _ kernel: PanelKernel, _ grid: UniformGrid, _ channel: Int, _ column: Int, _ range: Range<Int>
  ) -> (Double, Double, Double, Double) {
    var (value, energy, error, absolute) = (0.0, 0.0, 0.0, 0.0)
    var (re, im, energyRe, energyIm) = (0.0, 0.0, 0.0, 0.0)
    let start = (channel * kernel.columns + column) * kernel.count
    let errorStart = (channel * kernel.diagonals + column) * kernel.count
    for i in range {
      let term = kernel.values[start + i] * weights.weights[i]
      let probe = UniformGrid.probes[i & 7]
      let weighted = term * kernel.nodes[i]
      value += term
      energy += weighted
      absolute += abs(weighted)
      error += kernel.errors[errorStart + i] * weights.weights[i]
      re += term * probe.cosine
      im += term * probe.sine
      energyRe += weighted * probe.cosine
      energyIm += weighted * probe.sine
    }
    let alias = UniformGrid.safety * grid.decay
    let relative = value > 0 ? error / value : 0
    return (
      value, energy, error + alias * (re * re + im * im).squareRoot() + Self.rounding * value,
      relative * absolute + alias * (energyRe * energyRe + energyIm * energyIm).squareRoot() + Self.rounding * absolute
    )
  }
}
