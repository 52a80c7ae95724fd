import ComplexModule
import DenseMatrices

/// Which mode pairs (m, n) of X^{ab}_{mn} are kept.
package enum ModePairs: Sendable, Equatable {
  /// X_kk for some modes: enough for independent modes.
  case diagonal([Int])
  /// All pairs of all modes: the diagonals first, then real and imaginary part of every m < n.
  case all(count: Int)

  /// Modes whose couplings enter, in column order of the diagonals.
  package var modes: [Int] {
    switch self {
    case .diagonal(let modes): return modes
    case .all(let count): return Array(0..<count)
    }
  }

  /// Real columns of a channel.
  package var columns: Int {
    switch self {
    case .diagonal(let modes): return modes.count
    case .all(let count): return count * count
    }
  }

  /// The diagonals whose geometric mean bounds a column.
  package var bounds: [(Int, Int)] {
    var result = modes.indices.map { ($0, $0) }
    if case .all(let count) = self {
      for m in 0..<count {
        for n in (m + 1)..<max(count, m + 1) { result += [(m, n), (m, n)] }
      }
    }
    return result
  }

  /// Column of the real part of (m, n), m < n; the imaginary part follows it.
  package static func pairColumn(_ m: Int, _ n: Int, count: Int) -> Int {
    count + 2 * (m * (2 * count - m - 1) / 2 + (n - m - 1))
  }
}

