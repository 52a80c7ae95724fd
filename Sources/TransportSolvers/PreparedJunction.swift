import DenseMatrices
import JunctionModel
import Quadrature
import RealModule

/// A junction made ready for a set of states: spectral factors, reference energy and energy windows.
///
/// Electron energies inside are measured from the mean chemical potential of all states, so that a resonance of width
/// 1e-6 keeps its digits. Everything here is independent of the state; one instance serves all workers.
public struct PreparedJunction: Sendable {
  /// The junction with electron energies measured from `referenceEnergy`.
  public let junction: Junction
  /// The zero of electron energies inside, in internal units of the model.
  public let referenceEnergy: Double
  /// Relative accuracy of kernels, a tenth of what is promised for results.
  let kernelTolerance: Double
  let factors: SpectralFactors
  /// The factors behind pair kernels: compressed for large conductors.
  private let pairFactors: SpectralFactors
  /// Couplings on the right of a Green's function, for the bosons' self-energy.
  private let duals: [Matrix]
  /// Lowest mu_a - reach T and highest mu_a + reach T over all states: beyond, no resonance outweighs exp(-reach).
  let window: ClosedRange<Double>
  let features: SpectralFeatures
  /// Range of the chemical potentials and temperatures of all states.
  private let thermal: ThermalWindow

  private static let longestReach = 100.0
  /// An electrode without table must be known this many temperatures around the chemical potentials.
  private static let tableReach = 40.0

  /// Polled while a kernel is being built; set it before handing the junction to workers.
  public var isCancelled: @Sendable () -> Bool = { false }

