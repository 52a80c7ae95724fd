import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import TransportResults

/// Evaluates states at level `landauer` with one worker's buffers.
///
/// Wide-band junctions with few levels: pair spectra in closed form at every frequency node, for four states at a time (`PoleSumIntegrator`); where
/// these do not hold, and for other junctions, by quadrature of the stored kernels. Cost: frequency nodes times the cost of level
/// `sharp`, and the frequency weights, which states with the same bath temperature share.
package final class LandauerWorker {
  private let solver: LandauerSolver
  private let integrator: StateIntegrator
  private let poleSums = PoleSumIntegrator()
  private let electrodes: Int
  /// How many blocks there have been: only the last one may be evaluated.
  private var blocks = 0
  private var group = -1
  private var lane = 0
  private var present: StateBlock
  private let hasPoleSums: Bool
  private var panels: [PanelKey: PanelIntegrals] = [:]
  private var weights: [WeightKey: FrequencyMoments] = [:]
  private var series = NodeSeries()
  /// Baths that damp a mode, mode after mode.
  private let links: [(mode: Int, bath: Int, friction: Double)]
  /// Weights of the links on the present panel.
  private var linkWeights: [FrequencyMoments] = []

  private static let panelLimit = 3000
  private static let width = 4
  private static let mostWeights = 4096

  private struct WeightKey: Hashable {
    let panel: PanelKey
    let mode: Int
    let temperature: Double
  }

  /// Buffers for one thread.
  package init(_ solver: LandauerSolver, integrator: StateIntegrator) {
    self.solver = solver
    self.integrator = integrator
    electrodes = solver.prepared.junction.electrodes.count
    links = solver.dampings.enumerated().flatMap { mode, damping in
      zip(damping.baths, damping.frictions).filter { $0.1 > 0 }.map { (mode, $0.0, $0.1) }
    }
    present = StateBlock(electrodes: electrodes, capacity: Self.width)
    hasPoleSums = PoleSumKernel.mayExist(solver.prepared)
  }

  /// States whose closed forms are shared by four at a time, until the next block takes their place.
  package struct Block {
    fileprivate let worker: LandauerWorker
    fileprivate let number: Int
    fileprivate let points: OperatingPoints
    fileprivate let states: Range<Int>

    /// Adds the currents of the state in a slot. Throws when kernels cannot be computed.
    package func evaluate(_ state: OperatingState, slot: Int, into result: inout StateCurrents) throws(SolverError) {
      precondition(number == worker.blocks, "a block of states after the next one")
      worker.select(slot, of: self)
      try worker.evaluate(state, into: &result)
    }
  }

  /// A block of states; slots count from the first of them.
  package func block(_ points: OperatingPoints, _ states: Range<Int>) -> Block {
    (blocks, group) = (blocks + 1, -1)
    return Block(worker: self, number: blocks, points: points, states: states)
  }

  /// Beyond it this state neither emits nor absorbs, as `LandauerSolver.highestFrequency` of all states.
  private func highestFrequency(_ state: borrowing OperatingState) -> Double {
    var (low, high, hottest, hottestBath) = (Double.infinity, -Double.infinity, 0.0, 0.0)
    for a in 0..<electrodes {
      low = min(low, state.chemicalPotentials[a])
      high = max(high, state.chemicalPotentials[a])
      hottest = max(hottest, state.temperatures[a])
    }
    for t in state.bathTemperatures { hottestBath = max(hottestBath, t) }
    return max(high - low + LandauerSolver.reach * hottest, LandauerSolver.reach * hottestBath)
  }

  /// Four states at a time share the closed forms of the panels they visit.
  private func select(_ slot: Int, of block: borrowing Block) {
    lane = slot % Self.width
    guard slot / Self.width != group else { return }
    group = slot / Self.width
    panels.removeAll(keepingCapacity: true)
    let first = block.states.lowerBound + group * Self.width
    for a in 0..<electrodes {
      present.load(
        a, potentials: block.points.chemicalPotentials[a], temperatures: block.points.temperatures[a],
        first..<min(first + Self.width, block.states.upperBound), reference: solver.prepared.referenceEnergy)
    }
    if hasPoleSums { poleSums.share(solver.prepared.resonances, electrodes: electrodes, states: present, first: 0) }
  }

  /// Closed forms on a panel for the present four states: [((node * modes + mode) * channels + channel) * 4 + lane].
  private struct PanelIntegrals {
    let modes: Int
    let vanishing: [Bool]
    var integrals: [ChannelIntegrals]
    var resolved: [Bool]

    /// Without room for closed forms nothing is resolved.
    init(modes: Int, vanishing: [Bool], hasClosedForms: Bool) {
      self.modes = modes
      self.vanishing = vanishing
      let count = hasClosedForms ? FrequencyWeights.order * modes * vanishing.count * LandauerWorker.width : 0
      integrals = [ChannelIntegrals](repeating: ChannelIntegrals(), count: count)
      resolved = [Bool](repeating: false, count: count)
    }

    @inline(__always)
    func isResolved(_ node: Int, _ mode: Int, _ channel: Int, _ lane: Int) -> Bool {
      !resolved.isEmpty && resolved[index(node, mode, channel, lane)]
    }

    @inline(__always)
    func index(_ node: Int, _ mode: Int, _ channel: Int, _ lane: Int) -> Int {
      ((node * modes + mode) * vanishing.count + channel) * LandauerWorker.width + lane
    }
  }

  private func spectra(on panel: Panel) throws(SolverError) -> PanelIntegrals {
    let key = PanelKey(panel)
    if let found = panels[key] { return found }
    let sums = try solver.mesh.poleSums(of: panel)
    var result = PanelIntegrals(modes: solver.spectra.count, vanishing: sums.vanishing, hasClosedForms: hasPoleSums)
    guard hasPoleSums else {
      panels[key] = result
      return result
    }
    // Errors are carried along; this only decides where quadrature may do better.
    let tolerance = max(solver.prepared.kernelTolerance, 1e-8)
    let stride = result.index(0, 1, 0, 0)
    result.integrals.withUnsafeMutableBufferPointer { values in
      result.resolved.withUnsafeMutableBufferPointer { flags in
        var start = 0
        for kernel in sums.kernels {
          if let kernel {
            poleSums.integrate(
              kernel, electrodes: electrodes, states: present, first: 0, tolerance: tolerance, into: values.baseAddress! + start,
              resolved: flags.baseAddress! + start)
          }
          start += stride
        }
      }
    }
    panels[key] = result
    return result
  }

  /// Quadrature at the nodes whose closed forms do not hold, [node][mode], empty at the others; nil when all of them hold.
  private func quadrature(
    _ panel: Panel, _ spectra: PanelIntegrals, from a: Int, to b: Int, _ state: OperatingState
  ) throws(SolverError) -> [[ChannelIntegrals]]? {
    let channel = a * electrodes + b
    var result: [[ChannelIntegrals]]?
    var kernels: [PanelKernel] = []
    for node in 0..<FrequencyWeights.order {
      var isResolved = true
      for mode in 0..<spectra.modes where !spectra.isResolved(node, mode, channel, lane) { isResolved = false }
      guard !isResolved else { continue }
      if result == nil {
        result = [[ChannelIntegrals]](repeating: [], count: FrequencyWeights.order)
        kernels = try solver.mesh.kernels(of: panel)
      }
      result![node] = integrator.integrate(kernels[node], from: a, to: b, electrodes: electrodes, point: state)
    }
    return result
  }

  /// Frequency weights of a mode and a bath temperature, kept for the next states.
  private func bathWeights(_ panel: Panel, _ mode: Int, _ temperature: Double) -> FrequencyMoments {
    let key = WeightKey(panel: PanelKey(panel), mode: mode, temperature: temperature)
    if let found = weights[key] { return found }
    if weights.count >= Self.mostWeights { weights.removeAll(keepingCapacity: true) }
    let made = FrequencyMoments(order: 1, panel, solver.spectra[mode], temperature: temperature)
    weights[key] = made
    return made
  }

  private func evaluate(_ state: OperatingState, into result: inout StateCurrents) throws(SolverError) {
    var refinement = PanelRefinement<PanelContribution>(limit: Self.panelLimit)
    let highest = highestFrequency(state)
    for panel in solver.mesh.firstPanels where panel.start < highest {
      refinement.parts.append(try contribution(of: panel, state))
    }
    _ = try refinement.refine(to: RefinementRule(tolerance: solver.tolerance)) { whole throws(SolverError) in
      guard let (left, right) = whole.panel.bisected else { return nil }
      return (try contribution(of: left, state), try contribution(of: right, state))
    }
    try SolverError.checkInterruption("integrating over frequencies")
    for p in refinement.parts { p.book(state, into: &result) }
    solver.bookBosonHeat(state, into: &result)
  }

  /// Rates of one panel: for every channel, mode and bath of the mode (rate, boson energy, electron energy).
  private struct PanelContribution: WatchedContribution {
    struct Process {
      let from: Int
      let to: Int
      let bath: Int
      var rate: Estimate
      var bosonEnergy: Estimate
      var electronEnergy: Estimate
      /// E (1 + n_p), when wanted.
      var emission: Estimate
    }
    let panel: Panel
    var processes: [Process] = []
    /// Interpolation errors of the energy and of the particle current, and both gross currents.
    var doubts = SIMD2<Double>.zero
    var sizes = SIMD2<Double>.zero

    func book(_ state: OperatingState, into result: inout StateCurrents) {
      for p in processes {
        result.add(
          from: p.from, to: p.to, bath: p.bath, rate: p.rate, bosonEnergy: p.bosonEnergy, electronEnergy: p.electronEnergy,
          potentials: (state.chemicalPotentials[p.from], state.chemicalPotentials[p.to]))
        result.photonRate[p.bath] += p.emission
      }
      result.grossEnergy += sizes.x
      result.grossRate += sizes.y
    }
  }

  private func contribution(of panel: Panel, _ state: OperatingState) throws(SolverError) -> PanelContribution {
    var result = PanelContribution(panel: panel)
    let spectra = try spectra(on: panel)
    linkWeights.removeAll(keepingCapacity: true)
    for link in links { linkWeights.append(bathWeights(panel, link.mode, state.bathTemperatures[link.bath])) }
    result.processes.reserveCapacity(links.count * spectra.vanishing.count)
    for channel in spectra.vanishing.indices where !spectra.vanishing[channel] {
      let (a, b) = (channel / electrodes, channel % electrodes)
      let fallback = try quadrature(panel, spectra, from: a, to: b, state)
      let step = IsothermalKink(panel, state.channel(from: a, to: b, frequency: 0))
      var filled = -1
      for (i, link) in links.enumerated() {
        if link.mode != filled {
          fill(spectra, fallback, mode: link.mode, channel: channel)
          filled = link.mode
        }
        add(
          linkWeights[i], step, spectrum: solver.spectra[link.mode], friction: link.friction, from: a, to: b, bath: link.bath,
          bathTemperature: state.bathTemperatures[link.bath], to: &result)
      }
    }
    return result
  }

  private func fill(_ spectra: PanelIntegrals, _ fallback: [[ChannelIntegrals]]?, mode: Int, channel: Int) {
    for node in 0..<FrequencyWeights.order {
      let isResolved = spectra.isResolved(node, mode, channel, lane)
      series.set(node, isResolved ? spectra.integrals[spectra.index(node, mode, channel, lane)] : fallback![node][mode])
    }
  }

  private func add(
    _ weights: FrequencyMoments, _ step: IsothermalKink?, spectrum: ModeSpectrum, friction: Double, from a: Int, to b: Int,
    bath: Int, bathTemperature: Double, to result: inout PanelContribution
  ) {
    // rate = int eta |D|^2 w/pi [E - n L]; boson energy with one more w.
    let absorbed = weights.currents(series, .density, .stimulated)
    let absorbedElectron = weights.currents(series, .densityEnergy, .stimulated)
    let emitted: FrequencyIntegrals
    let emittedElectron: FrequencyIntegrals
    if let step, let kink = step.emission(series, spectrum: spectrum) {
      (emitted, emittedElectron) = kink
    } else {
      emitted = weights.currents(series, .emission, .spontaneous)
      emittedElectron = weights.currents(series, .emissionEnergy, .spontaneous)
    }
    let rate = friction * (emitted.rate - absorbed.rate)
    let boson = friction * (emitted.energy - absorbed.energy)
    let electron = friction * (emittedElectron.rate - absorbedElectron.rate)
    var emission = Estimate()
    if solver.wantsLight {
      let induced =
        step?.inducedEmission(series, spectrum: spectrum, bathTemperature: bathTemperature)
        ?? weights.currents(series, .emission, .stimulated)
      emission = friction * (emitted.rate + induced.rate)
    }
    result.processes.append(
      .init(
        from: a, to: b, bath: bath, rate: rate, bosonEnergy: boson, electronEnergy: electron, emission: emission))
    result.doubts += friction * SIMD2(emitted.doubt + absorbed.doubt, emitted.rateDoubt + absorbed.rateDoubt)
    result.sizes +=
      friction
      * SIMD2(
        abs(emitted.energy.value) + abs(absorbed.energy.value), abs(emitted.rate.value) + abs(absorbed.rate.value))
  }
}
