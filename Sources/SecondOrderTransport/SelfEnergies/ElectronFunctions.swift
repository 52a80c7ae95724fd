import Quadrature
import RealModule
import TransportResults

/// What the self-energies of a state are made of, on panels of the whole axis: G, F, N = sum_c f_c A_c and E = sum_c (1 - f_c) A_c,
/// Theory.md section 3.
///
/// F has the singularities of G, and steps or logarithms where the occupations have steps. Cost: a principal value over the mesh at
/// every node.
struct ElectronFunctions {
  /// Rows: G and F (re, im), N and E packed, a norm of all, a bound of their errors at the node.
  let table: EnergyTable
  let square: Int
  /// Error bound of interpolation, norm over all rows, by panel.
  let tails: [Double]

  var norm: Int { 6 * square }
  var doubt: Int { norm + 1 }

  private static let panelLimit = 3000
  /// Relative depth of panels at a step of the occupations.
  private static let finest = 1e-11

  /// `traces` has loaded the state. Throws when interrupted.
  init(_ traces: MeshTraces, size: Int, electrodes: [ReservoirLine], tolerance: Double) throws(SolverError) {
    let (s, mesh) = (size * size, traces.table.panels)
    square = s
    let potentials = electrodes.map(\.potential.value)
    let hottest = electrodes.reduce(0) { max($0, $1.temperature.value) }
    let span = (potentials.max() ?? 0) - (potentials.min() ?? 0) + 10 * hottest
    let steps = electrodes.map {
      PanelFeature($0.potential.value, max(Double.pi * $0.temperature.value, Self.finest * max(span, 1e-300)))
    }
    let first = mesh.flatMap { Self.pieces(of: $0, steps) }
    let poles = traces.features.filter { $0.width > 0 } + steps
    let noise = { (panel: Panel) -> Double in
      let nearest = poles.reduce(Double.infinity) {
        let gap = max(abs($1.position - panel.center) - 0.5 * panel.length, 0)
        return min($0, gap * gap + $1.width * $1.width)
      }
      return 4.5e-16 * max(abs(panel.start), abs(panel.end)) / nearest.squareRoot()
    }
    table = try EnergyTable(
      first, rows: 6 * s + 2, groups: (0..<4).map { Self.group($0, s) }, tolerance: tolerance,
      limit: max(Self.panelLimit, 2 * first.count), noise: noise
    ) { (z, row) throws(SolverError) in
      traces.setFinal(z, wanted: .all)
      traces.copyFinal(z, into: row)
      return 0
    }
    let groups = table.groups.count
    let tails = table.tails
    self.tails = table.panels.indices.map { p in (0..<groups).reduce(0) { $0 + tails[p * groups + $1] } }
  }

  private static func group(_ index: Int, _ square: Int) -> Range<Int> {
    [0..<(2 * square), (2 * square)..<(4 * square), (4 * square)..<(5 * square), (5 * square)..<(6 * square)][index]
  }

  /// A panel of the mesh broken at steps inside it and halved until it resolves them.
  static func pieces(of panel: Panel, _ steps: [PanelFeature]) -> [Panel] {
    let edges = panel.grading == .uniform ? [] : [panel.grading == .towardStart ? panel.start : panel.end]
    return panel.broken(at: steps.map(\.position), edges: edges).flatMap { $0.split(resolving: steps, rho: 2.6) }
  }
}
