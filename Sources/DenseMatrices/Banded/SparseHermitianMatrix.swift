import ComplexModule

/// A Hermitian matrix of which most elements are zero: both triangles, row by row, columns ascending.
///
/// The diagonal is always stored. Memory: 24 bytes per stored element.
package struct SparseHermitianMatrix: Sendable, Equatable {
  /// Order of the matrix.
  package let size: Int
  /// Elements of row i stand at `starts[i] ..< starts[i + 1]`.
  package let starts: [Int]
  /// Column of every stored element.
  package let columns: [Int]
  /// Value of every stored element.
  package let values: [Scalar]

  /// One element of a matrix to be built.
  package struct Entry: Sendable, Equatable {
    /// Row i, from 0.
    package let row: Int
    /// Column j, from 0.
    package let column: Int
    /// A_ij.
    package let value: Scalar

    /// The element in the given row and column.
    package init(_ row: Int, _ column: Int, _ value: Scalar) {
      self.row = row
      self.column = column
      self.value = value
    }
  }

  /// Why entries are no Hermitian matrix.
  package enum Fault: Error, Sendable, Equatable {
    /// Entry number `entry` names a row or column outside the matrix.
    case outOfRange(entry: Int)
    /// Entry number `entry` is NaN or infinite.
    case notFinite(entry: Int)
    /// Two entries name the same element.
    case twice(row: Int, column: Int)
    /// A_ij and conj(A_ji) differ by `defect`, or a diagonal element has this imaginary part.
    case notHermitian(row: Int, column: Int, defect: Double)
  }

  /// A matrix from its elements in any order. An element whose mirror image is not given stands for both.
  ///
  /// - Parameters: `tolerance`: largest |A_ij - conj(A_ji)| relative to the largest modulus; the mean of the two is stored.
  /// - Throws: `Fault`. Cost: sorting twice the entries.
  package init(size: Int, entries: [Entry], tolerance: Double = 1e-10) throws(Fault) {
    var largest = 0.0
    for (index, e) in entries.enumerated() {
      guard (0..<size).contains(e.row) && (0..<size).contains(e.column) else { throw .outOfRange(entry: index) }
      guard e.value.rawStorage.x.isFinite && e.value.rawStorage.y.isFinite else { throw .notFinite(entry: index) }
      largest = max(largest, e.value.length)
    }
    // Upper triangle; an entry from below comes with its conjugate, marked.
    var sorted = entries.map { e in
      e.row <= e.column ? (e.row, e.column, e.value, false) : (e.column, e.row, e.value.conjugate, true)
    }
    sorted.sort { ($0.0, $0.1, $0.3 ? 1 : 0) < ($1.0, $1.1, $1.3 ? 1 : 0) }
    var upper: [Entry] = []
    upper.reserveCapacity(sorted.count)
    var index = 0
    while index < sorted.count {
      let (i, j, value, isMirrored) = sorted[index]
      var mean = value
      if index + 1 < sorted.count, sorted[index + 1].0 == i, sorted[index + 1].1 == j {
        guard i != j, !isMirrored, sorted[index + 1].3 else { throw .twice(row: i, column: j) }
        guard index + 2 >= sorted.count || sorted[index + 2].0 != i || sorted[index + 2].1 != j else {
          throw .twice(row: i, column: j)
        }
        let defect = (value - sorted[index + 1].2).length
        guard defect <= tolerance * largest else { throw .notHermitian(row: i, column: j, defect: defect) }
        mean = Scalar(0.5, 0) * (value + sorted[index + 1].2)
        index += 1
      }
      if i == j {
        guard abs(mean.rawStorage.y) <= tolerance * largest else {
          throw .notHermitian(row: i, column: j, defect: abs(mean.rawStorage.y))
        }
        mean = Scalar(mean.rawStorage.x, 0)
      }
      upper.append(Entry(i, j, mean))
      index += 1
    }
    self.init(size: size, upper: upper)
  }

  /// The stored pattern of a dense Hermitian matrix: its elements that are not zero. Only the upper triangle is read.
  package init(_ matrix: Matrix) {
    precondition(matrix.isSquare, "a Hermitian matrix of shape (\(matrix.rows), \(matrix.columns))")
    var upper: [Entry] = []
    for i in 0..<matrix.rows {
      for j in i..<matrix.rows where matrix[i, j] != .zero {
        upper.append(Entry(i, j, i == j ? Scalar(matrix[i, j].rawStorage.x, 0) : matrix[i, j]))
      }
    }
    self.init(size: matrix.rows, upper: upper)
  }

  /// Upper triangle, each element once, rows ascending and columns ascending in a row.
  private init(size: Int, upper: [Entry]) {
    var counts = [Int](repeating: 1, count: size)
    for e in upper where e.row != e.column {
      counts[e.row] += 1
      counts[e.column] += 1
    }
    var starts = [0]
    starts.reserveCapacity(size + 1)
    for count in counts { starts.append(starts[starts.count - 1] + count) }
    var next = starts
    var columns = [Int](repeating: 0, count: starts[size])
    var values = [Scalar](repeating: .zero, count: starts[size])
    func store(_ i: Int, _ j: Int, _ value: Scalar) {
      (columns[next[i]], values[next[i]]) = (j, value)
      next[i] += 1
    }
    // Rows of the lower triangle fill in ascending columns because the entries ascend by row; the diagonal comes first of a row.
    var row = 0
    func reach(_ limit: Int, _ diagonal: Scalar?) {
      while row < limit {
        store(row, row, .zero)
        row += 1
      }
      if let diagonal {
        store(row, row, diagonal)
        row += 1
      }
    }
    for e in upper {
      if e.row == e.column {
        reach(e.row, e.value)
      } else {
        reach(e.row + 1, nil)
        store(e.row, e.column, e.value)
        store(e.column, e.row, e.value.conjugate)
      }
    }
    reach(size, nil)
    self.size = size
    self.starts = starts
    self.columns = columns
    self.values = values
  }

  /// The element in the given row and column, zero where none is stored. Cost: the logarithm of the row's length.
  package subscript(row: Int, column: Int) -> Scalar {
    var (low, high) = (starts[row], starts[row + 1])
    while low < high {
      let middle = (low + high) / 2
      if columns[middle] < column { low = middle + 1 } else { high = middle }
    }
    return low < starts[row + 1] && columns[low] == column ? values[low] : .zero
  }

  /// Number of stored elements.
  package var count: Int { values.count }

  /// The dense block of the named rows and columns, in the order given.
  package func block(_ indices: [Int]) -> Matrix {
    var result = Matrix(rows: indices.count, columns: indices.count)
    for (j, column) in indices.enumerated() {
      for (i, row) in indices.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }

  /// The whole matrix, dense. Memory: 16 size^2 bytes.
  package var dense: Matrix {
    var result = Matrix(rows: size, columns: size)
    for i in 0..<size {
      for k in starts[i]..<starts[i + 1] { result[i, columns[k]] = values[k] }
    }
    return result
  }

  /// Largest sum of moduli in a row: no eigenvalue is larger in modulus.
  package var bound: Double {
    var largest = 0.0
    for i in 0..<size {
      var sum = 0.0
      for k in starts[i]..<starts[i + 1] { sum += values[k].length }
      largest = max(largest, sum)
    }
    return largest
  }

  /// A - factor B; B nil stands for the identity. Cost: one pass over the elements.
  package func subtracting(_ factor: Double, times other: SparseHermitianMatrix?) -> SparseHermitianMatrix {
    var upper: [Entry] = []
    upper.reserveCapacity(count)
    for i in 0..<size {
      var (k, l) = (starts[i], other?.starts[i] ?? 0)
      let (lastK, lastL) = (starts[i + 1], other?.starts[i + 1] ?? 0)
      while k < lastK || l < lastL {
        let (a, b) = (k < lastK ? columns[k] : Int.max, l < lastL ? other!.columns[l] : Int.max)
        var value = a <= b ? values[k] : .zero
        if b <= a, b < Int.max { value = value - Scalar(factor, 0) * other!.values[l] }
        let column = min(a, b)
        if other == nil && column == i { value = value - Scalar(factor, 0) }
        if column >= i { upper.append(Entry(i, column, value)) }
        if a == column { k += 1 }
        if b == column { l += 1 }
      }
    }
    return SparseHermitianMatrix(size: size, upper: upper)
  }
}
