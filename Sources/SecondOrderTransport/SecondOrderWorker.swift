import BosonPropagators
import JunctionModel
import Quadrature
import TransportResults

/// Evaluates second-order currents of states with one worker's buffers.
package final class SecondOrderWorker {
  package let solver: SecondOrderSolver
  package let electrodes: Int
  /// One per mode at level `sharp` with wide bands, otherwise one.
  let integrators: [SecondOrderIntegrator]
  /// Pairs that belong to a mode at level `sharp`: two for rotating-wave modes, of which the first is read.
  private let pairsPerMode: Int
  /// False where all couplings are zero: nothing is of second order then.
  private let isCoupled: Bool
  /// Integrator and pair of every mode at level `sharp`.
  private let places: [(integrator: Int, pair: Int)]

  /// Buffers for derivatives up to `order`.
  package init(_ solver: SecondOrderSolver, order: Int = 0) {
    self.solver = solver
    let electrodes = solver.prepared.junction.electrodes.count
    self.electrodes = electrodes
    let isSharp = if case .sharp = solver.bosons { true } else { false }
    let perMode = solver.prepared.junction.isRotatingWave ? 2 : 1
    pairsPerMode = perMode
    isCoupled = solver.prepared.junction.coupling.matrices.contains { $0.largestMagnitude > 0 }
    let sources = solver.makeTraces()
    integrators = sources.map {
      SecondOrderIntegrator(
        $0.traces, pairs: $0.pairs, electrodes: electrodes, order: order, simultaneousPairs: isSharp ? perMode : $0.pairs.count,
        tolerance: solver.tolerance, isDynamic: solver.isDynamic)
    }
    places = solver.prepared.junction.bosons.modeEnergies.indices.map {
      sources.count > 1 ? ($0, 0) : (0, perMode * $0)
    }
  }

  /// The parts wanted of a state, zero for the others. `reference` is the scale of the highest derivative relative to which the
  /// frequency integral is converged, if its own is smaller.
  package func evaluate(_ line: StateLine, parts: SecondOrderParts, reference: Double = 0) throws(SolverError) -> (
    correction: SecondOrderCurrents, inelastic: SecondOrderCurrents
  ) {
    let request = Request(line: line, parts: parts, reference: reference)
    var result = (SecondOrderCurrents(electrodes: electrodes), SecondOrderCurrents(electrodes: electrodes))
    guard isCoupled else { return result }
    guard !solver.feelsFreeMotion else {
      addUnbound(request, to: &result)
      return result
    }
    for integrator in integrators { integrator.traces.load(line) }
    switch solver.bosons {
    case .sharp(let dampings):
      for (mode, damping) in dampings.enumerated() { addSharp(mode, damping, request, &result) }
    case .baths(let environment, let features):
      try addLandauer(environment, features, request, &result)
    }
    return result
  }

  /// Where electrons feel a free motion <Q^2> is infinite, and with it what is of second order in the couplings; currents between electrodes
  /// in equilibrium with each other are zero whatever the bosons do.
  private func addUnbound(_ request: Request, to result: inout (SecondOrderCurrents, SecondOrderCurrents)) {
    let reservoirs = request.line.electrodes
    let isAtRest = reservoirs.allSatisfy {
      $0.potential.value == reservoirs[0].potential.value && $0.temperature.value == reservoirs[0].temperature.value
    }
    for k in (isAtRest ? 1 : 0)..<max(request.line.order + 1, 1) {
      for a in 0..<electrodes {
        for moment in 0..<2 {
          result.0.add(.notANumber, moment, a, k)
          if request.parts.indices.contains(1) { result.1.add(.notANumber, moment, a, k) }
        }
      }
    }
  }

  /// The elastic currents with derivatives.
  package func elastic(_ line: StateLine) -> SecondOrderCurrents {
    let spin = solver.prepared.junction.conductor.spinDegeneracy
    let (values, errors, gross) = integrators[0].elastic(line)
    var result = SecondOrderCurrents(electrodes: electrodes)
    for i in 0..<(3 * electrodes) {
      result.particles[i] = Estimate(spin * values[i], error: spin * errors[i])
      result.energy[i] = Estimate(spin * values[3 * electrodes + i], error: spin * errors[3 * electrodes + i])
    }
    for k in 0..<3 { result.grossRate[k] = spin * gross[k] }
    return result
  }

  /// What is asked of one state.
  struct Request {
    let line: StateLine
    let parts: SecondOrderParts
    let reference: Double
  }

  /// Adds what one mode at W does: sum (1/2W) [F_0 + n F_1], n its population by the baths.
  ///
  /// Outside the bands of all its baths a mode has no steady population: a correction that depends on it is NaN, and with the baths it
  /// exchanges nothing.
  private func addSharp(
    _ mode: Int, _ damping: ModeDamping, _ request: Request, _ result: inout (SecondOrderCurrents, SecondOrderCurrents)
  ) {
    let line = request.line
    let energy = solver.prepared.junction.bosons.modeEnergies[mode]
    var occupation = Jet.zero
    for (p, share) in zip(damping.baths, damping.shares) {
      let n = line.baths[p].bose(energy)
      occupation = occupation + Jet(share * n.value, share * n.first, share * n.second)
    }
    let (index, pair) = places[mode]
    let integrator = integrators[index]
    integrator.integrate(energy, pairs: pair..<(pair + pairsPerMode), line: line, parts: request.parts)
    let factor = solver.prepared.junction.conductor.spinDegeneracy / (2 * energy)
    let s = integrator.spectrum
    for part in request.parts.indices where part == 0 || !damping.isOutsideBands {
      for moment in 0..<2 {
        for k in 0...line.order {
          var (error, gross) = (0.0, 0.0)
          func weigh(_ modulus: (Int, Int) -> Double) -> Double {
            var sum = modulus(k, 0)
            for i in 0...k { sum += MatrixJet.binomial(k, i) * abs(occupation[i]) * modulus(k - i, 1) }
            return factor * sum
          }
          if damping.isOutsideBands && s.dependsOnPopulation(moment: moment, upToOrder: k) {
            for a in 0..<electrodes { result.0.add(.notANumber, moment, a, k) }
            continue
          }
          error = weigh { s.errors[s.index(part: part, moment: moment, order: $0, occupied: $1, pair: 0)] }
          gross = weigh { s.gross[s.index(part: part, moment: moment, order: $0, occupied: $1, pair: 0)] }
          for a in 0..<electrodes {
            func value(_ order: Int, _ occupied: Int) -> Double {
              s.values[
                2 * s.index(part: part, moment: moment, electrode: a, order: order, occupied: occupied, pair: 0)]
            }
            var sum = value(k, 0)
            for i in 0...k { sum += MatrixJet.binomial(k, i) * occupation[i] * value(k - i, 1) }
            let estimate = Estimate(factor * sum, error: error + 1e-14 * gross)
            if part == 0 { result.0.add(estimate, moment, a, k) } else { result.1.add(estimate, moment, a, k) }
          }
          if part == 0 { result.0.addGross(gross, moment, k) } else { result.1.addGross(gross, moment, k) }
        }
      }
    }
  }

}

extension SecondOrderCurrents {
  package mutating func add(_ estimate: Estimate, _ moment: Int, _ electrode: Int, _ order: Int) {
    if moment == 0 { particles[electrode * 3 + order] += estimate } else { energy[electrode * 3 + order] += estimate }
  }

  package mutating func addGross(_ gross: Double, _ moment: Int, _ order: Int) {
    if moment == 0 { grossRate[order] += gross } else { grossEnergy[order] += gross }
  }
}
