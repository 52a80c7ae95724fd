import Quadrature

/// The energies a table of pair kernels is made for.
package struct TableWindow: Sendable {
  /// Initial and final energies that may be asked for.
  package let whole: ClosedRange<Double>
  /// From the lowest to the highest chemical potential, widened by the largest boson energy. Beyond it every process dies out as
  /// exp(-distance/T), and the table may lose as much accuracy. The whole window where kernels are put on panels.
  package let core: ClosedRange<Double>
  /// The highest temperature of the electrodes.
  package let temperature: Double

  /// How many temperatures an energy lies outside the core: the logarithm of what the table may lose there.
  @inline(__always)
  package func loss(_ energy: Double) -> Double {
    let distance = max(core.lowerBound - energy, energy - core.upperBound)
    return distance > 0 && temperature > 0 ? distance / temperature : 0
  }
}

/// Pair kernels of a wide-band junction at any two energies, from their values at a few.
///
/// A_a(e) is a rational function with the poles z_k and z_k* of the Green's function, hence X^{ab}_{mn}(e, e') = sum_jj' psi_j(e) psi_j'(e')
/// X^{ab}_{mn}(e_j, e_j') with one real basis psi for initial and final energies (`RationalInterpolation`): some 25 energies serve every
/// energy and boson frequency of a window, where a grid needs hundreds for each frequency. Theory.md section 16.
package struct PairKernelTable: Sendable {
  package let interpolation: RationalInterpolation
  package let window: TableWindow
  package let pairs: ModePairs
  package let channels: Int
  /// X(e_j, e_j'), [(j * count + j') * channels * columns + channel * columns + column].
  package let values: [Double]
  /// Errors of the diagonals, interpolation and rounding as measured, to be weighted with |psi_j psi_j'|,
  /// [(j * count + j') * channels * diagonals + channel * diagonals + mode].
  package let errors: [Double]
  /// Errors beyond the core, to be multiplied by exp(loss): [channel * diagonals + mode].
  package let outerErrors: [Double]

  package var count: Int { interpolation.count }
  package var width: Int { channels * pairs.columns }
  package var diagonalWidth: Int { channels * pairs.modes.count }

  /// True when a kernel on these energies and this boson frequency can be read from the table.
  package func covers(_ energies: ClosedRange<Double>, frequency: Double, pairs wanted: ModePairs) -> Bool {
    let whole = window.whole
    guard energies.lowerBound >= whole.lowerBound, energies.upperBound <= whole.upperBound,
      energies.lowerBound - frequency >= whole.lowerBound, energies.upperBound - frequency <= whole.upperBound
    else { return false }
    switch (wanted, pairs) {
    case (.all, .all): return true
    case (.all, .diagonal): return false
    case (.diagonal(let modes), _): return Set(modes).isSubset(of: pairs.modes)
    }
  }

  /// The same table with the errors of its interpolation left out: what misses a tolerance with it misses it for other reasons.
  package var withoutErrors: PairKernelTable {
    PairKernelTable(
      interpolation: interpolation, window: window, pairs: pairs, channels: channels, values: values,
      errors: [Double](repeating: 0, count: errors.count), outerErrors: [Double](repeating: 0, count: outerErrors.count))
  }

  /// The same table for some modes only, so that reading it costs no more than they need.
  package func restricted(to wanted: ModePairs) -> PairKernelTable {
    guard wanted != pairs, case .diagonal(let modes) = wanted else { return self }
    let positions = modes.map { mode in pairs.modes.firstIndex(of: mode)! }
    func picked(_ source: [Double], stride: Int) -> [Double] {
      var result: [Double] = []
      result.reserveCapacity(source.count / stride * positions.count)
      for block in 0..<(source.count / stride) {
        for position in positions { result.append(source[block * stride + position]) }
      }
      return result
    }
    return PairKernelTable(
      interpolation: interpolation, window: window, pairs: wanted, channels: channels,
      values: picked(values, stride: pairs.columns), errors: picked(errors, stride: pairs.modes.count),
      outerErrors: picked(outerErrors, stride: pairs.modes.count))
  }
}
