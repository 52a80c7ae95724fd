import ElectronSpectra
import Quadrature
import RealModule

/// Weights of one state at the nodes of a kernel with powers of the electron's energy: f_a (1 - f_b) or (1 - f_a) f_b times
/// (e - mu_a)^k, k = 0 ... 4.
///
/// The powers belong to the weight, not to the kernel: near a Fermi step of width T they are T^k and keep their digits
/// on panels a million times longer. One instance per worker: it owns the buffers.
package final class MomentWeights {
  package static let orders = 5
  private static let order = PanelKernel.order
  /// Beyond this many temperatures nothing is left.
  private static let reach = 120.0

  /// [k * count + i].
  package private(set) var weights: [Double] = []
  package private(set) var count = 0
  private var moments = [Double](repeating: 0, count: PanelKernel.order * MomentWeights.orders)
  private var subintervals: [(Double, Double)] = []

  /// Fills the weights of a process and returns the range of nodes where they count.
  package func prepare(_ kernel: PanelKernel, state: ChannelState, process: OccupationWeights.Process) -> Range<Int> {
    count = kernel.count
    if weights.count < Self.orders * count { weights = [Double](repeating: 0, count: Self.orders * count) }
    let (belowT, aboveT) =
      process == .emission
      ? (state.finalTemperature, state.initialTemperature) : (state.initialTemperature, state.finalTemperature)
    let lower = min(state.initialPotential, state.finalStep) - Self.reach * belowT
    let upper = max(state.initialPotential, state.finalStep) + Self.reach * aboveT
    if kernel.uniform != nil {
      for i in 0..<count { fillNode(i, kernel.nodes[i], state, process) }
      return 0..<count
    }
    guard let first = kernel.panels.firstIndex(where: { $0.end > lower }),
      let last = kernel.panels.lastIndex(where: { $0.start < upper }), first <= last
    else { return 0..<0 }
    for p in first...last {
      let panel = kernel.panels[p]
      if OccupationWeights.isSmooth(panel.start, panel.end, state, process) {
        for i in (p * Self.order)..<((p + 1) * Self.order) { fillNode(i, kernel.nodes[i], state, process) }
      } else {
        fillByProducts(panel, firstNode: p * Self.order, state, process)
      }
    }
    return (first * Self.order)..<((last + 1) * Self.order)
  }

  private func fillNode(_ i: Int, _ e: Double, _ s: ChannelState, _ process: OccupationWeights.Process) {
    let x = e - s.initialPotential
    var f = OccupationWeights.weight(e, s, process)
    for k in 0..<Self.orders {
      weights[k * count + i] = f
      f *= x
    }
  }

  private func fillByProducts(_ panel: Panel, firstNode: Int, _ s: ChannelState, _ process: OccupationWeights.Process) {
    let n = Self.order
    let rule = PanelKernel.rule
    for k in moments.indices { moments[k] = 0 }
    if panel.grading == .uniform { addFromSteps(panel, s, process) } else { addInParameter(panel, s, process) }
    for k in 0..<Self.orders {
      moments.withUnsafeBufferPointer { m in
        weights.withUnsafeMutableBufferPointer { w in
          rule.productWeights(moments: m.baseAddress! + k * n, into: w.baseAddress! + k * count + firstNode)
          for i in 0..<n { w[k * count + firstNode + i] /= rule.weights[i] }
        }
      }
    }
  }

  /// Energies measured from the nearer of step and panel end, so that sharp steps keep their relative accuracy.
  private func addFromSteps(_ panel: Panel, _ s: ChannelState, _ process: OccupationWeights.Process) {
    // mu_b + w - mu_a without the rounding of mu_b + w.
    let gap = s.frequency - (s.initialPotential - s.finalPotential)
    typealias Origin = (energy: Double, initial: Double, final: Double)
    func atEnd(_ e: Double) -> Origin { (e, s.initialPotential - e, s.finalStep - e) }
    let steps: [Origin] = [(s.initialPotential, 0, gap), (s.finalStep, -gap, 0)]
    let inside = (gap < 0 ? [steps[1], steps[0]] : steps).filter { $0.energy > panel.start && $0.energy < panel.end }
    let points = [atEnd(panel.start)] + inside + [atEnd(panel.end)]
    for (i, (a, b)) in zip(points, points.dropFirst()).enumerated() {
      let betweenSteps = i == 1 && inside.count == 2
      let half = 0.5 * (betweenSteps ? abs(gap) : b.energy - a.energy)
      guard half > 0 else { continue }
      add(panel, a, 0, half, s, process)
      add(panel, b, -half, 0, s, process)
    }
  }

  private func add(
    _ panel: Panel, _ origin: (energy: Double, initial: Double, final: Double), _ start: Double, _ end: Double,
    _ s: ChannelState, _ process: OccupationWeights.Process
  ) {
    let rule = PanelKernel.rule
    let shifted = ChannelState(
      initialPotential: origin.initial, initialTemperature: s.initialTemperature, finalPotential: origin.final,
      finalTemperature: s.finalTemperature, frequency: 0)
    subintervals.removeAll(keepingCapacity: true)
    subdivide(start, end, shifted, process, depth: 0)
    for (low, high) in subintervals {
      let half = 0.5 * (high - low)
      for i in 0..<Self.order {
        let t = rule.nodes[i]
        let d = t < 0 ? low + half * (1 + t) : high - half * (1 - t)
        let weight = OccupationWeights.weight(d, shifted, process) * rule.weights[i] * half * 2 / panel.length
        addPowers(at: panel.parameter(origin.energy + d), weight, d - origin.initial)
      }
    }
  }

  private func addInParameter(_ panel: Panel, _ s: ChannelState, _ process: OccupationWeights.Process) {
    let rule = PanelKernel.rule
    subintervals.removeAll(keepingCapacity: true)
    let steps = [s.initialPotential, s.finalStep].filter { $0 > panel.start && $0 < panel.end }.sorted()
    var start = panel.start
    for step in steps + [panel.end] where step > start {
      subdivide(start, step, s, process, depth: 0)
      start = step
    }
    for (low, high) in subintervals {
      let (x1, x2) = (panel.parameter(low), panel.parameter(high))
      let half = 0.5 * (x2 - x1)
      guard half > 0 else { continue }
      for i in 0..<Self.order {
        let x = rule.nodes[i] < 0 ? x1 + half * (1 + rule.nodes[i]) : x2 - half * (1 - rule.nodes[i])
        let e = panel.position(x).0
        addPowers(at: x, OccupationWeights.weight(e, s, process) * rule.weights[i] * half, e - s.initialPotential)
      }
    }
  }

  private func addPowers(at x: Double, _ weight: Double, _ distance: Double) {
    guard weight != 0 else { return }
    var factor = weight
    moments.withUnsafeMutableBufferPointer { m in
      for k in 0..<Self.orders {
        PanelKernel.rule.addLegendre(at: x, factor: factor, to: m.baseAddress! + k * Self.order)
        factor *= distance
      }
    }
  }

  private func subdivide(
    _ start: Double, _ end: Double, _ s: ChannelState, _ process: OccupationWeights.Process, depth: Int
  ) {
    let middle = 0.5 * (start + end)
    if depth >= 60 || OccupationWeights.isSmooth(start, end, s, process) || middle <= start || middle >= end {
      subintervals.append((start, end))
      return
    }
    subdivide(start, middle, s, process, depth: depth + 1)
    subdivide(middle, end, s, process, depth: depth + 1)
  }
}
