import ComplexModule
import DenseMatrices
import JunctionModel
import Quadrature
import RealModule

/// Traces from matrices on a mesh of energies, the filled states by principal-value integrals over its panels.
final class MeshTraces: SecondOrderTraces {
  let source: MeshTraceTable
  private let n: Int
  private let size: Int
  private let square: Int
  private var lines: [ReservoirLine] = []
  private var order = 0
  /// Highest derivative of the tabulated matrices themselves that counts: 0 along lines that leave the conductor as it is.
  private var traceOrder = 0
  /// Number of leading panels that every electrode fills.
  private var filledPanels = 0
  /// Number of leading panels that some electrode fills in part.
  private var occupiedPanels = 0
  /// f_c A_c and derivatives on pieces of panels that are not filled, summed over the electrodes; row k * N^2 + r.
  private var pieces: FilledPanels
  private var pieceRules: [CauchyWeights] = []
  private var pieceSpans: [(panel: Int, low: Double, high: Double)] = []
  private var firstPair = 0
  private var weights = [Double](repeating: 0, count: 16)
  private var legendre = [Double](repeating: 0, count: 16)
  private var packed: [Double]
  private var row: [Double]
  /// M^n O M^m transposed and its derivatives, [((order * pairs + pair - first) * operators + operator) * N^2].
  private var operators: [Scalar] = []
  private var operatorNorms: [Double] = []
  private var operatorDoubts: [Double] = []
  /// By order.
  private var green: [[Scalar]]
  private var filled: [[Scalar]]
  /// [order * electrodes + electrode]
  private var spectral: [[Scalar]]
  /// Errors of G and A, and of F by the derivatives of A alone: by order.
  private var (finalDoubts, filledDoubts) = ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
  /// Operators of one order.
  private var slots = 0
  private var work: [Scalar]
  private var scratch: [Scalar]
  private let algebra: SquareMatrices
  private let couplingNorms: [Double]
  private var measures = false
  /// True when nobody asks for the operators A_a.
  private var isDiagonalLeftOut = false
  private var hasFilled = true

  /// Temperatures beyond which occupations are 0 or 1.
  private let reach: Double

  init(_ source: MeshTraceTable, reach: Double) {
    self.source = source
    self.reach = reach
    n = source.electrodes
    size = source.size
    square = size * size
    packed = [Double](repeating: 0, count: 3 * square)
    pieces = FilledPanels(width: square)
    row = [Double](repeating: 0, count: source.table.rows)
    let zero = [Scalar](repeating: .zero, count: square)
    green = [[Scalar]](repeating: zero, count: source.order + 1)
    filled = [[Scalar]](repeating: zero, count: 3)
    spectral = [[Scalar]](repeating: zero, count: n * (source.order + 1))
    (work, scratch) = (zero, zero)
    algebra = SquareMatrices(size: size)
    couplingNorms = source.couplings.map(\.norm)
  }

  var table: EnergyTable { source.table }
  var derivatives: TraceDerivatives {
    TraceDerivatives(order: source.order, rows: source.rowsPerOrder, groups: source.groupsPerOrder)
  }
  var features: [PanelFeature] { source.features }

  func load(_ line: StateLine) {
    lines = line.electrodes
    order = line.order
    traceOrder = line.movesConductor ? min(source.order, order) : 0
    let lowest = lines.reduce(Double.infinity) { min($0, $1.potential.value - reach * $1.temperature.value) }
    filledPanels = table.panels.firstIndex { $0.end > lowest } ?? table.panels.count
    pieces = FilledPanels(width: (order + 1) * square)
    (pieceRules, pieceSpans) = ([], [])
    for c in 0..<n {
      let (mu, t) = (lines[c].potential.value, lines[c].temperature.value)
      for p in filledPanels..<max(table.panels.count, filledPanels) where table.panels[p].start < mu + reach * t {
        addPieces(p, electrode: c, mu, t)
      }
    }
    occupiedPanels = pieceSpans.reduce(filledPanels) { max($0, $1.panel + 1) }
  }

  private func addPieces(_ p: Int, electrode c: Int, _ mu: Double, _ t: Double) {
    let panel = table.panels[p]
    var pending: [(Double, Double)] = [(-1, 1)]
    if mu > panel.start, mu < panel.end {
      let x = panel.parameter(mu)
      pending = [(x, 1), (-1, x)]
    }
    while let (low, high) = pending.popLast() {
      let (start, end) = (panel.position(low).0, panel.position(high).0)
      guard end > start else { continue }
      if t > 0, !Panel(start, end).resolves(position: mu, width: Double.pi * t, rho: 5),
        end - start > 0.1 * t
      {
        pending += [(0.5 * (low + high), high), (low, 0.5 * (low + high))]
        continue
      }
      guard t > 0 || end <= mu else { continue }
      addPiece(p, electrode: c, low, high)
    }
  }

