import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

extension RandomJunctions {
  /// How large and how wild junctions with general bosons are; energies in units of a typical mode energy.
  package struct BosonLimits: Sendable {
    /// Numbers of modes.
    package var modes = 1...3
    /// Numbers of orbitals of the conductor.
    package var orbitals = 1...3
    /// Numbers of boson baths.
    package var baths = 1...3
    /// Largest element of M relative to the mode energies; weak enough for the dressed bosons to be stable.
    package var coupling = 0.03...0.12
    /// Friction of the first bath, which damps every coordinate, relative to the mode energies.
    package var friction = 0.05...0.4
    /// Broadenings of the two wide-band electrodes.
    package var broadening = 0.3...2.0
    /// Temperatures of electrodes and baths, relative to the mode energies.
    package var temperatures = 0.1...2.0
    /// Probability of electrodes at T = 0.
    package var coldProbability = 0.15
    /// Probability of baths with a chemical potential below zero.
    package var chemicalPotentialProbability = 0.3

    /// The full range.
    package init() {}
  }

  /// A junction of two wide-band electrodes with modes or a dynamical matrix and one to three baths of all kinds.
  package static func makeBosons(seed: UInt64, limits: BosonLimits = BosonLimits()) -> RandomJunction {
    var random = SplitMix64(seed: seed &+ 0x5EED_B050)
    do {
      let bosons = try bosonSystem(&random, limits)
      let n = random.integer(limits.orbitals)
      let overlap = random.chance(0.4) ? overlapMatrix(n, &random) : nil
      var ordinary = Limits()
      ordinary.broadening = limits.broadening
      ordinary.chainProbability = 0
      let electrodes = (0..<2).map { electrode("E\($0)", n, 1, &random, ordinary, mayBeChain: false) }
      let baths = try (0..<random.integer(limits.baths)).map { try bath($0, bosons, &random, limits) }
      let spin = random.chance(0.5) ? 1.0 : 2.0
      let junction = try Junction(
        conductor: Conductor(hamiltonian: 1.5 * hermitian(n, &random), overlap: overlap, spinDegeneracy: spin),
        electrodes: electrodes, bosons: bosons, baths: baths, coupling: coupling(bosons, orbitals: n, &random, limits))
      return RandomJunction(seed: seed, junction: junction, point: state(baths: baths.count, &random, limits))
    } catch {
      fatalError("RandomJunctions made invalid bosons from seed \(seed): \(error)")
    }
  }

  /// Modes, or a dynamical matrix with W^2 between 0.36 and 4, sometimes with a mode left out.
  private static func bosonSystem(_ random: inout SplitMix64, _ limits: BosonLimits) throws -> BosonSystem {
    let count = random.integer(limits.modes)
    let energies = (0..<count).map { _ in random.uniform(0.6...2) }
    if random.chance(0.35) { return BosonSystem(modes: energies) }
    let size = count < limits.modes.upperBound && random.chance(0.25) ? count + 1 : count
    let squares = (0..<size).map { $0 < count ? energies[$0] * energies[$0] : 5 }
    let axes = try HermitianEigenproblem(realSymmetric(size, &random)).vectors
    let k = Matrix.product(axes * Matrix(diagonal: squares), .plain, axes, .adjoint)
    return try BosonSystem(
      dynamicalMatrix: 0.5 * (realPart(k) + realPart(k).adjoint), projectingOut: size > count ? [count] : [])
  }

  private static func coupling(
    _ bosons: BosonSystem, orbitals n: Int, _ random: inout SplitMix64, _ limits: BosonLimits
  ) -> Coupling {
    let strength = random.logUniform(limits.coupling)
    let massWeighted = random.chance(0.6)
    let count = massWeighted ? bosons.coordinates : bosons.count
    return Coupling(massWeighted ? .massWeighted : .dimensionless, (0..<count).map { _ in strength * hermitian(n, &random) })
  }

