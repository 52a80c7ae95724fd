import DenseMatrices

/// All orbitals of a long conductor, of which electrodes and couplings touch only those in `kept`.
///
/// The untouched ones enter through the Green's function between kept orbitals alone, which is found from a banded
/// factorisation of e S - H - Sigma(e) over all orbitals (Theory.md section 15).
package struct WholeConductor: Sendable, Equatable {
  /// H, energy.
  package let hamiltonian: SparseHermitianMatrix
  /// S; nil for an orthogonal basis.
  package let overlap: SparseHermitianMatrix?
  /// Orbitals an electrode or a coupling touches, distinct; position in this list is the row in the junction's dense matrices.
  package let kept: [Int]

  /// A long conductor with the orbitals that electrodes and couplings will name.
  package init(hamiltonian: SparseHermitianMatrix, overlap: SparseHermitianMatrix? = nil, kept: [Int]) {
    self.hamiltonian = hamiltonian
    self.overlap = overlap
    self.kept = kept
  }

  /// H - reference S. Cost: one pass over the elements.
  func measuringEnergies(from reference: Double) -> WholeConductor {
    WholeConductor(
      hamiltonian: hamiltonian.subtracting(reference, times: overlap), overlap: overlap, kept: kept)
  }

  /// An open chain: `energy` on every site, `hopping` between neighbours.
  package static func chain(
    sites: Int, energy: Double, hopping: Double
  ) throws(SparseHermitianMatrix.Fault) -> SparseHermitianMatrix {
    try cells(
      sites, Matrix(diagonal: [energy]), Matrix(rows: 1, columns: 1, elements: [Scalar(hopping, 0)]))
  }

  /// Equal cells in a row: `inner` (Hermitian) within each, `outer` from a cell (rows) to the next one (columns).
  /// Orbital i of cell c has the index c * size + i.
  package static func cells(
    _ count: Int, _ inner: Matrix, _ outer: Matrix
  ) throws(SparseHermitianMatrix.Fault) -> SparseHermitianMatrix {
    precondition(
      inner.isSquare && outer.rows == inner.rows && outer.columns == inner.rows, "cells of different shapes in a row")
    let size = inner.rows
    var entries: [SparseHermitianMatrix.Entry] = []
    for cell in 0..<count {
      for i in 0..<size {
        for j in 0..<size {
          if j >= i && (inner[i, j] != .zero || i == j) { entries.append(.init(cell * size + i, cell * size + j, inner[i, j])) }
          if cell + 1 < count && outer[i, j] != .zero {
            entries.append(.init(cell * size + i, (cell + 1) * size + j, outer[i, j]))
          }
        }
      }
    }
    return try SparseHermitianMatrix(size: count * size, entries: entries)
  }
}

extension JunctionValidation {
  /// H and S are Hermitian and finite by construction; S must be positive definite.
  static func check(_ whole: WholeConductor) throws(ModelError) {
    let size = whole.hamiltonian.size
    try requireIndices(whole.kept, below: size, what: "orbital", at: ["conductor"])
    guard let overlap = whole.overlap else { return }
    guard overlap.size == size else {
      throw ModelError(
        .wrongShape, at: ["conductor", "overlap"], found: "order \(overlap.size)", allowed: "order \(size), that of H")
    }
    let ordering = BandOrdering([overlap])
    var band = BandedLU(size: size, bandwidth: ordering.bandwidth)
    for i in 0..<size {
      for k in overlap.starts[i]..<overlap.starts[i + 1] {
        band.add(overlap.values[k], row: ordering.positions[i], column: ordering.positions[overlap.columns[k]])
      }
    }
    guard band.isPositiveDefinite() else {
      throw ModelError(
        .notPositiveDefinite, at: ["conductor", "overlap"], found: "a banded Cholesky factorisation that fails",
        allowed: "a positive definite matrix", hint: "Remove linearly dependent orbitals")
    }
  }
}
