import JunctionModel
import TransportResults

extension StateCurrents {
  /// Electrons leaving an electrode per time: elastic, inelastic and elastic correction, complete to second order.
  package func totalCharge(_ a: Int) -> Estimate { elasticCharge[a] + inelasticCharge[a] + correctionCharge[a] }

  /// Heat leaving an electrode, of the same parts.
  package func totalHeat(_ a: Int) -> Estimate { elasticHeat[a] + inelasticHeat[a] + correctionHeat[a] }

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