  private func addPiece(_ p: Int, electrode c: Int, _ low: Double, _ high: Double) {
    let panel = table.panels[p]
    let rule = CauchyWeights(panel, from: low, to: high)
    let width = (order + 1) * square
    var values = [Double](repeating: 0, count: 16 * width)
    for (i, x) in rule.parameters.enumerated() {
      table.fillWeights(panel: p, x: x, legendre: &legendre, into: &weights)
      let f = lines[c].fermi(rule.nodes[i]).occupied
      let factor = CauchyWeights.factor(panel, x)
      for t in 0...traceOrder {
        let first = source.spectralRow(c, order: t)
        table.interpolate(panel: p, weights: weights, range: first..<(first + square), into: &packed)
        for k in t...order {
          let weight = factor * MatrixJet.binomial(k, t) * f[k - t]
          for r in 0..<square { values[i * width + k * square + r] += weight * packed[r] }
        }
      }
    }
    // Electrodes that need the same piece share it.
    if let same = pieceSpans.firstIndex(where: { $0 == (p, low, high) }) {
      pieces.add(values, to: same)
    } else {
      pieces.append(panel, rule, from: low, to: high, values)
      pieceRules.append(rule)
      pieceSpans.append((p, low, high))
    }
  }

  func setInitial(
    panel: Int, weights: UnsafePointer<Double>, pairs: Range<Int>, measures: Bool, parts: SecondOrderParts
  ) {
    self.measures = measures
    isDiagonalLeftOut = parts == .correction
    firstPair = pairs.lowerBound
    row.withUnsafeMutableBufferPointer {
      table.interpolate(panel: panel, weights: weights, range: 0..<table.rows, into: $0.baseAddress!)
    }
    slots = pairs.count * n * n
    let count = slots * (traceOrder + 1)
    if operatorNorms.count < count {
      operators = [Scalar](repeating: .zero, count: count * square)
      operatorNorms = [Double](repeating: 0, count: count)
      operatorDoubts = operatorNorms
    }
    for k in 0...traceOrder { setOperators(panel: panel, pairs: pairs, parts: parts, order: k) }
  }

  /// The derivatives of order k of the operators between couplings, from `row`.
  private func setOperators(panel: Int, pairs: Range<Int>, parts: SecondOrderParts, order k: Int) {
    var slot = k * slots
    for pair in pairs {
      let (left, right) = source.pairs.list[pair]
      var transfer = 0
      for a in 0..<n {
        for b in 0..<n {
          guard parts.contains(a, b) else {
            slot += 1
            continue
          }
          for i in 0..<square { work[i] = .zero }
          var group = k * source.groupsPerOrder
          if a == b {
            row.withUnsafeBufferPointer {
              PackedMatrix.add(
                $0.baseAddress! + source.spectralRow(a, order: k), size: size, factor: Scalar(1, 0), to: &work)
            }
            group += 1
          } else {
            let first = source.transferRow(transfer, order: k)
            for i in 0..<square { work[i] = Scalar(row[first + 2 * i], row[first + 2 * i + 1]) }
            transfer += 1
            group += 2 + transfer
          }
          algebra.multiply(source.couplings[right].elements, work, into: &scratch)
          algebra.multiply(scratch, source.couplings[left].elements, into: &work)
          var norm = 0.0
          for j in 0..<size {
            for i in 0..<size {
              let z = work[j * size + i]
              operators[slot * square + i * size + j] = z
              norm += z.lengthSquared
            }
          }
          operatorNorms[slot] = norm.squareRoot()
          operatorDoubts[slot] = table.tails[panel * table.groups.count + group] * couplingNorms[left] * couplingNorms[right]
          slot += 1
        }
      }
    }
  }

  func setFinal(_ z: Double, wanted: FinalTraces) {
    let p = table.panel(containing: z)
    table.fillWeights(panel: p, x: table.panels[p].parameter(z), legendre: &legendre, into: &weights)
    for k in 0...traceOrder { setFinal(panel: p, order: k) }
    for k in 0..<3 { filledDoubts[k] = 0 }
    hasFilled = wanted == .all
    if hasFilled { addFilled(z) }
  }

