import JunctionModel
import RealModule
import SpecialFunctions
import TransportResults

/// Evaluates states of a `TerminalSolver`; one instance per worker.
package final class TerminalWorker {
  private let solver: TerminalSolver
  private let occupations: [OccupationQuadrature]
  private let responses: [OccupationQuadrature]

  /// Relative rounding error of sums over nodes and of weights made of moments.
  private static let rounding = 1e-14
  private static let order = TransmissionMesh.order

  package init(_ solver: TerminalSolver) {
    self.solver = solver
    let isBosonic = solver.terminals.particles == .bosons
    func make(_ content: OccupationQuadrature.Content) -> [OccupationQuadrature] {
      solver.terminals.names.map { _ in
        OccupationQuadrature(solver.mesh, of: content, isBosonic: isBosonic, bands: solver.bands)
      }
    }
    occupations = make(.occupation)
    responses = solver.options.conductance ? make(.response) : []
  }

  package static func bose(_ x: Double, _ t: Double) -> Double { BoseFunction.occupation(x, temperature: t) }
  package static func fermi(_ x: Double, _ t: Double) -> Double {
    FermiFunction.occupation(x, chemicalPotential: 0, temperature: t)
  }

  /// Writes the currents of a state. Throws when a number of particles that is wanted does not exist.
  package func evaluate(_ state: Int, into result: inout TerminalCurrents) throws(SolverError) {
    result.reset()
    let (points, count) = (solver.points, solver.terminals.names.count)
    // Energies are measured from a common step, so that nothing large cancels; for bosons from 0.
    let step = solver.terminals.particles == .bosons ? 0 : TerminalSolver.potential(points, 0, state)
    for p in 0..<count {
      occupations[p].set(
        temperature: points.bathTemperatures[p][state], potential: TerminalSolver.potential(points, p, state), step: step)
    }
    for pair in solver.pairs {
      try add(pair.there, from: pair.a, to: pair.b, both: pair.there == pair.back, step, state, &result)
      if pair.there != pair.back { try add(pair.back, from: pair.b, to: pair.a, both: false, step, state, &result) }
    }
    // So far `energy` is measured from the step, and `heat` is empty.
    for p in 0..<count {
      let nu = occupations[p].potential
      result.heat[p] = nu == step ? result.energy[p] : result.energy[p] - (nu - step) * result.particles[p]
      if step != 0 { result.energy[p] += step * result.particles[p] }
    }
    if step != 0 { result.grossEnergy += abs(step) * result.grossParticles }
    if solver.options.heat { result.bookEntropy { points.bathTemperatures[$0][state] } }
    if solver.options.conductance { addConductances(step, state, &result) }
  }

  // MARK: Currents

  /// int tau (n_q - n_p)/2 pi with weights 1 and w - step.
  private struct Sums {
    var particles = Estimate()
    var energy = Estimate()
    var grossParticles = 0.0
    var grossEnergy = 0.0
  }

  private func add(
    _ function: Int?, from q: Int, to p: Int, both: Bool, _ step: Double, _ state: Int, _ result: inout TerminalCurrents
  ) throws(SolverError) {
    guard let function else { return }
    var sums = sums(function, from: occupations[q], to: occupations[p], step)
    if diverges(function, q, p) {
      sums.particles = .notANumber
      try requireParticles(q, p, state)
    }
    result.particles[p] += sums.particles
    result.energy[p] += sums.energy
    if both {
      result.particles[q] -= sums.particles
      result.energy[q] -= sums.energy
    }
    result.grossParticles += sums.grossParticles
    result.grossEnergy += sums.grossEnergy
  }

  /// int dw tau(0) (T_q - T_p)/w: the number of soft bosons that cross is infinite, their energy is not.
  private func diverges(_ function: Int, _ q: Int, _ p: Int) -> Bool {
    guard solver.terminals.particles == .bosons, solver.soft[function] > 0 else { return false }
    let (one, other) = (occupations[q], occupations[p])
    let (a, b) = (one.potential == 0 ? one.temperature : 0, other.potential == 0 ? other.temperature : 0)
    return a != b
  }

  private func requireParticles(_ q: Int, _ p: Int, _ state: Int) throws(SolverError) {
    let supplied = occupations[q].potential != 0 || occupations[p].potential != 0
    guard solver.options.particles || (solver.options.heat && supplied) else { return }
    let names = solver.terminals.names
    throw SolverError(
      .unsuitableModel, at: .transmission(from: names[q], to: names[p]),
      "the transmission does not vanish at w = 0, where a bath without chemical potential has T/w bosons: infinitely many per time "
        + "cross between \(names[q]) and \(names[p]) at \(solver.describe(state)) (their energy is finite)",
      hint:
        "Ask only for energies: bath_energy_current, and with all chemical potentials 0 also bath_heat_current, entropy_production "
        + "and thermal_conductance; or let the transmission vanish at w = 0")
  }

  private func sums(_ function: Int, from q: OccupationQuadrature, to p: OccupationQuadrature, _ step: Double) -> Sums {
    let mesh = solver.mesh
    let factor = solver.terminals.degeneracy / (2 * Double.pi)
    let first = min(q.active.isEmpty ? .max : q.active.lowerBound, p.active.isEmpty ? .max : p.active.lowerBound)
    let last = max(q.active.upperBound, p.active.upperBound)
    var result = Sums()
    guard first < last else { return result }
    // Where the occupation diverges at w = 0 it is tau/w that is interpolated.
    let isSoft = mesh.panels[0].start == 0 && (q.potential == 0 || p.potential == 0)
    var (rate, power, rateError, powerError) = (0.0, 0.0, 0.0, 0.0)
    mesh.values[function].withUnsafeBufferPointer { tau in
      mesh.energies.withUnsafeBufferPointer { energies in
        mesh.tails[function].withUnsafeBufferPointer { tails in
          for panel in first..<last {
            var (moved, movedEnergy, softened) = (0.0, 0.0, 0.0)
            for i in (panel * Self.order)..<((panel + 1) * Self.order) {
              let (a, b, e) = (q.weights[i], p.weights[i], energies[i] - step)
              let net = a - b
              let gross = tau[i] * (abs(a) + abs(b))
              rate += tau[i] * net
              power += tau[i] * net * e
              result.grossParticles += gross
              result.grossEnergy += gross * abs(e)
              moved += abs(net)
              movedEnergy += abs(net * e)
              softened += abs(net * energies[i])
            }
            rateError += panel == 0 && isSoft ? mesh.firstTails[function] * softened : tails[panel] * moved
            powerError += tails[panel] * movedEnergy
          }
        }
      }
    }
    result.grossParticles *= factor
    result.grossEnergy *= factor
    result.particles = Estimate(factor * rate, error: factor * rateError + Self.rounding * result.grossParticles)
    result.energy = Estimate(factor * power, error: factor * powerError + Self.rounding * result.grossEnergy)
    return result
  }

  // MARK: Conductances

  /// d(heat into p)/dT_q = g int dw/2 pi (w - nu_p) tau_{q -> p} dn_q/dT_q, and minus the sum of what p gives on the diagonal.
  private func addConductances(_ step: Double, _ state: Int, _ result: inout TerminalCurrents) {
    let (points, count) = (solver.points, solver.terminals.names.count)
    for p in 0..<count {
      responses[p].set(
        temperature: points.bathTemperatures[p][state], potential: TerminalSolver.potential(points, p, state), step: step)
    }
    for link in solver.terminals.links {
      let (p, q) = (link.to, link.from)
      let nu = responses[p].potential
      let (taken, gross) = response(link.function, of: responses[q], from: nu)
      let (given, more) = response(link.function, of: responses[p], from: nu)
      result.thermalConductance[p * count + q] += taken
      result.thermalConductance[p * count + p] -= given
      result.grossConductance += gross + more
    }
  }

  private func response(_ function: Int, of bath: OccupationQuadrature, from nu: Double) -> (Estimate, Double) {
    let mesh = solver.mesh
    let factor = solver.terminals.degeneracy / (2 * Double.pi)
    var (sum, gross, error) = (0.0, 0.0, 0.0)
    for panel in bath.active {
      var moved = 0.0
      for i in (panel * Self.order)..<((panel + 1) * Self.order) {
        let term = bath.weights[i] * (mesh.energies[i] - nu)
        sum += mesh.values[function][i] * term
        gross += mesh.values[function][i] * abs(term)
        moved += abs(term)
      }
      error += mesh.tails[function][panel] * moved
    }
    return (Estimate(factor * sum, error: factor * (error + Self.rounding * gross)), factor * gross)
  }
}