  /// Factors the conductor and finds its resonances. Cost: one eigenproblem (wide band), or about 100 (other electrodes).
  /// Throws `SolverError` when a matrix cannot be factored or a tabulated self-energy does not cover the states.
  ///
  /// `largestFrequency` is the largest |w| that will be asked for besides the mode energies.
  public init(
    _ junction: Junction, points: OperatingPoints, tolerance: Double, largestFrequency: Double = 0
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
    let table = Self.window(points, reference: referenceEnergy, reach: Self.tableReach)
    try Self.checkTables(self.junction, covering: table, reference: referenceEnergy)
    factors = try SpectralFactors(self.junction)
    duals = factors.dualCouplings()
    let widest = Self.window(points, reference: referenceEnergy, reach: Self.longestReach)
    let reach = Self.reach(factors, in: widest, tolerance: kernelTolerance)
    window = Self.window(points, reference: referenceEnergy, reach: reach)
    let (low, high) = (window.lowerBound, window.upperBound)
    do {
      let margin = max(largestFrequency, self.junction.bosons.highestEnergy) + 1e-3 * (high - low)
      features = try factors.features(in: (low - margin)...(high + margin))
      pairFactors = try factors.compressed(for: (low - margin)...(high + margin), tolerance: kernelTolerance)
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
  var resonances: [(position: Double, width: Double)] { features.resonances }

  /// The pair kernel at a boson energy of any sign for all channels. Cost: nodes x (see `PairKernelSampler`).
  public func pairKernel(at frequency: Double, pairs: ModePairs) throws(SolverError) -> PanelKernel {
    if let builder = uniformKernels(at: [frequency], pairs: pairs) {
      var worker = builder.makeWorker()
      for node in 0..<builder.count { try builder.fill(node, &worker) }
      return builder.kernel(0)
    }
    var sampler = sampler(frequency, pairs)
    return try build(&sampler, frequency)
  }

  /// A builder of kernels on one uniform grid for all frequencies, or nil when panels need fewer nodes (cold states,
  /// narrow resonances, band edges).
  package func uniformKernels(at frequencies: [Double], pairs: ModePairs) -> UniformKernelBuilder? {
    guard let highest = frequencies.max(), features.edges.isEmpty, thermal.coldest > 0 else { return nil }
    let tolerance = kernelTolerance
    let factors = self.factors
    func strength(_ energy: Double) -> Double {
      guard let norm = try? factors.matrix(at: energy).norm else { return .infinity }
      return norm * norm
    }
    guard let grid = thermal.grid(features, frequencies: frequencies, tolerance: tolerance, strength: strength)
    else { return nil }
    let panels = KernelMesh(features, shiftedBy: highest, window: grid.window).panels().count
    guard grid.count < PanelKernel.order * panels * 3 / 4 else { return nil }
    return UniformKernelBuilder(self, grid: grid, frequencies: frequencies, sampler: sampler(highest, pairs))
  }

  private func sampler(_ frequency: Double, _ pairs: ModePairs) -> PairKernelSampler {
    PairKernelSampler(pairFactors, frequency: frequency, pairs: pairs, spinDegeneracy: junction.conductor.spinDegeneracy)
  }

  /// The kernel of the Hermitian part of Pi_e(w), all mode pairs. Throws when a level touches no electrode: Pi_e then has
  /// poles on the real axis. Cost: nodes x (see `DispersionSampler`).
  func dispersionKernel(at frequency: Double) throws(SolverError) -> DispersionKernel {
    if let poles = factors.poles, poles.hasBoundStates {
      throw SolverError(
        .unsuitableModel, at: ["electrodes"],
        "a level of the conductor touches no electrode, so that the electrons' response has no width",
        hint: "Give every level a broadening, or use compute.renormalization: none")
    }
    guard factors.direct?.isLong != true else {
      throw SolverError(
        .unsuitableModel, at: ["compute", "renormalization"],
        "the real part of the electrons' self-energy needs all levels below the chemical potentials, and those of a long conductor "
          + "are not computed", hint: "Use compute.renormalization: none")
    }
    var sampler = DispersionSampler(
      factors.poles == nil ? factors : pairFactors, duals: duals, frequency: frequency,
      spinDegeneracy: junction.conductor.spinDegeneracy)
    do {
      let builder = DispersionKernelBuilder(tolerance: kernelTolerance, isCancelled: isCancelled)
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
  public func elasticKernel() throws(SolverError) -> PanelKernel {
    var sampler = TransmissionSampler(factors, spinDegeneracy: junction.conductor.spinDegeneracy)
    return try build(&sampler, 0)
  }

  /// What second-order traces are made of: rotating-wave couplings and their adjoints are two lists.
  private var traceFactors: SpectralFactors { factors.isRotatingWave ? factors.withAdjointCouplings : factors }

  /// Traces for second-order currents on panels of a window widened by `margin`; nil when an electrode depends on energy.
  func poleTraces(
    pairs: TracePairs, window: ClosedRange<Double>, margin: Double, withInelastic: Bool
  ) throws(SolverError) -> PoleTraceTable? {
    guard let expansion = factors.poles else { return nil }
    guard !expansion.hasBoundStates else {
      throw SolverError(
        .unsuitableModel, at: ["electrodes"],
        "a level of the conductor touches no electrode, so that its electrons have no steady occupation",
        hint: "Give every level a broadening")
    }
    let mesh = KernelMesh(
      features, shiftedBy: 0, window: (window.lowerBound - margin)...(window.upperBound + margin))
    let noise = { (panel: Panel) in
      4.5e-16 * max(abs(panel.start), abs(panel.end)) / mesh.distance(from: panel)
    }
    return try PoleTraceTable(
      traceFactors, compressed: pairFactors, pairs: pairs, withInelastic: withInelastic, panels: mesh.panels(),
      tolerance: max(0.1 * kernelTolerance * expansion.orthogonality / Double(4 * factors.size), 1e-14),
      noise: noise)
  }

  /// The same for electrodes of any kind, on a mesh over the whole axis.
  func meshTraces(
    pairs: TracePairs, window: ClosedRange<Double>, margin: Double
  ) throws(SolverError) -> MeshTraceTable {
    guard let direct = factors.direct else {
      throw SolverError(.unsuitableModel, at: ["electrodes"], "wide-band electrodes have traces in closed form")
    }
    return try MeshTraceTable(
      traceFactors, direct, pairs: pairs, window: window, margin: margin,
      tolerance: max(0.002 * kernelTolerance, 1e-13))
  }

  /// Transmission Tr[Gamma_a G Gamma_b G^+] (no spin factor) at an energy of the user, [a * electrodes + b].
  public func transmission(at energy: Double) throws(SolverError) -> [Double] {
    do { return try Transmission.matrix(factors, at: energy - referenceEnergy) } catch {
      throw SolverError(.linearAlgebra, "the transmission at \(energy) could not be computed: \(error)")
    }
  }

  private func build<Sampler: KernelSampler>(_ sampler: inout Sampler, _ frequency: Double) throws(SolverError) -> PanelKernel {
    let low = min(window.lowerBound, window.lowerBound + frequency)
    let high = max(window.upperBound, window.upperBound + frequency)
    let mesh = KernelMesh(features, shiftedBy: frequency, window: low...high)
    do {
      let builder = KernelBuilder(tolerance: kernelTolerance, isCancelled: isCancelled)
      return try builder.build(&sampler, mesh: mesh, frequency: frequency)
    } catch let error as SolverError {
      throw error
    } catch {
      throw SolverError(.linearAlgebra, "the pair kernel at frequency \(frequency) could not be computed: \(error)")
    }
  }

  static func window(_ points: OperatingPoints, reference: Double, reach: Double) -> ClosedRange<Double> {
    var (low, high) = (Double.infinity, -Double.infinity)
    for state in 0..<points.count {
      let hottest = points.temperatures.reduce(0.0) { max($0, $1[state]) }
      for column in points.chemicalPotentials {
        let mu = column[state] - reference
        (low, high) = (min(low, mu - reach * hottest), max(high, mu + reach * hottest))
      }
    }
    return low > high ? 0...0 : low...high
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
          .unsuitableModel, at: ["electrodes", electrode.name],
          "the tabulated self-energy covers \(known.lowerBound + reference) to \(known.upperBound + reference), the states need "
            + "\(needed.lowerBound + reference) to \(needed.upperBound + reference)",
          hint: "Tabulate a wider range, or lower the temperature or bias")
      }
    }
  }
}
