import BosonPropagators
import DenseMatrices
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Integrates all flows over one frequency panel: the electrons' spectra are interpolated, D is exact at every point, and
/// intervals are graded towards every feature, then halved until the integrands are resolved.
///
/// One instance per worker and layout; it owns its buffers.
package final class FlowIntegrator {
  private static let rule = GaussLegendreRule(order: 16)
  private static let order = 16
  /// Bernstein parameter of an interval against every feature: the Gauss rule then converges as rho^-32.
  private static let rho = 2.2
  private static let deepest = 64
  private static let intervalLimit = 60_000

  private let integrand: FlowIntegrand
  private let layout: FlowLayout
  private let spectra: SpectraLayout
  private var samples: [Double]
  private var row: [Double]
  private var interpolated: [Double]
  private var phases: [Double]
  private var legendre = [Double](repeating: 0, count: SpectraMesh.order)
  private var weights = [Double](repeating: 0, count: SpectraMesh.order)
  private var norms: [(propagator: Double, spectral: Double, occupied: Double)]
  /// Per node: moduli of the weights of E and L by channel contracted with the panel's tails, and of D with those of Pi_e.
  private var tails: [(channels: [(emission: Double, density: Double)], propagator: Double)]
  /// Relative error of the baths' broadenings per node.
  private var broadeningErrors = [Double](repeating: 0, count: FlowIntegrator.order)
  /// Largest occupation of a bath per node.
  private var occupations = [Double](repeating: 0, count: FlowIntegrator.order)
  private var intervals = 0
  /// Integrals so far below which an interval does not matter.
  private var scale = (electrons: 0.0, all: 0.0)

  package init(_ environment: BosonEnvironment, _ layout: FlowLayout, _ spectra: SpectraLayout) {
    integrand = FlowIntegrand(environment, layout)
    self.layout = layout
    self.spectra = spectra
    samples = [Double](repeating: 0, count: layout.count * Self.order)
    row = [Double](repeating: 0, count: layout.count)
    interpolated = [Double](repeating: 0, count: max(spectra.rows, 1) * Self.order)
    phases = [Double](repeating: 0, count: Self.order)
    norms = [(propagator: Double, spectral: Double, occupied: Double)](repeating: (0, 0, 0), count: Self.order)
    let none = [(emission: Double, density: Double)](repeating: (0, 0), count: spectra.channels.count)
    tails = [(channels: [(emission: Double, density: Double)], propagator: Double)](
      repeating: (none, 0), count: Self.order)
  }

  /// Integrals over the panel. `tolerance` is the relative accuracy of the quadrature. Throws when D does not exist at a point.
  package func integrate(
    _ panel: PanelSpectra, state: OperatingState, rule: KinkRule, tolerance: Double
  ) throws(SolverError) -> PanelFlows {
    var result = PanelFlows(layout)
    var isFirst = true
    intervals = 0
    scale = (0, 0)
    var refinement = PanelRefinement(rule.pieces(of: panel.panel).map { HalvedPanel($0) })
    _ = try refinement.descend { (part, _) throws(SolverError) in
      let (interval, halves) = (part.panel, part.halves(to: Self.deepest))
      if let halves, !interval.resolves(rule.features, rho: Self.rho) { return halves }
      try sample(interval, panel, state)
      let resolved = isResolved(interval, tolerance)
      if !resolved, intervals < Self.intervalLimit, let halves { return halves }
      intervals += 1
      add(interval, panel, state, isFirst: isFirst, unresolved: !resolved, to: &result)
      isFirst = false
      return nil
    }
    try SolverError.checkInterruption("integrating over frequencies")
    finish(panel, &result)
    return result
  }

  /// Integrands times Jacobian at the nodes, [flow * order + node].
  private func sample(_ interval: Panel, _ panel: PanelSpectra, _ state: OperatingState) throws(SolverError) {
    let rows = spectra.rows
    for i in 0..<Self.order {
      let (w, jacobian) = interval.position(Self.rule.nodes[i])
      if rows > 0 {
        SpectraMesh.rule.fillInterpolation(at: panel.panel.parameter(w), legendre: &legendre, into: &weights)
        interpolate(panel.values, node: i)
      }
      let exists = interpolated.withUnsafeBufferPointer { s in
        row.withUnsafeMutableBufferPointer { out in
          integrand.evaluate(w, rows: s.baseAddress! + i * max(rows, 1), spectra: spectra, state: state, into: out.baseAddress!)
        }
      }
      guard exists else {
        throw SolverError(
          .unsuitableModel, at: .baths, "the bosons have an undamped mode at energy \(w)",
          hint: "Attach a bath to it, for example kind: ohmic with a small friction")
      }
      phases[i] = integrand.phase
      norms[i] = integrand.norms
      occupations[i] = integrand.largestOccupation
      broadeningErrors[i] = integrand.broadeningError
      contractTails(panel, node: i, jacobian)
      for f in 0..<layout.count { samples[f * Self.order + i] = row[f] * jacobian }
      norms[i].propagator *= jacobian
      norms[i].spectral *= jacobian
      norms[i].occupied *= jacobian
    }
  }

  private func contractTails(_ panel: PanelSpectra, node: Int, _ jacobian: Double) {
    func sum(_ tails: [Double], _ weights: [Double]) -> Double {
      var result = 0.0
      for i in tails.indices { result += tails[i] * weights[i] }
      return jacobian * result
    }
    let moduli = integrand.moduli
    for c in spectra.channels.indices {
      tails[node].channels[c] = (
        sum(panel.doubts[c].emissionTails, moduli.spectral), sum(panel.doubts[c].densityTails, moduli.occupied)
      )
    }
    tails[node].propagator = layout.isDressed ? sum(panel.selfEnergyTails, moduli.propagator) : 0
  }

  private func interpolate(_ values: [Double], node: Int) {
    let rows = spectra.rows
    values.withUnsafeBufferPointer { v in
      interpolated.withUnsafeMutableBufferPointer { out in
        let target = out.baseAddress! + node * rows
        for r in 0..<rows { target[r] = 0 }
        for j in 0..<SpectraMesh.order {
          let (weight, source) = (weights[j], v.baseAddress! + j * rows)
          for r in 0..<rows { target[r] += weight * source[r] }
        }
      }
    }
  }

  /// Error of the Gauss rule on an interval, and the largest modulus at its nodes.
  private func error(_ flow: Int) -> (error: Double, size: Double) {
    samples.withUnsafeBufferPointer { s in
      let v = s.baseAddress! + flow * Self.order
      var size = 0.0
      for i in 0..<Self.order { size = max(size, abs(v[i])) }
      guard size > 0 else { return (0, 0) }
      return (GaussLegendreRule.sumError(tail: Self.rule.tail(of: v), size: size) + 2e-15 * size, size)
    }
  }

  private func isResolved(_ interval: Panel, _ tolerance: Double) -> Bool {
    for i in 1..<Self.order where abs(Self.wrapped(phases[i] - phases[i - 1])) > 1.6 { return false }
    // Numbers that are differences or may vanish are measured against the largest of their kind on the interval.
    let gross = (0..<4).map { error(layout.grossStart + $0).size }
    let electrons = max(gross[0], gross[1] * max(interval.end, 1e-300))
    return isResolved(0..<layout.bathStart, size: max(electrons, gross[1]), scale.electrons, tolerance)
      && isResolved(layout.bathStart..<layout.conductanceStart, size: max(gross[2], gross[3]), scale.all, tolerance)
      && isResolved(layout.conductanceStart..<layout.populationStart, size: 0, 0, tolerance)
      && isResolved(layout.populationStart..<layout.lightStart, size: 0, 0, tolerance)
      && isResolved(layout.lightStart..<layout.grossStart, size: max(electrons, gross[1]), scale.electrons, tolerance)
      && isResolved(layout.grossStart..<(layout.grossStart + 2), size: 0, scale.electrons, tolerance)
      && isResolved((layout.grossStart + 2)..<layout.count, size: 0, scale.all, tolerance)
  }

  private func isResolved(_ flows: Range<Int>, size: Double, _ reference: Double, _ tolerance: Double) -> Bool {
    var (worst, largest) = (0.0, size)
    for flow in flows {
      let (error, size) = error(flow)
      worst = max(worst, error)
      largest = max(largest, size)
    }
    return worst <= max(0.05 * tolerance * largest, 1e-3 * tolerance * reference)
  }

  private static func wrapped(_ angle: Double) -> Double {
    angle - (angle / (2 * Double.pi)).rounded() * 2 * Double.pi
  }

  private func add(
    _ interval: Panel, _ panel: PanelSpectra, _ state: OperatingState, isFirst: Bool, unresolved: Bool,
    to result: inout PanelFlows
  ) {
    for flow in 0..<layout.count {
      var sum = 0.0
      for i in 0..<Self.order { sum += Self.rule.weights[i] * samples[flow * Self.order + i] }
      result.values[flow] += sum
      result.quadrature[flow] += 2 * error(flow).error
    }
    scale = (result.values[layout.grossStart], result.values[layout.grossStart + 2])
    if unresolved { result.unresolved += 1 }
    addDoubts(interval, panel, to: &result)
    if isFirst { result.firstPhase = phases[0] } else { result.phaseChange += Self.wrapped(phases[0] - result.lastPhase) }
    for i in 1..<Self.order { result.phaseChange += Self.wrapped(phases[i] - phases[i - 1]) }
    result.lastPhase = phases[Self.order - 1]
  }

  /// |Tr[dE A]| <= |dE| |A| in Frobenius norms, and the same for L N; a changed Pi moves D by D dPi D, and flows into a bath by
  /// dGamma/Gamma.
  private func addDoubts(_ interval: Panel, _ panel: PanelSpectra, to result: inout PanelFlows) {
    let prefactor = 1 / (2 * Double.pi)
    for i in 0..<Self.order {
      let w = interval.position(Self.rule.nodes[i]).0
      let weight = Self.rule.weights[i] * prefactor
      for (c, channel) in spectra.channels.enumerated() {
        let doubts = panel.doubts[c]
        var factor = 1.0
        if channel.isIsothermal {
          // n (w - mu) is bounded, and L vanishes at w = mu with its error.
          let distance = max(abs(w - channel.bias), 0.02 * panel.panel.length)
          factor = channel.temperature / distance + (w < channel.bias ? 1 : 0)
        }
        let (a, occupied) = (weight * norms[i].spectral, weight * norms[i].occupied)
        let tail = weight * (factor * tails[i].channels[c].emission + tails[i].channels[c].density)
        let floor = doubts.emissionError * a + doubts.densityError * occupied
        let electron =
          (factor * doubts.emissionEnergyTail + doubts.emissionEnergyError) * a
          + (doubts.densityEnergyTail + doubts.densityEnergyError) * occupied
        result.channelErrors[c].rate += tail + floor
        result.channelErrors[c].energy += w * (tail + floor)
        result.channelErrors[c].electron += electron
        if layout.options.light {
          result.emissionError +=
            weight * (1 + occupations[i]) * (factor * tails[i].channels[c].emission + doubts.emissionError * norms[i].spectral)
        }
        if layout.isDressed, layout.options.population {
          // A changed E moves N by D dE D^+; the norm of D contains the Jacobian, which is to stay once.
          let spread = norms[i].propagator * norms[i].propagator / interval.position(Self.rule.nodes[i]).1
          let tail = doubts.emissionTails.withUnsafeBufferPointer { PackedHermitian.norm($0.baseAddress!, size: layout.modes) }
          result.population.error += 2 * integrand.largestQuanta(w) * weight * spread * (factor * tail + doubts.emissionError)
        }
        result.doubt += w * tail
        result.rateDoubt += tail
      }
      guard layout.isDressed || integrand.environment.error > 0 else { continue }
      // 2 |D dPi| of every flow; the samples contain the Jacobian, and so does the norm of D.
      let response = 2 * Self.rule.weights[i] * norms[i].propagator / interval.position(Self.rule.nodes[i]).1
      let electrons = response * samples[(layout.grossStart + 1) * Self.order + i]
      let all = response * samples[(layout.grossStart + 3) * Self.order + i]
      result.sensitivity += w * electrons
      result.rateSensitivity += electrons
      let broadening = Self.rule.weights[i] * broadeningErrors[i]
      let (grossElectrons, grossAll) = (
        broadening * samples[(layout.grossStart + 1) * Self.order + i],
        broadening * samples[(layout.grossStart + 3) * Self.order + i]
      )
      result.dressingError += w * grossElectrons
      result.dressingRateError += grossElectrons
      result.totalDressingError += w * grossAll
      result.totalDressingRateError += grossAll
      // What interpolation does to D, element by element.
      let tail = 2 * Self.rule.weights[i] * tails[i].propagator / interval.position(Self.rule.nodes[i]).1
      let rate = tail * samples[(layout.grossStart + 1) * Self.order + i]
      result.doubt += w * rate
      result.rateDoubt += rate
      result.dressingError += w * rate
      result.dressingRateError += rate
      result.totalDressingError += tail * w * samples[(layout.grossStart + 3) * Self.order + i]
      result.totalDressingRateError += tail * samples[(layout.grossStart + 3) * Self.order + i]
      result.totalSensitivity += w * all
      result.totalRateSensitivity += all
      addDressing(node: i, response: response, error: broadening + tail, to: &result)
    }
  }

  /// The same for numbers that belong to no channel, each measured against what it is a part of.
  private func addDressing(node i: Int, response: Double, error: Double, to result: inout PanelFlows) {
    func sample(_ flow: Int) -> Double { samples[flow * Self.order + i] }
    if layout.options.light {
      let emitted = (0..<layout.baths).reduce(0) { $0 + abs(sample(layout.emission($1))) }
      result.light.add(emitted, response: response, error: error)
    }
    for q in result.conductances.indices {
      result.conductances[q].add(abs(sample(layout.conductance(q, q))), response: response, error: error)
    }
    if layout.options.population {
      let gross = (0..<(layout.modes * layout.modes)).reduce(0) {
        let element = sample(layout.populationStart + $1)
        return $0 + ($1 < layout.modes ? 1 : 2) * element * element
      }
      result.population.add(gross.squareRoot(), response: response, error: error)
    }
  }

  /// Turns sensitivities into errors with the panel's uncertainty of Pi_e.
  private func finish(_ panel: PanelSpectra, _ result: inout PanelFlows) {
    let electrons = layout.isDressed ? panel.selfEnergyError : 0
    let uncertainty = electrons + integrand.environment.error
    result.sensitivity = result.sensitivity * uncertainty + result.dressingError
    result.rateSensitivity = result.rateSensitivity * uncertainty + result.dressingRateError
    result.totalSensitivity = result.totalSensitivity * uncertainty + result.totalDressingError
    result.totalRateSensitivity = result.totalRateSensitivity * uncertainty + result.totalDressingRateError
    result.light.finish(uncertainty)
    result.population.finish(uncertainty)
    for q in result.conductances.indices { result.conductances[q].finish(uncertainty) }
  }
}
