import ComplexModule
import DenseMatrices
import JunctionModel

/// W(e) = [e S - H - sum Sigma(e)]^-1 R(e) by one LU factorisation per energy: any electrodes, any conductor.
package struct DirectGreensFunction: Sendable {
  private let hamiltonian: Matrix
  private let overlap: Matrix?
  let selfEnergies: [ElectrodeSelfEnergy]
  private let columns: Int
  /// Present for a long conductor: everything below is then between its kept orbitals.
  let long: LongGreensFunction?
  /// The same factors without matrices, where there are few orbitals and closed forms.
  private let small: SmallGreensFunction?

  package init(_ conductor: Conductor, _ selfEnergies: [ElectrodeSelfEnergy]) {
    hamiltonian = conductor.hamiltonian
    overlap = conductor.overlap
    self.selfEnergies = selfEnergies
    columns = selfEnergies.reduce(0) { $0 + $1.rank }
    long = conductor.whole.map { LongGreensFunction($0, selfEnergies) }
    small = long == nil ? SmallGreensFunction(hamiltonian, overlap: overlap, selfEnergies) : nil
  }

  /// True for a long conductor, of whose levels only narrow ones are known.
  package var isLong: Bool { long != nil }

  /// G(e) X for a block of columns. Cost: 8/3 N^3 + 8 N^2 columns flops.
  package func apply(at energy: Double, to x: Matrix) throws(LinearAlgebraError) -> Matrix {
    if let long { return try long.apply(at: energy, to: x) }
    return try factored(assembled(at: energy).inverse, at: energy).factorization.solve(x)
  }

  /// The LU factors of a matrix e S - H - sum Sigma(e), and the matrix they belong to. Where the energy hits a bound state to the last
  /// bit, which carries no electrons, it steps aside by one rounding unit.
  func factored(_ matrix: Matrix, at energy: Double) throws(LinearAlgebraError) -> (
    matrix: Matrix, factorization: LUFactorization
  ) {
    do { return (matrix, try LUFactorization(matrix)) } catch  where error.code == .singular {
      var aside = matrix
      // Nothing but zeros: any step will do.
      let step = Scalar(1e-13 * max(abs(energy), hamiltonian.norm, 1e-200), 0)
      for i in 0..<aside.rows { aside[i, i] = aside[i, i] + step }
      return (aside, try LUFactorization(aside))
    }
  }

  /// The electrodes' self-energies at an energy.
  func values(at energy: Double) throws(LinearAlgebraError) -> [ElectrodeSelfEnergy.Value] {
    var result: [ElectrodeSelfEnergy.Value] = []
    for selfEnergy in selfEnergies { result.append(try selfEnergy.evaluate(at: energy)) }
    return result
  }

  /// Bounds of |sum u_i^+ dSigma w_j| for columns u, w on the conductor, [j * columns of u + i]. Cost: products of the columns with
  /// matrices of a cell.
  func selfEnergyErrors(_ values: [ElectrodeSelfEnergy.Value], left u: Matrix, right w: Matrix) -> [Double] {
    var result = [Double](repeating: 0, count: u.columns * w.columns)
    for (selfEnergy, value) in zip(selfEnergies, values) {
      let bounds = value.bounds(left: u.rows(selfEnergy.orbitals), right: w.rows(selfEnergy.orbitals))
      for j in 0..<w.columns {
        for i in 0..<u.columns {
          result[j * u.columns + i] += bounds.reduce(.infinity) { min($0, $1.left[i] * $1.right[j]) }
        }
      }
    }
    return result
  }

  /// Lowest energy at which an electrode has states; nil when one of them has no lower end.
  package var lowestEdge: Double? {
    selfEnergies.contains(where: \.isUnbounded) ? nil : selfEnergies.compactMap { $0.edges.min() ?? $0.range?.lowerBound }.min()
  }

  /// The lowest energy every tabulated self-energy knows; -infinity without tables.
  package var lowestKnown: Double { selfEnergies.compactMap { $0.range?.lowerBound }.max() ?? -.infinity }

  /// The factors W, shape (N, columns), and R, same shape. Cost: 8/3 N^3 + 8 N^2 columns flops.
  package func factors(at energy: Double) throws(LinearAlgebraError) -> (factors: Matrix, broadening: Matrix) {
    if let long { return try long.factors(at: energy) }
    let parts = try assembled(at: energy)
    return (try factored(parts.inverse, at: energy).factorization.solve(parts.broadening), parts.broadening)
  }

  /// Writes W alone, column-major. Cost: as `factors`, without allocations for few orbitals.
  package func fill(at energy: Double, into factors: UnsafeMutablePointer<Scalar>) throws(LinearAlgebraError) {
    if let small, small.fill(at: energy, into: factors) { return }
    let w = try self.factors(at: energy).factors
    w.elements.withUnsafeBufferPointer { factors.update(from: $0.baseAddress!, count: $0.count) }
  }

  /// G(e), shape (N, N), and R, shape (N, columns). Cost: 8 N^3 flops.
  package func greensFunction(at energy: Double) throws(LinearAlgebraError) -> (green: Matrix, broadening: Matrix) {
    if let long { return try long.greensFunction(at: energy) }
    let parts = try assembled(at: energy)
    return (try factored(parts.inverse, at: energy).factorization.inverse, parts.broadening)
  }

  /// Frobenius norms of H and of the largest energy scale of the self-energies' edges: all resonances lie within.
  package var extent: Double {
    let edges = selfEnergies.flatMap { $0.edges + $0.bends.map(\.position) }.map { abs($0) }
    return max(long.map { 2 * $0.bound } ?? hamiltonian.norm, edges.max() ?? 0)
  }

  /// e S - H - sum Sigma(e), R, and the self-energies themselves.
  func assembled(
    at energy: Double
  ) throws(LinearAlgebraError) -> (inverse: Matrix, broadening: Matrix, values: [ElectrodeSelfEnergy.Value]) {
    let values = try values(at: energy)
    let (inverse, r) = assembled(at: energy, values.map { ($0.sigma, $0.factor) })
    return (inverse, r, values)
  }

  /// e S - H - sum Sigma and the broadenings' factors side by side; leads without a Sigma are left out of the sum.
  func assembled(at energy: Double, _ values: [(sigma: Matrix?, factor: Matrix)]) -> (inverse: Matrix, broadening: Matrix) {
    let size = hamiltonian.rows
    var r = Matrix(rows: size, columns: columns)
    var inverse = (-1.0) * hamiltonian
    if let overlap {
      inverse = inverse + energy * overlap
    } else {
      for i in 0..<size { inverse[i, i] = inverse[i, i] + Scalar(energy, 0) }
    }
    var column = 0
    for (selfEnergy, (sigma, factor)) in zip(selfEnergies, values) {
      for (j, orbitalJ) in selfEnergy.orbitals.enumerated() {
        guard let sigma else { break }
        for (i, orbitalI) in selfEnergy.orbitals.enumerated() {
          inverse[orbitalI, orbitalJ] = inverse[orbitalI, orbitalJ] - sigma[i, j]
        }
      }
      for j in 0..<factor.columns {
        for (i, orbital) in selfEnergy.orbitals.enumerated() { r[orbital, column + j] = factor[i, j] }
      }
      column += selfEnergy.rank
    }
    return (inverse, r)
  }

  /// Band edges, and resonances found where an eigenvalue of S^-1 (H + Sigma(e)) crosses the energy.
  ///
  /// The number of eigenvalues with Re lambda(e) < e is counted on a grid between the edges; where it changes, the
  /// crossing is bisected down to a fraction of its width. A narrow resonance changes the number however wide the grid is.
  /// Cost: about 50 eigenproblems, 8 per interval between edges and 50 per resonance.
  package func features(in window: ClosedRange<Double>) throws(LinearAlgebraError) -> SpectralFeatures {
    if let long { return try long.features(in: window) }
    var result = SpectralFeatures()
    guard hamiltonian.rows > 0 else { return result }
    result.edges = Array(Set(selfEnergies.flatMap(\.edges))).sorted()
    result.resonances = selfEnergies.flatMap(\.bends)
    let corners = [window.lowerBound] + result.edges.filter { window.contains($0) } + [window.upperBound]
    let toOrthonormal: Matrix? = if let overlap { try LUFactorization(overlap.choleskyFactor()).inverse } else { nil }
    let (least, most) = (8, hamiltonian.rows > 64 ? 8 : 48)
    for (low, high) in zip(corners, corners.dropFirst()) where high > low {
      // Just inside the edges, where the self-energy is that of the interval.
      let margin = 1e-9 * (high - low)
      let share = (high - low) / (window.upperBound - window.lowerBound)
      let divisions = max(least, Int((Double(most) * share).rounded(.up)))
      var previous = try Counted(low + margin, eigenvalues(at: low + margin, toOrthonormal))
      for i in 1...divisions {
        let e = i == divisions ? high - margin : low + (high - low) * Double(i) / Double(divisions)
        let next = try Counted(e, eigenvalues(at: e, toOrthonormal))
        try locate(between: previous, and: next, toOrthonormal, into: &result)
        previous = next
      }
    }
    return result
  }

  private struct Counted {
    let energy: Double
    let below: Int
    /// Width of the eigenvalue nearest to the energy.
    let width: Double

    init(_ energy: Double, _ values: [Scalar]) {
      self.energy = energy
      below = values.count { $0.rawStorage.x < energy }
      let nearest = values.min { abs($0.rawStorage.x - energy) < abs($1.rawStorage.x - energy) }
      width = max(-(nearest?.rawStorage.y ?? 0), 0)
    }
  }

  private func locate(
    between a: Counted, and b: Counted, _ toOrthonormal: Matrix?, into features: inout SpectralFeatures
  ) throws(LinearAlgebraError) {
    guard a.below != b.below else { return }
    let middle = 0.5 * (a.energy + b.energy)
    let resolution = max(0.25 * min(a.width, b.width), 4e-16 * max(abs(a.energy), abs(b.energy)))
    guard b.energy - a.energy > resolution, middle > a.energy, middle < b.energy else {
      // Narrower than any electrode can make it: a bound state, no spectral weight.
      let width = min(a.width, b.width)
      if width > 1e-14 * hamiltonian.norm {
        features.resonances.append((middle, width))
      } else {
        features.boundStates.append(middle)
      }
      return
    }
    let c = try Counted(middle, eigenvalues(at: middle, toOrthonormal))
    try locate(between: a, and: c, toOrthonormal, into: &features)
    try locate(between: c, and: b, toOrthonormal, into: &features)
  }

  private func eigenvalues(at energy: Double, _ toOrthonormal: Matrix?) throws(LinearAlgebraError) -> [Scalar] {
    var effective = hamiltonian
    for selfEnergy in selfEnergies {
      let sigma = try selfEnergy.evaluate(at: energy).sigma
      effective =
        effective + sigma.embedded(rows: selfEnergy.orbitals, columns: selfEnergy.orbitals, size: hamiltonian.rows)
    }
    if let toOrthonormal { effective = toOrthonormal * effective * toOrthonormal.adjoint }
    return try GeneralEigenproblem(effective).values
  }
}
