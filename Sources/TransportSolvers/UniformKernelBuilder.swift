import DenseMatrices
import JunctionModel

/// Fills pair kernels of several frequencies on one uniform grid, node by node: M^k W(e) is computed once per node and
/// shared by all frequencies. Different nodes may be filled by different threads.
package final class UniformKernelBuilder: @unchecked Sendable {
  // Every node writes its own elements of the buffers; they are read only after all nodes are done.
  private let prepared: PreparedJunction
  private let grid: UniformGrid
  private let frequencies: [Double]
  private let template: PairKernelSampler
  private let values: [UnsafeMutablePointer<Double>]
  private let rounding: [UnsafeMutablePointer<Double>]
  private let width: Int
  private let diagonalWidth: Int

  /// One thread's buffers.
  package struct Worker {
    var sampler: PairKernelSampler
    var values: [Double]
    var rounding: [Double]
  }

  init(_ prepared: PreparedJunction, grid: UniformGrid, frequencies: [Double], sampler: PairKernelSampler) {
    self.prepared = prepared
    self.grid = grid
    self.frequencies = frequencies
    template = sampler
    let (width, diagonalWidth) = (sampler.channels * sampler.columns, sampler.channels * sampler.diagonals)
    self.width = width
    self.diagonalWidth = diagonalWidth
    values = frequencies.map { _ in .allocate(capacity: width * grid.count) }
    rounding = frequencies.map { _ in .allocate(capacity: diagonalWidth * grid.count) }
  }

  deinit {
    for buffer in values + rounding { buffer.deallocate() }
  }

  /// Number of nodes to fill.
  package var count: Int { grid.count }

  /// Buffers for one thread.
  package func makeWorker() -> Worker {
    Worker(
      sampler: template, values: [Double](repeating: 0, count: width), rounding: [Double](repeating: 0, count: diagonalWidth))
  }

  /// Computes one node for all frequencies.
  package func fill(_ node: Int, _ worker: inout Worker) throws(SolverError) {
    let energy = grid.energy(node)
    let factor = grid.spacing / (2 * Double.pi)
    do {
      try worker.sampler.setInitial(energy)
      for (f, frequency) in frequencies.enumerated() {
        try worker.sampler.finish(energy: energy, frequency: frequency, values: &worker.values, rounding: &worker.rounding)
        for c in 0..<width { values[f][c * grid.count + node] = factor * worker.values[c] }
        for c in 0..<diagonalWidth { rounding[f][c * grid.count + node] = factor * worker.rounding[c] }
      }
    } catch {
      throw SolverError(.linearAlgebra, "the pair kernel could not be computed at energy \(energy): \(error)")
    }
  }

  /// The finished kernel of one frequency, by index.
  package func kernel(_ f: Int) -> PanelKernel {
    let n = grid.count
    let nodes = (0..<n).map { grid.energy($0) }
    let (channels, columns, diagonals) = (template.channels, template.columns, template.diagonals)
    let stored = Array(UnsafeBufferPointer(start: values[f], count: width * n))
    let errors = Array(UnsafeBufferPointer(start: rounding[f], count: diagonalWidth * n))
    let vanishing = (0..<channels).map { channel in
      let peak = stored[(channel * columns * n)..<((channel * columns + diagonals) * n)].max() ?? 0
      let noise = errors[(channel * diagonals * n)..<((channel + 1) * diagonals * n)].max() ?? 0
      return peak <= 4 * noise
    }
    return PanelKernel(
      frequency: frequencies[f], uniform: grid, panels: [], nodes: nodes, finalNodes: nodes.map { $0 - frequencies[f] },
      channels: channels, columns: columns, diagonals: diagonals, values: stored, errors: errors, reachBelow: [],
      reachAbove: [], vanishing: vanishing, unresolvedPanels: 0, tolerance: prepared.kernelTolerance)
  }
}
