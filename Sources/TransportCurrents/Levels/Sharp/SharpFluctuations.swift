import JunctionModel
import SpecialFunctions
import TransportResults

/// Fluctuations of the inelastic processes with every mode a delta function at its energy (level `sharp`), and of the heat
/// between the baths of a mode; Theory.md section 6. Bosons are undressed by electrons. A mode outside the bands of all its baths exchanges
/// nothing with them, as in the flows: no events.
package final class SharpFluctuations {
  private let solver: SharpSolver
  private let integrator = EnergyMoments<FourthOrder>()

  /// One worker's buffers.
  package init(_ solver: SharpSolver) { self.solver = solver }

  /// Adds the cumulants of a state.
  package func evaluate(_ state: OperatingState, into result: inout StateFluctuations) {
    let n = result.electrodes
    for (mode, kernel) in solver.kernels.enumerated() {
      let damping = solver.dampings[mode]
      guard !damping.isOutsideBands else { continue }
      let energy = solver.prepared.junction.bosons.modeEnergies[mode]
      let occupations = damping.baths.map {
        BoseFunction.occupation(energy - state.bathPotentials[$0], temperature: state.bathTemperatures[$0])
      }
      for channel in 0..<(n * n) where !kernel.vanishing[channel] {
        let (a, b) = (channel / n, channel % n)
        let moments = integrator.spectra(kernel, from: a, to: b, electrodes: n, point: state)[0]
        for (i, p) in damping.baths.enumerated() {
          let events = Self.events(moments, energy, share: damping.shares[i], occupation: occupations[i])
          result.add(events, from: a, to: b, bath: p, state: state)
          result.emissionRates[mode] += events.forward[0]
          result.absorptionRates[mode] += events.backward[0]
        }
      }
      let links = damping.baths.indices.map { i in
        BosonExchange.Link(
          bath: damping.baths[i], friction: damping.frictions[i], occupation: occupations[i],
          quantum: energy - state.bathPotentials[damping.baths[i]])
      }
      BosonExchange.addSharp(links, total: damping.total, to: &result)
    }
  }

  /// Rates share/2W times (1 + n) and n, with the powers of the mode's energy.
  private static func events(
    _ m: SpectralMoments<SIMD8<Double>>, _ energy: Double, share: Double, occupation n: Double
  ) -> EventMoments {
    var result = EventMoments()
    for k in 0..<EventMoments.powers {
      var factor = share / (2 * energy)
      for power in 0..<(EventMoments.powers - k) {
        let index = k * EventMoments.powers + power
        result.forward[index] = (factor * (1 + n)) * m.emission[k]
        result.backward[index] = (factor * n) * m.absorption[k]
        factor *= energy
      }
    }
    return result
  }
}
