import TransportResults

extension ResultQuantity {
  package static let bathEnergyCurrent = ResultQuantity(
    "bath_energy_current", [.bath], .power,
    "energy current into each boson bath, from the electrons and from the other baths",
    sign: "positive into the bath", symbol: "*J*", title: "Energy current")
}

extension ObservableDefinition {
  /// J with its parts by channel and by bath.
  package static let energyCurrent = ObservableDefinition(
    needs: .bosonCurrents,
    [
      StateReading(
        ResultQuantity(
          "energy_current", .power, "energy current from electrons to bosons",
          sign: "positive from the electrons to the bosons", symbol: "*J*", title: "Energy current")
      ) { currents, _ in currents.energyCurrent }
    ] + energyCurrentChannel.stateReadings + bathEnergyCurrent.stateReadings)

  package static let energyCurrentChannel = ObservableDefinition(
    needs: .bosonCurrents,
    [
      StateReading(
        ResultQuantity(
          "energy_current_channel", [.channel], .power, "energy current of each electron-hole pair bath",
          sign: "positive for net energy leaving the pair bath", symbol: "*J*", title: "Energy current", freedom: .unbounded)
      ) { $0.channelEnergy[$1] }
    ])

  package static let bathEnergyCurrent = ObservableDefinition(
    needs: .bosonCurrents,
    [
      StateReading(.bathEnergyCurrent) { $0.bathEnergy[$1] }
    ])

  package static let bathParticleCurrent = ObservableDefinition(
    needs: .bosonCurrents,
    [
      StateReading(
        ResultQuantity(
          "bath_particle_current", [.bath], .rate, "bosons into each bath per time", sign: "positive into the bath",
          symbol: "*I*", title: "Boson current", freedom: .unbounded)
      ) { $0.bathParticles[$1] }
    ])

  package static let reservoirEnergyCurrent = ObservableDefinition(
    needs: [.bosonCurrents, .exchange],
    [
      StateReading(
        ResultQuantity(
          "reservoir_energy_current", [.reservoir, .reservoir2], .power,
          "energy current between every two reservoirs, pair baths and boson baths",
          sign: "positive from reservoir to reservoir2", symbol: "*J*", title: "Energy current")
      ) { $0.reservoirEnergy[$1] }
    ])

  package static let thermalConductance = ObservableDefinition(
    needs: [.bosonCurrents, .thermalConductance],
    [
      StateReading(
        ResultQuantity(
          "thermal_conductance", [.bath, .bath2], .entropyRate,
          "derivative of the heat into bath with respect to the temperature of bath2, at fixed propagator",
          sign: "positive for heat that flows from bath2 to bath when bath2 is heated", symbol: "*κ*",
          title: "Thermal conductance")
      ) { $0.thermalConductance[$1] }
    ])

  package static let entropyProduction = ObservableDefinition(
    needs: [.bosonCurrents, .elasticCurrents],
    [
      StateReading(
        ResultQuantity(
          "entropy_production", .entropyRate, "entropy production", sign: "never negative", symbol: "d*S*/d*t*",
          title: "Entropy production", freedom: .unbounded)
      ) { currents, _ in currents.entropyProduction }
    ])
}
