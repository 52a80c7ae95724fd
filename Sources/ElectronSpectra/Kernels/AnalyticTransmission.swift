import ComplexModule
import DenseMatrices

/// A spectrum of all channels continued to complex energies, for contour integrals around its poles.
protocol AnalyticSpectrum: AnyObject {
  /// Appends the values of all channels at the complex energy `center` + `offset`: their sum may round the offset away.
  ///
  /// `rounding` grows to bound what is lost where partial fractions of nearly parallel eigenvectors cancel.
  func sample(_ center: Scalar, offset: Scalar, _ frequency: Double, values: inout [Scalar], rounding: inout [Double])
}

/// T_ab = g_s Tr[Gamma_a G Gamma_b G^+] continued to complex energies: g_s sum t(z) conj(t(conj z)) over the block of two electrodes,
/// t_ij(z) = R_i^+ G(z) R_j with Gamma_a = R_a R_a^+. Cost: two times 16 c^2 s flops (s poles, c channels).
final class AnalyticTransmission: AnalyticSpectrum {
  private let offsets: [Int]
  private let expansion: PoleExpansion
  private let spin: Double
  private var inverses: [Scalar]
  private var amplitudes: [Scalar]
  private var conjugates: [Scalar]
  private var moduli: [Double]
  private var conjugateModuli: [Double]

  init(_ factors: SpectralFactors, _ expansion: PoleExpansion, spin: Double) {
    (offsets, self.expansion, self.spin) = (factors.offsets, expansion, spin)
    let columns = factors.offsets.last ?? 0
    inverses = [Scalar](repeating: .zero, count: expansion.poles.count)
    amplitudes = [Scalar](repeating: .zero, count: columns * columns)
    conjugates = amplitudes
    moduli = [Double](repeating: 0, count: columns * columns)
    conjugateModuli = moduli
  }

  func sample(_ center: Scalar, offset: Scalar, _ frequency: Double, values: inout [Scalar], rounding: inout [Double]) {
    fill(center, offset, &amplitudes, &moduli)
    fill(center.conjugate, offset.conjugate, &conjugates, &conjugateModuli)
    let (columns, electrodes) = (offsets.last ?? 0, offsets.count - 1)
    let unit = 2e-16 * Double(expansion.poles.count) * spin
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        var (sum, doubt) = (Scalar.zero, 0.0)
        for j in offsets[b]..<offsets[b + 1] {
          for i in offsets[a]..<offsets[a + 1] {
            let k = j * columns + i
            sum += amplitudes[k] * conjugates[k].conjugate
            doubt += moduli[k] * conjugates[k].length + conjugateModuli[k] * amplitudes[k].length
          }
        }
        values.append(a == b ? .zero : sum.multiplied(by: spin))
        rounding[a * electrodes + b] = max(rounding[a * electrodes + b], unit * doubt)
      }
    }
  }

  /// t(z) at z + offset and the same sums over moduli.
  private func fill(_ z: Scalar, _ offset: Scalar, _ t: inout [Scalar], _ sizes: inout [Double]) {
    let (size, columns) = (expansion.poles.count, offsets.last ?? 0)
    for k in 0..<size {
      let difference = (z - expansion.poles[k]) + offset
      inverses[k] = difference == .zero ? .zero : Scalar(1, 0) / difference
    }
    for j in 0..<columns {
      for i in 0..<columns {
        var (sum, modulus) = (Scalar.zero, 0.0)
        for k in 0..<size {
          let term = expansion.projector[i, k] * expansion.residues[k, j] * inverses[k]
          sum += term
          modulus += term.length
        }
        (t[j * columns + i], sizes[j * columns + i]) = (sum, modulus)
      }
    }
  }
}