  /// The derivatives of order k of G and A, with weights of their energy.
  private func setFinal(panel p: Int, order k: Int) {
    let (first, last) = (source.spectralRow(0, order: k), source.greenRow(order: k))
    row.withUnsafeMutableBufferPointer { r in
      table.interpolate(panel: p, weights: weights, range: first..<(last + 2 * square), into: r.baseAddress! + first)
    }
    for i in 0..<square { green[k][i] = Scalar(row[last + 2 * i], row[last + 2 * i + 1]) }
    row.withUnsafeBufferPointer { r in
      for c in 0..<n {
        let place = k * n + c
        for i in 0..<square { spectral[place][i] = .zero }
        PackedMatrix.add(r.baseAddress! + first + c * square, size: size, factor: Scalar(1, 0), to: &spectral[place])
      }
    }
    let group = p * table.groups.count + k * source.groupsPerOrder
    finalDoubts[k] = table.tails[group + 2] + table.tails[group + 1]
  }

  /// F(z): -i f_c A_c/2 with the A_c(z) in `row`, and the principal values.
  private func addFilled(_ z: Double) {
    for k in 0...order { for i in 0..<square { filled[k][i] = .zero } }
    row.withUnsafeBufferPointer { r in
      for c in 0..<n {
        let f = lines[c].fermi(z).occupied
        for k in 0...order {
          for t in 0...min(traceOrder, k) {
            let weight = -0.5 * MatrixJet.binomial(k, t) * f[k - t]
            PackedMatrix.add(
              r.baseAddress! + source.spectralRow(c, order: t), size: size, factor: Scalar(0, weight), to: &filled[k])
          }
        }
      }
    }
    addPrincipalValues(z)
  }

  /// Adds P int de'/2pi f A/(z - e') over filled panels and pieces.
  private func addPrincipalValues(_ z: Double) {
    // Out of the class while it is summed up: what is reached through self is asked for ownership at every element.
    var packed = [Double]()
    swap(&packed, &self.packed)
    defer { swap(&packed, &self.packed) }
    for i in packed.indices { packed[i] = 0 }
    let (square, last) = (square, traceOrder)
    let all = source.hasFilledBoundStates ? table.panels.count : filledPanels
    var missing = [Double](repeating: 0, count: source.hasFilledBoundStates ? square * (last + 1) : 0)
    packed.withUnsafeMutableBufferPointer { sum in
      for k in 0...last {
        source.filled[k].addIntegrals(at: z, panels: filledPanels, into: sum.baseAddress! + k * square) {
          source.weights[$0].fill(at: z, into: $1)
        }
      }
      pieces.addIntegrals(at: z, panels: pieces.count, into: sum.baseAddress!) { pieceRules[$0].fill(at: z, into: $1) }
    }
    if source.hasFilledBoundStates {
      missing.withUnsafeMutableBufferPointer { sum in
        for k in 0...last {
          source.filled[k].addIntegrals(at: z, panels: all, into: sum.baseAddress! + k * square) {
            source.weights[$0].fill(at: z, into: $1)
          }
        }
      }
    }
    addDoubts(z, panels: all)
    let prefactor = Scalar(1 / (2 * Double.pi), 0)
    for k in 0...order {
      packed.withUnsafeBufferPointer {
        PackedMatrix.add($0.baseAddress! + k * square, size: size, factor: prefactor, to: &filled[k])
      }
    }
    for k in 0...last {
      filledDoubts[k] += source.defect * Self.norm(green[k])
      guard source.hasFilledBoundStates else { continue }
      // Electrons in bound states below: G without what the continuum gives.
      missing.withUnsafeBufferPointer {
        PackedMatrix.add($0.baseAddress! + k * square, size: size, factor: Scalar(-1, 0) * prefactor, to: &filled[k])
      }
      for j in 0..<size {
        for i in 0..<size {
          filled[k][j * size + i] += (green[k][j * size + i] + green[k][i * size + j].conjugate).multiplied(by: 0.5)
        }
      }
    }
  }

  /// An interpolation error tau on a panel moves the integral by at most about tau (1 + length/distance).
  private func addDoubts(_ z: Double, panels: Int) {
    let (panels, groups, own) = (max(panels, occupiedPanels), table.groups.count, source.groupsPerOrder)
    for k in 0...traceOrder { filledDoubts[k] += doubt(z, panels: panels, groups: groups, group: k * own + 1) }
  }

  private func doubt(_ z: Double, panels: Int, groups: Int, group: Int) -> Double {
    var sum = 0.0
    table.panels.withUnsafeBufferPointer { all in
      table.tails.withUnsafeBufferPointer { tails in
        for p in 0..<panels {
          let length = all[p].length
          let distance = max(abs(z - all[p].center) - 0.5 * length, 0.02 * length)
          sum += tails[p * groups + group] * min(length / distance, 8)
        }
      }
    }
    return sum / (2 * Double.pi)
  }

