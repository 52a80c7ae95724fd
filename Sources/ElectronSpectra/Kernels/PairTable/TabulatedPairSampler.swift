import DenseMatrices
import RealModule

/// Reads pair kernels from a `PairKernelTable`: first a product with the basis at some initial energies, then for each of them one with the
/// basis at the final energies.
///
/// Cost with J nodes and C columns of all channels: 2 J^2 C flops per initial energy, 2 J C per pair of energies, in dgemm.
package struct TabulatedPairSampler {
  package let table: PairKernelTable
  private let order: Int
  private let width: Int
  private let diagonalWidth: Int
  private var basis: [Double]
  private var magnitudes: [Double]
  /// sum_j psi_j(e_i) X_jj', [(i * J + j') * width + column].
  private var rows: [Double] = []
  /// sum_j |psi_j(e_i)| errors_jj', then the same of the diagonals themselves (filled on demand).
  private var errorRows: [Double] = []
  private var energies = 0
  /// Temperatures of the initial energies outside the core.
  private var initialLoss: [Double] = []

  /// Values and errors of `finish` per final energy.
  package var outputWidths: (values: Int, rounding: Int) { (width, diagonalWidth) }

  package init(_ table: PairKernelTable) {
    self.table = table
    order = table.count
    width = table.width
    diagonalWidth = table.diagonalWidth
    basis = []
    magnitudes = []
  }

  /// First half, for a block of initial energies.
  package mutating func setInitial(_ initial: [Double]) {
    energies = initial.count
    initialLoss = initial.map { table.window.loss($0) }
    prepare(initial)
    if rows.count < energies * order * width { rows = [Double](repeating: 0, count: energies * order * width) }
    if errorRows.count < energies * order * diagonalWidth {
      errorRows = [Double](repeating: 0, count: energies * order * diagonalWidth)
    }
    let (m, d) = (order * width, order * diagonalWidth)
    table.values.withUnsafeBufferPointer { x in
      BLAS.multiply(x.baseAddress!, rows: m, basis, rows: order, into: &rows, rows: m, m: m, n: energies, k: order)
    }
    table.errors.withUnsafeBufferPointer { x in
      BLAS.multiply(x.baseAddress!, rows: d, magnitudes, rows: order, into: &errorRows, rows: d, m: d, n: energies, k: order)
    }
  }

  /// Second half: kernels from initial energy `i` of the block to some final energies, [f * width + column], and their errors.
  package mutating func finish(
    _ i: Int, finalEnergies: [Double], values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) {
    prepare(finalEnergies)
    let n = finalEnergies.count
    rows.withUnsafeBufferPointer { x in
      BLAS.multiply(
        x.baseAddress! + i * order * width, rows: width, basis, rows: order, into: values, rows: width, m: width, n: n,
        k: order)
    }
    errorRows.withUnsafeBufferPointer { x in
      BLAS.multiply(
        x.baseAddress! + i * order * diagonalWidth, rows: diagonalWidth, magnitudes, rows: order, into: rounding,
        rows: diagonalWidth, m: diagonalWidth, n: n, k: order)
    }
    // What interpolation leaves of a vanishing diagonal may be negative.
    let (columns, diagonals) = (table.pairs.columns, table.pairs.modes.count)
    for f in 0..<n {
      let loss = max(initialLoss[i], table.window.loss(finalEnergies[f]))
      if loss > 0 {
        let factor = Double.exp(min(loss, 200))
        for c in 0..<diagonalWidth { rounding[f * diagonalWidth + c] = table.outerErrors[c] * factor }
      }
      for channel in 0..<table.channels {
        let first = f * width + channel * columns
        for c in first..<(first + diagonals) { values[c] = max(values[c], 0) }
      }
    }
  }

  /// sum_jj' |psi_j psi_j'| X_jj' of the diagonals: what interpolation errors are measured against.
  package mutating func scales(_ initial: Double, _ final: Double, into result: UnsafeMutablePointer<Double>) {
    prepare([initial, final])
    for c in 0..<diagonalWidth { result[c] = 0 }
    let (columns, diagonals) = (table.pairs.columns, table.pairs.modes.count)
    for j in 0..<order {
      for k in 0..<order {
        let factor = magnitudes[j] * magnitudes[order + k]
        let block = (j * order + k) * width
        for channel in 0..<table.channels {
          for m in 0..<diagonals { result[channel * diagonals + m] += factor * abs(table.values[block + channel * columns + m]) }
        }
      }
    }
  }

  private mutating func prepare(_ at: [Double]) {
    if basis.count < at.count * order {
      basis = [Double](repeating: 0, count: at.count * order)
      magnitudes = basis
    }
    basis.withUnsafeMutableBufferPointer { b in
      for (i, e) in at.enumerated() { table.interpolation.fill(at: e, into: b.baseAddress! + i * order) }
    }
    for i in 0..<(at.count * order) { magnitudes[i] = abs(basis[i]) }
  }
}

/// Panels of energies at one boson frequency, read from a table.
package struct TabulatedPairKernel: KernelSampler {
  private var sampler: TabulatedPairSampler
  private let frequency: Double
  private let pairBounds: [(Int, Int)]
  package let channels: Int
  package let columns: Int
  package let diagonals: Int

  package init(_ table: PairKernelTable, frequency: Double) {
    sampler = TabulatedPairSampler(table)
    self.frequency = frequency
    pairBounds = table.pairs.bounds
    (channels, columns, diagonals) = (table.channels, table.pairs.columns, table.pairs.modes.count)
  }

  package func bounds(of column: Int) -> (Int, Int) { pairBounds[column] }

  package mutating func sample(
    at energies: [Double], values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) {
    sampler.setInitial(energies)
    for (i, energy) in energies.enumerated() {
      sampler.finish(
        i, finalEnergies: [energy - frequency], values: values + i * channels * columns,
        rounding: rounding + i * channels * diagonals)
    }
  }
}
