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
    let integrator = FlowIntegrator(solver.environment, flows, spectra)
    let staticPart = staticPart(state)
    var panels: [PanelSpectra] = []
    for panel in solver.mesh.firstPanels { panels.append(try self.spectra(panel, state, spectra, staticPart)) }
    var poles = try poles(panels, spectra)
    var kinks = self.kinks(poles, state, spectra)
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
      poles = try self.poles(pieces.map(\.spectra), spectra)
      // Poles of the refined spectra may have moved closer to the axis than the first ones told.
      let refined = self.kinks(poles, state, spectra)
      if pieces.count > panels.count {
        kinks = refined
        for i in pieces.indices { pieces[i].flows = try integrate(pieces[i].spectra, integrator, state, kinks) }
      }
      result.store(poles: poles, environment: solver.environment)
      if try unstablePoles(pieces, spectra) > 0 || poles.contains(where: { $0.damping <= 0 }) {
        result.isStable = false
        return
      }
    } else if state.chemicalPotentials.isEmpty {
      result.store(poles: solver.undressedPoles, environment: solver.environment)
    }
    FlowBooking(layout: flows, spectra: spectra, solver: solver).book(pieces.map(\.flows), state: state, into: &result)
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
      staticPart: staticPart)
  }

  /// Pi_e(0) of the equilibrium with the mean chemical potential and temperature of the state.
  private func staticPart(_ state: OperatingState) -> [Double]? {
    solver.mesh.staticDispersion?.equilibriumValue(state, weights: weights)
  }

  private func poles(_ panels: [PanelSpectra], _ layout: SpectraLayout) throws(SolverError) -> [BosonPole] {
    guard solver.isDressed else { return solver.undressedPoles }
    let search = PoleSearch(environment: solver.environment, spectra: layout, isDressed: true)
    var result: [BosonPole] = []
    do {
      for panel in panels {
        PoleSearch.merge(try search.poles(in: panel), into: &result)
      }
    } catch { throw SolverError(.linearAlgebra, "the poles of the bosons could not be found: \(error)") }
    return result
  }

  /// Where the flows of a state vary fast.
  private func kinks(_ poles: [BosonPole], _ state: OperatingState, _ layout: SpectraLayout) -> KinkRule {
    var result = poles.map(\.feature) + solver.environment.features
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
  /// through the upper half plane. A free translation is a pole at w = 0 and counts one half.
  private func unstablePoles(_ pieces: [Piece], _ layout: SpectraLayout) throws(SolverError) -> Int {
    guard let first = pieces.first, let last = pieces.last else { return 0 }
    let search = PoleSearch(environment: solver.environment, spectra: layout, isDressed: true)
    var change = 0.0
    // det D^-1(0) is real: the phase starts at 0 or pi, unless a free translation puts a pole at w = 0.
    let start = first.flows.firstPhase - (first.flows.firstPhase / Double.pi).rounded() * Double.pi
    if abs(start) < 0.3 { change += start }
    for (i, piece) in pieces.enumerated() {
      change += piece.flows.phaseChange
      guard i > 0 else { continue }
      let jump = piece.flows.firstPhase - pieces[i - 1].flows.lastPhase
      change += jump - (jump / (2 * Double.pi)).rounded() * 2 * Double.pi
    }
    do {
      // Poles of Pi lie just below the axis: every one turns det D^-1 by pi.
      change += solver.environment.phaseOfSurfaceStates(above: 0)
      change -= solver.environment.phaseOfSurfaceStates(above: last.spectra.panel.end)
      let end = search.inverse(at: Scalar(last.spectra.panel.end, 0), last.spectra)
      for value in try GeneralEigenproblem(end).values {
        let phase = value.phase
        change -= phase < -1e-6 ? phase + 2 * Double.pi : max(phase, 0)
      }
    } catch { throw SolverError(.linearAlgebra, "the stability of the bosons could not be judged: \(error)") }
    return Int((Double(solver.environment.count) + change / Double.pi + 0.25).rounded(.down))
  }
}
