import JunctionModel
import Quadrature
import RealModule
import TransportResults

extension GapSpectra {
  /// The fluxes of one state.
  ///
  /// q = int dw/2pi w sum_ij Phi_ij (n_1i - n_2j), photons without the w, photocurrents from the interband channels, Theory.md
  /// (52)-(54). Cost: about 10 ns per node and occupation, some 0.1 ms. Throws `SolverError`: `unsuitableModel` for temperatures or
  /// chemical potentials outside the window's states, evanescent waves outside the tables that may carry more than the window's
  /// `allowedMissingFraction`; `notConverged` when an error exceeds the tolerance. What tables cut off stands in the errors (Theory.md
  /// section 12, numerics) but is not held against the tolerance.
  package func fluxes(_ state: RadiationState) throws(SolverError) -> RadiativeFluxes {
    let (fluxes, accuracy) = try assessedFluxes(state)
    try require(accuracy)
    return fluxes
  }

  /// The fluxes of one state with their accuracy, whatever it is. Throws `.unsuitableModel` as `fluxes` does for states outside the window.
  package func assessedFluxes(
    _ state: RadiationState
  ) throws(SolverError) -> (fluxes: RadiativeFluxes, accuracy: FluxAccuracy) {
    try check(state)
    var sum = FluxSum(state)
    for panel in panels { sum.add(panel) }
    if window.energies.upperBound == window.wanted { sum.addTail(of: panels[panels.count - 1]) }
    sum.add(cut, gaps: (pair.first.interbandGap, pair.second.interbandGap))
    return (sum.fluxes, FluxAccuracy(error: sum.grossError, missing: sum.cut.grossEvanescent, of: sum.gross))
  }

  /// Throws when a flux is not known as well as the window wants.
  func require(_ accuracy: FluxAccuracy) throws(SolverError) {
    guard accuracy.missingFraction <= window.allowedMissingFraction else { throw lost(accuracy.missingFraction) }
    guard accuracy.relativeError <= window.tolerance else { throw missed(accuracy.relativeError) }
  }

  private func missed(_ error: Double) -> SolverError {
    SolverError(
      .notConverged, at: .gap,
      "the energy flux at \(gap) m has the relative error \(error), more than \(window.tolerance)",
      hint: "Give the window all temperatures and chemical potentials, or a larger tolerance")
  }

  private func lost(_ share: Double) -> SolverError {
    SolverError(
      .unsuitableModel, at: pair.outermostTable,
      "evanescent waves outside the tables (\(pair.range.lowerBound) to \(pair.range.upperBound) eV) may carry \(share) of the energy at "
        + "\(gap) m, more than \(window.allowedMissingFraction)",
      hint: "Extend the table, or accept the loss with \(part: .missingSpectrum); it then stands in the errors")
  }

  /// Heat transfer coefficient h(T) = dq/dT_1 at T_1 = T_2 = T and nu = 0, W/(m^2 K); `temperature` in eV.
  ///
  /// h = int dw/2pi w Phi dn/dT, the analytic derivative. Throws as `fluxes`.
  package func heatTransferCoefficient(temperature: Double) throws(SolverError) -> Estimate {
    let (coefficient, accuracy) = try assessedHeatTransferCoefficient(temperature: temperature)
    try require(accuracy)
    return coefficient
  }

  /// h(T) with its accuracy, whatever it is. Throws `.unsuitableModel` for temperatures outside the window.
  package func assessedHeatTransferCoefficient(
    temperature: Double
  ) throws(SolverError) -> (coefficient: Estimate, accuracy: FluxAccuracy) {
    try check(BodyState(temperature: temperature), gap: nil)
    let (integral, accuracy) = thermalIntegral { w in
      let x = w / temperature
      let small = Double.exp(-x)
      let one = -Double.expMinusOne(-x)
      // w dn/dT = (w/T)^2 e^x/(e^x - 1)^2 = x^2 e^-x/(1 - e^-x)^2.
      return x * x * small / (one * one)
    }
    let factor = RadiationUnits.energyFlux * PhysicalConstants.boltzmannInElectronVolts
    return (Estimate(factor * integral.value, error: factor * integral.error), accuracy)
  }

  /// What either body would send to the other at T in eV, nu = 0: int dw/2pi w Phi n, W/m^2. Throws as `fluxes`.
  package func thermalFlux(temperature: Double) throws(SolverError) -> Estimate {
    try check(BodyState(temperature: temperature), gap: nil)
    let occupation = Occupation(temperature: temperature, chemicalPotential: 0)
    let (integral, accuracy) = thermalIntegral { $0 * occupation($0) }
    try require(accuracy)
    return Estimate(RadiationUnits.energyFlux * integral.value, error: RadiationUnits.energyFlux * integral.error)
  }

