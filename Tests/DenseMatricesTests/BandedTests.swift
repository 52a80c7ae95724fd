import ComplexModule
import DenseMatrices
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Banded and sparse matrices")
struct BandedTests {
  static let seed: UInt64 = 2_601

  /// A random Hermitian matrix of some bandwidth with its rows and columns shuffled.
  static func shuffledBand(_ size: Int, _ width: Int, _ generator: inout SplitMix64) -> SparseHermitianMatrix {
    let places = Array(0..<size).shuffled(using: &generator)
    var entries: [SparseHermitianMatrix.Entry] = []
    for i in 0..<size {
      entries.append(.init(places[i], places[i], Scalar(generator.uniform(-1...1), 0)))
      for j in (i + 1)..<max(min(i + width + 1, size), i + 1) {
        entries.append(.init(places[i], places[j], Scalar(generator.uniform(-1...1), generator.uniform(-1...1))))
      }
    }
    return try! SparseHermitianMatrix(size: size, entries: entries)
  }

  /// A dissipative matrix B + i C, C of rank one or more, and its band.
  static func dissipative(_ size: Int, _ width: Int, _ generator: inout SplitMix64) -> Matrix {
    var matrix = Matrix(rows: size, columns: size)
    for i in 0..<size {
      matrix[i, i] = Scalar(generator.uniform(-1...1), 0)
      for j in (i + 1)..<max(min(i + width + 1, size), i + 1) {
        matrix[i, j] = Scalar(generator.uniform(-1...1), generator.uniform(-1...1))
        matrix[j, i] = matrix[i, j].conjugate
      }
    }
    for i in [0, size - 1] { matrix[i, i] = matrix[i, i] + Scalar(0, generator.uniform(0.01...1)) }
    return matrix
  }

  static func band(_ matrix: Matrix, _ width: Int) -> BandedLU {
    var band = BandedLU(size: matrix.rows, bandwidth: width)
    for j in 0..<matrix.columns {
      for i in 0..<matrix.rows where matrix[i, j] != .zero { band.add(matrix[i, j], row: i, column: j) }
    }
    return band
  }

  @Test("a sparse matrix is Hermitian, keeps its elements, and its dense form and blocks agree")
  func sparse() throws {
    var generator = SplitMix64(seed: Self.seed)
    let sparse = Self.shuffledBand(30, 3, &generator)
    let dense = sparse.dense
    #expect(dense.hermiticityDefect == 0 && SparseHermitianMatrix(dense) == sparse)
    #expect(sparse.block([7, 2, 29]) == dense.submatrix(rows: [7, 2, 29], columns: [7, 2, 29]))
    let other = Self.shuffledBand(30, 2, &generator)
    // One product and one difference per element.
    #expect((sparse.subtracting(0.7, times: other).dense - (dense - 0.7 * other.dense)).largestMagnitude <= 1e-15)
    #expect((sparse.subtracting(0.7, times: nil).dense - (dense - 0.7 * .identity(30))).largestMagnitude <= 1e-15)
    let largest = try HermitianEigenproblem(dense).values.reduce(0) { max($0, abs($1)) }
    #expect(sparse.bound >= largest)
  }

