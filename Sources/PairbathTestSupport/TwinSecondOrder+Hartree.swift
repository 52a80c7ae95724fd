import ComplexModule
import DenseMatrices
import JunctionModel

extension TwinSecondOrder {
  /// n_l = <c^+ M^l c> = g_s int de/2pi sum_c f_c tr[M^l A_c] of every mode, energy^(3/2), with an error from panels cut in two.
  package func densityResponses() throws -> [(value: Double, error: Double)] {
    let filled = try TwinFilledStates(electrons, states: states)
    let (coarse, fine) = (filled.density, try filled.refined(electrons, states: states).density)
    let spin = junction.conductor.spinDegeneracy
    return electrons.couplings.map { m in
      let value = spin * TextbookTwin.traceOfProduct(m, fine).rawStorage.x
      let error = spin * m.norm * ((fine - coarse).norm + 1e-14 * fine.norm)
      return (value, error)
    }
  }

  /// Hartree self-energy S_H = sum_kl M^k D^r_kl(0) n_l, shape (orbitals, orbitals), energy, with an error of its norm.
  ///
  /// d^2Q/dt^2 = -K Q - <c^+ M c> gives the mean displacement Q = -K^-1 n = D^r(0) n, and S_H = sum_k M^k Q_k: it lowers levels
  /// that electrons fill. At the level `sharp` D^r(0) = -1/W^2.
  package func hartreeSelfEnergy() throws -> (value: Matrix, error: Double) {
    let modes = junction.bosons.count
    let response = try densityResponses()
    let energies = junction.bosons.modeEnergies
    let sharp = level == .sharp ? try sharpModes() : []
    let d =
      level == .sharp
      ? Matrix(diagonal: energies.indices.map { k in sharp.contains { $0.index == k } ? -1 / (energies[k] * energies[k]) : 0 })
      : try bosons.greensFunction(frequency: 0)
    let orbitals = electrons.overlap.rows
    var (value, error) = (Matrix(rows: orbitals, columns: orbitals), 0.0)
    for k in 0..<modes {
      for l in 0..<modes {
        value = value + (d[k, l].rawStorage.x * response[l].value) * electrons.couplings[k]
        error += d[k, l].length * response[l].error * electrons.couplings[k].norm
      }
    }
    return (value, error)
  }

  /// int de sum_b (f_a - f_b) 2 Re Tr[Gamma_a G S_H A_b] of every electrode, then with weight e.
  func hartreeIntegrals() throws -> TwinQuadrature.Outcome {
    let n = junction.electrodes.count
    let (field, uncertainty) = try hartreeSelfEnergy()
    let work = TwinSecondOrderPoint(electrons, states: states)
    work.pad.store(field, in: work.retarded)
    let groups = [0..<n, n..<(2 * n)]
    var outcome = try quadrature(groups, tolerance: tolerance).integrate(
      energyPanels(shifts: [0], widening: 0), components: 2 * n
    ) { e in
      try work.fill(energy: e)
      let all = work.currents(energy: e)
      return Array(all[n..<(2 * n)] + all[(4 * n)..<(5 * n)])
    }
    let relative = field.norm > 0 ? uncertainty / field.norm : 0
    for range in groups {
      let largest = range.map { outcome.magnitudes[$0] }.max() ?? 0
      for i in range { outcome.errors[i] += relative * largest }
    }
    return outcome
  }
}
