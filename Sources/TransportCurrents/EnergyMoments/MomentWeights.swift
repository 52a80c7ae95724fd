import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule

/// Weights of one state at the nodes of a kernel with powers of the electron's energy: f_a (1 - f_b) or (1 - f_a) f_b times
/// (e - mu_a)^k, k = 0 ... the order.
///
/// The powers belong to the weight, not to the kernel: near a Fermi step of width T they are T^k and keep their digits
/// on panels a million times longer. One instance per worker: it owns the buffers.
package final class MomentWeights<Lanes: SIMD>: EnergyWeights where Lanes.Scalar == Double {
  /// Relative error of weights made of moments, products and sums.
  private static var rounding: Double { 2 * CurrentWeights.rounding }
  private static var order: Int { PanelKernel.order }
  /// Beyond this many temperatures nothing is left.
  private static var reach: Double { 120 }

  private let powers: Int
  /// [k * count + i].
  private var weights: [Double] = []
  private var count = 0
  private var tail = ThermalTail<Lanes>()
  private var moments: [Double]
  private var subintervals: [(Double, Double)] = []

  package init(highest: Int) {
    powers = highest + 1
    moments = [Double](repeating: 0, count: PanelKernel.order * powers)
  }

  /// One process of a state.
  private struct Occupations {
    let state: ChannelState
    let process: OccupationWeights.Process

    func weight(_ e: Double) -> Double { OccupationWeights.weight(e, state, process) }
    func isSmooth(_ start: Double, _ end: Double) -> Bool { OccupationWeights.isSmooth(start, end, state, process) }

    /// The energies beyond which nothing is left.
    func range(_ reach: Double) -> ClosedRange<Double> {
      let (initial, final) = (state.initialTemperature, state.finalTemperature)
      let (below, above) = process == .emission ? (final, initial) : (initial, final)
      let (low, high) = (min(state.initialPotential, state.finalStep), max(state.initialPotential, state.finalStep))
      return (low - reach * below)...(high + reach * above)
    }
  }

  package func prepare(
    _ kernel: PanelKernel, channel: Int, state: ChannelState, process: OccupationWeights.Process
  ) -> Range<Int> {
    count = kernel.count
    if weights.count < powers * count { weights = [Double](repeating: 0, count: powers * count) }
    tail = ThermalTail(kernel, state, process, highest: powers - 1)
    let occupations = Occupations(state: state, process: process)
    let range = occupations.range(Self.reach)
    if kernel.uniform != nil {
      guard let first = kernel.nodes.firstIndex(where: { $0 >= range.lowerBound }),
        let last = kernel.nodes.lastIndex(where: { $0 <= range.upperBound }), first <= last
      else { return 0..<0 }
      fill(kernel, first..<(last + 1), occupations)
      return first..<(last + 1)
    }
    guard let first = kernel.panels.firstIndex(where: { $0.end > range.lowerBound }),
      let last = kernel.panels.lastIndex(where: { $0.start < range.upperBound }), first <= last
    else { return 0..<0 }
    for p in first...last {
      let panel = kernel.panels[p]
      if occupations.isSmooth(panel.start, panel.end) {
        fill(kernel, (p * Self.order)..<((p + 1) * Self.order), occupations)
      } else {
        fillByProducts(panel, firstNode: p * Self.order, occupations)
      }
    }
    return (first * Self.order)..<((last + 1) * Self.order)
  }

  package func sums(
    _ kernel: PanelKernel, _ column: KernelColumn, _ range: Range<Int>, _ state: ChannelState
  ) -> WeightedSums<Lanes> {
    var result = WeightedSums<Lanes>()
    guard !range.isEmpty else { return result }
    for k in 0..<powers {
      let base = k * count
      var (sum, doubt, absolute, re, im) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for i in range {
        let w = weights[base + i]
        let term = kernel.values[column.values + i] * w
        sum += term
        absolute += abs(term)
        doubt += abs(kernel.errors[column.errors + i] * w)
        if kernel.uniform != nil {
          let probe = UniformGrid.probes[i & 7]
          re += term * probe.cosine
          im += term * probe.sine
        }
      }
      var bound = doubt + Self.rounding * absolute
      if let grid = kernel.uniform { bound += UniformGrid.safety * grid.decay * (re * re + im * im).squareRoot() }
      result.value[k] = sum
      result.error[k] = bound
    }
    if column.isDiagonal { result.error += tail.error(kernel, column) }
    return result
  }

  private func fill(_ kernel: PanelKernel, _ range: Range<Int>, _ occupations: Occupations) {
    for i in range {
      let e = kernel.nodes[i]
      var f = occupations.weight(e)
      for k in 0..<powers {
        weights[k * count + i] = f
        f *= e - occupations.state.initialPotential
      }
    }
  }

  private func fillByProducts(_ panel: Panel, firstNode: Int, _ occupations: Occupations) {
    let n = Self.order
    let rule = PanelKernel.rule
    for k in moments.indices { moments[k] = 0 }
    if panel.grading == .uniform { addFromSteps(panel, occupations) } else { addInParameter(panel, occupations) }
    for k in 0..<powers {
      moments.withUnsafeBufferPointer { m in
        weights.withUnsafeMutableBufferPointer { w in
          rule.productWeights(moments: m.baseAddress! + k * n, into: w.baseAddress! + k * count + firstNode)
          for i in 0..<n { w[k * count + firstNode + i] /= rule.weights[i] }
        }
      }
    }
  }

  /// An energy, and where the two steps lie as seen from it: all digits of small distances are kept.
  private typealias Origin = (energy: Double, initial: Double, final: Double)

  /// Energies measured from the nearer of step and panel end, so that sharp steps keep their relative accuracy.
  private func addFromSteps(_ panel: Panel, _ occupations: Occupations) {
    let s = occupations.state
    // mu_b + w - mu_a without the rounding of mu_b + w.
    let gap = s.frequency - (s.initialPotential - s.finalPotential)
    func atEnd(_ e: Double) -> Origin { (e, s.initialPotential - e, s.finalStep - e) }
    let steps: [Origin] = [(s.initialPotential, 0, gap), (s.finalStep, -gap, 0)]
    let inside = (gap < 0 ? [steps[1], steps[0]] : steps).filter { $0.energy > panel.start && $0.energy < panel.end }
    let points = [atEnd(panel.start)] + inside + [atEnd(panel.end)]
    for (i, (a, b)) in zip(points, points.dropFirst()).enumerated() {
      let betweenSteps = i == 1 && inside.count == 2
      let half = 0.5 * (betweenSteps ? abs(gap) : b.energy - a.energy)
      guard half > 0 else { continue }
      add(panel, a, from: 0, to: half, occupations)
      add(panel, b, from: -half, to: 0, occupations)
    }
  }

  private func add(_ panel: Panel, _ origin: Origin, from start: Double, to end: Double, _ occupations: Occupations) {
    let rule = PanelKernel.rule
    let (initial, final) = (occupations.state.initialTemperature, occupations.state.finalTemperature)
    let shifted = Occupations(
      state: ChannelState(
        initialPotential: origin.initial, initialTemperature: initial, finalPotential: origin.final, finalTemperature: final,
        frequency: 0), process: occupations.process)
    subintervals.removeAll(keepingCapacity: true)
    subdivide(start, end, shifted, depth: 0)
    for (low, high) in subintervals {
      let half = 0.5 * (high - low)
      for i in 0..<Self.order {
        let t = rule.nodes[i]
        let d = t < 0 ? low + half * (1 + t) : high - half * (1 - t)
        let weight = shifted.weight(d) * rule.weights[i] * half * 2 / panel.length
        addPowers(at: panel.parameter(origin.energy + d), weight, d - origin.initial)
      }
    }
  }

  /// In the panel's own parameter, which takes the square roots at a band edge out.
  private func addInParameter(_ panel: Panel, _ occupations: Occupations) {
    let rule = PanelKernel.rule
    let state = occupations.state
    subintervals.removeAll(keepingCapacity: true)
    let steps = [state.initialPotential, state.finalStep].filter { $0 > panel.start && $0 < panel.end }.sorted()
    var start = panel.start
    for step in steps + [panel.end] where step > start {
      subdivide(start, step, occupations, depth: 0)
      start = step
    }
    for (low, high) in subintervals {
      let (x1, x2) = (panel.parameter(low), panel.parameter(high))
      let half = 0.5 * (x2 - x1)
      guard half > 0 else { continue }
      for i in 0..<Self.order {
        let x = rule.nodes[i] < 0 ? x1 + half * (1 + rule.nodes[i]) : x2 - half * (1 - rule.nodes[i])
        let e = panel.position(x).0
        addPowers(at: x, occupations.weight(e) * rule.weights[i] * half, e - state.initialPotential)
      }
    }
  }

  private func addPowers(at x: Double, _ weight: Double, _ distance: Double) {
    guard weight != 0 else { return }
    var factor = weight
    moments.withUnsafeMutableBufferPointer { m in
      for k in 0..<powers {
        PanelKernel.rule.addLegendre(at: x, factor: factor, to: m.baseAddress! + k * Self.order)
        factor *= distance
      }
    }
  }

  private func subdivide(_ start: Double, _ end: Double, _ occupations: Occupations, depth: Int) {
    let middle = 0.5 * (start + end)
    if depth >= 60 || occupations.isSmooth(start, end) || middle <= start || middle >= end {
      subintervals.append((start, end))
      return
    }
    subdivide(start, middle, occupations, depth: depth + 1)
    subdivide(middle, end, occupations, depth: depth + 1)
  }
}
