import ComplexModule
import RealModule

/// Double-precision complex scalar used by every matrix of the package.
public typealias Scalar = Complex<Double>

/// A dense complex matrix over one buffer, column-major, so that BLAS and LAPACK read it as it is.
///
/// Element (row, column) lives at `elements[row + column * rows]`.
public struct Matrix: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// The elements in column-major order, `rows * columns` of them.
  public var elements: [Scalar]

  /// A matrix of zeros, shape (rows, columns).
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix of shape (\(rows), \(columns)) does not exist")
    self.rows = rows
    self.columns = columns
    elements = [Scalar](repeating: .zero, count: rows * columns)
  }

  /// A matrix over column-major elements, whose count must be `rows * columns`.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(elements.count == rows * columns, "\(elements.count) elements do not fill shape (\(rows), \(columns))")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix from its rows, all of one length.
  public init(_ rowArrays: [[Scalar]]) {
    let columns = rowArrays.first?.count ?? 0
    precondition(rowArrays.allSatisfy { $0.count == columns }, "rows of a matrix differ in length")
    self.init(rows: rowArrays.count, columns: columns)
    for (i, row) in rowArrays.enumerated() {
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  /// A real matrix from its rows, all of one length.
  public init(real rowArrays: [[Double]]) {
    self.init(rowArrays.map { $0.map { Scalar($0, 0) } })
  }

  /// A diagonal matrix with the given real entries.
  public init(diagonal entries: [Double]) {
    self.init(rows: entries.count, columns: entries.count)
    for (i, value) in entries.enumerated() { self[i, i] = Scalar(value, 0) }
  }

  /// The identity of the given size.
  public static func identity(_ size: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: size))
  }

  /// The element in the given row and column.
  public subscript(row: Int, column: Int) -> Scalar {
    get { elements[row + column * rows] }
    set { elements[row + column * rows] = newValue }
  }

  /// True when the numbers of rows and columns agree.
  public var isSquare: Bool { rows == columns }

  /// Square root of the sum of the squared moduli of all elements (Frobenius norm).
  public var norm: Double {
    var sum = 0.0
    for z in elements { sum += z.rawStorage.x * z.rawStorage.x + z.rawStorage.y * z.rawStorage.y }
    return sum.squareRoot()
  }

  /// Largest modulus of an element; NaN when an element is not a number.
  public var largestMagnitude: Double {
    var largest = 0.0
    for z in elements {
      let modulus = (z.rawStorage.x * z.rawStorage.x + z.rawStorage.y * z.rawStorage.y).squareRoot()
      if modulus > largest || modulus.isNaN { largest = modulus }
    }
    return largest
  }

  /// True when every element is finite.
  public var isFinite: Bool {
    elements.allSatisfy { $0.rawStorage.x.isFinite && $0.rawStorage.y.isFinite }
  }

  /// True when every element has a vanishing imaginary part.
  public var isReal: Bool { elements.allSatisfy { $0.rawStorage.y == 0 } }
}
