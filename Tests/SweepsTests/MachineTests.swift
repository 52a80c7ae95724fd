import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

@Suite("Junctions as machines", .tags(.law))
struct MachineTests {
  private static let observables: [Observable] = [.machine, .entropyProduction, .electrodeHeatCurrent, .bathEnergyCurrent]

  /// States with two or three temperatures and biases small and large, where machines are to be found.
  private static func states(
    _ count: Int, electrodes: Int, baths: Int, supplied: Bool, _ random: inout SplitMix64
  ) -> [OperatingPoint] {
    (0..<count).map { _ in
      let pool = (0..<random.integer(1...4)).map { _ in random.logUniform(0.05...3) }
      func temperature() -> Double { pool[random.integer(0...(pool.count - 1))] }
      let centre = random.uniform(-2...2)
      let bias = random.chance(0.3) ? 0 : random.logUniform(0.01...3)
      let potentials = (0..<electrodes).map { _ in centre + bias * random.uniform(-1...1) }
      let (hot, cold) = ((0..<electrodes).map { _ in temperature() }, (0..<baths).map { _ in temperature() })
      return OperatingPoint(
        chemicalPotentials: potentials, temperatures: hot, bathTemperatures: cold,
        bathChemicalPotentials: supplied ? (0..<baths).map { _ in random.uniform(-1...0.2) } : [])
    }
  }

