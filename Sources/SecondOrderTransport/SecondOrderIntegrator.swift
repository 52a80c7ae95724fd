import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// Integrates over the electron energy at one boson energy w, Theory.md section 3. With P_ab = A_b Gamma_a G,
/// g_ab = f_a - f_b and Atilde_a - A_a = i sum_b (P_ab - P_ba) the elastic correction at e is
///     2 Re sum_b g_ab tr[P_ab S^r] - Im sum_b tr[(P_ab - P_ba) X_a],   X_a = i (f_a S^> + (1 - f_a) S^<),
/// both linear in the bosons' A_mn(w): e' = e - w with A_mn, e' = e + w with A_nm.
///
/// One instance per worker. Cost per w: nodes x 2 (traces).
final class SecondOrderIntegrator {
  private static let rule = GaussLegendreRule(order: 16)
  /// Bernstein parameter of the pieces against every pole: the Gauss rule leaves rho^-32.
  private static let rho = 2.6
  /// Temperatures beyond which occupations are below the tolerance, with room for narrow resonances.
  static func reach(tolerance: Double) -> Double { min(45, 12 - Double.log(tolerance)) }
  private let reach: Double
  private let isDynamic: Bool
  /// tr[O M^m (G + G^+)(e)/2 M^n], [pair slot * operators + operator], when the quasi-static shift is left out; only
  /// O_ab with a != b need it.
  private var staticGreen: [Scalar]
  /// Bounds of its errors, same order. Derivatives of both stand `staticGreen.count / 3` further.
  private var staticDoubts: [Double]
  /// Relative depth of the grading towards logarithms at T = 0.
  private static let finest = 1e-10

  let traces: any SecondOrderTraces
  let pairs: TracePairs
  private let electrodes: Int
  private var values: TraceValues
  private var initial: [(occupied: Jet, empty: Jet)]
  private var final: [(occupied: Jet, empty: Jet)]
  private var legendre = [Double](repeating: 0, count: EnergyTable.order)
  private var weights = [Double](repeating: 0, count: EnergyTable.order)
  private var transmissions: [Double]
  /// Highest derivative of the traces along the line at hand.
  private var traceOrder = 0
  /// Rounding of f of every electrode.
  private var roundings: [Jet]
  private(set) var spectrum: SecondOrderSpectrum

  init(
    _ traces: any SecondOrderTraces, pairs: TracePairs, electrodes: Int, order: Int, simultaneousPairs: Int, tolerance: Double,
    isDynamic: Bool
  ) {
    reach = Self.reach(tolerance: tolerance)
    self.isDynamic = isDynamic
    staticGreen = [Scalar](repeating: .zero, count: isDynamic ? 3 * simultaneousPairs * electrodes * electrodes : 0)
    staticDoubts = [Double](repeating: 0, count: staticGreen.count)
    self.traces = traces
    self.pairs = pairs
    self.electrodes = electrodes
    values = TraceValues(electrodes: electrodes)
    initial = [(occupied: Jet, empty: Jet)](repeating: (.zero, .zero), count: electrodes)
    final = initial
    transmissions = [Double](repeating: 0, count: 3 * electrodes * electrodes)
    roundings = [Jet](repeating: .zero, count: electrodes)
    spectrum = SecondOrderSpectrum(electrodes: electrodes, pairs: simultaneousPairs, order: order)
  }

