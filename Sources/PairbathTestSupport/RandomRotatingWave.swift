import DenseMatrices
import JunctionModel

extension RandomJunctions {
  /// A junction of rotating-wave modes: couplings are any complex matrices; two or three wide-band electrodes, one to three baths of
  /// all kinds with closed forms, or Ohmic ones only.
  package static func makeRotatingWave(
    seed: UInt64, limits: BosonLimits = BosonLimits(), ohmic: Bool = false
  ) -> RandomJunction {
    var random = SplitMix64(seed: seed &+ 0x5EED_0A11)
    do {
      let bosons = BosonSystem(modes: (0..<random.integer(limits.modes)).map { _ in random.uniform(0.6...2) })
      let n = random.integer(limits.orbitals)
      let overlap = random.chance(0.3) ? overlapMatrix(n, &random) : nil
      var ordinary = Limits()
      ordinary.broadening = limits.broadening
      ordinary.chainProbability = 0
      let electrodes = (0..<random.integer(2...3)).map { electrode("E\($0)", n, 1, &random, ordinary, mayBeChain: false) }
      let baths = try (0..<random.integer(limits.baths)).map { p in
        ohmic
          ? BosonBath("bath\(p)", .ohmic(friction: random.logUniform(limits.friction)), coordinates: Array(0..<bosons.count))
          : closedForm(try bath(p, bosons, &random, limits))
      }
      let strength = random.logUniform(limits.coupling)
      let matrices = (0..<bosons.count).map { _ in strength * general(n, n, &random) }
      let junction = try Junction(
        conductor: Conductor(
          hamiltonian: 1.5 * hermitian(n, &random), overlap: overlap, spinDegeneracy: random.chance(0.5) ? 1 : 2),
        electrodes: electrodes, bosons: bosons, baths: baths, coupling: Coupling(.rotatingWave, matrices))
      var point = state(baths: baths.count, &random, limits)
      if electrodes.count == 3 {
        point.chemicalPotentials.append(random.uniform(-1...1))
        point.temperatures.append(point.temperatures[0] == 0 ? 0 : random.logUniform(limits.temperatures))
      }
      return RandomJunction(seed: seed, junction: junction, point: point)
    } catch {
      fatalError("RandomJunctions made invalid rotating-wave modes from seed \(seed): \(error)")
    }
  }

  /// An Ohmic bath in place of a periodic lead or a table: interpolated baths have tests of their own.
  private static func closedForm(_ bath: BosonBath) -> BosonBath {
    switch bath.kind {
    case .ohmic, .closed, .chain: return bath
    case .periodic, .table: return BosonBath(bath.name, .ohmic(friction: 0.1), coordinates: bath.coordinates)
    }
  }
}