  /// G, F, sum_c f_c A_c and sum_c (1 - f_c) A_c at the z set last (the latter two packed), a norm of all and a bound of their errors.
  func copyFinal(_ z: Double, into out: UnsafeMutablePointer<Double>) {
    var norm = 0.0
    for i in 0..<square {
      let (g, f) = (green[0][i].rawStorage, filled[0][i].rawStorage)
      (out[2 * i], out[2 * i + 1]) = (g.x, g.y)
      (out[2 * square + 2 * i], out[2 * square + 2 * i + 1]) = (f.x, f.y)
      norm += g.x * g.x + g.y * g.y + f.x * f.x + f.y * f.y
    }
    for r in 0..<(2 * square) { out[4 * square + r] = 0 }
    for c in 0..<n {
      let (f, first) = (lines[c].fermi(z), source.spectralRow(c))
      let (occupied, empty) = (f.occupied.value, f.empty.value)
      for r in 0..<square {
        out[4 * square + r] += occupied * row[first + r]
        out[5 * square + r] += empty * row[first + r]
      }
    }
    norm = norm.squareRoot()
    out[6 * square] = norm
    out[6 * square + 1] = 2 * finalDoubts[0] + filledDoubts[0] + 1e-15 * norm
  }

  private static func norm(_ m: [Scalar]) -> Double { m.reduce(0) { $0 + $1.lengthSquared }.squareRoot() }

  func fill(pair: Int, into result: inout TraceValues) {
    let (count, last) = (n * n, traceOrder)
    if measures { setScales() }
    let scale = order > 0 ? lines.reduce(Double.infinity) { min($0, $1.temperature.value) } : 1
    for x in 0..<count where !(isDiagonalLeftOut && x % (n + 1) == 0) {
      let slot = (pair - firstPair) * count + x
      for k in 0...order {
        // Leibniz: derivatives of the operator times those of what stands between the couplings.
        if k <= last {
          result.green[k * count + x] = leibniz(slot, k) { green[$0] }
          for c in 0..<n { result.spectral[(k * n + c) * count + x] = leibniz(slot, k) { spectral[$0 * n + c] } }
        }
        if hasFilled { result.filled[k * count + x] = leibniz(slot, k) { filled[$0] } }
      }
      guard measures else { continue }
      let doubts = (0...last).map { doubt(slot, order: $0) }
      for k in 0...2 {
        result.doubts[k * count + x] = (0...min(k, last)).reduce(0) { sum, t in
          sum + MatrixJet.binomial(k, t) * doubts[t] / (0..<(k - t)).reduce(1) { power, _ in power * scale }
        }
      }
    }
  }

  /// Sum over derivatives i of the operator of (k over i) tr[O^(i) Y^(k - i)].
  @inline(__always)
  private func leibniz(_ slot: Int, _ k: Int, _ factor: (Int) -> [Scalar]) -> Scalar {
    var sum = trace(slot * square, factor(k))
    for i in 1..<max(min(k, traceOrder) + 1, 1) {
      sum += trace((i * slots + slot) * square, factor(k - i)).multiplied(by: MatrixJet.binomial(k, i))
    }
    return sum
  }

  /// Norms of what stands between the couplings, by order of derivatives of the matrices: all together.
  private var scales = [0.0, 0.0, 0.0]

  private func setScales() {
    for k in 0...traceOrder {
      scales[k] = Self.norm(green[k]) + (hasFilled ? Self.norm(filled[k]) : 0)
      for c in 0..<n { scales[k] += Self.norm(spectral[k * n + c]) }
    }
  }

  /// Error of a trace's derivative of order k by the matrices alone.
  private func doubt(_ slot: Int, order k: Int) -> Double {
    (0...k).reduce(0) { sum, i in
      let (place, j) = (i * slots + slot, k - i)
      let final = finalDoubts[j] + filledDoubts[j] + 1e-15 * scales[j]
      return sum + MatrixJet.binomial(k, i) * (operatorNorms[place] * final + operatorDoubts[place] * scales[j])
    }
  }

  /// tr[B Y] with B stored transposed.
  @inline(__always)
  private func trace(_ start: Int, _ y: [Scalar]) -> Scalar {
    var (re, im) = (0.0, 0.0)
    operators.withUnsafeBufferPointer { b in
      y.withUnsafeBufferPointer { m in
        for i in 0..<square {
          let (p, q) = (b[start + i].rawStorage, m[i].rawStorage)
          re += p.x * q.x - p.y * q.y
          im += p.x * q.y + p.y * q.x
        }
      }
    }
    return Scalar(re, im)
  }
}
