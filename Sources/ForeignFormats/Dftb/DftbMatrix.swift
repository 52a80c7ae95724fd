import DataFiles
import DenseMatrices

/// `hamsqr1.dat` and `oversqr.dat` of DFTB+ (WriteHS = Yes): a square matrix at one wave vector, real or complex, hartree.
struct DftbMatrix {
  let matrix: Matrix

  /// 1 hartree in eV (CODATA 2018).
  static let hartree = 27.211386245988

  /// A head with `T` (real) or `F` (complex), the number of orbitals and of wave vectors; the number of the wave vector; rows.
  init(_ path: String) throws(FileError) {
    let text = try ForeignText(path, kind: "square matrix of DFTB+")
    var head: [ForeignText.Word] = []
    for (index, line) in text.lines.prefix(20).enumerated() where head.isEmpty {
      let words = ForeignText.words(of: line, line: index + 1)
      if let first = words.first, !first.text.hasPrefix("#") { head = words }
    }
    guard head.count >= 3, ["T", "F", ".TRUE.", ".FALSE."].contains(head[0].text.uppercased()) else {
      throw FileError(
        .invalidData, in: path, line: head.first?.line ?? 1, found: "'\(head.map(\.text).joined(separator: " ").prefix(60))'",
        allowed: "T or F, the number of orbitals, the number of wave vectors", hint: "WriteHS = Yes makes DFTB+ write such files")
    }
    let isReal = ["T", ".TRUE."].contains(head[0].text.uppercased())
    let size = try text.integer(head[1], "the number of orbitals", in: 1...3000)
    guard try text.integer(head[2], "the number of wave vectors", in: 1...1_000_000) == 1 else {
      throw text.error(
        head[2], found: "\(head[2].text) wave vectors", allowed: "one",
        hint: "run DFTB+ without k-points across the current, in a supercell")
    }
    var scanner = try NumberScanner(path: path, kind: "square matrix of DFTB+")
    for _ in 0..<head[0].line - 1 { scanner.nextLine() }
    scanner.skipLine()
    _ = try scanner.integer("the number of the wave vector", in: 1...1)
    var matrix = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0..<size {
        let real = try scanner.number("element (\(row + 1), \(column + 1)) of \(size) x \(size)")
        let imaginary = isReal ? 0 : try scanner.number("the imaginary part of element (\(row + 1), \(column + 1))")
        matrix[row, column] = Scalar(real, imaginary)
      }
    }
    guard scanner.isAtEnd else { throw scanner.fault(found: "more numbers", allowed: "\(size) x \(size) elements") }
    let scale = matrix.largestMagnitude
    for i in 0..<size {
      for j in 0..<i where (matrix[i, j] - matrix[j, i].conjugate).length > 1e-6 * scale {
        throw FileError(
          .invalidData, in: path, found: "elements (\(i + 1), \(j + 1)) and (\(j + 1), \(i + 1)) that differ",
          allowed: "a Hermitian matrix")
      }
    }
    self.matrix = matrix.hermitianPart
  }
}
