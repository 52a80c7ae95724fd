import ComplexModule
import DenseMatrices
import JunctionModel

extension TextbookTwin {
  /// All currents with the full frequency integral, bosons dressed by their own baths, Theory.md section 3, [11:8].
  ///
  /// D_k = 1/(w^2 - W_k^2 + i w sum_p eta_p), Gamma_p = 2 eta_p w, A_p = |D|^2 Gamma_p. The inner integrals are those of
  /// `spectra(at:frequency:)` at a tenth of the tolerance. Cost: seconds to minutes. Populations are the weak-damping ones.
  /// A mode whose baths have no friction is a delta function, which this integral leaves out: use `sharpCurrents(at:)`.
  package func landauerCurrents(at point: OperatingPoint, tolerance: Double = 1e-9) throws -> TwinCurrents {
    let inner = try TextbookTwin(junction, tolerance: 0.1 * tolerance)
    let (channels, baths) = (junction.channels.count, junction.baths.count)
    var currents = TwinCurrents(junction: junction)
    let size = channels * baths
    let groups = [0..<size, size..<(2 * size), (2 * size)..<(2 * size + 2 * channels)]
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: groups, smoothsEdges: hasStructuredElectrodes, panelLimit: 4000)
    var converged = true
    let panels = frequencyBreakpoints(at: point, symmetric: false)
    let outcome = try quadrature.integrate(panels, components: 2 * size + 2 * channels) { w in
      let spectra = try inner.spectra(at: point, frequency: w)
      converged = converged && spectra.allSatisfy(\.converged)
      let weights = bosonSpectralFunctions(at: w).map { $0.map { $0 / (2 * Double.pi) } }
      return inner.flows(spectra, at: point, weights: weights).vector
    }
    var total = ChannelFlows(vector: outcome.values, channels: channels, baths: baths)
    // The inner errors are relative ones of positive integrands: a tenth of the outer tolerance of the magnitude.
    let bounds = zip(outcome.errors, outcome.magnitudes).map { $0 + 0.1 * tolerance * $1 }
    total.errors = (
      bounds[groups[0]].reduce(0, +), bounds[groups[1]].reduce(0, +), bounds[groups[2]].reduce(0, +)
    )
    assemble(total, into: &currents, at: point)
    for (k, energy) in junction.bosons.modeEnergies.enumerated() {
      currents.populations[k] = population(of: k, try inner.spectra(at: point, frequency: energy), at: point)
    }
    addBosonHeat(to: &currents, at: point, quadrature: quadrature)
    currents.converged = converged && outcome.converged
    try finish(&currents, at: point)
    return currents
  }

  /// J as the double integral [07:A2] with all four terms of [07:A7], over all frequencies, without the pair picture:
  /// J = -i int de/2pi int dw/2pi w sum_k tr[M^k G^>(e) M^k G^<(e - w)] D_k^<(w).
  /// Returns the current and an error bound.
  package func doubleIntegralEnergyCurrent(
    at point: OperatingPoint, tolerance: Double = 1e-9
  ) throws -> (value: Double, error: Double) {
    let modes = couplings.count
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: [0..<1], smoothsEdges: hasStructuredElectrodes, panelLimit: 4000)
    let outcome = try quadrature.integrate(frequencyBreakpoints(at: point, symmetric: true), components: 1) { w in
      let spectral = bosonSpectralFunctions(at: w)
      let electrons = try lesserGreaterProduct(at: point, frequency: w, tolerance: 0.1 * tolerance)
      var sum = Scalar.zero
      for k in 0..<modes {
        var lesser = Scalar.zero  // D^< = -i sum_p n_p A_p, [07:A5]
        for p in junction.baths.indices {
          let n = FermiFactors.bose(w, temperature: point.bathTemperatures[p])
          lesser += Scalar(0, -n * spectral[p][k])
        }
        sum += Scalar(0, -w) * Scalar(electrons[k], 0) * lesser
      }
      return [sum.rawStorage.x / (2 * Double.pi)]
    }
    return (outcome.values[0], outcome.errors[0] + 0.1 * tolerance * outcome.magnitudes[0])
  }

  /// g_s int de/2pi tr[M^k G^>(e) M^k G^<(e - w)] for every mode; real and positive.
  private func lesserGreaterProduct(
    at point: OperatingPoint, frequency w: Double, tolerance: Double
  ) throws -> [Double] {
    let states = zip(point.chemicalPotentials, point.temperatures).map { Occupancy(mu: $0, temperature: $1) }
    let all = Array(states.indices)
    let positions = states.flatMap { [($0.mu, $0.temperature), ($0.mu + w, $0.temperature)] }
    let modes = couplings.count
    let quadrature = TwinQuadrature(
      tolerance: tolerance, groups: (0..<modes).map { $0..<($0 + 1) }, smoothsEdges: hasStructuredElectrodes)
    let outcome = try quadrature.integrate(breakpoints(frequency: w, occupancies: positions), components: modes) { e in
      let before = try spectralFunctions(energy: e, electrodes: all)
      let after = try spectralFunctions(energy: e - w, electrodes: all)
      var greater = Matrix(rows: overlap.rows, columns: overlap.rows)
      var lesser = greater
      for (a, state) in states.enumerated() {
        let x = FermiFactors.reduced(e, from: state.mu, temperature: state.temperature)
        let y = FermiFactors.reduced(e - w, from: state.mu, temperature: state.temperature)
        greater = greater + Scalar(0, -FermiFactors.occupation(-x)) * before[a]  // [07:A4]
        lesser = lesser + Scalar(0, FermiFactors.occupation(y)) * after[a]  // [07:A3]
      }
      return couplings.map { Self.traceOfProduct($0 * greater, $0 * lesser).rawStorage.x }
    }
    return outcome.values.map { junction.conductor.spinDegeneracy * $0 / (2 * Double.pi) }
  }

  /// A_p,kk(w) = |D_k|^2 2 eta_p w of every bath and mode, odd in w.
  func bosonSpectralFunctions(at w: Double) -> [[Double]] {
    let eta = frictions
    return eta.map { friction in
      junction.bosons.modeEnergies.indices.map { k in
        let damping = w * eta.reduce(0) { $0 + $1[k] }
        let energy = junction.bosons.modeEnergies[k]
        let detuning = (w - energy) * (junction.isRotatingWave ? 2 * energy : w + energy)
        return friction[k] == 0 ? 0 : 2 * friction[k] * w / (detuning * detuning + damping * damping)
      }
    }
  }

  /// int_0^inf dw/2pi w Tr[Gamma_p D Gamma_q D^+] (n_q - n_p) into bath p.
  private func addBosonHeat(to currents: inout TwinCurrents, at point: OperatingPoint, quadrature: TwinQuadrature) {
    let (baths, eta) = (junction.baths.count, frictions)
    guard baths > 1 else { return }
    var quadrature = quadrature
    quadrature.tolerance = tolerance
    quadrature.groups = [0..<baths]
    let outcome = quadrature.integrate(frequencyBreakpoints(at: point, symmetric: false), components: baths) { w in
      let spectral = bosonSpectralFunctions(at: w)
      let n = point.bathTemperatures.map { FermiFactors.bose(w, temperature: $0) }
      return (0..<baths).map { p in
        var sum = 0.0
        for q in 0..<baths where q != p {
          for k in spectral[q].indices { sum += spectral[q][k] * 2 * eta[p][k] * w * (n[q] - n[p]) }
        }
        return w * sum / (2 * Double.pi)
      }
    }
    currents.bosonHeatCurrents = outcome.values
  }

  /// Panels in frequency: the modes graded down to their damping, biases, level distances, thermal scales.
  private func frequencyBreakpoints(at point: OperatingPoint, symmetric: Bool) -> [Double] {
    let (mus, hottest) = (point.chemicalPotentials, point.temperatures.max() ?? 0)
    let window = (mus.max()! - mus.min()!) + 1.5 * Self.thermalReach * hottest
    let upper = max(window, Self.thermalReach * (point.bathTemperatures.max() ?? 0))
    var half = TwinBreakpoints(from: 0, to: upper)
    for (k, energy) in junction.bosons.modeEnergies.enumerated() {
      let damping = frictions.reduce(0) { $0 + $1[k] }
      half.add(energy, gradedFrom: max(0.5 * damping, 1e-12 * energy))
    }
    for temperature in point.temperatures + point.bathTemperatures { half.add(0, gradedFrom: 0.25 * temperature) }
    for (a, mu) in mus.enumerated() {
      for (b, other) in mus.enumerated() where a != b {
        half.add(abs(mu - other), gradedFrom: 0.5 * max(point.temperatures[a], point.temperatures[b]))
      }
      for level in levels { half.add(abs(level.energy - mu), gradedFrom: level.width) }
      for edge in edges { half.add(abs(edge - mu)) }
    }
    for (i, edge) in edges.enumerated() {
      for other in edges.dropFirst(i + 1) { half.add(other - edge) }
      for level in levels { half.add(abs(level.energy - edge)) }
    }
    for (i, level) in levels.enumerated() {
      for other in levels.dropFirst(i + 1) {
        half.add(abs(level.energy - other.energy), gradedFrom: level.width + other.width)
      }
    }
    let positive = half.sorted
    return symmetric ? positive.dropFirst().reversed().map { -$0 } + positive : positive
  }
}
