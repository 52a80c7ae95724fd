import DenseMatrices
import JunctionModel

/// The extrema of the bands of an infinite periodic lead: where channels open and close, and Sigma(e) has its square roots.
///
/// Intervals of k are halved until cubics through energies and slopes at both ends foresee the middle; in each, a band whose slope
/// changes its sign has an extremum, unless it only crosses another there. Crossings are no edges: the waves pass them.
struct BandEdges {
  private let lead: PeriodicLead
  private let scale: Double
  /// Size of slopes: that of the hopping.
  private let steepness: Double
  /// E(k) = E(-k): the slopes of single bands vanish at 0 and pi.
  private let isEven: Bool
  private var edges: [Double] = []
  private var lowest: [Double]
  private var highest: [Double]

  private static let firstIntervals = 16
  /// Intervals are halved down to this fraction of the first ones.
  private static let deepest = 8
  /// Slopes below this fraction of the steepest are zero.
  private static let flat = 1e-9

  /// Edges, ascending, distinct to 1e-9 of the bands' width, and the range of each band. Cost: about 50 to 300 eigenproblems of a cell;
  /// an interruption ends it between two of them.
  static func find(
    _ lead: PeriodicLead, scale: Double
  ) throws(LinearAlgebraError) -> (edges: [Double], ranges: [ClosedRange<Double>]) {
    var search = BandEdges(lead, scale: scale)
    let count = search.isEven ? firstIntervals : 2 * firstIntervals
    let start = search.isEven ? 0 : -Double.pi
    var left = try search.states(at: start)
    search.add(left)
    for i in 1...count {
      let right = try search.states(at: i == count ? Double.pi : start + Double.pi * Double(i) / Double(firstIntervals))
      try search.descend(left, right, depth: 0)
      search.add(right)
      left = right
    }
    return search.result
  }

  private init(_ lead: PeriodicLead, scale: Double) {
    (self.lead, self.scale) = (lead, scale)
    steepness = lead.h01.largestMagnitude + (lead.s01?.largestMagnitude ?? 0) * scale
    isEven = [lead.h00, lead.h01, lead.s00, lead.s01].allSatisfy { $0?.isReal ?? true }
    lowest = [Double](repeating: .infinity, count: lead.cellSize)
    highest = [Double](repeating: -.infinity, count: lead.cellSize)
  }

  private func states(at k: Double) throws(LinearAlgebraError) -> BlochStates {
    try LinearAlgebraError.checkInterruption("bands of a lead")
    return try BlochStates(of: lead, at: k, scale: scale)
  }

  /// Takes the energies as part of the bands' ranges, and those of flat slopes as edges.
  private mutating func add(_ states: BlochStates) {
    let isSymmetric = isEven && (states.wavenumber == 0 || states.wavenumber == .pi)
    for (n, energy) in states.energies.enumerated() {
      (lowest[n], highest[n]) = (min(lowest[n], energy), max(highest[n], energy))
      let slope = states.slopes[n]
      if isFlat(slope) || (isSymmetric && slope.below == slope.above) { edges.append(energy) }
    }
  }

  private func isFlat(_ slope: (below: Double, above: Double)) -> Bool {
    min(abs(slope.below), abs(slope.above)) <= Self.flat * steepness
  }

  private mutating func descend(_ a: BlochStates, _ b: BlochStates, depth: Int) throws(LinearAlgebraError) {
    let middle = try states(at: 0.5 * (a.wavenumber + b.wavenumber))
    if depth < Self.deepest, !isForeseen(a, middle, b) {
      try descend(a, middle, depth: depth + 1)
      add(middle)
      try descend(middle, b, depth: depth + 1)
      return
    }
    add(middle)
    for n in a.energies.indices {
      try extrema(of: n, a, middle)
      try extrema(of: n, middle, b)
    }
  }

  /// Adds the extrema of the n-th band between two wave numbers: one where its slopes differ in sign, two where they do not and a cubic
  /// has turns all the same; an end at which the slope vanishes is one of them.
  private mutating func extrema(of n: Int, _ a: BlochStates, _ b: BlochStates) throws(LinearAlgebraError) {
    let hidden = turn(of: n, a, b)
    guard let hidden, hidden > 1e-3, hidden < 0.999 else { return try extremum(of: n, a, b) }
    let between = try states(at: a.wavenumber + hidden * (b.wavenumber - a.wavenumber))
    add(between)
    try extremum(of: n, a, between)
    try extremum(of: n, between, b)
  }

