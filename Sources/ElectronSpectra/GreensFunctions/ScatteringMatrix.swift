import ComplexModule
import DenseMatrices
import JunctionModel

/// s(e) = -1 + i R^+ G R of the conductor, unitary, as it enters counting statistics (Theory.md section 6).
///
/// Counting only sees D(q)_{bc} = s_bc h(q_c - q_b), which vanishes inside an electrode: reflections never have to be
/// subtracted from 1, and transmissions of 1e-20 keep their digits.
package struct ScatteringSampler {
  private let factors: SpectralFactors
  /// Electrode of every channel.
  package let owners: [Int]
  /// s, column-major, shape (channels, channels).
  package private(set) var s: [Scalar]
  /// Largest modulus between different electrodes.
  package private(set) var largestTransmission = 0.0

  package init(_ factors: SpectralFactors) {
    self.factors = factors
    owners = (0..<(factors.offsets.count - 1)).flatMap { a in
      [Int](repeating: a, count: factors.offsets[a + 1] - factors.offsets[a])
    }
    s = [Scalar](repeating: .zero, count: factors.columns * factors.columns)
  }

  package var channels: Int { owners.count }

  /// Computes s at an energy. Cost: one product of order (channels, orbitals, channels), or one LU factorisation.
  package mutating func evaluate(at energy: Double) throws(LinearAlgebraError) {
    let amplitudes = try factors.transmissionAmplitudes(at: energy)
    let c = channels
    largestTransmission = 0
    for j in 0..<c {
      for i in 0..<c {
        let t = amplitudes.elements[j * c + i]
        var value = Scalar(-t.rawStorage.y, t.rawStorage.x)
        if i == j { value -= Scalar.one }
        s[j * c + i] = value
        if owners[i] != owners[j] { largestTransmission = max(largestTransmission, t.lengthSquared) }
      }
    }
    largestTransmission = largestTransmission.squareRoot()
  }
}

