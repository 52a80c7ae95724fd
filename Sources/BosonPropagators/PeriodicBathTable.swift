import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Pi(w) of a periodic lead, or of a part of it that moves by itself, put on panels once: decimation at the nodes of panels that
/// end at the band edges and follow their square roots; poles of surface states in the gaps are taken out.
package struct PeriodicBathTable: Sendable {
  /// Pi between its poles on one panel.
  private struct Piece: Sendable {
    let panel: Panel
    /// Legendre coefficients of every element, [element * order + k].
    let coefficients: [Scalar]
    let states: [SurfaceState]
    /// Largest deviation from decimation found between the nodes, or the last Legendre coefficients.
    let error: Double
  }

  private let pieces: [Piece]
  private let size: Int
  /// Band edges, w > 0, ascending.
  package let edges: [Double]
  /// The lowest frequency of the bands, 0 for an acoustic lead.
  package let bandBottom: Double
  /// Largest element of Pi without its poles; weighted like the error.
  package let largest: Double
  /// Absolute error of Pi without its poles, from decimation and interpolation, as it counts in integrals over frequencies: what
  /// is uncertain on a short panel only counts with that panel's length. And where it is largest.
  package let error: (value: Double, position: Double)

  private static let rule = GaussLegendreRule(order: 16)
  /// Panels are halved until the last Legendre coefficients fall below this fraction of the largest element.
  private static let tolerance = 1e-12
  private static let pieceLimit = 1_000
  /// No panel is shorter than this fraction of the highest edge.
  private static let shortest = 1e-10

  /// Throws `SolverError` when the lead has imaginary phonons, or when the table does not converge, and what decimation throws.
  package init(_ surface: SurfaceGreensFunction, at subject: SolverError.Subject, highest: Double) throws {
    let structure = try surface.bandStructure()
    let (bottom, top) = (structure.edges.first ?? 0, structure.edges.last ?? 0)
    if bottom < -1e-9 * max(abs(top), abs(bottom)) {
      throw SolverError(
        .unsuitableModel, at: subject, "the lead has imaginary phonons: its lowest W^2 is \(bottom)",
        hint: "Check that K00 contains the springs to both neighbouring cells")
    }
    let floor = 1e-9 * abs(top)
    let edges = structure.edges.filter { $0 > floor }.map { $0.squareRoot() }
    self.edges = edges
    bandBottom = bottom > floor ? edges[0] : 0
    size = surface.lead.orbitals.count
    let scale = edges.last ?? 1
    var pieces: [Piece] = []
    let points = [0] + edges + [max(highest, 1.01 * scale)]
    for (a, b) in zip(points, points.dropFirst()) where b > a {
      let middle = 0.25 * (a + b) * (a + b)
      var builder = Builder(
        surface: surface, start: a, end: b, edges: edges, isGap: !structure.ranges.contains { $0.contains(middle) },
        shortest: Self.shortest * scale)
      pieces += try builder.pieces()
    }
    self.pieces = pieces
    func share(_ piece: Piece) -> Double { min(1, piece.panel.length / (1e-3 * scale)) }
    let largest = pieces.reduce(0) { worst, piece in
      max(worst, share(piece) * piece.coefficients.reduce(0) { max($0, $1.length) })
    }
    self.largest = largest
    error = pieces.reduce((Self.tolerance * largest, 0)) { worst, piece in
      let weighted = piece.error * share(piece)
      return weighted > worst.value ? (weighted, piece.panel.center) : worst
    }
    guard error.value <= 1e-6 * largest else {
      throw SolverError(
        .notConverged, at: subject,
        "the lead's self-energy varies too fast near the frequency \(error.position) to be tabulated: error \(error.value), "
          + "largest element \(largest)",
        hint: "A vibration of the lead's surface or a flat band without damping lies there; couple it to the lead's other waves")
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
    guard floored else { return max(1e-14 * largest, piece(at: w).error) }
    return max(Self.tolerance * largest, rounding(at: w), piece(at: w).error)
  }

  /// Pi grows with the root of the distance of w^2 to an edge: a rounding unit of the highest W^2 over twice that root, four times.
  private func rounding(at w: Double) -> Double {
    let top = edges.last ?? 0
    let nearest = edges.reduce(bandBottom == 0 ? w * w : .infinity) { min($0, abs(w * w - $1 * $1)) }
    return 2 * .ulpOfOne * largest * top / max(nearest, .ulpOfOne * top * top).squareRoot()
  }

  /// Adds Pi(z); `z` has Re z >= 0 and lies near the real axis: the part without poles is continued linearly.
  package func add(at z: Scalar, step: Double, to result: inout Matrix) {
    let w = z.rawStorage.x
    let here = piece(at: w)
    Self.add(here, at: w, factor: .one, to: &result)
    if z.rawStorage.y != 0 {
      let factor = Scalar(0, 0.5 * z.rawStorage.y / step)
      Self.add(piece(at: w + step), at: w + step, factor: factor, to: &result)
      let below = max(w - step, 0)
      Self.add(piece(at: below), at: below, factor: -factor, to: &result)
    }
    for state in here.states { result = result + state.pole(at: z) }
  }

  private static func add(_ piece: Piece, at w: Double, factor: Scalar, to result: inout Matrix) {
    let n = rule.order
    var legendre = [Double](repeating: 0, count: n)
    legendre.withUnsafeMutableBufferPointer {
      rule.addLegendre(at: piece.panel.parameter(w), factor: 1, to: $0.baseAddress!)
    }
    for e in result.elements.indices {
      var sum = Scalar.zero
      for k in 0..<n { sum = sum + piece.coefficients[e * n + k].multiplied(by: legendre[k]) }
      result.elements[e] = result.elements[e] + factor * sum
    }
  }

  // MARK: Making the panels

  /// Panels between two neighbouring band edges.
  private struct Builder {
    let surface: SurfaceGreensFunction
    let start: Double
    let end: Double
    let edges: [Double]
    /// No band covers the interval: Pi is Hermitian and has poles at surface states.
    let isGap: Bool
    let shortest: Double
    private var states: [SurfaceState] = []
    private var searches = 0

    /// A panel with the last coefficients of the one it is a half of, and how often they have hardly shrunk.
    private struct Draft {
      let panel: Panel
      let before: Double
      let stalls: Int
    }

    init(surface: SurfaceGreensFunction, start: Double, end: Double, edges: [Double], isGap: Bool, shortest: Double) {
      self.surface = surface
      self.start = start
      self.end = end
      self.edges = edges
      self.isGap = isGap
      self.shortest = shortest
    }

    /// The panels in ascending order; again from the start when a surface state has been found.
    mutating func pieces() throws -> [Piece] {
      while true { if let result = try attempt() { return result } }
    }

    private mutating func attempt() throws -> [Piece]? {
      let first = Panel.between([start, end], edges: edges).map { Draft(panel: $0, before: .infinity, stalls: 0) }
      var refinement = PanelRefinement(first)
      var accepted: [Piece] = []
      var hasNewState = false
      _ = try refinement.descend { draft, _ in
        // The poles known have changed: what is left is done again from the start.
        guard !hasNewState else { return nil }
        try SolverError.checkInterruption("tabulating a lead")
        let panel = draft.panel
        let values = try PeriodicBathTable.rule.nodes.map { try regular(at: panel.position($0).0) }
        let (coefficients, tail, largest) = PeriodicBathTable.expand(values)
        let isResolved = tail <= PeriodicBathTable.tolerance * largest || largest < 1e-280
        if !isResolved, isGap, searches < 200, try findState(panel, values) {
          hasNewState = true
          return nil
        }
        // Rounding of the decimation does not shrink by halving.
        let next = tail > 0.3 * draft.before ? draft.stalls + 1 : 0
        // Close to a state that nothing damps its noise grows without limit: such panels end here and fail when they are measured.
        let isShort = panel.length < 1e4 * shortest
        let isRounding = next >= 4 && (tail <= 1e-8 * largest || isShort)
        if !isResolved, !isRounding, panel.length > shortest, accepted.count < PeriodicBathTable.pieceLimit,
          let (left, right) = panel.bisected
        {
          return (Draft(panel: left, before: tail, stalls: next), Draft(panel: right, before: tail, stalls: next))
        }
        let piece = Piece(panel: panel, coefficients: coefficients, states: states, error: 0)
        accepted.append(try measured(piece, tail: tail, index: accepted.count))
        return nil
      }
      try SolverError.checkInterruption("tabulating a lead")
      return hasNewState ? nil : accepted
    }

    /// The piece with the error found at two points between its nodes, other ones on every panel.
    private func measured(_ piece: Piece, tail: Double, index: Int) throws -> Piece {
      var worst = tail
      for i in [2 * index + 1, 2 * index + 2] {
        let golden = 0.618_033_988_749_894_9 * Double(i)
        let w = piece.panel.position(2 * (golden - golden.rounded(.down)) - 1).0
        var table = Matrix(rows: surface.lead.orbitals.count, columns: surface.lead.orbitals.count)
        PeriodicBathTable.add(piece, at: w, factor: .one, to: &table)
        worst = max(worst, 2 * (table - (try regular(at: w))).largestMagnitude)
      }
      return Piece(panel: piece.panel, coefficients: piece.coefficients, states: piece.states, error: worst)
    }

    /// Pi = V g V^+ at a complex square of the frequency, Im x >= 0.
    private func pi(_ x: Scalar) throws -> Matrix {
      let v = surface.lead.couplingHamiltonian ?? surface.lead.h01
      return Matrix.product(v * (try surface.continued(to: x)), .plain, v, .adjoint)
    }

    /// Pi without the poles known so far; exactly Hermitian in a gap.
    private func regular(at w: Double) throws -> Matrix {
      var result: Matrix
      let near = states.firstIndex { $0.regular(at: w) != nil }
      if let near, let series = states[near].regular(at: w) {
        result = series
      } else {
        result = try surface(at: w * w).sigma
      }
      for (i, state) in states.enumerated() where i != near { result = result - state.pole(at: Scalar(w, 0)) }
      return isGap ? result.hermitianPart : result
    }

    /// Looks for a pole where the trace rises, on the panel or a little beside it; true when one more is known.
    private mutating func findState(_ panel: Panel, _ values: [Matrix]) throws -> Bool {
      let beside = 0.05 * panel.length
      var points = zip(PeriodicBathTable.rule.nodes, values).map { (panel.position($0).0, $1.trace.rawStorage.x) }
      let below = max(panel.start - beside, 0.5 * (start + panel.start))
      let above = min(panel.end + beside, 0.5 * (panel.end + end))
      if panel.start > start { points.insert((below, try regular(at: below).trace.rawStorage.x), at: 0) }
      if panel.end < end { points.append((above, try regular(at: above).trace.rawStorage.x)) }
      let size = values.reduce(0) { max($0, $1.largestMagnitude) }
      for (one, next) in zip(points, points.dropFirst()) where next.1 - one.1 > 1e-9 * size {
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
