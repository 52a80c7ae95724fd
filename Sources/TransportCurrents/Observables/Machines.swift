import JunctionModel
import TransportResults

extension ResultQuantity {
  package static let machinePower = ResultQuantity(
    "machine_power", .power, "electrical power delivered, -sum_a mu_a I_a",
    sign: "positive for power delivered, negative where the bias drives", symbol: "*P*", title: "Electrical power",
    freedom: .ratio)

  package static let machinePerformance = ResultQuantity(
    "machine_performance", .dimensionless,
    "efficiency of an engine, coefficient of performance of a refrigerator or heat pump",
    symbol: "η", title: "Performance", freedom: .ratio)
}

extension ObservableDefinition {
  /// What the junction is as a machine.
  package static let machine = ObservableDefinition(
    needs: [.bosonCurrents, .elasticCurrents, .machine],
    [
      number(
        ResultQuantity(
          "machine", .dimensionless, "kind of machine the junction is, by its heats and work; attribute flag_meanings",
          title: "Machine", flagMeanings: MachineKind.allCases.map(\.meaning))
      ) { Estimate(Double($0.balance.kind.rawValue)) },
      number(.machinePower) { $0.electricalPower },
      number(.machinePerformance) { $0.balance.performance },
      number(
        ResultQuantity(
          "machine_bound", .dimensionless, "bound of the second law on machine_performance, with these temperatures and inputs",
          symbol: "η_{max}", title: "Bound of the second law", freedom: .ratio)
      ) { $0.balance.bound },
      number(
        ResultQuantity(
          "machine_bound_ratio", .dimensionless, "machine_performance over machine_bound", sign: "at most 1",
          title: "Share of the bound", freedom: .ratio)
      ) { $0.balance.boundRatio },
    ])

  /// The engine of [07:13].
  package static let bosonEngineEfficiency = ObservableDefinition(
    needs: [.populations, .machine],
    [
      mode(
        ResultQuantity(
          "boson_engine_efficiency", [.mode], .dimensionless,
          "efficiency [07:13] of an ideal engine between the mode, fed by the pairs, and the coldest boson bath", symbol: "η",
          title: "Efficiency", freedom: .ratio)
      ) { $0.engineEfficiency(effectiveTemperature: $1) },
      number(
        ResultQuantity(
          "boson_engine_carnot", .dimensionless,
          "Carnot efficiency between the electrodes' mean temperature and the coldest boson bath", symbol: "η_{C}",
          title: "Carnot efficiency", freedom: .ratio)
      ) { $0.carnotEfficiency },
      mode(
        ResultQuantity(
          "boson_engine_chemical_share", [.mode], .dimensionless, "share of the mode's quantum that is chemical energy, mu_eff/W",
          sign: "positive where the pairs pump the mode", title: "Chemical share", freedom: .ratio)
      ) { $0.chemicalShare(effectiveTemperature: $1) },
    ])

  /// A number of the machine, NaN without a steady state.
  private static func number(
    _ quantity: ResultQuantity, _ value: @escaping @Sendable (MachineReading) -> Estimate
  ) -> StateReading {
    StateReading(quantity) { currents, _ in currents.machine.map(value) ?? .notANumber }
  }

  private static func mode(
    _ quantity: ResultQuantity, _ value: @escaping @Sendable (MachineReading, Estimate) -> Estimate
  ) -> StateReading {
    StateReading(quantity) { currents, mode in
      guard let machine = currents.machine else { return .notANumber }
      let temperature = mode < currents.effectiveTemperature.count ? currents.effectiveTemperature[mode] : .notANumber
      return value(machine, temperature)
    }
  }
}

extension StateCurrents {
  /// Reads the state as a machine; all currents and, for the boson engine, the mode populations must be there.
  package mutating func bookMachine(state: OperatingState) {
    let heats = state.temperatures.indices.map { totalHeat($0) }
    // Heats that are unknown tell nothing.
    guard !(hasUnsteadyModes && heats.contains { $0.value.isNaN }) else { return }
    machine = MachineReading(
      state: state, charges: state.temperatures.indices.map { totalCharge($0) }, heats: heats, bathEnergy: bathEnergy,
      bathParticles: bathParticles)
  }
}
