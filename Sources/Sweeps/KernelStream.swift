import ElectronSpectra
import TransportResults

/// Pair kernels of all mode pairs at listed frequencies, handed to workers one after the other. Kernels of a group of frequencies
/// are in memory together and share one uniform grid of energies where that pays.
struct KernelStream {
  let prepared: PreparedJunction
  let frequencies: [Double]

  /// Calls `body(f, kernel, worker)` once for every frequency index f.
  func run<Worker>(
    _ work: ParallelWork, stage: String,
    makeWorker: @escaping @Sendable () -> Worker,
    body: @escaping @Sendable (Int, PanelKernel, inout Worker) throws(SolverError) -> Void
  ) throws(SolverError) {
    let modes = prepared.junction.bosons.count
    let (prepared, frequencies) = (self.prepared, self.frequencies)
    for group in groups(electrodes: prepared.junction.electrodes.count, modes: modes) {
      let uniform = try prepared.uniformKernels(at: Array(frequencies[group]), pairs: .all(count: modes))
      if let uniform {
        try work.run(
          uniform.count, stage: "pair kernels", makeWorker: { uniform.makeWorker() },
          body: { node, worker throws(SolverError) in try uniform.fill(node, &worker) })
      }
      try work.run(
        group.count, stage: stage, makeWorker: makeWorker,
        body: { position, worker throws(SolverError) in
          let f = group.lowerBound + position
          if let uniform {
            try body(f, uniform.kernel(position), &worker)
          } else {
            try body(f, try prepared.pairKernel(at: frequencies[f], pairs: .all(count: modes)), &worker)
          }
        })
    }
  }

  /// Consecutive frequencies whose kernels fit into a gibibyte at a thousand nodes each; into a quarter of it, whose memory is used again and again,
  /// where little is gained from sharing the nodes.
  private func groups(electrodes: Int, modes: Int) -> [Range<Int>] {
    let bytes = 8 * 1000 * electrodes * electrodes * modes * modes
    let size = max(1, (prepared.pairTable == nil ? 1 << 30 : 1 << 28) / max(bytes, 1))
    return stride(from: 0, to: frequencies.count, by: size).map { $0..<min($0 + size, frequencies.count) }
  }
}
