import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Models of terminals")
struct TerminalModelTests {
  static let model = """
    title: Three bodies
    units: natural
    terminals:
      particles: bosons
      degeneracy: 2
      baths: [hot, cold, probe]
      transmission:
        hot>cold: {kind: lorentzian, energy: 1.0, width: 0.1, height: 1.0, from: 0.2}
        cold>probe: "exp(-w)*a*w^2"
        hot>probe: {kind: box, from: 0.3, to: 2.0, height: 0.5}
      breakpoints: [0.5]
    parameters: {a: 2, T: 1}
    state:
      temperature: {hot: T + dT, cold: T, probe: T}
      chemical_potential: {hot: nu}
    sweep:
      nu: [-0.5, 0.1]
      dT: {from: 0, to: 1, points: 3}
    compute:
      observables: [bath_energy_current, entropy_production, transmission_function]
      frequencies: [0.5, 1.0]
      tolerance: 1e-9
    """

  static func read(_ text: String, folder: String = ".") throws -> TerminalDocument {
    guard case .terminals(let document) = try ModelFile.read(text: text, folder: folder) else {
      throw FileError(.invalidModel, in: "", found: "another kind")
    }
    return document
  }

  static func fault(_ change: (String, String), folder: String = ".") -> FileError? {
    let text = model.replacing(change.0, with: change.1)
    precondition(text != model, "nothing to change: \(change.0)")
    do {
      _ = try ModelFile.read(text: text, folder: folder)
      return nil
    } catch { return error }
  }

  @Test("a model of terminals is read: names, functions, states in the order of the sweep")
  func reading() throws {
    let document = try Self.read(Self.model)
    let terminals = document.terminals
    #expect(terminals.names == ["hot", "cold", "probe"] && terminals.degeneracy == 2 && terminals.particles == .bosons)
    #expect(abs(terminals.transmission(from: 1, to: 0, at: 1.05) - 0.5) < 1e-15)
    #expect(terminals.transmission(from: 0, to: 1, at: 0.1) == 0)
    #expect(abs(terminals.transmission(from: 2, to: 1, at: 0.7) - 2 * 0.49 * Foundation.exp(-0.7)) < 1e-15)
    #expect(terminals.transmission(from: 0, to: 2, at: 0.2) == 0 && terminals.transmission(from: 0, to: 2, at: 0.4) == 0.5)
    #expect(terminals.functions[1].breakpoints == [0.5])
    #expect(document.points.count == 6 && document.points.bathTemperatures[0] == [1, 1.5, 2, 1, 1.5, 2])
    #expect(document.points.bathChemicalPotentials[0] == [-0.5, -0.5, -0.5, 0.1, 0.1, 0.1])
    #expect(document.points.bathChemicalPotentials[1] == [0, 0, 0, 0, 0, 0])
    #expect(document.settings.tolerance == 1e-9 && document.settings.frequencies == [0.5, 1])
    #expect(document.settings.observables == [.bathEnergyCurrent, .entropyProduction, .transmissionFunction])
  }

  @Test("in units eV energies carry units, temperatures are kelvin, and w counts in eV")
  func units() throws {
    let document = try Self.read(
      """
      terminals:
        particles: fermions
        baths: [a, b]
        transmission: {a>b: {kind: box, from: -100 meV, to: 0.2, height: 1}, b>a: "w*w"}
      state: {temperature: 300, chemical_potential: 25 meV}
      """)
    #expect(document.terminals.functions[0].from == -0.1 && document.terminals.transmission(from: 1, to: 0, at: 0.5) == 0.25)
    #expect(abs(document.points.bathTemperatures[1][0] - 300 * PhysicalConstants.boltzmannInElectronVolts) < 1e-17)
    #expect(document.points.bathChemicalPotentials == [[0.025], [0.025]])
  }

  @Test("tables: text with comments, and NetCDF; a fault names file and line")
  func tables() throws {
    try withTemporaryFolder { folder in
      let text = "# w tau\n0.3, 0.0\n0.5 1.0  # peak\n\n1.5\t0\n"
      try text.write(toFile: folder + "/tau.dat", atomically: true, encoding: .utf8)
      let file = try NetCDFFile(creating: folder + "/tau.nc")
      try file.defineDimension("energy", length: 3)
      for name in ["energy", "transmission"] { try file.defineVariable(name, over: ["energy"]) }
      try file.write([0.3, 0.5, 1.5], to: "energy")
      try file.write([0, 1, 0], to: "transmission")
      try file.close()
      for name in ["tau.dat", "tau.nc"] {
        let changed = Self.model.replacing(
          "{kind: box, from: 0.3, to: 2.0, height: 0.5}", with: "{kind: table, file: \(name), to: 1.0}")
        let terminals = try Self.read(changed, folder: folder).terminals
        #expect(abs(terminals.transmission(from: 0, to: 2, at: 0.75) - 0.75) < 1e-15)
        #expect(terminals.transmission(from: 0, to: 2, at: 1.2) == 0)
      }
      try "0.3 0.1\n0.5\n".write(toFile: folder + "/bad.dat", atomically: true, encoding: .utf8)
      let box = "{kind: box, from: 0.3, to: 2.0, height: 0.5}"
      let bad = try #require(Self.fault((box, "{kind: table, file: bad.dat}"), folder: folder))
      #expect(bad.code == .invalidData && bad.line == 2 && bad.file.hasSuffix("bad.dat") && bad.hint.contains("hot>probe"))
      let none = try #require(Self.fault((box, "{kind: table, file: none.dat}"), folder: folder))
      #expect(none.code == .cannotRead && none.allowed == "an existing table of energy and transmission", "\(none)")
    }
  }

