import DenseMatrices
import Quadrature
import RealModule

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
  private let rounding: UnsafeMutablePointer<Double>
  private let checks: [(initial: Double, final: [Double])]
  private let checkValues: UnsafeMutablePointer<Double>
  private let checkRounding: UnsafeMutablePointer<Double>
  private var order: Int { interpolation.count }
  private var width: Int { template.channels * template.columns }
  private var diagonalWidth: Int { template.channels * template.diagonals }

  private static let checkEnergies = 3
  /// From the largest deviation seen at nine pairs of energies to a bound.
  private static let safety = 8.0

  init(_ sampler: PairKernelSampler, interpolation: RationalInterpolation, window: TableWindow) {
    template = sampler
    self.interpolation = interpolation
    self.window = window
    isSymmetric = !sampler.factors.isRotatingWave
    let pairs = interpolation.count * interpolation.count
    values = .allocate(capacity: pairs * sampler.channels * sampler.columns)
    rounding = .allocate(capacity: pairs * sampler.channels * sampler.diagonals)
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
    for buffer in [values, rounding, checkValues, checkRounding] { buffer.deallocate() }
  }

  /// Number of pieces, the largest first.
  package var count: Int { order + checks.count }

  /// One thread's buffers.
  package struct Worker {
    var sampler: PairKernelSampler
  }

  /// Buffers for one thread.
  package func makeWorker() -> Worker { Worker(sampler: template) }

  /// Computes one piece.
  package func fill(_ piece: Int, _ worker: inout Worker) throws(SolverError) {
    do throws(LinearAlgebraError) {
      if piece < order { try fillRow(order - 1 - piece, &worker.sampler) } else { try fillCheck(piece - order, &worker.sampler) }
    } catch {
      throw SolverError(.linearAlgebra, "the pair kernels could not be computed: \(error)")
    }
  }

  private func fillRow(_ j: Int, _ sampler: inout PairKernelSampler) throws(LinearAlgebraError) {
    let energy = interpolation.nodes[j]
    try sampler.setInitial(energy)
    for k in 0..<(isSymmetric ? j + 1 : order) {
      let final = interpolation.nodes[k]
      let (x, dx) = (values + (j * order + k) * width, rounding + (j * order + k) * diagonalWidth)
      try sampler.finish(finalEnergy: final, values: x, rounding: dx)
      if isSymmetric, k < j {
        exchange(x, into: values + (k * order + j) * width, columns: template.columns, diagonals: template.diagonals)
        exchange(dx, into: rounding + (k * order + j) * diagonalWidth, columns: template.diagonals, diagonals: template.diagonals)
      }
    }
  }

  /// X^{ba}_{nm}(e', e) = X^{ab}_{mn}(e, e'): channels swapped, the imaginary parts of packed pairs reversed.
  private func exchange(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, columns: Int, diagonals: Int
  ) {
    let electrodes = template.electrodes
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
      errors: Array(UnsafeBufferPointer(start: rounding, count: number * diagonalWidth)),
      outerErrors: [Double](repeating: 0, count: diagonalWidth))
    guard let (defects, scales) = defects(bare, tolerance: tolerance), meets(tolerance, bare, defects) else { return nil }
    var errors = bare.errors
    for block in 0..<number {
      for channel in 0..<template.channels {
        for m in 0..<template.diagonals {
          let index = channel * template.diagonals + m
          let x = abs(bare.values[block * width + channel * template.columns + m])
          errors[block * diagonalWidth + index] = Self.safety * defects[index] * x
        }
      }
    }
    return PairKernelTable(
      interpolation: interpolation, window: window, pairs: template.pairs, channels: template.channels, values: bare.values,
      errors: errors, outerErrors: zip(defects, scales).map { Self.safety * $0 * $1 })
  }

  /// True when the stated errors are small against the kernels at half of the pairs of energies in the core or more, for every channel and
  /// mode that is not far weaker than the strongest.
  private func meets(_ tolerance: Double, _ table: PairKernelTable, _ defects: [Double]) -> Bool {
    var sampler = TabulatedPairSampler(table)
    var scale = [Double](repeating: 0, count: diagonalWidth)
    var (met, largest) = ([Int](repeating: 0, count: diagonalWidth), [Double](repeating: 0, count: diagonalWidth))
    var number = 0
    for (i, check) in checks.enumerated() where window.loss(check.initial) == 0 {
      for (k, final) in check.final.enumerated() where window.loss(final) == 0 {
        let exact = checkValues + (i * Self.checkEnergies + k) * width
        sampler.scales(check.initial, final, into: &scale)
        number += 1
        for index in met.indices {
          let x = exact[index / template.diagonals * template.columns + index % template.diagonals]
          largest[index] = max(largest[index], x)
          if Self.safety * defects[index] * scale[index] <= 4 * tolerance * x { met[index] += 1 }
        }
      }
    }
    let strongest = largest.max() ?? 0
    return met.indices.allSatisfy { largest[$0] < 1e-12 * strongest || 2 * met[$0] >= number }
  }

  /// Interpolation and rounding together, for every channel and mode: the largest deviation from directly computed kernels over
  /// sum |psi_j psi_j'| X_jj'. A pair of modes is bounded by the geometric mean of its two; where that would be too little the smaller
  /// one is raised. Beyond the core deviations count as far as the occupations let them, and are measured on the mean scale of the core, which
  /// is returned, too. Nil when a deviation exceeds the tolerance.
  private func defects(_ table: PairKernelTable, tolerance: Double) -> (defects: [Double], scales: [Double])? {
    var sampler = TabulatedPairSampler(table)
    let bounds = template.pairs.bounds
    var result = [Double](repeating: Double.ulpOfOne, count: diagonalWidth)
    var (x, dx) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: diagonalWidth))
    var scale = dx
    let means = meanScales(&sampler)
    for (i, check) in checks.enumerated() {
      for (k, final) in check.final.enumerated() {
        let exact = checkValues + (i * Self.checkEnergies + k) * width
        let noise = checkRounding + (i * Self.checkEnergies + k) * diagonalWidth
        sampler.setInitial([check.initial])
        sampler.finish(0, finalEnergies: [final], values: &x, rounding: &dx)
        sampler.scales(check.initial, final, into: &scale)
        let loss = max(window.loss(check.initial), window.loss(final))
        let weight = Double.exp(-loss)
        if loss > 0 { scale = means }
        for channel in 0..<template.channels {
          let (first, diagonal) = (channel * template.columns, channel * template.diagonals)
          for c in 0..<template.columns {
            let (m, n) = (diagonal + bounds[c].0, diagonal + bounds[c].1)
            let deviation = abs(x[first + c] - exact[first + c])
            let size = (scale[m] * scale[n]).squareRoot()
            guard deviation > 0 else { continue }
            guard size > 0 else { return nil }
            let relative = deviation / size * weight
            if m == n {
              if weight * deviation > max(tolerance * max(exact[first + c], 0.05 * size), 4 * noise[m]) { return nil }
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
    }
    return (result, means)
  }

  /// The mean of sum |psi_j psi_j'| X_jj' over the pairs of energies in the core.
  private func meanScales(_ sampler: inout TabulatedPairSampler) -> [Double] {
    var (sum, scale) = ([Double](repeating: 0, count: diagonalWidth), [Double](repeating: 0, count: diagonalWidth))
    var count = 0.0
    for check in checks where window.loss(check.initial) == 0 {
      for final in check.final where window.loss(final) == 0 {
        sampler.scales(check.initial, final, into: &scale)
        for c in sum.indices { sum[c] += scale[c] }
        count += 1
      }
    }
    return sum.map { count > 0 ? $0 / count : .infinity }
  }
}
