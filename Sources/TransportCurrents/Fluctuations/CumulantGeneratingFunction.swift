import BosonPropagators
import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions
import TransportResults

/// The cumulant generating function per time of one state at any counting fields, by direct adaptive quadrature: elastic
/// part, inelastic part to second order in the coupling with bosons undressed by electrons, and heat between the baths
/// (Theory.md section 6). Levels `sharp` and `landauer`.
///
/// Its first derivatives are the currents without the second-order elastic correction. Cost: milliseconds to seconds per
/// value; cumulants of sweeps do not come from here.
package struct CumulantGeneratingFunction {
  private let prepared: PreparedJunction
  private let state: OperatingState
  /// True when modes have widths, false when they are delta functions.
  private let hasWidths: Bool
  private let tolerance: Double
  private let dampings: [ModeDamping]
  private let spectra: [ModeSpectrum]
  private static let reach = 90.0

  /// The function at a state. Throws `.unsuitableModel` for level dressed, for coupled modes and for baths that are not Ohmic
  /// (level landauer), and when a bath is missing.
  package init(
    _ junction: Junction, at point: OperatingPoint, level: ComputeSettings.Level, tolerance: Double = 1e-11
  ) throws(SolverError) {
    let theory = level.theory
    guard theory.abilities.contains(.fluctuations) else { throw FluctuationSupport.dependentProcesses }
    let points = OperatingPoints([point], electrodes: junction.electrodes.count, baths: junction.baths.count)
    prepared = try PreparedJunction(junction, points: points, tolerance: tolerance)
    state = OperatingState(points, state: 0, reference: prepared.referenceEnergy)
    hasWidths = theory.hasWidths
    self.tolerance = tolerance
    let environment = try BosonEnvironment(junction, highest: LandauerSolver.highestFrequency(points))
    try junction.requireBaths()
    if hasWidths { try junction.requireDamping(environment) }
    try theory.checkFluctuations(junction, points)
    let energies = junction.bosons.modeEnergies
    let dampings = energies.indices.map { ModeDamping(junction, environment, mode: $0) }
    self.dampings = dampings
    spectra = energies.indices.map {
      ModeSpectrum(energy: energies[$0], friction: dampings[$0].total, isRotatingWave: environment.isRotatingWave)
    }
  }

  /// S at the fields. Throws `.unsuitableModel` where real fields outweigh the exponential tails of the heat between baths: S does
  /// not exist there; `.linearAlgebra` when a matrix fails.
  package func value(at fields: CountingFields) throws(SolverError) -> ComplexEstimate {
    var shifted = fields
    // Energies inside are measured from the reference energy: exp(eta_a e) carries it along.
    for a in fields.charge.indices { shifted.charge[a] += Scalar(prepared.referenceEnergy, 0) * fields.energy[a] }
    let parts = [try elastic(shifted), try inelastic(shifted), try exchange(shifted)]
    let value = parts.reduce(Scalar.zero) { $0 + $1.value }
    return ComplexEstimate(value: value, error: parts.reduce(0) { $0 + $1.error })
  }

  /// g_s int de/2pi ln det[1 + f (s^+ Z^-1 s Z - 1)], the logarithm by eigenvalues.
  private func elastic(_ fields: CountingFields) throws(SolverError) -> ComplexEstimate {
    let mesh = prepared.scatteringMesh(state, reach: Self.reach)
    var sampler = ScatteringSampler(prepared.factors)
    let scale = prepared.junction.conductor.spinDegeneracy / (2 * Double.pi)
    let electrodes = state.chemicalPotentials.count
    guard electrodes > 1 else { return ComplexEstimate(value: .zero, error: 0) }
    let outcome = try AdaptivePanelQuadrature(tolerance: tolerance).integrate(mesh.panels, count: 2) {
      (e: Double, sample: inout AdaptivePanelQuadrature.Sample) throws(SolverError) in
      do {
        try sampler.evaluate(at: e)
        let (value, gross) = try CountingLogarithm.fermions(
          sampler.s, owners: sampler.owners,
          occupied: (0..<electrodes).map {
            Occupation.fermi(e - state.chemicalPotentials[$0], temperature: state.temperatures[$0])
          },
          empty: (0..<electrodes).map { Occupation.fermi(state.chemicalPotentials[$0] - e, temperature: state.temperatures[$0]) },
          exponents: (0..<electrodes).map { fields.charge[$0] + Scalar(e, 0) * fields.energy[$0] })
        sample.values = [scale * value.real, scale * value.imaginary]
        sample.gross = [scale * gross, scale * gross]
        sample.rounding = 1e-14 + mesh.nodeNoise(e)
      } catch { throw SolverError(.linearAlgebra, "the generating function failed at energy \(e): \(error)") }
    }
    return Self.complex(outcome)
  }

  /// Independent rare events.
  private func inelastic(_ fields: CountingFields) throws(SolverError) -> ComplexEstimate {
    var (value, error) = (Scalar.zero, 0.0)
    for mode in spectra.indices {
      if hasWidths {
        let panels = frequencyPanels(mode)
        let outcome = try AdaptivePanelQuadrature(tolerance: tolerance).integrate(panels, count: 3) {
          (w: Double, sample: inout AdaptivePanelQuadrature.Sample) throws(SolverError) in
          let weights = dampings[mode].frictions.map { $0 * w * spectra[mode].weight(w) }
          let events = try self.events(mode, w, weights: weights, fields)
          sample.values = [events.values[0], events.values[1], events.errors[0] + events.errors[1]]
          sample.gross = [events.gross[0], events.gross[1], max(events.gross[0], sample.values[2])]
          sample.rounding = 1e-14 + 9e-16 * w / max(abs(w - spectra[mode].energy), 0.5 * spectra[mode].friction)
        }
        value += Scalar(outcome.values[0], outcome.values[1])
        error += outcome.errors[0] + outcome.errors[1] + outcome.values[2]
      } else {
        let energy = spectra[mode].energy
        let outcome = try events(mode, energy, weights: dampings[mode].shares.map { $0 / (2 * energy) }, fields)
        value += Scalar(outcome.values[0], outcome.values[1])
        error += outcome.errors[0] + outcome.errors[1]
      }
    }
    return ComplexEstimate(value: value, error: error)
  }

  /// Panels in w up to where nothing is emitted or absorbed, graded towards the mode, the Bose poles and the kinks at mu_ab.
  private func frequencyPanels(_ mode: Int) -> [Panel] {
    let mu = state.chemicalPotentials
    let hottest = max(state.temperatures.max() ?? 0, state.bathTemperatures.max() ?? 0)
    let highest = (mu.max() ?? 0) - (mu.min() ?? 0) + 60 * hottest
    guard highest > 0 else { return [] }
    var rule = KinkRule(breaks: [spectra[mode].energy])
    rule.addPoles(spectra[mode].poles)
    rule.addPoles(state.bathTemperatures.map { KinkRule.boseStep(at: 0, temperature: $0) })
    for a in mu.indices {
      for b in mu.indices where mu[a] > mu[b] {
        rule.addBreaks([mu[a] - mu[b]])
        let colder = min(state.temperatures[a], state.temperatures[b])
        rule.addPoles([KinkRule.boseStep(at: mu[a] - mu[b], temperature: colder)])
      }
    }
    return rule.panels(from: 0, to: highest, rho: 2)
  }

  /// int de/2pi X(e, w) sum_ab,p weight_p {f_a (1 - f_b)(1 + n_p)[exp(phi) - 1] + (1 - f_a) f_b n_p [exp(-phi) - 1]}: real, imaginary part.
  private func events(
    _ mode: Int, _ w: Double, weights: [Double], _ fields: CountingFields
  ) throws(SolverError) -> AdaptivePanelQuadrature.Outcome {
    let electrodes = state.chemicalPotentials.count
    let mesh = prepared.scatteringMesh(state, reach: Self.reach, shifted: w)
    var sampler = PairKernelSampler(
      prepared.factors, frequency: w, pairs: .diagonal([mode]), spinDegeneracy: prepared.junction.conductor.spinDegeneracy)
    var kernel = [Double](repeating: 0, count: electrodes * electrodes)
    var rounding = kernel
    let baths = dampings[mode].baths
    let occupations = baths.map {
      BoseFunction.occupation(w - state.bathPotentials[$0], temperature: state.bathTemperatures[$0])
    }
    let bathPhases = baths.map { Scalar(w, 0) * fields.bathEnergy[$0] + fields.bathParticles[$0] }
    return try AdaptivePanelQuadrature(tolerance: 0.3 * tolerance).integrate(mesh.panels, count: 2) {
      (e: Double, sample: inout AdaptivePanelQuadrature.Sample) throws(SolverError) in
      do { try sampler.sample(at: e, values: &kernel, rounding: &rounding) } catch {
        throw SolverError(.linearAlgebra, "the pair kernel could not be computed at energy \(e): \(error)")
      }
      var (sum, gross) = (Scalar.zero, 0.0)
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          let (da, db) = (e - state.chemicalPotentials[a], e - w - state.chemicalPotentials[b])
          let (ta, tb) = (state.temperatures[a], state.temperatures[b])
          let up = Occupation.fermi(da, temperature: ta) * Occupation.fermi(-db, temperature: tb)
          let down = Occupation.fermi(-da, temperature: ta) * Occupation.fermi(db, temperature: tb)
          let electron =
            fields.charge[a] - fields.charge[b] + Scalar(e, 0) * fields.energy[a] - Scalar(e - w, 0) * fields.energy[b]
          for (i, n) in occupations.enumerated() {
            let phase = electron + bathPhases[i]
            let x = kernel[a * electrodes + b] * weights[i] / (2 * Double.pi)
            let forward = Scalar(x * up * (1 + n), 0) * Scalar.expMinusOne(phase)
            let backward = Scalar(x * down * n, 0) * Scalar.expMinusOne(-phase)
            sum += forward + backward
            gross += forward.length + backward.length
          }
        }
      }
      sample.values = [sum.real, sum.imaginary]
      sample.gross = [gross, gross]
      sample.rounding = 1e-14 + 2 * mesh.nodeNoise(e)
    }
  }

  /// Heat between the baths of every mode.
  private func exchange(_ fields: CountingFields) throws(SolverError) -> ComplexEstimate {
    var (value, error) = (Scalar.zero, 0.0)
    for mode in spectra.indices where dampings[mode].baths.count > 1 {
      let (baths, frictions, spectrum) = (dampings[mode].baths, dampings[mode].frictions, spectra[mode])
      if !hasWidths {
        var x = Scalar.zero
        for (i, p) in baths.enumerated() {
          for (j, q) in baths.enumerated() where j != i {
            let np = BoseFunction.occupation(spectrum.energy - state.bathPotentials[p], temperature: state.bathTemperatures[p])
            let nq = BoseFunction.occupation(spectrum.energy - state.bathPotentials[q], temperature: state.bathTemperatures[q])
            let phase =
              Scalar(spectrum.energy, 0) * (fields.bathEnergy[p] - fields.bathEnergy[q]) + fields.bathParticles[p]
              - fields.bathParticles[q]
            x += Scalar(frictions[i] * frictions[j] * nq * (1 + np), 0) * Scalar.expMinusOne(phase)
          }
        }
        // eta/2 - sqrt(eta^2/4 - x) without cancellation.
        let half = 0.5 * spectrum.friction
        guard half > 0 else { continue }
        let square = Scalar(half * half, 0) - x
        if square.imaginary == 0 && square.real < 0 { throw CountingLogarithm.outside }
        let root = Scalar.sqrt(square)
        value += x / (Scalar(half, 0) + root)
        error += 1e-14 * (x / (Scalar(half, 0) + root)).length
        continue
      }
      let temperatures = baths.map { state.bathTemperatures[$0] }
      let outcome = try AdaptivePanelQuadrature(tolerance: tolerance).integrate(frequencyPanels(mode), count: 2) {
        (w: Double, sample: inout AdaptivePanelQuadrature.Sample) throws(SolverError) in
        let d = spectrum.propagator(w)
        var s = [Scalar](repeating: .zero, count: baths.count * baths.count)
        for q in baths.indices {
          for p in baths.indices {
            s[q * baths.count + p] =
              Scalar(0, 2 * w * (frictions[p] * frictions[q]).squareRoot()) * d - (p == q ? Scalar.one : .zero)
          }
        }
        do {
          // Particles leave a reservoir with minus the field of what enters it.
          let (logarithm, gross) = try CountingLogarithm.bosons(
            s, occupations: temperatures.map { BoseFunction.occupation(w, temperature: $0) },
            exponents: baths.map { Scalar(-w, 0) * fields.bathEnergy[$0] - fields.bathParticles[$0] })
          sample.values = [logarithm.real / (2 * Double.pi), logarithm.imaginary / (2 * Double.pi)]
          sample.gross = [gross / (2 * Double.pi), gross / (2 * Double.pi)]
        } catch let error as SolverError {
          throw error
        } catch { throw SolverError(.linearAlgebra, "the generating function failed at frequency \(w): \(error)") }
        sample.rounding = 1e-14 + 9e-16 * w / max(abs(w - spectrum.energy), 0.5 * spectrum.friction)
      }
      let part = Self.complex(outcome)
      value += part.value
      error += part.error
    }
    return ComplexEstimate(value: value, error: error)
  }

  private static func complex(_ outcome: AdaptivePanelQuadrature.Outcome) -> ComplexEstimate {
    ComplexEstimate(value: Scalar(outcome.values[0], outcome.values[1]), error: outcome.errors[0] + outcome.errors[1])
  }
}

