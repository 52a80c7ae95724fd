import BosonPropagators
import DenseMatrices
import Quadrature
import RealModule
import TransportCurrents
import TransportResults

/// Second-order currents of a state at level `landauer`, for electrodes of any kind: the self-energies S^r, S^> and S^< at every electron
/// energy first (`SelfEnergySums`), then one adaptive integral over energies.
///
/// Cost: energies (some hundred to some thousand) times nodes of the electrons' panels.
struct SelfEnergyIntegrator {
  private static let rule = EnergyTable.rule
  private static let order = EnergyTable.order
  private static let rho = 2.6
  private static let panelLimit = 3000

  private let source: MeshTraceTable
  private let electrons: ElectronFunctions
  private let bosons: DensityTable
  private let line: StateLine
  private let parts: SecondOrderParts
  private let point: SelfEnergyPoint
  private let prefactor: Double
  private let n: Int

  /// True where everything is smooth between poles off the real axis: bands of baths and gaps of the mesh are left to the integrals at
  /// fixed frequency.
  static func serves(_ mesh: MeshTraceTable, _ environment: BosonEnvironment, _ features: [PanelFeature], order: Int) -> Bool {
    let panels = mesh.table.panels
    return order == 0 && mesh.order == 0 && environment.edges.isEmpty && features.allSatisfy { $0.width > 0 }
      && zip(panels, panels.dropFirst()).allSatisfy { $0.end == $1.start }
  }

  /// What a state needs: the frequencies where the bosons' panels begin, and how the currents are taken.
  struct Request {
    let line: StateLine
    let parts: SecondOrderParts
    let breaks: [Double]
    let last: Double
    let features: [PanelFeature]
    let spin: Double
    let isDynamic: Bool
    let tolerance: Double
  }

  /// `traces` has loaded the state. Throws when interrupted.
  init(_ traces: MeshTraces, _ densities: BosonDensities, _ request: Request) throws(SolverError) {
    source = traces.source
    (line, parts) = (request.line, request.parts)
    n = source.electrodes
    electrons = try ElectronFunctions(
      traces, size: source.size, electrodes: line.electrodes, tolerance: max(1e-4 * request.tolerance, 1e-13))
    bosons = DensityTable(
      densities, pairs: source.pairs, baths: line.baths, features: request.features, breaks: request.breaks, upTo: request.last)
    point = SelfEnergyPoint(source, isDynamic: request.isDynamic)
    prefactor = request.spin / (4 * Double.pi * Double.pi)
  }

  /// A part of a panel of the mesh with what it contributes.
  private struct Piece: WatchedContribution {
    let panel: Int
    let low: Double
    let high: Double
    /// [(part * 2 + moment) * electrodes + a]
    var values: [Double]
    /// Errors that do not go with smaller pieces, and gross flows: [part * 2 + moment].
    var errors = [0.0, 0.0, 0.0, 0.0]
    var gross = [0.0, 0.0, 0.0, 0.0]
    /// Errors of the quadrature, same order.
    var quadrature = [0.0, 0.0, 0.0, 0.0]

    var doubts: SIMD2<Double> { SIMD2(quadrature[0] + quadrature[2], quadrature[1] + quadrature[3]) }
    var sizes: SIMD2<Double> { SIMD2(gross[0] + gross[2], gross[1] + gross[3]) }
  }

  /// Adds the currents. Throws when interrupted.
  func book(
    reach: Double, tolerance: Double, into result: inout (SecondOrderCurrents, SecondOrderCurrents)
  ) throws(SolverError) {
    var sums = SelfEnergySums(square: electrons.square, pairs: DensityTable.Pairs(source.pairs))
    var refinement = PanelRefinement<Piece>(limit: Self.panelLimit)
    for (panel, low, high) in firstPieces(reach: reach) {
      try SolverError.checkInterruption("integrating over energies")
      refinement.parts.append(piece(panel, low, high, &sums))
    }
    _ = try refinement.refine(to: RefinementRule(tolerance: tolerance)) { whole throws(SolverError) in
      let middle = 0.5 * (whole.low + whole.high)
      guard middle > whole.low, middle < whole.high else { return nil }
      return (piece(whole.panel, whole.low, middle, &sums), piece(whole.panel, middle, whole.high, &sums))
    }
    try SolverError.checkInterruption("integrating over energies")
    for p in refinement.parts {
      for part in parts.indices {
        for moment in 0..<2 {
          let slot = part * 2 + moment
          for a in 0..<n {
            let estimate = Estimate(p.values[slot * n + a], error: p.errors[slot] + p.quadrature[slot])
            if part == 0 { result.0.add(estimate, moment, a, 0) } else { result.1.add(estimate, moment, a, 0) }
          }
          if part == 0 { result.0.addGross(p.gross[slot], moment, 0) } else { result.1.addGross(p.gross[slot], moment, 0) }
        }
      }
    }
  }

