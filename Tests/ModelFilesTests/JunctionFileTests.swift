import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Junction data files")
struct JunctionFileTests {
  /// Writes a small junction.nc: two orbitals, one mode, a complex Hamiltonian, every kind of electrode.
  private func write(
    to path: String, hamiltonian: [Double] = [1, 0.5, 0.5, 2], convention: String? = "dimensionless", unit: String = "eV"
  ) throws {
    let file = try NetCDFFile(creating: path)
    for (name, length) in [("orbital", 2), ("mode", 1), ("energy", 4), ("cell", 1), ("contact", 1)] {
      try file.defineDimension(name, length: length)
    }
    func put(_ name: String, _ dimensions: [String], _ values: [Double]) throws {
      try file.defineVariable(name, over: dimensions)
      try file.write(values, to: name)
    }
    let square = ["orbital", "orbital"]
    try put("hamiltonian", square, hamiltonian)
    try file.write(attribute: "units", unit, of: "hamiltonian")
    try put("hamiltonian_imag", square, [0, 0.25, -0.25, 0])
    try put("overlap", square, [1, 0.1, 0.1, 1])
    try put("coupling", ["mode"] + square, [0.1, 0.2, 0.2, 0.3])
    if let convention { try file.write(attribute: "convention", convention, of: "coupling") }
    try put("mode_energy", ["mode"], [0.05])
    try put("electrode_L_broadening", square, [0.5, 0, 0, 0])
    try put("energy", ["energy"], [-1, 0, 1, 2])
    let table = ["energy", "orbital", "orbital"]
    try put("electrode_R_self_energy_real", table, (0..<16).map { [0.1, 0, 0, 0][$0 % 4] })
    try put("electrode_R_self_energy_imag", table, (0..<16).map { [-0.2, 0, 0, 0][$0 % 4] })
    try put("electrode_P_H00", ["cell", "cell"], [0.1])
    try put("electrode_P_H01", ["cell", "cell"], [-1])
    try file.defineVariable("electrode_P_orbitals", .int, over: ["contact"])
    try file.write([1], to: "electrode_P_orbitals")
    try file.write(attribute: "fermi_energy_eV", [-4.5])
    try file.close()
  }

  private let model = """
    conductor: {file: junction.nc, spin_degeneracy: 2}
    electrodes:
      L: {kind: wide-band, file: junction.nc}
      R: {kind: table, file: junction.nc}
      P: {kind: periodic, file: junction.nc}
    bosons: {file: junction.nc}
    coupling: {file: junction.nc}
    state: {chemical_potential: fermi_energy, temperature: 0}
    """

