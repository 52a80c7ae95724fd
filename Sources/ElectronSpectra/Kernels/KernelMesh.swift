import Quadrature

/// First panels for a window of energies: broken at every feature and fine enough for every known resonance.
package struct KernelMesh {
  /// Bernstein parameter of the first panels; the sampler's values decide about further refinement.
  private static let rho = 2.6

  /// Resonances and edges of A(e), and the same shifted by w for A(e - w).
  package let features: SpectralFeatures
  package let window: ClosedRange<Double>

  package init(_ features: SpectralFeatures, shiftedBy frequency: Double, window: ClosedRange<Double>) {
    var all = features
    if frequency != 0 {
      all.resonances += features.resonances.map { ($0.position + frequency, $0.width) }
      all.edges += features.edges.map { $0 + frequency }
    }
    let margin = window.upperBound - window.lowerBound
    all.resonances.removeAll { $0.position < window.lowerBound - margin || $0.position > window.upperBound + margin }
    self.features = all
    self.window = window
  }

  /// Panels in ascending order.
  package func panels() -> [Panel] {
    let (low, high) = (window.lowerBound, window.upperBound)
    guard high > low else { return [] }
    let edges = Set(features.edges.filter { window.contains($0) })
    var points = Array(edges) + [low, high]
    points += features.resonances.map(\.position).filter { $0 > low && $0 < high }
    points.sort()
    // Two breakpoints closer than the panels can tell apart are one; an edge wins over a resonance.
    var breaks: [Double] = []
    let smallest = 8e-16 * max(abs(low), abs(high), high - low)
    for point in points {
      if let last = breaks.last, point - last <= smallest {
        if edges.contains(point) { breaks[breaks.count - 1] = point }
      } else {
        breaks.append(point)
      }
    }
    var result: [Panel] = []
    for panel in Panel.between(breaks, edges: Array(edges)) { split(panel, into: &result) }
    return result
  }

  private func split(_ panel: Panel, into result: inout [Panel]) {
    let fits = features.resonances.allSatisfy { panel.resolves(position: $0.position, width: $0.width, rho: Self.rho) }
    if fits {
      result.append(panel)
    } else if let (left, right) = panel.bisected {
      split(left, into: &result)
      split(right, into: &result)
    } else {
      result.append(panel)
    }
  }

  /// Distance in the complex plane from a panel to the nearest resonance.
  package func distance(from panel: Panel) -> Double {
    let half = 0.5 * panel.length
    var nearest = Double.infinity
    for r in features.resonances {
      let gap = max(abs(r.position - panel.center) - half, 0)
      nearest = min(nearest, gap * gap + r.width * r.width)
    }
    return nearest.squareRoot()
  }
}
