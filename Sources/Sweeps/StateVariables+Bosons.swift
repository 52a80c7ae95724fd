import JunctionModel
import TransportResults

extension StateVariable {
  /// The energy current of the second path, and how far it lies from the first.
  static let crossCheckVariables = [
    StateVariable(
      name: "cross_check_energy_current", dimensions: [], quantity: .power,
      longName: "energy current from electrons to bosons as the double integral of [07:A2], without pair baths",
      sign: "positive from the electrons to the bosons", field: .crossCheck),
    StateVariable(
      name: "cross_check_deviation", dimensions: [], quantity: .power,
      longName: "energy_current minus cross_check_energy_current; the error is that of both", sign: "", field: .crossDeviation),
  ]

  /// The variables of observables that belong to the bosons.
  static func bosonVariables(for observable: Observable) -> [StateVariable] {
    switch observable {
    case .bathParticleCurrent:
      return [
        StateVariable(
          name: "bath_particle_current", dimensions: ["bath"], quantity: .rate, longName: "bosons into each bath per time",
          sign: "positive into the bath", field: .bathParticles)
      ]
    case .reservoirEnergyCurrent:
      return [
        StateVariable(
          name: "reservoir_energy_current", dimensions: ["reservoir", "reservoir2"], quantity: .power,
          longName: "energy current between every two reservoirs, pair baths and boson baths",
          sign: "positive from reservoir to reservoir2", field: .reservoirEnergy)
      ]
    case .thermalConductance:
      return [
        StateVariable(
          name: "thermal_conductance", dimensions: ["bath", "bath2"], quantity: .entropyRate,
          longName: "derivative of the heat into bath with respect to the temperature of bath2, at fixed propagator",
          sign: "positive for heat that flows from bath2 to bath when bath2 is heated", field: .thermalConductance)
      ]
    case .modePopulationMatrix:
      return [
        StateVariable(
          name: "mode_population_matrix", dimensions: ["mode", "mode2"], quantity: .dimensionless,
          longName: "steady-state population matrix of the modes, int_0^inf dw/2pi 2w i D^<", sign: "",
          field: .populationMatrix)
      ]
    case .renormalizedEnergy:
      return [
        StateVariable(
          name: "renormalized_energy", dimensions: ["mode"], quantity: .energy,
          longName: "energy of each mode as its baths and, at level dressed, the electrons shift it", sign: "",
          field: .renormalizedEnergy)
      ]
    case .dampingRate:
      return [
        StateVariable(
          name: "damping_rate", dimensions: ["mode"], quantity: .energy,
          longName: "rate at which the population of each mode relaxes, times hbar", sign: "negative where the mode is unstable",
          field: .dampingRate)
      ]
    default:
      return [
        StateVariable(
          name: "quality_factor", dimensions: ["mode"], quantity: .dimensionless,
          longName: "energy of each mode over its damping rate", sign: "", field: .qualityFactor)
      ]
    }
  }
}