  /// int dw/2pi Phi(w) weight(w) over all channels, with its error.
  private func thermalIntegral(_ weight: (Double) -> Double) -> (Estimate, FluxAccuracy) {
    var result = Estimate()
    for panel in panels {
      var (kronrod, gauss, inner) = (0.0, 0.0, 0.0)
      for i in 0..<KronrodRule.count {
        let factor = weight(panel.energy(i))
        let total = (panel.propagating[i] + panel.evanescent[i]).sum()
        kronrod += KronrodRule.weights[i] * factor * total
        gauss += KronrodRule.gaussWeights[i] * factor * total
        inner += KronrodRule.weights[i] * factor * panel.errors[i].sum()
      }
      result.value += panel.half * kronrod / (2 * Double.pi)
      result.error += panel.half * (2 * abs(kronrod - gauss) + inner) / (2 * Double.pi)
    }
    if window.energies.upperBound == window.wanted {
      // Beyond the window the weight falls off at least with the hottest temperature.
      let last = panels[panels.count - 1]
      let hottest = window.temperatures.upperBound
      result.error += 4 * weight(last.to) * (last.propagating[20] + last.evanescent[20]).sum() * hottest / (2 * Double.pi)
    }
    let quadrature = result.error
    var evanescent = 0.0
    for node in cut.nodes {
      let factor = node.weight * weight(node.energy)
      evanescent += factor * node.evanescent.sum()
      result.error += factor * 2 * node.propagating
    }
    result.error += evanescent
    return (result, FluxAccuracy(error: quadrature, missing: evanescent, of: result.value))
  }

  private func check(_ state: RadiationState) throws(SolverError) {
    try check(state.first, gap: pair.first.interbandGap)
    try check(state.second, gap: pair.second.interbandGap)
  }

  private func check(_ state: BodyState, gap: Double?) throws(SolverError) {
    let (coldest, hottest) = (window.temperatures.lowerBound, window.temperatures.upperBound)
    let t = state.temperature
    guard t == 0 || (t >= coldest * (1 - 1e-12) && t <= hottest * (1 + 1e-12)) else {
      throw SolverError(
        .unsuitableModel, at: .temperature(of: nil),
        "found \(t) eV, outside the window's temperatures from \(coldest) to \(hottest) eV", hint: "Add the state to the window")
    }
    guard state.chemicalPotential == 0 || state.chemicalPotential < gap ?? -.infinity else {
      throw SolverError(
        .unsuitableModel, at: .bias,
        "found \(state.chemicalPotential) eV; allowed: below the gap energy, and 0 without interband absorption")
    }
  }
}

/// The sums over nodes of one state.
private struct FluxSum {
  private let state: RadiationState
  /// Of body 1 and 2 without and with the chemical potential of their interband losses.
  private let first: (rest: Occupation, interband: Occupation)
  private let second: (rest: Occupation, interband: Occupation)
  /// Energy by part (4), photons, interband photons that body 1 and body 2 absorb, energy; Kronrod sums and their errors.
  private var values = [Double](repeating: 0, count: 8)
  private var errors = [Double](repeating: 0, count: 8)
  private(set) var gross = 0.0
  private(set) var grossError = 0.0
  private var softError = 0.0
  private(set) var cut = CutFluxes()
  private var isSoftCut = false

  init(_ state: RadiationState) {
    self.state = state
    func occupations(_ body: BodyState) -> (Occupation, Occupation) {
      (
        Occupation(temperature: body.temperature, chemicalPotential: 0),
        Occupation(temperature: body.temperature, chemicalPotential: body.chemicalPotential)
      )
    }
    (first, second) = (occupations(state.first), occupations(state.second))
  }

  /// Occupations of (1, rest), (1, interband), (2, rest), (2, interband) at w. Where no loss is interband the second and fourth are of no
  /// consequence and may be anything finite.
  private func numbers(_ w: Double) -> SIMD4<Double> {
    func pair(_ body: (rest: Occupation, interband: Occupation)) -> (Double, Double) {
      let rest = w > 0 ? body.rest(w) : 0
      let nu = body.interband.chemicalPotential
      return (rest, nu == 0 ? rest : w > nu ? body.interband(w) : 0)
    }
    let ((restOne, interbandOne), (restTwo, interbandTwo)) = (pair(first), pair(second))
    return SIMD4(restOne, interbandOne, restTwo, interbandTwo)
  }

