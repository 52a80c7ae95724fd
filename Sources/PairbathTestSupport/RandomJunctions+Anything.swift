import ComplexModule
import DenseMatrices
import JunctionModel

extension RandomJunctions {
  /// A junction of anything that users write: one to six orbitals, some nearly degenerate or without hopping; two to four electrodes of every
  /// kind and width, several on one orbital; one to three modes and baths of every kind; temperatures from 0 to 10, baths with a chemical
  /// potential. Nil where the parts that were drawn make no junction.
  package static func makeAnything(seed: UInt64) -> RandomJunction? {
    var random = SplitMix64(seed: seed &+ 0xA11_B0D1E5)
    let n = random.integer(1...6)
    let modes = [1.0] + (1..<random.integer(1...3)).map { _ in random.logUniform(0.3...2) }
    let bosons = BosonSystem(modes: modes)
    var limits = BosonLimits()
    limits.friction = 1e-4...0.1
    guard
      let electrodes = try? (0..<random.integer(2...4)).map({ try anyElectrode("E\($0)", n, isFirst: $0 == 0, &random) }),
      let baths = try? (0..<random.integer(1...2)).map({ try bath($0, bosons, &random, limits) })
    else { return nil }
    let convention: Coupling.Convention = random.chance(0.5) ? .massWeighted : .dimensionless
    let junction = try? Junction(
      conductor: Conductor(
        hamiltonian: anyHamiltonian(n, &random), overlap: random.chance(0.3) ? overlapMatrix(n, &random) : nil,
        spinDegeneracy: random.chance(0.5) ? 1 : 2),
      electrodes: electrodes, bosons: bosons, baths: baths,
      coupling: Coupling(convention, modes.map { _ in random.logUniform(0.003...0.1) * hermitian(n, &random) }))
    guard let junction else { return nil }
    var point = state(electrodes: electrodes.count, baths: baths.count, 1, &random)
    if random.chance(0.2) { point.bathTemperatures[0] = 0 }
    if random.chance(0.3) {
      point.bathChemicalPotentials = baths.map { _ in random.chance(0.5) ? 0 : -random.uniform(0.05...0.5) }
    }
    return RandomJunction(seed: seed, junction: junction, point: point)
  }

  /// A full matrix, levels without hopping, or two levels that are nearly equal.
  private static func anyHamiltonian(_ n: Int, _ random: inout SplitMix64) -> Matrix {
    var h = 1.5 * hermitian(n, &random)
    guard n > 1 else { return h }
    switch random.integer(0...3) {
    case 0:
      for i in 0..<n {
        for j in 0..<n where i != j { h[i, j] = .zero }
      }
    case 1:
      let small = random.logUniform(1e-12...1e-3)
      for j in 0..<n where j > 1 { (h[1, j], h[j, 1]) = (h[0, j], h[j, 0]) }
      h[1, 1] = h[0, 0] + Scalar(small, 0)
      (h[0, 1], h[1, 0]) = (.zero, .zero)
    default: break
    }
    return h
  }

  /// One broadening on some orbitals, a matrix of full rank or less, a chain, or a periodic lead; the first one broadens all orbitals.
  private static func anyElectrode(
    _ name: String, _ n: Int, isFirst: Bool, _ random: inout SplitMix64
  ) throws -> Electrode {
    let strength = random.logUniform(1e-6...3)
    let orbital = random.integer(0...(n - 1))
    let hopping = random.uniform(1...3)
    let chain = ChainLead(
      orbital: orbital, energy: random.uniform(-1...1), hopping: hopping, coupling: (0.5 * strength * hopping).squareRoot())
    // Every level touches the first one.
    switch random.integer(isFirst ? 3...6 : 0...9) {
    case 0, 1, 2: return .wideBand(name, orbitals: [orbital], broadening: strength)
    case 3, 4, 5: return .wideBand(name, orbitals: Array(0..<n), broadening: strength)
    case 6:
      var ordinary = Limits()
      (ordinary.broadening, ordinary.chainProbability) = (1e-6...3, 0)
      return electrode(name, n, 1, &random, ordinary, mayBeChain: false)
    case 7, 8: return Electrode(name, .chain(chain))
    default:
      var lead = RandomLeads.make(seed: random.next())
      while lead.cellSize > 4 { lead = RandomLeads.make(seed: random.next()) }
      let width = min(n, lead.cellSize)
      let coupling = strength.squareRoot() * general(width, lead.cellSize, &random)
      return Electrode(
        name,
        .periodic(
          PeriodicLead(
            orbitals: Array(0..<width), h00: lead.h00, h01: lead.h01, s00: lead.s00, s01: lead.s01,
            couplingHamiltonian: coupling)))
    }
  }

  /// Some random states of a junction, as those of `make`.
  package static func states(_ count: Int, of junction: Junction, seed: UInt64) -> [OperatingPoint] {
    var random = SplitMix64(seed: seed &* 0x9E37 &+ 7)
    return (0..<count).map { _ in state(electrodes: junction.electrodes.count, baths: junction.baths.count, 1, &random) }
  }
}
