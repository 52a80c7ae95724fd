import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Data files that other programs changed")
struct RestructuredDataTests {
  /// The error of reading one thing from a file that `fill` writes.
  private func error(
    _ fill: (NetCDFFile) throws -> Void, reading read: (JunctionFile) throws -> Void
  ) throws -> FileError {
    var found: FileError?
    try withTemporaryFolder { folder in
      let file = try NetCDFFile(creating: folder + "/j.nc")
      for (name, length) in [("orbital", 2), ("mode", 1), ("energy", 3)] { try file.defineDimension(name, length: length) }
      try fill(file)
      try file.close()
      found = try #require(throws: FileError.self) { try read(try JunctionFile(path: folder + "/j.nc", units: .electronVolt)) }
      #expect(found?.exitCode == 65 && found?.file == folder + "/j.nc")
    }
    return try #require(found)
  }

  private func put(_ file: NetCDFFile, _ name: String, _ dimensions: [String], _ values: [Double]) throws {
    try file.defineVariable(name, over: dimensions)
    try file.write(values, to: name)
  }

  @Test("shapes: single values, missing and further dimensions")
  func shapes() throws {
    for (dimensions, count) in [([], 1), (["orbital"], 2), (["mode", "orbital", "orbital"], 4), (["orbital", "energy"], 6)] {
      let fault = try error {
        try put($0, "hamiltonian", dimensions, .init(repeating: 1, count: count))
      } reading: {
        _ = try $0.hamiltonian()
      }
      #expect(fault.keyPath == ["hamiltonian"], "\(fault)")
    }
    let grid = try error {
      try put($0, "electrode_L_self_energy", ["mode", "orbital", "orbital"], [1, 0, 0, 1])
      try put($0, "energy", ["energy"], [1, 2, 3])
    } reading: {
      _ = try $0.selfEnergy(of: "L")
    }
    #expect(grid.found == "1 matrices")
    let parts = try error {
      try put($0, "hamiltonian", ["orbital", "orbital"], [1, 0, 0, 1])
      try put($0, "hamiltonian_imag", ["orbital", "energy"], [1, 0, 0, 1, 0, 0])
    } reading: {
      _ = try $0.hamiltonian()
    }
    #expect(parts.keyPath == ["hamiltonian_imag"])
  }

  @Test("kinds: strings instead of numbers, numbers instead of text")
  func kinds() throws {
    let words = try error {
      try $0.defineStringVariable("mode_energy", over: ["mode"])
      try $0.write(["1.0"], to: "mode_energy")
    } reading: {
      _ = try $0.modeEnergies()
    }
    #expect(words.found == "text or a compound type")
    let unit = try error {
      try put($0, "mode_energy", ["mode"], [1])
      try $0.write(attribute: "units", [1], of: "mode_energy")
    } reading: {
      _ = try $0.modeEnergies()
    }
    #expect(unit.keyPath == ["mode_energy", "units"])
    let convention = try error {
      try put($0, "coupling", ["mode", "orbital", "orbital"], [1, 0, 0, 1])
      try $0.write(attribute: "convention", [0], of: "coupling")
    } reading: {
      _ = try $0.coupling()
    }
    #expect(convention.keyPath == ["coupling", "convention"])
    for value in ["-4.5", ""] {
      let fermi = try error {
        try $0.write(attribute: "fermi_energy_eV", value)
      } reading: {
        _ = try $0.fermiEnergy()
      }
      #expect(fermi.keyPath == ["fermi_energy_eV"])
    }
    let packed = try error {
      try put($0, "mode_energy", ["mode"], [1])
      try $0.write(attribute: "scale_factor", "0.1", of: "mode_energy")
    } reading: {
      _ = try $0.modeEnergies()
    }
    #expect(packed.found.contains("packed"))
  }

  @Test("indices: fractions, negative ones, beyond the matrix, and matrices that fit into no memory")
  func indices() throws {
    func sparse(_ row: Double, _ column: Double, orbitals: Double? = nil) throws -> FileError {
      try error {
        for (name, value) in [("row", row), ("column", column), ("value", 1)] {
          try put($0, "hamiltonian_\(name)", ["mode"], [value])
        }
        if let orbitals { try $0.write(attribute: "orbitals", [orbitals]) }
      } reading: {
        _ = try $0.sparseElectrons()
      }
    }
    for index in [0.5, -1, .infinity, .nan, 1e300, 9.2e18, 1e15] as [Double] {
      #expect(try sparse(index, index).keyPath == ["hamiltonian_row"])
    }
    #expect(try sparse(3, 3, orbitals: 2).found == "element (3, 3)")
    #expect(try sparse(0, 0, orbitals: 2e6).found == "2000000 orbitals")
    let huge = try error { file in
      try file.defineDimension("many", length: 400_000)
      let places = (0..<400_000).map { Double($0) }
      for (name, values) in [("row", places), ("column", places), ("value", places), ("mode", places.map { _ in 0 })] {
        try put(file, "coupling_\(name)", ["many"], values)
      }
    } reading: {
      _ = try $0.sparseCoupling()
    }
    #expect(huge.found.contains("couples 400000 orbitals"), "\(huge)")
  }

  @Test("an error never moves the cursor of a terminal")
  func controlCharacters() throws {
    let fault = try error {
      try put($0, "hamiltonian", ["orbital", "orbital"], [1, 0, 0, 1])
      try $0.write(attribute: "units", "e\u{1b}[2J\nV", of: "hamiltonian")
    } reading: {
      _ = try $0.hamiltonian()
    }
    #expect(fault.description.contains("e\\u{1b}[2J\\u{a}V"), "\(fault)")
  }
}
