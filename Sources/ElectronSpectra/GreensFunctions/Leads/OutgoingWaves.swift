import ComplexModule
import DenseMatrices

/// The waves that leave a junction into a lead, psi_n = sum_j c_j l_j^n u_j, as conditions on the orbitals before it:
///
///     U^+ psi = a c,   hopping into the lead: -X c,   so that Sigma = -X a^-1 U^+ and R^+ psi = F^+ c.
///
/// Next to a state bound to the lead's surface a is nearly singular and Sigma large; these equations have nothing large in them.
struct OutgoingWaves: Sendable {
  /// U, shape (orbitals, r), orthonormal.
  let shown: Matrix
  /// a, shape (r, r).
  let before: Matrix
  /// X = U s b, shape (orbitals, r); energies.
  let ahead: Matrix
  /// F, shape (r, open channels), with the flux of c as c^+ F F^+ c.
  let flux: Matrix
  /// R = U a^-+ F, shape (orbitals, open channels).
  let broadening: Matrix
  /// a^-1 U^+, shape (r, orbitals).
  let amplitudes: Matrix
  /// Scale of the hopping.
  let scale: Double
  /// What rounding turns the waves by.
  var turned: Double

  /// Where |a^-1| is larger than this, wave functions are matched to the waves instead of joined by Sigma.
  static let smallestGrowth = 100.0
}

extension DirectGreensFunction {
  /// The amplitudes from wave functions matched to the waves of the leads whose Sigma is large,
  ///
  ///     [e S - H - sum' Sigma   X_p] [psi]   [R]
  ///     [      -U_p^+           a_p] [c_p] = [0],   t = R_q^+ psi, or F_p^+ c_p,
  ///
  /// with errors as without: rounding of the elimination, of the energy and of the products, errors of Sigma and of the waves.
  /// Cost: as `amplitudes`, with r more unknowns per lead.
  func matchedAmplitudes(
    at energy: Double, _ values: [ElectrodeSelfEnergy.Value]
  ) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    let matching = WaveMatching(self, values, at: energy)
    let factorization = try factored(matching.matrix, at: energy).factorization
    let (w, u) = (factorization.solve(matching.sources), factorization.solveAdjoint(matching.readings))
    let (orbitals, unit) = (0..<matching.orbitals, Double(max(matching.matrix.rows, 4)) * .ulpOfOne)
    let (inside, inverse) = (w.rows(orbitals), u.rows(orbitals))
    var terms = matching.errors(left: u, right: w)
    let step = abs(energy) * .ulpOfOne
    for (index, bound) in factorization.roundingBounds(left: u, right: w).enumerated() {
      let (i, j) = (index % u.columns, index / u.columns)
      terms[index] += bound + step * inverse.overlap(i, inside, j) + unit * matching.readings.overlap(i, w, j)
    }
    return TransmissionAmplitudes(
      Matrix.product(matching.readings, .adjoint, w, .plain), errors: terms, edgeChannels: values.map(\.edgeChannels))
  }
}

/// The equations of wave functions matched to waves, their sources and what is read off the solutions.
private struct WaveMatching {
  let matrix: Matrix
  let orbitals: Int
  /// (R; 0), shape (unknowns, columns).
  let sources: Matrix
  /// (R; 0) of leads joined by Sigma, (0; F) of matched ones.
  let readings: Matrix
  private let selfEnergies: [ElectrodeSelfEnergy]
  private let values: [ElectrodeSelfEnergy.Value]
  /// The first unknown c of every lead.
  private let firstAmplitudes: [Int]

