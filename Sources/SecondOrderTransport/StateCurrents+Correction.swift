import JunctionModel
import TransportCurrents
import TransportResults

extension StateCurrents {
  /// Takes over the elastic correction of a state: heat is energy without mu times particles.
  package mutating func set(correction: SecondOrderCurrents, state: OperatingState) {
    for a in 0..<electrodes {
      let particles: Estimate = correction.particles[3 * a]
      correctionCharge[a] = particles
      correctionHeat[a] = correction.energy[3 * a] - state.chemicalPotentials[a] * particles
    }
    grossCorrection = correction.grossRate[0]
  }
}
