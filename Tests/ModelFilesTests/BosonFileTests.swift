import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Bosons and baths from data files")
struct BosonFileTests {
  /// Frequencies, Re Pi and Im Pi of a Drude bath with friction 0.2 and cut-off 1.
  private static let grid = (0..<401).map { 0.1 * Double($0) }
  private static let real = grid.map { 0.2 * $0 * $0 / (1 + $0 * $0) }
  private static let imaginary = grid.map { -0.2 * $0 / (1 + $0 * $0) }

  /// Writes a dynamical matrix of two coordinates, a periodic bath P and a table T on both coordinates.
  private func write(
    to path: String, matrix: [Double] = [2, -1, -1, 2], unit: String? = nil, real: [Double]? = real,
    imaginary: [Double] = imaginary
  ) throws {
    let file = try NetCDFFile(creating: path)
    for (name, length) in [("dof", 2), ("coordinate", 1), ("cell", 2), ("frequency", Self.grid.count)] {
      try file.defineDimension(name, length: length)
    }
    func put(_ name: String, _ dimensions: [String], _ values: [Double]) throws {
      try file.defineVariable(name, over: dimensions)
      try file.write(values, to: name)
    }
    try put("dynamical_matrix", ["dof", "dof"], matrix)
    if let unit { try file.write(attribute: "units", unit, of: "dynamical_matrix") }
    try put("bath_P_K00", ["cell", "cell"], [2, -1, -1, 2])
    try put("bath_P_K01", ["cell", "cell"], [0, 0, -1, 0])
    try put("bath_P_coupling", ["coordinate", "cell"], [-1, 0])
    try put("bath_T_frequency", ["frequency"], Self.grid)
    let table = ["frequency", "coordinate", "coordinate"]
    if let real { try put("bath_T_self_energy_real", table, real) }
    try put("bath_T_self_energy_imag", table, imaginary)
    try file.close()
  }

  private let model = """
    units: natural
    bosons: {file: junction.nc}
    baths:
      P: {kind: periodic, coordinates: [0], file: junction.nc}
      T: {kind: table, coordinates: [1], file: junction.nc}
    state: {temperature: 1}
    """

  @Test("dynamical matrix, periodic bath and table are read by the bath's name")
  func reads() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc")
      let junction = try ModelDocument.read(text: model, folder: folder).junction
      #expect(junction.bosons.dynamicalMatrix == Matrix(real: [[2, -1], [-1, 2]]))
      guard case .periodic(let lead) = junction.baths[0].kind, case .table(let table) = junction.baths[1].kind else {
        Issue.record("wrong kinds")
        return
      }
      #expect(lead.k01 == Matrix(real: [[0, 0], [-1, 0]]) && lead.coupling == Matrix(real: [[-1, 0]]))
      #expect(table.frequencies == Self.grid && table.values[10][0, 0] == Scalar(Self.real[10], Self.imaginary[10]))
      let projected = edited(model, "bosons: {file: junction.nc}", "bosons: {file: junction.nc, project_out: [0]}")
      #expect(try ModelDocument.read(text: projected, folder: folder).junction.bosons.count == 1)
    }
  }

  @Test("a squared unit is converted, another one is refused")
  func squaredUnits() throws {
    try withTemporaryFolder { folder in
      for (name, unit) in [("a", "meV2"), ("b", "meV^2"), ("c", "meV**2")] {
        try write(to: folder + "/\(name).nc", unit: unit)
        let file = try JunctionFile(path: folder + "/\(name).nc", units: .electronVolt)
        #expect(abs(try file.dynamicalMatrix()[0, 0].real - 2e-6) < 1e-20)
      }
      try write(to: folder + "/d.nc", unit: "meV")
      let file = try JunctionFile(path: folder + "/d.nc", units: .electronVolt)
      #expect(throws: FileError.self) { try file.dynamicalMatrix() }
    }
  }

  @Test("without real part it follows from the imaginary part")
  func realPart() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", real: nil)
      guard case .table(let table) = try ModelDocument.read(text: model, folder: folder).junction.baths[1].kind else { return }
      // -eta w_c/(1 + w^2); beyond the table, w > 40, there is 2 eta/(40 pi).
      #expect(abs(table.values[10][0, 0].real + 0.1) < 5e-3 && table.values[10][0, 0].imaginary == Self.imaginary[10])
    }
  }

  @Test("tables that amplify or violate causality are refused with bath and frequency")
  func badTables() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", imaginary: Self.imaginary.map { -$0 })
      let gain = try #require(failure(model, folder: folder))
      #expect(gain.code == .invalidModel && gain.keyPath == ["baths", "T", "self_energy", "1"] && gain.line == 5)
      #expect(gain.description.contains("at w = 0.1") && gain.description.contains("positive semidefinite"))
    }
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", real: Self.real.map { -$0 })
      let acausal = try #require(failure(model, folder: folder))
      #expect(acausal.code == .invalidModel && acausal.line == 5 && acausal.column == 6)
      #expect(acausal.description.contains("causality") && acausal.description.contains("at w = "), "\(acausal)")
    }
  }

  @Test("imaginary modes and asymmetry of a file are located at the key that asked for it")
  func badMatrix() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", matrix: [1, -2, -2, 1])
      let error = try #require(failure(model, folder: folder))
      #expect(error.code == .invalidModel && error.line == 2 && error.found.contains("0 (W = 1.0i)"), "\(error)")
      #expect(error.hint.contains("model.yaml:2:16 (bosons.file)"), "\(error)")
    }
  }

  @Test("missing variables are named")
  func missing() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc")
      let table = failure(edited(model, "  T: {kind", "  X: {kind"), folder: folder)
      #expect(table?.keyPath == ["bath_X_frequency"] || table?.keyPath == ["frequency"], "\(String(describing: table))")
      let lead = failure(edited(model, "  P: {kind", "  Q: {kind"), folder: folder)
      #expect(lead?.keyPath == ["bath_Q_K00"] && lead?.hint.contains("baths.Q.file") == true)
    }
  }
}
