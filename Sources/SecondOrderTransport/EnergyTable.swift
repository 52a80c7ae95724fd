import ElectronSpectra
import Quadrature
import TransportResults

/// Functions of energy on panels, interpolated between 16 Gauss nodes; the panels are halved until they are resolved.
///
/// On panels graded towards an edge what is stored is u f, u the square root of the distance (`CauchyWeights.factor`), so that f
/// may vanish or diverge like a square root there.
package struct EnergyTable: Sendable {
  package static let rule = PanelKernel.rule
  package static let order = 16

  package let panels: [Panel]
  /// Numbers per node.
  package let rows: Int
  /// [(panel * order + node) * rows + row].
  package let values: [Double]
  /// Group of rows -> its range; the tolerance is kept for each group by itself.
  package let groups: [Range<Int>]
  /// Interpolation error, Frobenius norm over the group: [panel * groups + group].
  package let tails: [Double]
  /// Largest Frobenius norm over the group on the panel, same order.
  package let sizes: [Double]
  /// Largest rounding of a number of the first group on the panel.
  package let roundings: [Double]

  /// Samples `fill(energy, row)` on panels; it returns the rounding of the first group's numbers. A panel is halved while the last two
  /// Legendre coefficients of a group, times its length, exceed `tolerance` of the group's integrated size over all panels, or
  /// `noise(panel)` relative to the panel's own size.
  /// Throws what `fill` throws; panels that cannot be resolved keep their honest tail.
  package init(
    _ initial: [Panel], rows: Int, groups: [Range<Int>], tolerance: Double, limit: Int, noise: (Panel) -> Double,
    fill: (Double, UnsafeMutablePointer<Double>) throws(SolverError) -> Double
  ) throws(SolverError) {
    func sampled(_ panel: Panel) throws(SolverError) -> Samples { try Samples(panel, rows: rows, groups: groups, fill) }
    var refinement = PanelRefinement<Samples>(limit: limit)
    for panel in initial { refinement.parts.append(try sampled(panel)) }
    var total = [Double](repeating: 0, count: groups.count)
    for s in refinement.parts { for g in groups.indices { total[g] += s.sizes[g] * s.panel.length } }
    _ = try refinement.descend { (s, hasRoom) throws(SolverError) in
      let floor = 8 * noise(s.panel)
      let isFine = groups.indices.allSatisfy {
        s.tails[$0] * s.panel.length <= tolerance * total[$0] || s.tails[$0] <= floor * s.sizes[$0]
      }
      guard !isFine, hasRoom, let (left, right) = s.panel.bisected else { return nil }
      return (try sampled(left), try sampled(right))
    }
    try SolverError.checkInterruption("computing traces")
    let done = refinement.parts
    panels = done.map(\.panel)
    self.rows = rows
    self.groups = groups
    values = done.flatMap(\.values)
    tails = done.flatMap(\.tails)
    sizes = done.flatMap(\.sizes)
    roundings = done.map(\.rounding)
  }

  /// A table that was made elsewhere.
  init(
    panels: [Panel], rows: Int, values: [Double], groups: [Range<Int>], tails: [Double], sizes: [Double], roundings: [Double]
  ) {
    (self.panels, self.rows, self.values, self.groups) = (panels, rows, values, groups)
    (self.tails, self.sizes, self.roundings) = (tails, sizes, roundings)
  }

  /// The panel that contains an energy (or the nearest one).
  package func panel(containing energy: Double) -> Int {
    var (low, high) = (0, panels.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if energy <= panels[middle].end { high = middle } else { low = middle + 1 }
    }
    return max(low, 0)
  }

  /// Error of a number of a group on a panel: interpolation, and rounding as a share of the group's size as in the first group.
  package func doubt(panel: Int, group: Int) -> Double {
    let first = panel * groups.count
    guard group > 0 else { return tails[first] + roundings[panel] }
    let share = sizes[first] > 0 ? min(max(roundings[panel] / sizes[first], 1e-15), 1) : 1e-15
    return tails[first + group] + share * sizes[first + group]
  }

  /// Weights of a panel's nodes that interpolate at x, for `interpolate`.
  package func fillWeights(panel: Int, x: Double, legendre: inout [Double], into weights: inout [Double]) {
    Self.rule.fillInterpolation(at: x, legendre: &legendre, into: &weights)
    guard panels[panel].grading != .uniform else { return }
    // At the edge itself a function that diverges like 1/sqrt is taken one rounding unit inside.
    let inverse = 1 / max(CauchyWeights.factor(panels[panel], x), 1e-7)
    for i in weights.indices { weights[i] *= inverse }
  }

  /// Writes the interpolant of a range of rows with weights from `fillWeights`. Cost: 32 flops per row.
  @inline(__always)
  package func interpolate(
    panel: Int, weights: UnsafePointer<Double>, range: Range<Int>, into result: UnsafeMutablePointer<Double>
  ) {
    let count = range.count
    for r in 0..<count { result[r] = 0 }
    values.withUnsafeBufferPointer { v in
      for i in 0..<Self.order {
        let (weight, source) = (weights[i], v.baseAddress! + (panel * Self.order + i) * rows + range.lowerBound)
        for r in 0..<count { result[r] += weight * source[r] }
      }
    }
  }

  private struct Samples {
    let panel: Panel
    var values: [Double]
    var tails: [Double]
    var sizes: [Double]
    var rounding = 0.0

    init(
      _ panel: Panel, rows: Int, groups: [Range<Int>],
      _ fill: (Double, UnsafeMutablePointer<Double>) throws(SolverError) -> Double
    ) throws(SolverError) {
      self.panel = panel
      values = [Double](repeating: 0, count: rows * EnergyTable.order)
      var failure: SolverError?
      var rounding = 0.0
      values.withUnsafeMutableBufferPointer { v in
        for i in 0..<EnergyTable.order {
          do throws(SolverError) {
            let x = EnergyTable.rule.nodes[i]
            try SolverError.checkInterruption("computing traces")
            let doubt = try fill(panel.position(x).0, v.baseAddress! + i * rows)
            rounding = max(rounding, doubt)
            guard panel.grading != .uniform else { continue }
            for r in 0..<rows { v[i * rows + r] *= CauchyWeights.factor(panel, x) }
          } catch {
            failure = error
            return
          }
        }
      }
      if let failure { throw failure }
      self.rounding = rounding
      tails = []
      sizes = []
      let n = EnergyTable.order
      values.withUnsafeBufferPointer { v in
        for group in groups {
          var (tail, size) = (0.0, 0.0)
          for r in group {
            let t = EnergyTable.rule.tail(of: v.baseAddress! + r, stride: rows)
            tail += t * t
            var peak = 0.0
            for i in 0..<n { peak = max(peak, abs(v[i * rows + r])) }
            size += peak * peak
          }
          tails.append(2 * tail.squareRoot())
          sizes.append(size.squareRoot())
        }
      }
    }
  }
}
