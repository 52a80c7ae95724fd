import TransportResults

extension ObservableDefinition {
  package static let modePopulation = ObservableDefinition(
    needs: .populations,
    [
      StateReading(
        ResultQuantity(
          "mode_population", [.mode], .dimensionless, "steady-state population of each mode", symbol: "*N*",
          title: "Mode population", freedom: .ratio)
      ) { $0.population[$1] }
    ])

  package static let modePopulationMatrix = ObservableDefinition(
    needs: [.populations, .matrices],
    [
      StateReading(
        ResultQuantity(
          "mode_population_matrix", [.mode, .mode2], .dimensionless,
          "steady-state population matrix of the modes, int_0^inf dw/2pi 2w i D^<", symbol: "*N*", title: "Population matrix",
          freedom: .ratio, isComplex: true)
      ) { $0.populationMatrix[$1] }
    ])

  package static let effectiveTemperature = ObservableDefinition(
    needs: .populations,
    [
      StateReading(
        ResultQuantity(
          "effective_temperature", [.mode], .temperature, "temperature at which the mode would have its population",
          symbol: "*T*_{eff}", title: "Effective temperature", freedom: .ratio)
      ) { $0.effectiveTemperature[$1] }
    ])

  package static let effectiveChemicalPotential = ObservableDefinition(
    needs: .populations,
    [
      StateReading(
        ResultQuantity(
          "effective_chemical_potential", [.mode], .energy,
          "chemical potential that gives the mode its population at the mean electrode temperature", symbol: "*μ*_{eff}",
          title: "Chemical potential", freedom: .ratio)
      ) { $0.effectiveChemicalPotential[$1] }
    ])

  /// The pair density of states of every channel at every mode energy, for the picture of the pair baths.
  package static let modePairDensity = ResultQuantity(
    "mode_pair_density", [.channel, .mode], .spectrum,
    "pair density of states of each channel at each mode energy, over twice the mode energy",
    sign: "absorption minus emission", symbol: "Λ", title: "Pair density")
}
