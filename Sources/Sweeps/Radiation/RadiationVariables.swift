import RadiativeTransfer

extension RadiationObservable {
  /// Dimensions before those of the sweep.
  var dimensions: [String] {
    switch self {
    case .energyFlux, .photonFlux, .efficiency, .entropyProduction: return []
    case .energyFluxPart: return ["polarization", "zone"]
    case .energyFluxSpectrum: return ["frequency"]
    case .energyFluxPartSpectrum: return ["polarization", "zone", "frequency"]
    case .photocurrent, .electricalPower, .heatFlux, .heatTransferCoefficient, .emissivity: return ["body"]
    }
  }

  /// Unit in UDUNITS spelling.
  var unit: String {
    switch self {
    case .energyFlux, .energyFluxPart, .electricalPower, .heatFlux: return "W m-2"
    case .energyFluxSpectrum, .energyFluxPartSpectrum: return "W m-2 eV-1"
    case .photonFlux: return "m-2 s-1"
    case .photocurrent: return "A m-2"
    case .entropyProduction, .heatTransferCoefficient: return "W m-2 K-1"
    case .efficiency, .emissivity: return "1"
    }
  }

  /// What it is, in words.
  var longName: String {
    switch self {
    case .energyFlux: return "net radiative energy flux per area"
    case .energyFluxPart: return "net radiative energy flux per area, by polarisation and zone"
    case .energyFluxSpectrum: return "net radiative energy flux per area and photon energy"
    case .energyFluxPartSpectrum: return "net radiative energy flux per area and photon energy, by polarisation and zone"
    case .photonFlux: return "net photons per area and time"
    case .photocurrent: return "ideal photocurrent density: e times the net interband photons a body absorbs"
    case .electricalPower: return "electrical power per area that each body delivers, bias times photocurrent"
    case .heatFlux: return "heat per area and time taken from the reservoir of each body, electrical work counted"
    case .efficiency: return "electrical power of both bodies over the heat taken from the hotter one"
    case .entropyProduction: return "entropy production per area"
    case .heatTransferCoefficient:
      return "heat transfer coefficient dq/dT at the temperature of each body, both at it and unbiased"
    case .emissivity: return "hemispherical total emissivity of each body at its temperature, against vacuum"
    }
  }

  /// What a positive number means; `first` and `second` are the bodies' names.
  func sign(_ first: String, _ second: String) -> String {
    switch self {
    case .energyFlux, .energyFluxPart, .energyFluxSpectrum, .energyFluxPartSpectrum, .photonFlux:
      return "positive from \(first) to \(second)"
    case .photocurrent: return "positive when the body absorbs more than it emits"
    case .electricalPower: return "positive when the body delivers electrical power"
    case .heatFlux: return "positive when heat leaves the body's reservoir: the body is cooled"
    case .efficiency: return "NaN where no electrical power is delivered or no heat comes from the hotter body"
    case .entropyProduction: return "never negative"
    case .heatTransferCoefficient, .emissivity: return ""
    }
  }
}
