import TransportResults

extension Observable {
  /// What the observable is.
  package var definition: ObservableDefinition {
    switch self {
    case .energyCurrent: return .energyCurrent
    case .energyCurrentChannel: return .energyCurrentChannel
    case .bathEnergyCurrent: return .bathEnergyCurrent
    case .bathParticleCurrent: return .bathParticleCurrent
    case .reservoirEnergyCurrent: return .reservoirEnergyCurrent
    case .thermalConductance: return .thermalConductance
    case .chargeCurrent: return .chargeCurrent
    case .electrodeHeatCurrent: return .electrodeHeatCurrent
    case .entropyProduction: return .entropyProduction
    case .modePopulation: return .modePopulation
    case .modePopulationMatrix: return .modePopulationMatrix
    case .effectiveTemperature: return .effectiveTemperature
    case .effectiveChemicalPotential: return .effectiveChemicalPotential
    case .renormalizedEnergy: return .renormalizedEnergy
    case .dampingRate: return .dampingRate
    case .qualityFactor: return .qualityFactor
    case .emission: return .emission
    case .absorption: return .absorption
    case .pairDensity: return .pairDensity
    case .powerSpectrum: return .powerSpectrum
    case .friction: return .friction
    case .nonconservativeForce: return .nonconservativeForce
    case .berryForce: return .berryForce
    case .renormalization: return .renormalization
    case .transmission: return .transmission
    case .phononTransmission: return .phononTransmission
    case .onsagerMatrix: return .onsagerMatrix
    case .linearConductance: return .linearConductance
    case .seebeck: return .seebeck
    case .peltier: return .peltier
    case .linearThermalConductance: return .linearThermalConductance
    case .figureOfMerit: return .figureOfMerit
    case .conductance: return .conductance
    case .iets: return .iets
    case .machine: return .machine
    case .bosonEngineEfficiency: return .bosonEngineEfficiency
    case .chargeNoise: return .chargeNoise
    case .heatNoise: return .heatNoise
    case .chargeCumulants: return .chargeCumulants
    case .heatCumulants: return .heatCumulants
    case .fanoFactor: return .fanoFactor
    case .quantaDistribution: return .quantaDistribution
    case .energyCurrentSpectrum: return .energyCurrentSpectrum
    case .bathEnergyCurrentSpectrum: return .bathEnergyCurrentSpectrum
    case .emissionSpectrum: return .emissionSpectrum
    case .bathEmissionSpectrum: return .bathEmissionSpectrum
    case .bathAbsorptionSpectrum: return .bathAbsorptionSpectrum
    case .photonChemicalPotential: return .photonChemicalPotential
    case .photonRate: return .photonRate
    case .photonYield: return .photonYield
    case .emissionRate: return .emissionRate
    case .absorptionRate: return .absorptionRate
    case .electronicDamping: return .electronicDamping
    }
  }
}
