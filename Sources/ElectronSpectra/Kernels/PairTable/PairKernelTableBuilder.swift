import DenseMatrices
import Quadrature
import RealModule
import TransportResults

/// Fills a `PairKernelTable` in independent pieces, one initial energy each; then holds it against directly computed kernels.
///
/// tr[M^m A_a(e) M^n A_b(e')] = tr[M^n A_b(e') M^m A_a(e)]: for Hermitian couplings half of the pairs of energies suffice.
/// Cost: J initial energies and J(J + 1)/2 pairs of `PairKernelSampler`, J(J + 1)/2 -> J^2 for rotating-wave modes.
package final class PairKernelTableBuilder: @unchecked Sendable {
  // Every piece writes its own elements of the buffers; they are read only after all pieces are done.
  private let template: PairKernelSampler
  private let interpolation: RationalInterpolation
  private let window: TableWindow
  private let isSymmetric: Bool
  private let values: UnsafeMutablePointer<Double>
  private let checks: [(initial: Double, final: [Double])]
  private let checkValues: UnsafeMutablePointer<Double>
  private let checkRounding: UnsafeMutablePointer<Double>
  private var order: Int { interpolation.count }
  private var width: Int { template.channels * template.columns }
  private var diagonalWidth: Int { template.channels * template.diagonals }

  private static let checkEnergies = 3
  /// From the largest deviation seen at nine pairs of energies to a bound.
  private static let safety = 8.0

  package init(_ sampler: PairKernelSampler, interpolation: RationalInterpolation, window: TableWindow) {
    template = sampler
    self.interpolation = interpolation
    self.window = window
    isSymmetric = !sampler.factors.isRotatingWave
    let pairs = interpolation.count * interpolation.count
    values = .allocate(capacity: pairs * sampler.channels * sampler.columns)
    // Low-discrepancy energies, none of them a node; some beyond the core.
    let low = max(window.core.lowerBound - 4 * window.temperature, window.whole.lowerBound)
    let high = min(window.core.upperBound + 4 * window.temperature, window.whole.upperBound)
    func energy(_ i: Int, _ step: Double) -> Double {
      low + (high - low) * (0.5 + Double(i) * step).truncatingRemainder(dividingBy: 1)
    }
    let number = Self.checkEnergies
    checks = (0..<number).map { i in
      (
        energy(i + 1, 0.618_033_988_749_894_9),
        (0..<number).map { energy(number * i + $0 + 1, 0.414_213_562_373_095_05) }
      )
    }
    checkValues = .allocate(capacity: number * number * sampler.channels * sampler.columns)
    checkRounding = .allocate(capacity: number * number * sampler.channels * sampler.diagonals)
  }

  deinit {
    for buffer in [values, checkValues, checkRounding] { buffer.deallocate() }
  }

  /// Number of pieces, the largest first.
  package var count: Int { order + checks.count }

  /// One thread's buffers.
  package struct Worker {
    package var sampler: PairKernelSampler
    /// A priori bounds of a pair of energies, not used: what a table misses is measured.
    package var rounding: [Double]
  }

  /// Buffers for one thread.
  package func makeWorker() -> Worker {
    Worker(sampler: template, rounding: [Double](repeating: 0, count: diagonalWidth))
  }

  /// Computes one piece.
  package func fill(_ piece: Int, _ worker: inout Worker) throws(SolverError) {
    do throws(LinearAlgebraError) {
      if piece < order { try fillRow(order - 1 - piece, &worker) } else { try fillCheck(piece - order, &worker.sampler) }
    } catch {
      throw SolverError(.linearAlgebra, "the pair kernels could not be computed: \(error)")
    }
  }

  /// What a piece computes: where it is, and how many numbers there are.
  private func places(_ piece: Int) -> [UnsafeMutableBufferPointer<Double>] {
    guard piece >= order else {
      let j = order - 1 - piece
      return [UnsafeMutableBufferPointer(start: values + j * order * width, count: (isSymmetric ? j + 1 : order) * width)]
    }
    let (first, number) = ((piece - order) * Self.checkEnergies, Self.checkEnergies)
    return [
      UnsafeMutableBufferPointer(start: checkValues + first * width, count: number * width),
      UnsafeMutableBufferPointer(start: checkRounding + first * diagonalWidth, count: number * diagonalWidth),
    ]
  }

  private func fillRow(_ j: Int, _ worker: inout Worker) throws(LinearAlgebraError) {
    try worker.sampler.setInitial(interpolation.nodes[j])
    for k in 0..<(isSymmetric ? j + 1 : order) {
      try LinearAlgebraError.checkInterruption("pair kernels")
      let x = values + (j * order + k) * width
      try worker.sampler.finish(finalEnergy: interpolation.nodes[k], values: x, rounding: &worker.rounding)
    }
    mirrorRow(j)
  }

  /// The kernels that symmetry gives.
  private func mirrorRow(_ j: Int) {
    guard isSymmetric else { return }
    for k in 0..<j { exchange(values + (j * order + k) * width, into: values + (k * order + j) * width) }
  }

  /// X^{ba}_{nm}(e', e) = X^{ab}_{mn}(e, e'): channels swapped, the imaginary parts of packed pairs reversed.
  private func exchange(_ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>) {
    let (electrodes, columns, diagonals) = (template.electrodes, template.columns, template.diagonals)
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        let (source, target) = (x + (a * electrodes + b) * columns, y + (b * electrodes + a) * columns)
        for c in 0..<diagonals { target[c] = source[c] }
        for c in stride(from: diagonals, to: columns, by: 2) { (target[c], target[c + 1]) = (source[c], -source[c + 1]) }
      }
    }
  }

  private func fillCheck(_ i: Int, _ sampler: inout PairKernelSampler) throws(LinearAlgebraError) {
    try sampler.setInitial(checks[i].initial)
    for (k, final) in checks[i].final.enumerated() {
      let index = i * Self.checkEnergies + k
      try sampler.finish(
        finalEnergy: final, values: checkValues + index * width, rounding: checkRounding + index * diagonalWidth)
    }
  }

  /// The finished table, or nil when it misses the kernels computed for comparison by more than the relative tolerance.
  package func table(tolerance: Double) -> PairKernelTable? {
    let number = order * order
    let bare = PairKernelTable(
      interpolation: interpolation, window: window, pairs: template.pairs, channels: template.channels,
      values: Array(UnsafeBufferPointer(start: values, count: number * width)),
      errors: [Double](repeating: 0, count: number * diagonalWidth), outerErrors: [Double](repeating: 0, count: diagonalWidth))
    let comparisons = comparisons(bare)
    let scales = meanScales(comparisons)
    guard let defects = defects(comparisons, scales, tolerance), meets(tolerance, comparisons, defects) else { return nil }
    var errors = bare.errors
    for block in 0..<number {
      for index in 0..<diagonalWidth {
        errors[block * diagonalWidth + index] = Self.safety * defects[index] * abs(bare.values[block * width + column(index)])
      }
    }
    return PairKernelTable(
      interpolation: interpolation, window: window, pairs: template.pairs, channels: template.channels, values: bare.values,
      errors: errors, outerErrors: zip(defects, scales).map { Self.safety * $0 * $1 })
  }

  /// Where a diagonal, [channel * diagonals + mode], stands among all columns.
  private func column(_ diagonal: Int) -> Int {
    diagonal / template.diagonals * template.columns + diagonal % template.diagonals
  }

  /// A pair of energies that are no nodes: kernels computed directly, with their rounding, and read from the table.
  private struct Comparison {
    /// Temperatures outside the core.
    let loss: Double
    let exact: UnsafePointer<Double>
    let noise: UnsafePointer<Double>
    let read: [Double]
    /// sum |psi_j psi_j'| X_jj' of the diagonals.
    let scales: [Double]
  }

  private func comparisons(_ table: PairKernelTable) -> [Comparison] {
    var sampler = TabulatedPairSampler(table)
    var (read, unused) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: diagonalWidth))
    var (scales, result) = (unused, [Comparison]())
    for (i, check) in checks.enumerated() {
      sampler.setInitial([check.initial])
      for (k, final) in check.final.enumerated() {
        sampler.finish(0, finalEnergies: [final], values: &read, rounding: &unused)
        sampler.scales(check.initial, final, into: &scales)
        let index = i * Self.checkEnergies + k
        result.append(
          Comparison(
            loss: max(window.loss(check.initial), window.loss(final)), exact: checkValues + index * width,
            noise: checkRounding + index * diagonalWidth, read: read, scales: scales))
      }
    }
    return result
  }

  /// The mean scales of the pairs of energies in the core.
  private func meanScales(_ comparisons: [Comparison]) -> [Double] {
    let inside = comparisons.filter { $0.loss == 0 }
    return (0..<diagonalWidth).map { index in
      inside.isEmpty ? .infinity : inside.reduce(0) { $0 + $1.scales[index] } / Double(inside.count)
    }
  }

  /// Interpolation and rounding together, for every channel and mode: the largest deviation from directly computed kernels over
  /// sum |psi_j psi_j'| X_jj'. A pair of modes is bounded by the geometric mean of its two; where that would be too little the smaller
  /// one is raised. Beyond the core deviations count as far as the occupations let them, and are measured on the mean scale of the core.
  /// Nil when a deviation exceeds the tolerance.
  private func defects(_ comparisons: [Comparison], _ means: [Double], _ tolerance: Double) -> [Double]? {
    let bounds = template.pairs.bounds
    var result = [Double](repeating: Double.ulpOfOne, count: diagonalWidth)
    for comparison in comparisons {
      let weight = Double.exp(-comparison.loss)
      let scales = comparison.loss > 0 ? means : comparison.scales
      for channel in 0..<template.channels {
        for c in 0..<template.columns {
          let (m, n) = (channel * template.diagonals + bounds[c].0, channel * template.diagonals + bounds[c].1)
          let exact = comparison.exact[channel * template.columns + c]
          let deviation = weight * abs(comparison.read[channel * template.columns + c] - exact)
          let size = (scales[m] * scales[n]).squareRoot()
          guard deviation > 0 else { continue }
          guard size > 0 else { return nil }
          let relative = deviation / size
          if m == n {
            if deviation > max(tolerance * max(exact, 0.05 * size), 4 * comparison.noise[m]) { return nil }
            result[m] = max(result[m], relative)
          } else if relative * relative > result[m] * result[n] {
            if result[m] < result[n] {
              result[m] = relative * relative / result[n]
            } else {
              result[n] = relative * relative / result[m]
            }
          }
        }
      }
    }
    return result
  }

  /// True when the stated errors are small against the kernels at half of the pairs of energies in the core or more, for every channel and
  /// mode that is not far weaker than the strongest.
  private func meets(_ tolerance: Double, _ comparisons: [Comparison], _ defects: [Double]) -> Bool {
    let inside = comparisons.filter { $0.loss == 0 }
    let largest = (0..<diagonalWidth).map { index in inside.reduce(0) { max($0, $1.exact[column(index)]) } }
    let strongest = largest.max() ?? 0
    return (0..<diagonalWidth).allSatisfy { index in
      let met = inside.count {
        Self.safety * defects[index] * $0.scales[index] <= 4 * tolerance * $0.exact[column(index)]
      }
      return largest[index] < 1e-12 * strongest || 2 * met >= inside.count
    }
  }
}

extension PairKernelTableBuilder: PieceRecords {
  package func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    for place in places(piece) { writer.put(bare: UnsafeBufferPointer(place)) }
    return writer.bytes
  }

  package func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    let places = places(piece)
    guard bytes.count == places.reduce(0, { $0 + 8 * $1.count }) else { return false }
    var reader = RecordReader(bytes)
    guard places.allSatisfy({ reader.read(into: $0) }) else { return false }
    if piece < order { mirrorRow(order - 1 - piece) }
    return true
  }
}
