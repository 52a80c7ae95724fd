import TransportResults

/// A number with its error bound and its gross value, the sum of the moduli of what it is a difference of.
package struct GrossEstimate: Sendable, Equatable {
  package var estimate = Estimate()
  package var gross = 0.0

  package static func += (a: inout GrossEstimate, b: GrossEstimate) {
    a.estimate += b.estimate
    a.gross += b.gross
  }
}

/// Cumulants per time of the charges and heats exchanged by the reservoirs of one state; internal units.
///
/// Counted are electrons that leave an electrode, heat that leaves an electrode (e - mu_a each), and heat that enters a
/// bath (w - nu_p each). Terminals are the electrodes, then the baths.
package struct StateFluctuations: Sendable, Equatable {
  /// Number of electrodes.
  package let electrodes: Int
  /// Number of boson baths.
  package let baths: Int
  /// Second cumulants of the electrons, [a * electrodes + b].
  package var charge: [GrossEstimate]
  /// Second cumulants of the heats, [x * terminals + y].
  package var heat: [GrossEstimate]
  /// First to fourth cumulants of the electrons, [n * electrodes + a].
  package var chargeCumulants: [GrossEstimate]
  /// First to fourth cumulants of the heats, [n * terminals + x].
  package var heatCumulants: [GrossEstimate]
  /// Quanta per time from the electrons to all baths of a mode: [mode].
  package internal(set) var emissionRates: [Estimate]
  /// Quanta per time from the baths of a mode to the electrons: [mode].
  package internal(set) var absorptionRates: [Estimate]
  /// Probability of every number of quanta, [mode][n + largest]; when asked for.
  package internal(set) var distribution: [[Estimate]] = []

  /// Number of terminals: electrodes and baths.
  package var terminals: Int { electrodes + baths }

  package init(electrodes: Int, baths: Int, modes: Int) {
    self.electrodes = electrodes
    self.baths = baths
    let terminals = electrodes + baths
    let zero = GrossEstimate()
    charge = [GrossEstimate](repeating: zero, count: electrodes * electrodes)
    heat = [GrossEstimate](repeating: zero, count: terminals * terminals)
    chargeCumulants = [GrossEstimate](repeating: zero, count: 4 * electrodes)
    heatCumulants = [GrossEstimate](repeating: zero, count: 4 * terminals)
    emissionRates = [Estimate](repeating: Estimate(), count: modes)
    absorptionRates = emissionRates
  }

  /// S_ab = 2 x second cumulant of the charges: 4 T G in equilibrium.
  package func chargeNoise(_ a: Int, _ b: Int) -> Estimate { 2 * charge[a * electrodes + b].estimate }

  /// S_xy = 2 x second cumulant of the heats.
  package func heatNoise(_ x: Int, _ y: Int) -> Estimate { 2 * heat[x * terminals + y].estimate }

  /// Cumulant `order` (1 to 4) of the electrons that leave an electrode, per time.
  package func chargeCumulant(_ order: Int, electrode a: Int) -> Estimate {
    chargeCumulants[(order - 1) * electrodes + a].estimate
  }

  /// Cumulant `order` (1 to 4) of the heat of a terminal, per time.
  package func heatCumulant(_ order: Int, terminal x: Int) -> Estimate {
    heatCumulants[(order - 1) * terminals + x].estimate
  }

  /// F = S/(2 e |I|); NaN where the current is zero within its error.
  package func fanoFactor(electrode a: Int) -> Estimate {
    let (current, noise) = (chargeCumulant(1, electrode: a), chargeCumulant(2, electrode: a))
    guard abs(current.value) > current.error else { return .notANumber }
    let value = noise.value / abs(current.value)
    return Estimate(value, error: (noise.error + abs(value) * current.error) / (abs(current.value) - current.error))
  }

  /// Largest error bound over gross value.
  package var relativeError: Double {
    var worst = 0.0
    for list in [charge, heat, chargeCumulants, heatCumulants] {
      for x in list where x.estimate.error > 0 && x.gross > 1e-290 { worst = max(worst, x.estimate.error / x.gross) }
    }
    return worst
  }

  /// Fills `distribution`: P(n) of every mode from its rates, n = -largest ... largest.
  package mutating func distribute(time: Double, largest: Int) throws(SolverError) {
    distribution = []
    for mode in emissionRates.indices {
      let quanta = try QuantaDistribution(
        emission: emissionRates[mode], absorption: absorptionRates[mode], time: time, largest: largest)
      distribution.append(quanta.probabilities)
    }
  }

  /// Where no steady state exists nothing fluctuates about it.
  package mutating func markUnstable() {
    let nan = GrossEstimate(estimate: .notANumber, gross: 0)
    for i in charge.indices { charge[i] = nan }
    for i in heat.indices { heat[i] = nan }
    for i in chargeCumulants.indices { chargeCumulants[i] = nan }
    for i in heatCumulants.indices { heatCumulants[i] = nan }
    for k in emissionRates.indices { (emissionRates[k], absorptionRates[k]) = (.notANumber, .notANumber) }
    for k in distribution.indices {
      for n in distribution[k].indices { distribution[k][n] = .notANumber }
    }
  }
}