/// Series of ln det[1 + f (s^+ Z^-1 s Z - 1)] in the counting fields, for fermions; of -ln det[1 - n (s^+ Z^-1 s Z - 1)]
/// for bosons. Z = exp(sum of field times charge of the reservoir a channel comes from).
package struct CountingDeterminant {
  /// Fermions or bosons.
  package enum Statistics { case fermions, bosons }

  package let statistics: Statistics
  package let channels: Int
  package let owners: [Int]
  package let reservoirs: Int
  /// K_a = f s^+ D_a and the second-order K_aa for every reservoir, column-major blocks.
  private var first: [Scalar]
  private var second: [Scalar]
  private var square: [Scalar]

  package init(_ statistics: Statistics, owners: [Int], reservoirs: Int) {
    self.statistics = statistics
    self.owners = owners
    self.reservoirs = reservoirs
    channels = owners.count
    first = [Scalar](repeating: .zero, count: reservoirs * channels * channels)
    second = first
    square = [Scalar](repeating: .zero, count: channels * channels)
  }

  /// Derivatives at zero fields, charge 1 per particle that leaves reservoir a: `noise` second mixed derivatives [a * r + b], `cumulants`
  /// first to fourth [n * r + a], and the moduli of what they are sums of.
  ///
  /// `occupied` and `empty` are f and 1 - f of every reservoir (bosons: n, not used). Fermions nearly all occupied are
  /// counted as holes, det[1 + f(M - 1)] = det[1 + (1 - f)(M^-1 - 1)], so that filled states cancel exactly.
  package mutating func derivatives(
    _ s: [Scalar], occupied: [Double], empty: [Double], noise: inout [Double], noiseGross: inout [Double],
    cumulants: inout [Double], cumulantGross: inout [Double]
  ) {
    let (c, r) = (channels, reservoirs)
    let holes = statistics == .fermions && occupied.reduce(0, +) > empty.reduce(0, +)
    let f = holes ? empty : occupied
    for a in 0..<r { fill(a, s, f, holes: holes) }
    let sign = statistics == .fermions ? 1.0 : -1.0
    for a in 0..<r {
      for b in a..<r {
        // Tr K_ab - Tr K_a K_b; D_ab is minus what both share.
        let product = trace(first, a, first, b)
        let direct = a == b ? trace(second, a) : -between(a, b, s, f)
        let value = direct - sign * product
        let gross = abs(direct) + abs(product)
        for index in [a * r + b, b * r + a] {
          noise[index] = value
          noiseGross[index] = gross
        }
      }
      for j in 0..<c {
        for i in 0..<c {
          var sum = Scalar.zero
          for k in 0..<c { sum += first[(a * c + k) * c + i] * first[(a * c + j) * c + k] }
          square[j * c + i] = sum
        }
      }
      let k1 = trace(first, a)
      let k2 = trace(second, a)
      let k11 = trace(first, a, first, a)
      let k12 = trace(first, a, second, a)
      let k22 = trace(second, a, second, a)
      let k111 = trace(square, 0, first, a)
      let k112 = trace(square, 0, second, a)
      let k1111 = trace(square, 0, square, 0)
      let grossFirst = abs(grossTrace(a, s, f))
      cumulants[a] = k1
      cumulantGross[a] = grossFirst
      cumulants[r + a] = k2 - sign * k11
      cumulantGross[r + a] = abs(k2) + abs(k11)
      cumulants[2 * r + a] = k1 - 3 * sign * k12 + 2 * k111
      cumulantGross[2 * r + a] = grossFirst + 3 * abs(k12) + 2 * abs(k111)
      cumulants[3 * r + a] = k2 - sign * (4 * k11 + 3 * k22) + 12 * k112 - 6 * sign * k1111
      cumulantGross[3 * r + a] = abs(k2) + 4 * abs(k11) + 3 * abs(k22) + 12 * abs(k112) + 6 * abs(k1111)
    }
  }

  /// f s^+ D_a with D_a = s_bc (q_c - q_b), or (1 - f) D'_a s for holes; `second` has the squares of the charges.
  private mutating func fill(_ a: Int, _ s: [Scalar], _ f: [Double], holes: Bool) {
    let c = channels
    for j in 0..<c {
      for i in 0..<c {
        var (one, two) = (Scalar.zero, Scalar.zero)
        for k in 0..<c {
          // Particles: sum_k conj(s_ki) s_kj (q_j - q_k). Holes: sum_k conj(s_ki) s_kj (q_k - q_i).
          let charge =
            holes
            ? (owners[k] == a ? 1 : 0) - (owners[i] == a ? 1 : 0) : (owners[j] == a ? 1 : 0) - (owners[k] == a ? 1 : 0)
          guard charge != 0 else { continue }
          let term = s[i * c + k].conjugate * s[j * c + k]
          if charge > 0 { one += term } else { one -= term }
          two += term
        }
        let weight = f[owners[i]]
        first[(a * c + j) * c + i] = one * Scalar(weight, 0)
        second[(a * c + j) * c + i] = two * Scalar(weight, 0)
      }
    }
  }

  private func trace(_ x: [Scalar], _ a: Int) -> Double {
    var sum = 0.0
    for i in 0..<channels { sum += x[(a * channels + i) * channels + i].rawStorage.x }
    return sum
  }

  private func trace(_ x: [Scalar], _ a: Int, _ y: [Scalar], _ b: Int) -> Double {
    let c = channels
    var sum = 0.0
    for j in 0..<c {
      for i in 0..<c {
        let (u, v) = (x[(a * c + j) * c + i], y[(b * c + i) * c + j])
        sum += u.rawStorage.x * v.rawStorage.x - u.rawStorage.y * v.rawStorage.y
      }
    }
    return sum
  }

  /// sum of |s_bc|^2 (f_c + f_b)-weighted flows between two reservoirs.
  private func between(_ a: Int, _ b: Int, _ s: [Scalar], _ f: [Double]) -> Double {
    var sum = 0.0
    for j in 0..<channels where owners[j] == a || owners[j] == b {
      for i in 0..<channels where owners[i] == a || owners[i] == b {
        if owners[i] != owners[j] { sum += s[j * channels + i].lengthSquared * f[owners[j]] }
      }
    }
    return sum
  }

  /// sum |s_bc|^2 f_c over every passage into or out of a reservoir.
  private func grossTrace(_ a: Int, _ s: [Scalar], _ f: [Double]) -> Double {
    var sum = 0.0
    for j in 0..<channels {
      for i in 0..<channels where owners[i] != owners[j] && (owners[i] == a || owners[j] == a) {
        sum += s[j * channels + i].lengthSquared * (f[owners[j]] + f[owners[i]])
      }
    }
    return sum
  }
}