  @Test("no machine among 10000 random states beats the second law")
  func randomMachines() throws {
    var limits = RandomJunctions.Limits()
    (limits.orbitals, limits.chainProbability) = (1...4, 0)
    var random = SplitMix64(seed: 5)
    var counts: [MachineKind: Int] = [:]
    var unstable = 0
    for seed in UInt64(0)..<100 {
      let junction = RandomJunctions.make(seed: 4000 + seed, limits: limits).junction
      let points = Self.states(
        100, electrodes: junction.electrodes.count, baths: junction.baths.count, supplied: seed % 4 == 0, &random)
      let result = try SweepRunner(workers: 2).run(
        FastPath.request(junction, points, ComputeSettings(observables: Self.observables, tolerance: 1e-8)))
      for state in points.indices {
        let code = result.reported("machine", state: state)[0].value
        guard !code.isNaN else {
          unstable += 1
          continue
        }
        let kind = try #require(MachineKind(rawValue: Int(code)))
        counts[kind, default: 0] += 1
        let ratio = result.reported("machine_bound_ratio", state: state)[0]
        let (performance, bound) = (
          result.reported("machine_performance", state: state)[0], result.reported("machine_bound", state: state)[0]
        )
        if kind == .dissipator {
          #expect(ratio.value.isNaN && performance.value.isNaN && bound.value.isNaN)
        } else if !ratio.value.isNaN {
          #expect(ratio.value - ratio.error <= 1, "seed \(4000 + seed) state \(state): \(kind) \(ratio)")
          #expect(ratio.value >= 0)
          if bound.value.isFinite { #expect(abs(performance.value / bound.value - ratio.value) <= 1e-12 * ratio.value) }
        }
        try Self.compareWithCarnot(kind, junction, points[state], result, state: state)
      }
    }
    #expect(unstable < 3000)
    let found: [MachineKind] = [
      .dissipator, .engineDrivenByHeat, .engineDrivenByBias, .refrigeratorDrivenByBias, .heatPumpDrivenByHeat,
    ]
    for kind in found { #expect(counts[kind, default: 0] >= 5, "\(counts)") }
  }

  /// With two temperatures and no boson chemical potential: the heats by hand.
  private static func compareWithCarnot(
    _ kind: MachineKind, _ junction: Junction, _ point: OperatingPoint, _ result: TransportResult, state: Int
  ) throws {
    let temperatures = Set(point.temperatures + point.bathTemperatures).sorted()
    guard temperatures.count == 2, point.bathChemicalPotentials.isEmpty else { return }
    let bound = result.reported("machine_bound", state: state)[0].value
    let heats =
      zip(point.temperatures, result.reported("electrode_heat_current", state: state)).map { ($0, $1.value) }
      + zip(point.bathTemperatures, result.reported("bath_energy_current", state: state)).map { ($0, -$1.value) }
    let cold = heats.reduce(0) { $1.0 == temperatures[0] ? $0 + $1.1 : $0 }
    let hot = heats.reduce(0) { $1.0 == temperatures[1] ? $0 + $1.1 : $0 }
    let power = result.reported("machine_power", state: state)[0]
    let performance = result.reported("machine_performance", state: state)[0]
    // First law: what leaves the bodies is work.
    let scale = abs(cold) + abs(hot)
    #expect(abs(cold + hot - power.value) <= 1e-7 * scale + power.error)
    switch kind {
    case .engineDrivenByHeat:
      #expect(abs(bound - (1 - temperatures[0] / temperatures[1])) < 1e-12)
      #expect(abs(performance.value - power.value / hot) <= performance.error + 1e-12)
    case .refrigeratorDrivenByBias:
      #expect(abs(bound * (temperatures[1] - temperatures[0]) / temperatures[0] - 1) < 1e-12)
      #expect(abs(performance.value + cold / power.value) <= performance.error + 1e-12 * performance.value)
    case .dissipator: break
    default: Issue.record("two temperatures make an engine or a refrigerator, found \(kind)")
    }
  }

  @Test("a junction in equilibrium is no machine")
  func equilibrium() throws {
    let junction = try SweepRunnerTests.doubleDot()
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.7, 0.7], bathTemperatures: [0.7])
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(junction, [point], ComputeSettings(observables: [.machine])))
    #expect(result.variable("machine")?.values == [0])
    #expect(result.variable("machine")?.flagMeanings.first == "dissipator")
    #expect(result.variable("machine_performance")?.values[0].isNaN == true)
    let power = result.reported("machine_power")[0]
    #expect(abs(power.value) <= power.error + 1e-15)
  }

  @Test("the double dot is a refrigerator in reverse bias, an engine between hot bosons and cold electrons, a lamp forwards")
  func doubleDot() throws {
    let junction = try SweepRunnerTests.doubleDot(friction: 1.2)
    func point(_ v: Double, _ electrons: Double, _ bosons: Double) -> OperatingPoint {
      OperatingPoint(
        chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [electrons, electrons], bathTemperatures: [bosons])
    }
    let points = [point(-1, 0.4, 0.35), point(0.05, 0.4, 1), point(1, 0.4, 0.4), point(-1, 0.4, 0.4)]
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(junction, points, ComputeSettings(observables: [.machine])))
    let kinds = try #require(result.variable("machine")?.values).map { MachineKind(rawValue: Int($0)) }
    #expect(kinds == [.refrigeratorDrivenByBias, .engineDrivenByHeat, .dissipator, .refrigeratorDrivenByBias])
    let bounds = try #require(result.variable("machine_bound")?.values)
    #expect(abs(bounds[0] - 0.35 / 0.05) < 1e-12 && abs(bounds[1] - 0.6) < 1e-12)
    #expect(bounds[2].isNaN && bounds[3] == .infinity)
  }

  @Test("hot bosons cool a cold electrode by lifting its hot electrons into a warm one")
  func coolingByHeating() throws {
    let junction = try Junction(
      conductor: .levels([1.3, 0.3]),
      electrodes: [
        .wideBand("warm", orbitals: [0], broadening: 0.01), .wideBand("cold", orbitals: [1], broadening: 0.01),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("hot", .ohmic(friction: 1), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.01], [0.01, 0]])]))
    let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [1, 0.9], bathTemperatures: [5])
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(junction, [point], ComputeSettings(observables: Self.observables)))
    #expect(result.reported("machine")[0].value == Double(MachineKind.refrigeratorDrivenByHeat.rawValue))
    #expect(result.reported("electrode_heat_current")[1].value > 0)
    // (1 - T_m/T_h) T_c/(T_m - T_c).
    #expect(abs(result.reported("machine_bound")[0].value - 0.8 * 9) < 1e-9)
    // One quantum of 1 takes an electron of 0.3, up to the levels' tails.
    #expect(abs(result.reported("machine_performance")[0].value - 0.3) < 0.1)
  }

  @Test("broadened bosons obey the bound too")
  func broadened() throws {
    var random = SplitMix64(seed: 9)
    for seed in UInt64(0)..<2 {
      let junction = RandomJunctions.make(seed: 900 + seed, limits: .small).junction
      let points = Self.states(4, electrodes: junction.electrodes.count, baths: junction.baths.count, supplied: false, &random)
      try Self.checkRatios(junction, points, .landauer)
    }
  }

  @Test("bosons dressed by the electrons obey the bound too")
  func dressed() throws {
    let points = [(-1.0, 0.4, 0.35), (0.05, 0.4, 1), (0.5, 0.6, 0.4)].map { v, electrons, bosons in
      OperatingPoint(
        chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [electrons, electrons], bathTemperatures: [bosons])
    }
    try Self.checkRatios(SweepRunnerTests.doubleDot(friction: 1.2), points, .dressed)
  }

  private static func checkRatios(
    _ junction: Junction, _ points: [OperatingPoint], _ level: ComputeSettings.Level
  ) throws {
    let result = try SweepRunner(workers: 2).run(
      FastPath.request(junction, points, ComputeSettings(level: level, observables: observables, tolerance: 1e-5)))
    for state in points.indices {
      let ratio = result.reported("machine_bound_ratio", state: state)[0]
      #expect(ratio.value.isNaN || ratio.value - ratio.error <= 1, "state \(state): \(ratio)")
    }
  }

  @Test("bosons that pass from bath to bath are counted, each with its energy, at level sharp and broadened")
  func bathParticles() throws {
    let junction = try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [1]),
      baths: [
        BosonBath("hot", .ohmic(friction: 1e-3), coordinates: [0]), BosonBath("cold", .ohmic(friction: 2e-3), coordinates: [0]),
      ], coupling: Coupling(.dimensionless, [Matrix(real: [[0, 1e-4], [1e-4, 0]])]))
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.5, 0.5], bathTemperatures: [0.8, 0.2])
    for (level, accuracy) in [(ComputeSettings.Level.sharp, 1e-12), (.landauer, 1e-2)] {
      let result = try SweepRunner(workers: 1).run(
        FastPath.request(
          junction, [point], ComputeSettings(level: level, observables: [.bathEnergyCurrent, .bathParticleCurrent])))
      let energy = result.reported("bath_energy_current").map(\.value)
      let particles = result.reported("bath_particle_current").map(\.value)
      // Sharp: every boson carries the mode's energy 1; broadened by 3e-3 it does so to about T eta.
      for (e, n) in zip(energy, particles) { #expect(abs(e - n) <= accuracy * abs(e), "\(level)") }
      #expect(energy[0] < 0 && energy[1] > 0)
    }
  }
}
