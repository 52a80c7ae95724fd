/// A place where an integrand varies fast: a pole at `position` +- i `width`; with width 0 a step, kink, edge or threshold on
/// the axis itself.
public typealias PanelFeature = (position: Double, width: Double)

/// The one rule for places where integrands are not smooth.
///
/// Panels end at every kink, edge and threshold; towards square-root edges they are graded; and they are halved until no kink lies
/// inside them and every pole lies outside their Bernstein ellipse, so that n Gauss nodes converge as rho^-n, their sums as rho^-2n.
public struct KinkRule: Sendable {
  /// Poles and kinks that panels must resolve.
  public private(set) var features: [PanelFeature]
  /// Where panels end.
  public private(set) var breaks: [Double]
  /// Square-root edges, where panels end graded.
  public private(set) var edges: [Double]

  /// A rule for features at which panels also end, further places where they end, and square-root edges.
  public init(_ features: [PanelFeature] = [], breaks: [Double] = [], edges: [Double] = []) {
    self.features = features
    self.breaks = features.map(\.position) + breaks
    self.edges = edges
  }

  /// The pole of f((e - mu)/T) nearest to the axis, pi T away from it; at T = 0 a step.
  public static func fermiStep(at mu: Double, temperature: Double) -> PanelFeature { (mu, Double.pi * temperature) }

  /// The pole of n((w - nu)/T) next to the one on the axis, where the pair density or the frequency that multiplies n vanishes:
  /// 2 pi T away from it. At T = 0 a kink.
  public static func boseStep(at nu: Double, temperature: Double) -> PanelFeature { (nu, 2 * Double.pi * temperature) }

  /// Adds poles that panels resolve without ending there.
  public mutating func addPoles(_ poles: [PanelFeature]) { features += poles }

  /// Adds places where panels end.
  public mutating func addBreaks(_ positions: [Double]) { breaks += positions }

  /// Panels that cover an interval, in ascending order, halved with the Bernstein parameter rho. Places closer together than
  /// `smallest`, or than `rounding` times their size, are one. Cost: panels times features.
  public func panels(
    from start: Double, to end: Double, rho: Double, longerThan smallest: Double = 0, rounding: Double = 0
  ) -> [Panel] {
    guard end > start else { return [] }
    let points = distinct([start, end] + (breaks + edges).filter { $0 > start && $0 < end }) { one, next in
      next - one <= max(smallest, rounding * max(abs(one), abs(next)))
    }
    let poles = features.filter { $0.width > 0 }
    return Panel.between(points, edges: edges).flatMap { $0.split(resolving: poles, rho: rho) }
  }

  /// A panel broken at the places inside it and graded towards edges, nothing halved yet: where a search in depth begins.
  public func pieces(of panel: Panel) -> [Panel] { panel.broken(at: breaks, edges: edges) }

  /// Ascending places, one of every group that lies together: an edge, the end, or the first.
  private func distinct(_ places: [Double], areOne: (Double, Double) -> Bool) -> [Double] {
    var result: [Double] = []
    let sorted = places.sorted()
    for (i, place) in sorted.enumerated() {
      if let last = result.last, areOne(last, place) {
        if i == sorted.count - 1 ? result.count > 1 : edges.contains(place) { result[result.count - 1] = place }
      } else {
        result.append(place)
      }
    }
    return result
  }
}

extension Panel {
  /// True when no kink lies inside the panel and every pole outside its Bernstein ellipse. Cost: one division per feature.
  public func resolves(_ features: [PanelFeature], rho: Double) -> Bool {
    for f in features {
      let isFine =
        f.width == 0 ? f.position <= start || f.position >= end : resolves(position: f.position, width: f.width, rho: rho)
      if !isFine { return false }
    }
    return true
  }

  /// Halvings after which a feature counts as resolved: 2^-61 of a panel.
  private static var deepest: Int { 61 }

  /// The panel halved until every piece resolves every feature, or cannot be halved any more; ascending.
  public func split(resolving features: [PanelFeature], rho: Double) -> [Panel] {
    var result: [Panel] = []
    split(resolving: features, rho: rho, into: &result)
    return result
  }

  /// The same, appended.
  public func split(resolving features: [PanelFeature], rho: Double, into result: inout [Panel]) {
    split(resolving: features, rho: rho, depth: 0, into: &result)
  }

  private func split(resolving features: [PanelFeature], rho: Double, depth: Int, into result: inout [Panel]) {
    guard depth < Self.deepest, !resolves(features, rho: rho), let (left, right) = bisected else {
      result.append(self)
      return
    }
    left.split(resolving: features, rho: rho, depth: depth + 1, into: &result)
    right.split(resolving: features, rho: rho, depth: depth + 1, into: &result)
  }
}
