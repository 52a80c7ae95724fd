import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Models of long conductors")
struct LongModelTests {
  static let model = """
    units: natural
    conductor: {chain: {sites: 5000, energy: 0.2, hopping: -1.0}}
    electrodes:
      L: {kind: chain, orbital: 0, energy: 0.2, hopping: -1.0, coupling: -1.0}
      R: {kind: chain, orbital: 4999, energy: 0.2, hopping: -1.0, coupling: -1.0}
    bosons: {modes: [0.1]}
    baths: {ph: {kind: ohmic, friction: 0.01}}
    coupling: {convention: dimensionless, matrices: [{orbitals: [2500, 2501], matrix: [[0, 0.1], [0.1, 0]]}]}
    state: {chemical_potential: 0, temperature: 0.1}
    compute: {elastic_correction: none}
    """

  @Test("a long chain keeps the orbitals that electrodes and couplings touch, in the user's order")
  func chain() throws {
    let junction = try ModelDocument.read(text: Self.model).junction
    let whole = try #require(junction.conductor.whole)
    #expect(whole.kept == [0, 2500, 2501, 4999] && junction.conductor.totalOrbitals == 5000)
    #expect(junction.conductor.hamiltonian[1, 2] == Scalar(-1, 0) && junction.conductor.hamiltonian[0, 1] == .zero)
    #expect(junction.bandwidth == 1)
    #expect(junction.coupling.matrices[0][1, 2] == Scalar(0.1, 0) && junction.coupling.matrices[0][0, 3] == .zero)
    guard case .chain(let lead) = junction.electrodes[1].kind else { throw FileError(.syntax, in: "", found: "no chain") }
    #expect(lead.orbital == 3)
  }

  @Test("a chain of a hundred sites stays dense, with the same matrices as if written out")
  func short() throws {
    let text = edited(
      edited(edited(Self.model, "sites: 5000", "sites: 100"), "orbital: 4999", "orbital: 99"), "[2500, 2501]", "[50, 51]")
    let junction = try ModelDocument.read(text: text).junction
    #expect(junction.conductor == .chain(sites: 100, energy: 0.2, hopping: -1))
    #expect(junction.coupling.matrices[0][51, 50] == Scalar(0.1, 0))
  }

