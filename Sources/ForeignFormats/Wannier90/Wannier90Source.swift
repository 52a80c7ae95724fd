import ComplexModule
import DataFiles
import DenseMatrices

/// Wannier90's `seedname_hr.dat` or `seedname_tb.dat`: the Hamiltonian of a crystal in Wannier functions, as a perfect wire or layer between its own leads.
///
/// H_mn(R) = <m 0|H|n R>, eV, each divided by the degeneracy of R (Wannier90 user guide, "seedname_hr.dat").
package struct Wannier90Source: JunctionSource {
  package let format = ImportFormat(
    "wannier90", argument: "X_hr.dat|X_tb.dat",
    abstract: "a crystal's Hamiltonian in Wannier functions: a perfect conductor between its own leads",
    options: [.direction, .fermi])

  package init() {}

  package func read(_ request: ImportRequest) throws(FileError) -> ImportedModel {
    let path = try request.onlyFile(of: format)
    let isTightBinding = path.hasSuffix("_tb.dat")
    let crystal = isTightBinding ? try Wannier90TightBinding(path).hamiltonian : try Self.hamiltonian(path)
    let direction = try request.direction(of: crystal, in: path)
    let fermi = try request.energy(.fermi) ?? 0
    var model = try BulkJunction(
      title: "Perfect crystal of \(path.split(separator: "/").last ?? "")", program: "Wannier90", hamiltonian: crystal,
      overlap: nil,
      direction: direction, fermiEnergy: fermi
    ).imported(from: path)
    model.understood.insert(("Wannier functions", "\(crystal.size)"), at: 0)
    if request.options[.fermi] == nil {
      model.leftOut.append(
        "the Fermi energy, which the file does not say: 0 eV is taken; --fermi, or parameters.mu in the model, sets it")
    }
    if isTightBinding { model.leftOut.append("the positions of the Wannier functions: no observable needs them") }
    return model
  }

  /// The blocks H(R) of a file.
  static func hamiltonian(_ path: String) throws(FileError) -> LatticeMatrix {
    var text = try ForeignText(path, kind: "_hr.dat of Wannier90")
    _ = try text.line("the comment")
    let (size, degeneracies) = try sizes(&text)
    let points = degeneracies.count
    var crystal = LatticeMatrix(size: size)
    for point in 0..<points {
      var vector: [Int] = []
      for element in 0..<(size * size) {
        let words = try text.words("element \(element + 1) of lattice vector \(point + 1) of \(points)")
        guard words.count == 7 else {
          throw text.error(
            words[0], found: "\(words.count) words", allowed: "seven: R1 R2 R3 m n Re Im",
            hint: "is this X_hr.dat, and not X_tb.dat?")
        }
        let r = try words[0..<3].map { (word) throws(FileError) in
          try text.integer(word, "a lattice vector", in: -10_000...10_000)
        }
        if element == 0 { vector = r }
        guard r == vector else {
          throw text.error(
            words[0], found: "R = \(r) among the elements of R = \(vector)", allowed: "\(size * size) elements for each R")
        }
        let m = try text.integer(words[3], "an index", in: 1...size)
        let n = try text.integer(words[4], "an index", in: 1...size)
        let value = Scalar(try text.number(words[5], "an element"), try text.number(words[6], "an element"))
        crystal.add(value / Scalar(Double(degeneracies[point]), 0), at: r, m - 1, n - 1)
      }
    }
    return crystal
  }

  /// The number of Wannier functions and the degeneracies of all lattice vectors.
  static func sizes(_ text: inout ForeignText) throws(FileError) -> (functions: Int, degeneracies: [Int]) {
    let size = try count(&text, "the number of Wannier functions", most: 3000)
    let points = try count(&text, "the number of lattice vectors", most: 1_000_000)
    let degeneracies = try text.integers(points, "degeneracies of lattice vectors")
    guard let least = degeneracies.min(), least > 0 else {
      throw FileError(
        .invalidData, in: text.path, found: "a degeneracy of \(degeneracies.min() ?? 0)", allowed: "degeneracies from 1")
    }
    return (size, degeneracies)
  }

  private static func count(_ text: inout ForeignText, _ what: String, most: Int) throws(FileError) -> Int {
    let words = try text.words(what)
    guard words.count == 1 else { throw text.error(words[0], found: "\(words.count) words", allowed: "\(what) alone") }
    return try text.integer(words[0], what, in: 1...most)
  }
}
