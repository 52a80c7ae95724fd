import ComplexModule
import DenseMatrices
import JunctionModel

extension TwinSecondOrder {
  /// i D^>(w), i D^<(w) and D^r(w) of either sign of w, shape (modes, modes).
  ///
  /// i D^> = sum_p (1 + n_p) A_p and i D^< = sum_p n_p A_p with A_p = D Gamma_p D^+ on w > 0; Q is Hermitian, hence
  /// D^>_kl(-w) = D^<_lk(w) and D^r(-w) = D^r(w)^*.
  func propagators(at w: Double) throws -> (greater: Matrix, lesser: Matrix, retarded: Matrix) {
    let modes = junction.bosons.count
    let selfEnergies = try bosons.baths.map { try $0.selfEnergy(abs(w)) }
    let d = try bosons.greensFunction(
      frequency: abs(w), dressing: try bosons.dressing(frequency: abs(w)), selfEnergies: selfEnergies)
    var (greater, lesser) = (Matrix(rows: modes, columns: modes), Matrix(rows: modes, columns: modes))
    for p in junction.baths.indices {
      let broadening = Scalar(0, 1) * (selfEnergies[p] - selfEnergies[p].adjoint)
      let spectral = Matrix.product(d * broadening, .plain, d, .adjoint)
      let n = bosons.bathOccupation(p, frequency: abs(w))
      greater = greater + (1 + n) * spectral
      lesser = lesser + n * spectral
    }
    if w > 0 { return (greater, lesser, d) }
    return (Self.transpose(lesser), Self.transpose(greater), Self.transpose(d.adjoint))
  }

  /// The lists of integrals over de dw/2pi at the level `landauer`, without g_s/2pi; energies inside, frequencies outside.
  func landauerIntegrals() throws -> TwinQuadrature.Outcome {
    let count = Self.lists * junction.electrodes.count
    let work = TwinSecondOrderPoint(electrons, states: states)
    let positive = try bosons.frequencyPanels()
    // Beyond the last of these no process can conserve energy; S^r falls off as 1/w^4 from the widest scale on.
    let window = positive.last ?? 0
    let inner = quadrature(groups, tolerance: 0.1 * tolerance)
    var outer = quadrature(groups, tolerance: tolerance)
    outer.smoothsEdges = outer.smoothsEdges || bosons.baths.contains(where: \.isStructured)
    var converged = true
    var outcome = try outer.integrate(signedFrequencies(positive), components: count) { w in
      try contract(w, work)
      let beyond = abs(w) > window
      let panels = beyond ? energyPanels(shifts: [0, w], widening: 0) : energyPanels(shifts: [0, w], widening: abs(w))
      let part = try inner.integrate(panels, components: count) { e in
        try addSelfEnergyDensity(e, w, to: work)
        try work.fill(energy: e)
        return work.currents(energy: e)
      }
      converged = converged && part.converged
      return part.values.map { $0 / (2 * Double.pi) }
    }
    // The inner errors are relative ones: a tenth of the outer tolerance of the modulus.
    for range in groups {
      let largest = range.map { outcome.magnitudes[$0] }.max() ?? 0
      for i in range { outcome.errors[i] += 0.1 * tolerance * largest }
    }
    outcome.converged = outcome.converged && converged
    return outcome
  }

  /// Panels of int dw over both signs, with a tail to where 1/w^3 has gone.
  func signedFrequencies(_ positive: [Double]) -> [Double] {
    let levels = electrons.levels.map { abs($0.energy) + $0.width } + electrons.edges.map { abs($0) }
    let scale = max(positive.last ?? 0, levels.max() ?? 0, 4 * (junction.bosons.modeEnergies.max() ?? 0))
    let window = positive.last ?? 0
    let tail = sequence(first: max(4 * window, 0.1 * scale)) { 4 * $0 }.prefix { $0 < 1e5 * scale }
    let far = tail.filter { $0 > window }
    return far.reversed().map { -$0 } + positive.dropFirst().reversed().map { -$0 } + positive + far
  }

  /// sum_l M^l iD^>_kl, sum_l M^l iD^<_kl and sum_l M^l D^r_kl of every k.
  func contract(_ w: Double, _ work: TwinSecondOrderPoint) throws {
    let d = try propagators(at: w)
    for (list, matrix) in [d.greater, d.lesser, d.retarded].enumerated() {
      for k in 0..<work.modes {
        work.pad.clear(work.combination(list, k))
        for l in 0..<work.modes { work.pad.add(matrix[k, l], work.coupling(l), to: work.combination(list, k)) }
      }
    }
  }

  /// The integrands of int dw/2pi for s^>, s^< and S^r at e:
  /// M^k G~^>(e-w) M^l iD^>_kl, M^k G~^<(e-w) M^l iD^<_kl, M^k [G(e-w) iD^>_kl - G~^<(e-w) D^r_kl] M^l.
  func addSelfEnergyDensity(_ e: Double, _ w: Double, to work: TwinSecondOrderPoint) throws {
    work.clearSelfEnergies()
    try work.fillShifted(energy: e - w)
    for k in 0..<work.modes {
      work.addSandwich(k, work.shiftedGreater, work.combination(0, k), to: work.greater)
      work.addSandwich(k, work.shiftedLesser, work.combination(1, k), to: work.lesser)
      work.addSandwich(k, work.shiftedGreen, work.combination(0, k), to: work.retarded)
      work.addSandwich(k, work.shiftedLesser, work.combination(2, k), factor: Scalar(-1, 0), to: work.retarded)
    }
  }

  private static func transpose(_ a: Matrix) -> Matrix {
    let mirror = a.adjoint
    return Matrix(rows: mirror.rows, columns: mirror.columns, elements: mirror.elements.map(\.conjugate))
  }
}
