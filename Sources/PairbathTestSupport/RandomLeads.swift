import ComplexModule
import DenseMatrices
import JunctionModel

/// Random periodic leads of one to eight orbitals of every kind that makes surface Green's functions hard.
public enum RandomLeads {
  /// Kinds of leads.
  public enum Kind: Int, CaseIterable, Sendable {
    /// Full matrices.
    case full
    /// A hopping of low rank.
    case singular
    /// A hopping between few orbitals at the ends of a cell; nilpotent for long cells.
    case sparse
    /// Small integers: crossings of bands, flat bands, energies that are eigenvalues to the last bit.
    case integer
    /// Two equal leads beside each other.
    case doubled
    /// Overlap within and between cells.
    case overlapping
    /// A chain cut into long cells: its bands cross at the folds.
    case folded
    /// Independent orbitals with chains of different widths.
    case decoupled
  }

  /// A lead from its seed; of the given kind, or of one the seed chooses.
  public static func make(seed: UInt64, kind: Kind? = nil) -> PeriodicLead {
    var random = SplitMix64(seed: seed)
    let n = random.integer(1...8)
    let kind = kind ?? Kind.allCases[random.integer(0...(Kind.allCases.count - 1))]
    let isReal = random.chance(0.5)
    var h00 = matrix(n, n, isReal, &random).hermitianPart
    var h01 = (random.chance(0.3) ? 0.3 : 1) * matrix(n, n, isReal, &random)
    var (s00, s01): (Matrix?, Matrix?) = (nil, nil)
    switch kind {
    case .full: break
    case .singular:
      let rank = random.integer(1...n)
      h01 = matrix(n, rank, isReal, &random) * matrix(rank, n, isReal, &random)
    case .sparse:
      let width = random.integer(1...n)
      for i in 0..<n {
        for j in 0..<n where i < n - width || j >= width { h01[i, j] = .zero }
      }
    case .integer: (h00, h01) = (rounded(h00), rounded(h01))
    case .doubled: (h00, h01) = (doubled(h00), doubled(h01))
    case .overlapping:
      s00 = .identity(n) + (0.1 / Double(n)) * matrix(n, n, isReal, &random).hermitianPart
      s01 = (0.1 / Double(n)) * matrix(n, n, isReal, &random)
    case .folded:
      (h00, h01) = (Matrix(rows: n, columns: n), Matrix(rows: n, columns: n))
      for i in 0..<(n - 1) { (h00[i, i + 1], h00[i + 1, i]) = (Scalar(-1, 0), Scalar(-1, 0)) }
      h01[n - 1, 0] = Scalar(-1, 0)
    case .decoupled:
      h00 = Matrix(diagonal: (0..<n).map { _ in random.uniform(-1...1) })
      h01 = Matrix(diagonal: (0..<n).map { _ in random.logUniform(1e-2...1) })
    }
    return PeriodicLead(orbitals: Array(0..<h00.rows), h00: h00, h01: h01, s00: s00, s01: s01)
  }

  /// The same lead on the other side: cells numbered the other way.
  public static func mirrored(_ lead: PeriodicLead, orbitals: [Int]) -> PeriodicLead {
    PeriodicLead(
      orbitals: orbitals, h00: lead.h00, h01: lead.h01.adjoint, s00: lead.s00, s01: lead.s01.map(\.adjoint))
  }

  /// H or S of some cells in a row from the blocks of a cell and between cells.
  public static func wire(_ cell: Matrix, _ hop: Matrix?, cells: Int) -> Matrix {
    let n = cell.rows
    var result = Matrix(rows: n * cells, columns: n * cells)
    for c in 0..<cells {
      for i in 0..<n {
        for j in 0..<n {
          result[c * n + i, c * n + j] = cell[i, j]
          guard let hop, c + 1 < cells else { continue }
          result[c * n + i, (c + 1) * n + j] = hop[i, j]
          result[(c + 1) * n + j, c * n + i] = hop[i, j].conjugate
        }
      }
    }
    return result
  }

  private static func matrix(_ rows: Int, _ columns: Int, _ isReal: Bool, _ random: inout SplitMix64) -> Matrix {
    var result = Matrix(rows: rows, columns: columns)
    for i in result.elements.indices {
      // Sums of three uniform numbers stand for normal ones.
      let x = random.uniform(-1...1) + random.uniform(-1...1) + random.uniform(-1...1)
      result.elements[i] = Scalar(x, isReal ? 0 : random.uniform(-1.7...1.7))
    }
    return result
  }

  private static func rounded(_ a: Matrix) -> Matrix {
    Matrix(
      rows: a.rows, columns: a.columns,
      elements: a.elements.map { Scalar($0.rawStorage.x.rounded(.toNearestOrEven), $0.rawStorage.y.rounded(.toNearestOrEven)) })
  }

  private static func doubled(_ a: Matrix) -> Matrix {
    let n = (a.rows + 1) / 2
    var result = Matrix(rows: 2 * n, columns: 2 * n)
    for i in 0..<n {
      for j in 0..<n { (result[i, j], result[n + i, n + j]) = (a[i, j], a[i, j]) }
    }
    return result
  }
}
