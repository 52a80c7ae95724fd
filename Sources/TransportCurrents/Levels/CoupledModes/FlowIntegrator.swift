import BosonPropagators
import DenseMatrices
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Integrates all flows over one frequency panel: the electrons' spectra are interpolated, D is exact at every point, and
/// intervals are graded towards every feature, then halved until the integrands are resolved.
///
/// One instance per worker and layout; it owns its buffers.
package final class FlowIntegrator {
  private static let rule = GaussLegendreRule(order: 16)
  private static let order = 16
  /// Bernstein parameter of an interval against every feature: the Gauss rule then converges as rho^-32.
  private static let rho = 2.2
  private static let deepest = 64
  private static let intervalLimit = 60_000

  private let integrand: FlowIntegrand
  private let layout: FlowLayout
  private let spectra: SpectraLayout
  private var samples: [Double]
  private var row: [Double]
  private var interpolated: [Double]
  private var phases: [Double]
  private var legendre = [Double](repeating: 0, count: SpectraMesh.order)
  private var weights = [Double](repeating: 0, count: SpectraMesh.order)
  private var norms: [(propagator: Double, spectral: Double, occupied: Double)]
  /// What errors of the spectra may do at a node: moduli of the weights of E and L by channel, and of D, times errors of single elements.
  private struct Doubts {
    var channels: [(emission: Double, density: Double)]
    var propagator = 0.0
    /// The part of the damping's errors.
    var damping = 0.0
  }
  /// Per node, from interpolation and from the kernels.
  private var tails: [Doubts]
  private var floors: [Doubts]
  /// Relative error of the baths' broadenings per node.
  private var broadeningErrors = [Double](repeating: 0, count: FlowIntegrator.order)
  /// Errors of the baths' self-energies per node.
  private var selfEnergyErrors = [Double](repeating: 0, count: FlowIntegrator.order)
  /// Largest occupation of a bath per node.
  private var occupations = [Double](repeating: 0, count: FlowIntegrator.order)
  /// Changes of the gross flows by a common shift of Pi_e, [flow * order + node]: electrons' energy and rate, the baths' energy and rate.
  private var shifted = [Double](repeating: 0, count: 4 * FlowIntegrator.order)
  private var shift = CommonShift()
  private var intervals = 0
  /// Integrals so far below which an interval does not matter.
  private var scale = (electrons: 0.0, all: 0.0)
  /// The same of a first look at all panels: what begins at w = 0 cannot be measured against what has been summed before.
  private var reference: [Double]
  /// Infinite, with the sign of the integrand, where an integral down to w = 0 does not exist; 0 elsewhere.
  private var divergences: [Double]
  /// The smallest scale of a state where D diverges at w = 0: far below it what exists is no more than noise.
  private var smallest = 0.0
  /// Flows that no interval is halved for: those that do not exist, and rates that cancel where the gross ones do not exist.
  private var isIgnored: [Bool]

  package init(
    _ environment: BosonEnvironment, _ layout: FlowLayout, _ spectra: SpectraLayout, unfelt: UnfeltMotions? = nil
  ) {
    integrand = FlowIntegrand(environment, layout, unfelt: unfelt)
    self.layout = layout
    self.spectra = spectra
    samples = [Double](repeating: 0, count: layout.count * Self.order)
    row = [Double](repeating: 0, count: layout.count)
    (divergences, reference) = (row, row)
    isIgnored = [Bool](repeating: false, count: layout.count)
    interpolated = [Double](repeating: 0, count: max(spectra.rows, 1) * Self.order)
    phases = [Double](repeating: 0, count: Self.order)
    norms = [(propagator: Double, spectral: Double, occupied: Double)](repeating: (0, 0, 0), count: Self.order)
    let none = Doubts(channels: [(emission: Double, density: Double)](repeating: (0, 0), count: spectra.channels.count))
    tails = [Doubts](repeating: none, count: Self.order)
    floors = tails
  }

  /// Looks at all panels before they are integrated: how large the flows will be and, where D diverges at w = 0 (`isFree`), which integrals
  /// do not exist. Cost: 16 points per piece of a panel.
  package func prepare(_ panels: [PanelSpectra], state: OperatingState, rule: KinkRule, isFree: Bool) throws(SolverError) {
    (integrand.isFree, integrand.lowest) = (isFree, 0)
    if isFree, spectra.rows == 0, let first = panels.first { try findPlateau(first, state) }
    if isFree, let first = panels.first { try findDivergences(first, state) }
    guard isFree || !integrand.environment.edges.isEmpty else { return }
    for flow in reference.indices { reference[flow] = 0 }
    for panel in panels {
      for piece in rule.pieces(of: panel.panel) {
        try sample(piece, panel, state)
        for flow in reference.indices where divergences[flow] == 0 {
          // A tenth: a node may have met a peak.
          for i in 0..<Self.order { reference[flow] += 0.1 * Self.rule.weights[i] * abs(samples[flow * Self.order + i]) }
        }
      }
    }
  }

  /// Where only baths exchange heat and their transmissions are the same at 1e-8 and 1e-6 of all scales, they are constant below (even in w).
  private func findPlateau(_ panel: PanelSpectra, _ state: OperatingState) throws(SolverError) {
    let environment = integrand.environment
    let scale = min(environment.highestFrequency, environment.freeFriction ?? .infinity)
    guard scale > 0, scale.isFinite else { return }
    /// w times the gross rate at unit occupations: heats over temperatures.
    func transmissions(at w: Double) throws(SolverError) -> [Double] {
      try evaluate(w, panel, state, node: 0)
      return (0..<layout.baths).map { integrand.transmissionInto($0) }
    }
    let (near, far) = (try transmissions(at: 1e-8 * scale), try transmissions(at: 1e-6 * scale))
    guard zip(near, far).allSatisfy({ abs($0 - $1) <= 1e-10 * abs($1) }) else { return }
    integrand.lowest = 1e-8 * scale
  }

  /// An integrand f whose w f(w) does not fall as w goes to zero has no integral: at 1e-7 and 1e-5 of all scales f = w^-a makes 100^(a-1) of
  /// it, and a = 1/2 is the largest power that can be integrated and occurs.
  private func findDivergences(_ panel: PanelSpectra, _ state: OperatingState) throws(SolverError) {
    let environment = integrand.environment
    let scales = state.temperatures + state.bathTemperatures + [environment.highestFrequency, environment.freeFriction ?? 0]
    smallest = scales.reduce(panel.panel.end) { $1 > 0 ? min($0, $1) : $0 }
    let (near, far) = (1e-7 * smallest, 1e-5 * smallest)
    try evaluate(far, panel, state, node: 0)
    let before = row
    try evaluate(near, panel, state, node: 0)
    let rates = Set(layout.rates)
    for f in row.indices {
      // What cancels to rounding is no flow.
      let gross = f < layout.conductanceStart ? row[layout.grossStart + (rates.contains(f) ? 3 : 2)] : 0
      let grows = near * abs(row[f]) > 0.3 * far * abs(before[f]) && abs(row[f]) > 1e-10 * gross
      divergences[f] = grows ? (row[f] > 0 ? .infinity : -.infinity) : 0
    }
    isIgnored = divergences.map { $0 != 0 }
    if layout.options.population {
      let diagonal = layout.populationStart..<(layout.populationStart + layout.modes)
      if diagonal.contains(where: { isIgnored[$0] }) {
        for flow in diagonal.upperBound..<layout.lightStart { isIgnored[flow] = true }
      }
    }
    let (electrons, all) = (divergences[layout.grossStart + 1] != 0, divergences[layout.grossStart + 3] != 0)
    for flow in layout.rates where electrons || all && (flow >= layout.bathStart || !integrand.isDeafToFreeMotions) {
      isIgnored[flow] = true
    }
  }

  /// Integrals over the panel. `tolerance` is the relative accuracy of the quadrature. Throws when D does not exist at a point.
  package func integrate(
    _ panel: PanelSpectra, state: OperatingState, rule: KinkRule, tolerance: Double
  ) throws(SolverError) -> PanelFlows {
    var result = PanelFlows(layout)
    var isFirst = true
    (intervals, shift) = (0, CommonShift())
    scale = (0, 0)
    var refinement = PanelRefinement(rule.pieces(of: panel.panel).map { HalvedPanel($0) })
    _ = try refinement.descend { (part, _) throws(SolverError) in
      let (interval, halves) = (part.panel, part.halves(to: Self.deepest))
      if let halves, !interval.resolves(rule.features, rho: Self.rho) { return halves }
      try sample(interval, panel, state)
      let resolved = integrand.isFree && interval.end < 1e-13 * smallest || isResolved(interval, tolerance)
      if !resolved, intervals < Self.intervalLimit, let halves { return halves }
      intervals += 1
      add(interval, panel, state, isFirst: isFirst, unresolved: !resolved, to: &result)
      isFirst = false
      return nil
    }
    try SolverError.checkInterruption("integrating over frequencies")
    shift.add(to: &result)
    finish(&result)
    return result
  }

  /// Integrands times Jacobian at the nodes, [flow * order + node].
  private func sample(_ interval: Panel, _ panel: PanelSpectra, _ state: OperatingState) throws(SolverError) {
    for i in 0..<Self.order {
      let (w, jacobian) = interval.position(Self.rule.nodes[i])
      if let shift = panel.commonShift {
        try evaluate(w, panel, state, node: i, shift: shift)
        keepGross(node: i)
      }
      try evaluate(w, panel, state, node: i)
      if panel.commonShift != nil { keepShift(node: i, jacobian) }
      phases[i] = integrand.phase
      norms[i] = integrand.norms
      occupations[i] = integrand.largestOccupation
      (broadeningErrors[i], selfEnergyErrors[i]) = (integrand.broadeningError, integrand.selfEnergyError)
      contractTails(panel, node: i, jacobian)
      for f in 0..<layout.count { samples[f * Self.order + i] = row[f] * jacobian }
      norms[i].propagator *= jacobian
      norms[i].spectral *= jacobian
      norms[i].occupied *= jacobian
    }
  }

  /// The integrands at a frequency, into `row`.
  private func evaluate(
    _ w: Double, _ panel: PanelSpectra, _ state: OperatingState, node i: Int, shift: [Double] = []
  ) throws(SolverError) {
    let rows = spectra.rows
    if rows > 0 {
      SpectraMesh.rule.fillInterpolation(at: panel.panel.parameter(w), legendre: &legendre, into: &weights)
      interpolate(panel.values, node: i)
      if let first = spectra.dispersion { for (k, s) in shift.enumerated() { interpolated[i * rows + first + k] += s } }
    }
    func exists(at w: Double) -> Bool {
      interpolated.withUnsafeBufferPointer { s in
        row.withUnsafeMutableBufferPointer { out in
          integrand.evaluate(w, rows: s.baseAddress! + i * max(rows, 1), spectra: spectra, state: state, into: out.baseAddress!)
        }
      }
    }
    // Intervals graded towards a band edge may have a node that rounds to the edge itself, where D of a perfect lattice is infinite and
    // what flows is finite: a few rounding units beside it is the same number.
    let isEdge = { [self] in integrand.environment.baths.contains { $0.edgeChannels(at: w) > 0 } }
    guard exists(at: w) || isEdge() && (exists(at: w * (1 + 8 * .ulpOfOne)) || exists(at: w * (1 - 8 * .ulpOfOne))) else {
      throw SolverError(
        .unsuitableModel, at: .baths, "the bosons have an undamped mode at energy \(w)",
        hint: "Attach a bath to it, for example kind: ohmic with a small friction")
    }
  }

  private func contractTails(_ panel: PanelSpectra, node: Int, _ jacobian: Double) {
    func sum(_ tails: [Double], _ weights: [Double]) -> Double {
      var result = 0.0
      for i in tails.indices { result += tails[i] * weights[i] }
      return jacobian * result
    }
    let moduli = integrand.moduli
    for c in spectra.channels.indices {
      tails[node].channels[c] = (
        sum(panel.doubts[c].emissionTails, moduli.spectral), sum(panel.doubts[c].densityTails, moduli.occupied)
      )
      floors[node].channels[c] = (
        sum(panel.doubts[c].emissionErrors, moduli.spectral), sum(panel.doubts[c].densityErrors, moduli.occupied)
      )
    }
    guard layout.isDressed else { return }
    tails[node].propagator = sum(panel.selfEnergyTails, moduli.propagator)
    floors[node].propagator = sum(panel.selfEnergyErrors, moduli.propagator)
    floors[node].damping = sum(panel.dampingErrors, moduli.propagator)
  }

  private func gross(_ k: Int) -> Double {
    k < 2 ? row[layout.grossStart + k] : row[layout.grossStart + k] - row[layout.grossStart + k - 2]
  }

  private func keepGross(node i: Int) { for k in 0..<4 { shifted[k * Self.order + i] = gross(k) } }

  private func keepShift(node i: Int, _ jacobian: Double) {
    for k in 0..<4 { shifted[k * Self.order + i] = (shifted[k * Self.order + i] - gross(k)) * jacobian }
  }

  private func interpolate(_ values: [Double], node: Int) {
    let rows = spectra.rows
    values.withUnsafeBufferPointer { v in
      interpolated.withUnsafeMutableBufferPointer { out in
        let target = out.baseAddress! + node * rows
        for r in 0..<rows { target[r] = 0 }
        for j in 0..<SpectraMesh.order {
          let (weight, source) = (weights[j], v.baseAddress! + j * rows)
          for r in 0..<rows { target[r] += weight * source[r] }
        }
      }
    }
  }

  /// Error of the Gauss rule on an interval, and the largest modulus at its nodes.
  private func error(_ flow: Int) -> (error: Double, size: Double) {
    if divergences[flow] != 0 { return (0, 0) }
    return samples.withUnsafeBufferPointer { s in
      let v = s.baseAddress! + flow * Self.order
      var size = 0.0
      for i in 0..<Self.order { size = max(size, abs(v[i])) }
      guard size > 0 else { return (0, 0) }
      return (GaussLegendreRule.sumError(tail: Self.rule.tail(of: v), size: size) + 2e-15 * size, size)
    }
  }

  private func isResolved(_ interval: Panel, _ tolerance: Double) -> Bool {
    for i in 1..<Self.order where abs(Self.wrapped(phases[i] - phases[i - 1])) > 1.6 { return false }
    // Numbers that are differences or may vanish are measured against the largest of their kind on the interval.
    let gross = (0..<4).map { error(layout.grossStart + $0).size }
    let electrons = max(gross[0], gross[1] * max(interval.end, 1e-300))
    let scale = (
      electrons: max(scale.electrons, reference[layout.grossStart]), all: max(scale.all, reference[layout.grossStart + 2])
    )
    return isResolved(0..<layout.bathStart, size: max(electrons, gross[1]), scale.electrons, tolerance)
      && isResolved(layout.bathStart..<layout.conductanceStart, size: max(gross[2], gross[3]), scale.all, tolerance)
      && isResolved(layout.conductanceStart..<layout.populationStart, size: 0, 0, tolerance)
      && isResolved(layout.populationStart..<layout.lightStart, size: 0, 0, tolerance)
      && isResolved(layout.lightStart..<layout.grossStart, size: max(electrons, gross[1]), scale.electrons, tolerance)
      && isResolved(layout.grossStart..<(layout.grossStart + 2), size: 0, scale.electrons, tolerance)
      && isResolved((layout.grossStart + 2)..<layout.count, size: 0, scale.all, tolerance)
  }

  private func isResolved(_ flows: Range<Int>, size: Double, _ reference: Double, _ tolerance: Double) -> Bool {
    var (worst, largest, reference) = (0.0, size, reference)
    for flow in flows where !isIgnored[flow] {
      reference = max(reference, self.reference[flow])
      let (error, size) = error(flow)
      worst = max(worst, error)
      largest = max(largest, size)
    }
    return worst <= max(0.05 * tolerance * largest, 1e-3 * tolerance * reference)
  }

  private static func wrapped(_ angle: Double) -> Double {
    angle - (angle / (2 * Double.pi)).rounded() * 2 * Double.pi
  }

  private func add(
    _ interval: Panel, _ panel: PanelSpectra, _ state: OperatingState, isFirst: Bool, unresolved: Bool,
    to result: inout PanelFlows
  ) {
    for flow in 0..<layout.count {
      var sum = 0.0
      for i in 0..<Self.order { sum += Self.rule.weights[i] * samples[flow * Self.order + i] }
      result.values[flow] += sum
      result.quadrature[flow] += 2 * error(flow).error
    }
    scale = (result.values[layout.grossStart], result.values[layout.grossStart + 2])
    if unresolved { result.unresolved += 1 }
    addDoubts(interval, panel, to: &result)
    if panel.commonShift != nil {
      for i in 0..<Self.order {
        shift.add(
          SIMD4((0..<4).map { Self.rule.weights[i] * shifted[$0 * Self.order + i] }),
          at: panel.panel.parameter(interval.position(Self.rule.nodes[i]).0))
      }
    }
    if isFirst {
      (result.firstPhase, result.firstFrequency) = (phases[0], interval.position(Self.rule.nodes[0]).0)
    } else {
      result.phaseChange += Self.wrapped(phases[0] - result.lastPhase)
    }
    for i in 1..<Self.order { result.phaseChange += Self.wrapped(phases[i] - phases[i - 1]) }
    result.lastPhase = phases[Self.order - 1]
  }

  /// |Tr[dE A]| <= |dE| |A| in Frobenius norms, and the same for L N; a changed Pi moves D by D dPi D, and flows into a bath by
  /// dGamma/Gamma.
  private func addDoubts(_ interval: Panel, _ panel: PanelSpectra, to result: inout PanelFlows) {
    let prefactor = 1 / (2 * Double.pi)
    for i in 0..<Self.order {
      let w = interval.position(Self.rule.nodes[i]).0
      let weight = Self.rule.weights[i] * prefactor
      // Where D diverges at w = 0: all L together vanish there and with them the errors of their interpolants (Markov: p(0) = 0 of degree n
      // bounded by 1 on the panel rises by 2 n^2 w/length at most). Kernel errors are in proportion to L.
      let isPinned = integrand.isFree && panel.panel.start == 0
      let pin = isPinned ? min(1, Self.rise * w / panel.panel.length) : 1
      let share = isPinned ? min(1, 12 * w / panel.panel.length) : 1
      let isThermal = spectra.channels.allSatisfy { $0.isIsothermal && $0.bias == 0 }
      for (c, channel) in spectra.channels.enumerated() {
        let doubts = panel.doubts[c]
        var factor = 1.0
        if channel.isIsothermal {
          // n (w - mu) is bounded, and L vanishes at w = mu with its error.
          let distance = max(abs(w - channel.bias), 0.02 * panel.panel.length)
          factor = channel.temperature / distance + (w < channel.bias ? 1 : 0)
        }
        let (a, occupied) = (weight * norms[i].spectral, weight * norms[i].occupied)
        let tail = weight * (factor * tails[i].channels[c].emission + pin * tails[i].channels[c].density)
        let floor =
          weight
          * (floors[i].channels[c].emission + (channel.isIsothermal && channel.bias == 0 ? share : 1)
            * floors[i].channels[c].density)
        let electron =
          (factor * doubts.emissionEnergyTail + doubts.emissionEnergyError) * a
          + pin * (doubts.densityEnergyTail + doubts.densityEnergyError) * occupied
        result.channelErrors[c].rate += tail + floor
        result.channelErrors[c].energy += w * (tail + floor)
        result.channelErrors[c].electron += electron
        if layout.options.light {
          result.emissionError +=
            weight * (1 + occupations[i]) * (factor * tails[i].channels[c].emission + doubts.emissionError * norms[i].spectral)
        }
        if layout.isDressed, layout.options.population {
          // A changed E moves N by D dE D^+; the norm of D contains the Jacobian, which is to stay once.
          let spread = norms[i].propagator * norms[i].propagator / interval.position(Self.rule.nodes[i]).1
          let tail = doubts.emissionTails.withUnsafeBufferPointer { PackedHermitian.norm($0.baseAddress!, size: layout.modes) }
          result.population.error += 2 * integrand.largestQuanta(w) * weight * spread * (factor * tail + doubts.emissionError)
        }
        result.doubt += w * tail
        if !integrand.isFree || integrand.isDeafToFreeMotions { result.rateDoubt += tail }
      }
      guard layout.isDressed || integrand.environment.error > 0 else { continue }
      // 2 |D dPi| of every flow, the whole of it at most; the samples contain the Jacobian, and so does the norm of D.
      let jacobian = interval.position(Self.rule.nodes[i]).1
      func response(_ electrons: Double) -> Double {
        min(2 * ((isThermal ? share : 1) * electrons + norms[i].propagator * selfEnergyErrors[i]) / jacobian, 1)
      }
      let tail = min(2 * pin * tails[i].propagator / jacobian, 1)
      let flows = (0..<4).map { Self.rule.weights[i] * samples[(layout.grossStart + $0) * Self.order + i] }
      // A common shift is counted once for the whole panel.
      let all = response(panel.commonShift == nil ? floors[i].propagator : floors[i].damping) + broadeningErrors[i] + tail
      result.sensitivity += all * flows[0]
      result.rateSensitivity += all * flows[1]
      result.totalSensitivity += all * flows[2]
      result.totalRateSensitivity += all * flows[3]
      if panel.commonShift != nil {
        let more = response(floors[i].propagator) - response(floors[i].damping)
        shift.bound(more * SIMD4(flows[0], flows[1], flows[2] - flows[0], flows[3] - flows[1]))
      }
      // What interpolation does to D, element by element, goes with smaller panels.
      result.doubt += tail * flows[0]
      if !integrand.isFree || integrand.isDeafToFreeMotions { result.rateDoubt += tail * flows[1] }
      addDressing(node: i, unknown: response(floors[i].propagator) + broadeningErrors[i] + tail, to: &result)
    }
  }

  /// The same for numbers that belong to no channel, each measured against what it is a part of.
  private func addDressing(node i: Int, unknown share: Double, to result: inout PanelFlows) {
    func sample(_ flow: Int) -> Double { Self.rule.weights[i] * samples[flow * Self.order + i] }
    if layout.options.light {
      let emitted = (0..<layout.baths).reduce(0) { $0 + abs(sample(layout.emission($1))) }
      result.light.add(emitted, unknown: share)
    }
    for q in result.conductances.indices { result.conductances[q].add(abs(sample(layout.conductance(q, q))), unknown: share) }
    if layout.options.population {
      let gross = (0..<(layout.modes * layout.modes)).reduce(0) {
        let element = sample(layout.populationStart + $1)
        return $0 + ($1 < layout.modes ? 1 : 2) * element * element
      }
      result.population.add(gross.squareRoot(), unknown: share)
    }
  }

  /// 2 n^2 of a polynomial of degree n.
  private static let rise = 2 * Double((SpectraMesh.order - 1) * (SpectraMesh.order - 1))

  /// Integrals that do not exist are infinite.
  private func finish(_ result: inout PanelFlows) {
    result.divergences = divergences
    for flow in divergences.indices where divergences[flow] != 0 { (result.values[flow], result.quadrature[flow]) = (0, 0) }
  }
}
