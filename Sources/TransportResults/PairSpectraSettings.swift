/// What to compute of `GivenPairSpectra`.
package struct PairSpectraSettings: Sendable, Equatable {
  /// The quantities a user can ask for; raw values are the names in the model file and the result.
  package enum Observable: String, Sendable, CaseIterable {
    case modePopulation = "mode_population"
    case effectiveTemperature = "effective_temperature"
    case electronicDamping = "electronic_damping"
    case dampingRate = "damping_rate"
    case energyCurrent = "energy_current"
    case energyCurrentChannel = "energy_current_channel"
    case modePole = "mode_pole"

    /// What it brings into a result.
    package var quantities: [ResultQuantity] {
      switch self {
      case .modePopulation:
        return [
          ResultQuantity(
            rawValue, [.mode], .dimensionless, "steady-state population of each mode", symbol: "*N*", title: "Mode population",
            freedom: .ratio)
        ]
      case .effectiveTemperature:
        return [
          ResultQuantity(
            rawValue, [.mode], .temperature, "temperature at which the mode would have its population", symbol: "*T*_{eff}",
            title: "Effective temperature", freedom: .ratio)
        ]
      case .electronicDamping:
        return [
          ResultQuantity(
            rawValue, [.mode], .energy, "rate at which the electrons relax the population of each mode, times hbar",
            sign: "negative where the electrons pump the mode", symbol: "*γ*_{e}", title: "Electronic damping")
        ]
      case .dampingRate:
        return [
          ResultQuantity(
            rawValue, [.mode], .energy, "rate at which the population of each mode relaxes, times hbar",
            sign: "negative where the mode is unstable", symbol: "*γ*", title: "Damping rate")
        ]
      case .energyCurrent:
        return [
          ResultQuantity(
            rawValue, .power, "energy current from the electrons through the modes into their baths, at the steady populations",
            sign: "positive from electrons to bosons", symbol: "*J*", title: "Energy current", freedom: .ratio)
        ]
      case .energyCurrentChannel:
        return [
          ResultQuantity(
            rawValue, [.channel], .power, "net energy leaving each pair bath at the steady populations of the modes",
            sign: "positive out of the pair bath", symbol: "*J*", title: "Energy current", freedom: .ratio)
        ]
      case .modePole:
        return [
          ResultQuantity(
            "mode_pole_energy", [.mode], .energy,
            "energy of each coupled mode: real part of the pole w of D that moves the mode most", symbol: "*ħω*",
            title: "Mode energy"),
          ResultQuantity(
            "mode_pole_damping", [.mode], .energy, "rate at which each coupled mode relaxes, times hbar: -2 Im w",
            sign: "negative where it grows without end", symbol: "*γ*", title: "Damping rate"),
        ]
      }
    }
  }

  package var observables: [Observable]
  /// Relative.
  package var tolerance: Double

  package init(observables: [Observable] = [.modePopulation], tolerance: Double = 1e-8) {
    (self.observables, self.tolerance) = (observables, tolerance)
  }
}
