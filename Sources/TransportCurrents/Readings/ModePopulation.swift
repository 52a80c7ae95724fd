import RealModule
import TransportResults

/// Steady state of one weakly damped mode between pair baths and boson baths, Theory.md section 5.
package struct ModePopulation {
  /// Energy W of the mode.
  package let energy: Double
  /// E and B of all channels over 2W: rates of emission and absorption.
  package let emission: Estimate
  package let absorption: Estimate
  /// L = B - E over 2W, without cancellation.
  package let density: Estimate
  /// sum_p eta_p, known to rounding.
  package let friction: Double
  /// sum_p eta_p n_p(W).
  package let supply: Estimate

  /// False when the pairs emit faster than everything absorbs: E >= B + gamma_ph [07:11].
  package var isStable: Bool { friction + density.value > 0 || (emission.value == 0 && absorption.value == 0 && friction == 0) }

  /// The rate at which the population relaxes, B - E + gamma_ph [07:10]; negative for a mode that is pumped.
  package var damping: Estimate { Estimate(density.value + friction, error: density.error + 4e-16 * friction) }

  /// N = (E + sum eta_p n_p)/(B - E + sum eta_p) [07:11]; 0 when nothing populates and nothing damps the mode.
  package var population: Estimate {
    let denominator = density.value + friction
    guard denominator > 0 else { return Estimate(0) }
    let n = (emission.value + supply.value) / denominator
    let error = (emission.error + supply.error + n * damping.error) / denominator + 4e-16 * n
    return Estimate(n, error: error)
  }

  /// Occupation in the forms of temperature and chemical potential.
  package var occupation: ModeOccupation { ModeOccupation(energy: energy, population: population) }
}

/// What a population says when it is read as a thermal one.
package struct ModeOccupation {
  package let energy: Double
  package let population: Estimate

  /// T_eff from (N + 1)/N = exp(W/T_eff): 0 for an empty mode.
  package var effectiveTemperature: Estimate {
    let n = population
    guard n.value > 0 else { return Estimate(0) }
    let logarithm = Double.log(onePlus: 1 / n.value)
    let t = energy / logarithm
    return Estimate(t, error: t / logarithm * n.error / (n.value * (1 + n.value)) + 8e-16 * t)
  }

  /// mu_eff from exp((W - mu_eff)/T_e) = (N + 1)/N [07:12]; 0 for an empty mode.
  package func effectiveChemicalPotential(electronTemperature: Double) -> Estimate {
    let n = population
    guard n.value > 0 else { return Estimate(0) }
    let logarithm = Double.log(onePlus: 1 / n.value)
    let error = electronTemperature * n.error / (n.value * (1 + n.value)) + 8e-16 * (energy + electronTemperature * logarithm)
    return Estimate(energy - electronTemperature * logarithm, error: error)
  }
}
