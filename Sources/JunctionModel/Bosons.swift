/// The bosons: independent harmonic modes with positive energies.
public struct BosonSystem: Sendable, Equatable {
  /// Mode energies W_k > 0.
  public let modeEnergies: [Double]

  /// Bosons given by their modes.
  public init(modes: [Double]) { modeEnergies = modes }

  /// Number of coordinates n.
  public var count: Int { modeEnergies.count }
}

/// What a mode dissipates into besides electrons: a phonon or photon bath with its own temperature.
public struct BosonBath: Sendable, Equatable {
  /// The user's name, unique in the junction.
  public let name: String
  /// Coordinates (mode indices) the bath is attached to.
  public let coordinates: [Int]
  /// The form of its self-energy.
  public let kind: BosonBathKind

  /// A named bath on some coordinates.
  public init(_ name: String, _ kind: BosonBathKind, coordinates: [Int]) {
    self.name = name
    self.kind = kind
    self.coordinates = coordinates
  }
}

/// The forms of a boson bath's self-energy, Theory.md section 1.
public enum BosonBathKind: Sendable, Equatable {
  /// Pi(w) = -i w eta on each coordinate, Gamma = 2 eta w: a mode's population relaxes at rate eta (an energy).
  case ohmic(friction: Double)
}
