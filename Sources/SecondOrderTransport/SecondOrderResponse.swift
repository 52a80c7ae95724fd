import JunctionModel
import TransportCurrents
import TransportResults

extension SecondOrderWorker {
  /// Derivatives of the complete charge currents along a line of states, [electrode * 3 + order], and the gross flows they are
  /// parts of, by order. The worker must have been made for that order and its tables for both parts.
  package func derivatives(_ line: StateLine) throws(SolverError) -> (
    elastic: SecondOrderCurrents, inelastic: SecondOrderCurrents, correction: SecondOrderCurrents
  ) {
    let elastic = elastic(line)
    guard solver.prepared.junction.bosons.count > 0 else {
      let none = SecondOrderCurrents(electrodes: electrodes)
      return (elastic, none, none)
    }
    let parts = try evaluate(line, parts: .correctionAndInelastic)
    return (elastic, parts.inelastic, parts.correction)
  }

  /// What the elastic correction adds to the Onsager matrix of the equilibrium at mu (user's zero, internal units) and T: the
  /// derivatives along delta mu_b = T (unit force dmu/T) and delta T_x = T^2 (unit force dT/T^2). Baths take nothing up.
  /// `rest` are the other parts of the matrix: what the correction's accuracy is relative to.
  package func response(
    chemicalPotential: Double, temperature t: Double, rest: OnsagerMatrix
  ) throws(SolverError) -> OnsagerMatrix {
    let charge = (0..<electrodes).reduce(0) { max($0, abs(rest[rest.charge($1), rest.charge($1)].value)) }
    let baths = solver.prepared.junction.baths.count
    let mu = chemicalPotential - solver.prepared.referenceEnergy
    var state = OperatingState(electrodes: electrodes, baths: baths)
    for a in 0..<electrodes { (state.chemicalPotentials[a], state.temperatures[a]) = (mu, t) }
    for p in 0..<baths { state.bathTemperatures[p] = t }
    var matrix = OnsagerMatrix(electrodes: electrodes, baths: baths)
    for y in 0..<matrix.order {
      var direction = OperatingState(electrodes: electrodes, baths: baths)
      if y < electrodes {
        direction.chemicalPotentials[y] = t
      } else if y < 2 * electrodes {
        direction.temperatures[y - electrodes] = t * t
      } else {
        direction.bathTemperatures[y - 2 * electrodes] = t * t
      }
      let line = StateLine(state, first: direction)
      let scale = (charge * abs(rest[y, y].value)).squareRoot()
      let correction = try evaluate(line, parts: .correction, reference: scale).correction
      for a in 0..<electrodes {
        let particles = correction.particles[3 * a + 1]
        matrix[matrix.charge(a), y] += particles
        matrix[matrix.heat(a), y] += correction.energy[3 * a + 1] - mu * particles
      }
    }
    return matrix
  }
}
