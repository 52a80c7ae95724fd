import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import SpecialFunctions
import TransportResults

/// J as the double integral [07:A2] with all four terms of [07:A7], over all frequencies, without the pair picture: a check
/// of the whole construction of pair baths, for users who ask for it.
///
/// J = -i int de/2pi int dw/2pi w sum_mn g_s tr[M^m G^>(e) M^n G^<(e - w)] D^<_nm(w), with G^< = i sum f_a A_a and
/// G^> = -i sum (1 - f_a) A_a. At w < 0, D^<_nm(w) = D^>_mn(-w) turns absorption into emission, so that there is neither a
/// factor 1/2 nor a term missing: w > 0 gives -w Tr[B iD^<] and w < 0 gives +w Tr[E iD^>], Theory.md section 3. For rotating-wave
/// modes the right factor is M^n+ at w > 0, and at w < 0 the left one is M^m+.
package struct DirectDoubleIntegral: Sendable {
  private let junction: Junction
  private let bosonLesser: @Sendable (Double) throws(SolverError) -> Matrix
  private let breakpoints: [(position: Double, width: Double)]
  private let tolerance: Double
  private let electrons: DirectElectrons

  /// Thermal tails are left out from exp(-60) on.
  private static let reach = 60.0

  /// A double integral with given bosons: iD^<(w) in the normal modes at any real w (Hermitian, positive semidefinite), and the
  /// positions w > 0 where it varies fast, each with the width of a peak, zero for an edge. They must be all: the error
  /// returned knows nothing of a peak that nobody has told of. `tolerance` is relative to what is emitted and absorbed.
  package init(
    junction: Junction, bosonLesser: @escaping @Sendable (Double) throws(SolverError) -> Matrix,
    breakpoints: [(position: Double, width: Double)], tolerance: Double
  ) throws(SolverError) {
    self.junction = junction
    self.bosonLesser = bosonLesser
    self.breakpoints = breakpoints
    self.tolerance = tolerance
    electrons = try DirectElectrons(junction)
  }

  /// J at one state, energy per time from the electrons to the bosons. Cost: about 1e6 Green's functions.
  package func energyCurrent(at point: OperatingPoint) throws(SolverError) -> Estimate {
    let outer = AdaptiveGaussQuadrature(tolerance: tolerance)
    let inner = AdaptiveGaussQuadrature(tolerance: 0.1 * tolerance)
    return try outer.integrate(frequencies(point)) { w throws(SolverError) in
      let lesser = try bosonLesser(w)
      let rate = try inner.integrate(energies(point, frequency: w)) { e throws(SolverError) in
        Estimate(try absorption(energy: e, frequency: w, lesser, point))
      }
      return -w * junction.conductor.spinDegeneracy / (4 * Double.pi * Double.pi) * rate
    }
  }

  /// sum_mn tr[M^m G^>(e) M^n G^<(e - w)] iD^<_nm.
  private func absorption(
    energy e: Double, frequency w: Double, _ lesser: Matrix, _ point: OperatingPoint
  ) throws(SolverError) -> Double {
    // iG^> and -iG^<, whose product is that of G^> and G^<.
    let empty = try electrons.sum(at: e) { a in
      let mu = point.chemicalPotentials[a]
      return FermiFunction.occupation(mu + (mu - e), chemicalPotential: mu, temperature: point.temperatures[a])
    }
    let filled = try electrons.sum(at: e - w) { a in
      FermiFunction.occupation(
        e - w, chemicalPotential: point.chemicalPotentials[a], temperature: point.temperatures[a])
    }
    let (first, second) = w > 0 ? (electrons.couplings, electrons.adjoints) : (electrons.adjoints, electrons.couplings)
    let left = first.map { $0 * empty }
    let right = second.map { $0 * filled }
    var sum = 0.0
    for m in left.indices {
      for n in right.indices where lesser[n, m] != .zero {
        sum += (DirectElectrons.traceOfProduct(left[m], right[n]) * lesser[n, m]).rawStorage.x
      }
    }
    return sum
  }

  /// Panels in w, symmetric about zero.
  private func frequencies(_ point: OperatingPoint) -> [Double] {
    let (mus, hottest) = (point.chemicalPotentials, (point.temperatures + point.bathTemperatures).max() ?? 0)
    let upper = (mus.max() ?? 0) - (mus.min() ?? 0) + Self.reach * hottest
    var points: [(position: Double, width: Double)] = breakpoints
    points += point.temperatures.map { (0, 0.5 * $0) } + point.bathTemperatures.map { (0, 0.5 * $0) }
    for (a, mu) in mus.enumerated() {
      for (b, other) in mus.enumerated() where b > a {
        points.append((abs(mu - other), max(point.temperatures[a], point.temperatures[b])))
      }
      points += electrons.levels.map { (abs($0.position - mu), $0.width) }
    }
    for (i, level) in electrons.levels.enumerated() {
      points += electrons.levels.dropFirst(i + 1).map { (abs(level.position - $0.position), level.width + $0.width) }
    }
    let half = Self.panels(from: 0, to: upper, points)
    return half.dropFirst().reversed().map { -$0 } + half
  }

  /// Panels in e where an electrode may be empty and, w below, one may be filled.
  private func energies(_ point: OperatingPoint, frequency w: Double) -> [Double] {
    let states = zip(point.chemicalPotentials, point.temperatures)
    let lower = states.map { $0 - Self.reach * $1 }.min() ?? 0
    let upper = w + (states.map { $0 + Self.reach * $1 }.max() ?? 0)
    var points: [(position: Double, width: Double)] = []
    for shift in [0, w] {
      points += states.map { ($0 + shift, $1) }
      points += electrons.levels.map { ($0.position + shift, $0.width) }
      points += electrons.edges.map { ($0 + shift, 0) }
    }
    return Self.panels(from: lower, to: upper, points)
  }

  /// Ascending breakpoints: the points themselves and, around each of them, distances growing from its width by factors.
  private static func panels(
    from lower: Double, to upper: Double, _ points: [(position: Double, width: Double)]
  ) -> [Double] {
    guard upper > lower else { return [] }
    var all: [(position: Double, spacing: Double)] = []
    for p in points {
      all.append((p.position, 0.3 * p.width))
      var distance = p.width
      while distance > 1e-14 * (upper - lower) && distance < upper - lower {
        all.append((p.position - distance, 0.4 * distance))
        all.append((p.position + distance, 0.4 * distance))
        distance *= 5
      }
    }
    var result = [lower]
    let rounding = 1e-14 * max(abs(lower), abs(upper))
    for p in all.sorted(by: { $0.position < $1.position }) where p.position > lower && p.position < upper - rounding {
      if p.position - result.last! > max(p.spacing, rounding) { result.append(p.position) }
    }
    return result + [upper]
  }
}
