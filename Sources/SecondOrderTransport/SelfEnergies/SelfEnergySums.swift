import DenseMatrices
import Quadrature
import RealModule

/// Sums over the bosons at one electron energy e, for every pair of modes m <= n:
///     R = int dw {A_mn [G - F](e - w) + nA_mn G(e - w) + A_nm F(e + w) + nA_nm G(e + w)},
///     S^> = int dw {(1 + n)A_mn E(e - w) + nA_nm E(e + w)},   S^< = int dw {nA_mn N(e - w) + (1 + n)A_nm N(e + w)}.
///
/// The electrons stand at the nodes of their panels, the bosons' densities are integrated against the polynomials between these however
/// sharp they are (product integration): no function is interpolated. Cost: two numbers per node and pair for the weights, 12 N^2 flops
/// per node for the sums.
struct SelfEnergySums {
  private static let rule = EnergyTable.rule
  private static let order = EnergyTable.order
  /// Bernstein parameter of the intervals against the densities' poles.
  private static let rho = 2.5

  let square: Int
  let pairs: DensityTable.Pairs
  /// [pair][6 N^2]: R (re, im interleaved, 2 N^2), then S^> and S^< packed; the part with imaginary weights behind it where m < n.
  private(set) var values: [Double]
  /// sum |weight| norm and sum |weight| doubt over all pairs.
  private(set) var norm = 0.0
  private(set) var doubt = 0.0
  private var weights: [Double]
  private var moments: [Double]
  private var densities: [Double]
  private var intervals: [Panel] = []
  private var shifted: [PanelFeature]

  /// Numbers per accumulator: R, S^>, S^<.
  var stride: Int { 4 * square }

  init(square: Int, pairs: DensityTable.Pairs) {
    self.square = square
    self.pairs = pairs
    let count = pairs.densities
    values = [Double](repeating: 0, count: 4 * square * count / 2)
    weights = [Double](repeating: 0, count: count * Self.order)
    moments = weights
    densities = [Double](repeating: 0, count: count)
    shifted = []
  }

  /// First accumulator of a pair; where m < n that of the imaginary weights follows.
  func accumulator(_ pair: Int) -> Int { pairs.first(pair) / 2 * stride }

  /// Fills the sums at e.
  mutating func fill(at e: Double, _ electrons: ElectronFunctions, _ bosons: DensityTable) {
    for i in values.indices { values[i] = 0 }
    (norm, doubt) = (0, 0)
    let last = bosons.panels[bosons.panels.count - 1].end
    for side in [-1.0, 1.0] {
      shifted = bosons.features.map { (e + side * $0.position, $0.width) }
      var hint = 0
      for (p, panel) in electrons.table.panels.enumerated() {
        let (low, high) =
          side < 0 ? (max(panel.start, e - last), min(panel.end, e)) : (max(panel.start, e), min(panel.end, e + last))
        guard high > low else { continue }
        fillWeights(panel, from: low, to: high, e, side, bosons, &hint)
        add(p, side, electrons)
      }
    }
  }

  /// int D(|e - z|) l_i(z) dz over a part of a panel, [density * order + i], for what the panel's nodes store.
  private mutating func fillWeights(
    _ panel: Panel, from low: Double, to high: Double, _ e: Double, _ side: Double, _ bosons: DensityTable, _ hint: inout Int
  ) {
    let count = bosons.count
    let isWhole = low == panel.start && high == panel.end
    if isWhole, panel.resolves(shifted, rho: Self.rho) {
      for i in 0..<Self.order {
        let z = panel.position(Self.rule.nodes[i]).0
        bosons.fill(side * (z - e), hint: &hint, into: &densities)
        let factor = Self.rule.weights[i] * 0.5 * panel.length
        for d in 0..<count { weights[d * Self.order + i] = factor * densities[d] }
      }
      return
    }
    intervals.removeAll(keepingCapacity: true)
    var points = [low, high]
    for f in shifted where f.position > low && f.position < high { points.append(f.position) }
    points.sort()
    for (a, b) in zip(points, points.dropFirst()) where b > a {
      Panel(a, b).split(resolving: shifted, rho: Self.rho, into: &intervals)
    }
    for i in moments.indices { moments[i] = 0 }
    for interval in intervals {
      let (x1, x2) = (panel.parameter(interval.start), panel.parameter(interval.end))
      let half = 0.5 * (x2 - x1)
      guard half > 0 else { continue }
      for i in 0..<Self.order {
        let t = Self.rule.nodes[i]
        let x = t < 0 ? x1 + half * (1 + t) : x2 - half * (1 - t)
        // On a uniform panel measured from the interval's ends, which may lie at the sharp mode.
        let z =
          panel.grading != .uniform
          ? panel.position(x).0
          : t < 0 ? interval.start + 0.5 * interval.length * (1 + t) : interval.end - 0.5 * interval.length * (1 - t)
        bosons.fill(max(side * (z - e), 0), hint: &hint, into: &densities)
        let factor = Self.rule.weights[i] * half * 0.5 * panel.length
        moments.withUnsafeMutableBufferPointer { m in
          for d in 0..<count { Self.rule.addLegendre(at: x, factor: factor * densities[d], to: m.baseAddress! + d * Self.order) }
        }
      }
    }
    moments.withUnsafeBufferPointer { m in
      weights.withUnsafeMutableBufferPointer { w in
        for d in 0..<count {
          Self.rule.productWeights(moments: m.baseAddress! + d * Self.order, into: w.baseAddress! + d * Self.order)
        }
      }
    }
  }

  /// Adds a panel's nodes with the present weights.
  private mutating func add(_ p: Int, _ side: Double, _ electrons: ElectronFunctions) {
    let (square, order, rows) = (square, Self.order, electrons.table.rows)
    let (normRow, doubtRow, tail) = (electrons.norm, electrons.doubt, electrons.tails[p])
    var (norm, doubt) = (0.0, 0.0)
    let (pairs, stride) = (pairs.list, stride)
    electrons.table.values.withUnsafeBufferPointer { table in
      weights.withUnsafeBufferPointer { weights in
        values.withUnsafeMutableBufferPointer { values in
          var (density, target) = (0, values.baseAddress!)
          for pair in pairs {
            for part in 0..<(pair.m == pair.n ? 1 : 2) {
              // A_nm = conj A_mn.
              let sign = part == 1 && side > 0 ? -1.0 : 1.0
              for i in 0..<order {
                let a = sign * weights[density * order + i]
                let occupied = sign * weights[(density + 1) * order + i]
                let from = table.baseAddress! + (p * order + i) * rows
                let (green, filled) = side < 0 ? (a + occupied, -a) : (occupied, a)
                let (empty, full) = side < 0 ? (a + occupied, occupied) : (occupied, a + occupied)
                for r in 0..<(2 * square) { target[r] += green * from[r] + filled * from[2 * square + r] }
                for r in 0..<square {
                  target[2 * square + r] += empty * from[5 * square + r]
                  target[3 * square + r] += full * from[4 * square + r]
                }
                let size = abs(a) + abs(occupied)
                norm += size * from[normRow]
                doubt += size * (from[doubtRow] + tail)
              }
              density += 2
              target += stride
            }
          }
        }
      }
    }
    self.norm += norm
    self.doubt += doubt
  }
}
