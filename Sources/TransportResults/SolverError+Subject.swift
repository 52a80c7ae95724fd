extension SolverError {
  /// What a failure is about, in the terms of physics. Whoever speaks to a user names it in that user's language: a model file by its key
  /// path, for example.
  package enum Subject: Sendable, Equatable, Codable {
    // What is wanted.
    case level
    case observables
    case tolerance
    case frequencies
    case energies
    /// The real part of the electrons' self-energy.
    case renormalization
    /// The second-order elastic correction.
    case elasticCorrection
    /// The energy current a second time, by the double integral.
    case crossCheck
    /// The time over which quanta are counted.
    case countingTime
    /// The largest number of quanta of a distribution.
    case largestQuanta
    /// The fields of a generating function.
    case countingFields
    /// The variable that conductances are derivatives with respect to.
    case voltage
    case rectification
    /// The variable whose rectification is wanted, and the axis it is wanted over.
    case rectifiedVariable
    case rectificationAxis
    /// Sweep variables over which results are averaged.
    case averages
    /// The share of a spectrum that may lie outside the tables.
    case missingSpectrum
    /// All that is wanted together.
    case settings
    /// Threads.
    case workers

    // The states.
    case states
    /// Of a reservoir or body, nil for all.
    case temperature(of: String?)
    /// Of a reservoir, nil for all.
    case chemicalPotential(of: String?)
    /// Of all bodies.
    case bias
    case gap
    /// The axes of a sweep, or one of them.
    case sweep(String?)

    // The model.
    case conductor
    case electrodes
    case electrode(String)
    case bosons
    case gyration
    /// Modes that are left out.
    case projectedModes
    case couplingConvention
    case baths
    case bath(String)
    case friction(ofBath: String)
    case transmissions
    case transmission(from: String, to: String)
    /// Energies where transmissions have kinks.
    case transmissionKinks
    case body(String)
    case layers(ofBody: String)
    case materials
    /// A part of the model as `ModelError` names it.
    case model([String])
  }
}

extension SolverError.Subject {
  /// Words for it, as a library's user knows it.
  package var words: String {
    switch self {
    case .level: "level of theory"
    case .observables: "observables"
    case .tolerance: "tolerance"
    case .frequencies: "frequencies"
    case .energies: "energies"
    case .renormalization: "renormalization"
    case .elasticCorrection: "elastic correction"
    case .crossCheck: "cross check"
    case .countingTime: "counting time"
    case .largestQuanta: "largest number of quanta"
    case .countingFields: "counting fields"
    case .voltage: "voltage"
    case .rectification, .rectifiedVariable, .rectificationAxis: "rectification"
    case .averages: "averages"
    case .missingSpectrum: "allowed missing share of the spectrum"
    case .settings: "settings"
    case .workers: "workers"
    case .states: "states"
    case .temperature(let name): "temperature" + Self.of(name)
    case .chemicalPotential(let name): "chemical potential" + Self.of(name)
    case .bias: "bias"
    case .gap: "gap"
    case .sweep(let axis): axis.map { "sweep of \($0)" } ?? "sweep"
    default: modelWords
    }
  }

  private var modelWords: String {
    switch self {
    case .conductor: "conductor"
    case .electrodes: "electrodes"
    case .electrode(let name): "electrode \(name)"
    case .bosons: "bosons"
    case .gyration: "gyration of the bosons"
    case .projectedModes: "modes left out"
    case .couplingConvention: "convention of the coupling"
    case .baths: "baths"
    case .bath(let name): "bath \(name)"
    case .friction(let name): "friction of bath \(name)"
    case .transmissions: "transmissions"
    case .transmission(let from, let to): "transmission \(from)>\(to)"
    case .transmissionKinks: "kinks of the transmissions"
    case .body(let name): "body \(name)"
    case .layers(let name): "layers of body \(name)"
    case .materials: "materials"
    case .model(let path): path.joined(separator: ".")
    default: ""
    }
  }

  private static func of(_ name: String?) -> String { name.map { " of \($0)" } ?? "" }
}
