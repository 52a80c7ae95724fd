import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Pi(w) of a part of a periodic lead put on panels once: the lead's waves at the nodes of panels that end at the band edges and follow
/// their square roots.
///
/// Poles of surface states in the gaps are taken out. At an edge whose wave stands still on the junction's coordinates Pi grows as the
/// inverse root of the distance: that root times Pi is tabulated there. Where neither converges, the waves are asked at every frequency.
package struct PeriodicBathTable: Sendable {
  /// How Pi between its poles is known on a panel.
  private enum Form: Sendable {
    /// Legendre coefficients of every element, [element * order + k].
    case series([Scalar])
    /// The same of Pi times s, the root of the distance to the graded end over the panel's length.
    case rooted([Scalar])
    /// From the waves themselves.
    case direct
  }

  private struct Piece: Sendable {
    let panel: Panel
    let form: Form
    let states: [SurfaceState]
    /// Largest deviation from the waves found between the nodes, the last Legendre coefficients, or what the waves are known to.
    let error: Double
    /// Largest element at the nodes.
    let largest: Double
  }

  private let part: PeriodicBathPart
  private let pieces: [Piece]
  private let size: Int
  /// Band edges, w > 0, ascending.
  package var edges: [Double] { part.edges }
  /// The lowest frequency of the bands, 0 for an acoustic lead.
  package var bandBottom: Double { part.bandBottom }
  /// Largest element of Pi without its poles; weighted like the error.
  package let largest: Double
  /// Absolute error of Pi without its poles, as it counts in integrals over frequencies: what is uncertain on a short panel only counts
  /// with that panel's length. And where it is largest.
  package let error: (value: Double, position: Double)

  private static let rule = GaussLegendreRule(order: 16)
  /// Panels are halved until the last Legendre coefficients fall below this fraction of the largest element.
  private static let tolerance = 1e-12
  /// Frequencies asked for on the way to a table; what is not resolved then is left to the waves.
  private static let evaluationLimit = 6_000
  /// No panel is shorter than this fraction of the highest edge.
  private static let shortest = 1e-10

  /// Throws `SolverError` when interrupted, and what the waves throw. Cost: up to 6000 frequencies.
  package init(_ part: PeriodicBathPart, at subject: SolverError.Subject, highest: Double) throws {
    self.part = part
    let edges = part.edges
    size = part.surface.lead.orbitals.count
    let scale = edges.last ?? 1
    var pieces: [Piece] = []
    var left = Self.evaluationLimit
    let points = [0] + edges + [max(highest, 1.01 * scale)]
    for (a, b) in zip(points, points.dropFirst()) where b > a {
      var builder = Builder(
        part: part, start: a, end: b, edges: edges, isGap: !part.isInBand(((a * a + b * b) / 2).squareRoot()),
        shortest: Self.shortest * scale, evaluationsLeft: left)
      pieces += try builder.pieces()
      left = builder.evaluationsLeft
    }
    self.pieces = pieces
    func share(_ piece: Piece) -> Double { min(1, piece.panel.length / (1e-3 * scale)) }
    let largest = pieces.reduce(0) { max($0, share($1) * $1.largest) }
    self.largest = largest
    error = pieces.reduce((Self.tolerance * largest, 0)) { worst, piece in
      let weighted = piece.error * share(piece)
      return weighted > worst.value ? (weighted, piece.panel.center) : worst
    }
    guard error.value <= 1e-4 * largest else {
      throw SolverError(
        .notConverged, at: subject,
        "the lead's self-energy is known to \(error.value) only near the frequency \(error.position), largest element \(largest)",
        hint: "A flat band or a vibration of the lead's surface lies there; couple it to the lead's other waves")
    }
  }

  /// Poles of Pi: their frequencies.
  package var surfaceStates: [SurfaceState] {
    var result: [SurfaceState] = []
    for state in pieces.flatMap(\.states) where !result.contains(where: { $0.frequency == state.frequency }) {
      result.append(state)
    }
    return result
  }

  /// Channels whose band edge lies at a frequency to rounding.
  func edgeChannels(at w: Double) -> Int { (try? part.value(at: w))?.edgeChannels ?? 0 }

  private func piece(at w: Double) -> Piece {
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].panel.end < w { low = middle + 1 } else { high = middle }
    }
    return pieces[low]
  }

  /// Absolute error of Pi without its poles near a frequency; `floored` by what panels are resolved to, and by what rounding of w^2 leaves
  /// next to a band edge.
  package func error(at w: Double, floored: Bool = true) -> Double {
    let piece = piece(at: w)
    guard floored else { return max(1e-14 * largest, piece.error) }
    return max(Self.tolerance * largest, rounding(at: w, of: piece), piece.error)
  }

  /// Pi grows with the root of the distance of w^2 to an edge, or falls with it: a rounding unit of the highest W^2 over twice that root, four
  /// times.
  private func rounding(at w: Double, of piece: Piece) -> Double {
    let top = edges.last ?? 0
    let nearest = edges.reduce(bandBottom == 0 ? w * w : .infinity) { min($0, abs(w * w - $1 * $1)) }
    let relative = 2 * .ulpOfOne * top / max(nearest, .ulpOfOne * top * top).squareRoot()
    guard case .rooted = piece.form else { return relative * largest }
    return relative * largest * top / max(nearest, .ulpOfOne * top * top).squareRoot()
  }

  /// Adds Pi(z); `z` has Re z >= 0 and lies near the real axis: the part without poles is continued linearly.
  package func add(at z: Scalar, step: Double, to result: inout Matrix) {
    let w = z.rawStorage.x
    let here = piece(at: w)
    add(here, at: w, factor: .one, to: &result)
    if z.rawStorage.y != 0 {
      let factor = Scalar(0, 0.5 * z.rawStorage.y / step)
      add(piece(at: w + step), at: w + step, factor: factor, to: &result)
      let below = max(w - step, 0)
      add(piece(at: below), at: below, factor: -factor, to: &result)
    }
    for state in here.states { result = result + state.pole(at: z) }
  }

  private func add(_ piece: Piece, at w: Double, factor: Scalar, to result: inout Matrix) {
    switch piece.form {
    case .series(let coefficients): Self.add(coefficients, piece.panel, at: w, factor: factor, to: &result)
    case .rooted(let coefficients):
      let scaled = factor.multiplied(by: 1 / Self.root(piece.panel, piece.panel.parameter(w)))
      Self.add(coefficients, piece.panel, at: w, factor: scaled, to: &result)
    case .direct:
      // What the waves cannot tell is no number, and the integrals over it are none.
      let value = (try? part.value(at: w))?.selfEnergy
      let missing = Scalar(.nan, .nan)
      for e in result.elements.indices {
        result.elements[e] = result.elements[e] + factor * (value?.elements[e] ?? missing)
      }
      for state in piece.states { result = result - factor * state.pole(at: Scalar(w, 0)) }
    }
  }

  /// The root of the distance to the graded end, at least a rounding unit's.
  private static func root(_ panel: Panel, _ x: Double) -> Double {
    max(panel.grading == .towardStart ? 0.5 * (1 + x) : 0.5 * (1 - x), 1e-8)
  }

  private static func add(_ coefficients: [Scalar], _ panel: Panel, at w: Double, factor: Scalar, to result: inout Matrix) {
    let n = rule.order
    withUnsafeTemporaryAllocation(of: Double.self, capacity: n) { legendre in
      legendre.initialize(repeating: 0)
      rule.addLegendre(at: panel.parameter(w), factor: 1, to: legendre.baseAddress!)
      coefficients.withUnsafeBufferPointer { c in
        for e in result.elements.indices {
          var sum = Scalar.zero
          for k in 0..<n { sum = sum + c[e * n + k].multiplied(by: legendre[k]) }
          result.elements[e] = result.elements[e] + factor * sum
        }
      }
    }
  }

  // MARK: Making the panels

  /// Panels between two neighbouring band edges.
  private struct Builder {
    let part: PeriodicBathPart
    let start: Double
    let end: Double
    let edges: [Double]
    /// No band covers the interval: Pi is Hermitian and has poles at surface states.
    let isGap: Bool
    let shortest: Double
    private(set) var evaluationsLeft: Int
    private var states: [SurfaceState] = []
    private var searches = 0

    /// A panel with the last coefficients of the one it is a half of, and how often they have hardly shrunk.
    private struct Draft {
      let panel: Panel
      let before: Double
      let stalls: Int
    }

    /// Pi without poles at the nodes of a panel, and what the waves are known to: at the nodes, and on average over the panel.
    private struct Samples {
      let values: [Matrix]
      let errors: [Double]
      let meanError: Double
      /// The largest error at a node; next to an edge that is much more than the mean.
      var noise: Double { errors.max() ?? 0 }
    }

    init(
      part: PeriodicBathPart, start: Double, end: Double, edges: [Double], isGap: Bool, shortest: Double, evaluationsLeft: Int
    ) {
      (self.part, self.start, self.end, self.edges) = (part, start, end, edges)
      (self.isGap, self.shortest, self.evaluationsLeft) = (isGap, shortest, evaluationsLeft)
    }

    /// The panels in ascending order; again from the start when a surface state has been found.
    mutating func pieces() throws -> [Piece] {
      while true { if let result = try attempt() { return result } }
    }

    private mutating func attempt() throws -> [Piece]? {
      // Bending waves begin at w = 0 as the root of w.
      let graded = start == 0 && part.bandBottom == 0 ? [0] + edges : edges
      let first = Panel.between([start, end], edges: graded).map { Draft(panel: $0, before: .infinity, stalls: 0) }
      var refinement = PanelRefinement(first)
      var accepted: [Piece] = []
      var hasNewState = false
      _ = try refinement.descend { draft, _ in
        // The poles known have changed: what is left is done again from the start.
        guard !hasNewState else { return nil }
        try SolverError.checkInterruption("tabulating a lead")
        let panel = draft.panel
        guard evaluationsLeft > 0 else {
          accepted.append(Piece(panel: panel, form: .direct, states: states, error: 0, largest: 0))
          return nil
        }
        let samples = try samples(panel)
        let (coefficients, tail, largest) = PeriodicBathTable.expand(samples.values)
        let isResolved = tail <= PeriodicBathTable.tolerance * largest || largest < 1e-280
        if !isResolved, let rooted = rooted(panel, samples) {
          accepted.append(try measured(rooted, index: accepted.count))
          return nil
        }
        if !isResolved, isGap, searches < 20, try findState(panel, samples) {
          hasNewState = true
          return nil
        }
        // Rounding of the waves does not shrink by halving.
        let next = tail > 0.3 * draft.before ? draft.stalls + 1 : 0
        let isRounding =
          (next >= 1 || tail <= 1e-10 * largest) && isNoise(tail, of: largest, noise: samples.noise, panel)
          || next >= 4 && tail <= 1e-8 * largest
        if !isResolved, !isRounding, panel.length > shortest, let (left, right) = panel.bisected {
          return (Draft(panel: left, before: tail, stalls: next), Draft(panel: right, before: tail, stalls: next))
        }
        let isSeries = isResolved || isRounding
        let piece = Piece(
          panel: panel, form: isSeries ? .series(coefficients) : .direct, states: states,
          error: isSeries ? tail : samples.meanError, largest: largest)
        accepted.append(try measured(piece, index: accepted.count))
        return nil
      }
      try SolverError.checkInterruption("tabulating a lead")
      return hasNewState ? nil : accepted
    }

    private mutating func samples(_ panel: Panel) throws -> Samples {
      let rule = PeriodicBathTable.rule
      evaluationsLeft -= rule.order
      var (values, errors): ([Matrix], [Double]) = ([], [])
      var (sum, measure) = (0.0, 0.0)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let (w, jacobian) = panel.position(node)
        let value = try regular(at: w)
        values.append(value.selfEnergy)
        errors.append(min(value.error, value.selfEnergy.norm))
        sum += weight * jacobian * errors[errors.count - 1]
        measure += weight * jacobian
      }
      return Samples(values: values, errors: errors, meanError: sum / measure)
    }

    /// True when the last coefficients are no more than rounding of the waves at the nodes, where that is small or the panel short.
    private func isNoise(_ tail: Double, of largest: Double, noise: Double, _ panel: Panel) -> Bool {
      let share = panel.length / (1e10 * shortest)
      return tail <= 4 * noise && tail * min(share, 1) <= 1e-9 * largest
    }

    /// A panel that ends at an edge at which Pi grows as the inverse root of the distance; nil where it does not or is not resolved.
    private func rooted(_ panel: Panel, _ samples: Samples) -> Piece? {
      guard panel.grading != .uniform, let first = samples.values.first, let last = samples.values.last else { return nil }
      let (near, far) = panel.grading == .towardStart ? (first, last) : (last, first)
      guard near.largestMagnitude > 8 * far.largestMagnitude else { return nil }
      let roots = PeriodicBathTable.rule.nodes.map { PeriodicBathTable.root(panel, $0) }
      let (coefficients, tail, largest) = PeriodicBathTable.expand(zip(samples.values, roots).map { $1 * $0 })
      let noise = zip(samples.errors, roots).reduce(0) { max($0, $1.0 * $1.1) }
      guard tail <= PeriodicBathTable.tolerance * largest || isNoise(tail, of: largest, noise: noise, panel) else { return nil }
      return Piece(panel: panel, form: .rooted(coefficients), states: states, error: 2 * tail, largest: far.largestMagnitude)
    }

    /// The piece with the error found at two points between its nodes, other ones on every panel.
    private mutating func measured(_ piece: Piece, index: Int) throws -> Piece {
      var worst = piece.error
      let (isRooted, coefficients): (Bool, [Scalar])
      switch piece.form {
      case .series(let c): (isRooted, coefficients) = (false, c)
      case .rooted(let c): (isRooted, coefficients) = (true, c)
      case .direct: return piece
      }
      for i in [2 * index + 1, 2 * index + 2] {
        let golden = 0.618_033_988_749_894_9 * Double(i)
        let x = 2 * (golden - golden.rounded(.down)) - 1
        let w = piece.panel.position(x).0
        let root = isRooted ? PeriodicBathTable.root(piece.panel, x) : 1
        var table = Matrix(rows: part.surface.lead.orbitals.count, columns: part.surface.lead.orbitals.count)
        PeriodicBathTable.add(coefficients, piece.panel, at: w, factor: .one, to: &table)
        // Of s Pi, as the coefficients; 2 is the mean of 1/s over the panel.
        worst = max(worst, 2 * (table - root * (try regular(at: w).selfEnergy)).largestMagnitude)
      }
      evaluationsLeft -= 2
      return Piece(panel: piece.panel, form: piece.form, states: piece.states, error: worst, largest: piece.largest)
    }

    /// Pi = V g V^+ at a complex square of the frequency, Im x >= 0.
    private func pi(_ x: Scalar) throws -> Matrix {
      try SolverError.checkInterruption("tabulating a lead")
      let v = part.surface.lead.couplingHamiltonian ?? part.surface.lead.h01
      return Matrix.product(v * (try part.surface.continued(to: x)), .plain, v, .adjoint)
    }

    /// Pi without the poles known so far; exactly Hermitian in a gap.
    private func regular(at w: Double) throws -> PeriodicBathPart.Value {
      var (result, error): (Matrix, Double)
      let near = states.firstIndex { $0.regular(at: w) != nil }
      if let near, let series = states[near].regular(at: w) {
        (result, error) = (series, 0)
      } else {
        let value = try part.value(at: w)
        (result, error) = (value.selfEnergy, value.error)
      }
      for (i, state) in states.enumerated() where i != near { result = result - state.pole(at: Scalar(w, 0)) }
      return PeriodicBathPart.Value(selfEnergy: isGap ? result.hermitianPart : result, error: error)
    }

    /// Looks for a pole where the trace rises by more than it is uncertain, on the panel or a little beside it; true when one more is known.
    private mutating func findState(_ panel: Panel, _ samples: Samples) throws -> Bool {
      let beside = 0.05 * panel.length
      let rule = PeriodicBathTable.rule
      var points = zip(rule.nodes, samples.values).map { (panel.position($0).0, $1.trace.rawStorage.x) }
      let below = max(panel.start - beside, 0.5 * (start + panel.start))
      let above = min(panel.end + beside, 0.5 * (panel.end + end))
      if panel.start > start { points.insert((below, try regular(at: below).selfEnergy.trace.rawStorage.x), at: 0) }
      if panel.end < end { points.append((above, try regular(at: above).selfEnergy.trace.rawStorage.x)) }
      let size = samples.values.reduce(0) { max($0, $1.largestMagnitude) }
      let noise = 1e-9 * size + 10 * samples.noise
      for (one, next) in zip(points, points.dropFirst()) where next.1 - one.1 > noise {
        searches += 1
        guard
          let found = try SurfaceState.find(
            between: one.0 * one.0, and: next.0 * next.0, edges: edges, known: states, { try pi($0) })
        else { continue }
        states.append(found)
        return true
      }
      return false
    }
  }

  /// Legendre coefficients of every element, the last two of them and the largest value.
  private static func expand(_ values: [Matrix]) -> (coefficients: [Scalar], tail: Double, largest: Double) {
    let n = rule.order
    let size = values[0].elements.count
    var coefficients = [Scalar](repeating: .zero, count: size * n)
    var (largest, tail) = (0.0, 0.0)
    for e in 0..<size {
      for k in 0..<n {
        var sum = Scalar.zero
        for i in 0..<n {
          let weight = rule.weights[i] * rule.legendreAtNodes[k * n + i]
          sum = sum + values[i].elements[e].multiplied(by: weight)
        }
        coefficients[e * n + k] = sum.multiplied(by: Double(k) + 0.5)
        if k >= n - 2 { tail = max(tail, coefficients[e * n + k].length) }
      }
      for v in values { largest = max(largest, v.elements[e].length) }
    }
    return (coefficients, tail, largest)
  }
}
