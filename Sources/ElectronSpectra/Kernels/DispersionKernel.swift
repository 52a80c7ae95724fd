import DenseMatrices
import JunctionModel
import Quadrature
import TransportResults

/// The state-independent kernel of the Hermitian part of Pi_e(w): what lies below every Fermi step, summed once, and panels
/// in the window of the steps.
package struct DispersionKernel: Sendable {
  package let frequency: Double
  /// Channels are electrodes; columns as in `ModePairs.all`. Values may have either sign.
  package let window: PanelKernel
  /// Integral over the filled energies below the window, all electrodes together, by column.
  package let filled: [Double]
  /// Error bound of any element: quadrature of all panels, Frobenius norm over the columns.
  package let error: Double

  /// Hermitian part of Pi_e in packed columns for a state, sum over electrodes.
  package func value(
    chemicalPotentials: [Double], temperatures: [Double], weights: OccupationWeights, into result: inout [Double], at start: Int
  ) {
    let columns = window.columns
    for c in 0..<columns { result[start + c] += filled[c] }
    for a in chemicalPotentials.indices {
      let step = ChannelState(
        initialPotential: chemicalPotentials[a], initialTemperature: temperatures[a], finalPotential: -1e300,
        finalTemperature: 0, frequency: 0)
      let range = weights.prepare(window, channel: a, state: step, process: .emission)
      for c in 0..<columns {
        let first = (a * columns + c) * window.count
        var sum = 0.0
        for i in range { sum += window.values[first + i] * weights.weights[i] }
        result[start + c] += sum
      }
    }
  }
}

