import ComplexModule
import DenseMatrices
import JunctionModel
import Synchronization

/// G(e) between the kept orbitals of a long conductor, by a banded LU factorisation over all orbitals (Theory.md section 15).
///
/// e S - H - sum Sigma(e) is factored as a whole, with the electrodes in it: eliminating the untouched orbitals first would
/// pass through their own levels, where nothing has a width. Memory: 16 N (3 b + 1 + columns) bytes per call, N orbitals, b bandwidth.
package struct LongGreensFunction: Sendable {
  private let kept: [Int]
  private let selfEnergies: [ElectrodeSelfEnergy]
  private let columns: Int
  /// Elements of H and S in the order of the band.
  private let elements: [Element]
  private let cache = FactorCache()
  /// Number of all orbitals.
  package let size: Int
  /// Elements further from the diagonal than this vanish.
  package let bandwidth: Int
  /// No level of the conductor lies further from zero (orthogonal basis).
  package let bound: Double
  /// Row of each kept orbital in the band.
  private let rows: [Int]

  private struct Element {
    let row: Int32
    let column: Int32
    let hamiltonian: Scalar
    let overlap: Scalar
  }

  /// Orders the orbitals. Cost: linear in the elements of H and S.
  package init(_ whole: WholeConductor, _ selfEnergies: [ElectrodeSelfEnergy]) {
    self.selfEnergies = selfEnergies
    columns = selfEnergies.reduce(0) { $0 + $1.rank }
    kept = whole.kept
    size = whole.hamiltonian.size
    let cliques = selfEnergies.map { $0.orbitals.map { whole.kept[$0] } }
    let ordering = BandOrdering([whole.hamiltonian] + [whole.overlap].compactMap { $0 }, cliques: cliques)
    bandwidth = ordering.bandwidth
    bound = whole.hamiltonian.bound
    rows = whole.kept.map { ordering.positions[$0] }
    elements = Self.elements(whole, ordering.positions)
  }

  private static func elements(_ whole: WholeConductor, _ positions: [Int]) -> [Element] {
    var result: [Element] = []
    let (h, s) = (whole.hamiltonian, whole.overlap)
    result.reserveCapacity(h.count + (s?.count ?? 0))
    for i in 0..<h.size {
      for k in h.starts[i]..<h.starts[i + 1] {
        let j = h.columns[k]
        result.append(
          Element(
            row: Int32(positions[i]), column: Int32(positions[j]), hamiltonian: h.values[k],
            overlap: s == nil && i == j ? Scalar(1, 0) : .zero))
      }
      guard let s else { continue }
      for k in s.starts[i]..<s.starts[i + 1] {
        result.append(
          Element(row: Int32(positions[i]), column: Int32(positions[s.columns[k]]), hamiltonian: .zero, overlap: s.values[k]))
      }
    }
    // Column by column, as the band is stored.
    return result.sorted { ($0.column, $0.row) < ($1.column, $1.row) }
  }

  /// Writes e S - H - sum Sigma(e) into a band; returns the broadenings' factor R, shape (kept, columns).
  /// Cost: the elements of H and S, and the self-energies.
  @discardableResult
  package func assemble(at energy: Double, into band: inout BandedLU) throws(LinearAlgebraError) -> Matrix {
    band.clear()
    for e in elements {
      band.add(Scalar(energy, 0) * e.overlap - e.hamiltonian, row: Int(e.row), column: Int(e.column))
    }
    var r = Matrix(rows: kept.count, columns: columns)
    var column = 0
    for selfEnergy in selfEnergies {
      let value = try selfEnergy.evaluate(at: energy)
      let (sigma, factor) = (value.sigma, value.factor)
      for (j, orbitalJ) in selfEnergy.orbitals.enumerated() {
        for (i, orbitalI) in selfEnergy.orbitals.enumerated() {
          band.add(-sigma[i, j], row: rows[orbitalI], column: rows[orbitalJ])
        }
      }
      for j in 0..<factor.columns {
        for (i, orbital) in selfEnergy.orbitals.enumerated() { r[orbital, column + j] = factor[i, j] }
      }
      column += selfEnergy.rank
    }
    return r
  }

  /// The factored band and R. At a bound state, hit to the last bit, the energy steps aside by a rounding unit.
  private func factored(
    at energy: Double, _ band: inout BandedLU
  ) throws(LinearAlgebraError) -> Matrix {
    let r = try assemble(at: energy, into: &band)
    do {
      try band.factor()
    } catch {
      try assemble(at: energy, into: &band)
      let step = Scalar(1e-13 * max(abs(energy), bound), 0)
      for i in 0..<size { band.add(step, row: i, column: i) }
      try band.factor()
    }
    return r
  }

  /// W = G R and R on the kept orbitals, shape (kept, columns). Cost: 16 N b^2 + 32 N b flops per open channel.
  package func factors(at energy: Double) throws(LinearAlgebraError) -> (factors: Matrix, broadening: Matrix) {
    if let known = cache[energy] { return known }
    var band = BandedLU(size: size, bandwidth: bandwidth)
    let r = try factored(at: energy, &band)
    // Closed channels leave columns of rounding in R: they carry nothing.
    let open = openColumns(r)
    let solved = solve(band, r.submatrix(rows: Array(0..<kept.count), columns: open))
    var w = Matrix(rows: kept.count, columns: columns)
    for (k, column) in open.enumerated() {
      for i in 0..<kept.count { w[i, column] = solved[i, k] }
    }
    let result = (factors: w, broadening: r)
    cache[energy] = result
    return result
  }

  /// Columns of R whose square is above the rounding of their electrode's Gamma, 1e-15 of its largest.
  private func openColumns(_ r: Matrix) -> [Int] {
    let squares = (0..<r.columns).map { column in
      (0..<r.rows).reduce(0.0) { sum, i in
        let z = r[i, column].rawStorage
        return sum + z.x * z.x + z.y * z.y
      }
    }
    var result: [Int] = []
    var first = 0
    for selfEnergy in selfEnergies {
      let own = first..<(first + selfEnergy.rank)
      let limit = 1e-15 * (squares[own].max() ?? 0)
      result += own.filter { squares[$0] > limit }
      first = own.upperBound
    }
    return result
  }

  /// G(e) X between kept orbitals. Cost: 16 N b^2 + 32 N b columns flops.
  package func apply(at energy: Double, to x: Matrix) throws(LinearAlgebraError) -> Matrix {
    var band = BandedLU(size: size, bandwidth: bandwidth)
    _ = try factored(at: energy, &band)
    return solve(band, x)
  }

  /// G(e) between kept orbitals and R. Cost: 16 N b^2 + 32 N b kept flops.
  package func greensFunction(at energy: Double) throws(LinearAlgebraError) -> (green: Matrix, broadening: Matrix) {
    var band = BandedLU(size: size, bandwidth: bandwidth)
    let r = try factored(at: energy, &band)
    return (solve(band, .identity(kept.count)), r)
  }

  private func solve(_ band: borrowing BandedLU, _ x: Matrix) -> Matrix {
    // Columns in blocks, so that memory stays a few columns of all orbitals.
    let block = 32
    var result = Matrix(rows: kept.count, columns: x.columns)
    var full = [Scalar](repeating: .zero, count: size * min(block, x.columns))
    for first in stride(from: 0, to: x.columns, by: block) {
      let count = min(block, x.columns - first)
      full.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        base.update(repeating: .zero, count: size * count)
        for j in 0..<count {
          for (i, row) in rows.enumerated() { base[j * size + row] = x[i, first + j] }
        }
        band.solve(base, columns: count)
        for j in 0..<count {
          for (i, row) in rows.enumerated() { result[i, first + j] = base[j * size + row] }
        }
      }
    }
    return result
  }

  /// True when some electrode has states at an energy.
  package func isOpen(at energy: Double) throws(LinearAlgebraError) -> Bool {
    for selfEnergy in selfEnergies where try selfEnergy.evaluate(at: energy).factor.largestMagnitude > 0 { return true }
    return false
  }

  /// Band edges of the electrodes, ascending.
  package var edges: [Double] { Array(Set(selfEnergies.flatMap(\.edges))).sorted() }
}

/// Factors at energies asked for before: kernels of several modes share most of theirs.
private final class FactorCache: Sendable {
  private typealias Stored = (factors: Matrix, broadening: Matrix)
  private let stored = Mutex<[Double: (factors: Matrix, broadening: Matrix)]>([:])
  /// Numbers kept, 16 bytes each.
  private static let limit = 8_000_000

  subscript(energy: Double) -> (factors: Matrix, broadening: Matrix)? {
    get { stored.withLock { $0[energy] } }
    set {
      guard let newValue else { return }
      stored.withLock { known in
        let size = 2 * max(newValue.factors.elements.count, 1)
        if (known.count + 1) * size > Self.limit { known.removeAll(keepingCapacity: true) }
        known[energy] = newValue
      }
    }
  }
}
