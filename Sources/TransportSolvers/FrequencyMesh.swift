import Quadrature
import Synchronization

/// Panels of boson frequencies whose pair kernels are computed once, on demand, and shared by all states and workers.
///
/// A state descends from the first panels to their halves only where its own spectra need it. Kernels depend on the
/// frequency alone, so that the numbers do not depend on which worker computed them first.
final class FrequencyMesh: Sendable {
  private let prepared: PreparedJunction
  /// First panels in ascending order; they cover (0, largest frequency].
  let firstPanels: [Panel]
  private let cache = Mutex<[PanelKey: [PanelKernel]]>([:])

  private struct PanelKey: Hashable {
    let start: Double
    let end: Double
  }

  init(_ prepared: PreparedJunction, highest: Double, modes: [Double]) {
    self.prepared = prepared
    guard highest > 0 else {
      firstPanels = []
      return
    }
    // Pair spectra peak where a filled and an empty resonance differ by the frequency; widths add.
    var features: [(position: Double, width: Double)] = []
    let resonances = prepared.resonances
    if resonances.count <= 40 {
      for r in resonances {
        for s in resonances where r.position - s.position > 0 && r.position - s.position < highest {
          features.append((r.position - s.position, r.width + s.width))
        }
      }
    }
    var points = [0, highest] + modes.filter { $0 < highest } + features.map(\.position)
    points.sort()
    var panels: [Panel] = []
    for (a, b) in zip(points, points.dropFirst()) where b - a > 1e-14 * highest {
      panels += Panel(a, b).split(resolving: features, rho: 2)
    }
    firstPanels = panels
  }

  /// The pair kernels (diagonal in the modes) at the nodes of a panel.
  func kernels(of panel: Panel) throws(SolverError) -> [PanelKernel] {
    let key = PanelKey(start: panel.start, end: panel.end)
    if let found = cache.withLock({ $0[key] }) { return found }
    let modes = Array(prepared.junction.bosons.modeEnergies.indices)
    var result: [PanelKernel] = []
    for node in FrequencyWeights.rule.nodes {
      result.append(try prepared.pairKernel(at: panel.position(node).0, pairs: .diagonal(modes)))
    }
    cache.withLock { $0[key] = result }
    return result
  }
}
