import JunctionModel
import RadiativeTransfer
import RealModule

/// A random pair of bodies with a gap and a state, and the seed that makes it again.
package struct RandomRadiation: Sendable, CustomStringConvertible {
  /// The seed that makes it again.
  package let seed: UInt64
  /// The two bodies.
  package let pair: RadiatingPair
  /// m.
  package let gap: Double
  /// Temperatures of the bodies, K.
  package let kelvin: (Double, Double)
  /// Biases of the bodies, V.
  package let bias: (Double, Double)

  /// Temperatures and biases as a state.
  package var state: RadiationState {
    RadiationState(BodyState(kelvin: kelvin.0, bias: bias.0), BodyState(kelvin: kelvin.1, bias: bias.1))
  }

  /// Photon energies in eV where spectra may be sharp.
  package var sharpEnergies: [Double] {
    var energies: Set<Double> = [0.005, 0.02]
    for body in [pair.first, pair.second] {
      if let gap = body.interbandGap { energies.insert(gap) }
      guard case .layers(let layers) = body.kind else { continue }
      for part in layers.flatMap(\.material.parts) {
        switch part.form {
        case .drude(let plasma, let damping): energies.formUnion([plasma, damping])
        case .polarPhonon(_, let longitudinal, let transverse, _): energies.formUnion([longitudinal, transverse])
        case .criticalPoint(let gap, _), .absorptionEdge(let gap, _, _, _): energies.insert(gap)
        case .constant, .lorentz, .table: break
        }
      }
    }
    return energies.sorted()
  }

  /// The same bodies with the roles exchanged.
  package func reversed() throws -> (pair: RadiatingPair, state: RadiationState) {
    (try RadiatingPair(pair.second, pair.first), RadiationState(state.second, state.first))
  }

  /// What is needed to find it again.
  package var description: String {
    "random radiation of seed \(seed): gap \(gap) m, T \(kelvin) K, V \(bias) V, \(Self.text(pair.first)) | \(Self.text(pair.second))"
  }

  private static func text(_ body: RadiatingBody) -> String {
    guard case .layers(let layers) = body.kind else { return "black body" }
    return layers.map { "\($0.material.name) \($0.thickness)" }.joined(separator: " / ")
  }

  /// Gaps 2 nm to 20 um, metals, polar and semiconducting half-spaces and films, 100 to 600 K, biases up to 0.9 of the gap energy.
  package static func make(seed: UInt64) -> RandomRadiation {
    var random = SplitMix64(seed: seed)
    do {
      let bodies = [try body("one", &random), try body("two", &random)]
      let pair = try RadiatingPair(bodies[0], bodies[1])
      let biases = bodies.map { body in body.interbandGap.map { random.uniform(-0.5...0.9) * $0 } ?? 0 }
      return RandomRadiation(
        seed: seed, pair: pair, gap: random.logUniform(2e-9...2e-5),
        kelvin: (random.uniform(100...600), random.uniform(100...600)), bias: (biases[0], biases[1]))
    } catch {
      fatalError("RandomRadiation made an invalid pair from seed \(seed): \(error)")
    }
  }

  private static func body(_ name: String, _ random: inout SplitMix64) throws -> RadiatingBody {
    if random.chance(0.08) { return try RadiatingBody(name, .blackBody(interbandGap: random.chance(0.5) ? 0.3 : nil)) }
    let films = random.chance(0.5) ? 0 : random.integer(1...3)
    var layers = try (0..<films).map { i in
      Layer(try material("\(name)\(i)", &random), thickness: random.logUniform(1e-9...2e-6), isBiased: random.chance(0.7))
    }
    layers.append(Layer(try material("\(name) substrate", &random), isBiased: random.chance(0.7)))
    return try RadiatingBody(name, .layers(layers))
  }

  private static func material(_ name: String, _ random: inout SplitMix64) throws -> Material {
    let high = random.uniform(1...12)
    switch random.integer(0...3) {
    case 0:
      return try Material(
        name,
        [
          DielectricPart("background", .constant(real: high)),
          DielectricPart(
            "carriers", .drude(plasmaEnergy: random.logUniform(0.05...10), damping: random.logUniform(0.003...0.1))),
        ])
    case 1: return try Material(name, [phonon(high, &random)])
    default:
      let gap = random.uniform(0.15...0.6)
      return try Material(
        name,
        [
          phonon(high, &random),
          DielectricPart(
            "carriers", .drude(plasmaEnergy: random.logUniform(0.02...0.5), damping: random.logUniform(0.003...0.05))),
          random.chance(0.5)
            ? DielectricPart("edge", .criticalPoint(gap: gap, amplitude: random.uniform(0.2...1)))
            : DielectricPart(
              "edge", .absorptionEdge(gap: gap, absorption: random.logUniform(1e5...3e6), exponent: 0.5, index: 3.5)),
        ])
    }
  }

  private static func phonon(_ high: Double, _ random: inout SplitMix64) -> DielectricPart {
    let transverse = random.uniform(0.02...0.12)
    return DielectricPart(
      "lattice",
      .polarPhonon(
        highFrequency: high, longitudinal: transverse * random.uniform(1.02...1.4), transverse: transverse,
        damping: random.logUniform(3e-4...5e-3)))
  }
}
