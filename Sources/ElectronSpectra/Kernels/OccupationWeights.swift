import Quadrature
import RealModule
import SpecialFunctions

/// Weights of one state at the nodes of a kernel: f_a (1 - f_b) or (1 - f_a) f_b where they are smooth on a panel, and
/// product-integration weights where a Fermi step is sharper than the panel, so that T -> 0 costs nothing extra.
///
/// One instance per worker: it owns the buffers, nothing is allocated per state.
package final class OccupationWeights {
  /// Which of the two rates is weighted.
  package enum Process {
    /// f_a(e) [1 - f_b(e - w)].
    case emission
    /// [1 - f_a(e)] f_b(e - w).
    case absorption
  }

  /// A step is smooth on a panel when its poles at mu +- i pi T lie outside this Bernstein ellipse: rho^-32 = 7e-17, which the size of the
  /// weights near their poles multiplies by some 10^2.
  private static let rho = 3.2
  private static let order = PanelKernel.order
  /// Beyond this many temperatures the weight starts to be negligible; what follows is added only if it matters.
  private static let coreReach = 25.0

  package private(set) var weights: [Double] = []
  private var initialOccupied: [Double] = []
  private var initialEmpty: [Double] = []
  private var finalOccupied: [Double] = []
  private var finalEmpty: [Double] = []
  private var moments = [Double](repeating: 0, count: PanelKernel.order)
  private var subintervals: [(Double, Double)] = []

  package init() {}

  /// Fills `weights` for a channel and returns the range of nodes where they count; empty when the weight is zero.
  package func prepare(_ kernel: PanelKernel, channel: Int, state: ChannelState, process: Process) -> Range<Int> {
    if let grid = kernel.uniform { return prepare(kernel, grid, state, process) }
    let n = Self.order
    let panels = kernel.panels.count
    guard panels > 0 else { return 0..<0 }
    reserve(kernel.count)
    // Decay below the lower step and above the upper one.
    let (belowT, aboveT) =
      process == .emission
      ? (state.finalTemperature, state.initialTemperature) : (state.initialTemperature, state.finalTemperature)
    let lower = min(state.initialPotential, state.finalStep)
    let upper = max(state.initialPotential, state.finalStep)
    var first = firstPanel(kernel, endingAbove: lower - Self.coreReach * belowT)
    var last = lastPanel(kernel, startingBelow: upper + Self.coreReach * aboveT)
    guard first <= last else { return 0..<0 }
    fill(kernel, first..<(last + 1), state, process)
    var sum = integral(kernel, channel, first..<(last + 1))
    // The far side may hold a resonance that outweighs the decay of the occupations.
    while first > 0,
      matters(
        kernel.reachBelow[channel * panels + first - 1], lower - kernel.panels[first - 1].end, temperature: belowT,
        of: sum, panels: first, tolerance: kernel.tolerance)
    {
      first -= 1
      fill(kernel, first..<(first + 1), state, process)
      sum += integral(kernel, channel, first..<(first + 1))
    }
    while last < panels - 1,
      matters(
        kernel.reachAbove[channel * panels + last + 1], kernel.panels[last + 1].start - upper, temperature: aboveT,
        of: sum, panels: panels - last, tolerance: kernel.tolerance)
    {
      last += 1
      fill(kernel, last..<(last + 1), state, process)
      sum += integral(kernel, channel, last..<(last + 1))
    }
    return (first * n)..<((last + 1) * n)
  }

  /// On a uniform grid every Fermi step is smooth by construction: plain weights wherever they are not negligible.
  private func prepare(_ kernel: PanelKernel, _ grid: UniformGrid, _ state: ChannelState, _ process: Process) -> Range<Int> {
    reserve(kernel.count)
    let reach = 110 * max(state.initialTemperature, state.finalTemperature)
    let lower = min(state.initialPotential, state.finalStep) - reach
    let upper = max(state.initialPotential, state.finalStep) + reach
    let first = max(0, min(Int(((lower - grid.start) / grid.spacing).rounded(.down)), kernel.count)) / 4 * 4
    let last = max(first, min((Int(((upper - grid.start) / grid.spacing).rounded(.up)) + 4) / 4 * 4, kernel.count))
    kernel.nodes.withUnsafeBufferPointer { e in
      kernel.finalNodes.withUnsafeBufferPointer { final in
        evaluate(e.baseAddress! + first, final.baseAddress! + first, count: last - first, at: first, state, process)
      }
    }
    return first..<last
  }

  private func matters(
    _ reach: Double, _ distance: Double, temperature: Double, of sum: Double, panels count: Int, tolerance: Double
  ) -> Bool {
    guard temperature > 0 else { return false }
    return reach * Double(count) * Double.exp(-max(distance, 0) / temperature) > 1e-3 * tolerance * sum
  }

  private func integral(_ kernel: PanelKernel, _ channel: Int, _ panels: Range<Int>) -> Double {
    let start = channel * kernel.columns * kernel.count
    var sum = 0.0
    for column in 0..<kernel.diagonals {
      for i in (panels.lowerBound * Self.order)..<(panels.upperBound * Self.order) {
        sum += kernel.values[start + column * kernel.count + i] * weights[i]
      }
    }
    return sum
  }

  private func reserve(_ count: Int) {
    guard weights.count < count else { return }
    for path in [\OccupationWeights.weights, \.initialOccupied, \.initialEmpty, \.finalOccupied, \.finalEmpty] {
      self[keyPath: path] = [Double](repeating: 0, count: count)
    }
  }

  private func firstPanel(_ kernel: PanelKernel, endingAbove energy: Double) -> Int {
    var (low, high) = (0, kernel.panels.count)
    while low < high {
      let middle = (low + high) / 2
      if kernel.panels[middle].end > energy { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func lastPanel(_ kernel: PanelKernel, startingBelow energy: Double) -> Int {
    var (low, high) = (0, kernel.panels.count)
    while low < high {
      let middle = (low + high) / 2
      if kernel.panels[middle].start < energy { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// Weights on some panels.
  private func fill(_ kernel: PanelKernel, _ panels: Range<Int>, _ state: ChannelState, _ process: Process) {
    let n = Self.order
    let (start, count) = (panels.lowerBound * n, panels.count * n)
    kernel.nodes.withUnsafeBufferPointer { e in
      kernel.finalNodes.withUnsafeBufferPointer { final in
        evaluate(e.baseAddress! + start, final.baseAddress! + start, count: count, at: start, state, process)
      }
    }
    for p in panels where !Self.isSmooth(kernel.panels[p].start, kernel.panels[p].end, state, process) {
      fillByProducts(kernel.panels[p], firstNode: p * n, state, process)
    }
  }

  /// weights[at + i] = f_a (1 - f_b) or (1 - f_a) f_b.
  private func evaluate(
    _ initial: UnsafePointer<Double>, _ final: UnsafePointer<Double>, count: Int, at start: Int, _ state: ChannelState,
    _ process: Process
  ) {
    initialOccupied.withUnsafeMutableBufferPointer { fa in
      initialEmpty.withUnsafeMutableBufferPointer { ga in
        finalOccupied.withUnsafeMutableBufferPointer { fb in
          finalEmpty.withUnsafeMutableBufferPointer { gb in
            weights.withUnsafeMutableBufferPointer { w in
              FermiFunction.fill(
                energies: initial, count: count, chemicalPotential: state.initialPotential,
                temperature: state.initialTemperature, occupied: fa.baseAddress!, empty: ga.baseAddress!)
              FermiFunction.fill(
                energies: final, count: count, chemicalPotential: state.finalPotential,
                temperature: state.finalTemperature, occupied: fb.baseAddress!, empty: gb.baseAddress!)
              switch process {
              case .emission: for i in 0..<count { w[start + i] = fa[i] * gb[i] }
              case .absorption: for i in 0..<count { w[start + i] = ga[i] * fb[i] }
              }
            }
          }
        }
      }
    }
  }

  /// True when the weight is smooth on [start, end]: the Fermi poles lie outside, and where an occupation has decayed (which
  /// still counts if X vanishes near the step) the interval is no longer than `tailLength` temperatures.
  package static func isSmooth(_ start: Double, _ end: Double, _ state: ChannelState, _ process: Process) -> Bool {
    let (a, ta, b, tb) = (
      state.initialPotential, state.initialTemperature, state.finalStep, state.finalTemperature
    )
    guard resolves(start, end, a, ta), resolves(start, end, b, tb) else { return false }
    // f decays above its step, 1 - f below it.
    let (above, aboveT, below, belowT) = process == .emission ? (a, ta, b, tb) : (b, tb, a, ta)
    return !isLongTail(start - above, end - start, aboveT) && !isLongTail(below - end, end - start, belowT)
  }

  private static let tailLength = 16.0
  private static let tailReach = 110.0

  private static func isLongTail(_ distance: Double, _ length: Double, _ temperature: Double) -> Bool {
    temperature > 0 && distance >= 0 && distance < tailReach * temperature && length > tailLength * temperature
  }

  /// True when f((e - mu)/T) is smooth on [start, end].
  private static func resolves(_ start: Double, _ end: Double, _ mu: Double, _ temperature: Double) -> Bool {
    if mu <= start || mu >= end, temperature == 0 { return true }
    let half = 0.5 * (end - start)
    let u = (mu - 0.5 * (start + end)) / (half * 0.5 * (rho + 1 / rho))
    let v = Double.pi * temperature / (half * 0.5 * (rho - 1 / rho))
    return u * u + v * v >= 1
  }

  /// Product integration: the occupations on graded subintervals against the Legendre polynomials of the panel.
  private func fillByProducts(_ panel: Panel, firstNode: Int, _ state: ChannelState, _ process: Process) {
    let n = Self.order
    let rule = PanelKernel.rule
    for k in 0..<n { moments[k] = 0 }
    if panel.grading == .uniform {
      addMomentsFromSteps(panel, state, process)
    } else {
      addMomentsInParameter(panel, state, process)
    }
    moments.withUnsafeBufferPointer { m in
      weights.withUnsafeMutableBufferPointer { w in
        rule.productWeights(moments: m.baseAddress!, into: w.baseAddress! + firstNode)
        for i in 0..<n { w[firstNode + i] /= rule.weights[i] }
      }
    }
  }

  /// Where the two steps lie as seen from an energy, and that energy: all digits of small distances are kept.
  private struct Origin {
    let energy: Double
    let initialStep: Double
    let finalStep: Double
  }

  /// Moments in energies measured from the nearer of step and panel end, so that a step of width 1e-8 or two steps 1e-12
  /// apart keep their relative accuracy.
  private func addMomentsFromSteps(_ panel: Panel, _ s: ChannelState, _ process: Process) {
    // mu_b + w - mu_a without the rounding of mu_b + w.
    let gap = s.frequency - (s.initialPotential - s.finalPotential)
    let fromInitial = Origin(energy: s.initialPotential, initialStep: 0, finalStep: gap)
    let fromFinal = Origin(energy: s.finalStep, initialStep: -gap, finalStep: 0)
    func atEnd(_ e: Double) -> Origin {
      Origin(energy: e, initialStep: s.initialPotential - e, finalStep: s.finalStep - e)
    }
    var points = [atEnd(panel.start)]
    let ordered = gap < 0 ? [fromFinal, fromInitial] : [fromInitial, fromFinal]
    points += ordered.filter { $0.energy > panel.start && $0.energy < panel.end }
    if points.count == 3, gap == 0 { points.removeLast() }
    points.append(atEnd(panel.end))
    for (a, b) in zip(points, points.dropFirst()) {
      // Two steps are |gap| apart; otherwise the panel's end is one of the two points.
      let steps = a.energy != panel.start && b.energy != panel.end
      let half = 0.5 * (steps ? abs(gap) : b.energy - a.energy)
      guard half > 0 else { continue }
      addMoments(panel, a, from: 0, to: half, s, process)
      addMoments(panel, b, from: -half, to: 0, s, process)
    }
  }

  private func addMoments(
    _ panel: Panel, _ origin: Origin, from start: Double, to end: Double, _ s: ChannelState, _ process: Process
  ) {
    let rule = PanelKernel.rule
    subintervals.removeAll(keepingCapacity: true)
    let shifted = ChannelState(
      initialPotential: origin.initialStep, initialTemperature: s.initialTemperature, finalPotential: origin.finalStep,
      finalTemperature: s.finalTemperature, frequency: 0)
    subdivide(start, end, shifted, process, depth: 0)
    let scale = 2 / panel.length
    for (low, high) in subintervals {
      let half = 0.5 * (high - low)
      for i in 0..<Self.order {
        let t = rule.nodes[i]
        let d = t < 0 ? low + half * (1 + t) : high - half * (1 - t)
        let factor = Self.weight(d, shifted, process) * rule.weights[i] * half * scale
        guard factor != 0 else { continue }
        let x = panel.parameter(origin.energy + d)
        moments.withUnsafeMutableBufferPointer { rule.addLegendre(at: x, factor: factor, to: $0.baseAddress!) }
      }
    }
  }

  /// Moments in the panel's own parameter, which takes the square roots at a band edge out.
  private func addMomentsInParameter(_ panel: Panel, _ state: ChannelState, _ process: Process) {
    let n = Self.order
    let rule = PanelKernel.rule
    subintervals.removeAll(keepingCapacity: true)
    let steps = [state.initialPotential, state.finalStep].filter { $0 > panel.start && $0 < panel.end }.sorted()
    var start = panel.start
    for step in steps where step > start {
      subdivide(start, step, state, process, depth: 0)
      start = step
    }
    subdivide(start, panel.end, state, process, depth: 0)
    for (low, high) in subintervals {
      let (x1, x2) = (panel.parameter(low), panel.parameter(high))
      let half = 0.5 * (x2 - x1)
      guard half > 0 else { continue }
      for i in 0..<n {
        let x = rule.nodes[i] < 0 ? x1 + half * (1 + rule.nodes[i]) : x2 - half * (1 - rule.nodes[i])
        let e = panel.position(x).0
        let factor = Self.weight(e, state, process) * rule.weights[i] * half
        guard factor != 0 else { continue }
        moments.withUnsafeMutableBufferPointer { rule.addLegendre(at: x, factor: factor, to: $0.baseAddress!) }
      }
    }
  }

  /// Halves as `Panel.split` does, in energies measured from a step and in floating point that keeps them: nothing is sampled and no
  /// panel is made, once per state and panel that holds a step.
  private func subdivide(_ start: Double, _ end: Double, _ state: ChannelState, _ process: Process, depth: Int) {
    let middle = 0.5 * (start + end)
    if depth >= 60 || Self.isSmooth(start, end, state, process) || middle <= start || middle >= end {
      subintervals.append((start, end))
      return
    }
    subdivide(start, middle, state, process, depth: depth + 1)
    subdivide(middle, end, state, process, depth: depth + 1)
  }

  package static func weight(_ e: Double, _ s: ChannelState, _ process: Process) -> Double {
    func occupied(_ d: Double, _ t: Double) -> Double {
      if t == 0 { return d < 0 ? 1 : d > 0 ? 0 : 0.5 }
      let small = Double.exp(-abs(d) / t)
      return d > 0 ? small / (1 + small) : 1 / (1 + small)
    }
    let (da, db) = (e - s.initialPotential, e - s.finalStep)
    switch process {
    case .emission: return occupied(da, s.initialTemperature) * occupied(-db, s.finalTemperature)
    case .absorption: return occupied(-da, s.initialTemperature) * occupied(db, s.finalTemperature)
    }
  }
}
