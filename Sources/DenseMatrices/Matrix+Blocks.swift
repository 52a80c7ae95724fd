import ComplexModule

extension Matrix {
  /// Consecutive rows.
  public func rows(_ range: Range<Int>) -> Matrix {
    var result = Matrix(rows: range.count, columns: columns)
    for j in 0..<columns {
      for (i, row) in range.enumerated() { result[i, j] = self[row, j] }
    }
    return result
  }

  /// The rows named, in the order given.
  public func rows(_ indices: [Int]) -> Matrix { submatrix(rows: indices, columns: Array(0..<columns)) }

  /// The columns named, in the order given.
  public func columns(_ indices: [Int]) -> Matrix {
    var result = Matrix(rows: rows, columns: indices.count)
    for (j, column) in indices.enumerated() {
      for i in 0..<rows { result[i, j] = self[i, column] }
    }
    return result
  }

  /// This matrix above another one of as many columns.
  public func stacked(on lower: Matrix) -> Matrix {
    precondition(columns == lower.columns, "\(columns) and \(lower.columns) columns cannot be stacked")
    var result = Matrix(rows: rows + lower.rows, columns: columns)
    for j in 0..<columns {
      for i in 0..<rows { result[i, j] = self[i, j] }
      for i in 0..<lower.rows { result[rows + i, j] = lower[i, j] }
    }
    return result
  }

  /// This matrix left of another one of as many rows.
  public func joined(with right: Matrix) -> Matrix {
    precondition(rows == right.rows, "\(rows) and \(right.rows) rows cannot be joined")
    return Matrix(rows: rows, columns: columns + right.columns, elements: elements + right.elements)
  }

  /// Each row multiplied by a real number.
  public func scaledRows(_ factors: [Double]) -> Matrix {
    precondition(factors.count == rows, "\(factors.count) factors for \(rows) rows")
    var result = self
    for j in 0..<columns {
      for i in 0..<rows { result[i, j] = result[i, j].multiplied(by: factors[i]) }
    }
    return result
  }
}
