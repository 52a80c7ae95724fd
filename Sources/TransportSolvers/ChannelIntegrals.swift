/// Emission, absorption and pair density of one channel and one column at one frequency, and the same weighted with the
/// energy e of the initial electron; Theory.md section 2. Errors are absolute bounds.
public struct ChannelIntegrals: Sendable, Equatable {
  /// E = int de/2pi X f_a (1 - f_b).
  public var emission = 0.0
  /// B = int de/2pi X (1 - f_a) f_b.
  public var absorption = 0.0
  /// L = B - E, without cancellation when both electrodes have one temperature.
  public var density = 0.0
  /// int de/2pi e X f_a (1 - f_b).
  public var emissionEnergy = 0.0
  /// int de/2pi e X (1 - f_a) f_b.
  public var absorptionEnergy = 0.0
  /// absorptionEnergy - emissionEnergy, without cancellation.
  public var densityEnergy = 0.0
  /// Bound of the error of `emission`.
  public var emissionError = 0.0
  /// Bound of the error of `absorption`.
  public var absorptionError = 0.0
  /// Bound of the error of `density`.
  public var densityError = 0.0
  /// Bound of the error of `emissionEnergy`.
  public var emissionEnergyError = 0.0
  /// Bound of the error of `absorptionEnergy`.
  public var absorptionEnergyError = 0.0
  /// Bound of the error of `densityEnergy`.
  public var densityEnergyError = 0.0

  /// Zeros.
  public init() {}
}

/// The two Fermi steps seen by the initial electron energy e: electrode a at mu_a, electrode b at mu_b + w.
struct ChannelState {
  let initialPotential: Double
  let initialTemperature: Double
  /// mu_b (the final electron's energy is e - w).
  let finalPotential: Double
  let finalTemperature: Double
  let frequency: Double

  /// Position of the final step on the axis of the initial energy.
  var finalStep: Double { finalPotential + frequency }
  /// x = (w - mu_ab)/T, the exponent of detailed balance [11:4]; meaningful for equal temperatures T > 0.
  var exponent: Double { (frequency - (initialPotential - finalPotential)) / initialTemperature }
  var isIsothermal: Bool { initialTemperature == finalTemperature }
}
