import BosonPropagators
import JunctionModel
import Quadrature
import RealModule
import TransportCurrents
import TransportResults

/// Currents of one frequency panel, and what interpolation in w leaves.
private struct FrequencyContribution {
  let panel: Panel
  /// [((part * 2 + moment) * electrodes + a) * 3 + order]
  var values: [Double]
  /// [(part * 2 + moment) * 3 + order]
  var errors: [Double]
  var gross: [Double]
  /// Interpolation error, part of `errors`: of particle flows, by order.
  var doubts = SIMD4<Double>.zero
}

extension SecondOrderWorker {
  private static let panelLimit = 300
  /// Beyond this many times the largest scale the bosons' tails are below 1e-10 of the whole: the traces fall off as 1/w, but the
  /// quasi-static part is constant.
  private var farthest: Double { solver.isDynamic ? 1e5 : 3000 }

  func addLandauer(
    _ environment: BosonEnvironment, _ features: [PanelFeature], _ request: Request,
    _ result: inout (SecondOrderCurrents, SecondOrderCurrents)
  ) throws(SolverError) {
    let line = request.line
    let densities = BosonDensities(environment, pairs: integrators[0].pairs)
    var poles = features
    for bath in line.baths where bath.temperature.value > 0 {
      poles.append(KinkRule.boseStep(at: bath.potential.value, temperature: bath.temperature.value))
    }
    if let traces = integrators[0].traces as? MeshTraces,
      SelfEnergyIntegrator.serves(traces.source, environment, features, order: line.order)
    {
      return try addSelfEnergies(traces, densities, environment, poles, request, &result)
    }
    var refinement = PanelRefinement<FrequencyContribution>(limit: Self.panelLimit)
    refinement.parts = firstPanels(environment, line).map { contribution($0, request, densities, poles) }
    let rule = RefinementRule(tolerance: solver.tolerance)
    _ = try refinement.refine(
      judge: { (parts: [FrequencyContribution]) throws(SolverError) -> ((FrequencyContribution) -> Bool)? in
        try SolverError.checkInterruption("integrating over frequencies")
        guard let allowed = Self.allowed(parts, line, rule, request.reference) else { return nil }
        return { any($0.doubts .> allowed) }
      },
      halve: { whole throws(SolverError) in
        guard let (left, right) = whole.panel.bisected else { return nil }
        return (contribution(left, request, densities, poles), contribution(right, request, densities, poles))
      })
    try SolverError.checkInterruption("integrating over frequencies")
    book(refinement.parts, request, &result)
  }

  /// The same from the self-energies at every electron energy.
  private func addSelfEnergies(
    _ traces: MeshTraces, _ densities: BosonDensities, _ environment: BosonEnvironment, _ poles: [PanelFeature],
    _ request: Request, _ result: inout (SecondOrderCurrents, SecondOrderCurrents)
  ) throws(SolverError) {
    let (breaks, last) = frequencyBreaks(environment, request.line)
    let junction = solver.prepared.junction
    let integrator = try SelfEnergyIntegrator(
      traces, densities,
      SelfEnergyIntegrator.Request(
        line: request.line, parts: request.parts, breaks: breaks, last: last,
        features: poles + environment.features.filter { $0.width > 0 }, spin: junction.conductor.spinDegeneracy,
        isDynamic: solver.isDynamic, tolerance: solver.tolerance))
    try integrator.book(
      reach: SecondOrderIntegrator.reach(tolerance: solver.tolerance), tolerance: solver.tolerance, into: &result)
  }

  /// What a panel may leave of each derivative; `reference` is a scale of the highest one. Where derivatives are wanted the current
  /// itself does not matter; in equilibrium it is nothing but rounding.
  private static func allowed(
    _ panels: [FrequencyContribution], _ line: StateLine, _ rule: RefinementRule, _ reference: Double
  ) -> SIMD4<Double>? {
    var (doubts, sizes) = (SIMD4<Double>.zero, SIMD4<Double>(repeating: .infinity))
    for k in min(1, line.order)...line.order {
      doubts[k] = panels.reduce(0) { $0 + $1.doubts[k] }
      let gross = panels.reduce(0) { $0 + $1.gross[k] + $1.gross[6 + k] }
      sizes[k] = max(gross, k == line.order ? reference : 0)
    }
    return rule.thresholds(doubts, of: sizes, parts: panels.count)
  }

  /// Panels from 0 to beyond every scale, broken at thresholds w = |mu_a - mu_c|, modes and the end of the thermal range.
  private func firstPanels(_ environment: BosonEnvironment, _ line: StateLine) -> [Panel] {
    let (points, last) = frequencyBreaks(environment, line)
    return KinkRule(breaks: points).panels(from: 0, to: last, rho: 1, longerThan: 1e-12 * last / farthest)
  }

