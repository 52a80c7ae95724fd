import JunctionModel
import TransportCurrents
import TransportResults

/// A variable with one number per component and state: where it comes from and how it is shown.
struct StateVariable {
  let name: String
  /// Leading dimensions; none for a number per state.
  let dimensions: [String]
  let quantity: Quantity
  let longName: String
  let sign: String
  /// Where the numbers come from.
  let field: StateField
  /// True for numbers with a trailing dimension `ri`.
  var isComplex: Bool { field == .populationMatrix }
  /// Words for the codes 0, 1, 2, ...
  var flagMeanings: [String] { field == .machineKind ? MachineKind.allCases.map(\.meaning) : [] }

  /// The variables an observable brings into the result, in order; `withCorrection` when the second-order elastic correction
  /// of currents is computed.
  static func variables(for observable: Observable, withCorrection: Bool = true) -> [StateVariable] {
    switch observable {
    case .energyCurrent:
      return [
        StateVariable(
          name: "energy_current", dimensions: [], quantity: .power, longName: "energy current from electrons to bosons",
          sign: "positive from the electrons to the bosons", field: .energyCurrent)
      ] + variables(for: .energyCurrentChannel) + variables(for: .bathEnergyCurrent)
    case .energyCurrentChannel:
      return [
        StateVariable(
          name: "energy_current_channel", dimensions: ["channel"], quantity: .power,
          longName: "energy current of each electron-hole pair bath",
          sign: "positive for net energy leaving the pair bath", field: .channelEnergy)
      ]
    case .bathEnergyCurrent:
      return [
        StateVariable(
          name: "bath_energy_current", dimensions: ["bath"], quantity: .power,
          longName: "energy current into each boson bath, from the electrons and from the other baths",
          sign: "positive into the bath", field: .bathEnergy)
      ]
    case .chargeCurrent, .electrodeHeatCurrent:
      let isCharge = observable == .chargeCurrent
      return [totalVariable(of: observable, withCorrection: withCorrection)] + (isCharge ? chargeParts : heatParts)
        + (withCorrection ? [correctionVariable(of: observable)] : [])
    case .entropyProduction:
      return [
        StateVariable(
          name: "entropy_production", dimensions: [], quantity: .entropyRate, longName: "entropy production",
          sign: "never negative", field: .entropyProduction)
      ]
    case .bathParticleCurrent, .reservoirEnergyCurrent, .thermalConductance, .modePopulationMatrix, .renormalizedEnergy,
      .dampingRate, .qualityFactor:
      return bosonVariables(for: observable)
    case .modePopulation:
      return [
        StateVariable(
          name: "mode_population", dimensions: ["mode"], quantity: .dimensionless,
          longName: "steady-state population of each mode", sign: "", field: .population)
      ]
    case .effectiveTemperature:
      return [
        StateVariable(
          name: "effective_temperature", dimensions: ["mode"], quantity: .temperature,
          longName: "temperature at which the mode would have its population", sign: "", field: .effectiveTemperature)
      ]
    case .effectiveChemicalPotential:
      return [
        StateVariable(
          name: "effective_chemical_potential", dimensions: ["mode"], quantity: .energy,
          longName: "chemical potential that gives the mode its population at the mean electrode temperature", sign: "",
          field: .effectiveChemicalPotential)
      ]
    case .machine: return machineVariables
    case .bosonEngineEfficiency: return bosonEngineVariables
    case .chargeNoise, .heatNoise, .chargeCumulants, .heatCumulants, .fanoFactor, .quantaDistribution:
      return fluctuationVariables(for: observable)
    case .photonRate, .photonYield: return lightVariables(for: observable)
    default: return []
    }
  }

  private static let chargeParts: [StateVariable] = [
    StateVariable(
      name: "charge_current_elastic", dimensions: ["electrode"], quantity: .chargeCurrent,
      longName: "elastic (Landauer) part of the charge current", sign: "e times electrons leaving the electrode per time",
      field: .elasticCharge),
    StateVariable(
      name: "charge_current_inelastic", dimensions: ["electrode"], quantity: .chargeCurrent,
      longName: "inelastic part of the charge current, assisted by bosons",
      sign: "e times electrons leaving the electrode per time", field: .inelasticCharge),
  ]

