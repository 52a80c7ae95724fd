import RadiativeTransfer
import TransportResults

extension RadiationObservable {
  /// What the observable brings into a result of two bodies that have no names.
  package var quantity: ResultQuantity { quantity("the first body", "the second") }

  /// What the observable brings into a result; `first` and `second` are the bodies' names.
  package func quantity(_ first: String, _ second: String) -> ResultQuantity {
    let flow = "positive from \(first) to \(second)"
    switch self {
    case .energyFlux:
      return ResultQuantity(
        rawValue, .powerPerArea, "net radiative energy flux per area", sign: flow, symbol: "*q*", title: "Energy flux")
    case .energyFluxPart:
      return ResultQuantity(
        rawValue, [.polarization, .zone], .powerPerArea, "net radiative energy flux per area, by polarisation and zone",
        sign: flow, symbol: "*q*", title: "Energy flux")
    case .energyFluxSpectrum:
      return ResultQuantity(
        rawValue, [.frequency], .powerSpectrumPerArea, "net radiative energy flux per area and photon energy", sign: flow,
        symbol: "*q_{ω}*", title: "Spectral energy flux")
    case .energyFluxPartSpectrum:
      return ResultQuantity(
        rawValue, [.polarization, .zone, .frequency], .powerSpectrumPerArea,
        "net radiative energy flux per area and photon energy, by polarisation and zone", sign: flow, symbol: "*q_{ω}*",
        title: "Spectral energy flux")
    case .photonFlux:
      return ResultQuantity(
        rawValue, .ratePerArea, "net photons per area and time", sign: flow, title: "Photon flux", freedom: .unbounded)
    case .photocurrent:
      return ResultQuantity(
        rawValue, [.body], .chargeCurrentPerArea,
        "ideal photocurrent density: e times the net interband photons a body absorbs",
        sign: "positive when the body absorbs more than it emits", symbol: "*j*", title: "Photocurrent")
    case .electricalPower:
      return ResultQuantity(
        rawValue, [.body], .powerPerArea, "electrical power per area that each body delivers, bias times photocurrent",
        sign: "positive when the body delivers electrical power", symbol: "*P*", title: "Electrical power")
    case .heatFlux:
      return ResultQuantity(
        rawValue, [.body], .powerPerArea,
        "heat per area and time taken from the reservoir of each body, electrical work counted",
        sign: "positive when heat leaves the body's reservoir: the body is cooled", symbol: "*Q*", title: "Heat flux")
    case .efficiency:
      return ResultQuantity(
        rawValue, .dimensionless, "electrical power of both bodies over the heat taken from the hotter one",
        sign: "NaN where no electrical power is delivered or no heat comes from the hotter body", symbol: "η",
        title: "Efficiency", freedom: .ratio)
    case .entropyProduction:
      return ResultQuantity(
        rawValue, .entropyRatePerArea, "entropy production per area", sign: "never negative", symbol: "d*S*/d*t*",
        title: "Entropy production", freedom: .unbounded)
    case .heatTransferCoefficient:
      return ResultQuantity(
        rawValue, [.body], .entropyRatePerArea,
        "heat transfer coefficient dq/dT at the temperature of each body, both at it and unbiased", symbol: "*h*",
        title: "Heat transfer coefficient")
    case .emissivity:
      return ResultQuantity(
        rawValue, [.body], .dimensionless, "hemispherical total emissivity of each body at its temperature, against vacuum",
        symbol: "ε", title: "Emissivity", freedom: .ratio)
    }
  }
}
