import TransportResults

extension ObservableDefinition {
  /// Bosons that the electrons create in each mode per time, E (N + 1)/2W with the steady-state population N of Theory.md section 5,
  /// by channel and in all.
  package static let emissionRate = ObservableDefinition(
    needs: [.populations, .modeRates],
    pair(
      "emission_rate", "bosons that the electrons create in each mode per time, stimulated emission included", symbol: "*R*_{em}",
      title: "Emission rate"
    ) { currents, channel, mode in
      let (rate, n) = (currents.modeEmission[channel * currents.modes + mode], currents.population[mode])
      return rate.times(Estimate(n.value + 1, error: n.error))
    })

  /// Bosons that the electrons take from each mode per time, B N/2W.
  package static let absorptionRate = ObservableDefinition(
    needs: [.populations, .modeRates],
    pair(
      "absorption_rate", "bosons that the electrons take from each mode per time", symbol: "*R*_{abs}", title: "Absorption rate"
    ) { currents, channel, mode in
      currents.modeAbsorption[channel * currents.modes + mode].times(currents.population[mode])
    })

  /// The rate at which the electrons alone relax the population of each mode, (B - E)/2W = sum_ab L^ab/2W: as energy and per time.
  package static let electronicDamping = ObservableDefinition(
    needs: .modeRates,
    [
      StateReading(
        ResultQuantity(
          "electronic_damping", [.mode], .energy, "rate at which the electrons relax the population of each mode, times hbar",
          sign: "negative where the electrons pump the mode", symbol: "*γ*_{e}", title: "Electronic damping")
      ) { damping($0, $1) },
      StateReading(
        ResultQuantity(
          "electronic_damping_rate", [.mode], .rate, "rate at which the electrons relax the population of each mode",
          sign: "negative where the electrons pump the mode", symbol: "*γ*_{e}", title: "Electronic damping")
      ) { damping($0, $1) },
    ])

  private static func damping(_ currents: borrowing StateCurrents, _ mode: Int) -> Estimate {
    var sum = Estimate()
    for channel in 0..<(currents.electrodes * currents.electrodes) {
      sum += currents.modePairDensity[channel * currents.modes + mode]
    }
    return sum
  }

  /// A rate of each mode in all, then by channel.
  private static func pair(
    _ name: String, _ words: String, symbol: String, title: String,
    _ rate: @escaping @Sendable (borrowing StateCurrents, _ channel: Int, _ mode: Int) -> Estimate
  ) -> [StateReading] {
    [
      StateReading(
        ResultQuantity(name, [.mode], .rate, words, sign: "never negative", symbol: symbol, title: title)
      ) { currents, mode in
        var sum = Estimate()
        for channel in 0..<(currents.electrodes * currents.electrodes) { sum += rate(currents, channel, mode) }
        return sum
      },
      StateReading(
        ResultQuantity(
          name + "_channel", [.channel, .mode], .rate, words + ", by pair channel", sign: "never negative", symbol: symbol,
          title: title)
      ) { currents, i in rate(currents, i / currents.modes, i % currents.modes) },
    ]
  }
}

extension Estimate {
  /// The product of two numbers with independent bounds.
  fileprivate func times(_ other: Estimate) -> Estimate {
    Estimate(value * other.value, error: error * abs(other.value) + abs(value) * other.error + error * other.error)
  }
}