/// Puts `DispersionSampler` on panels.
package struct DispersionKernelBuilder {
  package let tolerance: Double
  private static let panelLimit = 5000
  private static let rule = PanelKernel.rule

  private struct Samples {
    let panel: Panel
    /// [column * order + i], with the Jacobian.
    var values: [Double]
    var energies: [Double]
    var error: Double
  }

  /// Builds the kernel: energies from `lowest` (nil: minus infinity) to the top of `window`, in which the Fermi steps lie.
  /// `filled` takes the filled states below the window in closed form when it can.
  package func build(
    _ sampler: inout DispersionSampler, features: SpectralFeatures, window: ClosedRange<Double>, lowest: Double?,
    filledStates: FilledStates?
  ) throws -> DispersionKernel {
    var shifted = features
    if sampler.frequency != 0 {
      for sign in [1.0, -1.0] {
        shifted.resonances += features.resonances.map { ($0.position + sign * sampler.frequency, $0.width) }
        shifted.edges += features.edges.map { $0 + sign * sampler.frequency }
      }
    }
    var filled = [Double](repeating: 0, count: sampler.columns)
    var error = 0.0
    if var states = filledStates {
      (filled, error) = states.value(
        below: window.lowerBound, frequency: sampler.frequency, tolerance: tolerance, features: features)
    } else {
      // Below the window everything is filled. Beyond three times the largest distance of any feature e -> 1/e is analytic.
      let start = lowest.map { min($0, window.lowerBound) } ?? bottom(shifted, window)
      for samples in try sampled(&sampler, shifted, start...window.lowerBound) { add(samples, to: &filled, error: &error) }
      if lowest == nil { for samples in try tail(&sampler, below: start) { add(samples, to: &filled, error: &error) } }
    }
    let inside = try sampled(&sampler, shifted, window)
    for samples in inside { error += samples.error }
    return DispersionKernel(
      frequency: sampler.frequency, window: assemble(inside, sampler), filled: filled, error: error)
  }

  private func bottom(_ features: SpectralFeatures, _ window: ClosedRange<Double>) -> Double {
    let lowest = features.resonances.reduce(window.lowerBound) { min($0, $1.position - $1.width) }
    let highest = features.resonances.reduce(window.upperBound) { max($0, $1.position + $1.width) }
    return lowest - 3 * max(highest - lowest, 1e-300)
  }

  private func add(_ samples: Samples, to filled: inout [Double], error: inout Double) {
    let n = Self.rule.order
    for c in 0..<(samples.values.count / n) {
      for i in 0..<n {
        filled[c % filled.count] += Self.rule.weights[i] * samples.values[c * n + i] / (2 * Double.pi)
      }
    }
    error += samples.error
  }

  /// e = start - reach (1/s - 1), s in (0, 1]: Y falls off as 1/e^3, Y de/ds as s.
  private func tail(_ sampler: inout DispersionSampler, below start: Double) throws -> [Samples] {
    let reach = max(abs(start), 1e-300)
    func position(_ s: Double) -> (Double, Double) { (start - reach * (1 / s - 1), reach / (s * s)) }
    return try adaptive(&sampler, [Panel(0, 1)], noise: { _ in 1e-15 }, map: position)
  }

  private func sampled(
    _ sampler: inout DispersionSampler, _ features: SpectralFeatures, _ range: ClosedRange<Double>
  ) throws -> [Samples] {
    guard range.upperBound > range.lowerBound else { return [] }
    let mesh = KernelMesh(features, shiftedBy: 0, window: range)
    let frequency = abs(sampler.frequency)
    func noise(_ panel: Panel) -> Double {
      4.5e-16 * (max(abs(panel.start), abs(panel.end)) + frequency) / mesh.distance(from: panel)
    }
    return try adaptive(&sampler, mesh.panels(), noise: noise, map: { ($0, 1) })
  }

  private func adaptive(
    _ sampler: inout DispersionSampler, _ panels: [Panel], noise: (Panel) -> Double, map: (Double) -> (Double, Double)
  ) throws -> [Samples] {
    let n = Self.rule.order
    let width = sampler.electrodes * sampler.columns
    var result: [Samples] = []
    var row = [Double](repeating: 0, count: width)
    var refinement = PanelRefinement(panels, limit: Self.panelLimit)
    _ = try refinement.descend { panel, hasRoom in
      var samples = Samples(
        panel: panel, values: [Double](repeating: 0, count: width * n), energies: [Double](repeating: 0, count: n), error: 0)
      for i in 0..<n {
        let (s, jacobian) = panel.position(Self.rule.nodes[i])
        let (energy, slope) = map(s)
        try sampler.sample(at: energy, values: &row)
        samples.energies[i] = energy
        for c in 0..<width { samples.values[c * n + i] = row[c] * jacobian * slope }
      }
      let rounding = noise(panel)
      let (tail, size) = Self.tail(samples.values, width: width)
      let limit = max(tolerance, 8 * rounding)
      if tail > limit * size, hasRoom, let halves = panel.bisected { return halves }
      samples.error = (2 * tail + rounding * size) / Double.pi
      result.append(samples)
      return nil
    }
    try SolverError.checkInterruption("computing a kernel")
    return result
  }

  /// Frobenius norms over the columns of the last two Legendre coefficients and of the largest values.
  private static func tail(_ values: [Double], width: Int) -> (tail: Double, size: Double) {
    let n = rule.order
    var (tail, size) = (0.0, 0.0)
    values.withUnsafeBufferPointer { v in
      for c in 0..<width {
        let t =
          abs(rule.coefficient(n - 1, of: v.baseAddress! + c * n)) + abs(rule.coefficient(n - 2, of: v.baseAddress! + c * n))
        tail += t * t
        var peak = 0.0
        for i in 0..<n { peak = max(peak, abs(v[c * n + i])) }
        size += peak * peak
      }
    }
    return (tail.squareRoot(), size.squareRoot())
  }

  private func assemble(_ samples: [Samples], _ sampler: DispersionSampler) -> PanelKernel {
    let n = Self.rule.order
    let total = samples.count * n
    let (channels, columns) = (sampler.electrodes, sampler.columns)
    var values = [Double](repeating: 0, count: channels * columns * total)
    var reach = [Double](repeating: 0, count: channels * samples.count)
    for (p, s) in samples.enumerated() {
      for c in 0..<(channels * columns) {
        for i in 0..<n {
          values[c * total + p * n + i] = s.values[c * n + i] * Self.rule.weights[i] / (2 * Double.pi)
          reach[(c / columns) * samples.count + p] = max(reach[(c / columns) * samples.count + p], abs(s.values[c * n + i]))
        }
      }
    }
    for a in 0..<channels {
      for p in stride(from: samples.count - 2, through: 0, by: -1) {
        reach[a * samples.count + p] = max(reach[a * samples.count + p], reach[a * samples.count + p + 1])
      }
    }
    let nodes = samples.flatMap(\.energies)
    return PanelKernel(
      frequency: 0, uniform: nil, panels: samples.map(\.panel), nodes: nodes, finalNodes: nodes, channels: channels,
      columns: columns, diagonals: 0, values: values, errors: [], reachBelow: [Double](repeating: 0, count: reach.count),
      reachAbove: reach, vanishing: [Bool](repeating: false, count: channels), unresolvedPanels: 0, tolerance: tolerance)
  }
}