  /// Where panels of frequencies end, and the last of them.
  private func frequencyBreaks(_ environment: BosonEnvironment, _ line: StateLine) -> (breaks: [Double], last: Double) {
    var points = environment.modeEnergies.filter { $0 > 0 }
    points += environment.edges
    let potentials = line.electrodes.map(\.potential.value)
    let hottest = (line.electrodes + line.baths).reduce(0) { max($0, $1.temperature.value) }
    for (i, a) in potentials.enumerated() { for c in potentials[..<i] { points.append(abs(a - c)) } }
    let bias = (potentials.max() ?? 0) - (potentials.min() ?? 0)
    let scale = max(points.max() ?? 0, bias + 5 * hottest)
    points += [0, bias + 5 * hottest]
    var end = scale
    let last = farthest * scale
    while end < last {
      points.append(end)
      end *= 3
    }
    points.append(last)
    return (points, last)
  }

  private func contribution(
    _ panel: Panel, _ request: Request, _ densities: BosonDensities, _ poles: [PanelFeature]
  ) -> FrequencyContribution {
    let (n, line) = (electrodes, request.line)
    let integrator = integrators[0]
    let pairs = integrator.pairs.count
    let nodes = FrequencyWeights.order
    var series: [SecondOrderSpectrum] = []
    for x in FrequencyWeights.rule.nodes {
      integrator.integrate(panel.position(x).0, pairs: 0..<pairs, line: line, parts: request.parts)
      series.append(integrator.spectrum)
    }
    let (weights, norms) = FrequencyWeights.integrate(
      panel: panel, features: poles, densities: densities.count(order: line.order)
    ) { w, out in densities.fill(w, baths: line.baths, order: line.order, into: out) }
    var result = FrequencyContribution(
      panel: panel, values: [Double](repeating: 0, count: 12 * n), errors: [Double](repeating: 0, count: 12),
      gross: [Double](repeating: 0, count: 12))
    let factor = solver.prepared.junction.conductor.spinDegeneracy / (2 * Double.pi)
    for part in request.parts.indices {
      for moment in 0..<2 {
        for k in 0...line.order {
          let slot = (part * 2 + moment) * 3 + k
          // Q0 with A; Q1 of order k - i with the derivative i of n A.
          for i in -1...k {
            let (occupied, order) = i < 0 ? (0, k) : (1, k - i)
            let multiple = factor * (i < 0 ? 1 : MatrixJet.binomial(k, i))
            for pair in 0..<pairs {
              let d = 2 * ((i + 1) * pairs + pair)
              let e = series[0].index(part: part, moment: moment, order: order, occupied: occupied, pair: pair)
              for j in 0..<nodes {
                let modulus = abs(weights[d * nodes + j]) + abs(weights[(d + 1) * nodes + j])
                result.errors[slot] += multiple * modulus * (series[j].errors[e] + 1e-14 * series[j].gross[e])
                result.gross[slot] += multiple * modulus * series[j].gross[e]
              }
              for a in 0..<n {
                let q =
                  2
                  * series[0].index(
                    part: part, moment: moment, electrode: a, order: order, occupied: occupied, pair: pair)
                var sum = 0.0
                for j in 0..<nodes {
                  sum += weights[d * nodes + j] * series[j].values[q] - weights[(d + 1) * nodes + j] * series[j].values[q + 1]
                }
                let tail =
                  NodeSeries.tail(series.map { $0.values[q] }) * norms[d]
                  + NodeSeries.tail(series.map { $0.values[q + 1] }) * norms[d + 1]
                result.values[((part * 2 + moment) * n + a) * 3 + k] += multiple * sum
                result.errors[slot] += multiple * tail
                if moment == 0 { result.doubts[k] += multiple * tail }
              }
            }
          }
        }
      }
    }
    return result
  }

  private func book(
    _ panels: [FrequencyContribution], _ request: Request, _ result: inout (SecondOrderCurrents, SecondOrderCurrents)
  ) {
    for (p, panel) in panels.enumerated() {
      // Beyond the last panel A falls off as 1/w^3, and the traces do not grow: half of what w times the panel's mean would be.
      let beyond = p == panels.count - 1 ? 0.5 * panel.panel.end / panel.panel.length : 0
      for part in request.parts.indices {
        for moment in 0..<2 {
          for k in 0...request.line.order {
            let slot = (part * 2 + moment) * 3 + k
            for a in 0..<electrodes {
              let estimate = Estimate(
                panel.values[((part * 2 + moment) * electrodes + a) * 3 + k],
                error: panel.errors[slot] + beyond * panel.gross[slot])
              if part == 0 { result.0.add(estimate, moment, a, k) } else { result.1.add(estimate, moment, a, k) }
            }
            let gross = panel.gross[slot]
            if part == 0 { result.0.addGross(gross, moment, k) } else { result.1.addGross(gross, moment, k) }
          }
        }
      }
    }
  }
}