  private static let heatParts: [StateVariable] = [
    StateVariable(
      name: "electrode_heat_current_elastic", dimensions: ["electrode"], quantity: .power,
      longName: "elastic part of the heat current out of each electrode", sign: "positive for heat leaving the electrode",
      field: .elasticHeat),
    StateVariable(
      name: "electrode_heat_current_inelastic", dimensions: ["electrode"], quantity: .power,
      longName: "inelastic part of the heat current out of each electrode", sign: "positive for heat leaving the electrode",
      field: .inelasticHeat),
  ]

  /// The pair density of states of every channel at every mode energy, for the picture of the pair baths.
  static let modePairDensity = StateVariable(
    name: "mode_pair_density", dimensions: ["channel"], quantity: .spectrum,
    longName: "pair density of states of each channel at each mode energy, over twice the mode energy",
    sign: "absorption minus emission", field: .modePairDensity)
}

/// The numbers of a state that become variables of a result.
enum StateField: Sendable, Equatable {
  case energyCurrent, channelEnergy, bathEnergy, charge, elasticCharge, inelasticCharge
  case heat, elasticHeat, inelasticHeat, entropyProduction
  case correctionCharge, correctionHeat
  case population, effectiveTemperature, effectiveChemicalPotential, modePairDensity
  case crossCheck, crossDeviation
  case bathParticles, reservoirEnergy, thermalConductance, populationMatrix, renormalizedEnergy, dampingRate, qualityFactor
  case machineKind, machinePower, machinePerformance, machineBound, machineBoundRatio
  case bosonEngineEfficiency, bosonEngineCarnot, bosonEngineChemicalShare
  case chargeNoise, heatNoise, chargeCumulants, heatCumulants, fanoFactor, quantaDistribution
  case photonRate, photonYield
}

extension StateCurrents {
  /// One component of a field.
  @inline(__always)
  func component(_ i: Int, of field: StateField) -> Estimate {
    switch field {
    case .energyCurrent: return energyCurrent
    case .channelEnergy: return channelEnergy[i]
    case .bathEnergy: return bathEnergy[i]
    case .charge: return totalCharge(i)
    case .correctionCharge: return correctionCharge[i]
    case .elasticCharge: return elasticCharge[i]
    case .inelasticCharge: return inelasticCharge[i]
    case .heat: return totalHeat(i)
    case .correctionHeat: return correctionHeat[i]
    case .elasticHeat: return elasticHeat[i]
    case .inelasticHeat: return inelasticHeat[i]
    case .entropyProduction: return entropyProduction
    case .population: return population[i]
    case .effectiveTemperature: return effectiveTemperature[i]
    case .effectiveChemicalPotential: return effectiveChemicalPotential[i]
    case .modePairDensity: return modePairDensity[i]
    case .crossCheck: return crossCheck
    case .crossDeviation:
      return Estimate(energyCurrent.value - crossCheck.value, error: energyCurrent.error + crossCheck.error)
    case .bathParticles: return bathParticles[i]
    case .reservoirEnergy: return reservoirEnergy[i]
    case .thermalConductance: return thermalConductance[i]
    case .populationMatrix: return populationMatrix[i]
    case .renormalizedEnergy: return renormalizedEnergy[i]
    case .dampingRate: return dampingRate[i]
    case .qualityFactor: return qualityFactor[i]
    case .machineKind, .machinePower, .machinePerformance, .machineBound, .machineBoundRatio, .bosonEngineEfficiency,
      .bosonEngineCarnot, .bosonEngineChemicalShare:
      return machine?.component(field, effectiveTemperature: i < effectiveTemperature.count ? effectiveTemperature[i] : nil)
        ?? .undefined
    case .photonRate: return photonRate[i]
    case .photonYield: return photonYield(i)
    case .chargeNoise, .heatNoise, .chargeCumulants, .heatCumulants, .fanoFactor, .quantaDistribution:
      return fluctuations?.component(i, of: field) ?? .notANumber
    }
  }
}
