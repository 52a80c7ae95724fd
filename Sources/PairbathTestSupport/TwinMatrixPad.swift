import ComplexModule
import DenseMatrices

/// Square matrices of one size in one buffer, named by slot numbers: explicit formulas without the cost of making matrices.
///
/// Column-major like `Matrix`. Not thread safe; one pad per integration.
final class TwinMatrixPad {
  /// Order of every matrix.
  let order: Int
  private let size: Int
  private let buffer: UnsafeMutablePointer<Scalar>

  /// A pad of zeros.
  init(order: Int, slots: Int) {
    self.order = order
    size = order * order
    buffer = .allocate(capacity: max(size * slots, 1))
    buffer.initialize(repeating: .zero, count: size * slots)
  }

  deinit { buffer.deallocate() }

  /// The elements of a slot.
  subscript(slot: Int) -> UnsafeMutablePointer<Scalar> { buffer + slot * size }

  /// Copies a matrix into a slot.
  func store(_ matrix: Matrix, in slot: Int) {
    for i in 0..<size { self[slot][i] = matrix.elements[i] }
  }

  /// A copy of a slot.
  func matrix(_ slot: Int) -> Matrix {
    Matrix(rows: order, columns: order, elements: (0..<size).map { self[slot][$0] })
  }

  /// Sets a slot to zero.
  func clear(_ slot: Int) { self[slot].update(repeating: .zero, count: size) }

  /// C += factor A.
  func add(_ factor: Scalar, _ a: Int, to c: Int) {
    let (x, z) = (self[a], self[c])
    for i in 0..<size { z[i] += factor * x[i] }
  }

  /// C = A B; C is neither A nor B.
  func multiply(_ a: Int, _ b: Int, into c: Int) {
    let (n, x, y, z) = (order, self[a], self[b], self[c])
    for j in 0..<n {
      for i in 0..<n {
        var sum = Scalar.zero
        for k in 0..<n { sum += x[i + k * n] * y[k + j * n] }
        z[i + j * n] = sum
      }
    }
  }

  /// C = A B^+; C is neither A nor B.
  func multiply(_ a: Int, adjointOf b: Int, into c: Int) {
    let (n, x, y, z) = (order, self[a], self[b], self[c])
    for j in 0..<n {
      for i in 0..<n {
        var sum = Scalar.zero
        for k in 0..<n { sum += x[i + k * n] * y[j + k * n].conjugate }
        z[i + j * n] = sum
      }
    }
  }

  /// C = A^+ B; C is neither A nor B.
  func multiply(adjointOf a: Int, _ b: Int, into c: Int) {
    let (n, x, y, z) = (order, self[a], self[b], self[c])
    for j in 0..<n {
      for i in 0..<n {
        var sum = Scalar.zero
        for k in 0..<n { sum += x[k + i * n].conjugate * y[k + j * n] }
        z[i + j * n] = sum
      }
    }
  }

  /// Tr[A B].
  func trace(_ a: Int, _ b: Int) -> Scalar {
    let (n, x, y) = (order, self[a], self[b])
    var sum = Scalar.zero
    for j in 0..<n {
      for i in 0..<n { sum += x[i + j * n] * y[j + i * n] }
    }
    return sum
  }

  /// Frobenius norm.
  func norm(_ a: Int) -> Double {
    let x = self[a]
    return (0..<size).reduce(0) { $0 + x[$1].lengthSquared }.squareRoot()
  }

  /// C = A^-1 by Gauss-Jordan elimination with row pivoting; A is destroyed. Throws `LinearAlgebraError.singular`.
  func invert(_ a: Int, into c: Int) throws { try TwinInverse.write(of: self[a], order: order, into: self[c]) }
}