  /// Fills the parts of `spectrum` for w > 0 and a range of pairs (stored from 0). `traces` must have loaded the state.
  func integrate(_ w: Double, pairs range: Range<Int>, line: StateLine, parts: SecondOrderParts) {
    spectrum.reset()
    traceOrder = derivatives(along: line)
    let table = traces.table
    for piece in pieces(line, shift: w) {
      let panel = table.panels[piece.panel]
      for i in 0..<Self.rule.order {
        let x = 0.5 * (piece.low + piece.high) + 0.5 * (piece.high - piece.low) * Self.rule.nodes[i]
        let (energy, jacobian) = panel.position(x)
        let weight = Self.rule.weights[i] * 0.5 * (piece.high - piece.low) * jacobian / (2 * Double.pi)
        for a in 0..<electrodes { initial[a] = line.electrodes[a].fermi(energy) }
        table.fillWeights(panel: piece.panel, x: x, legendre: &legendre, into: &weights)
        // Errors are taken in the middle of the piece and stand for all of it, times 3.
        let measures = i == Self.rule.order / 2
        let doubtWeight = measures ? 3 * abs(piece.high - piece.low) * jacobian / (2 * Double.pi) : 0
        traces.setInitial(panel: piece.panel, weights: weights, pairs: range, measures: measures, parts: parts)
        if isDynamic { setStatic(energy, range) }
        for sign in [-1.0, 1.0] {
          let z = energy + sign * w
          for c in 0..<electrodes { final[c] = line.electrodes[c].fermi(z) }
          traces.setFinal(z, wanted: .all)
          for pair in range {
            traces.fill(pair: pair, into: &values)
            if isDynamic { subtractStatic((pair - range.lowerBound) * values.operators, measures: measures) }
            let slot = (sign < 0 ? pair : pairs.transposed(pair)) - range.lowerBound
            add(
              Node(weight: weight, doubtWeight: doubtWeight, energy: energy, isEmission: sign < 0, order: line.order, slot: slot),
              parts)
          }
        }
      }
    }
  }

  /// Highest derivative of the traces along a line.
  private func derivatives(along line: StateLine) -> Int { line.movesConductor ? min(traces.derivatives.order, line.order) : 0 }

  /// The Hermitian part of G at e: (G + G^+)/2 = G + i A/2.
  private func setStatic(_ energy: Double, _ range: Range<Int>) {
    traces.setFinal(energy, wanted: .unfilled)
    let (operators, stride) = (values.operators, staticGreen.count / 3)
    for pair in range {
      traces.fill(pair: pair, into: &values)
      for k in 0...traceOrder {
        for x in 0..<operators where x % (electrodes + 1) != 0 {
          let place = k * stride + (pair - range.lowerBound) * operators + x
          staticDoubts[place] = values.doubts[k * operators + x]
          var sum = values.green[k * operators + x]
          for c in 0..<electrodes { sum = sum + Scalar(0, 0.5) * values.spectral[(k * electrodes + c) * operators + x] }
          staticGreen[place] = sum
        }
      }
    }
  }

  /// Leaves the quasi-static part out of the traces of a pair; its error goes where that of G does.
  private func subtractStatic(_ first: Int, measures: Bool) {
    let (operators, stride) = (values.operators, staticGreen.count / 3)
    for k in 0...traceOrder {
      for x in 0..<operators where x % (electrodes + 1) != 0 {
        let (place, target) = (k * stride + first + x, k * operators + x)
        values.green[target] = values.green[target] - staticGreen[place]
        if measures { values.doubts[target] += staticDoubts[place] }
      }
    }
  }

  /// Elastic currents int de/2pi T_ab (f_a - f_b) with weights 1 and e, and derivatives: [(moment * electrodes + a) * 3 + order].
  func elastic(_ line: StateLine) -> (values: [Double], errors: [Double], gross: [Double]) {
    var sums = [Double](repeating: 0, count: 6 * electrodes)
    var (errors, gross) = (sums, [0.0, 0.0, 0.0])
    // Outside the loops: every access to a property of a class is checked, and a table holds ten arrays.
    let (table, order, n) = (traces.table, line.order, electrodes)
    var (legendre, weights, transmissions) = (self.legendre, self.weights, self.transmissions)
    var (initial, roundings) = (self.initial, self.roundings)
    let own = traces.derivatives
    var doubts = [0.0, 0.0, 0.0]
    for piece in pieces(line, shift: 0) {
      let panel = table.panels[piece.panel]
      for i in 0..<Self.rule.order {
        let x = 0.5 * (piece.low + piece.high) + 0.5 * (piece.high - piece.low) * Self.rule.nodes[i]
        let (energy, jacobian) = panel.position(x)
        let weight = Self.rule.weights[i] * 0.5 * (piece.high - piece.low) * jacobian / (2 * Double.pi)
        for a in 0..<n {
          initial[a] = line.electrodes[a].fermi(energy)
          roundings[a] = line.electrodes[a].fermiRounding(energy, initial[a])
        }
        table.fillWeights(panel: piece.panel, x: x, legendre: &legendre, into: &weights)
        let last = derivatives(along: line)
        for t in 0...last {
          let first = t * own.rows
          transmissions.withUnsafeMutableBufferPointer {
            table.interpolate(
              panel: piece.panel, weights: weights, range: first..<(first + n * n), into: $0.baseAddress! + t * n * n)
          }
          doubts[t] = table.doubt(panel: piece.panel, group: t * own.groups)
        }
        for a in 0..<n {
          for b in 0..<n where b != a {
            let difference = initial[a].occupied - initial[b].occupied
            for k in 0...order {
              for t in 0...min(k, last) {
                let transmission = transmissions[(t * n + a) * n + b]
                let multiple = weight * MatrixJet.binomial(k, t)
                gross[k] += abs(multiple * transmission * difference[k - t])
                // Occupations, and eight more products.
                let rounding = roundings[a][k - t] + roundings[b][k - t] + 8 * .ulpOfOne * abs(difference[k - t])
                for moment in 0..<2 {
                  let factor = multiple * difference[k - t] * (moment == 0 ? 1 : energy)
                  sums[(moment * n + a) * 3 + k] += factor * transmission
                  errors[(moment * n + a) * 3 + k] +=
                    abs(factor) * doubts[t] + abs(multiple * transmission * (moment == 0 ? 1 : energy)) * rounding
                }
              }
            }
          }
        }
      }
    }
    return (sums, errors, gross)
  }

