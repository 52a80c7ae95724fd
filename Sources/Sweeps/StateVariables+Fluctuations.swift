import JunctionModel
import TransportCurrents
import TransportResults

extension StateVariable {
  /// The variables of noise and counting statistics.
  static func fluctuationVariables(for observable: Observable) -> [StateVariable] {
    let heats = "heat that leaves an electrode, enters a bath"
    switch observable {
    case .chargeNoise:
      return [
        StateVariable(
          name: "charge_noise", dimensions: ["electrode", "electrode2"], quantity: .chargeNoise,
          longName: "zero-frequency noise of the charge currents, twice the second cumulant",
          sign: "4 k_B T G in equilibrium; charge that leaves the electrode counts positive", field: .chargeNoise)
      ]
    case .heatNoise:
      return [
        StateVariable(
          name: "heat_noise", dimensions: ["terminal", "terminal2"], quantity: .heatNoise,
          longName: "zero-frequency noise of the heat currents, twice the second cumulant", sign: heats, field: .heatNoise)
      ]
    case .chargeCumulants:
      return [
        StateVariable(
          name: "charge_cumulants", dimensions: ["cumulant", "electrode"], quantity: .rate,
          longName: "cumulants per time of the number of electrons that leave the electrode",
          sign: "electrons that leave the electrode count positive", field: .chargeCumulants)
      ]
    case .heatCumulants:
      return [
        StateVariable(
          name: "heat_cumulants", dimensions: ["cumulant", "terminal"], quantity: .heatCumulant,
          longName: "cumulants per time of the heat exchanged, n the number of the cumulant", sign: heats,
          field: .heatCumulants)
      ]
    case .fanoFactor:
      return [
        StateVariable(
          name: "fano_factor", dimensions: ["electrode"], quantity: .dimensionless,
          longName: "Fano factor S/(2 e |I|) of the charge current", sign: "NaN where the current is zero within its error",
          field: .fanoFactor)
      ]
    default:
      return [
        StateVariable(
          name: "quanta_distribution", dimensions: ["mode", "quanta"], quantity: .dimensionless,
          longName:
            "probability that this net number of quanta has gone from the electrons to the baths of the mode in the counting time",
          sign: "positive numbers of quanta from the electrons to the bosons", field: .quantaDistribution)
      ]
    }
  }
}

extension StateFluctuations {
  /// One component of a field.
  func component(_ i: Int, of field: StateField) -> Estimate {
    switch field {
    case .chargeNoise: return chargeNoise(i / electrodes, i % electrodes)
    case .heatNoise: return heatNoise(i / terminals, i % terminals)
    case .chargeCumulants: return chargeCumulant(i / electrodes + 1, electrode: i % electrodes)
    case .heatCumulants: return heatCumulant(i / terminals + 1, terminal: i % terminals)
    case .fanoFactor: return fanoFactor(electrode: i)
    default:
      let width = distribution.first?.count ?? 1
      return distribution[i / width][i % width]
    }
  }
}
