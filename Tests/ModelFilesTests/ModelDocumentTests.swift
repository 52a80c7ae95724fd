import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import SystemFiles
import Testing
import TransportResults

@testable import DataFiles
@testable import ModelFiles

@Suite("Good models")
struct ModelDocumentTests {
  @Test("the double dot is read as written")
  func readsDoubleDot() throws {
    let model = try ModelDocument.read(text: doubleDot)
    #expect(model.title == "Double dot")
    #expect(model.units == .natural)
    #expect(model.junction.conductor.hamiltonian == Matrix(diagonal: [10.5, 9.5]))
    #expect(
      model.junction.electrodes == [
        Electrode("L", .wideBand(broadening: Matrix(diagonal: [0.5, 0]))),
        Electrode("R", .wideBand(broadening: Matrix(diagonal: [0, 0.25]))),
      ])
    #expect(model.junction.bosons.modeEnergies == [1])
    #expect(model.junction.baths == [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])])
    #expect(model.junction.coupling == Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
    #expect(model.axes == [SweepAxis("V", [-3, -2, -1, 0, 1, 2, 3]), SweepAxis("dT", [-0.5, 0, 0.5])])
    #expect(model.settings.level == .landauer)
    #expect(model.settings.tolerance == 1e-6)
    #expect(model.settings.observables == [.energyCurrent, .chargeCurrent, .modePopulation])
    #expect(model.text == doubleDot)
  }

  @Test("the first axis varies slowest and expressions hold at every state")
  func evaluatesStates() throws {
    let model = try ModelDocument.read(text: doubleDot)
    #expect(model.points.count == 21)
    for (i, v) in model.axes[0].values.enumerated() {
      for (j, d) in model.axes[1].values.enumerated() {
        let point = model.points[3 * i + j]
        #expect(point.chemicalPotentials == [10 + v / 2, 10 - v / 2])
        #expect(point.temperatures == [1 + d / 2, 1 + d / 2])
        #expect(point.bathTemperatures == [1 - d / 2])
      }
    }
  }

  @Test("without sweep there is one state; level, tolerance and observables have defaults")
  func defaults() throws {
    let model = try ModelDocument.read(text: singleLevel)
    #expect(model.units == .electronVolt)
    #expect(model.axes.isEmpty && model.points.count == 1)
    #expect(model.settings.level == .sharp && model.settings.tolerance == 1e-8)
    #expect(model.settings.observables == [.chargeCurrent])
    #expect(model.junction.bosons.count == 0)
    #expect(
      model.points[0].temperatures == [
        300 * PhysicalConstants.boltzmannInElectronVolts, 300 * PhysicalConstants.boltzmannInElectronVolts,
      ])
  }

  @Test(
    "energies take units",
    arguments: [
      ("50 meV", 0.05), ("0.3 V", 0.3), ("2 eV", 2), ("10 ueV", 1e-5), ("10 \u{b5}eV", 1e-5), ("0.5 Ha", 13.605693122994),
      ("1 Ry", 13.605693122994), ("1000 cm-1", 0.1239841984), ("10 THz", 0.041356677), ("'7 mV'", 0.007), ("1e-3", 1e-3),
    ])
  func energyUnits(text: String, value: Double) throws {
    let model = try ModelDocument.read(text: edited(singleLevel, "[0.1]", "[\(text)]"))
    let energy = model.junction.conductor.hamiltonian[0, 0].real
    #expect(abs(energy - value) <= 1e-9 * value)  // the literals of the test have ten digits
  }

  @Test(
    "temperatures are K, and take energies by the Boltzmann constant",
    arguments: [("300", 0.025851999786), ("300 K", 0.025851999786), ("25 meV", 0.025), ("500 mK", 4.3086664e-5)])
  func temperatureUnits(text: String, value: Double) throws {
    let model = try ModelDocument.read(text: edited(singleLevel, "temperature: 300", "temperature: \(text)"))
    #expect(abs(model.points[0].temperatures[1] - value) <= 1e-7 * value)  // literals of eight digits
  }

  @Test("parameters with units keep their kind, and kB converts between them")
  func dimensions() throws {
    let text = edited(singleLevel, "temperature: 300", "temperature: {L: T, R: E/kB}") + "\nparameters: {T: 300 K, E: 25 meV}"
    let model = try ModelDocument.read(text: text)
    #expect(abs(model.points[0].temperatures[1] - 0.025) < 1e-15)  // rounding of one division and one product
    let mixed = edited(text, "R: E/kB", "R: E")
    expectFailure(mixed, .badExpression, at: "E}", mentions: ["'E', an energy (eV)", "state.temperature.R", "kB"])
    let sum = edited(text, "R: E/kB", "R: T + E")
    expectFailure(sum, .badExpression, at: "+ E", mentions: ["a temperature (K) combined with an energy (eV)"])
  }

  @Test("complex matrices, overlap and matrix broadenings are read")
  func matrices() throws {
    let text = """
      units: natural
      conductor:
        hamiltonian: [[1, 0.5-0.25i], ["(0.5, 0.25)", 2.0]]
        overlap: [[1.0, -0.1i], [0.1i, 1]]
        spin_degeneracy: 2
      electrodes:
        a: {kind: wide-band, orbitals: [1, 0], broadening: [[0.2, 0.1i], [-0.1i, 0.3]]}
        b: {kind: wide-band, broadening: [[0.2, 0], [0, 0.0]]}
        c: {kind: chain, orbital: 1, energy: 0, hopping: -1, coupling: 0.3}
        d: {kind: periodic, orbitals: [0], H00: [[0.0]], H01: [[-1.0]], S01: [[0.05]], coupling_hamiltonian: [[i]]}
      state: {chemical_potential: 0, temperature: 0}
      """
    let junction = try ModelDocument.read(text: text).junction
    #expect(junction.conductor.hamiltonian == Matrix([[Scalar(1, 0), Scalar(0.5, -0.25)], [Scalar(0.5, 0.25), Scalar(2, 0)]]))
    #expect(junction.conductor.overlap?[0, 1] == Scalar(0, -0.1))
    #expect(junction.conductor.spinDegeneracy == 2)
    let swapped = Matrix([[Scalar(0.3, 0), Scalar(0, -0.1)], [Scalar(0, 0.1), Scalar(0.2, 0)]])
    #expect(junction.electrodes[0].kind == .wideBand(broadening: swapped))
    #expect(junction.electrodes[1].kind == .wideBand(broadening: Matrix(diagonal: [0.2, 0])))
    #expect(junction.electrodes[2].kind == .chain(ChainLead(orbital: 1, energy: 0, hopping: -1, coupling: 0.3)))
    guard case .periodic(let lead) = junction.electrodes[3].kind else {
      Issue.record("not periodic")
      return
    }
    #expect(lead.couplingHamiltonian == Matrix([[Scalar(0, 1)]]) && lead.s00 == nil && lead.s01?[0, 0] == Scalar(0.05, 0))
  }

  @Test("a chain conductor, grids and logarithmic sweeps are read")
  func grids() throws {
    let text =
      edited(singleLevel, "{energies: [0.1]}", "{chain: {sites: 3, energy: 0.0, hopping: -1}}") + """

        parameters: {half: V/2}
        sweep: {V: {from: 1 mV, to: 1 V, points: 4, spacing: logarithmic}}
        compute: {observables: [transmission], energies: {from: -1, to: 1, points: 5}, frequencies: [10 meV]}
        """
    let model = try ModelDocument.read(text: edited(text, "chemical_potential: 0", "chemical_potential: {L: half, R: -half}"))
    #expect(model.junction.conductor == .chain(sites: 3, energy: 0, hopping: -1))
    #expect(model.settings.energies == [-1, -0.5, 0, 0.5, 1] && model.settings.frequencies == [0.01])
    for (value, expected) in zip(model.axes[0].values, [1e-3, 1e-2, 1e-1, 1]) { #expect(abs(value / expected - 1) < 1e-14) }
    #expect(model.points.chemicalPotentials[1][3] == -0.5)
  }

  @Test("key paths resolve to lines and columns, or to the nearest node that exists")
  func locations() throws {
    let model = try ModelDocument.read(text: doubleDot)
    let broadening = try #require(model.location(of: ["electrodes", "R", "broadening"]))
    #expect(broadening == place(of: "0.25}", in: doubleDot))
    let deeper = try #require(model.location(of: ["electrodes", "R", "self_energy", "0"]))
    #expect(deeper == place(of: "{kind: wide-band, orbitals: [1]", in: doubleDot))
    let error = model.located(SolverError(.unsuitableModel, at: .baths, "no damping"))
    #expect(error.description.hasPrefix("model.yaml:11:1: baths: found no damping"))
    #expect(error.exitCode == 65)
  }

  @Test("the hash is the SHA-256 of the text")
  func hash() throws {
    #expect(SHA256.hexadecimal(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.hexadecimal(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let million = String(repeating: "a", count: 1_000_000)
    #expect(SHA256.hexadecimal(of: million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(try ModelDocument.read(text: doubleDot).hash == SHA256.hexadecimal(of: doubleDot))
  }

  @Test("a model file on disk is read, and a missing one is named")
  func files() throws {
    try withTemporaryFolder { folder in
      try doubleDot.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
      #expect(try ModelDocument.read(file: folder + "/m.yaml").points.count == 21)
      #expect(throws: FileError(.cannotRead, in: folder + "/x.yaml", found: "no such file", allowed: "an existing model file")) {
        try ModelDocument.read(file: folder + "/x.yaml")
      }
      #expect(throws: FileError.self) { try ModelDocument.read(file: folder) }
    }
  }
}
