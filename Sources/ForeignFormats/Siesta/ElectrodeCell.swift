import ComplexModule
import DataFiles
import DenseMatrices

/// Matrices by transverse lattice vector, which grow as elements come.
struct TransverseBlocks: Sendable {
  let rows: Int
  let columns: Int
  private(set) var blocks: [[Int]: Matrix] = [:]

  init(rows: Int, columns: Int) { (self.rows, self.columns) = (rows, columns) }

  /// Adds to an element of the block of a lattice vector.
  mutating func add(_ value: Scalar, at r: [Int], _ row: Int, _ column: Int) {
    guard value != .zero else { return }
    blocks[r, default: Matrix(rows: rows, columns: columns)][row, column] += value
  }

  /// The blocks in ascending order of R; that of R = 0 (`directions` numbers) is always there.
  func list(directions: Int) -> [(r: [Int], matrix: Matrix)] {
    var all = blocks
    let origin = [Int](repeating: 0, count: directions)
    if all[origin] == nil { all[origin] = Matrix(rows: rows, columns: columns) }
    return all.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
  }

  /// The sum of all blocks: the matrix at k = 0.
  var sum: Matrix { blocks.values.reduce(Matrix(rows: rows, columns: columns)) { $0 + $1 } }
}

/// H00, H01, S00 and S01 of an electrode's cell, repeated along the sides as often as the device holds it, eV from the Fermi energy.
struct ElectrodeCell: Sendable {
  private(set) var h00: TransverseBlocks
  private(set) var h01: TransverseBlocks
  private(set) var s00: TransverseBlocks
  private(set) var s01: TransverseBlocks
  /// The largest element that couples cells which are no neighbours, eV, and the distance in cells; nil for none.
  private(set) var beyond: (energy: Double, cells: Int)?

  /// The cell of a channel. `axes` are the device's axes of the electrode's ones, nil where nothing repeats; `resolved` the device's axes
  /// with k points, in whose order R is counted; images along the others are summed up.
  init(
    _ file: SiestaHamiltonian, _ input: ElectrodeInput, channel: Int, reference: Double, axes: [Int?], resolved: [Int]
  ) {
    let copies = input.bloch.reduce(1, *)
    let (basis, size) = (file.basisSize, file.basisSize * copies)
    (h00, h01) = (TransverseBlocks(rows: size, columns: size), TransverseBlocks(rows: size, columns: size))
    (s00, s01) = (h00, h01)
    let all = (0..<copies).map { Self.vector($0, input.bloch) }
    file.forEach(channel: channel) { (element) throws(Never) in
      let r = file.offsets[element.cell]
      let h = element.hamiltonian - Scalar(reference * element.overlap, 0)
      let distance = r[input.axis] * input.side
      guard abs(distance) < 2 else {
        if h.length > beyond?.energy ?? 0 { beyond = (h.length, abs(distance)) }
        return
      }
      guard distance >= 0 else { return }
      for (index, copy) in all.enumerated() {
        var (target, cell) = ([0, 0, 0], [0, 0, 0])
        for axis in 0..<3 where axis != input.axis {
          let place = copy[axis] + r[axis]
          cell[axis] = Self.quotient(place, input.bloch[axis])
          target[axis] = place - cell[axis] * input.bloch[axis]
        }
        let row = index * basis + element.row
        let column = Self.index(target, input.bloch) * basis + element.column
        let transverse = resolved.map { device in axes.firstIndex(of: device).map { cell[$0] } ?? 0 }
        if distance == 0 {
          h00.add(h, at: transverse, row, column)
          s00.add(Scalar(element.overlap, 0), at: transverse, row, column)
        } else {
          h01.add(h, at: transverse, row, column)
          s01.add(Scalar(element.overlap, 0), at: transverse, row, column)
        }
      }
    }
  }

  private static func quotient(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }

  /// Copy number `index` of a repeated cell as a vector, and back.
  static func vector(_ index: Int, _ bloch: [Int]) -> [Int] {
    [index % bloch[0], index / bloch[0] % bloch[1], index / (bloch[0] * bloch[1])]
  }

  static func index(_ vector: [Int], _ bloch: [Int]) -> Int { vector[0] + bloch[0] * (vector[1] + bloch[1] * vector[2]) }
}
