import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed on every machine.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A sequence determined by its seed.
  package init(seed: UInt64) { state = seed }

  /// The next 64 random bits (splitmix64).
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1), 53 bits.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in a range.
  package mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * unit()
  }

  /// Log-uniform in a range of positive numbers.
  package mutating func logUniform(_ range: ClosedRange<Double>) -> Double {
    Double.exp(uniform(Double.log(range.lowerBound)...Double.log(range.upperBound)))
  }

  /// A whole number of a range, both ends included.
  package mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(unit() * Double(range.count))
  }

  /// True with the given probability.
  package mutating func chance(_ probability: Double) -> Bool { unit() < probability }
}

/// A random junction with a random state, and the seed that makes it again.
package struct RandomJunction: Sendable, CustomStringConvertible {
  /// Give this to `RandomJunctions.make(seed:limits:)` to have the same junction.
  package let seed: UInt64
  /// What was drawn.
  package let junction: Junction
  /// The state that was drawn with it.
  package let point: OperatingPoint

  /// Seed, sizes and state in words.
  package var description: String {
    let j = junction
    return "random junction of seed \(seed): \(j.conductor.orbitals) orbitals, \(j.electrodes.count) electrodes, "
      + "modes \(j.bosons.modeEnergies), baths \(j.baths.count), overlap \(j.conductor.overlap != nil), "
      + "mu \(point.chemicalPotentials), T \(point.temperatures), T_bath \(point.bathTemperatures)"
  }
}

/// Random junctions for the laws: complex, non-orthogonal, multi-terminal, broad and narrow, hot and cold.
package enum RandomJunctions {
  /// How large and how wild.
  package struct Limits: Sendable {
    /// Numbers of orbitals of the conductor.
    package var orbitals = 1...6
    /// Numbers of electrodes.
    package var electrodes = 2...4
    /// Numbers of modes.
    package var modes = 1...3
    /// Numbers of boson baths.
    package var baths = 1...2
    /// Probability of an electrode being an analytic chain; the first electrode is always wide band.
    package var chainProbability = 0.2
    /// Broadenings in units of the first mode's energy.
    package var broadening = 1e-3...3.0
    /// Probability of a non-orthogonal basis.
    package var overlapProbability = 0.4

    /// The full range.
    package init() {}

    /// Up to three orbitals, two electrodes and two modes: quick enough for debug builds.
    package static var small: Limits {
      var limits = Limits()
      limits.orbitals = 1...3
      limits.electrodes = 2...2
      limits.modes = 1...2
      limits.broadening = 1e-2...3.0
      return limits
    }
  }

  /// The junction and state of a seed.
  package static func make(seed: UInt64, limits: Limits = Limits()) -> RandomJunction {
    var random = SplitMix64(seed: seed)
    let modeCount = random.integer(limits.modes)
    let modes = [1.0] + (1..<max(modeCount, 1)).map { _ in random.logUniform(0.3...2) }
    let unit = modes[0]
    let n = random.integer(limits.orbitals)
    let hamiltonian = 1.5 * unit * hermitian(n, &random)
    let overlap = random.chance(limits.overlapProbability) ? overlapMatrix(n, &random) : nil
    let spin = random.chance(0.5) ? 1.0 : 2.0
    let electrodes = (0..<random.integer(limits.electrodes)).map { a in
      electrode("E\(a)", n, unit, &random, limits, mayBeChain: a > 0)
    }
    let baths = (0..<random.integer(limits.baths)).map { p in
      BosonBath("bath\(p)", .ohmic(friction: random.logUniform(1e-4...0.1) * unit), coordinates: Array(modes.indices))
    }
    let convention: Coupling.Convention = random.chance(0.5) ? .massWeighted : .dimensionless
    let coupling = Coupling(convention, modes.map { _ in 0.1 * hermitian(n, &random) })
    let point = state(electrodes: electrodes.count, baths: baths.count, unit, &random)
    do {
      let junction = try Junction(
        conductor: Conductor(hamiltonian: hamiltonian, overlap: overlap, spinDegeneracy: spin), electrodes: electrodes,
        bosons: BosonSystem(modes: modes), baths: baths, coupling: coupling)
      return RandomJunction(seed: seed, junction: junction, point: point)
    } catch {
      fatalError("RandomJunctions made an invalid junction from seed \(seed): \(error)")
    }
  }

  /// `count` junctions of consecutive seeds.
  package static func make(count: Int, from seed: UInt64, limits: Limits = Limits()) -> [RandomJunction] {
    (0..<UInt64(count)).map { make(seed: seed + $0, limits: limits) }
  }

  /// A Hermitian matrix with entries of order one.
  package static func hermitian(_ n: Int, _ random: inout SplitMix64) -> Matrix {
    general(n, n, &random).hermitianPart
  }

  static func general(_ rows: Int, _ columns: Int, _ random: inout SplitMix64) -> Matrix {
    var result = Matrix(rows: rows, columns: columns)
    for i in 0..<(rows * columns) {
      let re = random.uniform(-1...1)
      result.elements[i] = Scalar(re, random.uniform(-1...1))
    }
    return result
  }

  /// 1 plus a Hermitian matrix of Frobenius norm 0.6: eigenvalues between 0.4 and 1.6.
  static func overlapMatrix(_ n: Int, _ random: inout SplitMix64) -> Matrix {
    let h = hermitian(n, &random)
    return Matrix.identity(n) + (0.6 / max(h.norm, 1e-12)) * h
  }

  static func electrode(
    _ name: String, _ n: Int, _ unit: Double, _ random: inout SplitMix64, _ limits: Limits, mayBeChain: Bool
  ) -> Electrode {
    let strength = random.logUniform(limits.broadening) * unit
    if random.chance(limits.chainProbability) && mayBeChain {
      let hopping = random.uniform(1...3) * unit
      // Broadening 2 coupling^2/hopping at the band centre.
      return Electrode(
        name,
        .chain(
          ChainLead(
            orbital: random.integer(0...(n - 1)), energy: random.uniform(-1...1) * unit, hopping: hopping,
            coupling: (0.5 * strength * hopping).squareRoot())))
    }
    let factor = general(n, random.integer(1...n), &random)
    let gamma = Matrix.product(factor, .plain, factor, .adjoint)
    return Electrode(name, .wideBand(broadening: (strength / max(gamma.norm, 1e-12)) * gamma.hermitianPart))
  }

  static func state(
    electrodes: Int, baths: Int, _ unit: Double, _ random: inout SplitMix64
  ) -> OperatingPoint {
    let centre = random.uniform(-2...2) * unit
    var mus = [centre]
    for _ in 1..<electrodes {
      let resonant = random.chance(0.25)
      mus.append(centre + (resonant ? (random.chance(0.5) ? unit : -unit) : random.uniform(-4...4) * unit))
    }
    let kind = random.integer(0...3)
    let common = random.logUniform(0.01...10) * unit
    let temperatures = (0..<electrodes).map { _ in
      kind == 0 ? 0 : kind == 1 ? common : random.logUniform(0.01...10) * unit
    }
    let bathTemperatures = (0..<baths).map { _ in kind == 1 ? common : random.logUniform(0.01...10) * unit }
    return OperatingPoint(chemicalPotentials: mus, temperatures: temperatures, bathTemperatures: bathTemperatures)
  }
}
