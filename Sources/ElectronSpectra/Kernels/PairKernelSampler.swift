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
    let electrodes = factors.offsets.count - 1
    let modes = diagonals
    for a in 0..<electrodes {
      let normA = norm(of: initial, electrode: a)
      for b in 0..<electrodes {
        let channel = a * electrodes + b
        let normB = norm(of: final, electrode: b)
        for k in 0..<modes {
          let x = blockNorm(mode: k, a: a, b: b)
          values[channel * columns + k] = spinDegeneracy * x
          // Rounding of an amplitude, then of its square.
          let delta = 4e-16 * Double(factors.size).squareRoot() * normA * normB * factors.couplingNorms[pairs.modes[k]]
          rounding[channel * diagonals + k] =
            spinDegeneracy * (delta * delta + 2 * delta * x.squareRoot() + factors.relativeError * x)
        }
        if case .all(let count) = pairs { contractPairs(a: a, b: b, count: count, values: values + channel * columns) }
      }
    }
  }

  private func norm(of w: [Scalar], electrode: Int) -> Double {
    var sum = 0.0
    for i in (factors.offsets[electrode] * factors.size)..<(factors.offsets[electrode + 1] * factors.size) {
      sum += w[i].rawStorage.x * w[i].rawStorage.x + w[i].rawStorage.y * w[i].rawStorage.y
    }
    return sum.squareRoot()
  }

  private func blockNorm(mode: Int, a: Int, b: Int) -> Double {
    let c = factors.columns
    var sum = 0.0
    for j in factors.offsets[a]..<factors.offsets[a + 1] {
      for i in factors.offsets[b]..<factors.offsets[b + 1] {
        let y = amplitudes[mode * c * c + j * c + i]
        sum += y.rawStorage.x * y.rawStorage.x + y.rawStorage.y * y.rawStorage.y
      }
    }
    return sum
  }

  /// X_mn = sum Y^m conj(Y^n) over the block, one product of the gathered blocks with their adjoint.
  private mutating func contractPairs(a: Int, b: Int, count: Int, values: UnsafeMutablePointer<Double>) {
    let c = factors.columns
    let (rowsA, rowsB) = (factors.offsets[a + 1] - factors.offsets[a], factors.offsets[b + 1] - factors.offsets[b])
    let length = rowsA * rowsB
    guard length > 0 else { return }
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
}

/// Tr[Gamma_a G Gamma_b G^+] times the spin degeneracy: the elastic kernel, one column per ordered pair of electrodes.
package struct TransmissionSampler: PointSampler {
  package let factors: SpectralFactors
  package let spinDegeneracy: Double
  package let channels: Int
  package let columns = 1
  package let diagonals = 1

  package init(_ factors: SpectralFactors, spinDegeneracy: Double) {
    self.factors = factors
    self.spinDegeneracy = spinDegeneracy
    let electrodes = factors.offsets.count - 1
    channels = electrodes * electrodes
  }

  package func bounds(of column: Int) -> (Int, Int) { (0, 0) }

  package mutating func sample(
    at energy: Double, values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) throws {
    let transmission = try Transmission.matrix(factors, at: energy)
    let electrodes = factors.offsets.count - 1
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        let x = a == b ? 0 : transmission[a * electrodes + b]
        values[a * electrodes + b] = spinDegeneracy * x
        rounding[a * electrodes + b] = spinDegeneracy * (1e-30 + 2e-16 * x.squareRoot() * Double(factors.size) * 0.1)
      }
    }
  }
}

/// Elastic transmission between electrodes.
package enum Transmission {
  /// T_ab(e) = Tr[Gamma_a G Gamma_b G^+], no spin factor, [a * electrodes + b].
  package static func matrix(_ factors: SpectralFactors, at energy: Double) throws(LinearAlgebraError) -> [Double] {
    let amplitudes = try factors.transmissionAmplitudes(at: energy)
    let electrodes = factors.offsets.count - 1
    var result = [Double](repeating: 0, count: electrodes * electrodes)
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        for j in factors.offsets[b]..<factors.offsets[b + 1] {
          for i in factors.offsets[a]..<factors.offsets[a + 1] {
            let t = amplitudes[i, j]
            result[a * electrodes + b] += t.rawStorage.x * t.rawStorage.x + t.rawStorage.y * t.rawStorage.y
          }
        }
      }
    }
    return result
  }
}