  @Test("periodic cells of one orbital are a chain; larger ones have H01 from a cell to the next")
  func periodic() throws {
    let cells = edited(
      Self.model, "chain: {sites: 5000, energy: 0.2, hopping: -1.0}",
      "periodic: {cells: 5000, H00: [[0.2]], H01: [[-1.0]], S00: [[1.0]], S01: [[0.1]]}")
    let (a, b) = (try ModelDocument.read(text: cells).junction, try ModelDocument.read(text: Self.model).junction)
    #expect(
      a.conductor.whole?.hamiltonian == b.conductor.whole?.hamiltonian && a.conductor.whole?.overlap?[7, 8] == Scalar(0.1, 0))
    let ladder = edited(
      Self.model, "chain: {sites: 5000, energy: 0.2, hopping: -1.0}",
      "periodic: {cells: 2500, H00: [[0, 0.5i], [-0.5i, 0.1]], H01: [[1, 2], [3, 4]]}")
    let h = try #require(try ModelDocument.read(text: ladder).junction.conductor.whole?.hamiltonian)
    #expect(h[10, 11] == Scalar(0, 0.5) && h[11, 10] == Scalar(0, -0.5) && h[11, 11] == Scalar(0.1, 0))
    #expect(h[10, 13] == Scalar(2, 0) && h[11, 12] == Scalar(3, 0) && h[13, 10] == Scalar(2, 0) && h[12, 15] == Scalar(2, 0))
  }

  @Test("a dense Hamiltonian with a hidden band goes the same way")
  func detection() throws {
    var h = Matrix(rows: 1200, columns: 1200)
    for i in 0..<1199 {
      let (a, b) = (i * 7 % 1200, (i + 1) * 7 % 1200)
      h[a, b] = Scalar(-1, 0)
      h[b, a] = Scalar(-1, 0)
    }
    let parts = JunctionParts(
      .dense(Conductor(hamiltonian: h)),
      electrodes: [.init("L", .wideBand(broadening: Matrix(diagonal: [1])), on: [0])])
    let reduced = try parts.reduced()
    #expect(reduced.conductor.whole?.kept == [0])
    // Nothing is left out when all orbitals are touched, or all levels are needed of few.
    let full = JunctionParts(.dense(Conductor(hamiltonian: h)), electrodes: [.init("L", .wideBand(broadening: .identity(1200)))])
    #expect(try full.reduced().conductor.whole == nil)
    // Hoppings over long and irregular distances leave no band to be found.
    var entries: [SparseHermitianMatrix.Entry] = []
    for i in 0..<20_000 {
      for step in [1, 77, 5003] { entries.append(.init(i, (i + step * (1 + i % 7)) % 20_000, Scalar(-1, 0))) }
    }
    var seen = Set<[Int]>()
    let tangle = try SparseHermitianMatrix(
      size: 20_000, entries: entries.filter { seen.insert([min($0.row, $0.column), max($0.row, $0.column)]).inserted })
    let knot = JunctionParts(
      .sparse(hamiltonian: tangle, overlap: nil, spinDegeneracy: 1),
      electrodes: [.init("L", .wideBand(broadening: Matrix(diagonal: [1])), on: [0])])
    let error = #expect(throws: ModelError.self) { try knot.reduced() }
    #expect(error?.path == ["conductor"] && error?.found.contains("bandwidth") == true)
    let small = JunctionParts(
      .sparse(hamiltonian: try WholeConductor.chain(sites: 600, energy: 0, hopping: 1), overlap: nil, spinDegeneracy: 1),
      electrodes: [.init("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 1)))], needsAllLevels: true)
    #expect(try small.reduced().conductor == .chain(sites: 600, energy: 0, hopping: 1))
  }

  @Test("faults of long conductors have their place")
  func faults() {
    func fault(_ old: String, _ new: String, _ code: FileError.Code, at place: String, _ words: String...) {
      expectFailure(edited(Self.model, old, new), code, at: place, mentions: words)
    }
    fault("sites: 5000", "sites: 2000000", .outOfRange, at: "2000000", "1 to 1000000 sites")
    fault("orbitals: [2500, 2501]", "orbitals: [2500, 5001]", .invalidModel, at: "5001", "orbital 5001", "0 to 4999")
    fault("matrix: [[0, 0.1], [0.1, 0]]", "matrix: [[0, 0.1]]", .invalidModel, at: "[[0, 0.1]]", "shape (1, 2)", "(2, 2)")
    fault("matrix: [[0, 0.1], [0.1, 0]]", "matrx: [[0]]", .unknownKey, at: "matrx", "did you mean 'matrix'")
    fault("matrix: [[0, 0.1], [0.1, 0]]", "matrix: [[0, 0.1], [0.2, 0]]", .invalidModel, at: "{orbitals", "Hermitian")
    fault("orbital: 4999", "orbital: 5000", .invalidModel, at: "5000, energy: 0.2, hopping: -1.0, c", "orbital 5000", "0 to 4999")
    fault(
      "chain: {sites: 5000, energy: 0.2, hopping: -1.0}", "periodic: {cells: 5000, H00: [[0, 1], [2, 0]], H01: [[1, 0], [0, 1]]}",
      .invalidModel, at: "[[0, 1], [2, 0]]", "a Hermitian matrix")
    fault(
      "chain: {sites: 5000, energy: 0.2, hopping: -1.0}", "periodic: {cells: 5000, H00: [[0]], H01: [[1, 0]]}", .invalidModel,
      at: "[[1, 0]]", "shape (1, 1) of H00")
    fault(
      "chain: {sites: 5000, energy: 0.2, hopping: -1.0}",
      "periodic: {cells: 5000, H00: [[0]], H01: [[1]], S00: [[1]], S01: [[0.6]]}",
      .invalidModel, at: "{periodic", "positive definite")
  }

  @Test("sparse matrices and couplings come from a file, and faults name variable and element")
  func file() throws {
    try withTemporaryFolder { folder in
      let size = 4000
      func write(_ name: String, value: Double = -1, row: Int = 0) throws {
        let file = try NetCDFFile(creating: folder + "/" + name)
        for (dimension, length) in [("element", size - 1), ("coupling_element", 2)] {
          try file.defineDimension(dimension, length: length)
        }
        let elements = (0..<(size - 1)).map(Double.init)
        var rows = elements
        rows[0] = Double(row)
        for (variable, numbers) in [
          ("hamiltonian_row", rows), ("hamiltonian_column", elements.map { $0 + 1 }),
          ("hamiltonian_value", elements.map { $0 == 5 ? value : -1 }),
        ] {
          try file.defineVariable(variable, over: ["element"])
          try file.write(numbers, to: variable)
        }
        for (variable, numbers) in [
          ("coupling_mode", [0.0, 0]), ("coupling_row", [2000, 2001]), ("coupling_column", [2001, 2000]),
          ("coupling_value", [0.1, 0.1]),
        ] {
          try file.defineVariable(variable, over: ["coupling_element"])
          try file.write(numbers, to: variable)
        }
        try file.close()
      }
      try write("long.nc")
      var text = edited(Self.model, "{chain: {sites: 5000, energy: 0.2, hopping: -1.0}}", "{file: long.nc}")
      text = edited(text, "orbital: 4999", "orbital: 3999")
      text = edited(text, "matrices: [{orbitals: [2500, 2501], matrix: [[0, 0.1], [0.1, 0]]}]", "file: long.nc")
      let junction = try ModelDocument.read(text: text, folder: folder).junction
      #expect(junction.conductor.whole?.kept == [0, 2000, 2001, 3999])
      #expect(junction.conductor.whole?.hamiltonian == (try WholeConductor.chain(sites: size, energy: 0, hopping: -1)))
      #expect(junction.coupling.matrices[0][1, 2] == Scalar(0.1, 0) && junction.coupling.matrices[0][2, 1] == Scalar(0.1, 0))
      try write("infinite.nc", value: .infinity)
      try write("negative.nc", row: -1)
      for (name, variable, words) in [
        ("infinite", "hamiltonian_value", "finite numbers"), ("negative", "hamiltonian_row", "whole numbers from 0"),
      ] {
        let error = failure(edited(text, "conductor: {file: long.nc}", "conductor: {file: \(name).nc}"), folder: folder)
        #expect(error?.code == .invalidData && error?.keyPath == [variable], "\(error.debugDescription)")
        #expect(error?.description.contains(words) == true)
      }
    }
  }
}
