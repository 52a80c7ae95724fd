import ComplexModule

extension Matrix {
  /// Element-wise sum of matrices of one shape.
  public static func + (a: Matrix, b: Matrix) -> Matrix {
    requireSameShape(a, b)
    return Matrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  /// Element-wise difference of matrices of one shape.
  public static func - (a: Matrix, b: Matrix) -> Matrix {
    requireSameShape(a, b)
    return Matrix(rows: a.rows, columns: a.columns, elements: zip(a.elements, b.elements).map { $0 - $1 })
  }

  /// The matrix multiplied by a complex number.
  public static func * (factor: Scalar, a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { factor * $0 })
  }

  /// The matrix multiplied by a real number.
  public static func * (factor: Double, a: Matrix) -> Matrix { Scalar(factor, 0) * a }

  /// The conjugate transpose, shape (columns, rows).
  public var adjoint: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns {
      for i in 0..<rows { result[j, i] = self[i, j].conjugate }
    }
    return result
  }

  /// The sum of the diagonal elements of a square matrix.
  public var trace: Scalar {
    precondition(isSquare, "trace of shape (\(rows), \(columns))")
    return (0..<rows).reduce(.zero) { $0 + self[$1, $1] }
  }

  /// The Hermitian part, (A + A^+)/2, of a square matrix.
  public var hermitianPart: Matrix { 0.5 * (self + adjoint) }

  /// Largest modulus in A - A^+: zero for a Hermitian matrix.
  package var hermiticityDefect: Double {
    precondition(isSquare, "Hermiticity of shape (\(rows), \(columns))")
    var largest = 0.0
    for j in 0..<columns {
      for i in 0...j {
        let d = self[i, j] - self[j, i].conjugate
        largest = max(largest, (d.rawStorage.x * d.rawStorage.x + d.rawStorage.y * d.rawStorage.y).squareRoot())
      }
    }
    return largest
  }

  /// Consecutive columns.
  package func columns(_ range: Range<Int>) -> Matrix {
    Matrix(rows: rows, columns: range.count, elements: Array(elements[(range.lowerBound * rows)..<(range.upperBound * rows)]))
  }

  /// The rows and columns named, in the order given.
  package func submatrix(rows rowIndices: [Int], columns columnIndices: [Int]) -> Matrix {
    var result = Matrix(rows: rowIndices.count, columns: columnIndices.count)
    for (j, column) in columnIndices.enumerated() {
      for (i, row) in rowIndices.enumerated() { result[i, j] = self[row, column] }
    }
    return result
  }

  /// The matrix placed at the named rows and columns of a larger matrix of zeros.
  package func embedded(rows rowIndices: [Int], columns columnIndices: [Int], size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for (j, column) in columnIndices.enumerated() {
      for (i, row) in rowIndices.enumerated() { result[row, column] = result[row, column] + self[i, j] }
    }
    return result
  }

  private static func requireSameShape(_ a: Matrix, _ b: Matrix) {
    precondition(
      a.rows == b.rows && a.columns == b.columns,
      "shapes (\(a.rows), \(a.columns)) and (\(b.rows), \(b.columns)) differ")
  }
}
