import BosonPropagators
import Quadrature
import TransportResults

extension BosonEnvironment {
  /// Where D varies fast: poles with their half widths, and band edges.
  package func breakpoints(upTo highest: Double) throws(SolverError) -> [PanelFeature] {
    let poles = try BosonSolver.poles(of: self, panels: BosonSolver.panels(upTo: highest, edges: edges))
    return poles.map { ($0.energy, max(0.5 * $0.damping, 1e-12 * $0.energy)) } + edges.map { ($0, 0) }
      + features.filter { $0.width == 0 && $0.position < highest && !edges.contains($0.position) }
  }
}