/// X^{ab}_{mn}(e, w) = g_s tr[M^m A_a(e) M^n+ A_b(e - w)], Theory.md section 2, for all channels at once. (M^n+ = M^n unless the
/// modes are rotating-wave.)
///
/// Y^m = W(e - w)^+ M^m W(e) holds all channels as blocks; X_mn is the Frobenius product of the blocks.
/// Cost per energy: 8 s^2 c + 8 s c^2 flops per mode (s rows, c columns of the factors), and 8 n^2 r_a r_b per channel
/// when all pairs are wanted.
package struct PairKernelSampler: PointSampler {
  package let factors: SpectralFactors
  package let frequency: Double
  package let pairs: ModePairs
  package let spinDegeneracy: Double
  package let electrodes: Int
  package let channels: Int
  package let columns: Int
  package let diagonals: Int
  private let pairBounds: [(Int, Int)]
  private var initialEnergy = Double.nan
  private var initial: [Scalar]
  private var final: [Scalar]
  private var scattered: [Scalar]
  private var amplitudes: [Scalar]
  /// M^k of the modes side by side, shape (s, s * modes).
  private let couplings: [Scalar]
  /// Frobenius norms of the couplings, in the order of the modes, and of the electrodes' blocks.
  private let couplingNorms: [Double]
  private var initialNorms: [Double]
  private var finalNorms: [Double]
  private var gathered: [Scalar] = []
  private var gram: [Scalar] = []

  package init(_ factors: SpectralFactors, frequency: Double, pairs: ModePairs, spinDegeneracy: Double) {
    self.factors = factors
    self.frequency = frequency
    self.pairs = pairs
    self.spinDegeneracy = spinDegeneracy
    electrodes = factors.offsets.count - 1
    channels = electrodes * electrodes
    columns = pairs.columns
    let modes = pairs.modes.count
    diagonals = modes
    pairBounds = pairs.bounds
    let (s, c) = (factors.size, factors.columns)
    initial = [Scalar](repeating: .zero, count: s * c)
    final = initial
    scattered = [Scalar](repeating: .zero, count: s * c * max(modes, 1))
    couplings = pairs.modes.flatMap { factors.couplings[$0].elements }
    couplingNorms = pairs.modes.map { factors.couplingNorms[$0] }
    initialNorms = [Double](repeating: 0, count: electrodes)
    finalNorms = initialNorms
    amplitudes = [Scalar](repeating: .zero, count: c * c * modes)
    if case .all(let count) = pairs {
      gathered = [Scalar](repeating: .zero, count: c * c * count)
      gram = [Scalar](repeating: .zero, count: count * count)
    }
  }

  package func bounds(of column: Int) -> (Int, Int) { pairBounds[column] }

  package mutating func sample(
    at energy: Double, values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) throws {
    try setInitial(energy)
    try finish(finalEnergy: energy - frequency, values: values, rounding: rounding)
  }

  /// First half: W(e) and M^k W(e) of all modes, which do not depend on the frequency.
  package mutating func setInitial(_ energy: Double) throws(LinearAlgebraError) {
    initialEnergy = energy
    try Self.fill(factors, energy, &initial)
    let (s, c, modes, isSmall) = (factors.size, factors.columns, diagonals, isSmall)
    couplings.withUnsafeBufferPointer { m in
      initial.withUnsafeBufferPointer { w in
        scattered.withUnsafeMutableBufferPointer { t in
          guard let m = m.baseAddress, let w = w.baseAddress, let t = t.baseAddress else { return }
          // M^1 W, M^2 W, ... side by side.
          for k in 0..<modes {
            if isSmall {
              SmallProducts.multiply(m + k * s * s, w, into: t + k * s * c, rows: s, inner: s, columns: c)
            } else {
              BLAS.multiply(m + k * s * s, rows: s, .plain, w, rows: s, .plain, into: t + k * s * c, m: s, n: c, k: s)
            }
          }
        }
      }
    }
  }

  /// Second half: Y^m = W(e')^+ M^m W(e) for every mode, and X.
  package mutating func finish(
    finalEnergy: Double, values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) throws(LinearAlgebraError) {
    if finalEnergy == initialEnergy { final = initial } else { try Self.fill(factors, finalEnergy, &final) }
    let (s, c, modes, isSmall) = (factors.size, factors.columns, diagonals, isSmall)
    final.withUnsafeBufferPointer { b in
      scattered.withUnsafeBufferPointer { t in
        amplitudes.withUnsafeMutableBufferPointer { y in
          guard let b = b.baseAddress, let t = t.baseAddress, let y = y.baseAddress else { return }
          if isSmall {
            SmallProducts.multiplyAdjoint(b, t, into: y, rows: c, inner: s, columns: c * modes)
          } else {
            BLAS.multiply(b, rows: s, .adjoint, t, rows: s, .plain, into: y, m: c, n: c * modes, k: s)
          }
        }
      }
    }
    contract(values: values, rounding: rounding)
  }

  private var isSmall: Bool { factors.size * factors.columns <= 64 }

  private static func fill(_ factors: SpectralFactors, _ energy: Double, _ buffer: inout [Scalar]) throws(LinearAlgebraError) {
    var failure: LinearAlgebraError?
    buffer.withUnsafeMutableBufferPointer { out in
      guard let base = out.baseAddress else { return }
      do throws(LinearAlgebraError) { try factors.fill(at: energy, into: base) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private mutating func contract(values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>) {
    let (electrodes, modes, c) = (electrodes, diagonals, factors.columns)
    let offsets = factors.offsets
    let unit = 4e-16 * Double(factors.size).squareRoot()
    let (norms, relativeError, spin) = (couplingNorms, factors.relativeError, spinDegeneracy)
    fillNorms()
    amplitudes.withUnsafeBufferPointer { y in
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          let channel = a * electrodes + b
          let scale = unit * initialNorms[a] * finalNorms[b]
          for k in 0..<modes {
            let block = y.baseAddress! + k * c * c
            var x = 0.0
            for j in offsets[a]..<offsets[a + 1] {
              for i in offsets[b]..<offsets[b + 1] {
                let z = block[j * c + i].rawStorage
                x += z.x * z.x + z.y * z.y
              }
            }
            values[channel * columns + k] = spin * x
            // Rounding of an amplitude, then of its square.
            let delta = scale * norms[k]
            rounding[channel * modes + k] = spin * (delta * delta + 2 * delta * x.squareRoot() + relativeError * x)
          }
        }
      }
    }
    guard case .all(let count) = pairs, count > 1 else { return }
    for a in 0..<electrodes {
      for b in 0..<electrodes { contractPairs(a: a, b: b, count: count, values: values + (a * electrodes + b) * columns) }
    }
  }

  /// Frobenius norms of the electrodes' blocks of W(e) and W(e').
  private mutating func fillNorms() {
    for a in 0..<electrodes {
      let block = (factors.offsets[a] * factors.size)..<(factors.offsets[a + 1] * factors.size)
      initialNorms[a] = Self.norm(initial, block)
      finalNorms[a] = Self.norm(final, block)
    }
  }

  private static func norm(_ w: [Scalar], _ block: Range<Int>) -> Double {
    w.withUnsafeBufferPointer { w in
      var sum = 0.0
      for i in block {
        let z = w[i].rawStorage
        sum += z.x * z.x + z.y * z.y
      }
      return sum.squareRoot()
    }
  }

  /// X_mn = sum Y^m conj(Y^n) over the block, one product of the gathered blocks with their adjoint.
  private mutating func contractPairs(a: Int, b: Int, count: Int, values: UnsafeMutablePointer<Double>) {
    let c = factors.columns
    let (rowsA, rowsB) = (factors.offsets[a + 1] - factors.offsets[a], factors.offsets[b + 1] - factors.offsets[b])
    let length = rowsA * rowsB
    guard length > 0 else { return }
    guard length * count * count > Self.largestLoops else {
      contractPairsByLoops(a: a, b: b, count: count, values: values)
      return
    }
    for m in 0..<count {
      for j in 0..<rowsA {
        let source = m * c * c + (factors.offsets[a] + j) * c + factors.offsets[b]
        for i in 0..<rowsB { gathered[m * length + j * rowsB + i] = amplitudes[source + i] }
      }
    }
    gathered.withUnsafeBufferPointer { y in
      gram.withUnsafeMutableBufferPointer { x in
        // gram(n, m) = sum conj(Y^n) Y^m = X_mn; the lower triangle is filled, n >= m.
        BLAS.gram(y.baseAddress!, rows: length, columns: count, into: x.baseAddress!)
      }
    }
    for m in 0..<count {
      for n in (m + 1)..<max(count, m + 1) {
        let x = gram[m * count + n]
        let column = ModePairs.pairColumn(m, n, count: count)
        values[column] = spinDegeneracy * x.rawStorage.x
        values[column + 1] = spinDegeneracy * x.rawStorage.y
      }
    }
  }
  /// Products up to which loops over the blocks as they lie are faster than gathering them.
  private static let largestLoops = 216

  private func contractPairsByLoops(a: Int, b: Int, count: Int, values: UnsafeMutablePointer<Double>) {
    let (c, offsets) = (factors.columns, factors.offsets)
    amplitudes.withUnsafeBufferPointer { y in
      guard let y = y.baseAddress else { return }
      var column = count
      for m in 0..<count {
        for n in (m + 1)..<max(count, m + 1) {
          var (re, im) = (0.0, 0.0)
          for j in offsets[a]..<offsets[a + 1] {
            for i in offsets[b]..<offsets[b + 1] {
              let (u, v) = (y[m * c * c + j * c + i].rawStorage, y[n * c * c + j * c + i].rawStorage)
              re += u.x * v.x + u.y * v.y
              im += u.y * v.x - u.x * v.y
            }
          }
          (values[column], values[column + 1]) = (spinDegeneracy * re, spinDegeneracy * im)
          column += 2
        }
      }
    }
  }
}
