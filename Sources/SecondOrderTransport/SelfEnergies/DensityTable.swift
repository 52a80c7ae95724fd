import BosonPropagators
import Quadrature
import RealModule
import TransportResults

/// A_mn(w) and sum_p n_p A_p,mn(w) of one state on panels of w > 0, for every pair of modes m <= n.
///
/// The panels end beyond every scale and are halved until the Legendre series between 16 nodes have decayed to rounding, so that a
/// value costs 16 steps of a recurrence however sharp the modes are.
struct DensityTable {
  private static let rule = GaussLegendreRule(order: 16)
  private static let order = 16
  private static let panelLimit = 2000
  private static let tolerance = 2e-13

  /// Numbers per frequency: (A, nA) of every pair, real parts first, then imaginary parts where a pair has them.
  let count: Int
  /// Ascending, without gaps, from 0.
  let panels: [Panel]
  /// Poles of the densities: what panels of other variables must resolve.
  let features: [PanelFeature]
  /// Legendre coefficients, [(panel * order + k) * count + density].
  private let coefficients: [Double]
  /// (2k + 1)/(k + 1) and k/(k + 1) of the recurrence.
  private let ratios = (0..<order).flatMap { (k: Int) -> [Double] in
    let n = Double(k)
    return [(2 * n + 1) / (n + 1), n / (n + 1)]
  }
  /// int dw of every density.
  let integrals: [Double]
  /// Half of w times the density at the end of the last panel: more than what lies beyond, where densities fall as 1/w^3.
  let beyond: [Double]

  /// Pairs m <= n in their order in the list.
  struct Pairs {
    /// Place in the list, m and n.
    let list: [(place: Int, m: Int, n: Int)]

    init(_ pairs: TracePairs) {
      list = pairs.list.enumerated().filter { $1.m <= $1.n }.map { ($0, $1.m, $1.n) }
    }

    /// First density of a pair: A, nA, and for m < n their imaginary parts.
    func first(_ pair: Int) -> Int { list[..<pair].reduce(0) { $0 + ($1.m == $1.n ? 2 : 4) } }

    /// Densities of all pairs.
    var densities: Int { first(list.count) }
  }

  /// Cost: some 50 panels of 16 frequencies, each one inverse of D. `features` are those of D and of the occupations.
  init(
    _ densities: BosonDensities, pairs: TracePairs, baths: [ReservoirLine], features: [PanelFeature], breaks: [Double],
    upTo last: Double
  ) {
    let (upper, total) = (Pairs(pairs), pairs.count)
    let count = upper.densities
    (self.count, self.features) = (count, features)
    var raw = [Double](repeating: 0, count: densities.count(order: 0))
    func sample(_ w: Double, _ out: UnsafeMutablePointer<Double>) {
      densities.fill(w, baths: baths, order: 0, into: &raw)
      var next = 0
      for pair in upper.list {
        let (a, occupied) = (2 * pair.place, 2 * (total + pair.place))
        (out[next], out[next + 1]) = (raw[a], raw[occupied])
        next += 2
        guard pair.m != pair.n else { continue }
        (out[next], out[next + 1]) = (raw[a + 1], raw[occupied + 1])
        next += 2
      }
    }
    let first = KinkRule(features, breaks: breaks).panels(from: 0, to: last, rho: 4, longerThan: 1e-17 * last)
    var refinement = PanelRefinement(first, limit: Self.panelLimit)
    var (done, coefficients): ([Panel], [Double]) = ([], [])
    var values = [Double](repeating: 0, count: Self.order * count)
    var peaks = [Double](repeating: 0, count: count)
    _ = refinement.descend { panel, hasRoom in
      for i in 0..<Self.order {
        values.withUnsafeMutableBufferPointer { sample(panel.position(Self.rule.nodes[i]).0, $0.baseAddress! + i * count) }
      }
      let isFine = values.withUnsafeBufferPointer { v in
        (0..<count).allSatisfy { d in
          let size = (0..<Self.order).reduce(0) { max($0, abs(v[$1 * count + d])) }
          peaks[d] = max(peaks[d], size)
          return Self.rule.tail(of: v.baseAddress! + d, stride: count) <= Self.tolerance * max(size, 1e-3 * peaks[d])
        }
      }
      if !isFine, hasRoom, panel.length > 1e-13 * panel.end, let halves = panel.bisected { return halves }
      done.append(panel)
      values.withUnsafeBufferPointer { v in
        for k in 0..<Self.order {
          for d in 0..<count { coefficients.append(Self.rule.coefficient(k, of: v.baseAddress! + d, stride: count)) }
        }
      }
      return nil
    }
    panels = done
    self.coefficients = coefficients
    var (sums, ends) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for (p, panel) in done.enumerated() {
      for d in 0..<count { sums[d] += panel.length * coefficients[p * Self.order * count + d] }
    }
    sample(last, &ends)
    (integrals, beyond) = (sums, ends.map { 0.5 * last * abs($0) })
  }

  /// Writes the densities at w > 0; zeros beyond the last panel. `hint` is the panel of the last call. Cost: 32 flops per density.
  @inline(__always)
  func fill(_ w: Double, hint: inout Int, into result: UnsafeMutablePointer<Double>) {
    for d in 0..<count { result[d] = 0 }
    panels.withUnsafeBufferPointer { panels in
      guard w < panels[panels.count - 1].end else { return }
      if w < panels[hint].start || w > panels[hint].end {
        var (low, high) = (0, panels.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if w <= panels[middle].end { high = middle } else { low = middle + 1 }
        }
        hint = low
      }
      let panel = panels[hint]
      let half = 0.5 * (panel.end - panel.start)
      let x = w - panel.start < half ? (w - panel.start) / half - 1 : 1 - (panel.end - w) / half
      coefficients.withUnsafeBufferPointer { c in
        ratios.withUnsafeBufferPointer { r in
          var row = c.baseAddress! + hint * Self.order * count
          var (previous, current) = (0.0, 1.0)
          for k in 0..<Self.order {
            for d in 0..<count { result[d] += current * row[d] }
            row += count
            (previous, current) = (current, r[2 * k] * x * current - r[2 * k + 1] * previous)
          }
        }
      }
    }
  }

}
