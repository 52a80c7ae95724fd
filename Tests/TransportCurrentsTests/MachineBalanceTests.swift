import PairbathTestSupport
import TestKinds
import Testing
import TransportCurrents
import TransportResults

@Suite("MachineBalance")
struct MachineBalanceTests {
  private static func balance(_ bodies: [(Double, Double)], electrical: Double, chemical: Double = 0) -> MachineBalance {
    MachineBalance(
      bodies: bodies.map { MachineBalance.Body(temperature: $0.0, heat: Estimate($0.1)) }, electricalPower: Estimate(electrical),
      chemicalPower: Estimate(chemical))
  }

  @Test("between two temperatures an engine has Carnot's bound", .tags(.limit))
  func engine() {
    let found = Self.balance([(1, -2), (2, 3)], electrical: 1)
    #expect(found.kind == .engineDrivenByHeat)
    #expect(abs(found.performance.value - 1.0 / 3) < 1e-15)
    #expect(abs(found.bound.value - 0.5) < 1e-15)
    #expect(abs(found.boundRatio.value - 2.0 / 3) < 1e-15)
  }

  @Test("between two temperatures a refrigerator has the bound T_c/(T_h - T_c), and its heat pump one more", .tags(.limit))
  func refrigerator() {
    let found = Self.balance([(1.2, -3), (1, 2)], electrical: -1)
    #expect(found.kind == .refrigeratorDrivenByBias)
    #expect(abs(found.performance.value - 2) < 1e-15)
    #expect(abs(found.bound.value - 5) < 1e-14)
    #expect(abs(found.boundRatio.value - 0.4) < 1e-15)
  }

  @Test("heat that falls from hot to warm cools the cold, up to the bound of the absorption refrigerator", .tags(.limit))
  func absorptionRefrigerator() {
    let found = Self.balance([(1, 0.4), (2, -1.4), (4, 1)], electrical: 0)
    #expect(found.kind == .refrigeratorDrivenByHeat)
    #expect(abs(found.performance.value - 0.4) < 1e-15)
    // (1 - T_m/T_h) T_c/(T_m - T_c).
    #expect(abs(found.bound.value - 0.5) < 1e-15)
    #expect(abs(found.boundRatio.value - 0.8) < 1e-15)
  }

  @Test("heat that falls from warm to cold lifts heat to the hot body")
  func heatPump() {
    let found = Self.balance([(1, -0.7), (2, 1), (4, -0.3)], electrical: 0)
    #expect(found.kind == .heatPumpDrivenByHeat)
    #expect(abs(found.performance.value - 0.3) < 1e-15)
    #expect(abs(found.bound.value - 2.0 / 3) < 1e-15)
    #expect(abs(found.boundRatio.value - 0.45) < 1e-15)
  }

  @Test("bosons that bring chemical energy make more work than their heat allows, and less than their free energy")
  func chemicalEnergy() {
    // 2 of heat and 1 of chemical energy go in; heat alone would give 1 at most.
    let found = Self.balance([(1, -1.4), (2, 2)], electrical: 1.6, chemical: -1)
    #expect(found.kind == .engineDrivenByBias || found.kind == .engineDrivenByHeat)
    #expect(abs(found.performance.value - 1.6 / 3) < 1e-15)
    #expect(found.performance.value > 0.5)
    #expect(abs(found.bound.value - (1 + 2 * 0.5) / 3) < 1e-15)
    #expect(abs(found.boundRatio.value - 0.8) < 1e-15)
  }

  @Test("a resistor and a heat conductor are no machines")
  func dissipators() {
    #expect(Self.balance([(1, -1)], electrical: -1).kind == .dissipator)
    #expect(Self.balance([(1, -1), (2, 1)], electrical: 0).kind == .dissipator)
    #expect(Self.balance([(1, -0.5), (2, -0.5)], electrical: -1).kind == .dissipator)
    #expect(Self.balance([], electrical: 0).performance.value.isNaN)
  }

  @Test("what lies within its error is no machine")
  func doubt() {
    let bodies = [
      MachineBalance.Body(temperature: 1, heat: Estimate(-2, error: 0.1)),
      MachineBalance.Body(temperature: 2, heat: Estimate(2.05, error: 0.1)),
    ]
    #expect(MachineBalance(bodies: bodies, electricalPower: Estimate(0.05, error: 0.1)).kind == .dissipator)
    let clear = MachineBalance(bodies: bodies, electricalPower: Estimate(0.05, error: 0.001))
    #expect(clear.kind == .engineDrivenByHeat)
    // (0.05 + 0.001)/(2.05 - 0.1) is what the numbers allow.
    #expect(clear.performance.value + clear.performance.error >= 0.051 / 1.95 - 1e-12)
  }

  @Test("at one temperature cooling a bath has no bound but needs work")
  func isothermalCooling() {
    let bodies = [
      MachineBalance.Body(temperature: 1, heat: Estimate(-3)),
      MachineBalance.Body(temperature: 1, heat: Estimate(2), isBath: true),
    ]
    let found = MachineBalance(bodies: bodies, electricalPower: Estimate(-1))
    #expect(found.kind == .refrigeratorDrivenByBias)
    #expect(found.performance.value == 2 && found.bound.value == .infinity && found.boundRatio.value == 0)
  }

  @Test("no heats and works that obey the first and second law beat their bound", .tags(.law))
  func secondLaw() {
    var random = SplitMix64(seed: 17)
    var counts: [MachineKind: Int] = [:]
    for _ in 0..<50_000 {
      let count = random.integer(1...5)
      var bodies = (0..<count).map { _ in (random.logUniform(0.05...20), random.uniform(-1...1)) }
      let chemical = random.chance(0.3) ? random.uniform(-1...1) : 0
      // The last heat puts entropy production between 0 and a little above.
      let entropy = random.chance(0.5) ? 0 : random.uniform(0...1)
      let rest = bodies.dropLast().reduce(0) { $0 + $1.1 / $1.0 }
      bodies[count - 1].1 = -(entropy + rest) * bodies[count - 1].0
      let work = bodies.reduce(0) { $0 + $1.1 } - chemical
      let found = Self.balance(bodies, electrical: work, chemical: chemical)
      counts[found.kind, default: 0] += 1
      // Rounding of sums of up to seven terms of at most 400, over resources that may be small.
      let scale = bodies.reduce(abs(work) + abs(chemical)) { $0 + abs($1.1) }
      let resource = scale * 1e-13
      #expect(
        found.kind == .dissipator || !(found.boundRatio.value > 1 + resource / max(abs(work), 1e-3)),
        "\(bodies) \(work) \(chemical)")
    }
    for kind in MachineKind.allCases { #expect(counts[kind, default: 0] > 100, "\(kind)") }
  }
}
