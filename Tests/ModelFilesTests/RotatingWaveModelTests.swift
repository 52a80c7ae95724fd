import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Rotating-wave models")
struct RotatingWaveModelTests {
  /// The double dot with a mode that is emitted when an electron goes from orbital 0 to orbital 1.
  private let model = edited(
    edited(doubleDot, "convention: dimensionless", "convention: rotating-wave"), "[[[0.0, 0.5], [0.5, 0.0]]]",
    "[[[0, 0], [0.1+0.2i, 0]]]")

  @Test("matrices need not be Hermitian and are complex")
  func reads() throws {
    let junction = try ModelDocument.read(text: model).junction
    #expect(junction.isRotatingWave)
    #expect(junction.coupling.matrices == [Matrix([[.zero, .zero], [Scalar(0.1, 0.2), .zero]])])
    // M = m sqrt(2W), W = 1.
    #expect(junction.massWeightedCoupling(mode: 0)[1, 0] == Scalar(2.0.squareRoot(), 0) * Scalar(0.1, 0.2))
  }

  @Test("coordinates, shapes and numbers that are none are refused with their place")
  func faults() {
    func expect(_ old: String, _ new: String, _ code: FileError.Code, at piece: String, _ words: String...) {
      expectFailure(edited(model, old, new), code, at: piece, mentions: words)
    }
    expect(
      "modes: [1.0]", "dynamical_matrix: [[1.0]]", .invalidModel, at: "rotating-wave", "coupling.convention",
      "a dynamical matrix", "convention: mass-weighted")
    expect("modes: [1.0]", "chain: {sites: 1, spring: 0.5}", .invalidModel, at: "rotating-wave", "coupling.convention")
    expect("[[[0, 0], [0.1+0.2i, 0]]]", "[[[0.1]]]", .invalidModel, at: "[[0.1]]", "shape (1, 1)", "shape (2, 2)")
    expect("[[[0, 0], [0.1+0.2i, 0]]]", "[[[0, 0], [0.1, 0]], [[0, 0], [0, 0]]]", .invalidModel, at: "[[[0, 0]", "2 matrices")
    expect("0.1+0.2i", ".nan", .outOfRange, at: ".nan", "coupling.matrices.0.1.0", "a finite number")
  }

  @Test("a data file with transition dipoles couples light")
  func dataFile() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/junction.nc")
      for (name, length) in [("mode", 1), ("orbital", 2)] { try file.defineDimension(name, length: length) }
      for (name, values) in [("coupling_real", [0, 0, 0.02, 0]), ("coupling_imag", [0, 0, -0.01, 0.0])] {
        try file.defineVariable(name, over: ["mode", "orbital", "orbital"])
        try file.write(values, to: name)
      }
      try file.write(attribute: "convention", "rotating-wave", of: "coupling_real")
      try file.close()
      let old = "convention: rotating-wave\n  matrices: [[[0, 0], [0.1+0.2i, 0]]]"
      let text = edited(model, old, "file: junction.nc")
      let junction = try ModelDocument.read(text: text, folder: folder).junction
      #expect(junction.isRotatingWave)
      #expect(junction.coupling.matrices[0][1, 0] == Scalar(0.02, -0.01) && junction.coupling.matrices[0][0, 1] == .zero)
      let refused = edited(text, "modes: [1.0]", "dynamical_matrix: [[1.0]]")
      #expect(failure(refused, folder: folder)?.code == .invalidModel)
    }
  }
}
