import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Transmissions at the Gauss nodes of panels on which all of them are polynomials to the tolerance. Independent of the state.
package struct TransmissionMesh: Sendable {
  package static let order = 16
  package static let rule = GaussLegendreRule(order: order)
  private static let panelLimit = 20_000

  /// Ascending.
  package let panels: [Panel]
  /// Energies of the nodes and Gauss weights times the Jacobian, [panel * order + node].
  package let energies: [Double]
  package let measures: [Double]
  /// tau at the nodes, [function][panel * order + node].
  package let values: [[Double]]
  /// Bound of the interpolation error of tau on each panel, [function][panel].
  package let tails: [[Double]]
  /// The same of tau/w on the first panel, where w n(w/T) is what is smooth; zero unless it begins at w = 0 (bosons).
  package let firstTails: [Double]

  /// The mesh on a window; `coldest` is the lowest temperature above zero of all states, `tolerance` relative to tau nearby or
  /// to what the states carry, whichever is easier.
  ///
  /// Panels end at supports, breakpoints and knots; they are halved until tau agrees with its interpolant at and between the
  /// nodes, or does not matter to any state. Throws when a transmission is negative or not finite, or when too many panels are needed.
  package init(
    _ terminals: Terminals, points: OperatingPoints, window: ClosedRange<Double>, coldest: Double, tolerance: Double
  ) throws(SolverError) {
    // Powers of w are graded towards w = 0 far below the coldest bath, where the number of bosons still counts.
    let smallest =
      coldest > 0 ? (terminals.particles == .bosons ? 1e-25 : 1e-12) * coldest : 1e-15 * (window.upperBound - window.lowerBound)
    let first = Self.firstPanels(terminals, points, window, coldest)
    let relevance = TransmissionRelevance(terminals, points, panels: first)
    var builder = Builder(terminals, relevance, tolerance: tolerance, smallest: smallest)
    var refinement = PanelRefinement(first)
    _ = try refinement.descend { (panel, _) throws(SolverError) in
      try builder.halves(panel, limit: Self.panelLimit + 2 * first.count)
    }
    try SolverError.checkInterruption("sampling transmissions")
    (panels, values, tails) = (builder.panels, builder.values, builder.tails)
    var (energies, measures): ([Double], [Double]) = ([], [])
    for panel in panels {
      for i in 0..<Self.order {
        let (e, jacobian) = panel.position(Self.rule.nodes[i])
        energies.append(e)
        measures.append(jacobian * Self.rule.weights[i])
      }
    }
    (self.energies, self.measures) = (energies, measures)
    let touches = terminals.particles == .bosons && panels.first?.start == 0
    firstTails = builder.values.map { tau in
      touches ? Builder.tail((0..<Self.order).map { tau[$0] / energies[$0] }) : 0
    }
  }

  /// Panels before tau is looked at: supports, breakpoints, thermal scales, Lorentzians resolved.
  private static func firstPanels(
    _ terminals: Terminals, _ points: OperatingPoints, _ window: ClosedRange<Double>, _ coldest: Double
  ) -> [Panel] {
    let (low, high) = (window.lowerBound, window.upperBound)
    guard high > low else { return [] }
    var places: [Double] = []
    for function in terminals.functions {
      let support = function.support
      places += [support.lower, support.upper] + function.breakpoints
      let (from, to) = (max(support.lower, low), min(support.upper, high))
      guard to > from else { continue }
      var pieces = if case .expression = function.shape { 32 } else { 4 }
      if terminals.particles == .fermions && coldest > 0 {
        // Panels short against T need no moments.
        let wanted = ((to - from) / (OccupationQuadrature.fermiLength * coldest)).rounded(.up)
        pieces = max(pieces, Int(min(wanted, 64)))
        if wanted > 64 { places += thermalPlaces(terminals, points, from...to, coldest) }
      }
      if case .power(_, let exponent, _, let cutoff?) = function.shape {
        // Around the maximum, and where the exponential has ended.
        places += [0.1, 1, 10, 100].map { $0 * (1 + exponent) * cutoff }
      }
      places += (1..<pieces).map { from + (to - from) * Double($0) / Double(pieces) }
      guard terminals.particles == .bosons, coldest > 0 else { continue }
      // The occupation is largest at the bottom: resolve what the coldest bath sees of it.
      var length = 0.5 * (to - from)
      while length > 0.5 * coldest && length > 1e-15 * (to - from) {
        places.append(from + length)
        length *= 0.5
      }
    }
    let features = terminals.functions.compactMap { function -> PanelFeature? in
      if case .lorentzian(let energy, let width, _) = function.shape { return (energy, 0.5 * width) }
      return nil
    }
    // Points that rounding cannot tell apart are one.
    var rule = KinkRule(breaks: places)
    rule.addPoles(features)
    return rule.panels(from: low, to: high, rho: 4, rounding: 4e-15)
  }

  /// Places ever closer to the chemical potentials, down to the temperature of the coldest bath: a window made wide by a hot bath
  /// has the others' particles in a small part of it.
  private static func thermalPlaces(
    _ terminals: Terminals, _ points: OperatingPoints, _ window: ClosedRange<Double>, _ coldest: Double
  ) -> [Double] {
    guard points.count > 0 else { return [] }
    var potentials: Set<Double> = points.bathChemicalPotentials.isEmpty ? [0] : []
    for column in points.bathChemicalPotentials { potentials.formUnion([column.min()!, column.max()!]) }
    return potentials.flatMap { (mu: Double) -> [Double] in
      var (places, length) = ([mu], 0.5 * (window.upperBound - window.lowerBound))
      while length > OccupationQuadrature.fermiLength * coldest && length > 1e-15 * abs(mu) {
        places += [mu - length, mu + length]
        length *= 0.5
      }
      return places
    }
  }

  /// tau at zero frequency, where the number of soft bosons diverges; 0 when it vanishes there or the bath never sees it.
  package static func valueAtZero(_ function: TransmissionFunction) -> Double {
    guard function.support.lower <= 0 else { return 0 }
    let value = function.value(0)
    return value.isFinite ? value : 0
  }

  /// Halves panels until every function is resolved.
  private struct Builder {
    let terminals: Terminals
    let relevance: TransmissionRelevance
    let tolerance: Double
    let smallest: Double
    var panels: [Panel] = []
    var values: [[Double]]
    var tails: [[Double]]
    /// Points between the nodes and the interpolation weights there.
    private let probes: [(x: Double, weights: [Double])]

    init(_ terminals: Terminals, _ relevance: TransmissionRelevance, tolerance: Double, smallest: Double) {
      self.terminals = terminals
      self.relevance = relevance
      self.tolerance = tolerance
      self.smallest = smallest
      values = terminals.functions.map { _ in [] }
      tails = values
      probes = [-0.94, -0.35, 0.05, 0.52, 0.97].map { x in
        var (legendre, weights) = ([Double](repeating: 0, count: order), [Double](repeating: 0, count: order))
        rule.fillInterpolation(at: x, legendre: &legendre, into: &weights)
        return (x, weights)
      }
    }

    /// The halves of a panel on which something is not resolved; otherwise nil, and the panel is taken in.
    mutating func halves(_ panel: Panel, limit: Int) throws(SolverError) -> (Panel, Panel)? {
      var (samples, bounds): ([[Double]], [Double]) = ([], [])
      var unresolved: Int?
      for index in terminals.functions.indices {
        let (tau, bound, enough) = try sample(index, panel)
        samples.append(tau)
        bounds.append(bound)
        if bound > enough { unresolved = unresolved ?? index }
      }
      let least = max(smallest, 1e-12 * max(abs(panel.start), abs(panel.end)))
      if let unresolved, panel.length > least || panel.start == 0 && panel.length > smallest, let halves = panel.bisected {
        guard panels.count < limit else { throw tooMany(panel, unresolved) }
        return halves
      }
      // Where nothing is transmitted nothing is integrated.
      guard samples.contains(where: { $0.contains { $0 > 0 } }) else { return nil }
      panels.append(panel)
      for index in samples.indices {
        values[index] += samples[index]
        tails[index].append(bounds[index])
      }
      return nil
    }

    /// Values at the nodes, a bound of the interpolation error, and the bound that is good enough.
    private func sample(_ index: Int, _ panel: Panel) throws(SolverError) -> ([Double], Double, Double) {
      let support = terminals.functions[index].support
      guard support.lower < panel.end, support.upper > panel.start else {
        return ([Double](repeating: 0, count: order), 0, 0)
      }
      var tau: [Double] = []
      for x in rule.nodes { tau.append(try value(index, panel.position(x).0)) }
      var largest = tau.reduce(0, max)
      var bound = Self.tail(tau)
      for probe in probes {
        let direct = try value(index, panel.position(probe.x).0)
        largest = max(largest, direct)
        bound = max(bound, 2 * abs(direct - zip(tau, probe.weights).reduce(0) { $0 + $1.0 * $1.1 }))
      }
      if largest == 0 {
        bound = try hidden(index, panel)
        largest = bound
      }
      // Rounding of the samples and of w itself is no structure.
      let change = largest - tau.reduce(largest, min)
      let noise = 2e-14 * largest + 4e-15 * max(abs(panel.start), abs(panel.end)) / panel.length * change
      if bound <= 2e-14 * largest { return (tau, 0, 0) }
      let local = max(tolerance * largest, noise)
      return (tau, bound, bound <= local ? local : max(local, relevance.enough(index, on: panel, tolerance: tolerance)))
    }

    /// The largest value at points between and beyond the nodes, where all samples vanish: a peak much narrower than the panel,
    /// or a decay from one of its ends. Zero for shapes that cannot hide any.
    private func hidden(_ index: Int, _ panel: Panel) throws(SolverError) -> Double {
      guard case .expression = terminals.functions[index].shape else { return 0 }
      var largest = 0.0
      for k in 1...48 {
        let (near, middle) = (panel.length * Double.exp2(-Double(k)), panel.length * (Double(k) - 0.4) / 48)
        for w in [panel.start + near, panel.end - near, panel.start + middle] { largest = max(largest, try value(index, w)) }
      }
      return largest
    }

    static func tail(_ samples: [Double]) -> Double {
      samples.withUnsafeBufferPointer { rule.interpolationError(of: $0.baseAddress!) }
    }

    private func value(_ index: Int, _ w: Double) throws(SolverError) -> Double {
      var tau = terminals.functions[index].value(w)
      // Rounding of an expression that vanishes, for example 1 - cos(w).
      if tau < 0 && tau >= -1e-14 { tau = 0 }
      // The last numbers before underflow have no digits.
      if tau > 0 && tau < 1e-290 { tau = 0 }
      guard tau.isFinite && tau >= 0 else {
        throw SolverError(
          .unsuitableModel, at: subject(index),
          "the transmission is \(tau) at w = \(w); it must be a number that is zero or positive",
          hint: "Limit it to energies where it is one with 'from' and 'to'")
      }
      return tau
    }

    private func subject(_ index: Int) -> SolverError.Subject {
      let link = terminals.links.first { $0.function == index }!
      return .transmission(from: terminals.names[link.from], to: terminals.names[link.to])
    }

    private func tooMany(_ panel: Panel, _ index: Int) -> SolverError {
      SolverError(
        .notConverged, at: subject(index),
        "the transmission is not resolved by \(panels.count) panels; the next one is at w = \(panel.start)",
        hint: "Name its kinks in \(part: .transmissionKinks), make it smoother, or ask for a larger tolerance")
    }
  }
}
