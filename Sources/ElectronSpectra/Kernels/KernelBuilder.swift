import JunctionModel
import Quadrature
import TransportResults

/// Puts a sampler on panels, refining each until its Legendre tail falls below the tolerance.
package struct KernelBuilder {
  /// Relative accuracy of every column on every panel (against its own largest value there).
  package let tolerance: Double

  /// Refinement ends at this many panels or bytes; what is left is in the kernel's error.
  private static let panelLimit = 20_000
  private static let byteLimit = 1 << 30

  /// Builds the kernel. Throws what the sampler throws.
  package func build<Sampler: KernelSampler>(_ sampler: inout Sampler, mesh: KernelMesh, frequency: Double) throws -> PanelKernel
  {
    let rule = PanelKernel.rule
    let n = rule.order
    let (channels, columns, diagonals) = (sampler.channels, sampler.columns, sampler.diagonals)
    let width = channels * columns
    var accepted: [PanelSamples] = []
    var unresolved = 0
    let limit = min(Self.panelLimit, max(Self.byteLimit / (8 * n * max(width, 1)), 64))
    var values = [Double](repeating: 0, count: n * width)
    var rounding = [Double](repeating: 0, count: n * channels * diagonals)
    var refinement = PanelRefinement(mesh.panels(), limit: limit)
    _ = try refinement.descend { panel, hasRoom in
      var samples = PanelSamples(panel: panel, width: width, diagonalWidth: channels * diagonals, order: n)
      for i in 0..<n { samples.energies[i] = panel.position(rule.nodes[i]).0 }
      try sampler.sample(at: samples.energies, values: &values, rounding: &rounding)
      for i in 0..<n {
        let jacobian = panel.position(rule.nodes[i]).1
        for c in 0..<width { samples.values[c * n + i] = values[i * width + c] * jacobian }
        for c in 0..<(channels * diagonals) {
          samples.errors[c] = max(samples.errors[c], rounding[i * channels * diagonals + c] * jacobian)
        }
      }
      // Rounding of the nodes themselves moves a sharp resonance.
      let distance = mesh.distance(from: panel)
      let noise = 4.5e-16 * (max(abs(panel.start), abs(panel.end)) + abs(frequency)) / distance
      let converged = samples.assess(
        rule: rule, sampler: sampler, tolerance: max(tolerance, 4 * noise), noise: noise)
      if !converged, hasRoom, let halves = panel.bisected { return halves }
      if !converged { unresolved += 1 }
      accepted.append(samples)
      return nil
    }
    try SolverError.checkInterruption("computing a kernel")
    return assemble(accepted, frequency: frequency, sampler: sampler, unresolved: unresolved)
  }

  private func assemble<Sampler: KernelSampler>(
    _ accepted: [PanelSamples], frequency: Double, sampler: Sampler, unresolved: Int
  ) -> PanelKernel {
    let rule = PanelKernel.rule
    let n = rule.order
    let total = accepted.count * n
    let (channels, columns, diagonals) = (sampler.channels, sampler.columns, sampler.diagonals)
    let width = channels * columns
    var values = [Double](repeating: 0, count: width * total)
    var errors = [Double](repeating: 0, count: channels * diagonals * total)
    var integrals = [Double](repeating: 0, count: channels * accepted.count)
    var largest = [Double](repeating: 0, count: channels)
    var largestRounding = largest
    let prefactor = 1 / (2 * Double.pi)
    for (p, samples) in accepted.enumerated() {
      for i in 0..<n {
        let factor = rule.weights[i] * prefactor
        for c in 0..<width { values[c * total + p * n + i] = samples.values[c * n + i] * factor }
        for c in 0..<(channels * diagonals) { errors[c * total + p * n + i] = samples.errors[c] * factor }
      }
      for channel in 0..<channels {
        for m in 0..<diagonals {
          let start = (channel * columns + m) * n
          let peak = samples.values[start..<(start + n)].max() ?? 0
          integrals[channel * accepted.count + p] += peak
          largest[channel] = max(largest[channel], peak)
          largestRounding[channel] = max(largestRounding[channel], samples.rounding[channel * diagonals + m])
        }
      }
    }
    let reach = Self.reach(integrals, channels: channels, panels: accepted.count)
    let nodes = accepted.flatMap(\.energies)
    return PanelKernel(
      frequency: frequency, uniform: nil, panels: accepted.map(\.panel), nodes: nodes, finalNodes: nodes.map { $0 - frequency },
      channels: channels, columns: columns, diagonals: diagonals, values: values, errors: errors, reachBelow: reach.below,
      reachAbove: reach.above, vanishing: zip(largest, largestRounding).map { $0 <= 4 * $1 }, unresolvedPanels: unresolved,
      tolerance: tolerance)
  }

  private static func reach(_ integrals: [Double], channels: Int, panels: Int) -> (below: [Double], above: [Double]) {
    var (below, above) = (integrals, integrals)
    for c in 0..<channels where panels > 1 {
      for p in 1..<panels { below[c * panels + p] = max(below[c * panels + p], below[c * panels + p - 1]) }
      for p in stride(from: panels - 2, through: 0, by: -1) {
        above[c * panels + p] = max(above[c * panels + p], above[c * panels + p + 1])
      }
    }
    return (below, above)
  }
}

/// The samples of one panel while it is being assessed; values contain the Jacobian only.
private struct PanelSamples {
  let panel: Panel
  var energies: [Double]
  var values: [Double]
  /// Largest rounding error per diagonal column, then the interpolation error is added to it.
  var errors: [Double]
  var rounding: [Double]

  init(panel: Panel, width: Int, diagonalWidth: Int, order: Int) {
    self.panel = panel
    energies = [Double](repeating: 0, count: order)
    values = [Double](repeating: 0, count: width * order)
    errors = [Double](repeating: 0, count: diagonalWidth)
    rounding = errors
  }

  /// Compares the last two Legendre coefficients of every column with its size on the panel; turns `errors` into a bound
  /// of the interpolation error. Returns false when the panel must be split.
  mutating func assess<Sampler: KernelSampler>(
    rule: GaussLegendreRule, sampler: Sampler, tolerance: Double, noise: Double
  ) -> Bool {
    let n = rule.order
    let (columns, diagonals) = (sampler.columns, sampler.diagonals)
    rounding = errors
    var converged = true
    for channel in 0..<sampler.channels {
      var worst = 0.0
      var peaks = [Double](repeating: 0, count: diagonals)
      for column in 0..<columns {
        let start = (channel * columns + column) * n
        if column < diagonals { for i in start..<(start + n) { peaks[column] = max(peaks[column], values[i]) } }
        let tail = values.withUnsafeBufferPointer { buffer in
          abs(rule.coefficient(n - 1, of: buffer.baseAddress! + start))
            + abs(rule.coefficient(n - 2, of: buffer.baseAddress! + start))
        }
        let (m1, m2) = sampler.bounds(of: column)
        let size = (peaks[m1] * peaks[m2]).squareRoot()
        let floor = (rounding[channel * diagonals + m1] * rounding[channel * diagonals + m2]).squareRoot()
        if tail > 8 * floor {
          worst = max(worst, size > 0 ? tail / size : .infinity)
        }
        if tail > max(tolerance * size, 8 * floor) { converged = false }
      }
      for m in 0..<diagonals {
        let relative = worst.isFinite ? 2 * worst + noise : noise
        errors[channel * diagonals + m] = rounding[channel * diagonals + m] + relative * peaks[m]
      }
    }
    return converged
  }
}
