import BosonPropagators
import ComplexModule
import RealModule
import TransportResults

extension StateCurrents {
  /// Gives every normal mode the pole whose shape resembles it most; a mode without one (overdamped) keeps the estimate
  /// from its self-energy at its own energy, with the difference as error.
  package mutating func store(poles: [BosonPole], environment: BosonEnvironment) {
    var free = Array(poles.indices)
    var open = Set(environment.modeEnergies.indices)
    var pairs: [(overlap: Double, pole: Int, mode: Int)] = []
    for (p, pole) in poles.enumerated() {
      for k in environment.modeEnergies.indices { pairs.append((pole.shape[k].length, p, k)) }
    }
    pairs.sort { $0.overlap != $1.overlap ? $0.overlap > $1.overlap : ($0.pole, $0.mode) < ($1.pole, $1.mode) }
    for pair in pairs where open.contains(pair.mode) && free.contains(pair.pole) {
      open.remove(pair.mode)
      free.removeAll { $0 == pair.pole }
      let pole = poles[pair.pole]
      setPole(
        mode: pair.mode, energy: Estimate(pole.energy, error: pole.error),
        damping: Estimate(pole.damping, error: 2 * pole.error))
    }
    for k in open {
      let w = environment.modeEnergies[k]
      let friction = environment.baths.reduce(0) { $0 + $1.friction(ofMode: k, energy: w) }
      setPole(mode: k, energy: Estimate(w, error: w), damping: Estimate(friction, error: w))
    }
  }

  /// Energy and damping of a mode, and their ratio, whose error is infinite where the damping may vanish within its own.
  package mutating func setPole(mode k: Int, energy: Estimate, damping: Estimate) {
    renormalizedEnergy[k] = energy
    dampingRate[k] = damping
    let quality = damping.value > 0 ? energy.value / damping.value : .nan
    let least = damping.value - damping.error
    let error = least > 0 ? (energy.error + quality * damping.error) / least + 4e-16 * quality : .infinity
    qualityFactor[k] = Estimate(quality, error: damping.value > 0 ? error : 0)
  }
}
