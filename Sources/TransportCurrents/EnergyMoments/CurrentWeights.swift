import ElectronSpectra
import JunctionModel
import Quadrature

/// Weights of order 1: a state's occupations at the nodes; the energy of the nodes makes the first power.
package final class CurrentWeights: EnergyWeights {
  private let weights = OccupationWeights()
  /// What lies beyond the window, energies from the initial electrode's chemical potential; and that one.
  private var tail = ThermalTail<SIMD2<Double>>()
  private var potential = 0.0

  package init(highest: Int) { precondition(highest == 1, "powers up to \(highest) of the energy of a node") }

  /// Relative error of occupations, products and sums in floating point, with room for a few hundred terms.
  package static let rounding = 4e-15

  package func prepare(
    _ kernel: PanelKernel, channel: Int, state: ChannelState, process: OccupationWeights.Process
  ) -> Range<Int> {
    tail = ThermalTail(kernel, state, process, highest: 1)
    potential = state.initialPotential
    return weights.prepare(kernel, channel: channel, state: state, process: process)
  }

  package func sums(
    _ kernel: PanelKernel, _ column: KernelColumn, _ range: Range<Int>, _ state: ChannelState
  ) -> WeightedSums<SIMD2<Double>> {
    var result = inside(kernel, column, range)
    if column.isDiagonal {
      let beyond = tail.error(kernel, column)
      // From the chemical potential to the energy that the currents are measured from.
      result.error += SIMD2(beyond.x, beyond.y + abs(potential) * beyond.x)
    }
    return result
  }

  private func inside(_ kernel: PanelKernel, _ column: KernelColumn, _ range: Range<Int>) -> WeightedSums<SIMD2<Double>> {
    if let grid = kernel.uniform { return sums(kernel, grid, column, range) }
    var (value, energy, error, energyError, absolute) = (0.0, 0.0, 0.0, 0.0, 0.0)
    let (start, errorStart) = (column.values, column.errors)
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
    return WeightedSums(
      SIMD2(value, energy),
      error: SIMD2(abs(error) + Self.rounding * abs(value), abs(energyError) + Self.rounding * absolute))
  }

  /// The same on a uniform grid, where the aliasing error is bounded by the Fourier component at 3/8 of the sampling
  /// frequency times its decay.
  private func sums(
    _ kernel: PanelKernel, _ grid: UniformGrid, _ column: KernelColumn, _ range: Range<Int>
  ) -> WeightedSums<SIMD2<Double>> {
    var (value, energy, error, absolute) = (0.0, 0.0, 0.0, 0.0)
    var (re, im, energyRe, energyIm) = (0.0, 0.0, 0.0, 0.0)
    let (start, errorStart) = (column.values, column.errors)
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
    return WeightedSums(
      SIMD2(value, energy),
      error: SIMD2(
        error + alias * (re * re + im * im).squareRoot() + Self.rounding * value,
        relative * absolute + alias * (energyRe * energyRe + energyIm * energyIm).squareRoot() + Self.rounding * absolute))
  }
}

extension EnergyMoments where Order == FirstOrder {
  /// Integrals of every diagonal column of a channel.
  package func integrate(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> [ChannelIntegrals]
  {
    spectra(kernel, from: a, to: b, electrodes: electrodes, point: point).map { ChannelIntegrals($0) }
  }

  /// Integrals of the first diagonal column.
  package func integrateFirst(_ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, point: OperatingState)
    -> ChannelIntegrals
  {
    integrate(kernel, from: a, to: b, electrodes: electrodes, point: point)[0]
  }
}

extension ChannelIntegrals {
  /// The numbers by name.
  package init(_ m: SpectralMoments<SIMD2<Double>>) {
    self.init()
    (emission, emissionEnergy) = (m.emission.value.x, m.emission.value.y)
    (emissionError, emissionEnergyError) = (m.emission.error.x, m.emission.error.y)
    (absorption, absorptionEnergy) = (m.absorption.value.x, m.absorption.value.y)
    (absorptionError, absorptionEnergyError) = (m.absorption.error.x, m.absorption.error.y)
    (density, densityEnergy) = (m.density.value.x, m.density.value.y)
    (densityError, densityEnergyError) = (m.density.error.x, m.density.error.y)
  }
}
