import ComplexModule
import DenseMatrices
import JunctionModel

/// A mode as a delta function.
struct TwinSharpMode {
  let index: Int
  let energy: Double
  /// N = sum_p eta_p n_p/sum_p eta_p.
  let population: Double
}

extension TwinSecondOrder {
  /// Every mode with a bath, eta_p = Gamma_p,kk(W_k)/2W_k; baths without friction share equally, as at the level `sharp` of the
  /// solvers. A mode without a bath has no population and is left out.
  func sharpModes() throws -> [TwinSharpMode] {
    try junction.bosons.modeEnergies.enumerated().compactMap { k, energy in
      let damping = try junction.baths.indices.map { p in
        max(0, try bosons.bathBroadening(p, frequency: energy)[k, k].rawStorage.x)
      }
      let attached = junction.baths.map { bath in
        bath.coordinates.contains { c in junction.bosons.modeVectors.map { $0[c, k] != .zero } ?? (c == k) } ? 1.0 : 0
      }
      let shares = damping.contains { $0 > 0 } ? damping : attached
      let total = shares.reduce(0, +)
      guard total > 0 else { return nil }
      let population = shares.indices.reduce(0.0) { sum, p in
        shares[p] == 0 ? sum : sum + shares[p] / total * bosons.bathOccupation(p, frequency: energy)
      }
      return TwinSharpMode(index: k, energy: energy, population: population)
    }
  }

  /// Puts s^>, s^< and S^r at e into the point. With 2pi/2W [(1 + N) delta(w - W) + N delta(w + W)] for i D^>, N and 1 + N exchanged for
  /// i D^<, and D^r = [1/(w - W + i0) - 1/(w + W + i0)]/2W:
  ///
  ///     s^> = M [(1+N) G~^>(e-W) + N G~^>(e+W)] M/2W,   s^< = M [N G~^<(e-W) + (1+N) G~^<(e+W)] M/2W,
  ///     S^r = M [(1+N) G(e-W) + N G(e+W) - F(e-W) + F(e+W)] M/2W,   F(z) = int de'/2pi G~^<(e')/(z - e' + i0),
  ///
  /// G~^> = sum (1 - f_a) A_a, G~^< = sum f_a A_a. S^r stays zero without filled states.
  func addSharpSelfEnergies(
    _ e: Double, _ modes: [TwinSharpMode], _ filled: TwinFilledStates?, to work: TwinSecondOrderPoint
  ) throws {
    work.clearSelfEnergies()
    let bare = work.scratch[2]
    for mode in modes {
      for sign in [1.0, -1] {
        let z = e - sign * mode.energy
        let (emitting, other) = (mode.population + (sign > 0 ? 1 : 0), mode.population + (sign > 0 ? 0 : 1))
        let factor = 1 / (2 * mode.energy)
        // Rotating-wave: M+ X M at e - W, where the electron has emitted first, M X M+ at e + W.
        let (plain, adjoint) = (work.coupling(mode.index), work.adjointCoupling(mode.index))
        let (left, right) = sign > 0 ? (adjoint, plain) : (plain, adjoint)
        try work.fillShifted(energy: z)
        work.addSandwich(left: left, work.shiftedGreater, right, factor: Scalar(factor * emitting, 0), to: work.greater)
        work.addSandwich(left: left, work.shiftedLesser, right, factor: Scalar(factor * other, 0), to: work.lesser)
        guard let filled else { continue }
        let transform = work.shiftedGreater
        filled.transform(at: z, filled: work.pad[work.shiftedLesser], into: work.pad[transform])
        work.pad.clear(bare)
        work.pad.add(Scalar(emitting, 0), work.shiftedGreen, to: bare)
        work.pad.add(Scalar(-sign, 0), transform, to: bare)
        work.addSandwich(left: left, bare, right, factor: Scalar(factor, 0), to: work.retarded)
      }
    }
  }

  /// The lists of integrals over de at the level `sharp`, without g_s/2pi.
  func sharpIntegrals() throws -> TwinQuadrature.Outcome {
    let modes = try sharpModes()
    let filled = try TwinFilledStates(electrons, states: states)
    let shifts: [Double] = [0] + modes.map(\.energy) + modes.map { -$0.energy }
    let panels = energyPanels(shifts: shifts, widening: modes.map(\.energy).max() ?? 0)
    let work = TwinSecondOrderPoint(electrons, states: states)
    var outcome = try quadrature(groups, tolerance: tolerance).integrate(
      panels, components: Self.lists * junction.electrodes.count
    ) { e in
      try addSharpSelfEnergies(e, modes, filled, to: work)
      try work.fill(energy: e)
      return work.currents(energy: e)
    }
    let n = junction.electrodes.count
    let transform = try transformErrors(filled, modes, panels)
    for a in 0..<n {
      outcome.errors[n + a] += transform[a]
      outcome.errors[4 * n + a] += transform[n + a]
    }
    return outcome
  }

  /// What an error of F does to the correction: |dF| from panels cut in two, at points all over the window, times
  /// int de sum_b |f_a - f_b| 2 |Gamma_a G| |A_b| sum_k |M^k|^2/W_k; particles, then energies.
  private func transformErrors(
    _ filled: TwinFilledStates, _ modes: [TwinSharpMode], _ panels: [Double]
  ) throws -> [Double] {
    let fine = try filled.refined(electrons, states: states)
    let work = TwinSecondOrderPoint(electrons, states: states)
    var largest = 0.0
    for (lower, upper) in zip(panels, panels.dropFirst()) {
      let z = lower + 0.38 * (upper - lower)
      try work.fillShifted(energy: z)
      for (mesh, slot) in [(filled, work.greater), (fine, work.lesser)] {
        mesh.transform(at: z, filled: work.pad[work.shiftedLesser], into: work.pad[slot])
      }
      work.pad.add(Scalar(-1, 0), work.lesser, to: work.greater)
      largest = max(largest, work.pad.norm(work.greater))
    }
    let strength = modes.reduce(0.0) { sum, mode in
      let norm = work.pad.norm(work.coupling(mode.index))
      return sum + norm * norm / mode.energy
    }
    let n = junction.electrodes.count
    let bound = try TwinQuadrature(tolerance: 1e-2, groups: [0..<n, n..<(2 * n)]).integrate(
      energyPanels(shifts: [0], widening: 0), components: 2 * n
    ) { e in
      try work.fill(energy: e)
      var sample = [Double](repeating: 0, count: 2 * n)
      for a in 0..<n {
        work.pad.multiply(work.gamma(a), work.green, into: work.scratch[0])
        let left = work.pad.norm(work.scratch[0])
        for b in 0..<n where b != a {
          sample[a] += 2 * abs(work.difference(a, b, e)) * left * work.pad.norm(work.spectral(b))
        }
        sample[n + a] = abs(e) * sample[a]
      }
      return sample
    }
    return bound.values.map { largest * strength * $0 }
  }
}
