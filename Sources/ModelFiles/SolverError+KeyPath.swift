import TransportResults

extension SolverError.Subject {
  /// Where a model file says it, in the words of the file; empty for what no file says.
  package var keyPath: [String] {
    switch self {
    case .level: compute("level")
    case .observables: compute("observables")
    case .tolerance: compute("tolerance")
    case .frequencies: compute("frequencies")
    case .energies: compute("energies")
    case .renormalization: compute("renormalization")
    case .elasticCorrection: compute("elastic_correction")
    case .crossCheck: compute("cross_check")
    case .countingTime: compute("counting_time")
    case .largestQuanta: compute("quanta")
    case .voltage: compute("voltage")
    case .rectification: compute("rectification")
    case .rectifiedVariable: compute("rectification", "of")
    case .rectificationAxis: compute("rectification", "over")
    case .averages: compute("average")
    case .missingSpectrum: compute("missing_spectrum")
    case .settings: compute()
    case .countingFields, .workers: []
    default: partKeyPath
    }
  }

  /// The same for states and parts of the model.
  private var partKeyPath: [String] {
    switch self {
    case .states: ["state"]
    case .temperature(let name): ["state", "temperature"] + (name.map { [$0] } ?? [])
    case .chemicalPotential(let name): ["state", "chemical_potential"] + (name.map { [$0] } ?? [])
    case .bias: ["state", "bias"]
    case .gap: ["state", "gap"]
    case .sweep(let axis): ["sweep"] + (axis.map { [$0] } ?? [])
    case .conductor: ["conductor"]
    case .electrodes: ["electrodes"]
    case .electrode(let name): ["electrodes", name]
    case .bosons: ["bosons"]
    case .gyration: ["bosons", "gyration"]
    case .projectedModes: ["bosons", "project_out"]
    case .couplingConvention: ["coupling", "convention"]
    case .baths: ["baths"]
    case .bath(let name): ["baths", name]
    case .friction(let name): ["baths", name, "friction"]
    case .transmissions: ["terminals", "transmission"]
    case .transmission(let from, let to): ["terminals", "transmission", "\(from)>\(to)"]
    case .transmissionKinks: ["terminals", "breakpoints"]
    case .body(let name): ["bodies", name]
    case .layers(let name): ["bodies", name, "layers"]
    case .materials: ["materials"]
    case .model(let path): path
    default: []
    }
  }

  private func compute(_ keys: String...) -> [String] { ["compute"] + keys }

  /// Its key path as text, or words where no file says it.
  package var modelName: String { keyPath.isEmpty ? words : keyPath.joined(separator: ".") }
}

extension SolverError {
  /// Where the model file says what the failure is about; empty where it does not.
  package var keyPath: [String] { subject?.keyPath ?? [] }
}
