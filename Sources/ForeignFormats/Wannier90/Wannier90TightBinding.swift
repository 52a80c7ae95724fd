import ComplexModule
import DataFiles
import DenseMatrices

/// Wannier90's `seedname_tb.dat`: lattice vectors, H(R) and positions of Wannier functions; H(R) is read.
///
/// A remark, three lattice vectors (angstrom), the number of functions and of lattice vectors, degeneracies; then for each R a line with R
/// and lines `m n Re Im` (eV); positions behind all of them.
struct Wannier90TightBinding {
  let hamiltonian: LatticeMatrix

  init(_ path: String) throws(FileError) {
    var text = try ForeignText(path, kind: "_tb.dat of Wannier90")
    _ = try text.line("the comment")
    for d in 1...3 {
      let words = try text.words("lattice vector \(d)")
      guard words.count == 3 else {
        throw text.error(
          words[0], found: "\(words.count) words", allowed: "the three numbers of lattice vector \(d)", hint: "is this X_tb.dat?")
      }
      for word in words { _ = try text.number(word, "a lattice vector") }
    }
    let (size, degeneracies) = try Wannier90Source.sizes(&text)
    var crystal = LatticeMatrix(size: size)
    for (point, degeneracy) in degeneracies.enumerated() {
      let head = try text.words("lattice vector R \(point + 1) of \(degeneracies.count)")
      guard head.count == 3 else { throw text.error(head[0], found: "\(head.count) words", allowed: "three: R1 R2 R3") }
      let r = try head.map { (word) throws(FileError) in try text.integer(word, "a lattice vector", in: -10_000...10_000) }
      guard crystal.blocks[r] == nil else {
        throw text.error(head[0], found: "R = \(r) again", allowed: "each lattice vector once")
      }
      for element in 0..<size * size {
        let words = try text.words("element \(element + 1) of R = \(r)")
        guard words.count == 4 else { throw text.error(words[0], found: "\(words.count) words", allowed: "four: m n Re Im") }
        let m = try text.integer(words[0], "an index", in: 1...size)
        let n = try text.integer(words[1], "an index", in: 1...size)
        let value = Scalar(try text.number(words[2], "an element"), try text.number(words[3], "an element"))
        crystal.add(value / Scalar(Double(degeneracy), 0), at: r, m - 1, n - 1)
      }
    }
    hamiltonian = crystal
  }
}