  /// One energy e with e' = e - w (emission) or e' = e + w.
  private struct Node {
    let weight: Double
    /// Where errors are taken, the weight they stand for; 0 elsewhere.
    let doubtWeight: Double
    let energy: Double
    let isEmission: Bool
    /// Highest derivative.
    let order: Int
    /// Place of the pair in the spectrum.
    let slot: Int
  }

  /// Adds one energy: derivatives of products of traces and occupations by Leibniz' rule.
  private func add(_ node: Node, _ parts: SecondOrderParts) {
    let (weight, doubtWeight, energy) = (node.weight, node.doubtWeight, node.energy)
    let (isEmission, order, slot) = (node.isEmission, node.order, node.slot)
    let n = electrodes
    let operators = n * n
    // Outside the loops: every access to a property of a class is checked.
    let (values, initial, final, last) = (self.values, self.initial, self.final, traceOrder)
    for a in 0..<n {
      let f = initial[a]
      for b in 0..<n where b != a {
        let (ab, ba) = (a * n + b, b * n + a)
        let g = f.occupied - initial[b].occupied
        for k in 0...order {
          // 2 g_ab tr[P_ab M (G - F) M] below, 2 g_ab tr[P_ab M F M] above.
          var (filled, green, size) = (Scalar.zero, Scalar.zero, 0.0)
          for i in 0...k {
            let (factor, place) = (MatrixJet.binomial(k, i) * g[i], (k - i) * operators + ab)
            filled += values.filled[place].multiplied(by: factor)
            if k - i <= last { green += values.green[place].multiplied(by: factor) }
            size += 2 * doubtWeight * abs(factor) * values.doubts[place]
          }
          let q = isEmission ? green - filled : filled
          spectrum.add(
            q.multiplied(by: 2 * weight), part: 0, energy: energy, electrode: a, order: k, occupied: 0, pair: slot)
          spectrum.add(
            green.multiplied(by: 2 * weight), part: 0, energy: energy, electrode: a, order: k, occupied: 1, pair: slot)
          if doubtWeight > 0 {
            spectrum.addError(size, part: 0, energy: energy, order: k, occupied: 0, pair: slot)
            spectrum.addError(size, part: 0, energy: energy, order: k, occupied: 1, pair: slot)
          }
        }
        for t in 0...last {
          let doubt = values.doubts[t * operators + ab] + values.doubts[t * operators + ba]
          for c in 0..<n {
            let first = (t * n + c) * operators
            let difference = Scalar(0, 1) * (values.spectral[first + ab] - values.spectral[first + ba])
            addOnShell(difference, order: t, doubtWeight * doubt, node, part: 0, electrode: a, initial: f, final: final[c])
          }
        }
      }
      guard parts.contains(a, a) else { continue }
      for t in 0...last {
        for c in 0..<n {
          addOnShell(
            values.spectral[(t * n + c) * operators + a * n + a], order: t,
            doubtWeight * values.doubts[t * operators + a * n + a],
            node, part: 1, electrode: a, initial: f, final: final[c])
        }
      }
    }
  }