  /// The first bath damps every coordinate at every frequency; the others are of any kind, on some coordinates.
  static func bath(
    _ p: Int, _ bosons: BosonSystem, _ random: inout SplitMix64, _ limits: BosonLimits
  ) throws -> BosonBath {
    let all = Array(0..<bosons.coordinates)
    let friction = random.logUniform(limits.friction)
    let drude = BosonBathKind.drude(friction: friction, cutoff: random.uniform(2...6))
    if p == 0 { return BosonBath("bath0", random.chance(0.5) ? .ohmic(friction: friction) : drude, coordinates: all) }
    let some = Array(all[0..<random.integer(1...all.count)])
    let last = all.count - 1
    switch random.integer(0...4) {
    case 0: return BosonBath("bath\(p)", .ohmic(friction: friction), coordinates: some)
    case 1: return BosonBath("bath\(p)", drude, coordinates: some)
    case 2:
      let spring = random.uniform(0.4...1.5)
      let lead = HarmonicChainLead(
        spring: spring, onsite: random.chance(0.5) ? 0 : random.uniform(0...0.5), coupling: random.uniform(0.1...0.3) * spring)
      return BosonBath("bath\(p)", .chain(lead), coordinates: [last])
    case 3: return BosonBath("bath\(p)", .periodic(periodicLead(some.count, &random)), coordinates: some)
    default: return BosonBath("bath\(p)", .table(try table(some.count, friction, &random)), coordinates: some)
    }
  }

  /// A stable lead of two coordinates per cell, K00 dominating K01, weakly joined.
  private static func periodicLead(_ rows: Int, _ random: inout SplitMix64) -> PeriodicBosonLead {
    let cell = 2
    let k01 = 0.3 * realGeneral(cell, cell, &random)
    var k00 = 0.3 * realSymmetric(cell, &random)
    // Gershgorin: every row of K(k) stays positive.
    for i in 0..<cell { k00[i, i] = Scalar(random.uniform(1.5...2.5), 0) }
    return PeriodicBosonLead(k00: k00, k01: k01, coupling: 0.25 * realGeneral(rows, cell, &random))
  }

  /// A Drude form with a positive matrix in front, on a grid that reaches past every thermal tail that matters.
  private static func table(_ size: Int, _ friction: Double, _ random: inout SplitMix64) throws -> TabulatedBosonSelfEnergy {
    let factor = realGeneral(size, size, &random)
    let shape = (1 / max(factor.norm * factor.norm, 1e-12)) * Matrix.product(factor, .plain, factor, .adjoint)
    let cutoff = random.uniform(1...3)
    let grid = (0...24).map { 60 * Double($0 * $0 * $0) / 13824 }
    let values = grid.map { w in (Scalar(0, -w * friction) / Scalar(1, -w / cutoff)) * shape }
    return TabulatedBosonSelfEnergy(frequencies: grid, values: values)
  }

  static func state(baths: Int, _ random: inout SplitMix64, _ limits: BosonLimits) -> OperatingPoint {
    let centre = random.uniform(-1...1)
    let bias = random.uniform(-2...2)
    let cold = random.chance(limits.coldProbability)
    let common = random.chance(0.4) ? random.logUniform(limits.temperatures) : nil
    let temperatures = (0..<2).map { _ in cold ? 0 : common ?? random.logUniform(limits.temperatures) }
    let supplied = random.chance(limits.chemicalPotentialProbability)
    return OperatingPoint(
      chemicalPotentials: [centre + 0.5 * bias, centre - 0.5 * bias], temperatures: temperatures,
      bathTemperatures: (0..<baths).map { _ in random.logUniform(limits.temperatures) },
      bathChemicalPotentials: supplied ? (0..<baths).map { _ in random.chance(0.5) ? 0 : -random.uniform(0.05...0.5) } : [])
  }

  private static func realGeneral(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> Matrix {
    Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in Scalar(random.uniform(-1...1), 0) })
  }

  private static func realSymmetric(_ n: Int, _ random: inout SplitMix64) -> Matrix {
    realGeneral(n, n, &random).hermitianPart
  }

  private static func realPart(_ a: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: a.columns, elements: a.elements.map { Scalar($0.rawStorage.x, 0) })
  }
}
