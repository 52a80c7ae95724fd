import ComplexModule
import DenseMatrices

/// X_kk^{ab} continued to complex energies: sum Y(z) conj(Y(conj z)) over the block of a channel.
///
/// Owns its buffers: nothing is allocated per energy. Cost: two times 16 s^2 c + 16 s c^2 flops (s rows, c columns of the factors).
final class AnalyticKernel: AnalyticSpectrum {
  private let offsets: [Int]
  private let poles: [Scalar]
  private let residues: [Scalar]
  private let coupling: [Scalar]
  private let spin: Double
  private let size: Int
  private let columns: Int
  /// W(z), W(conj z - w), M W, Y(z) and Y(conj z).
  private let storage: UnsafeMutablePointer<Scalar>
  /// Moduli of the residues and of M, then of everything in `storage`: sums over moduli are what rounding is relative to.
  private let moduli: UnsafeMutablePointer<Double>

  init(_ factors: SpectralFactors, _ expansion: PoleExpansion, mode: Int, spin: Double) {
    (offsets, poles, residues) = (factors.offsets, expansion.poles, expansion.residues.elements)
    (coupling, self.spin) = (factors.couplings[mode].elements, spin)
    (size, columns) = (factors.size, factors.columns)
    let count = 3 * size * columns + 2 * columns * columns
    storage = .allocate(capacity: max(count, 1))
    storage.initialize(repeating: .zero, count: count)
    let fixed = residues.map(\.length) + coupling.map(\.length)
    moduli = .allocate(capacity: max(fixed.count + count, 1))
    moduli.initialize(repeating: 0, count: fixed.count + count)
    for (i, modulus) in fixed.enumerated() { moduli[i] = modulus }
  }

  deinit {
    storage.deallocate()
    moduli.deallocate()
  }

  /// Appends the values of all channels at the complex energy `center` + `offset`: their sum may round the offset away.
  ///
  /// `rounding` grows to bound what is lost where the partial fractions of nearly parallel eigenvectors cancel in Y.
  func sample(_ center: Scalar, offset: Scalar, _ frequency: Double, values: inout [Scalar], rounding: inout [Double]) {
    let block = size * columns
    let fixed = residues.count + coupling.count
    let (y, yBar) = (storage + 3 * block, storage + 3 * block + columns * columns)
    let (lost, lostBar) = (moduli + fixed + 3 * block, moduli + fixed + 3 * block + columns * columns)
    fillAmplitude(center, offset, frequency, into: y, moduli: lost)
    fillAmplitude(center.conjugate, offset.conjugate, frequency, into: yBar, moduli: lostBar)
    let electrodes = offsets.count - 1
    let unit = 2e-16 * Double(size) * spin
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        var (sum, doubt) = (Scalar.zero, 0.0)
        for j in offsets[a]..<offsets[a + 1] {
          for i in offsets[b]..<offsets[b + 1] {
            let k = j * columns + i
            sum = sum + y[k] * yBar[k].conjugate
            doubt += lost[k] * yBar[k].length + lostBar[k] * y[k].length
          }
        }
        values.append(sum.multiplied(by: spin))
        rounding[a * electrodes + b] = max(rounding[a * electrodes + b], unit * doubt)
      }
    }
  }

  /// Y(z) = W(conj z - w)^+ M W(z), z = center + offset, and the same sums over moduli.
  private func fillAmplitude(
    _ center: Scalar, _ offset: Scalar, _ frequency: Double, into y: UnsafeMutablePointer<Scalar>,
    moduli lost: UnsafeMutablePointer<Double>
  ) {
    let block = size * columns
    let fixed = residues.count + coupling.count
    let (initial, final, scattered) = (storage, storage + block, storage + 2 * block)
    fill(center, offset, into: initial, moduli: moduli + fixed)
    fill(center.conjugate - Scalar(frequency, 0), offset.conjugate, into: final, moduli: moduli + fixed + block)
    coupling.withUnsafeBufferPointer {
      guard let m = $0.baseAddress else { return }
      SmallProducts.multiply(m, initial, into: scattered, rows: size, inner: size, columns: columns)
    }
    SmallProducts.multiplyAdjoint(final, scattered, into: y, rows: columns, inner: size, columns: columns)
    let (m, initialModuli) = (moduli + residues.count, moduli + fixed)
    let (finalModuli, scatteredModuli) = (moduli + fixed + block, moduli + fixed + 2 * block)
    for j in 0..<columns {
      for i in 0..<size { scatteredModuli[j * size + i] = 0 }
      for k in 0..<size {
        let factor = initialModuli[j * size + k]
        for i in 0..<size { scatteredModuli[j * size + i] += m[k * size + i] * factor }
      }
      for i in 0..<columns {
        var sum = 0.0
        for k in 0..<size { sum += finalModuli[i * size + k] * scatteredModuli[j * size + k] }
        lost[j * columns + i] = sum
      }
    }
  }

  /// W at the complex energy z + offset; an offset far below the rounding of z keeps its digits. A bound state has no residue.
  private func fill(
    _ z: Scalar, _ offset: Scalar, into w: UnsafeMutablePointer<Scalar>, moduli: UnsafeMutablePointer<Double>
  ) {
    residues.withUnsafeBufferPointer { l in
      for k in 0..<size {
        let difference = (z - poles[k]) + offset
        let inverse = difference == .zero ? Scalar.zero : Scalar(1, 0) / difference
        let modulus = inverse.length
        for j in 0..<columns {
          w[j * size + k] = l[j * size + k] * inverse
          moduli[j * size + k] = self.moduli[j * size + k] * modulus
        }
      }
    }
  }
}
