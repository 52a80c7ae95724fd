import JunctionModel
import TransportResults

/// What two bodies at one distance exchange, for every state: the wave-vector integrals of the transmission between the interband and the
/// other losses of both bodies, on photon-energy panels fine enough for all states of a window.
///
/// Phi_ij(w) = int k dk/2pi sum_pol xi(w, k) a_1i a_2j, Theory.md section 12 (51); i, j = interband or not. All the optics is done
/// once; `fluxes` of a state is a weighted sum. Lengths in m, energies in eV, results in SI units.
package struct GapSpectra: Sendable {
  /// The bodies.
  package let pair: RadiatingPair
  /// Distance in m; infinite for the incoherent far field, interference averaged exactly.
  package let gap: Double
  /// The photon energies and tolerance.
  package let window: RadiationWindow
  /// How often the transmission was evaluated.
  package let evaluations: Int
  /// Panels and spectra at their nodes.
  let panels: [SpectralPanel]
  /// Bounds of the spectra where tables do not reach.
  let cut: CutSpectrum

  /// The widest finite gap, 1 m up to rounding.
  package static let widestGap = 1 + 1e-9

  /// The spectra of one gap.
  ///
  /// `gap` in m, positive and at most 1 m, or infinite (local optics fails below about 1 nm). Every flux of the window's states is integrated to the
  /// window's tolerance relative to what the bodies send to each other. Cost: typically 0.1 to 1 s; more for many
  /// interference fringes (gap over wavelength). Throws `SolverError`: `unsuitableModel` for a bad gap, `notConverged` when the
  /// tolerance was not reached within `evaluationLimit` evaluations of the transmission.
  package init(
    _ pair: RadiatingPair, gap: Double, window: RadiationWindow, evaluationLimit: Int = 400_000_000
  ) throws(SolverError) {
    guard gap > 0 && !gap.isNaN else {
      throw SolverError(
        .unsuitableModel, at: .gap, "found \(gap) m; allowed: a positive length or infinity",
        hint: "Contact is not radiation; local dielectric functions hold down to about 1 nm")
    }
    guard gap == .infinity || gap <= Self.widestGap else {
      throw SolverError(
        .unsuitableModel, at: .gap, "found \(gap) m; allowed: up to 1 m, or infinity",
        hint: "Use gap: infinite, the far field without interference")
    }
    var refinement = FrequencyRefinement(pair, gap: gap, window: window, evaluationLimit: evaluationLimit)
    try refinement.run()
    self.init(pair, gap: gap, window: window, panels: refinement.panels, evaluations: refinement.evaluations)
  }

  /// Spectra that have been computed.
  init(_ pair: RadiatingPair, gap: Double, window: RadiationWindow, panels: [SpectralPanel], evaluations: Int) {
    self.pair = pair
    self.gap = gap
    self.window = window
    self.evaluations = evaluations
    self.panels = panels
    let gaps = [pair.first.interbandGap, pair.second.interbandGap].compactMap { $0 }
    cut = CutSpectrum(window, gaps: gaps, panels: panels)
  }
}
