import TransportResults

extension ObservableDefinition {
  private static let heats = "heat that leaves an electrode, enters a bath"

  package static let chargeNoise = fluctuation(
    ResultQuantity(
      "charge_noise", [.electrode, .electrode2], .chargeNoise,
      "zero-frequency noise of the charge currents, twice the second cumulant",
      sign: "4 k_B T G in equilibrium; charge that leaves the electrode counts positive", symbol: "*S*", title: "Charge noise")
  ) { $0.chargeNoise($1 / $0.electrodes, $1 % $0.electrodes) }

  package static let heatNoise = fluctuation(
    ResultQuantity(
      "heat_noise", [.terminal, .terminal2], .heatNoise, "zero-frequency noise of the heat currents, twice the second cumulant",
      sign: heats, symbol: "*S*", title: "Heat noise")
  ) { $0.heatNoise($1 / $0.terminals, $1 % $0.terminals) }

  package static let chargeCumulants = fluctuation(
    ResultQuantity(
      "charge_cumulants", [.cumulant, .electrode], .rate,
      "cumulants per time of the number of electrons that leave the electrode",
      sign: "electrons that leave the electrode count positive", symbol: "*C*", title: "Cumulants of the charge")
  ) { $0.chargeCumulant($1 / $0.electrodes + 1, electrode: $1 % $0.electrodes) }

  package static let heatCumulants = fluctuation(
    ResultQuantity(
      "heat_cumulants", [.cumulant, .terminal], .heatCumulant,
      "cumulants per time of the heat exchanged, n the number of the cumulant", sign: heats, symbol: "*C*",
      title: "Cumulants of the heat")
  ) { $0.heatCumulant($1 / $0.terminals + 1, terminal: $1 % $0.terminals) }

  package static let fanoFactor = fluctuation(
    ResultQuantity(
      "fano_factor", [.electrode], .dimensionless, "Fano factor S/(2 e |I|) of the charge current",
      sign: "NaN where the current is zero within its error", symbol: "*F*", title: "Fano factor", freedom: .ratio)
  ) { $0.fanoFactor(electrode: $1) }

  package static let quantaDistribution = fluctuation(
    ResultQuantity(
      "quanta_distribution", [.mode, .quanta], .dimensionless,
      "probability that this net number of quanta has gone from the electrons to the baths of the mode in the counting time",
      sign: "positive numbers of quanta from the electrons to the bosons", symbol: "*P*", title: "Probability")
  ) {
    let width = $0.distribution.first?.count ?? 1
    return $0.distribution[$1 / width][$1 % width]
  }

  private static func fluctuation(
    _ quantity: ResultQuantity, _ value: @escaping @Sendable (borrowing StateFluctuations, Int) -> Estimate
  ) -> ObservableDefinition {
    ObservableDefinition(
      needs: .fluctuations,
      [
        StateReading(quantity) { currents, i in
          guard let fluctuations = currents.fluctuations else { return .notANumber }
          return value(fluctuations, i)
        }
      ])
  }
}
