extension StateCurrents {
  /// Electrons leaving an electrode per time: elastic, inelastic and elastic correction, complete to second order.
  public func totalCharge(_ a: Int) -> Estimate { elasticCharge[a] + inelasticCharge[a] + correctionCharge[a] }

  /// Heat leaving an electrode, of the same parts.
  public func totalHeat(_ a: Int) -> Estimate { elasticHeat[a] + inelasticHeat[a] + correctionHeat[a] }

  /// Takes over the elastic correction of a state: heat is energy without mu times particles.
  package mutating func set(correction: SecondOrderCurrents, state: OperatingState) {
    for a in 0..<electrodes {
      correctionCharge[a] = correction.particles[3 * a]
      correctionHeat[a] = correction.energy[3 * a] - state.chemicalPotentials[a] * correction.particles[3 * a]
    }
    grossCorrection = correction.grossRate[0]
  }

  /// Sum of moduli of the particle flows: the scale of what is converged relative to it.
  package var grossParticles: Double { grossRate + grossElastic }

  /// Electrons that pass through the junction per time, half the sum of |I_a| over the electrodes: |I| of two.
  package var throughCurrent: Estimate {
    let all = (0..<electrodes).map { totalCharge($0) }
    return 0.5 * all.reduce(Estimate()) { $0 + Estimate(abs($1.value), error: $1.error) }
  }

  /// Bosons into a bath per electron through the junction; NaN where no current flows beyond its error.
  package func photonYield(_ p: Int) -> Estimate {
    let (net, current) = (photonNet[p], throughCurrent)
    guard current.value > current.error else { return .notANumber }
    let yield = net.value / current.value
    return Estimate(yield, error: (net.error + abs(yield) * current.error) / (current.value - current.error))
  }
}
