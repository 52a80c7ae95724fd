import JunctionModel
import TransportCurrents
import TransportResults

extension StateVariable {
  /// What the junction is as a machine.
  static let machineVariables = [
    StateVariable(
      name: "machine", dimensions: [], quantity: .dimensionless,
      longName: "kind of machine the junction is, by its heats and work; attribute flag_meanings", sign: "",
      field: .machineKind),
    StateVariable(
      name: "machine_power", dimensions: [], quantity: .power, longName: "electrical power delivered, -sum_a mu_a I_a",
      sign: "positive for power delivered, negative where the bias drives", field: .machinePower),
    StateVariable(
      name: "machine_performance", dimensions: [], quantity: .dimensionless,
      longName: "efficiency of an engine, coefficient of performance of a refrigerator or heat pump", sign: "",
      field: .machinePerformance),
    StateVariable(
      name: "machine_bound", dimensions: [], quantity: .dimensionless,
      longName: "bound of the second law on machine_performance, with these temperatures and inputs", sign: "",
      field: .machineBound),
    StateVariable(
      name: "machine_bound_ratio", dimensions: [], quantity: .dimensionless,
      longName: "machine_performance over machine_bound", sign: "at most 1", field: .machineBoundRatio),
  ]

  /// The engine of [07:13].
  static let bosonEngineVariables = [
    StateVariable(
      name: "boson_engine_efficiency", dimensions: ["mode"], quantity: .dimensionless,
      longName: "efficiency [07:13] of an ideal engine between the mode, fed by the pairs, and the coldest boson bath",
      sign: "", field: .bosonEngineEfficiency),
    StateVariable(
      name: "boson_engine_carnot", dimensions: [], quantity: .dimensionless,
      longName: "Carnot efficiency between the electrodes' mean temperature and the coldest boson bath", sign: "",
      field: .bosonEngineCarnot),
    StateVariable(
      name: "boson_engine_chemical_share", dimensions: ["mode"], quantity: .dimensionless,
      longName: "share of the mode's quantum that is chemical energy, mu_eff/W", sign: "positive where the pairs pump the mode",
      field: .bosonEngineChemicalShare),
  ]
}

extension StateCurrents {
  /// Reads the state as a machine; all currents and, for the boson engine, the mode populations must be there.
  mutating func bookMachine(state: OperatingState) {
    machine = MachineReading(
      state: state, charges: state.temperatures.indices.map { component($0, of: .charge) },
      heats: state.temperatures.indices.map { component($0, of: .heat) }, bathEnergy: bathEnergy, bathParticles: bathParticles)
  }
}

extension MachineReading {
  /// One number of a field; `effectiveTemperature` is that of the mode, where the field has modes.
  func component(_ field: StateField, effectiveTemperature: Estimate?) -> Estimate {
    let mode = effectiveTemperature ?? .undefined
    switch field {
    case .machineKind: return Estimate(Double(balance.kind.rawValue))
    case .machinePower: return electricalPower
    case .machinePerformance: return balance.performance
    case .machineBound: return balance.bound
    case .machineBoundRatio: return balance.boundRatio
    case .bosonEngineEfficiency: return engineEfficiency(effectiveTemperature: mode)
    case .bosonEngineCarnot: return carnotEfficiency
    case .bosonEngineChemicalShare: return chemicalShare(effectiveTemperature: mode)
    default: return .undefined
    }
  }
}

extension Estimate {
  /// No number: no steady state, or not defined in this one.
  static let undefined = Estimate(.nan, error: .nan)
}
