import JunctionModel
import TransportResults

/// What a state's heats, currents and mode temperatures say about it as a machine.
package struct MachineReading: Sendable {
  /// Machine, performance and bound.
  package let balance: MachineBalance
  /// -sum_a mu_a I_a.
  package let electricalPower: Estimate
  /// Mean temperature of the electrodes, that of [07:12]; nil without electrodes.
  package let electronTemperature: Double?
  /// Temperature of the coldest boson bath; nil without baths.
  package let coldBathTemperature: Double?

  /// - Parameters: `charges`, `heats`: electrons and heat leaving each electrode, all contributions.
  ///
  /// The chemical potentials of `state` may be measured from any energy, because the charges add up to zero.
  package init(state: OperatingState, charges: [Estimate], heats: [Estimate], bathEnergy: [Estimate], bathParticles: [Estimate]) {
    var power = Estimate()
    for (mu, charge) in zip(state.chemicalPotentials, charges) { power -= mu * charge }
    var chemical = Estimate()
    var bodies = zip(state.temperatures, heats).map { MachineBalance.Body(temperature: $0, heat: $1) }
    for p in bathEnergy.indices {
      let nu = state.bathPotentials[p]
      let work = nu == 0 ? Estimate() : nu * bathParticles[p]
      chemical += work
      bodies.append(
        MachineBalance.Body(temperature: state.bathTemperatures[p], heat: work - bathEnergy[p], isBath: true))
    }
    electricalPower = power
    balance = MachineBalance(bodies: bodies, electricalPower: power, chemicalPower: chemical)
    let count = state.temperatures.count
    electronTemperature = count > 0 ? state.temperatures.reduce(0, +) / Double(count) : nil
    coldBathTemperature = state.bathTemperatures.min()
  }

  /// Efficiency of an engine between a mode and the coldest bath, eq. [07:13]: 1 - (T_L/T_H)(W - mu_eff)/W = 1 - T_L/T_eff.
  package func engineEfficiency(effectiveTemperature: Estimate) -> Estimate {
    guard let cold = coldBathTemperature else { return .notANumber }
    return Estimate(1) - Estimate(cold).over(effectiveTemperature)
  }

  /// 1 - T_L/T_H, what the same engine reaches when the mode has no chemical potential.
  package var carnotEfficiency: Estimate {
    guard let cold = coldBathTemperature, let hot = electronTemperature, hot > 0 else { return .notANumber }
    return Estimate(1 - cold / hot, error: 4e-16 * (1 + cold / hot))
  }

  /// mu_eff/W = 1 - T_H/T_eff, the share of a quantum that is chemical energy and not heat.
  package func chemicalShare(effectiveTemperature: Estimate) -> Estimate {
    guard let hot = electronTemperature else { return .notANumber }
    return Estimate(1) - Estimate(hot).over(effectiveTemperature)
  }
}