  /// Panels of the mesh where electrons with and without a boson may move, broken at steps and at what a mode makes of steps and
  /// resonances.
  private func firstPieces(reach: Double) -> [(panel: Int, low: Double, high: Double)] {
    let potentials = line.electrodes.map(\.potential.value)
    let hottest = line.electrodes.reduce(0) { max($0, $1.temperature.value) }
    let margin = reach * hottest + reach * line.baths.reduce(0) { max($0, $1.temperature.value) }
    let (low, high) = ((potentials.min() ?? 0) - margin, (potentials.max() ?? 0) + margin)
    let span = high - low
    guard span > 0 else { return [] }
    var steps = line.electrodes.map { KinkRule.fermiStep(at: $0.potential.value, temperature: $0.temperature.value) }
    let modes = bosons.features.filter { $0.position > 0 }
    for mode in modes {
      for sign in [-1.0, 1.0] {
        for f in source.features where f.width > 0 { steps.append((f.position + sign * mode.position, f.width + mode.width)) }
        for s in line.electrodes {
          steps.append((s.potential.value + sign * mode.position, max(Double.pi * s.temperature.value, mode.width)))
        }
      }
    }
    steps = steps.filter { $0.position > low - span && $0.position < high + span }
    let poles = steps.filter { $0.width > 0 }
    var result: [(panel: Int, low: Double, high: Double)] = []
    for (index, panel) in source.table.panels.enumerated() where panel.end > low && panel.start < high {
      let ends = (max(low, panel.start), min(high, panel.end))
      let inside = steps.map(\.position).filter { $0 > ends.0 && $0 < ends.1 }
      let points = ([ends.0] + inside + [ends.1]).sorted()
      for (a, b) in zip(points, points.dropFirst()) where b - a > 1e-14 * span {
        let (x, y) = (a == panel.start ? -1 : panel.parameter(a), b == panel.end ? 1 : panel.parameter(b))
        split(index, x, y, poles, depth: 0, into: &result)
      }
    }
    return result
  }

  private func split(
    _ index: Int, _ low: Double, _ high: Double, _ poles: [PanelFeature], depth: Int,
    into result: inout [(panel: Int, low: Double, high: Double)]
  ) {
    let panel = source.table.panels[index]
    let (start, end) = (panel.position(low).0, panel.position(high).0)
    guard end > start else { return }
    let middle = 0.5 * (low + high)
    guard depth < 50, middle > low, middle < high, !Panel(start, end).resolves(poles, rho: Self.rho) else {
      result.append((index, low, high))
      return
    }
    split(index, low, middle, poles, depth: depth + 1, into: &result)
    split(index, middle, high, poles, depth: depth + 1, into: &result)
  }

  private func piece(_ index: Int, _ low: Double, _ high: Double, _ sums: inout SelfEnergySums) -> Piece {
    let panel = source.table.panels[index]
    var result = Piece(panel: index, low: low, high: high, values: [Double](repeating: 0, count: 4 * n))
    var samples = [Double](repeating: 0, count: 4 * n * Self.order)
    let half = 0.5 * (high - low)
    for i in 0..<Self.order {
      let t = Self.rule.nodes[i]
      let x = t < 0 ? low + half * (1 + t) : high - half * (1 - t)
      let (e, jacobian) = panel.position(x)
      sums.fill(at: e, electrons, bosons)
      point.fill(panel: index, x: x, energy: e, sums, bosons, line.electrodes, parts: parts)
      let factor = prefactor * half * jacobian
      for part in parts.indices {
        for moment in 0..<2 {
          let (slot, scale) = (part * 2 + moment, factor * (moment == 0 ? 1 : e))
          for a in 0..<n { samples[(slot * n + a) * Self.order + i] = scale * point.currents[part * n + a] }
          result.gross[slot] += Self.rule.weights[i] * abs(scale) * point.gross[part]
          result.errors[slot] += Self.rule.weights[i] * abs(scale) * point.errors[part]
        }
      }
    }
    samples.withUnsafeBufferPointer { s in
      for slot in 0..<4 {
        for a in 0..<n {
          let v = s.baseAddress! + (slot * n + a) * Self.order
          var size = 0.0
          for i in 0..<Self.order {
            result.values[slot * n + a] += Self.rule.weights[i] * v[i]
            size = max(size, abs(v[i]))
          }
          let error = 2 * GaussLegendreRule.sumError(tail: Self.rule.tail(of: v), size: size) + 4e-15 * size
          result.quadrature[slot] = max(result.quadrature[slot], error)
        }
      }
    }
    return result
  }
}
