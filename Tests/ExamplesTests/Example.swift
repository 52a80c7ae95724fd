import Foundation
import Pairbath
import Synchronization
import Testing

/// One folder of Examples: its model, its key numbers and its README.
final class Example: Sendable, CustomTestStringConvertible {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples")

  static let rectification = Example("double-dot-rectification")
  static let thermoelectric = Example("double-dot-thermoelectric")
  static let cooling = Example("double-dot-cooling")
  static let flatBand = Example("flat-band")
  static let benzenedithiol = Example("benzenedithiol")
  static let sodiumHydrogen = Example("sodium-hydrogen")
  static let fourElectrodes = Example("four-electrodes")

  static let phononConductance = Example("phonon-conductance", obeysAllLaws: false)
  static let fourTerminalChain = Example("four-terminal-chain", obeysAllLaws: false)
  static let localHeating = Example("local-heating", obeysAllLaws: false)
  static let heatCurrentMap = Example("heat-current-map", obeysAllLaws: false)
  static let instability = Example("vibrational-instability", obeysAllLaws: false)
  static let coolingWindow = Example("cooling-window", obeysAllLaws: false)
  static let heatEngine = Example("heat-engine", obeysAllLaws: false)
  static let iets = Example("iets", obeysAllLaws: false)

  static let heatStatistics = Example("heat-statistics", obeysAllLaws: false)
  static let stmLuminescence = Example("stm-luminescence", obeysAllLaws: false)
  static let overbiasLight = Example("overbias-light", obeysAllLaws: false)
  static let hotSpotColdSpot = Example("hot-spot-cold-spot")
  static let unequalElectrodes = Example("unequal-electrodes")

  static let photonDiode = Example("photon-diode", obeysAllLaws: false)
  static let photonDrag = Example("photon-drag", obeysAllLaws: false)
  static let thermalHallPhotons = Example("thermal-hall-photons", obeysAllLaws: false)

  static let nearField = Example("near-field-sic", obeysAllLaws: false)
  static let photonicCooling = Example("photonic-cooling", obeysAllLaws: false)
  static let negativeLuminescence = Example("negative-luminescence", obeysAllLaws: false)
  static let thermoradiativeCell = Example("thermoradiative-cell", obeysAllLaws: false)

  static let longRibbon = Example("long-ribbon", obeysAllLaws: false)

  static let stabilityDiagram = Example("stability-diagram", obeysAllLaws: false)
  static let gateCooling = Example("gate-cooling", obeysAllLaws: false)
  static let graphene = Example("graphene-k", obeysAllLaws: false)
  static let voltageProfile = Example("voltage-profile", obeysAllLaws: false)
  static let spinValve = Example("spin-valve", obeysAllLaws: false)
  static let ensemble = Example("ensemble", obeysAllLaws: false)
  static let hydrogenFromPython = Example("python-hydrogen-sodium")

  static let all = [
    rectification, thermoelectric, cooling, flatBand, benzenedithiol, sodiumHydrogen, fourElectrodes, phononConductance,
    fourTerminalChain, localHeating, heatCurrentMap, instability, heatStatistics, hotSpotColdSpot, unequalElectrodes,
    coolingWindow, heatEngine, iets, photonDiode, photonDrag, thermalHallPhotons, stmLuminescence, overbiasLight,
    nearField, photonicCooling, negativeLuminescence, thermoradiativeCell, longRibbon, stabilityDiagram, gateCooling,
    voltageProfile, spinValve, graphene,
    ensemble, hydrogenFromPython,
  ]

  /// All that runs in reasonable time: 34 kernels of 204 orbitals take minutes without optimisation.
  static var affordable: [Example] {
    #if DEBUG
      return all.filter { $0 !== benzenedithiol && $0 !== localHeating && $0 !== iets && $0 !== longRibbon }
    #else
      return all
    #endif
  }

  /// Those whose test computes everything the laws are checked with, in every state.
  static var lawful: [Example] { affordable.filter(\.obeysAllLaws) }

  var isAffordable: Bool { Self.affordable.contains { $0 === self } }

  /// Everything the laws of physics are checked with.
  private static let observables = """
    compute.observables=[energy_current, bath_energy_current, charge_current, electrode_heat_current, \
    entropy_production, mode_population, effective_temperature]
    """

  let name: String
  private let computed = Mutex<TransportResult?>(nil)

  /// False for bosons alone, states without a steady state, and observables that only the example itself has.
  private let obeysAllLaws: Bool

  private init(_ name: String, obeysAllLaws: Bool = true) {
    self.name = name
    self.obeysAllLaws = obeysAllLaws
  }

  var testDescription: String { name }

  var folder: URL { Self.root.appending(path: name) }

  func path(of file: String) -> String { folder.appending(path: file).path }

  func readme() throws -> String { try String(contentsOfFile: path(of: "README.md"), encoding: .utf8) }

  func expected() throws -> ExpectedNumbers {
    try JSONDecoder().decode(ExpectedNumbers.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  func model(_ overrides: [String] = []) throws -> ModelDocument {
    try ModelDocument.read(file: path(of: "model.yaml"), overrides: overrides)
  }

  /// The result of the model with the overrides of `expected.json`, computed once.
  func result() throws -> TransportResult {
    try computed.withLock { known in
      if let known { return known }
      let overrides = try expected().overrides + (obeysAllLaws ? [Self.observables] : [])
      let result = try ModelFile.read(file: path(of: "model.yaml"), overrides: overrides).run()
      known = result
      return result
    }
  }

  /// Runs a model through the library, as the command does.
  static func run(_ model: ModelDocument) throws -> TransportResult {
    try SweepRunner().run(SweepRequest(model))
  }
}

/// Key numbers of an example.
struct ExpectedNumbers: Decodable {
  struct Number: Decodable {
    let variable: String
    /// Values of the sweep axes.
    let at: [String: Double]
    /// Labels by dimension, for example electrode: L, mode: 29.
    let labels: [String: String]
    let value: Double
  }

  /// Changes to the model for the test, as behind `--set`.
  let overrides: [String]
  /// Relative.
  let tolerance: Double
  /// Where the tolerance comes from.
  let reason: String
  let numbers: [Number]
}
