import BosonPropagators
import ElectronSpectra
import Quadrature
import Synchronization
import TransportResults

/// The state-independent kernels of all mode pairs at one boson frequency.
package struct FrequencyKernels: Sendable {
  package let pairs: PanelKernel
  /// nil when the real part of the electrons' self-energy is not wanted.
  package let dispersion: DispersionKernel?
}

/// Panels of boson frequencies with the kernels of all mode pairs, computed once, on demand, and shared by all states and
/// workers. States descend from the first panels to their halves where their spectra need it.
package final class SpectraMesh: Sendable {
  package static let order = FrequencyWeights.order
  package static let rule = FrequencyWeights.rule

  private let prepared: PreparedJunction
  private let hasDispersion: Bool
  private let modes: Int
  /// In ascending order; they cover (0, highest].
  package let firstPanels: [Panel]
  /// Pi_e's kernel at w = 0, for the static part; nil unless wanted.
  package let staticDispersion: DispersionKernel?
  private let cache = Mutex<[Key: Slot]>([:])

  private struct Key: Hashable {
    let start: Double
    let end: Double
  }

  /// Few resonances break the panels; with many of them halving decides.
  private static let mostResonances = 12

  package init(
    _ prepared: PreparedJunction, highest: Double, breakpoints: [Double], renormalization: ComputeSettings.Renormalization
  ) throws(SolverError) {
    self.prepared = prepared
    hasDispersion = renormalization != .none
    modes = prepared.junction.bosons.count
    staticDispersion = renormalization == .dynamic ? try prepared.dispersionKernel(at: 0) : nil
    let features = prepared.pairFeatures(upTo: highest, mostResonances: Self.mostResonances)
    // Many resonances: a few panels to begin with, so that their kernels can be computed in parallel.
    let equal = prepared.resonances.count > Self.mostResonances ? [0.25, 0.5, 0.75].map { $0 * highest } : []
    let rule = KinkRule(features, breaks: equal + breakpoints)
    firstPanels = rule.panels(from: 0, to: highest, rho: 1.8, longerThan: 1e-12 * highest)
  }

  /// True when there are electrons whose spectra are needed at all.
  package var hasElectrons: Bool { !prepared.junction.conductor.isEmpty }

  /// Kernels at the nodes of a panel; empty without electrons.
  package func kernels(of panel: Panel) throws(SolverError) -> [FrequencyKernels] {
    guard hasElectrons else { return [] }
    let key = Key(start: panel.start, end: panel.end)
    let slot = cache.withLock { slots in
      if let found = slots[key] { return found }
      let made = Slot()
      slots[key] = made
      return made
    }
    // Whoever comes first computes, the others wait for it.
    return try slot.kernels.withLock { (stored) throws(SolverError) -> [FrequencyKernels] in
      if let stored { return stored }
      let computed = try kernels(at: Self.rule.nodes.map { panel.position($0).0 })
      stored = computed
      return computed
    }
  }

  /// Takes up the kernels of a panel that were computed elsewhere.
  private func keep(_ kernels: [FrequencyKernels], of panel: Panel) {
    let slot = Slot()
    slot.kernels.withLock { $0 = kernels }
    cache.withLock { $0[Key(start: panel.start, end: panel.end)] = slot }
  }

  private final class Slot: Sendable {
    let kernels = Mutex<[FrequencyKernels]?>(nil)
  }

  /// Kernels at some frequencies, which share the products M W(e) when one uniform grid of energies serves them all.
  private func kernels(at frequencies: [Double]) throws(SolverError) -> [FrequencyKernels] {
    var pairs: [PanelKernel] = []
    if let builder = try prepared.uniformKernels(at: frequencies, pairs: .all(count: modes)) {
      var worker = builder.makeWorker()
      for node in 0..<builder.count {
        try SolverError.checkInterruption("computing a kernel")
        try builder.fill(node, &worker)
      }
      pairs = frequencies.indices.map { builder.kernel($0) }
    } else {
      for frequency in frequencies {
        pairs.append(try prepared.pairKernel(at: frequency, pairs: .all(count: modes)))
      }
    }
    var result: [FrequencyKernels] = []
    for (kernel, frequency) in zip(pairs, frequencies) {
      result.append(
        FrequencyKernels(pairs: kernel, dispersion: hasDispersion ? try prepared.dispersionKernel(at: frequency) : nil))
    }
    return result
  }
}

/// The kernels of the first panels, one panel a piece.
extension SpectraMesh: PieceRecords {
  package func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    for kernel in (try? kernels(of: firstPanels[piece])) ?? [] { kernel.put(into: &writer) }
    return writer.bytes
  }

  package func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    var reader = RecordReader(bytes)
    var kernels: [FrequencyKernels] = []
    for _ in Self.rule.nodes {
      guard let kernel = FrequencyKernels(from: &reader), (kernel.dispersion != nil) == hasDispersion else { return false }
      kernels.append(kernel)
    }
    guard reader.isAtEnd, firstPanels.indices.contains(piece) else { return false }
    keep(kernels, of: firstPanels[piece])
    return true
  }
}

extension FrequencyKernels: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    pairs.put(into: &writer)
    writer.put(dispersion == nil ? 0 : 1)
    dispersion?.put(into: &writer)
  }

  package init?(from reader: inout RecordReader) {
    guard let pairs = PanelKernel(from: &reader), let has = reader.integer() else { return nil }
    guard has == 1 else {
      self.init(pairs: pairs, dispersion: nil)
      return
    }
    guard let dispersion = DispersionKernel(from: &reader) else { return nil }
    self.init(pairs: pairs, dispersion: dispersion)
  }
}
