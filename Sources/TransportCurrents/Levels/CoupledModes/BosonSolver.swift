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
  /// Those outside the bands of all baths: bound modes, which carry nothing and reach no steady state.
  package let boundModes: [BosonPole]
  /// Free motions that electrons do not feel.
  let unfelt: UnfeltMotions?
  package static let panelLimit = 600

  /// Prepares panels and, at level `landauer`, the poles. Throws when a mode is undamped. `wantsPopulation` and the others
  /// choose what is integrated beside the currents.
  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, points: OperatingPoints, settings: ComputeSettings,
    wantsExchange: Bool, wantsConductance: Bool, wantsPopulation: Bool, wantsLight: Bool = false
  ) throws(SolverError) {
    self.prepared = prepared
    self.environment = environment
    unfelt = UnfeltMotions(prepared.junction, environment)
    isDressed = settings.level == .dressed && !prepared.junction.conductor.isEmpty
    renormalization = settings.renormalization
    tolerance = settings.tolerance
    options = FlowLayout.Options(
      exchange: wantsExchange, conductance: wantsConductance, population: wantsPopulation, light: wantsLight)
    let highest = Self.highestFrequency(points, environment, settings, isDressed: isDressed)
    mesh = try SpectraMesh(
      prepared, highest: highest, breakpoints: environment.edges,
      renormalization: isDressed ? settings.renormalization : .none)
    // Populations are those of modes beyond the last flow, too.
    let panels =
      wantsPopulation && highest < 1.5 * environment.highestFrequency
      ? Self.panels(upTo: 1.5 * environment.highestFrequency, edges: environment.edges) : mesh.firstPanels
    undressedPoles = isDressed ? [] : try Self.poles(of: environment, panels: panels)
    boundModes = try Self.boundModes(undressedPoles, environment)
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

  /// The kernels of the first panels, to be handed on.
  package var panelRecords: any PieceRecords { mesh }

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

  /// The undamped poles that lie outside the bands of all baths: bound modes, in which nothing flows.
  ///
  /// Throws `.unsuitableModel` when a pole is undamped though some bath takes up energy there, or a translation is.
  package static func boundModes(
    _ poles: [BosonPole], _ environment: BosonEnvironment
  ) throws(SolverError) -> [BosonPole] {
    let (edges, highest) = (environment.edges, environment.highestFrequency)
    let moves = environment.freeMotions.columns > 0
    guard environment.freeFriction != 0 else { throw undamped(at: 0) }
    var bound: [BosonPole] = []
    for pole in poles where pole.damping < 1e-13 * pole.energy {
      // The square-root divergence of D at the edge of a lead's band is no mode. On the side of the band the table of the lead moves it
      // by more than its rounding, and what is bound there is found by the integral itself.
      let isWave = environment.hasWaves(at: pole.energy)
      let near = isWave ? 1e-4 : 1e-6
      if edges.contains(where: { abs($0 - pole.energy) < near * pole.energy }) { continue }
      // Nor is the one at w = 0, a junction that moves with its baths as a whole.
      if moves, pole.energy < 1e-6 * highest { continue }
      guard !edges.isEmpty, !isWave else { throw undamped(at: pole.energy) }
      bound.append(pole)
    }
    return bound
  }

  private static func undamped(at energy: Double) -> SolverError {
    SolverError(
      .unsuitableModel, at: .baths,
      "the bosons have an undamped mode at energy \(energy): no bath takes up energy there, and the frequency integral does not exist",
      hint: "Attach a bath to it, for example kind: ohmic with a small friction, or use level: sharp")
  }

  /// Where D varies fast: poles without those of bound modes and of translations.
  package static func features(
    _ poles: [BosonPole], bound: [BosonPole], _ environment: BosonEnvironment
  ) -> [PanelFeature] {
    let lowest = environment.freeMotions.columns > 0 ? 1e-6 * environment.highestFrequency : 0
    return poles.filter { pole in
      pole.energy >= lowest && !bound.contains { $0.position == pole.position }
    }.map(\.feature)
  }
}