  /// A point between two turns of the cubic through both ends, as a fraction of the interval; nil where it turns at most once.
  private func turn(of n: Int, _ a: BlochStates, _ b: BlochStates) -> Double? {
    let h = b.wavenumber - a.wavenumber
    let flat = Self.flat * steepness
    let (first, last) = (a.slopes[n].above, b.slopes[n].below)
    let (s0, s1) = (abs(first) <= flat ? 0 : h * first, abs(last) <= flat ? 0 : h * last)
    guard s0 * s1 >= 0 else { return nil }
    let rise = b.energies[n] - a.energies[n]
    // p' = s0 + 2 c t + 3 d t^2.
    let (c, d) = (3 * rise - 2 * s0 - s1, s0 + s1 - 2 * rise)
    guard d != 0 else { return nil }
    if s0 == 0 { return s1 == 0 ? nil : -c / (3 * d) }
    if s1 == 0 { return 0.5 * (1 + s0 / (3 * d)) }
    let middle = -c / (3 * d)
    return (s0 + c * middle) * s0 < 0 ? middle : nil
  }

  /// True when cubics through both ends meet energies and slopes of the middle.
  private func isForeseen(_ a: BlochStates, _ m: BlochStates, _ b: BlochStates) -> Bool {
    let h = b.wavenumber - a.wavenumber
    for n in a.energies.indices {
      let (start, end) = (a.slopes[n].above, b.slopes[n].below)
      let rise = b.energies[n] - a.energies[n]
      let energy = 0.5 * (a.energies[n] + b.energies[n]) + h / 8 * (start - end)
      let slope = 1.5 * rise / h - 0.25 * (start + end)
      let steepest = max(abs(start), abs(end), abs(rise / h), 1e-6 * steepness)
      let here = 0.5 * (m.slopes[n].below + m.slopes[n].above)
      guard abs(m.energies[n] - energy) <= 0.02 * h * steepest, abs(here - slope) <= 0.1 * steepest else { return false }
    }
    return true
  }

  /// Adds the extremum of the n-th band between two wave numbers at which its slopes differ in sign.
  private mutating func extremum(of n: Int, _ first: BlochStates, _ last: BlochStates) throws(LinearAlgebraError) {
    var (a, b) = (first, last)
    var slowly = false
    for step in 0..<80 {
      let (fa, fb) = (a.slopes[n].above, b.slopes[n].below)
      guard fa * fb < 0, !isFlat((fb, fa)) else { return }
      let length = b.wavenumber - a.wavenumber
      var k = a.wavenumber + length * (slowly ? 0.5 : fa / (fa - fb))
      if step < 6, let meeting = crossing(of: n, a, b) { k = meeting }
      let next = try states(at: k)
      guard next.wavenumber > a.wavenumber, next.wavenumber < b.wavenumber else { break }
      add(next)
      let slope = next.slopes[n]
      // A crossing is no edge; an extremum has been added.
      if slope.below * slope.above < 0 || isFlat(slope) { return }
      if slope.below * fa > 0 { a = next } else { b = next }
      slowly = b.wavenumber - a.wavenumber > 0.5 * length && !slowly
    }
    // Narrower than rounding tells: an edge more is harmless.
    edges.append(0.5 * (a.energies[n] + b.energies[n]))
  }

  /// Where straight lines of the n-th band and of a neighbour meet, when these have opposite slopes at both ends.
  private func crossing(of n: Int, _ a: BlochStates, _ b: BlochStates) -> Double? {
    let neighbour = a.slopes[n].above > 0 ? n + 1 : n - 1
    guard a.energies.indices.contains(neighbour) else { return nil }
    let closing = a.slopes[n].above - a.slopes[neighbour].above
    guard a.slopes[neighbour].above * a.slopes[n].above < 0, b.slopes[neighbour].below * b.slopes[n].below < 0 else { return nil }
    let k = a.wavenumber + (a.energies[neighbour] - a.energies[n]) / closing
    return k > a.wavenumber && k < b.wavenumber ? k : nil
  }

  private var result: (edges: [Double], ranges: [ClosedRange<Double>]) {
    let sorted = edges.sorted()
    let width = max((highest.max() ?? 0) - (lowest.min() ?? 0), 1e-300)
    let distinct = sorted.enumerated().filter { $0.offset == 0 || $0.element - sorted[$0.offset - 1] > 1e-9 * width }
    // Bands that touch must not leave a gap of a rounding unit between them.
    let margin = 1e-12 * scale
    return (distinct.map(\.element), zip(lowest, highest).map { ($0 - margin)...($1 + margin) })
  }
}
