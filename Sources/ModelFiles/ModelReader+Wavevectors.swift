import DataFiles
import JunctionModel
import TransportResults

extension ModelReader {
  /// Numbers of electrons alone that are averages of those of single wave vectors; others are not (a ratio of averages).
  private static let electronic: [Observable] = [
    .chargeCurrent, .electrodeHeatCurrent, .transmission, .conductance, .iets, .entropyProduction, .chargeNoise, .onsagerMatrix,
  ]

  /// Numbers that are linear in the pair spectra, with bosons of the transverse wave vector zero that electrons do not dress.
  private static let linear: [Observable] =
    electronic + [
      .energyCurrent, .energyCurrentChannel, .bathEnergyCurrent, .bathParticleCurrent, .reservoirEnergyCurrent,
      .thermalConductance, .phononTransmission, .emission, .absorption, .pairDensity, .powerSpectrum, .friction,
      .nonconservativeForce, .berryForce, .renormalization, .photonRate, .energyCurrentSpectrum, .bathEnergyCurrentSpectrum,
      .emissionSpectrum, .bathEmissionSpectrum, .bathAbsorptionSpectrum, .electronicDamping, .dampingRate, .renormalizedEnergy,
    ]

  /// Numbers that follow from averaged rates of the modes.
  private static let ofRates: [Observable] = [
    .modePopulation, .effectiveTemperature, .effectiveChemicalPotential, .emissionRate, .absorptionRate, .qualityFactor,
  ]

  /// Numbers of bosons alone, each of which counts twice in the real form of the matrices.
  private static let bosonic: [Observable] = [
    .bathEnergyCurrent, .bathParticleCurrent, .phononTransmission, .thermalConductance, .entropyProduction,
  ]

  /// Refuses what averages over wave vectors do not give.
  func checkWavevectors(_ junction: Junction, _ settings: ComputeSettings) throws(FileError) {
    guard let points = try place.wavevectorPoints() else { return }
    let key = points.particle.rawValue + "_points"
    guard let node = root.value.node[key] else { return }
    let value = root.value.child(node, key)
    guard settings.rectifications.isEmpty else {
      throw value.fail(
        .notSupported, found: "wave vectors together with compute.rectification",
        allowed: "currents: a ratio of averages is no average of ratios",
        hint: "leave rectification out, and form the ratio of the averages")
    }
    let allowed =
      points.particle == .boson ? Self.bosonic : try averaged(junction, settings, value)
    guard let other = settings.observables.first(where: { !allowed.contains($0) }) else { return }
    let hasRates = Self.ofRates.contains(other) && junction.bosons.count > 0
    throw value.fail(
      .notSupported, found: "\(other.rawValue), which is no average over wave vectors",
      allowed: allowed.map(\.rawValue).joined(separator: ", "),
      hint: hasRates ? "it follows from the averaged rates at the energies of the modes, which this model has not" : "")
  }

  /// What is an average over wave vectors of electrons, or follows from averages.
  private func averaged(
    _ junction: Junction, _ settings: ComputeSettings, _ value: ModelValue
  ) throws(FileError) -> [Observable] {
    guard junction.bosons.count > 0 else { return Self.electronic }
    guard !settings.level.isDressed else {
      throw value.fail(
        .notSupported, found: "wave vectors together with bosons at level dressed", allowed: "level sharp, or landauer",
        hint: "electrons of all wave vectors dress the same bosons, whose numbers are then no averages")
    }
    guard !settings.crossCheck else {
      throw value.fail(
        .notSupported, found: "wave vectors together with compute.cross_check", allowed: "the energy current once",
        hint: "leave cross_check out; it is of one junction, not of an average")
    }
    return junction.hasRatesOfModes ? Self.linear + Self.ofRates : Self.linear
  }

  /// Variables over which all numbers are averaged.
  var hiddenAxes: [AveragedAxis] {
    guard let points = (try? place.wavevectorPoints()) ?? nil else { return [] }
    return [points.averaged(factor: points.particle == .boson ? 0.5 : 1)]
  }

  /// Refuses two sections of wave vectors, those of bosons beside electrons, and those of electrons without them.
  func checkWavevectorSections() throws(FileError) {
    let node = root.value.node
    if let points = node["q_points"] {
      let value = root.value.child(points, "q_points")
      guard node["k_points"] == nil, isWithoutElectrons else {
        throw value.fail(
          .notSupported, found: node["k_points"] == nil ? "q_points of a model with electrons" : "q_points beside k_points",
          allowed: "q_points of bosons alone",
          hint: "with electrons, bosons have the transverse wave vector zero: give k_points only")
      }
    }
    guard let points = node["k_points"], isWithoutElectrons else { return }
    throw root.value.child(points, "k_points").fail(
      .notSupported, found: "k_points without electrons", allowed: "q_points, the wave vectors of bosons")
  }
}

extension Junction {
  /// True when rates at the energies of modes exist: electrons, modes of finite energy, and nothing that mixes them.
  fileprivate var hasRatesOfModes: Bool { !conductor.isEmpty && bosons.zeroModes.isEmpty && bosons.gyration == nil }
}
