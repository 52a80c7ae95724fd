import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Currents with matrix boson propagators, Theory.md sections 3 to 5: level `landauer` for baths that couple the modes or
/// have structure, and level `dressed`, where D contains the electrons' self-energy too.
///
/// Kernels of all mode pairs stand on frequency panels shared by all states; every state contracts them, finds the poles
/// of its D, integrates its flows and refines the panels on which its spectra are not resolved.
package final class BosonSolver: Sendable {
  package let prepared: PreparedJunction
  package let environment: BosonEnvironment
  package let mesh: SpectraMesh
  package let isDressed: Bool
  package let renormalization: ComputeSettings.Renormalization
  package let options: FlowLayout.Options
  package let tolerance: Double
  /// Poles of D with the baths alone; empty at level `dressed`, where they belong to the state.
  package let undressedPoles: [BosonPole]
  package static let panelLimit = 600

  /// Prepares panels and, at level `landauer`, the poles. Throws when a mode is undamped. `wantsPopulation` and the others
  /// choose what is integrated beside the currents.
  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, points: OperatingPoints, settings: ComputeSettings,
    wantsExchange: Bool, wantsConductance: Bool, wantsPopulation: Bool, wantsLight: Bool = false
  ) throws(SolverError) {
    self.prepared = prepared
    self.environment = environment
    isDressed = settings.level == .dressed && !prepared.junction.conductor.isEmpty
    renormalization = settings.renormalization
    tolerance = settings.tolerance
    options = FlowLayout.Options(
      exchange: wantsExchange, conductance: wantsConductance, population: wantsPopulation, light: wantsLight)
    let highest = Self.highestFrequency(points, environment, settings, isDressed: isDressed)
    mesh = try SpectraMesh(
      prepared, highest: highest, breakpoints: environment.edges,
      renormalization: isDressed ? settings.renormalization : .none)
    undressedPoles = isDressed ? [] : try Self.poles(of: environment, panels: mesh.firstPanels)
    try Self.requireDamping(undressedPoles, environment)
  }

  /// Beyond the bias plus some temperatures nothing flows to the tolerance, unless a mode lies there; stability is judged up
  /// to above every mode.
  private static func highestFrequency(
    _ points: OperatingPoints, _ environment: BosonEnvironment, _ settings: ComputeSettings, isDressed: Bool
  ) -> Double {
    // A rotating-wave mode's D falls off by one power of w only.
    let reach = min(45, (environment.isRotatingWave ? 12 : 8) - 1.2 * Double.log(settings.tolerance))
    let thermal = LandauerSolver.highestFrequency(points, reach: reach)
    let modes = environment.highestFrequency
    if isDressed { return max(thermal, 1.5 * modes) }
    return max(thermal, min(LandauerSolver.highestFrequency(points), 1.2 * modes), 1e-6 * modes)
  }

  /// Number of first panels: kernels of each may be computed ahead, in parallel.
  package var panelCount: Int { mesh.hasElectrons ? mesh.firstPanels.count : 0 }

  /// Computes the kernels of a first panel.
  package func prepare(panel: Int) throws(SolverError) { _ = try mesh.kernels(of: mesh.firstPanels[panel]) }

  /// Panels for a search of poles without electrons.
  package static func panels(upTo highest: Double, edges: [Double]) -> [Panel] {
    let points = ([0, highest] + edges.filter { $0 < highest } + (1..<8).map { highest * Double($0) / 8 }).sorted()
    return zip(points, points.dropFirst()).filter { $1 - $0 > 1e-12 * highest }.map { Panel($0, $1) }
  }

  package static func poles(of environment: BosonEnvironment, panels: [Panel]) throws(SolverError) -> [BosonPole] {
    let spectra = SpectraLayout(
      OperatingState(electrodes: 0, baths: 0), modes: environment.count, vanishing: [], dispersion: false)
    let search = PoleSearch(environment: environment, spectra: spectra, isDressed: false)
    var result: [BosonPole] = []
    do {
      for panel in panels {
        PoleSearch.merge(try search.poles(in: PanelSpectra(panel: panel)), into: &result)
      }
    } catch { throw SolverError(.linearAlgebra, "the poles of the bosons could not be found: \(error)") }
    return result
  }

  package static func requireDamping(_ poles: [BosonPole], _ environment: BosonEnvironment) throws(SolverError) {
    let edges = environment.edges
    for pole in poles where pole.damping < 1e-13 * pole.energy {
      // The square-root divergence of D at the edge of a lead's band is no mode.
      if edges.contains(where: { abs($0 - pole.energy) < 1e-6 * pole.energy }) { continue }
      // Nor is the one at w = 0, the lower edge of an acoustic band: a free chain as a whole.
      if environment.hasAcousticLead, pole.energy < 1e-9 * environment.highestFrequency { continue }
      throw SolverError(
        .unsuitableModel, at: .baths,
        "the bosons have an undamped mode at energy \(pole.energy): no bath takes up energy there, and the frequency integral does not exist",
        hint: "Attach a bath to it, for example kind: ohmic with a small friction, or use level: sharp")
    }
  }
}
