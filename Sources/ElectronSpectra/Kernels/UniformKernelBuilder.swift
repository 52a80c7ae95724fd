import DenseMatrices
import JunctionModel
import Quadrature
import TransportResults

/// Fills pair kernels of several frequencies on one uniform grid, in pieces of some nodes: what does not depend on the frequency
/// (M^k W(e), or the sum over a table's initial energies) is computed once per node. Different pieces may be filled by different threads.
package final class UniformKernelBuilder: @unchecked Sendable {
  // Every node writes its own elements of the buffers; they are read only after all nodes are done.
  private let prepared: PreparedJunction
  private let grid: UniformGrid
  private let frequencies: [Double]
  private let source: PairSource
  private let values: [UnsafeMutablePointer<Double>]
  private let rounding: [UnsafeMutablePointer<Double>]
  private let width: Int
  private let diagonalWidth: Int
  /// Nodes of a piece: a cache line of results, so that writing them costs little.
  private static let block = 8

  /// One thread's buffers.
  package struct Worker {
    package var source: PairSource
    /// Values of a node at all frequencies, one buffer for each node of a piece.
    package var values: [[Double]]
    package var rounding: [[Double]]
  }

  package init(_ prepared: PreparedJunction, grid: UniformGrid, frequencies: [Double], source: PairSource) {
    self.prepared = prepared
    self.grid = grid
    self.frequencies = frequencies
    self.source = source
    let (width, diagonalWidth) = (source.channels * source.columns, source.channels * source.diagonals)
    self.width = width
    self.diagonalWidth = diagonalWidth
    values = frequencies.map { _ in .allocate(capacity: width * grid.count) }
    rounding = frequencies.map { _ in .allocate(capacity: diagonalWidth * grid.count) }
  }

  deinit {
    for buffer in values + rounding { buffer.deallocate() }
  }

  /// Number of pieces to fill; the grid's count is a multiple of eight.
  package var count: Int { grid.count / Self.block }

  /// Buffers for one thread.
  package func makeWorker() -> Worker {
    Worker(
      source: source,
      values: (0..<Self.block).map { _ in [Double](repeating: 0, count: width * frequencies.count) },
      rounding: (0..<Self.block).map { _ in [Double](repeating: 0, count: diagonalWidth * frequencies.count) })
  }

  /// Computes one piece for all frequencies.
  package func fill(_ piece: Int, _ worker: inout Worker) throws(SolverError) {
    let first = piece * Self.block
    let energies = (first..<(first + Self.block)).map { grid.energy($0) }
    do throws(LinearAlgebraError) {
      try worker.source.fill(energies, frequencies, values: &worker.values, rounding: &worker.rounding)
    } catch {
      throw SolverError(
        .linearAlgebra,
        "the pair kernel could not be computed at energies from \(energies[0] + prepared.referenceEnergy): \(error)")
    }
    for f in frequencies.indices {
      scatter(worker.values, width, f, to: values[f] + first)
      scatter(worker.rounding, diagonalWidth, f, to: rounding[f] + first)
    }
  }

  /// The nodes of a piece become neighbours in memory.
  private func scatter(_ source: [[Double]], _ width: Int, _ f: Int, to target: UnsafeMutablePointer<Double>) {
    let factor = grid.spacing / (2 * Double.pi)
    for (i, values) in source.enumerated() {
      values.withUnsafeBufferPointer { x in
        for c in 0..<width { target[c * grid.count + i] = factor * x[f * width + c] }
      }
    }
  }

  /// The finished kernel of one frequency, by index.
  package func kernel(_ f: Int) -> PanelKernel {
    let n = grid.count
    let nodes = (0..<n).map { grid.energy($0) }
    let (channels, columns, diagonals) = (source.channels, source.columns, source.diagonals)
    let stored = Array(UnsafeBufferPointer(start: values[f], count: width * n))
    let errors = Array(UnsafeBufferPointer(start: rounding[f], count: diagonalWidth * n))
    // Nothing that its own error does not cover, at any node.
    let vanishing = (0..<channels).map { channel in
      let (first, noise) = (channel * columns * n, channel * diagonals * n)
      return (0..<(diagonals * n)).allSatisfy { stored[first + $0] <= 4 * errors[noise + $0] }
    }
    return PanelKernel(
      frequency: frequencies[f], uniform: grid, panels: [], nodes: nodes, finalNodes: nodes.map { $0 - frequencies[f] },
      channels: channels, columns: columns, diagonals: diagonals, values: stored, errors: errors, reachBelow: [],
      reachAbove: [], vanishing: vanishing, unresolvedPanels: 0, tolerance: prepared.kernelTolerance)
  }
}

extension UniformKernelBuilder: PieceRecords {
  /// The nodes of a piece at all frequencies, values and rounding.
  package func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    writer.reserve(8 * Self.block * frequencies.count * (width + diagonalWidth))
    for row in rows(piece) { writer.put(bare: UnsafeBufferPointer(row)) }
    return writer.bytes
  }

  package func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    guard bytes.count == 8 * Self.block * frequencies.count * (width + diagonalWidth) else { return false }
    var reader = RecordReader(bytes)
    return rows(piece).allSatisfy { reader.read(into: $0) }
  }

  /// What a piece fills: stretches of as many neighbours as it has nodes.
  private func rows(_ piece: Int) -> [UnsafeMutableBufferPointer<Double>] {
    frequencies.indices.flatMap { f in
      [(values[f], width), (rounding[f], diagonalWidth)].flatMap { buffer, width in
        (0..<width).map { UnsafeMutableBufferPointer(start: buffer + $0 * grid.count + piece * Self.block, count: Self.block) }
      }
    }
  }
}

/// Where pair kernels come from: products with the spectral factors, or a table.
package enum PairSource: Sendable {
  case direct(PairKernelSampler)
  case table(TabulatedPairSampler)

  package var pairs: ModePairs {
    switch self {
    case .direct(let sampler): sampler.pairs
    case .table(let sampler): sampler.table.pairs
    }
  }
  package var channels: Int {
    switch self {
    case .direct(let sampler): sampler.channels
    case .table(let sampler): sampler.table.channels
    }
  }
  package var columns: Int { pairs.columns }
  package var diagonals: Int { pairs.modes.count }

  /// X from every energy to that energy minus every frequency: `values[i][f * width + column]`, errors of the diagonals alike.
  package mutating func fill(
    _ energies: [Double], _ frequencies: [Double], values: inout [[Double]], rounding: inout [[Double]]
  ) throws(LinearAlgebraError) {
    switch self {
    case .table(var sampler):
      sampler.setInitial(energies)
      for (i, energy) in energies.enumerated() {
        sampler.finish(i, finalEnergies: frequencies.map { energy - $0 }, values: &values[i], rounding: &rounding[i])
      }
      self = .table(sampler)
    case .direct(var sampler):
      let (width, diagonalWidth) = (channels * columns, channels * diagonals)
      for (i, energy) in energies.enumerated() {
        try LinearAlgebraError.checkInterruption("pair kernels")
        try sampler.setInitial(energy)
        for (f, frequency) in frequencies.enumerated() {
          var failure: LinearAlgebraError?
          values[i].withUnsafeMutableBufferPointer { x in
            rounding[i].withUnsafeMutableBufferPointer { dx in
              do throws(LinearAlgebraError) {
                try sampler.finish(
                  finalEnergy: energy - frequency, values: x.baseAddress! + f * width,
                  rounding: dx.baseAddress! + f * diagonalWidth)
              } catch { failure = error }
            }
          }
          if let failure { throw failure }
        }
      }
      self = .direct(sampler)
    }
  }
}
