import BosonPropagators
import DenseMatrices
import ElectronSpectra
import JunctionModel
import RealModule
import TransportResults

/// What the bosons carry away at single frequencies w > 0, Theory.md section 9: with A~_p = D^+ Gamma_p D and the spectra E, B of
/// all channels, emission into bath p is (1 + n_p) Tr[E A~_p]/2 pi, absorption from it n_p Tr[B A~_p]/2 pi, and the net rate that of
/// levels `landauer` and `dressed`.
///
/// One instance per worker; it owns its buffers. Cost per state: the contraction of the kernel and a matrix inverse.
package final class LightSpectrumSolver {
  private let environment: BosonEnvironment
  private let electrodes: Int
  private let wantsDispersion: Bool
  private let staticDispersion: DispersionKernel?
  private let layout: FlowLayout
  private let integrand: FlowIntegrand
  private let pairs = SpectraSolver()
  private let weights = OccupationWeights()
  private let spectra: SpectraLayout
  private var rows: [Double]
  private var flows: [Double]
  private var equilibrium: [Double]

  /// Emission into every bath per time and energy.
  package private(set) var emission: [Estimate]
  /// Absorption from every bath per time and energy.
  package private(set) var absorption: [Estimate]
  /// Bosons into every bath from the electrons, net, per time and energy.
  package private(set) var net: [Estimate]
  /// mu_p(w) = w - T ln(B/E) with the mean temperature of the electrodes; NaN for T = 0 and where E or B vanishes.
  package private(set) var chemicalPotential = Estimate()

  /// Buffers for a junction; `staticDispersion` is the kernel of Pi_e(0) to be subtracted at level dressed, if any.
  package init(
    _ environment: BosonEnvironment, electrodes: Int, settings: ComputeSettings, staticDispersion: DispersionKernel?
  ) {
    self.environment = environment
    self.electrodes = electrodes
    self.staticDispersion = staticDispersion
    let dressing = settings.level.theory.dressing(settings)
    let isDressed = dressing != nil
    wantsDispersion = isDressed && dressing != ComputeSettings.Renormalization.none
    layout = FlowLayout(
      isDressed: isDressed, channels: electrodes * electrodes, baths: environment.baths.count, modes: environment.count,
      options: FlowLayout.Options(exchange: isDressed, light: true))
    integrand = FlowIntegrand(environment, layout)
    // Rows of their own for E, B and L: the same for every state.
    spectra = SpectraLayout(
      OperatingState(electrodes: electrodes, baths: environment.baths.count), modes: environment.count,
      vanishing: [Bool](repeating: false, count: electrodes * electrodes), dispersion: wantsDispersion, separately: true)
    rows = [Double](repeating: 0, count: spectra.rows)
    flows = [Double](repeating: 0, count: layout.count)
    equilibrium = [Double](repeating: 0, count: environment.count * environment.count)
    emission = [Estimate](repeating: Estimate(), count: environment.baths.count)
    (absorption, net) = (emission, emission)
  }

  /// Computes every state at the frequency of a kernel of all mode pairs and hands it to `body` by its index, the numbers in the
  /// properties above. `dispersion` is the kernel of Pi_e's Hermitian part. Throws where D does not exist.
  package func evaluate(
    _ kernel: PanelKernel, dispersion: DispersionKernel?, states: [OperatingState], _ body: (Int) -> Void
  ) throws(SolverError) {
    var blocks: [SpectraSolver.Block] = []
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        blocks.append(pairs.spectra(kernel, from: a, to: b, electrodes: electrodes, states: states))
      }
    }
    for (s, state) in states.enumerated() {
      fill(blocks, s)
      if let row = spectra.dispersion, let dispersion { add(dispersion, state, at: row) }
      try contract(kernel.frequency, state)
      assess(blocks, s, state, w: kernel.frequency, dispersionError: dispersion?.error ?? 0)
      body(s)
    }
  }

  private func fill(_ blocks: [SpectraSolver.Block], _ s: Int) {
    for i in rows.indices { rows[i] = 0 }
    let block = spectra.block
    for (channel, values) in zip(spectra.channels, blocks) {
      for i in 0..<block {
        rows[channel.density + i] = values.density[s * block + i]
        rows[channel.emission + i] = values.emission[s * block + i]
        if let absorption = channel.absorption { rows[absorption + i] = values.absorption[s * block + i] }
      }
    }
  }

  /// The Hermitian part of Pi_e, less its static value in equilibrium where that is wanted.
  private func add(_ dispersion: DispersionKernel, _ state: OperatingState, at row: Int) {
    dispersion.value(
      chemicalPotentials: state.chemicalPotentials, temperatures: state.temperatures, weights: weights, into: &rows, at: row)
    guard let staticDispersion else { return }
    equilibrium = staticDispersion.equilibriumValue(state, weights: weights)
    for i in equilibrium.indices { rows[row + i] -= equilibrium[i] }
  }

  private func contract(_ w: Double, _ state: OperatingState) throws(SolverError) {
    let exists = rows.withUnsafeBufferPointer { r in
      flows.withUnsafeMutableBufferPointer {
        integrand.evaluate(w, rows: r.baseAddress!, spectra: spectra, state: state, into: $0.baseAddress!)
      }
    }
    guard exists else {
      throw SolverError(
        .unsuitableModel, at: .baths, "the bosons have an undamped mode at energy \(w)",
        hint: "Attach a bath to it, for example kind: ohmic with a small friction")
    }
  }

  /// |Tr[dE A~]| <= |dE| |A~| in Frobenius norms, a changed Pi_e moves D by D dPi D, and rounding.
  private func assess(
    _ blocks: [SpectraSolver.Block], _ s: Int, _ state: OperatingState, w: Double, dispersionError: Double
  ) {
    let modes = environment.count
    func total(_ errors: KeyPath<SpectraSolver.Block, [Double]>) -> Double {
      blocks.reduce(0) { $0 + $1[keyPath: errors][(s * modes)..<((s + 1) * modes)].reduce(0, +) }
    }
    let (dE, dB, dL) = (total(\.emissionError), total(\.absorptionError), total(\.densityError))
    let electrons = layout.isDressed ? dispersionError + 0.5 * dL : 0
    let response = 2 * integrand.norms.propagator * (electrons + environment.error) + 1e-13
    let prefactor = 1 / (2 * Double.pi)
    // Several baths that share several modes: the terms of (17) of Theory.md with X_pq.
    let shared = environment.baths.count > 1 && modes > 1 ? dL * integrand.norms.occupied : 0
    for p in emission.indices {
      let (n, norm) = integrand.lightWeights[p]
      let (e, b) = (flows[layout.emission(p)], flows[layout.absorption(p)])
      emission[p] = Estimate(e, error: prefactor * (1 + n) * norm * dE + response * abs(e))
      absorption[p] = Estimate(b, error: prefactor * n * norm * dB + response * abs(b))
      net[p] = Estimate(
        netRate(p, w), error: prefactor * (norm * (dE + n * dL) + shared) + response * (abs(e) + abs(b)))
    }
    let norm = integrand.lightWeights.reduce(0) { $0 + $1.norm }
    chemicalPotential = chemicalPotential(
      w, state, emission: Estimate(flows[layout.bareEmission], error: prefactor * norm * dE),
      absorption: Estimate(flows[layout.bareAbsorption], error: prefactor * norm * dB))
  }

  /// Net bosons from all channels into a bath.
  private func netRate(_ p: Int, _ w: Double) -> Double {
    (0..<layout.channels).reduce(0) {
      $0 + (layout.isDressed ? flows[layout.exchange($1, layout.channels + p)] / w : flows[layout.channel($1, bath: p)])
    }
  }

  private func chemicalPotential(
    _ w: Double, _ state: OperatingState, emission e: Estimate, absorption b: Estimate
  ) -> Estimate {
    let t = state.temperatures.reduce(0, +) / Double(max(state.temperatures.count, 1))
    guard t > 0, e.value > e.error, b.value > b.error else { return .notANumber }
    let mu = w - t * (Double.log(b.value) - Double.log(e.value))
    let error = t * (b.error / (b.value - b.error) + e.error / (e.value - e.error))
    return Estimate(mu, error: error + 4e-16 * (w + t * (abs(Double.log(b.value)) + abs(Double.log(e.value)))))
  }

  /// Error of the net rates relative to emission and absorption together.
  package var relativeError: Double {
    var (error, gross) = (0.0, 0.0)
    for p in net.indices {
      error += net[p].error
      gross += abs(emission[p].value) + abs(absorption[p].value)
    }
    return gross > 1e-280 ? error / gross : 0
  }
}
