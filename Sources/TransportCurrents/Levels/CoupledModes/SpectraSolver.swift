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

    /// Zeros.
    init(states: Int, columns: Int, diagonals: Int) {
      self.states = states
      emission = [Double](repeating: 0, count: columns * states)
      (absorption, density) = (emission, emission)
      emissionError = [Double](repeating: 0, count: diagonals * states)
      (absorptionError, densityError) = (emissionError, emissionError)
    }
  }

  package init() {}

  /// Integrates a channel of the kernel for every state.
  package func spectra(
    _ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, states: [OperatingState]
  ) -> Block {
    moments(kernel, from: a, to: b, electrodes: electrodes, states: states, highest: 0)[0]
  }

  /// The same with the powers e^k, k = 0 ... highest, of the initial electron's energy, one block for each:
  /// int de/2pi e^k X f_a (1 - f_b) and so on. The occupations are computed once. Cost: one matrix product per power and process.
  package func moments(
    _ kernel: PanelKernel, from a: Int, to b: Int, electrodes: Int, states: [OperatingState], highest: Int
  ) -> [Block] {
    let task = Task(
      kernel: kernel, channel: a * electrodes + b,
      states: states.map { $0.channel(from: a, to: b, frequency: kernel.frequency) })
    guard kernel.count > 0, !states.isEmpty else {
      return (0...highest).map { _ in Block(states: states.count, columns: kernel.columns, diagonals: kernel.diagonals) }
    }
    let emissions = contractions(task, .emission, highest: highest)
    let absorptions = contractions(task, .absorption, highest: highest)
    return zip(emissions, absorptions).map { block(task, emission: $0, absorption: $1) }
  }

  /// One channel of a kernel and the two Fermi steps of every state.
  private struct Task {
    let kernel: PanelKernel
    let channel: Int
    let states: [ChannelState]
  }

  /// Values (columns per state) and error bounds (diagonals per state) of one process and power.
  private struct Contraction {
    var values: [Double]
    var errors: [Double]
  }

  private func block(_ task: Task, emission e: Contraction, absorption b: Contraction) -> Block {
    let (columns, diagonals) = (task.kernel.columns, task.kernel.diagonals)
    var block = Block(states: task.states.count, columns: columns, diagonals: diagonals)
    for (s, c) in task.states.enumerated() {
      let isothermal = c.isIsothermal && c.initialTemperature > 0
      let x = isothermal ? c.exponent : 0
      // Equal temperatures: the larger rate is integrated, the other follows from detailed balance.
      let (toE, toB, toL): (Double, Double, Double) =
        x >= 0 ? (Double.exp(-x), 1, -Double.expMinusOne(-x)) : (1, Double.exp(x), Double.expMinusOne(x))
      for i in (s * columns)..<((s + 1) * columns) {
        if isothermal {
          let value = x >= 0 ? b.values[i] : e.values[i]
          (block.emission[i], block.absorption[i], block.density[i]) = (toE * value, toB * value, toL * value)
        } else {
          (block.emission[i], block.absorption[i], block.density[i]) = (e.values[i], b.values[i], b.values[i] - e.values[i])
        }
      }
      for i in (s * diagonals)..<((s + 1) * diagonals) {
        if isothermal {
          let column = s * columns + i - s * diagonals
          let value = x >= 0 ? b.errors[i] : e.errors[i]
          let rounding = min(abs(x), 700) * 4e-16 * abs(x >= 0 ? b.values[column] : e.values[column])
          block.emissionError[i] = toE * (value + rounding)
          block.absorptionError[i] = toB * (value + rounding)
          block.densityError[i] = abs(toL) * (value + rounding)
        } else {
          (block.emissionError[i], block.absorptionError[i], block.densityError[i]) = (
            e.errors[i], b.errors[i], e.errors[i] + b.errors[i]
          )
        }
      }
    }
    return block
  }

  /// The contractions of one process, by power. States that take this process from detailed balance keep zero weights.
  private func contractions(_ task: Task, _ process: OccupationWeights.Process, highest: Int) -> [Contraction] {
    let (kernel, count) = (task.kernel, task.kernel.count)
    var phi = [Double](repeating: 0, count: count * task.states.count)
    var isNeeded = false
    for (s, c) in task.states.enumerated() {
      if c.isIsothermal, c.initialTemperature > 0, (c.exponent >= 0) != (process == .absorption) { continue }
      isNeeded = true
      let range = weights.prepare(kernel, channel: task.channel, state: c, process: process)
      for i in range { phi[s * count + i] = weights.weights[i] }
    }
    var result: [Contraction] = []
    for power in 0...highest {
      if power > 0 { for i in phi.indices { phi[i] *= kernel.nodes[i % count] } }
      result.append(isNeeded ? contraction(task, phi, moduli: power > 0 ? phi.map(abs) : phi) : zero(task))
    }
    return result
  }

  private func zero(_ task: Task) -> Contraction {
    Contraction(
      values: [Double](repeating: 0, count: task.kernel.columns * task.states.count),
      errors: [Double](repeating: 0, count: task.kernel.diagonals * task.states.count))
  }

  /// The kernel times weights of every state, [state * nodes + node], its errors times `moduli`.
  private func contraction(_ task: Task, _ phi: [Double], moduli: [Double]) -> Contraction {
    let (kernel, channel, states) = (task.kernel, task.channel, task.states.count)
    let (count, columns, diagonals) = (kernel.count, kernel.columns, kernel.diagonals)
    var result = zero(task)
    kernel.values.withUnsafeBufferPointer { x in
      kernel.errors.withUnsafeBufferPointer { dx in
        phi.withUnsafeBufferPointer { w in
          result.values.withUnsafeMutableBufferPointer { out in
            BLAS.multiply(
              x.baseAddress! + channel * columns * count, rows: count, transposeA: true, w.baseAddress!, rows: count,
              into: out.baseAddress!, rows: columns, m: columns, n: states, k: count)
          }
          result.errors.withUnsafeMutableBufferPointer { out in
            BLAS.multiply(
              dx.baseAddress! + channel * diagonals * count, rows: count, transposeA: true, moduli, rows: count,
              into: out.baseAddress!, rows: diagonals, m: diagonals, n: states, k: count)
          }
        }
      }
    }
    if let grid = kernel.uniform { addAliasing(task, grid, phi, to: &result) }
    for s in 0..<states {
      for m in 0..<diagonals {
        let rounding = CurrentWeights.rounding * abs(result.values[s * columns + m])
        result.errors[s * diagonals + m] = abs(result.errors[s * diagonals + m]) + rounding
      }
    }
    return result
  }

  /// Adds the aliasing error of a uniform grid: the worst relative one of all modes, applied to every mode.
  private func addAliasing(_ task: Task, _ grid: UniformGrid, _ phi: [Double], to result: inout Contraction) {
    let (kernel, states) = (task.kernel, task.states.count)
    let (count, diagonals) = (kernel.count, kernel.diagonals)
    var probes: [[Double]] = []
    for probe in [UniformGrid.probes.map(\.cosine), UniformGrid.probes.map(\.sine)] {
      var turned = phi
      for i in turned.indices { turned[i] *= probe[(i % count) & 7] }
      var out = [Double](repeating: 0, count: diagonals * states)
      kernel.values.withUnsafeBufferPointer { x in
        BLAS.multiply(
          x.baseAddress! + task.channel * kernel.columns * count, rows: count, transposeA: true, turned, rows: count, into: &out,
          rows: diagonals, m: diagonals, n: states, k: count)
      }
      probes.append(out)
    }
    for s in 0..<states {
      var worst = 0.0
      for m in 0..<diagonals where abs(result.values[s * kernel.columns + m]) > 0 {
        let (re, im) = (probes[0][s * diagonals + m], probes[1][s * diagonals + m])
        worst = max(worst, (re * re + im * im).squareRoot() / abs(result.values[s * kernel.columns + m]))
      }
      for m in 0..<diagonals {
        result.errors[s * diagonals + m] += UniformGrid.safety * grid.decay * worst * abs(result.values[s * kernel.columns + m])
      }
    }
  }
}