  @Test("entries that are no Hermitian matrix are refused with their place")
  func faults() throws {
    func make(_ entries: [SparseHermitianMatrix.Entry]) throws { _ = try SparseHermitianMatrix(size: 3, entries: entries) }
    let (one, i) = (Scalar(1, 0), Scalar(0, 1))
    #expect(throws: SparseHermitianMatrix.Fault.outOfRange(entry: 1)) { try make([.init(0, 0, one), .init(0, 3, one)]) }
    #expect(throws: SparseHermitianMatrix.Fault.notFinite(entry: 0)) { try make([.init(0, 0, Scalar(.nan, 0))]) }
    #expect(throws: SparseHermitianMatrix.Fault.twice(row: 0, column: 1)) { try make([.init(0, 1, one), .init(0, 1, one)]) }
    #expect(throws: SparseHermitianMatrix.Fault.twice(row: 2, column: 2)) { try make([.init(2, 2, one), .init(2, 2, one)]) }
    #expect(throws: SparseHermitianMatrix.Fault.notHermitian(row: 0, column: 1, defect: 2)) {
      try make([.init(0, 1, i), .init(1, 0, i)])
    }
    #expect(throws: SparseHermitianMatrix.Fault.notHermitian(row: 1, column: 1, defect: 1)) { try make([.init(1, 1, i)]) }
    #expect(throws: Never.self) { try make([.init(0, 1, i), .init(1, 0, -i)]) }
  }

  @Test("reverse Cuthill-McKee finds the band of a shuffled chain and of a shuffled lattice")
  func ordering() throws {
    var generator = SplitMix64(seed: Self.seed)
    #expect(BandOrdering([Self.shuffledBand(200, 1, &generator)]).bandwidth == 1)
    // A lattice of 5 x 40 sites: levels of a walk from a corner are diagonals of at most 5 sites, elements reach the next level.
    let places = Array(0..<200).shuffled(using: &generator)
    var entries: [SparseHermitianMatrix.Entry] = []
    for x in 0..<40 {
      for y in 0..<5 {
        if y < 4 { entries.append(.init(places[5 * x + y], places[5 * x + y + 1], Scalar(1, 0))) }
        if x < 39 { entries.append(.init(places[5 * x + y], places[5 * x + y + 5], Scalar(1, 0))) }
      }
    }
    let lattice = try SparseHermitianMatrix(size: 200, entries: entries)
    let ordering = BandOrdering([lattice], cliques: [places.prefix(5).map { $0 }])
    #expect(ordering.bandwidth <= 10)
    #expect(ordering.order.sorted() == Array(0..<200))
    #expect(ordering.order.indices.allSatisfy { ordering.positions[ordering.order[$0]] == $0 })
    var widest = 0
    for i in 0..<200 {
      for k in lattice.starts[i]..<lattice.starts[i + 1] where lattice.values[k] != .zero {
        widest = max(widest, abs(ordering.positions[i] - ordering.positions[lattice.columns[k]]))
      }
    }
    #expect(widest <= ordering.bandwidth)
  }

  @Test("a clique keeps its members together, and parts without connection follow each other")
  func cliques() throws {
    let empty = try SparseHermitianMatrix(size: 6, entries: [])
    #expect(BandOrdering([empty]).bandwidth == 0)
    let ordering = BandOrdering([empty], cliques: [[0, 3, 5], [1, 2]])
    #expect(ordering.bandwidth == 2 && ordering.order.sorted() == Array(0..<6))
  }

  @Test(
    "banded solutions and determinants are those of dense matrices", .tags(.twin),
    arguments: [(1, 0), (2, 1), (25, 1), (40, 4), (12, 20)])
  func solutions(size: Int, width: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    let matrix = Self.dissipative(size, min(width, size - 1), &generator)
    let b = randomMatrix(size, 3, &generator)
    var band = Self.band(matrix, width)
    try band.factor()
    var x = b.elements
    x.withUnsafeMutableBufferPointer { band.solve($0.baseAddress!, columns: 3) }
    let solution = Matrix(rows: size, columns: 3, elements: x)
    // Backward error of LU with partial pivoting: size rounding units, with growth.
    #expect((matrix * solution - b).norm <= 1e-14 * Double(size) * matrix.norm * solution.norm)
    let turns = try GeneralEigenproblem(matrix).values.reduce(0.0) { $0 + $1.phase } - band.phase
    #expect(abs(turns - (turns / (2 * Double.pi)).rounded() * 2 * Double.pi) <= 1e-10)
  }

  @Test(
    "the pivots' arguments add up to those of the eigenvalues, with no multiple of 2 pi open", .tags(.law), arguments: [2, 9, 30])
  func dissipativePhase(size: Int) throws {
    var generator = SplitMix64(seed: Self.seed)
    for width in [1, 3] where width < size {
      let matrix = Self.dissipative(size, width, &generator)
      var band = Self.band(matrix, width)
      let sum = try GeneralEigenproblem(matrix).values.reduce(0.0) { $0 + $1.phase }
      // Rounding times the growth of elimination without exchanges, moderate here.
      #expect(abs(band.dissipativePhase() - sum) <= 1e-9)
    }
  }

  @Test("without dissipation the phase counts the negative eigenvalues, and Cholesky finds whether there are any", .tags(.law))
  func inertia() throws {
    var generator = SplitMix64(seed: Self.seed)
    for shift in [-4.0, -0.5, 0.3, 6.0] {
      let matrix = Self.shuffledBand(24, 2, &generator)
      let ordering = BandOrdering([matrix])
      let ordered = matrix.dense.submatrix(rows: ordering.order, columns: ordering.order) + shift * .identity(24)
      let negative = try HermitianEigenproblem(ordered).values.count { $0 < 0 }
      var band = Self.band(ordered, ordering.bandwidth)
      #expect(abs(band.dissipativePhase() - Double(negative) * Double.pi) <= 1e-12)
      var second = Self.band(ordered, ordering.bandwidth)
      #expect(second.isPositiveDefinite() == (negative == 0))
    }
  }
}
