import TransportResults

extension ObservableDefinition {
  /// The energy current of the second path, and how far it lies from the first.
  package static let crossCheck = ObservableDefinition(
    needs: .bosonCurrents,
    [
      StateReading(
        ResultQuantity(
          "cross_check_energy_current", .power,
          "energy current from electrons to bosons as the double integral of [07:A2], without pair baths",
          sign: "positive from the electrons to the bosons", symbol: "*J*", title: "Energy current, double integral")
      ) { currents, _ in currents.crossCheck },
      StateReading(
        ResultQuantity(
          "cross_check_deviation", .power, "energy_current minus cross_check_energy_current; the error is that of both",
          symbol: "Δ*J*", title: "Deviation")
      ) { currents, _ in
        Estimate(
          currents.energyCurrent.value - currents.crossCheck.value,
          error: currents.energyCurrent.error + currents.crossCheck.error)
      },
    ])
}
