import TransportResults

extension ObservableDefinition {
  package static let renormalizedEnergy = ObservableDefinition(
    needs: .poles,
    [
      StateReading(
        ResultQuantity(
          "renormalized_energy", [.mode], .energy,
          "energy of each mode as its baths and, at level dressed, the electrons shift it", symbol: "*ħω*", title: "Mode energy")
      ) { $0.renormalizedEnergy[$1] }
    ])

  package static let dampingRate = ObservableDefinition(
    needs: .poles,
    [
      StateReading(
        ResultQuantity(
          "damping_rate", [.mode], .energy, "rate at which the population of each mode relaxes, times hbar",
          sign: "negative where the mode is unstable", symbol: "*γ*", title: "Damping rate")
      ) { $0.dampingRate[$1] }
    ])

  package static let qualityFactor = ObservableDefinition(
    needs: .poles,
    [
      StateReading(
        ResultQuantity(
          "quality_factor", [.mode], .dimensionless, "energy of each mode over its damping rate", symbol: "*Q*",
          title: "Quality factor", freedom: .ratio)
      ) { $0.qualityFactor[$1] }
    ])
}
