import TerminalTransport
import TransportResults

extension TerminalSettings.Observable {
  /// What the observable brings into a result.
  package var quantity: ResultQuantity {
    switch self {
    case .bathEnergyCurrent:
      return ResultQuantity(
        rawValue, [.bath], .power, "energy current into each bath", sign: "positive into the bath", symbol: "*J*",
        title: "Energy current")
    case .bathParticleCurrent:
      return ResultQuantity(
        rawValue, [.bath], .rate, "particles into each bath per time", sign: "positive into the bath", symbol: "*I*",
        title: "Boson current", freedom: .unbounded)
    case .bathHeatCurrent:
      return ResultQuantity(
        rawValue, [.bath], .power, "heat into each bath: energy less its chemical potential per particle",
        sign: "positive into the bath", symbol: "*Q*", title: "Heat current")
    case .chargeCurrent:
      return ResultQuantity(
        rawValue, [.bath], .chargeCurrent, "charge current of each bath", sign: "e times electrons leaving the bath per time",
        symbol: "*I*", title: "Current")
    case .entropyProduction:
      return ResultQuantity(
        rawValue, .entropyRate, "entropy production", sign: "never negative", symbol: "d*S*/d*t*", title: "Entropy production",
        freedom: .unbounded)
    case .thermalConductance:
      return ResultQuantity(
        rawValue, [.bath, .bath2], .entropyRate, "derivative of the heat into bath with respect to the temperature of bath2",
        sign: "positive into bath", symbol: "*κ*", title: "Thermal conductance")
    case .transmissionFunction:
      return ResultQuantity(
        rawValue, [.bath, .bath2, .frequency], .dimensionless, "transmission from bath2 to bath, as given", symbol: "*τ*",
        title: "Transmission")
    case .bathEnergyCurrentSpectrum:
      return ResultQuantity(
        rawValue, [.bath, .frequency], .powerSpectrum, "energy current into each bath per unit energy",
        sign: "positive into the bath", symbol: "d*J*/dħ*ω*", title: "Power spectrum")
    }
  }
}