  @Test("every part is read, row-major into column-major, with the convention and the Fermi energy")
  func readsAll() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc")
      let document = try ModelDocument.read(text: model, folder: folder)
      let junction = document.junction
      #expect(
        junction.conductor.hamiltonian[0, 1] == Scalar(0.5, 0.25) && junction.conductor.hamiltonian[1, 0] == Scalar(0.5, -0.25))
      #expect(junction.conductor.overlap == Matrix(real: [[1, 0.1], [0.1, 1]]))
      #expect(junction.electrodes[0].kind == .wideBand(broadening: Matrix(real: [[0.5, 0], [0, 0]])))
      guard case .table(let table) = junction.electrodes[1].kind else { throw FileError(.invalidData, in: "", found: "no table") }
      #expect(table.energies == [-1, 0, 1, 2] && table.values[3][0, 0] == Scalar(0.1, -0.2))
      #expect(
        junction.electrodes[2].kind
          == .periodic(PeriodicLead(orbitals: [1], h00: Matrix(real: [[0.1]]), h01: Matrix(real: [[-1]]))))
      #expect(junction.bosons.modeEnergies == [0.05])
      #expect(junction.coupling == Coupling(.dimensionless, [Matrix(real: [[0.1, 0.2], [0.2, 0.3]])]))
      #expect(document.points[0].chemicalPotentials == [-4.5, -4.5, -4.5])
      let set = try ModelDocument.read(text: model, folder: folder, overrides: ["fermi_energy=-4"])
      #expect(set.points[0].chemicalPotentials[0] == -4)
      let own = try ModelDocument.read(text: model + "\nparameters: {fermi_energy: -3}", folder: folder)
      #expect(own.points[0].chemicalPotentials[0] == -3)
    }
  }

  @Test("another energy unit is converted, an unknown one is refused, and natural units take plain numbers")
  func units() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", unit: "meV")
      let file = try JunctionFile(path: folder + "/junction.nc", units: .electronVolt)
      #expect(try file.hamiltonian()[1, 1] == Scalar(0.002, 0))
      #expect(try JunctionFile(path: folder + "/junction.nc", units: .natural).hamiltonian()[1, 1] == Scalar(2, 0))
      try write(to: folder + "/other.nc", unit: "kJ")
      let other = try JunctionFile(path: folder + "/other.nc", units: .electronVolt)
      let error = try #require(throws: FileError.self) { try other.hamiltonian() }
      #expect(error.found == "'kJ'")
    }
  }

  @Test("conventions must agree, and one must be there")
  func conventions() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", convention: nil)
      let missing = failure(model, folder: folder)
      #expect(missing?.code == .missingKey && missing?.line == 7 && missing?.description.contains("convention") == true)
      let given = edited(model, "coupling: {file: junction.nc}", "coupling: {file: junction.nc, convention: mass-weighted}")
      #expect(try ModelDocument.read(text: given, folder: folder).junction.coupling.convention == .massWeighted)
      try FileManager.default.removeItem(atPath: folder + "/junction.nc")
      try write(to: folder + "/junction.nc")
      let clash = failure(given, folder: folder)
      #expect(clash?.code == .invalidModel && clash?.found == "'mass-weighted', and 'dimensionless' in the data file")
    }
  }

  @Test("a missing variable lists those that exist, and the key that asked")
  func missingVariable() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc")
      let error = try #require(failure(edited(model, "L: {kind", "Left: {kind"), folder: folder))
      #expect(error.code == .invalidData && error.exitCode == 65)
      #expect(error.keyPath == ["electrode_Left_broadening"] && error.file == folder + "/junction.nc")
      #expect(error.found.contains("hamiltonian, hamiltonian_imag, overlap"))
      #expect(error.hint.contains("model.yaml:3:33 (electrodes.Left.file)"), "\(error)")
    }
  }

  @Test("NaN is reported with its index")
  func notANumber() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc", hamiltonian: [1, .nan, 0.5, 2])
      #expect(failure(model, folder: folder)?.found == "nan at index (0, 1)")
    }
  }

  @Test("wrong shapes are refused")
  func shapes() throws {
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/junction.nc")
      try file.defineDimension("a", length: 2)
      try file.defineDimension("b", length: 3)
      try file.defineVariable("hamiltonian", over: ["a", "b"])
      try file.write([0, 0, 0, 0, 0, 0], to: "hamiltonian")
      try file.close()
      let error = failure(model, folder: folder)
      #expect(error?.code == .invalidData && error?.found == "shape (2, 3)")
    }
  }

  @Test("missing, foreign and truncated files are errors, not crashes")
  func damagedFiles() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/junction.nc"
      let missing = try #require(failure(model, folder: folder))
      #expect(missing.code == .cannotRead && missing.exitCode == 74 && missing.found == "no such file")
      #expect(missing.hint.contains("model.yaml:1:19 (conductor.file)"))
      try doubleDot.write(toFile: path, atomically: true, encoding: .utf8)
      let foreign = try #require(failure(model, folder: folder))
      #expect(foreign.code == .notNetCDF && foreign.exitCode == 65)
      try FileManager.default.removeItem(atPath: path)
      try write(to: path)
      let whole = try #require(FileManager.default.contents(atPath: path))
      for fraction in [0.0, 0.1, 0.5, 0.9, 0.99] {
        let size = Int(Double(whole.count) * fraction)
        try whole.prefix(size).write(to: URL(fileURLWithPath: path))
        let truncated = try #require(failure(model, folder: folder), "\(size) bytes")
        #expect([.notNetCDF, .invalidData].contains(truncated.code))
      }
    }
  }

  @Test("a model file that is binary is named as such")
  func binaryModel() throws {
    try withTemporaryFolder { folder in
      try write(to: folder + "/junction.nc")
      let error = try #require(throws: FileError.self) { try ModelDocument.read(file: folder + "/junction.nc") }
      #expect(error.code == .syntax && error.found.contains("UTF-8"))
    }
  }
}
