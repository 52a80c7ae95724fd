import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Evaluates states with a `BosonSolver`; one instance per worker.
package final class BosonWorker {
  private let solver: BosonSolver
  private let spectraSolver = SpectraSolver()
  private let weights = OccupationWeights()

  package init(_ solver: BosonSolver) { self.solver = solver }

  /// What is known about one panel in one state.
  private struct Piece: WatchedContribution {
    let spectra: PanelSpectra
    var flows: PanelFlows

    /// Interpolation errors of energies and rates, and the gross flows of the electrons.
    var doubts: SIMD2<Double> { SIMD2(flows.doubt, flows.rateDoubt) }
    var sizes: SIMD2<Double> { SIMD2(flows.values[flows.values.count - 4], flows.values[flows.values.count - 3]) }
  }

  /// Adds the currents of a state; marks it unstable when D has a pole in the upper half plane.
  package func evaluate(_ state: OperatingState, into result: inout StateCurrents) throws(SolverError) {
    let spectra = try layout(state)
    let flows = FlowLayout(
      isDressed: solver.isDressed, channels: spectra.channels.count, baths: solver.environment.baths.count,
      modes: solver.environment.count, options: solver.options)
    let integrator = FlowIntegrator(solver.environment, flows, spectra, unfelt: solver.unfelt)
    let staticPart = staticPart(state)
    var panels: [PanelSpectra] = []
    for panel in solver.mesh.firstPanels { panels.append(try self.spectra(panel, state, spectra, staticPart)) }
    let translations = try self.translations(panels, spectra)
    var poles = try poles(panels, spectra, translations)
    var kinks = self.kinks(poles, state, spectra)
    try integrator.prepare(panels, state: state, rule: kinks, isFree: translations > 0)
    var refinement = PanelRefinement<Piece>(limit: BosonSolver.panelLimit)
    for p in panels { refinement.parts.append(Piece(spectra: p, flows: try integrate(p, integrator, state, kinks))) }
    let limits = RefinementRule(tolerance: solver.tolerance, whole: 0.2, shares: 0.05)
    _ = try refinement.refine(to: limits) { whole throws(SolverError) in
      let panel = whole.spectra.panel
      guard panel.length > 1e-10 * panel.end, let (left, right) = panel.bisected else { return nil }
      func piece(_ half: Panel) throws(SolverError) -> Piece {
        let child = try self.spectra(half, state, spectra, staticPart)
        return Piece(spectra: child, flows: try integrate(child, integrator, state, kinks))
      }
      return (try piece(left), try piece(right))
    }
    try SolverError.checkInterruption("integrating over frequencies")
    var pieces = refinement.parts
    if solver.isDressed {
      poles = try self.poles(pieces.map(\.spectra), spectra, translations)
      // Poles of the refined spectra may have moved closer to the axis than the first ones told.
      let refined = self.kinks(poles, state, spectra)
      if pieces.count > panels.count {
        kinks = refined
        for i in pieces.indices { pieces[i].flows = try integrate(pieces[i].spectra, integrator, state, kinks) }
      }
      result.store(poles: poles, environment: solver.environment)
      let unstable = try unstablePoles(pieces, spectra, translations)
      if unstable > 0 || poles.contains(where: { $0.damping <= 0 && !isMarginal($0) }) {
        result.isStable = false
        return
      }
    } else if state.chemicalPotentials.isEmpty {
      result.store(poles: solver.undressedPoles, environment: solver.environment)
    }
    FlowBooking(layout: flows, spectra: spectra, solver: solver).book(pieces.map(\.flows), state: state, into: &result)
    if solver.options.population {
      let undamped = solver.isDressed ? poles.filter { $0.damping <= 0 && !isNearEdge($0) } : solver.boundModes
      result.forgetPopulations(of: undamped)
    }
  }

  /// Motions that cost no energy in a state: those of the baths alone, less what the electrons' self-energy binds.
  private func translations(_ panels: [PanelSpectra], _ layout: SpectraLayout) throws(SolverError) -> Int {
    let alone = solver.environment.freeMotions.columns
    guard alone > 0, solver.isDressed, layout.dispersion != nil, let first = panels.first else { return alone }
    let search = PoleSearch(environment: solver.environment, spectra: layout, isDressed: true)
    let springs = search.inverse(at: .zero, first).hermitianPart
    let floor = 1e-10 * springs.norm + first.selfEnergyTail + first.selfEnergyError
    do throws(LinearAlgebraError) {
      let values = try HermitianEigenproblem(springs).values
      return min(alone, values.count { abs($0) <= floor })
    } catch { throw SolverError(.linearAlgebra, "the static springs of the bosons could not be diagonalised: \(error)") }
  }

  /// True for a pole on the axis that is no growing motion: the divergence of D at a band edge, and a bound mode that nothing damps.
  private func isMarginal(_ pole: BosonPole) -> Bool {
    let environment = solver.environment
    guard abs(pole.damping) <= 1e-12 * pole.energy + 2 * pole.error else { return false }
    return isNearEdge(pole) || (!environment.edges.isEmpty && !environment.hasWaves(at: pole.energy))
  }

  private func isNearEdge(_ pole: BosonPole) -> Bool {
    solver.environment.edges.contains { abs($0 - pole.energy) < 1e-6 * pole.energy }
  }

  /// The pole of D closest to instability, or the most unstable one; the panel around it is refined until the electrons'
  /// self-energy is known there.
  package func leastDampedPole(_ state: OperatingState) throws(SolverError) -> BosonPole? {
    let spectra = try layout(state)
    let staticPart = staticPart(state)
    var panels: [PanelSpectra] = []
    for panel in solver.mesh.firstPanels { panels.append(try self.spectra(panel, state, spectra, staticPart)) }
    var least: BosonPole?
    var refinement = PanelRefinement(panels, limit: panels.count + Self.mostHalvings)
    _ = try refinement.refine(
      judge: { (panels: [PanelSpectra]) throws(SolverError) -> ((PanelSpectra) -> Bool)? in
        least = try poles(panels, spectra).min { $0.damping < $1.damping }
        guard solver.isDressed, let energy = least?.energy,
          let around = panels.first(where: { $0.panel.start <= energy && energy <= $0.panel.end }),
          around.selfEnergyTail > 0.01 * solver.tolerance * around.selfEnergySize
        else { return nil }
        return { $0.panel == around.panel }
      },
      halve: { (whole: PanelSpectra) throws(SolverError) -> (PanelSpectra, PanelSpectra)? in
        guard let (left, right) = whole.panel.bisected else { return nil }
        return (try self.spectra(left, state, spectra, staticPart), try self.spectra(right, state, spectra, staticPart))
      })
    try SolverError.checkInterruption("looking for the pole nearest to instability")
    return least
  }

  /// Halvings of the panel around a pole: its self-energy is then known as well as floating point tells.
  private static let mostHalvings = 40

  private func layout(_ state: OperatingState) throws(SolverError) -> SpectraLayout {
    let electrodes = state.chemicalPotentials.count
    var vanishing = [Bool](repeating: true, count: electrodes * electrodes)
    if solver.mesh.hasElectrons {
      for panel in solver.mesh.firstPanels {
        for k in try solver.mesh.kernels(of: panel) {
          for c in vanishing.indices { vanishing[c] = vanishing[c] && k.pairs.vanishing[c] }
        }
      }
    }
    return SpectraLayout(
      state, modes: solver.environment.count, vanishing: vanishing,
      dispersion: solver.isDressed && solver.renormalization != .none)
  }

  private func spectra(
    _ panel: Panel, _ state: OperatingState, _ layout: SpectraLayout, _ staticPart: [Double]?
  ) throws(SolverError) -> PanelSpectra {
    PanelSpectra(
      panel, try solver.mesh.kernels(of: panel), state, layout, solver: spectraSolver, weights: weights,
      staticPart: staticPart, isFree: solver.environment.freeMotions.columns > 0,
      isSingle: solver.environment.freeMotions.columns > 0 && (solver.unfelt?.feltCount ?? solver.environment.count) == 1)
  }

  /// Pi_e(0) of the equilibrium with the mean chemical potential and temperature of the state.
  private func staticPart(_ state: OperatingState) -> [Double]? {
    solver.mesh.staticDispersion?.equilibriumValue(state, weights: weights)
  }

  /// Poles of D; those of translations, at w = 0 but for rounding, are none.
  private func poles(
    _ panels: [PanelSpectra], _ layout: SpectraLayout, _ translations: Int = 0
  ) throws(SolverError) -> [BosonPole] {
    guard solver.isDressed else { return solver.undressedPoles }
    let search = PoleSearch(environment: solver.environment, spectra: layout, isDressed: true)
    var result: [BosonPole] = []
    do {
      for panel in panels {
        PoleSearch.merge(try search.poles(in: panel), into: &result)
      }
    } catch { throw SolverError(.linearAlgebra, "the poles of the bosons could not be found: \(error)") }
    return translations == 0 ? result : result.filter { $0.position.length >= 1e-6 * solver.environment.highestFrequency }
  }

  /// Where the flows of a state vary fast.
  private func kinks(_ poles: [BosonPole], _ state: OperatingState, _ layout: SpectraLayout) -> KinkRule {
    var result = BosonSolver.features(poles, bound: solver.boundModes, solver.environment) + solver.environment.features
    for (t, nu) in zip(state.bathTemperatures, state.bathPotentials) where t > 0 {
      result.append(KinkRule.boseStep(at: nu, temperature: t))
      // The pole of n itself, below the frequencies.
      if nu < 0 { result.append((nu, 1e-3 * -nu)) }
    }
    for channel in layout.channels where channel.isIsothermal && channel.bias > 0 {
      result.append(KinkRule.boseStep(at: channel.bias, temperature: channel.temperature))
    }
    return KinkRule(result, edges: solver.environment.edges)
  }

  private func integrate(
    _ panel: PanelSpectra, _ integrator: FlowIntegrator, _ state: OperatingState, _ rule: KinkRule
  ) throws(SolverError) -> PanelFlows {
    try SolverError.checkInterruption("integrating over frequencies")
    return try integrator.integrate(
      panel, state: state, rule: rule, tolerance: solver.tolerance)
  }

  /// Number of poles of D in the upper half plane (Nyquist): n + (change of arg det D^-1 from w = 0 to infinity)/pi.
  ///
  /// Above the last panel the damping is positive definite, so that every eigenvalue of D^-1 turns to the positive axis
  /// through the upper half plane. A translation is a pole at w = 0, where an eigenvalue of D^-1 begins as i w times a friction, and counts
  /// one half.
  private func unstablePoles(_ pieces: [Piece], _ layout: SpectraLayout, _ translations: Int) throws(SolverError) -> Int {
    guard let first = pieces.first, let last = pieces.last else { return 0 }
    let search = PoleSearch(environment: solver.environment, spectra: layout, isDressed: true)
    let half = 0.5 * Double(translations)
    do throws(LinearAlgebraError) {
      var change = try phaseFromZero(to: first, search, half: half)
      for (i, piece) in pieces.enumerated() {
        change += piece.flows.phaseChange
        guard i > 0 else { continue }
        change += Self.wrapped(piece.flows.firstPhase - pieces[i - 1].flows.lastPhase)
      }
      // Poles of Pi lie just below the axis: every one turns det D^-1 by pi.
      change += solver.environment.phaseOfSurfaceStates(above: 0)
      change -= solver.environment.phaseOfSurfaceStates(above: last.spectra.panel.end)
      let end = search.inverse(at: Scalar(last.spectra.panel.end, 0), last.spectra)
      for value in try GeneralEigenproblem(end).values {
        let phase = value.phase
        change -= phase < -1e-6 ? phase + 2 * Double.pi : max(phase, 0)
      }
      return Int((Double(solver.environment.count) - half + change / Double.pi + 0.25).rounded(.down))
    } catch { throw SolverError(.linearAlgebra, "the stability of the bosons could not be judged: \(error)") }
  }

  private static func wrapped(_ angle: Double) -> Double { angle - (angle / (2 * Double.pi)).rounded() * 2 * Double.pi }

  /// Change of arg det D^-1 from w = 0 to the first point of a panel. At w = 0 D^-1 is Hermitian but for translations, each of which has the
  /// phase pi/2: from the first point downwards until the phase shows it.
  private func phaseFromZero(to first: Piece, _ search: PoleSearch, half: Double) throws(LinearAlgebraError) -> Double {
    func phase(_ w: Double) throws(LinearAlgebraError) -> Double {
      try GeneralEigenproblem(search.inverse(at: Scalar(w, 0), first.spectra)).values.reduce(0) { $0 + $1.phase }
    }
    func distance(_ phase: Double) -> Double {
      let turned = phase - half * Double.pi
      return turned - (turned / Double.pi).rounded() * Double.pi
    }
    var w = first.flows.firstFrequency
    var (now, change) = (try phase(w), 0.0)
    for _ in 0..<60 where abs(distance(now)) > 0.05 {
      w *= 0.5
      let next = try phase(w)
      change += Self.wrapped(now - next)
      now = next
    }
    return change + distance(now)
  }
}
