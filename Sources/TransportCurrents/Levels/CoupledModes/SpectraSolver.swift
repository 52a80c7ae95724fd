import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule

/// Pair spectra of all mode pairs for many states from one stored kernel: a matrix product per channel.
///
/// Cost per channel: 2 nodes n^2 states flops in dgemm, and the occupation weights of every state.
package final class SpectraSolver {
  private let weights = OccupationWeights()
  private var energyWeighted = false

  /// E and B of one channel for a block of states, with error bounds.
  package struct Block {
    /// Number of states in the block.
    package let states: Int
    /// [state * columns + column], columns as in `ModePairs`.
    package var emission: [Double]
    package var absorption: [Double]
    package var density: [Double]
    /// Error bounds of the diagonals, [state * diagonals + mode].
    package var emissionError: [Double]
    package var absorptionError: [Double]
    package var densityError: [Double]
  }

  package init() {}

  /// Integrates a channel of the kernel for every state; with `energyWeighted` int de/2pi e X f_a (1 - f_b) and so on.
  package func spectra(
    _ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, states: [OperatingState], energyWeighted: Bool = false
  ) -> Block {
    let channel = a * electrodes + b
    self.energyWeighted = energyWeighted
    let (columns, diagonals) = (kernel.columns, kernel.diagonals)
    var block = Block(
      states: states.count, emission: zeros(columns, states), absorption: zeros(columns, states),
      density: zeros(columns, states), emissionError: zeros(diagonals, states), absorptionError: zeros(diagonals, states),
      densityError: zeros(diagonals, states))
    guard kernel.count > 0, !states.isEmpty else { return block }
    let (e, eError) = contract(kernel, channel, states, a, b, .emission)
    let (absorbed, bError) = contract(kernel, channel, states, a, b, .absorption)
    for (s, state) in states.enumerated() {
      let c = state.channel(from: a, to: b, frequency: kernel.frequency)
      let isothermal = c.isIsothermal && c.initialTemperature > 0
      let x = isothermal ? c.exponent : 0
      // Equal temperatures: the larger rate is integrated, the other follows from detailed balance.
      let (toE, toB, toL): (Double, Double, Double) =
        x >= 0 ? (Double.exp(-x), 1, -Double.expMinusOne(-x)) : (1, Double.exp(x), Double.expMinusOne(x))
      for i in (s * columns)..<((s + 1) * columns) {
        if isothermal {
          let value = x >= 0 ? absorbed[i] : e[i]
          (block.emission[i], block.absorption[i], block.density[i]) = (toE * value, toB * value, toL * value)
        } else {
          (block.emission[i], block.absorption[i], block.density[i]) = (e[i], absorbed[i], absorbed[i] - e[i])
        }
      }
      for i in (s * diagonals)..<((s + 1) * diagonals) {
        if isothermal {
          let value = x >= 0 ? bError[i] : eError[i]
          let rounding =
            min(abs(x), 700) * 4e-16
            * abs(x >= 0 ? absorbed[s * columns + i - s * diagonals] : e[s * columns + i - s * diagonals])
          block.emissionError[i] = toE * (value + rounding)
          block.absorptionError[i] = toB * (value + rounding)
          block.densityError[i] = abs(toL) * (value + rounding)
        } else {
          (block.emissionError[i], block.absorptionError[i], block.densityError[i]) = (
            eError[i], bError[i], eError[i] + bError[i]
          )
        }
      }
    }
    return block
  }

  private func zeros(_ width: Int, _ states: [OperatingState]) -> [Double] {
    [Double](repeating: 0, count: width * states.count)
  }

  /// Values (columns per state) and error bounds (diagonals per state) for one process. States that take this process
  /// from detailed balance keep zero weights.
  private func contract(
    _ kernel: PanelKernel, _ channel: Int, _ states: [OperatingState], _ a: Int, _ b: Int,
    _ process: OccupationWeights.Process
  ) -> ([Double], [Double]) {
    let (count, columns, diagonals) = (kernel.count, kernel.columns, kernel.diagonals)
    var phi = [Double](repeating: 0, count: count * states.count)
    var isNeeded = false
    for (s, state) in states.enumerated() {
      let c = state.channel(from: a, to: b, frequency: kernel.frequency)
      if c.isIsothermal, c.initialTemperature > 0, (c.exponent >= 0) != (process == .absorption) { continue }
      isNeeded = true
      let range = weights.prepare(kernel, channel: channel, state: c, process: process)
      if energyWeighted {
        for i in range { phi[s * count + i] = weights.weights[i] * kernel.nodes[i] }
      } else {
        for i in range { phi[s * count + i] = weights.weights[i] }
      }
    }
    var values = [Double](repeating: 0, count: columns * states.count)
    var errors = [Double](repeating: 0, count: diagonals * states.count)
    guard isNeeded else { return (values, errors) }
    kernel.values.withUnsafeBufferPointer { x in
      kernel.errors.withUnsafeBufferPointer { dx in
        phi.withUnsafeBufferPointer { w in
          values.withUnsafeMutableBufferPointer { out in
            BLAS.multiply(
              x.baseAddress! + channel * columns * count, rows: count, transposeA: true, w.baseAddress!, rows: count,
              into: out.baseAddress!, rows: columns, m: columns, n: states.count, k: count)
          }
          errors.withUnsafeMutableBufferPointer { out in
            BLAS.multiply(
              dx.baseAddress! + channel * diagonals * count, rows: count, transposeA: true,
              energyWeighted ? phi.map(abs) : phi, rows: count, into: out.baseAddress!, rows: diagonals, m: diagonals,
              n: states.count, k: count)
          }
        }
      }
    }
    if let grid = kernel.uniform { addAliasing(kernel, grid, channel, phi, values, &errors) }
    for s in states.indices {
      for m in 0..<diagonals {
        errors[s * diagonals + m] = abs(errors[s * diagonals + m]) + StateIntegrator.rounding * abs(values[s * columns + m])
      }
    }
    return (values, errors)
  }

  /// Adds the aliasing error of a uniform grid: the worst relative one of all modes, applied to every mode.
  private func addAliasing(
    _ kernel: PanelKernel, _ grid: UniformGrid, _ channel: Int, _ phi: [Double], _ values: [Double], _ errors: inout [Double]
  ) {
    let (count, diagonals) = (kernel.count, kernel.diagonals)
    let states = phi.count / count
    var probes: [[Double]] = []
    for useSine in [false, true] {
      var turned = phi
      for i in turned.indices {
        let probe = UniformGrid.probes[(i % count) & 7]
        turned[i] *= useSine ? probe.sine : probe.cosine
      }
      var out = [Double](repeating: 0, count: diagonals * states)
      kernel.values.withUnsafeBufferPointer { x in
        BLAS.multiply(
          x.baseAddress! + channel * kernel.columns * count, rows: count, transposeA: true, turned, rows: count, into: &out,
          rows: diagonals, m: diagonals, n: states, k: count)
      }
      probes.append(out)
    }
    for s in 0..<states {
      var worst = 0.0
      for m in 0..<diagonals where abs(values[s * kernel.columns + m]) > 0 {
        let (re, im) = (probes[0][s * diagonals + m], probes[1][s * diagonals + m])
        worst = max(worst, (re * re + im * im).squareRoot() / abs(values[s * kernel.columns + m]))
      }
      for m in 0..<diagonals {
        errors[s * diagonals + m] += UniformGrid.safety * grid.decay * worst * abs(values[s * kernel.columns + m])
      }
    }
  }
}
