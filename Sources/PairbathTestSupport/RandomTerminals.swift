import JunctionModel
import RealModule

/// Random terminals with a random state, and the seed that makes them again.
package struct RandomTerminals: Sendable, CustomStringConvertible {
  /// The seed that makes it again.
  package let seed: UInt64
  /// The baths and their transmissions.
  package let terminals: Terminals
  /// Temperature of every bath.
  package let temperatures: [Double]
  /// Chemical potential of every bath.
  package let potentials: [Double]

  /// Two to four baths of bosons or fermions, transmissions of every kind, now and then around in a circle.
  package init(seed: UInt64) {
    var random = SplitMix64(seed: seed &+ 0x7E12)
    let particles: Terminals.Particles = random.chance(0.5) ? .bosons : .fermions
    let names = ["a", "b", "c", "d"].prefix(random.integer(2...4)).map(\.self)
    let isCircle = names.count > 2 && random.chance(0.4)
    var transmissions: [Terminals.Transmission] = []
    if isCircle {
      // One function forward all around and another one back: the sum rule holds at every energy.
      let (there, back) = (Self.function(particles, &random), Self.function(particles, &random))
      for (i, name) in names.enumerated() {
        let next = names[(i + 1) % names.count]
        transmissions.append(Terminals.Transmission(from: name, to: next, there))
        transmissions.append(Terminals.Transmission(from: next, to: name, back))
      }
    } else {
      for (i, name) in names.enumerated() {
        for other in names.dropFirst(i + 1) where other == names[i + 1] || random.chance(0.6) {
          transmissions.append(Terminals.Transmission(from: name, to: other, Self.function(particles, &random)))
        }
      }
    }
    let bottom = 0.2
    let isCold = random.chance(0.2)
    temperatures = names.map { _ in isCold && random.chance(0.5) ? 0 : random.logUniform(0.01...2) }
    potentials = names.map { _ in
      switch particles {
      case .bosons: return random.chance(0.3) ? bottom * random.uniform(0.1...0.9) : -random.logUniform(0.001...2)
      case .fermions: return random.uniform(-2...2)
      }
    }
    do {
      terminals = try Terminals(
        particles, degeneracy: random.chance(0.5) ? 1 : 2, baths: names, transmissions: transmissions)
    } catch { fatalError("RandomTerminals made invalid terminals from seed \(seed): \(error)") }
    self.seed = seed
  }

  /// Bosons begin at 0.2, so that chemical potentials above zero are allowed.
  private static func function(_ particles: Terminals.Particles, _ random: inout SplitMix64) -> TransmissionFunction {
    let isBosonic = particles == .bosons
    let from = isBosonic ? random.uniform(0.2...0.5) : random.uniform(-2...0)
    let to = from + random.uniform(0.5...3)
    let height = random.uniform(0.1...1)
    let bound: Double? = isBosonic || random.chance(0.5) ? from : nil
    switch random.integer(0...4) {
    case 0: return TransmissionFunction(.constant(height: height), from: from, to: to)
    case 1:
      return TransmissionFunction(
        .lorentzian(energy: random.uniform(from...to), width: random.logUniform(0.001...1), height: height), from: bound)
    case 2:
      return TransmissionFunction(
        .power(energy: 1, exponent: random.uniform(0.5...3), height: height, cutoff: random.chance(0.5) ? 1.5 : nil),
        from: max(from, 0), to: max(to, 0.5))
    case 3:
      let energies = (0...6).map { from + (to - from) * Double($0) / 6 }
      return TransmissionFunction(.table(energies: energies, values: energies.map { _ in random.uniform(0...1) }))
    default:
      let phase = random.uniform(0...3)
      return TransmissionFunction(
        .expression(text: "sin^2", breakpoints: []) { w in
          let s = Double.sin(2 * w + phase)
          return height * s * s
        }, from: bound, to: random.chance(0.5) ? to : nil)
    }
  }

  /// What is needed to find it again.
  package var description: String {
    "random terminals of seed \(seed): \(terminals.particles), \(terminals.names.count) baths, T \(temperatures), nu \(potentials), "
      + terminals.links.map { "\($0.from)>\($0.to): \(terminals.functions[$0.function].shape)" }.joined(separator: ", ")
  }
}
