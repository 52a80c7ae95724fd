/// What a result says about the states themselves, so that it explains itself; nothing of it has an error estimate.
extension ResultQuantity {
  package static let chemicalPotential = ResultQuantity(
    "chemical_potential", [.electrode], .energy, "chemical potential of each electrode", symbol: "*μ*",
    title: "Chemical potential")

  package static let temperature = ResultQuantity(
    "temperature", [.electrode], .temperature, "temperature of each electrode", symbol: "*T*", title: "Temperature")

  package static let bathTemperature = ResultQuantity(
    "bath_temperature", [.bath], .temperature, "temperature of each boson bath", symbol: "*T*", title: "Temperature")

  package static let bathChemicalPotential = ResultQuantity(
    "bath_chemical_potential", [.bath], .energy, "chemical potential of each boson bath", symbol: "*μ*",
    title: "Chemical potential")

  /// The temperatures of two radiating bodies: the name of the electrodes', over another dimension.
  package static let bodyTemperature = ResultQuantity(
    "temperature", [.body], .temperature, "temperature of each body", symbol: "*T*", title: "Temperature")

  package static let bias = ResultQuantity(
    "bias", [.body], .voltage, "bias of each body; its interband photons have the chemical potential e times it", symbol: "*V*",
    title: "Bias")

  package static let gap = ResultQuantity(
    "gap", .length, "width of the vacuum gap; infinite for the far field", symbol: "*d*", title: "Gap")

  /// The states of every kind of model: what tables and figures leave out unless somebody asks for it.
  package static let ofStates = [
    chemicalPotential, temperature, bathTemperature, bathChemicalPotential, bodyTemperature, bias, gap,
  ]

  package static let stable = ResultQuantity(
    "stable", .dimensionless, "1 where a steady state exists, 0 where the electrons pump a mode faster than it is damped",
    title: "Steady state")

  /// The coordinate variable of dimension `mode`.
  package static let modeEnergy = ResultQuantity(
    "mode_energy", [.mode], .energy, "mode energy", symbol: "*ħω*", title: "Mode energy")

  package static let criticalEnergy = ResultQuantity(
    "critical_energy", [.instability], .energy, "energy of the mode that becomes unstable", symbol: "*ħω*", title: "Mode energy")

  package static let criticalModeShape = ResultQuantity(
    "critical_mode_shape", [.instability, .mode], .dimensionless,
    "shape of the mode that becomes unstable, amplitudes of the normal modes", title: "Mode shape", isComplex: true)

  /// Name of the variable with the values of a sweep axis where a steady state is lost.
  package static func criticalName(ofAxis axis: String) -> String { "critical_" + axis }

  /// R = (X(x) + X(-x))/(X(x) - X(-x)) of a variable over an axis: its name, words and freedom.
  package static func rectification(of variable: String, over axis: String) -> ResultQuantity {
    ResultQuantity(
      variable + rectificationSuffix, .dimensionless,
      "rectification ratio (X(x)+X(-x))/(X(x)-X(-x)) of \(variable) over x = \(axis)",
      sign: "positive where the modulus is larger at x than at -x", title: "Rectification", freedom: .ratio)
  }

  /// How names of rectification ratios end.
  package static let rectificationSuffix = "_rectification"
}
