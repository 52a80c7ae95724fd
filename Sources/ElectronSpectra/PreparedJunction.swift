import DenseMatrices
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// A junction made ready for a set of states: spectral factors, reference energy and energy windows.
///
/// Electron energies inside are measured from the mean chemical potential of all states, so that a resonance of width
/// 1e-6 keeps its digits. Everything here is independent of the state; one instance serves all workers.
package struct PreparedJunction: Sendable {
  /// The junction with electron energies measured from `referenceEnergy`.
  package let junction: Junction
  /// The zero of electron energies inside, in internal units of the model.
  package let referenceEnergy: Double
  /// Relative accuracy of kernels, a tenth of what is promised for results.
  package let kernelTolerance: Double
  package let factors: SpectralFactors
  /// The factors behind pair kernels that no table serves: compressed for large conductors, once somebody needs them.
  package let compressed: CompressedFactors
  /// Pair kernels between any energies of a window, where they are read from a table; nil where they are computed one by one.
  package private(set) var pairTable: PairKernelTable?
  /// Couplings on the right of a Green's function, for the bosons' self-energy.
  private let duals: [Matrix]
  /// Lowest mu_a - reach T and highest mu_a + reach T over all states: beyond, no resonance outweighs exp(-reach).
  package let window: ClosedRange<Double>
  package let features: SpectralFeatures
  /// Range of the chemical potentials and temperatures of all states.
  private let thermal: ThermalWindow

  private static let longestReach = 100.0
  /// An electrode without table must be known this many temperatures around the chemical potentials.
  private static let tableReach = 40.0

  /// Factors the conductor and finds its resonances. Cost: one eigenproblem (wide band), or about 100 (other electrodes).
  /// Throws `SolverError` when a matrix cannot be factored or a tabulated self-energy does not cover the states.
  ///
  /// `largestFrequency` is the largest |w| that will be asked for besides the mode energies. `isIntegrated` false: single energies only, and
  /// no resonances or band edges are looked for.
  package init(
    _ junction: Junction, points: OperatingPoints, tolerance: Double, largestFrequency: Double = 0, isIntegrated: Bool = true
  ) throws(SolverError) {
    kernelTolerance = max(0.05 * tolerance, 2e-13)
    var (sum, count) = (0.0, 0)
    for column in points.chemicalPotentials {
      sum += column.reduce(0, +)
      count += column.count
    }
    referenceEnergy = Self.rounded(count > 0 ? sum / Double(count) : 0)
    thermal = ThermalWindow(points, reference: referenceEnergy)
    self.junction = junction.measuringEnergies(from: referenceEnergy)
    let states = StateExtremes(points)
    let table = states.window(reference: referenceEnergy, reach: Self.tableReach)
    try Self.checkTables(self.junction, covering: table, reference: referenceEnergy)
    factors = try SpectralFactors(self.junction, isIntegrated: isIntegrated)
    duals = factors.dualCouplings()
    let widest = states.window(reference: referenceEnergy, reach: Self.longestReach)
    let reach = Self.reach(factors, in: widest, tolerance: kernelTolerance)
    window = states.window(reference: referenceEnergy, reach: reach)
    let (low, high) = (window.lowerBound, window.upperBound)
    do {
      let margin = max(largestFrequency, self.junction.bosons.highestEnergy) + 1e-3 * (high - low)
      features = isIntegrated ? try factors.features(in: (low - margin)...(high + margin)) : SpectralFeatures()
      compressed = CompressedFactors(factors, window: (low - margin)...(high + margin), tolerance: kernelTolerance)
    } catch {
      throw SolverError(.linearAlgebra, "the resonances of the conductor could not be found: \(error)")
    }
  }

  /// Twenty leading bits: subtracting it from energies of its size then rounds nothing, and biases keep all their digits.
  private static func rounded(_ reference: Double) -> Double {
    let unit = reference.ulp * 0x1p32
    return (reference / unit).rounded() * unit
  }

  /// The poles or resonances of the electrons: position measured from `referenceEnergy`, half width.
  package var resonances: [(position: Double, width: Double)] { features.resonances }

  /// The pair kernel at a boson energy of any sign for all channels. Cost: nodes x (see `PairKernelSampler`).
  package func pairKernel(at frequency: Double, pairs: ModePairs) throws(SolverError) -> PanelKernel {
    if let builder = try uniformKernels(at: [frequency], pairs: pairs) {
      var worker = builder.makeWorker()
      for piece in 0..<builder.count { try builder.fill(piece, &worker) }
      return builder.kernel(0)
    }
    let energies = panelWindow(frequency)
    if let table = pairTable, table.window.core == table.window.whole, table.covers(energies, frequency: frequency, pairs: pairs)
    {
      var kernel = TabulatedPairKernel(table.restricted(to: pairs), frequency: frequency)
      return try build(&kernel, frequency)
    }
    var sampler = try directSampler(frequency, pairs)
    return try build(&sampler, frequency)
  }

  /// A builder of kernels on one uniform grid for all frequencies, or nil when panels need fewer nodes (cold states,
  /// narrow resonances, band edges).
  package func uniformKernels(at frequencies: [Double], pairs: ModePairs) throws(SolverError) -> UniformKernelBuilder? {
    guard let grid = uniformGrid(for: frequencies) else { return nil }
    if let table = pairTable, frequencies.allSatisfy({ table.covers(grid.window, frequency: $0, pairs: pairs) }) {
      let sampler = TabulatedPairSampler(table.restricted(to: pairs))
      return UniformKernelBuilder(self, grid: grid, frequencies: frequencies, source: .table(sampler))
    }
    let sampler = try directSampler(frequencies[0], pairs)
    return UniformKernelBuilder(self, grid: grid, frequencies: frequencies, source: .direct(sampler))
  }

  /// The uniform grid for some frequencies, or nil when panels need fewer nodes.
  private func uniformGrid(for frequencies: [Double]) -> UniformGrid? {
    guard let highest = frequencies.max(by: { abs($0) < abs($1) }), features.edges.isEmpty, thermal.coldest > 0 else {
      return nil
    }
    let factors = self.factors
    func strength(_ energy: Double) -> Double {
      guard let norm = try? factors.matrix(at: energy).norm else { return .infinity }
      return norm * norm
    }
    guard
      let grid = thermal.grid(features, frequencies: frequencies, tolerance: kernelTolerance, strength: strength)
    else { return nil }
    let panels = KernelMesh(features, shiftedBy: highest, window: grid.window).panels().count
    return grid.count < PanelKernel.order * panels * 3 / 4 ? grid : nil
  }

  /// The same junction, whose pair kernels are read from a table where it covers them.
  package func reading(_ table: PairKernelTable) -> PreparedJunction {
    var result = self
    result.pairTable = table
    return result
  }

  /// What a table of pair kernels may deviate from kernels computed directly.
  package var pairTableTolerance: Double { kernelTolerance }

  private func directSampler(_ frequency: Double, _ pairs: ModePairs) throws(SolverError) -> PairKernelSampler {
    PairKernelSampler(
      try compressed.factors(), frequency: frequency, pairs: pairs, spinDegeneracy: junction.conductor.spinDegeneracy)
  }

  /// The energies of initial electrons on panels.
  private func panelWindow(_ frequency: Double) -> ClosedRange<Double> {
    min(window.lowerBound, window.lowerBound + frequency)...max(window.upperBound, window.upperBound + frequency)
  }

  /// Conductors up to this size are sampled at once.
  private static let smallestTabulated = 25
  private static let largestTable = 1 << 29

  /// Initial and final energies of kernels at boson energies of both signs up to `frequency`.
  private func tableWindow(upTo frequency: Double) -> TableWindow {
    let steps = [0, 0.25, 0.5, 0.75, 1].map { $0 * frequency }
    guard let emitted = uniformGrid(for: steps), let absorbed = uniformGrid(for: steps.map { -$0 }) else {
      // On panels the weights of nodes in a tail are not as small as the occupations there.
      let whole = (window.lowerBound - frequency)...(window.upperBound + frequency)
      return TableWindow(whole: whole, core: whole, temperature: thermal.hottest)
    }
    // Grids of other frequencies are as wide, but for their whole number of nodes.
    let margin = 5 * max(emitted.spacing, absorbed.spacing)
    let low = min(emitted.window.lowerBound - frequency, absorbed.window.lowerBound)
    let high = max(emitted.window.upperBound, absorbed.window.upperBound + frequency)
    return TableWindow(
      whole: (low - margin)...(high + margin), core: (thermal.lowest - frequency)...(thermal.highest + frequency),
      temperature: thermal.hottest)
  }

  /// A builder of the table of pair kernels for boson energies up to `frequency`, or nil when sampling node by node costs less: small
  /// conductors, electrodes with band edges, windows with more resonances than nodes.
  /// Poles are met to `accuracy` times the tolerance of kernels.
  package func pairTableBuilder(
    pairs: ModePairs, upTo frequency: Double, accuracy: Double = 0.05
  ) -> PairKernelTableBuilder? {
    guard let poles = factors.poles, poles.poles.count >= Self.smallestTabulated, !pairs.modes.isEmpty,
      window.upperBound > window.lowerBound
    else { return nil }
    let window = tableWindow(upTo: frequency)
    let panels = KernelMesh(features, shiftedBy: 0, window: window.whole).panels()
    let points = panels.flatMap { panel in PanelKernel.rule.nodes.map { panel.position($0).0 } }
    let columns = (factors.offsets.count - 1) * (factors.offsets.count - 1) * (pairs.columns + pairs.modes.count)
    // Pairs of energies of the table against nodes of single kernels, of which a sweep needs many.
    let limit = Int(min(Double(12 * points.count).squareRoot(), Double(Self.largestTable / (8 * columns)).squareRoot()))
    guard
      let interpolation = RationalInterpolation(
        poles: features.resonances.map { ($0.position, $0.width) }, points: points, tolerance: accuracy * kernelTolerance,
        limit: limit,
        logWeight: { -window.loss($0) })
    else { return nil }
    let sampler = PairKernelSampler(factors, frequency: 0, pairs: pairs, spinDegeneracy: junction.conductor.spinDegeneracy)
    return PairKernelTableBuilder(sampler, interpolation: interpolation, window: window)
  }

  /// The kernel of the Hermitian part of Pi_e(w), all mode pairs. Throws when a level touches no electrode: Pi_e then has
  /// poles on the real axis. Cost: nodes x (see `DispersionSampler`).
  package func dispersionKernel(at frequency: Double) throws(SolverError) -> DispersionKernel {
    if let poles = factors.poles, poles.hasBoundStates {
      throw SolverError(
        .unsuitableModel, at: .electrodes,
        "a level of the conductor touches no electrode, so that the electrons' response has no width",
        hint: "Give every level a broadening, or use \(part: .renormalization): none")
    }
    guard factors.direct?.isLong != true else {
      throw SolverError(
        .unsuitableModel, at: .renormalization,
        "the real part of the electrons' self-energy needs all levels below the chemical potentials, and those of a long conductor "
          + "are not computed", hint: "Use \(part: .renormalization): none")
    }
    var sampler = DispersionSampler(
      try compressed.factors(), duals: duals, frequency: frequency,
      spinDegeneracy: junction.conductor.spinDegeneracy)
    do {
      let builder = DispersionKernelBuilder(tolerance: kernelTolerance)
      return try builder.build(
        &sampler, features: features, window: window, lowest: factors.lowestEnergy,
        filledStates: factors.isRotatingWave
          ? nil : FilledStates(factors, duals: duals, spinDegeneracy: junction.conductor.spinDegeneracy))
    } catch let error as SolverError {
      throw error
    } catch {
      throw SolverError(.linearAlgebra, "the bosons' self-energy at frequency \(frequency) could not be computed: \(error)")
    }
  }

  /// The same for a sweep over frequencies, and at w = 0.
  package func dispersion(at frequency: Double) throws(SolverError) -> DispersionKernel { try dispersionKernel(at: frequency) }
  package func staticDispersion() throws(SolverError) -> DispersionKernel { try dispersionKernel(at: 0) }

  /// The elastic kernel g_s Tr[Gamma_a G Gamma_b G^+] for all ordered pairs of electrodes.
  package func elasticKernel() throws(SolverError) -> PanelKernel {
    var sampler = TransmissionSampler(factors, spinDegeneracy: junction.conductor.spinDegeneracy)
    return try build(&sampler, 0)
  }

  /// Transmission Tr[Gamma_a G Gamma_b G^+] (no spin factor) at an energy of the user, [a * electrodes + b].
  package func transmission(at energy: Double) throws(SolverError) -> [Estimate] {
    do { return try factors.boundedAmplitudes(at: energy - referenceEnergy).transmissions(offsets: factors.offsets) } catch {
      throw SolverError(.linearAlgebra, "the transmission at \(energy) could not be computed: \(error)")
    }
  }

  private func build<Sampler: KernelSampler>(_ sampler: inout Sampler, _ frequency: Double) throws(SolverError) -> PanelKernel {
    let mesh = KernelMesh(features, shiftedBy: frequency, window: panelWindow(frequency))
    do {
      let builder = KernelBuilder(tolerance: kernelTolerance)
      return try builder.build(&sampler, mesh: mesh, frequency: frequency)
    } catch let error as SolverError {
      throw error
    } catch {
      throw SolverError(.linearAlgebra, "the pair kernel at frequency \(frequency) could not be computed: \(error)")
    }
  }

  /// Temperatures beyond which occupations cannot matter: X varies at most as the fourth power of distance over width.
  private static func reach(_ factors: SpectralFactors, in window: ClosedRange<Double>, tolerance: Double) -> Double {
    guard let expansion = factors.poles else { return longestReach }
    let span = window.upperBound - window.lowerBound
    let narrowest = expansion.features.resonances.filter { window.contains($0.position) }.reduce(Double.infinity) {
      min($0, $1.width)
    }
    let contrast = narrowest < .infinity ? 4 * Double.log(onePlus: span / narrowest) : 0
    return min(longestReach, 4 - Double.log(tolerance) + contrast)
  }

  private static func checkTables(
    _ junction: Junction, covering needed: ClosedRange<Double>, reference: Double
  ) throws(SolverError) {
    for electrode in junction.electrodes {
      guard case .table(let table) = electrode.kind else { continue }
      let known = table.energies[0]...table.energies[table.energies.count - 1]
      func broadening(_ m: Matrix) -> Double { (m - m.adjoint).largestMagnitude }
      let largest = table.values.reduce(0.0) { max($0, broadening($1)) }
      // A table that ends outside the electrode's band says all there is to say.
      let closedBelow = broadening(table.values[0]) <= 1e-9 * largest
      let closedAbove = broadening(table.values[table.values.count - 1]) <= 1e-9 * largest
      if (needed.lowerBound < known.lowerBound && !closedBelow) || (needed.upperBound > known.upperBound && !closedAbove) {
        throw SolverError(
          .unsuitableModel, at: .electrode(electrode.name),
          "the tabulated self-energy covers \(known.lowerBound + reference) to \(known.upperBound + reference), the states need "
            + "\(needed.lowerBound + reference) to \(needed.upperBound + reference)",
          hint: "Tabulate a wider range, or lower the temperature or bias")
      }
    }
  }
}
