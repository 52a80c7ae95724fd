import JunctionModel

/// Emission, absorption and pair density of one channel and one column at one frequency, and the same weighted with the
/// energy e of the initial electron; Theory.md section 2. Errors are absolute bounds.
package struct ChannelIntegrals: Sendable, Equatable {
  /// E = int de/2pi X f_a (1 - f_b).
  package var emission = 0.0
  /// B = int de/2pi X (1 - f_a) f_b.
  package var absorption = 0.0
  /// L = B - E, without cancellation when both electrodes have one temperature.
  package var density = 0.0
  /// int de/2pi e X f_a (1 - f_b).
  package var emissionEnergy = 0.0
  /// int de/2pi e X (1 - f_a) f_b.
  package var absorptionEnergy = 0.0
  /// absorptionEnergy - emissionEnergy, without cancellation.
  package var densityEnergy = 0.0
  /// Bound of the error of `emission`.
  package var emissionError = 0.0
  /// Bound of the error of `absorption`.
  package var absorptionError = 0.0
  /// Bound of the error of `density`.
  package var densityError = 0.0
  /// Bound of the error of `emissionEnergy`.
  package var emissionEnergyError = 0.0
  /// Bound of the error of `absorptionEnergy`.
  package var absorptionEnergyError = 0.0
  /// Bound of the error of `densityEnergy`.
  package var densityEnergyError = 0.0

  /// Zeros.
  package init() {}
}

/// The two Fermi steps seen by the initial electron energy e: electrode a at mu_a, electrode b at mu_b + w.
package struct ChannelState {
  package let initialPotential: Double
  package let initialTemperature: Double
  /// mu_b (the final electron's energy is e - w).
  package let finalPotential: Double
  package let finalTemperature: Double
  package let frequency: Double

  package init(
    initialPotential: Double, initialTemperature: Double, finalPotential: Double, finalTemperature: Double, frequency: Double
  ) {
    self.initialPotential = initialPotential
    self.initialTemperature = initialTemperature
    self.finalPotential = finalPotential
    self.finalTemperature = finalTemperature
    self.frequency = frequency
  }

  /// Position of the final step on the axis of the initial energy.
  package var finalStep: Double { finalPotential + frequency }
  /// x = (w - mu_ab)/T, the exponent of detailed balance [11:4]; meaningful for equal temperatures T > 0.
  package var exponent: Double { (frequency - (initialPotential - finalPotential)) / initialTemperature }
  package var isIsothermal: Bool { initialTemperature == finalTemperature }
}

extension OperatingState {
  /// The two Fermi steps of an ordered pair of electrodes at a boson energy.
  package func channel(from a: Int, to b: Int, frequency: Double) -> ChannelState {
    ChannelState(
      initialPotential: chemicalPotentials[a], initialTemperature: temperatures[a], finalPotential: chemicalPotentials[b],
      finalTemperature: temperatures[b], frequency: frequency)
  }
}