  @Test(
    "every fault is named with its place and what is allowed",
    arguments: [
      ("particles: bosons", "particles: anyons", FileError.Code.unknownKey, "terminals.particles"),
      ("baths: [hot, cold, probe]", "baths: [hot, cold, hot]", .duplicateKey, "terminals.baths.2"),
      ("baths: [hot, cold, probe]", "baths: [hot, cold, 3rd]", .outOfRange, "terminals.baths.2.3rd"),
      ("baths: [hot, cold, probe]", "baths: []", .outOfRange, "terminals.baths"),
      ("baths: [hot, cold, probe]", "baths: [hot]", .outOfRange, "terminals.baths"),
      ("{a: 2, T: 1}", "{a: 2, T: 1e300}", .outOfRange, "state.temperature.hot"),
      ("nu: [-0.5, 0.1]", "nu: [-0.5, -1e200]", .outOfRange, "sweep.nu.1"),
      ("cold>probe:", "cold>prob:", .unknownKey, "terminals.transmission.cold>prob"),
      ("cold>probe:", "cold-probe:", .wrongType, "terminals.transmission.cold-probe"),
      ("kind: lorentzian, energy: 1.0", "kind: lorenzian, energy: 1.0", .unknownKey, "terminals.transmission.hot>cold.kind"),
      ("width: 0.1, ", "", .missingKey, "terminals.transmission.hot>cold"),
      ("width: 0.1", "width: -0.1", .invalidModel, "terminals.transmission.hot>cold.width"),
      ("kind: box, from: 0.3, ", "kind: box, ", .missingKey, "terminals.transmission.hot>probe"),
      ("exp(-w)*a*w^2", "exp(-w)*b*w^2", .badExpression, "terminals.transmission.cold>probe"),
      ("{a: 2, T: 1}", "{a: 2, T: 1, w: 3}", .outOfRange, "parameters.w"),
      ("nu: [-0.5, 0.1]", "nu: [-0.5, 0.25]", .outOfRange, "state.chemical_potential.hot"),
      ("T + dT, cold: T, probe: T}", "T + dT, cold: T}", .missingKey, "state.temperature"),
      ("chemical_potential: {hot: nu}", "chemical_potential: {hott: nu}", .unknownKey, "state.chemical_potential.hott"),
      ("bath_energy_current, entropy", "energy_current, entropy", .unknownKey, "compute.observables.0"),
      ("frequencies: [0.5, 1.0]", "", .missingKey, "compute"),
      ("  tolerance: 1e-9", "  tolerance: 2", .outOfRange, "compute.tolerance"),
      ("parameters:", "bosons: {modes: [1]}\nparameters:", .invalidModel, "bosons"),
    ])
  func faults(old: String, new: String, code: FileError.Code, path: String) throws {
    let error = try #require(Self.fault((old, new)), "no fault for '\(new)'")
    #expect(error.code == code && error.keyPath.joined(separator: ".") == path, "\(error)")
    #expect(error.line != nil && !error.allowed.isEmpty || error.code == .invalidModel, "\(error)")
  }

  @Test("in units eV temperatures end at 1e10 K and chemical potentials at 1e6 eV, also where they are written as energies")
  func magnitudes() throws {
    for (temperature, potential, key) in [
      ("1e11", "0", "temperature"), ("1e7 eV", "0", "temperature"), ("300", "-2e6", "chemical_potential"),
    ] {
      do {
        _ = try Self.read(
          """
          terminals: {particles: fermions, baths: [a, b], transmission: {a>b: 1}}
          state: {temperature: \(temperature), chemical_potential: \(potential)}
          """)
        Issue.record("read: \(temperature) \(potential)")
      } catch let error as FileError {
        #expect(
          error.keyPath == ["state", key] && error.line == 2 && error.found.contains("the \(key.replacing("_", with: " "))"))
      }
    }
  }

  @Test("a junction's reader says that this is another kind of model")
  func anotherKind() throws {
    do {
      _ = try ModelDocument.read(text: Self.model)
      Issue.record("read as a junction")
    } catch { #expect(error.code == .invalidModel) }
  }

  @Test("gyration of bosons is read, and refused when it is not antisymmetric")
  func gyration() throws {
    let text =
      "bosons: {modes: [1, 2], gyration: [[0, G], [-0.1, 0]]}\nbaths: {b: {kind: ohmic, friction: 0.1}}\n"
      + "state: {temperature: 300}\n"
    let junction = try ModelDocument.read(text: text.replacing("G", with: "100 meV")).junction
    #expect(junction.bosons.gyration?[0, 1] == Scalar(0.1, 0))
    do {
      _ = try ModelDocument.read(text: text.replacing("G", with: "0.1 + 0.1"))
      Issue.record("read")
    } catch { #expect(error.keyPath == ["bosons", "gyration"] && error.line == 1) }
  }
}
