import ComplexModule
import DenseMatrices

/// A matrix of a crystal, A(R) between the orbitals of cell 0 (rows) and of cell R (columns), R in three directions.
package struct LatticeMatrix: Sendable {
  /// Orbitals of a cell.
  package let size: Int
  /// Blocks by lattice vector.
  package private(set) var blocks: [[Int]: Matrix]

  package init(size: Int, blocks: [[Int]: Matrix] = [:]) { (self.size, self.blocks) = (size, blocks) }

  /// The block of a lattice vector; zero where there is none.
  package subscript(r: [Int]) -> Matrix {
    get { blocks[r] ?? Matrix(rows: size, columns: size) }
    set { blocks[r] = newValue }
  }

  /// Adds to one element.
  package mutating func add(_ value: Scalar, at r: [Int], _ row: Int, _ column: Int) {
    blocks[r, default: Matrix(rows: size, columns: size)][row, column] += value
  }

  /// Farthest cell along a direction that is coupled by more than `threshold`.
  package func reach(along direction: Int, above threshold: Double = 0) -> Int {
    blocks.reduce(0) { most, block in
      let distance = abs(block.key[direction])
      guard distance > most, block.value.elements.contains(where: { $0.length > threshold }) else { return most }
      return distance
    }
  }

  /// The matrix between two layers of `cells` cells each, `distance` layers apart along a direction (0: within a layer), for every
  /// lattice vector across, whose components are along the directions `transverse`.
  ///
  /// Cell i of the first layer (rows) and cell j of the second one (columns) are R = j - i + distance * cells apart.
  package func layer(
    along direction: Int, cells: Int, distance: Int, transverse: [Int]
  ) -> [(r: [Int], matrix: Matrix)] {
    let vectors = Set(blocks.keys.map { key in transverse.map { key[$0] } }).sorted { $0.lexicographicallyPrecedes($1) }
    var result: [(r: [Int], matrix: Matrix)] = []
    for r in vectors {
      var matrix = Matrix(rows: size * cells, columns: size * cells)
      var isEmpty = true
      for i in 0..<cells {
        for j in 0..<cells {
          var key = [0, 0, 0]
          for (component, axis) in zip(r, transverse) { key[axis] = component }
          key[direction] = j - i + distance * cells
          guard let block = blocks[key] else { continue }
          isEmpty = false
          for a in 0..<size {
            for b in 0..<size { matrix[i * size + a, j * size + b] = block[a, b] }
          }
        }
      }
      if !isEmpty || r.allSatisfy({ $0 == 0 }) { result.append((r, matrix)) }
    }
    return result
  }
}