/// ln det[1 + f K] and -ln det[1 - n K], K = s^+ Z^-1 s Z - 1, from the eigenvalues: each logarithm stays on its sheet for fields
/// with imaginary parts up to pi.
package enum CountingLogarithm {
  /// The logarithm and the sum of the moduli of the eigenvalues' logarithms. Many occupied states are counted as holes.
  package static func fermions(
    _ s: [Scalar], owners: [Int], occupied: [Double], empty: [Double], exponents: [Scalar]
  ) throws -> (Scalar, Double) {
    let holes = occupied.reduce(0, +) > empty.reduce(0, +)
    // Holes count backwards: s^+ Z s Z^-1 transposed in the roles of the indices, see CountingDeterminant.
    return try logarithm(s, owners: owners, holes ? empty : occupied, exponents, holes: holes, sign: 1)
  }

  /// The same for bosons, one channel per bath.
  package static func bosons(
    _ s: [Scalar], occupations: [Double], exponents: [Scalar]
  ) throws -> (Scalar, Double) {
    try logarithm(s, owners: Array(occupations.indices), occupations, exponents, holes: false, sign: -1)
  }

  /// Quanta of a harmonic mode come in bunches with exponential tails: large real fields outweigh them.
  package static let outside = SolverError(
    .unsuitableModel, at: .countingFields,
    "the generating function of the heat between the baths does not exist at these fields: they outweigh the decay of the distribution",
    hint: "Use smaller real fields, or imaginary ones")

  private static func logarithm(
    _ s: [Scalar], owners: [Int], _ f: [Double], _ exponents: [Scalar], holes: Bool, sign: Double
  ) throws -> (Scalar, Double) {
    let c = owners.count
    var k = Matrix(rows: c, columns: c)
    for j in 0..<c {
      for i in 0..<c {
        var sum = Scalar.zero
        for l in 0..<c {
          let (from, to) = holes ? (owners[i], owners[l]) : (owners[l], owners[j])
          guard from != to else { continue }
          sum += s[i * c + l].conjugate * s[j * c + l] * Scalar.expMinusOne(exponents[to] - exponents[from])
        }
        k[i, j] = Scalar(sign * f[owners[i]], 0) * sum
      }
    }
    var (value, gross) = (Scalar.zero, 0.0)
    for eigenvalue in try GeneralEigenproblem(k).values {
      let isReal = abs(eigenvalue.imaginary) <= 1e-12 * eigenvalue.length
      if sign < 0 && isReal && eigenvalue.real <= -1 { throw outside }
      let term = Scalar.log(onePlus: eigenvalue)
      value += Scalar(sign, 0) * term
      gross += term.length
    }
    return (value, gross)
  }
}
