import TransportResults

/// Currents of one state of `Terminals`, all INTO the baths; internal units.
package struct TerminalCurrents: Sendable {
  /// Energy into each bath.
  package var energy: [Estimate]
  /// Particles into each bath; NaN where soft bosons make the number infinite.
  package var particles: [Estimate]
  /// Heat into each bath: energy less its chemical potential per particle.
  package var heat: [Estimate]
  /// sum_p heat_p/T_p.
  package var entropyProduction = Estimate()
  /// d(heat into p)/dT_q at [p * baths + q]; when asked for.
  package var thermalConductance: [Estimate]
  /// Sums of the moduli of what the currents are differences of.
  package var grossEnergy = 0.0
  package var grossParticles = 0.0
  package var grossConductance = 0.0

  /// Zeros for a number of baths.
  package init(baths: Int) {
    energy = [Estimate](repeating: Estimate(), count: baths)
    (particles, heat) = (energy, energy)
    thermalConductance = [Estimate](repeating: Estimate(), count: baths * baths)
  }

  package mutating func reset() {
    for p in energy.indices { (energy[p], particles[p], heat[p]) = (Estimate(), Estimate(), Estimate()) }
    for i in thermalConductance.indices { thermalConductance[i] = Estimate() }
    (entropyProduction, grossEnergy, grossParticles, grossConductance) = (Estimate(), 0, 0, 0)
  }

  /// Error bounds over gross flows: energy (and heat), particles, conductances.
  package var relativeErrors: (energy: Double, particles: Double, conductance: Double) {
    func worst(_ numbers: [Estimate], _ gross: Double) -> Double {
      let error = numbers.reduce(0) { max($0, $1.error) }
      return error > 0 && gross > 1e-290 ? error / gross : 0
    }
    return (
      worst(energy, grossEnergy), worst(particles.filter { !$0.value.isNaN }, grossParticles),
      worst(thermalConductance, grossConductance)
    )
  }

  /// sum_p heat_p/T_p; a bath at T = 0 that takes up heat makes it infinite.
  package mutating func bookEntropy(temperatures: (Int) -> Double) {
    var total = Estimate()
    for p in heat.indices {
      let t = temperatures(p)
      if t > 0 {
        total += (1 / t) * heat[p]
      } else if heat[p].value > heat[p].error {
        total = Estimate(.infinity, error: 0)
      }
    }
    if total.value < 0 && -total.value <= total.error { total.value = 0 }
    entropyProduction = total
  }
}