  init(_ junction: DirectGreensFunction, _ values: [ElectrodeSelfEnergy.Value], at energy: Double) {
    (selfEnergies, self.values) = (junction.selfEnergies, values)
    let parts = values.map { value in
      value.waves.map { (nil, $0.broadening.widened(to: value.factor.columns)) } ?? (value.sigma, value.factor)
    }
    let (inverse, r) = junction.assembled(at: energy, parts)
    orbitals = inverse.rows
    var size = orbitals
    var first: [Int] = []
    for value in values {
      first.append(size)
      size += value.waves?.before.rows ?? 0
    }
    firstAmplitudes = first
    let below = Matrix(rows: size - orbitals, columns: r.columns)
    sources = r.stacked(on: below)
    (matrix, readings) = Self.joined(inverse, sources, junction.selfEnergies, values, first, size: size)
  }

  private static func joined(
    _ inverse: Matrix, _ sources: Matrix, _ selfEnergies: [ElectrodeSelfEnergy], _ values: [ElectrodeSelfEnergy.Value],
    _ first: [Int], size: Int
  ) -> (matrix: Matrix, readings: Matrix) {
    var (matrix, readings) = (Matrix(rows: size, columns: size), sources)
    for j in 0..<inverse.columns { for i in 0..<inverse.rows { matrix[i, j] = inverse[i, j] } }
    var column = 0
    for (p, selfEnergy) in selfEnergies.enumerated() {
      defer { column += selfEnergy.rank }
      guard let waves = values[p].waves else { continue }
      for k in 0..<waves.before.rows {
        for (i, orbital) in selfEnergy.orbitals.enumerated() {
          matrix[orbital, first[p] + k] += waves.ahead[i, k]
          matrix[first[p] + k, orbital] -= waves.shown[i, k].conjugate.multiplied(by: waves.scale)
        }
        for i in 0..<waves.before.rows { matrix[first[p] + i, first[p] + k] = waves.before[i, k].multiplied(by: waves.scale) }
        for j in 0..<selfEnergy.rank {
          readings[first[p] + k, column + j] = j < waves.flux.columns ? waves.flux[k, j] : .zero
        }
      }
      for j in 0..<selfEnergy.rank { for i in 0..<inverse.rows { readings[i, column + j] = .zero } }
    }
    return (matrix, readings)
  }

  /// Bounds of what the errors of Sigma and of the waves change in u_i^+ M w_j, [j * columns + i].
  ///
  /// Waves turned by d change a by d and X by d times the hopping, and R = U a^-+ F by -a^-+ da^+ of itself.
  func errors(left u: Matrix, right w: Matrix) -> [Double] {
    var result = [Double](repeating: 0, count: u.columns * w.columns)
    for (p, value) in values.enumerated() {
      let rows = selfEnergies[p].orbitals
      var bounds = value.bounds(left: u.rows(rows), right: w.rows(rows))
      if let waves = value.waves {
        let own = firstAmplitudes[p]..<(firstAmplitudes[p] + waves.before.rows)
        let seen = Matrix.product(waves.shown, .adjoint, u.rows(rows), .plain)
        let left = zip(seen.columnNorms, u.rows(own).columnNorms).map { waves.turned * waves.scale * ($0 + $1) }
        bounds = [(left, w.rows(own).columnNorms)]
      }
      for j in 0..<w.columns {
        for i in 0..<u.columns { result[j * u.columns + i] += bounds.reduce(.infinity) { min($0, $1.left[i] * $1.right[j]) } }
      }
      addSources(of: p, left: u, to: &result)
    }
    return result
  }

  private func addSources(of p: Int, left u: Matrix, to result: inout [Double]) {
    guard let waves = values[p].waves else { return }
    let first = selfEnergies[..<p].reduce(0) { $0 + $1.rank }
    let left = (waves.amplitudes * u.rows(selfEnergies[p].orbitals)).columnNorms
    for (k, size) in waves.broadening.columnNorms.enumerated() {
      for i in 0..<u.columns { result[(first + k) * u.columns + i] += waves.turned * left[i] * size }
    }
  }
}

extension Matrix {
  /// The same with columns of zeros up to a number.
  fileprivate func widened(to count: Int) -> Matrix { joined(with: Matrix(rows: rows, columns: count - columns)) }
}
