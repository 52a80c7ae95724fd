import DataFiles
import Pairbath
import PairbathCommandSupport

/// What a page needs to know of a model, as JSON.
struct ModelDescription {
  private let explored: ExploredModel
  private let revision: Int
  private let error: FailureReport?
  private let probe: SearchedModel

  init(_ explored: ExploredModel, revision: Int, error: FailureReport?) {
    (self.explored, self.revision, self.error) = (explored, revision, error)
    probe = Self.probed(explored)
  }

  /// The levels at which a model can be computed.
  static func levels(of model: ModelFile) -> [String] {
    switch model {
    case .junction: ComputeSettings.Level.allCases.map(\.rawValue)
    case .pairSpectra, .terminals, .bodies: []
    }
  }

  var json: String {
    let model = explored.model
    let units = model.header.units
    let result = SearchedModel(model).emptyResult
    let names = Set(SearchedModel(model).catalogue.flatMap { $0.quantity.dimensions.map(\.name) }).subtracting(["cumulant", "ri"])
    let dimensions = names.sorted().compactMap { result.dimension($0) }.filter { !$0.isNumeric && $0.count > 0 }
    return JSONObject([
      ("revision", "\(revision)"), ("version", JSONText.string(PairbathVersion.current)),
      ("title", JSONText.string(model.header.title)), ("file", JSONText.string(explored.parsed.file)),
      ("kind", JSONText.string(model.kind)), ("units", JSONText.string(units.rawValue)),
      ("energyUnit", JSONText.string(units.label(of: .energy))),
      ("temperatureUnit", JSONText.string(units.label(of: .temperature))),
      ("boltzmann", JSONText.number(units.outputFactor(of: .energy) / units.outputFactor(of: .temperature))),
      ("levels", JSONText.strings(Self.levels(of: model))),
      ("level", Self.levels(of: model).isEmpty ? "null" : JSONText.string(result.level)),
      ("tolerance", JSONText.number(model.computation.tolerance)),
      ("variables", JSONObject.list(explored.variables.map(\.json))),
      ("fixed", JSONObject.list(fixed)), ("observables", JSONObject.list(observables)),
      ("labels", JSONObject(dimensions.map { ($0.name, JSONText.strings($0.labels())) }).text),
      ("modeEnergies", JSONText.coordinates(result.modeEnergies)),
      ("frequencies", grid(result.frequencies)), ("energies", grid(result.energies)),
      ("error", error?.json ?? "null"),
    ]).text
  }

  private var fixed: [String] {
    explored.model.header.parameterTexts.map {
      JSONObject([("name", JSONText.string($0.name)), ("text", JSONText.string($0.text))]).text
    }
  }

  /// What the model itself asks for.
  private var wanted: [String] {
    switch explored.model {
    case .junction(let document): document.settings.observables.map(\.rawValue)
    case .bodies(let document): document.settings.observables.map(\.rawValue)
    case .terminals(let document): document.settings.observables.map(\.rawValue)
    case .pairSpectra(let document): document.settings.observables.map(\.rawValue)
    }
  }

  private var observables: [String] {
    let model = explored.model
    let wanted = Set(self.wanted)
    return SearchedModel(model).catalogue.filter { isPossible($0.wanted) }.map { number in
      let quantity = number.quantity
      return JSONObject([
        ("observable", JSONText.string(number.wanted.word)), ("name", JSONText.string(quantity.name)),
        ("title", JSONText.string(quantity.title)), ("words", JSONText.string(quantity.words)),
        ("unit", JSONText.string(model.header.units.label(of: quantity.quantity))),
        ("dimensions", JSONText.strings(quantity.dimensions.map(\.name))), ("inModel", "\(wanted.contains(number.wanted.word))"),
        ("flags", JSONText.strings(quantity.flagMeanings)),
      ]).text
    }
  }

  /// The model with energies and frequencies, whether it asks for spectra or not.
  private static func probed(_ explored: ExploredModel) -> SearchedModel {
    let grids = ["compute.frequencies=[1.0]", "compute.energies=[0.0]"]
    return SearchedModel((try? explored.changed(grids, tolerance: nil)) ?? explored.model)
  }

  /// False for what the model lacks something for, whatever the level: populations without bosons, for example.
  private func isPossible(_ wanted: SearchedModel.Wanted) -> Bool {
    do throws(SolverError) {
      try probe.computing([wanted]).computation.check(for: SweepRunner())
      return true
    } catch { return error.keyPath != ["compute", "observables"] }
  }

  private func grid(_ values: [Double]) -> String {
    guard let first = values.min(), let last = values.max(), last > first else { return "null" }
    return JSONObject([("from", JSONText.number(first)), ("to", JSONText.number(last))]).text
  }
}
