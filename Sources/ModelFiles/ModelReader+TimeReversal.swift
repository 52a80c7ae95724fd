import DataFiles
import DenseMatrices
import JunctionModel

/// Time reversal: where all H(R) and S(R) are real, M(-k) is the complex conjugate of M(k).
extension ModelReader {
  /// Leaves one of k and -k out where both give the same numbers.
  ///
  /// With real matrices G(-k) = G(k)^T, so that the transmission from a to b at -k is that from b to a at k. Of one or two electrodes these
  /// are the same, because a scattering matrix is unitary; with three or more they are not, nor are the pair spectra of any junction with
  /// bosons (the scattering states that enter become those that leave), and both wave vectors are kept.
  func reduceWavevectors(electrodes: [Electrode], bosons: BosonSystem) throws(FileError) {
    guard place.isWhole, let points = try place.wavevectorPoints() else { return }
    guard points.mayReduce, !points.isResolved, points.vectors.count > 1 else { return }
    if points.particle == .electron {
      guard bosons.count == 0, electrodes.count <= 2, !place.usesFiles, try areConjugate(points) else { return }
    }
    place.reduceWavevectors()
  }

  /// Compares the electrons at a wave vector of no symmetry and at its opposite: conjugate in every bit where all blocks are real.
  private func areConjugate(_ points: WavevectorPoints) throws(FileError) -> Bool {
    let generic = [0.23606797749978969, 0.41421356237309515].prefix(points.vectors.first?.count ?? 0)
    let (here, there) = (try probing(Array(generic)), try probing(generic.map { -$0 }))
    let (electrons, opposite) = (try here.electrons(), try there.electrons())
    guard electrons.isConjugate(of: opposite) else { return false }
    let pairs = zip(try here.electrodes(size: electrons.orbitals), try there.electrodes(size: opposite.orbitals))
    return pairs.allSatisfy { $0.kind.isConjugate(of: $1.kind) }
  }
}

extension JunctionParts.Electrons {
  fileprivate func isConjugate(of other: JunctionParts.Electrons) -> Bool {
    switch (self, other) {
    case (.dense(let a), .dense(let b)):
      return a.hamiltonian.isConjugate(of: b.hamiltonian) && Matrix.areConjugate(a.overlap, b.overlap)
    case (.sparse(let h, let s, _), .sparse):
      // Without lattice vectors.
      return (h.values + (s?.values ?? [])).allSatisfy { $0.imaginary == 0 }
    default: return false
    }
  }
}

extension ElectrodeKind {
  fileprivate func isConjugate(of other: ElectrodeKind) -> Bool {
    switch (self, other) {
    case (.wideBand(let a), .wideBand(let b)): return a.isConjugate(of: b)
    case (.chain, .chain): return true
    case (.periodic(let a), .periodic(let b)):
      return a.h00.isConjugate(of: b.h00) && a.h01.isConjugate(of: b.h01)
        && Matrix.areConjugate(a.s00, b.s00) && Matrix.areConjugate(a.s01, b.s01)
        && Matrix.areConjugate(a.couplingHamiltonian, b.couplingHamiltonian)
        && Matrix.areConjugate(a.couplingOverlap, b.couplingOverlap)
        && Matrix.areConjugate(a.absorption?.broadening, b.absorption?.broadening)
    case (.table(let a), .table): return a.values.allSatisfy(\.isSymmetric)
    default: return false
    }
  }
}

extension Matrix {
  fileprivate static func areConjugate(_ a: Matrix?, _ b: Matrix?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return a.isConjugate(of: b)
  }

  /// True when every element is the complex conjugate of the other matrix's.
  fileprivate func isConjugate(of other: Matrix) -> Bool {
    guard rows == other.rows, columns == other.columns else { return false }
    return (0..<columns).allSatisfy { j in (0..<rows).allSatisfy { self[$0, j] == other[$0, j].conjugate } }
  }

  /// True when A = A^T in every bit.
  fileprivate var isSymmetric: Bool {
    isSquare && (0..<columns).allSatisfy { j in (0..<j).allSatisfy { self[$0, j] == self[j, $0] } }
  }
}