  mutating func add(_ panel: SpectralPanel) {
    var kronrod = SIMD8<Double>.zero
    var gauss = SIMD8<Double>.zero
    var inner = SIMD8<Double>.zero
    var (grossHere, grossGauss, grossInner) = (0.0, 0.0, 0.0)
    // Looked up once: statics ask at every use whether they are made.
    let (nodes, weights, gaussWeights) = (KronrodRule.nodes, KronrodRule.weights, KronrodRule.gaussWeights)
    let center = 0.5 * (panel.from + panel.to)
    for i in 0..<KronrodRule.count {
      let w = center + panel.half * nodes[i]
      let n = numbers(w)
      // Channel 2 i + j: n_1i - n_2j, and n_1i + n_2j.
      let (one, two) = (SIMD4(n[0], n[0], n[1], n[1]), SIMD4(n[2], n[3], n[2], n[3]))
      let (net, both) = (one - two, one + two)
      let weight = weights[i]
      let terms = Self.terms(panel.propagating[i], panel.evanescent[i], net, w)
      kronrod += weight * terms
      gauss += gaussWeights[i] * terms
      let modulus = net.replacing(with: -net, where: net .< 0)
      inner += weight * Self.terms(panel.errors[i], panel.errors[i], modulus, w)
      let total = panel.propagating[i] + panel.evanescent[i]
      let sent = w * (both * (total.lowHalf + total.highHalf)).sum()
      grossHere += weight * sent
      grossGauss += gaussWeights[i] * sent
      grossInner += weight * w * (both * (panel.errors[i].lowHalf + panel.errors[i].highHalf)).sum()
    }
    let scale = panel.half / (2 * Double.pi)
    for m in 0..<8 {
      values[m] += scale * kronrod[m]
      errors[m] += scale * (2 * abs(kronrod[m] - gauss[m]) + abs(inner[m]))
    }
    gross += scale * grossHere
    grossError += scale * (2 * abs(grossHere - grossGauss) + grossInner)
    if panel.from == 0 { softError = scale * (abs(kronrod[4] - gauss[4])) }
  }

  /// What the spectra outside tables may carry: part of the errors, not of `grossError`.
  mutating func add(_ spectrum: CutSpectrum, gaps: (Double?, Double?)) {
    for node in spectrum.nodes {
      let w = node.energy
      cut.add(node, numbers(w), interband: (gaps.0.map { w > $0 } ?? false, gaps.1.map { w > $0 } ?? false))
    }
    for m in 0..<8 { errors[m] += cut.bounds[m] }
    if spectrum.hasSoftEvanescent { isSoftCut = true }
  }

  /// Energies [s prop, p prop, s evan, p evan], photons, interband photons into body 1 and into body 2, energy.
  private static func terms(
    _ propagating: Channels, _ evanescent: Channels, _ net: SIMD4<Double>, _ w: Double
  ) -> SIMD8<Double> {
    let (sp, pp) = (net * propagating.lowHalf, net * propagating.highHalf)
    let (se, pe) = (net * evanescent.lowHalf, net * evanescent.highHalf)
    let all = sp + pp + se + pe
    return SIMD8(
      w * sp.sum(), w * pp.sum(), w * se.sum(), w * pe.sum(), all.sum(), 0 - (all[2] + all[3]), all[1] + all[3], w * all.sum())
  }

  /// The spectrum beyond the window: its last value times what is left of the occupations, with a margin for growing spectra.
  mutating func addTail(of last: SpectralPanel) {
    let w = last.to
    let spectrum = last.propagating[20] + last.evanescent[20]
    let hottest = max(state.first.temperature, state.second.temperature)
    let n = numbers(w)
    let (one, two) = (SIMD4(n[0], n[0], n[1], n[1]), SIMD4(n[2], n[3], n[2], n[3]))
    let all = (one + two) * (spectrum.lowHalf + spectrum.highHalf)
    let factor = 4 * hottest / (2 * Double.pi)
    for m in [0, 1, 2, 3, 7] { errors[m] += factor * (w + hottest) * all.sum() }
    errors[4] += factor * all.sum()
    errors[5] += factor * (all[2] + all[3])
    errors[6] += factor * (all[1] + all[3])
    grossError += factor * (w + hottest) * all.sum()
  }

  var fluxes: RadiativeFluxes {
    var result = RadiativeFluxes()
    func estimate(_ value: Double, _ error: Double, _ unit: Double) -> Estimate { Estimate(unit * value, error: unit * error) }
    let energy = RadiationUnits.energyFlux
    let q = (value: values[7], error: errors[7])
    result.energyFlux = estimate(q.value, q.error, energy)
    result.energyFluxParts = (0..<4).map { estimate(values[$0], errors[$0], energy) }
    result.grossEnergyFlux = energy * gross
    result.photonFlux = estimate(values[4], errors[4], RadiationUnits.photonFlux)
    // Dividing towards w = 0 did not settle the number of soft photons.
    if isSoftCut || softError > 1e-3 * abs(values[4]) { result.photonFlux.error = .infinity }
    var entropy = Estimate()
    for (body, bodyState) in [state.first, state.second].enumerated() {
      let (photons, error) = (values[5 + body], errors[5 + body])
      let nu = bodyState.chemicalPotential
      let work = (value: nu * photons, error: abs(nu) * error)
      let heat = (value: (body == 0 ? q.value : -q.value) + work.value, error: q.error + work.error)
      result.photocurrent[body] = estimate(photons, error, RadiationUnits.currentDensity)
      result.electricalPower[body] = estimate(work.value, work.error, energy)
      result.heat[body] = estimate(heat.value, heat.error, energy)
      let temperature = bodyState.temperature
      if temperature > 0 {
        entropy.value -= RadiationUnits.entropyFlux * heat.value / temperature
        entropy.error += RadiationUnits.entropyFlux * heat.error / temperature
      } else if heat.value != 0 {
        entropy.value = .infinity
      }
    }
    result.entropyProduction = entropy
    return result
  }
}
