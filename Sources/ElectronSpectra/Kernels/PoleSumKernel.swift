import ComplexModule
import DenseMatrices

/// X_kk^{ab}(e, w) of a wide-band junction with few levels as a sum of poles, for closed-form state integrals.
///
/// X(e) = sum_p sum_j a_pj/(e - c_p)^(j+1) + c.c. over poles in the lower half plane: those of A_a(e) and those of
/// A_b(e - w). Poles closer than a fraction of their width form one cluster with center c_p and several orders j, so that
/// coinciding poles (a resonance between two levels of one width) and exceptional points are exact. The a_pj come from
/// contour integrals of X around each cluster, spectrally accurate.
package final class PoleSumKernel: Sendable {
  /// One term of a channel.
  package struct Term: Sendable {
    package let center: Int
    package let order: Int
    package let amplitude: Scalar
    /// Amplitude of the same power in e X(e).
    package let energyAmplitude: Scalar
    /// Rounding error of the amplitudes.
    package let doubt: Double
  }

  package let frequency: Double
  package let centers: [Scalar]
  /// Terms by channel; empty where X vanishes.
  package let terms: [[Term]]
  /// Highest order needed at each center for electrode a as initial, b as final electrode; -1 for none: [a][center].
  package let initialOrders: [[Int]]
  package let finalOrders: [[Int]]
  package let highestOrder: Int
  /// Centers that are a single pole of the Green's function, or one shifted by the frequency: its number, else -1. Their functions of
  /// mu_a, or of mu_b + w, are those of the pole and mu at every frequency.
  package let barePoles: [Int]
  package let shiftedPoles: [Int]

  /// More poles than this are not worth it against quadrature.
  package static let largestConductor = 10
  private static let largestOrder = 5
  /// Poles closer than this fraction of their width are merged.
  private static let merging = 1e-3
  private static let contourPoints = 32
  private static let phases = (0..<contourPoints).map { i in
    Scalar(length: 1, phase: 2 * Double.pi * (Double(i) + 0.5) / Double(contourPoints))
  }

  /// False when the junction has no pole sums at any frequency: not wide-band, or too large.
  package static func mayExist(_ prepared: PreparedJunction) -> Bool {
    prepared.factors.poles.map { $0.poles.count <= largestConductor } ?? false
  }

  /// nil when the junction is not wide-band, too large, or two poles can be neither merged nor told apart.
  package convenience init?(_ prepared: PreparedJunction, mode: Int, frequency: Double, vanishing: [Bool]) {
    guard let expansion = prepared.factors.poles, expansion.poles.count <= Self.largestConductor else { return nil }
    let spin = prepared.junction.conductor.spinDegeneracy
    self.init(
      prepared, frequency: frequency, spectrum: AnalyticKernel(prepared.factors, expansion, mode: mode, spin: spin),
      vanishing: vanishing)
  }

  /// The transmissions T_ab(e) in place of X^{ab}, at frequency 0: int de/2pi T_ab (f_b - f_a) is what `PoleSumIntegrator` calls L. nil
  /// under the same conditions.
  package convenience init?(transmissionsOf prepared: PreparedJunction, vanishing: [Bool]) {
    guard let expansion = prepared.factors.poles, expansion.poles.count <= Self.largestConductor, !expansion.hasBoundStates
    else { return nil }
    let spin = prepared.junction.conductor.spinDegeneracy
    self.init(
      prepared, frequency: 0, spectrum: AnalyticTransmission(prepared.factors, expansion, spin: spin), vanishing: vanishing)
  }

  /// `spectrum` has the poles of A_a(e) and, at frequencies above 0, those of A_b(e - w).
  private init?(
    _ prepared: PreparedJunction, frequency: Double, spectrum continuation: any AnalyticSpectrum, vanishing: [Bool]
  ) {
    self.frequency = frequency
    let resonances = prepared.resonances.map { Scalar($0.position, -$0.width) }
    let lower = resonances + (frequency > 0 ? resonances.map { $0 + Scalar(frequency, 0) } : [])
    let clusters = Self.clusters(of: lower)
    centers = clusters.map(\.center)
    let electrodes = prepared.factors.offsets.count - 1
    var terms = [[Term]](repeating: [], count: electrodes * electrodes)
    for (index, cluster) in clusters.enumerated() {
      let others = clusters.enumerated().filter { $0.offset != index }.map(\.element)
      var gap = 2 * abs(cluster.center.rawStorage.y) - cluster.radius
      for other in others {
        gap = min(gap, (other.center - cluster.center).length - other.radius)
        gap = min(gap, (other.center.conjugate - cluster.center).length - other.radius)
      }
      guard gap > 30 * cluster.radius, gap > 0 else { return nil }
      let radius = cluster.radius > 0 ? (gap * max(cluster.radius, gap / 36)).squareRoot() : gap / 6
      Self.addTerms(
        center: cluster.center, index: index, radius: radius, single: cluster.radius == 0 && cluster.count == 1, continuation,
        frequency, vanishing: vanishing, to: &terms)
    }
    self.terms = terms
    let count = resonances.count
    barePoles = clusters.map { $0.members.count == 1 && $0.members[0] < count ? $0.members[0] : -1 }
    shiftedPoles =
      frequency > 0
      ? clusters.map { $0.members.count == 1 && $0.members[0] >= count ? $0.members[0] - count : -1 } : barePoles
    var initial = [[Int]](repeating: [Int](repeating: -1, count: clusters.count), count: electrodes)
    var final = initial
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        for term in terms[a * electrodes + b] {
          initial[a][term.center] = max(initial[a][term.center], term.order)
          final[b][term.center] = max(final[b][term.center], term.order)
        }
      }
    }
    initialOrders = initial
    finalOrders = final
    highestOrder = terms.joined().reduce(0) { max($0, $1.order) }
  }

  private struct Cluster {
    var center: Scalar
    var radius: Double
    /// Positions in the list of poles.
    var members: [Int]
    var count: Int { members.count }
  }

  /// Groups poles by distance; the center is the mean.
  private static func clusters(of poles: [Scalar]) -> [Cluster] {
    var groups: [[Scalar]] = []
    var members: [[Int]] = []
    for (index, pole) in poles.enumerated() {
      let width = abs(pole.rawStorage.y)
      if let g = groups.firstIndex(where: { group in
        group.contains { ($0 - pole).length < merging * min(width, abs($0.rawStorage.y)) }
      }) {
        groups[g].append(pole)
        members[g].append(index)
      } else {
        groups.append([pole])
        members.append([index])
      }
    }
    return zip(groups, members).map { group, members in
      let mean = group.reduce(Scalar.zero, +) * Scalar(1 / Double(group.count), 0)
      let radius = group.reduce(0.0) { max($0, ($1 - mean).length) }
      // Rounding makes coinciding poles differ in the last bits: one point.
      let tiny = 1e-13 * max(mean.length, 1e-300)
      return Cluster(
        center: mean, radius: radius < tiny && radius < 1e-9 * abs(mean.rawStorage.y) ? 0 : radius, members: members)
    }
  }

  /// Laurent coefficients a_j = 1/(2 pi i) oint X (z - c)^j dz by the trapezoidal rule on a circle.
  private static func addTerms(
    center: Scalar, index: Int, radius: Double, single: Bool, _ kernel: any AnalyticSpectrum, _ frequency: Double,
    vanishing: [Bool], to terms: inout [[Term]]
  ) {
    let n = contourPoints
    /// X at the points, [point * channels + channel], and (z - c)^(j + 1), [j * n + point].
    var samples: [Scalar] = []
    var powers = [Scalar](repeating: .zero, count: n * (largestOrder + 2))
    var rounding = [Double](repeating: 0, count: terms.count)
    for i in 0..<n {
      let offset = Scalar(radius, 0) * phases[i]
      kernel.sample(center, offset: offset, frequency, values: &samples, rounding: &rounding)
      powers[i] = offset
      for j in 1...(largestOrder + 1) { powers[j * n + i] = powers[(j - 1) * n + i] * offset }
    }
    let width = abs(center.rawStorage.y)
    // Poles and their shifts by w are known to rounding of the energies, which moves a narrow resonance.
    let displacement = 2.3e-16 * (abs(center.rawStorage.x) + abs(frequency)) / width
    for channel in terms.indices where !vanishing[channel] {
      var coefficients: [Scalar] = []
      var largest = 0.0
      for i in 0..<n { largest = max(largest, samples[i * terms.count + channel].length) }
      for j in 0...(largestOrder + 1) {
        var sum = Scalar.zero
        for i in 0..<n { sum = sum + samples[i * terms.count + channel] * powers[j * n + i] }
        coefficients.append(sum * Scalar(1 / Double(n), 0))
      }
      // Size of a term where it is largest on the real axis, |a_j|/width^(j+1).
      let sizes = (0...largestOrder).map { coefficients[$0].length / power(width, $0 + 1) }
      let scale = sizes.max() ?? 0
      let noise = 2e-16 * largest * radius
      guard coefficients[0].length > 4 * noise || coefficients[1].length > 4 * noise * radius else { continue }
      let highest =
        single
        ? 0 : (0...largestOrder).last { sizes[$0] > 1e-17 * scale && coefficients[$0].length > noise * power(radius, $0) } ?? 0
      for j in 0...highest {
        let next = j < highest ? coefficients[j + 1] : .zero
        terms[channel].append(
          Term(
            center: index, order: j, amplitude: coefficients[j], energyAmplitude: center * coefficients[j] + next,
            doubt: (noise + rounding[channel] * radius) * power(radius, j) + displacement * coefficients[j].length))
      }
    }
  }

  private static func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { p, _ in p * x } }
}

extension PoleExpansion {
  /// W at the complex energy z + offset, shape (N, columns); an offset far below the rounding of z keeps its digits.
  package func factors(at z: Scalar, offset: Scalar) -> Matrix {
    var w = residues
    for k in poles.indices {
      // A bound state has no residue.
      let difference = (z - poles[k]) + offset
      let inverse = difference == .zero ? Scalar.zero : Scalar(1, 0) / difference
      for j in 0..<w.columns { w[k, j] = w[k, j] * inverse }
    }
    return w
  }
}
