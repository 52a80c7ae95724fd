import DenseMatrices

/// Currents per boson energy, to be contracted with the bosons' spectral function: leaving electrode a flow
///     g_s int_0^inf dw/2pi Re sum_mn [Q0_mn A_mn + Q1_mn (n A)_mn]
/// electrons (moment 0) and energy (moment 1); parts: elastic correction, inelastic current; derivatives of order k.
package struct SecondOrderSpectrum {
  package let electrodes: Int
  package let pairs: Int
  package let orders: Int
  /// (re, im) at 2 * index.
  package private(set) var values: [Double]
  /// Bounds of the moduli's errors, for all electrodes alike.
  package private(set) var errors: [Double]
  /// Sums of moduli of what was added: the scale of rounding.
  package private(set) var gross: [Double]

  package init(electrodes: Int, pairs: Int, order: Int) {
    self.electrodes = electrodes
    self.pairs = pairs
    orders = order + 1
    values = [Double](repeating: 0, count: 8 * electrodes * orders * 2 * pairs)
    errors = [Double](repeating: 0, count: 4 * orders * 2 * pairs)
    gross = errors
  }

  package mutating func reset() {
    for i in values.indices { values[i] = 0 }
    for i in errors.indices { (errors[i], gross[i]) = (0, 0) }
  }

  /// Place of Q0 (occupied 0) or Q1 (1) of a pair; without the electrode for errors.
  @inline(__always)
  package func index(part: Int, moment: Int, electrode: Int, order: Int, occupied: Int, pair: Int) -> Int {
    ((((part * 2 + moment) * electrodes + electrode) * orders + order) * 2 + occupied) * pairs + pair
  }

  @inline(__always)
  package func index(part: Int, moment: Int, order: Int, occupied: Int, pair: Int) -> Int {
    (((part * 2 + moment) * orders + order) * 2 + occupied) * pairs + pair
  }

  /// True where the first pair's elastic correction, or one of its derivatives up to an order, has a part that goes with the population of
  /// the mode.
  func dependsOnPopulation(moment: Int, upToOrder last: Int) -> Bool {
    (0...last).contains { gross[index(part: 0, moment: moment, order: $0, occupied: 1, pair: 0)] > 0 }
  }

  @inline(__always)
  package mutating func add(
    _ q: Scalar, part: Int, energy: Double, electrode: Int, order: Int, occupied: Int, pair: Int
  ) {
    let first = 2 * index(part: part, moment: 0, electrode: electrode, order: order, occupied: occupied, pair: pair)
    // The second moment lies one block of all electrodes further.
    let second = first + 4 * electrodes * orders * pairs
    let (x, y) = (q.rawStorage.x, q.rawStorage.y)
    values.withUnsafeMutableBufferPointer { v in
      v[first] += x
      v[first + 1] += y
      v[second] += energy * x
      v[second + 1] += energy * y
    }
    let modulus = abs(x) + abs(y)
    let place = index(part: part, moment: 0, order: order, occupied: occupied, pair: pair)
    gross.withUnsafeMutableBufferPointer { g in
      g[place] += modulus
      g[place + 2 * orders * pairs] += modulus * abs(energy)
    }
  }

  @inline(__always)
  package mutating func addError(_ doubt: Double, part: Int, energy: Double, order: Int, occupied: Int, pair: Int) {
    errors[index(part: part, moment: 0, order: order, occupied: occupied, pair: pair)] += doubt
    errors[index(part: part, moment: 1, order: order, occupied: occupied, pair: pair)] += doubt * abs(energy)
  }
}

/// The parts of the currents of second order that somebody wants.
package enum SecondOrderParts: Sendable {
  /// The elastic correction.
  case correction
  /// The correction and the inelastic current, which needs the operators A_a beside O_ab.
  case correctionAndInelastic

  /// Numbers of the parts: 0 the correction, 1 the inelastic current.
  package var indices: Range<Int> { 0..<(self == .correction ? 1 : 2) }

  /// True when an operator O_ab belongs to one of them.
  package func contains(_ a: Int, _ b: Int) -> Bool { a != b || self == .correctionAndInelastic }
}
