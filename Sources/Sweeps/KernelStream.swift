import ElectronSpectra
import TransportResults

/// Pair kernels of all mode pairs at listed frequencies, handed to workers one after the other. Kernels of a group of frequencies
/// are in memory together and share one uniform grid of energies where that pays.
struct KernelStream {
  let prepared: PreparedJunction
  let frequencies: [Double]

  /// Calls `body(f, kernel, worker, notes)` once for every frequency index f, in a stage of the ledger; `columns` are those that `body` writes to.
  func run<Worker>(
    _ work: ParallelWork, _ ledger: StateLedger, stage: String, columns: [ResultColumns],
    makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, PanelKernel, inout Worker, PieceNotes) throws(SolverError) -> Void
  ) throws(SolverError) {
    let (prepared, frequencies) = (self.prepared, self.frequencies)
    try ledger.stage { notes throws(SolverError) in
      for (number, group) in groups.enumerated() {
        let places = PiecePlaces.frequencies(count: frequencies.count, first: group.lowerBound)
        try ledger.run(
          StateStage(stage, key: "group \(number)", columns, places), group.count, work, in: notes,
          prepare: { () throws(SolverError) in try kernels(group, number, work) }, makeWorker: { ($0, makeWorker()) },
          body: { position, tools, own throws(SolverError) in
            let f = group.lowerBound + position
            let kernel: PanelKernel
            if let uniform = tools.0 {
              kernel = uniform.kernel(position)
            } else {
              kernel = try prepared.pairKernel(at: frequencies[f], pairs: .all(count: prepared.junction.bosons.count))
            }
            try body(f, kernel, &tools.1, own)
          })
      }
      notes.note { $0.finish(0..<ledger.states) }
    }
  }

  /// The kernels of a group on one grid, where there is one.
  private func kernels(
    _ group: Range<Int>, _ number: Int, _ work: ParallelWork
  ) throws(SolverError) -> UniformKernelBuilder? {
    let pairs = ModePairs.all(count: prepared.junction.bosons.count)
    guard let uniform = try prepared.uniformKernels(at: Array(frequencies[group]), pairs: pairs) else { return nil }
    try work.run(
      uniform.count, stage: PieceStage("pair kernels", key: "kernels of group \(number)", role: .shared, records: uniform),
      makeWorker: { uniform.makeWorker() }, body: { node, worker throws(SolverError) in try uniform.fill(node, &worker) })
    return uniform
  }

  /// Consecutive frequencies whose kernels fit into a gibibyte at a thousand nodes each; into a quarter of it, whose memory is used again and again,
  /// where little is gained from sharing the nodes.
  private var groups: [Range<Int>] {
    let (electrodes, modes) = (prepared.junction.electrodes.count, prepared.junction.bosons.count)
    let bytes = 8 * 1000 * electrodes * electrodes * modes * modes
    let size = max(1, (prepared.pairTable == nil ? 1 << 30 : 1 << 28) / max(bytes, 1))
    return stride(from: 0, to: frequencies.count, by: size).map { $0..<min($0 + size, frequencies.count) }
  }
}