  /// Weights f_a (1 - f_c) below and -(1 - f_a) f_c above, and n (f_a - f_c), for the derivative of order t of a trace.
  @inline(__always)
  private func addOnShell(
    _ trace: Scalar, order t: Int, _ doubt: Double, _ node: Node, part: Int, electrode a: Int,
    initial f: (occupied: Jet, empty: Jet), final partner: (occupied: Jet, empty: Jet)
  ) {
    let (energy, slot) = (node.energy, node.slot)
    let free = node.isEmission ? f.occupied * partner.empty : -(f.empty * partner.occupied)
    let induced = f.occupied - partner.occupied
    for k in t...node.order {
      let (multiple, i) = (MatrixJet.binomial(k, t), k - t)
      let weight = multiple * node.weight
      spectrum.add(
        trace.multiplied(by: weight * free[i]), part: part, energy: energy, electrode: a, order: k, occupied: 0, pair: slot)
      spectrum.add(
        trace.multiplied(by: weight * induced[i]), part: part, energy: energy, electrode: a, order: k, occupied: 1, pair: slot)
      guard doubt > 0 else { continue }
      spectrum.addError(multiple * abs(free[i]) * doubt, part: part, energy: energy, order: k, occupied: 0, pair: slot)
      spectrum.addError(multiple * abs(induced[i]) * doubt, part: part, energy: energy, order: k, occupied: 1, pair: slot)
    }
  }

  /// A part of a panel of the table, in its own coordinate x.
  private struct Piece {
    let panel: Int
    let low: Double
    let high: Double
  }

  /// Parts of the panels that resolve Fermi steps, logarithms and resonances of a state.
  private func pieces(_ line: StateLine, shift w: Double) -> [Piece] {
    let potentials = line.electrodes.map(\.potential.value)
    let temperatures = line.electrodes.map(\.temperature.value)
    let hottest = temperatures.max() ?? 0
    let low = (potentials.min() ?? 0) - reach * hottest - w
    let high = (potentials.max() ?? 0) + reach * hottest + w
    let span = high - low
    guard span > 0 else { return [] }
    var features: [PanelFeature] = zip(potentials, temperatures).map { KinkRule.fermiStep(at: $0, temperature: $1) }
    let shifts = w > 0 ? [-w, w] : [0]
    for s in shifts {
      for (mu, t) in zip(potentials, temperatures) {
        features.append((mu + s, max(Double.pi * t, w > 0 ? Self.finest * span : 0)))
      }
      if w > 0 {
        for f in traces.features {
          let feature = (position: f.position + s, width: max(f.width, 1e-14 * span))
          if feature.position > low - span && feature.position < high + span { features.append(feature) }
        }
      }
    }
    var result: [Piece] = []
    for (index, panel) in traces.table.panels.enumerated() where panel.end > low && panel.start < high {
      var cuts = [max(low, panel.start), min(high, panel.end)]
      cuts += features.map(\.position).filter { $0 > cuts[0] && $0 < cuts[1] }
      cuts.sort()
      for (a, b) in zip(cuts, cuts.dropFirst()) where b - a > 1e-15 * span {
        let ends = (a == panel.start ? -1 : panel.parameter(a), b == panel.end ? 1 : panel.parameter(b))
        let near = features.filter { $0.width > 0 }
        split(Piece(panel: index, low: ends.0, high: ends.1), panel, near, depth: 0, into: &result)
      }
    }
    return result
  }

  private func split(
    _ piece: Piece, _ panel: Panel, _ features: [PanelFeature], depth: Int, into result: inout [Piece]
  ) {
    let (start, end) = (panel.position(piece.low).0, panel.position(piece.high).0)
    let middle = 0.5 * (piece.low + piece.high)
    guard depth < 60, end > start, middle > piece.low, middle < piece.high else {
      if end > start { result.append(piece) }
      return
    }
    let here = Panel(start, end)
    if here.resolves(features, rho: Self.rho) {
      result.append(piece)
      return
    }
    split(Piece(panel: piece.panel, low: piece.low, high: middle), panel, features, depth: depth + 1, into: &result)
    split(Piece(panel: piece.panel, low: middle, high: piece.high), panel, features, depth: depth + 1, into: &result)
  }
}
