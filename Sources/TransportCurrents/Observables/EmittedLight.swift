import TransportResults

extension ObservableDefinition {
  package static let photonRate = ObservableDefinition(
    needs: [.bosonCurrents, .emission],
    [
      StateReading(
        ResultQuantity(
          "photon_rate", [.bath], .rate,
          "bosons emitted by the electrons into each bath per time, absorption not subtracted", sign: "never negative",
          title: "Emission rate")
      ) { $0.photonRate[$1] }
    ])

  package static let photonYield = ObservableDefinition(
    needs: [.bosonCurrents, .elasticCurrents],
    [
      StateReading(
        ResultQuantity(
          "photon_yield", [.bath], .dimensionless,
          "net bosons from the electrons into each bath per electron through the junction", sign: "positive into the bath",
          symbol: "*Y*", title: "Quanta per electron", freedom: .ratio)
      ) { $0.photonYield($1) }
    ])

  package static let energyCurrentSpectrum = ObservableDefinition(
    .light(
      [
        LightReading(
          ResultQuantity(
            "energy_current_spectrum", [.frequency], .powerSpectrum,
            "energy current from electrons to bosons per energy of the boson", sign: "positive from the electrons",
            symbol: "d*J*/dħ*ω*", title: "Power spectrum")
        ) { solver, w in [w * total(solver.net)] }
      ] + bathEnergyCurrentSpectrum.lightReadings))

  package static let bathEnergyCurrentSpectrum = ObservableDefinition(
    .light([
      LightReading(
        ResultQuantity(
          "bath_energy_current_spectrum", [.bath, .frequency], .powerSpectrum,
          "energy current from electrons into each boson bath per energy of the boson", sign: "positive into the bath",
          symbol: "d*J*/dħ*ω*", title: "Power spectrum")
      ) { solver, w in solver.net.map { w * $0 } }
    ]))

  package static let emissionSpectrum = ObservableDefinition(
    .light(
      [
        LightReading(
          ResultQuantity(
            "emission_spectrum", [.frequency], .rateSpectrum,
            "bosons emitted by the electrons per time and energy, absorption not subtracted", sign: "never negative",
            title: "Emission")
        ) { solver, _ in [total(solver.emission)] }
      ] + bathEmissionSpectrum.lightReadings + bathAbsorptionSpectrum.lightReadings))

  package static let bathEmissionSpectrum = ObservableDefinition(
    .light([
      LightReading(
        ResultQuantity(
          "bath_emission_spectrum", [.bath, .frequency], .rateSpectrum,
          "bosons emitted by the electrons into each bath per time and energy", sign: "never negative", title: "Emission")
      ) { solver, _ in solver.emission }
    ]))

  package static let bathAbsorptionSpectrum = ObservableDefinition(
    .light([
      LightReading(
        ResultQuantity(
          "bath_absorption_spectrum", [.bath, .frequency], .rateSpectrum,
          "bosons of each bath absorbed by the electrons per time and energy", sign: "never negative", title: "Absorption")
      ) { solver, _ in solver.absorption }
    ]))

  package static let photonChemicalPotential = ObservableDefinition(
    .light([
      LightReading(
        ResultQuantity(
          "photon_chemical_potential", [.frequency], .energy,
          "chemical potential of the emitted bosons, w - T ln(B/E), at the mean electrode temperature", symbol: "*μ*_{p}",
          title: "Chemical potential", freedom: .ratio)
      ) { solver, _ in [solver.chemicalPotential] }
    ]))

  private static func total(_ parts: [Estimate]) -> Estimate { parts.reduce(Estimate()) { $0 + $1 } }
}
