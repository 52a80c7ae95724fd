import TransportResults

extension ObservableDefinition {
  /// What populations follow from and what, other than these, may be averaged over junctions: the rates of Theory.md section 5, internal
  /// units. No observable of a model; `AveragedModes` takes them out of a result again.
  package static let partsOfPopulations = ObservableDefinition(
    needs: [.populations, .modeRates],
    [
      part("parts_emission", [.channel, .mode], "E/2W of each pair channel") { $0.modeEmission[$1] },
      part("parts_absorption", [.channel, .mode], "B/2W of each pair channel") { $0.modeAbsorption[$1] },
      part("parts_density", [.channel, .mode], "L/2W of each pair channel") { $0.modePairDensity[$1] },
      part("parts_friction", [.mode], "rate at which the baths damp each mode") { $0.modeFriction[$1] },
      part("parts_supply", [.mode], "rate at which the baths populate each mode") { $0.modeSupply[$1] },
    ])

  private static func part(
    _ name: String, _ dimensions: [StandardDimension], _ words: String,
    _ value: @escaping @Sendable (borrowing StateCurrents, Int) -> Estimate
  ) -> StateReading {
    StateReading(ResultQuantity(name, dimensions, .dimensionless, words, title: "", freedom: .ratio), value)
  }
}

extension StateCurrents {
  /// Takes populations and dampings of the modes from the rates that are kept, and says whether there is a steady state.
  package mutating func populate(energies: [Double], electronTemperature: Double) {
    isStable = true
    for mode in energies.indices {
      var (emission, absorption, density) = (Estimate(), Estimate(), Estimate())
      for channel in 0..<(electrodes * electrodes) {
        let place = channel * modes + mode
        emission += modeEmission[place]
        absorption += modeAbsorption[place]
        density += modePairDensity[place]
      }
      let found = ModePopulation(
        energy: energies[mode], emission: emission, absorption: absorption, density: density,
        friction: modeFriction[mode].value, supply: modeSupply[mode])
      if !found.isStable { isStable = false }
      setPole(mode: mode, energy: Estimate(found.energy), damping: found.damping)
      guard !modeSupply[mode].value.isNaN else {
        forgetPopulation(ofMode: mode)
        continue
      }
      population[mode] = found.population
      effectiveTemperature[mode] = found.occupation.effectiveTemperature
      effectiveChemicalPotential[mode] = found.occupation.effectiveChemicalPotential(electronTemperature: electronTemperature)
    }
    if !isStable { forgetPopulations() }
  }
}
