import DenseMatrices

/// The frozen whole: a conductor, its electrodes, the bosons, their baths and the coupling, checked once.
public struct Junction: Sendable, Equatable {
  /// `Conductor.none` in a junction of bosons alone.
  public let conductor: Conductor
  /// At least one when there is a conductor; names are unique.
  public let electrodes: [Electrode]
  /// The bosons; no modes in a junction of electrons alone.
  public let bosons: BosonSystem
  /// Names are unique, also against the electrodes.
  public let baths: [BosonBath]
  /// How the electrons couple to the bosons.
  public let coupling: Coupling

  /// Checks every part and freezes the junction.
  ///
  /// Throws `ModelError` with the key path of the first part that is not physical: shapes, Hermiticity of H, S and M,
  /// positivity of S, Gamma, mode energies and frictions, causality of tabulated baths, indices in range, finite numbers.
  public init(
    conductor: Conductor = .none, electrodes: [Electrode] = [], bosons: BosonSystem = BosonSystem(modes: []),
    baths: [BosonBath] = [], coupling: Coupling = Coupling(.dimensionless, [])
  ) throws(ModelError) {
    try JunctionValidation.check(conductor)
    let electrodes = try electrodes.map { (electrode) throws(ModelError) in
      guard let orbitals = electrode.orbitals, !conductor.isEmpty else { return electrode }
      try JunctionParts.check(orbitals, electrode.matrices, below: conductor.orbitals, at: ["electrodes", electrode.name])
      return electrode.placed(conductor.orbitals, nil)
    }
    try JunctionValidation.check(electrodes, of: conductor)
    try JunctionValidation.check(bosons)
    try JunctionValidation.checkPresence(conductor, bosons, baths)
    try JunctionValidation.check(baths, of: bosons, electrodes: electrodes)
    try JunctionValidation.check(coupling, conductor: conductor, bosons: bosons)
    try JunctionValidation.checkMagnitudes(
      conductor, electrodes: electrodes, bosons: bosons, baths: baths, coupling: coupling)
    self.conductor = conductor
    self.electrodes = electrodes
    self.bosons = bosons
    self.baths = baths
    self.coupling = coupling
  }

  /// A junction whose parts have been checked before.
  init(
    unchecked conductor: Conductor, electrodes: [Electrode], bosons: BosonSystem, baths: [BosonBath], coupling: Coupling
  ) {
    self.conductor = conductor
    self.electrodes = electrodes
    self.bosons = bosons
    self.baths = baths
    self.coupling = coupling
  }

  /// The pair channels in result order: for every ordered pair of electrodes (a, b), an electron from a ends in b.
  package var channels: [PairChannel] {
    electrodes.indices.flatMap { a in electrodes.indices.map { PairChannel(from: a, to: $0) } }
  }

  /// The label of a channel in results: "L>R".
  package func label(of channel: PairChannel) -> String {
    "\(electrodes[channel.from].name)>\(electrodes[channel.to].name)"
  }

  /// True when the modes are rotating-wave: D(w) has positive frequencies only, and M^k need not be Hermitian.
  package var isRotatingWave: Bool { coupling.convention == .rotatingWave }

  /// The mass-weighted coupling M^k of a normal mode, energy^(3/2): m^k sqrt(2 W_k) in the dimensionless and rotating-wave conventions,
  /// sum_i U_ik M^i for mass-weighted couplings of coordinates.
  package func massWeightedCoupling(mode: Int) -> Matrix {
    guard !coupling.matrices.isEmpty else { return Matrix(rows: conductor.orbitals, columns: conductor.orbitals) }
    switch coupling.convention {
    case .dimensionless, .rotatingWave: return (2 * bosons.modeEnergies[mode]).squareRoot() * coupling.matrices[mode]
    case .massWeighted:
      guard let vectors = bosons.modeVectors else { return coupling.matrices[mode] }
      var sum = Matrix(rows: conductor.orbitals, columns: conductor.orbitals)
      for i in 0..<vectors.rows where vectors[i, mode] != .zero { sum = sum + vectors[i, mode] * coupling.matrices[i] }
      return sum
    }
  }
}

/// An electron-hole pair bath: an electron from electrode `from` at energy e ends in electrode `to` at e - w.
package struct PairChannel: Sendable, Hashable {
  /// Index of the electrode the electron comes from.
  package let from: Int
  /// Index of the electrode it ends in.
  package let to: Int

  /// The channel from one electrode (index) to another.
  package init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }

  /// The channel with the roles of the electrodes exchanged.
  package var reversed: PairChannel { PairChannel(from: to, to: from) }
}
