import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

/// The elastic correction against the textbook twin, which shares no code with it.
struct SecondOrderTests {
  /// Charge and energy corrections of every electrode by the fast path.
  private func fast(
    _ junction: Junction, _ point: OperatingPoint, level: ComputeSettings.Level, tolerance: Double = 1e-8
  ) throws -> (charge: [Estimate], heat: [Estimate], inelastic: [Estimate]) {
    let request = SweepRequest(
      title: "", units: .natural, junction: junction, axes: [],
      points: OperatingPoints([point], electrodes: junction.electrodes.count, baths: junction.baths.count),
      settings: ComputeSettings(level: level, observables: [.chargeCurrent, .electrodeHeatCurrent], tolerance: tolerance))
    let result = try SweepRunner(workers: 1).run(request)
    func read(_ name: String) throws -> [Estimate] {
      let v = try #require(result.variable(name))
      return zip(v.values, try #require(v.errors)).map { Estimate($0, error: $1) }
    }
    return (
      try read("charge_current_correction"), try read("electrode_heat_current_correction"),
      try read("charge_current_inelastic")
    )
  }

  private func compare(
    _ junction: Junction, _ point: OperatingPoint, fast level: ComputeSettings.Level, twin: TwinSecondOrder.Level,
    _ name: String
  ) throws {
    let (charge, heat, inelastic) = try fast(junction, point, level: level)
    let expected = try TwinSecondOrder(junction, at: point, level: twin).currents()
    let scale = expected.reduce(0) { max($0, abs($1.correction.value), abs($1.inelastic.value)) }
    #expect(scale > 0)
    for a in expected.indices {
      let t = expected[a]
      // 1e-8 of the gross flow is asked for; the twin knows its own error.
      #expect(
        abs(charge[a].value - t.correction.value) <= charge[a].error + t.correction.error + 1e-9 * scale,
        "\(name), electrode \(a): \(charge[a]) against \(t.correction)")
      #expect(abs(inelastic[a].value - t.inelastic.value) <= inelastic[a].error + t.inelastic.error + 1e-9 * scale)
      let energy = t.correctionEnergy.value - point.chemicalPotentials[a] * t.correction.value
      let error = t.correctionEnergy.error + abs(point.chemicalPotentials[a]) * t.correction.error
      #expect(
        abs(heat[a].value - energy) <= heat[a].error + error + 1e-9 * scale,
        "\(name), electrode \(a): heat \(heat[a]) against \(energy)")
    }
    let sum = charge.reduce(0) { $0 + $1.value }
    #expect(abs(sum) <= 1e-10 * scale, "\(name): the corrections of all electrodes add up to \(sum)")
  }

  /// Two to four levels with complex hopping and overlap, two or three electrodes (chains among them), one or two modes; hot,
  /// cold and T = 0.
  static let junctions: [RandomJunction] = {
    var limits = RandomJunctions.Limits()
    limits.orbitals = 2...4
    limits.electrodes = 2...3
    limits.modes = 1...2
    limits.broadening = 0.05...2
    // The state of seed 708 is not steady.
    return RandomJunctions.make(count: 9, from: 701, limits: limits).filter { $0.seed != 708 }
  }()

  @Test(
    "the elastic correction of random junctions with direct hopping equals the textbook twin's, level sharp", .tags(.twin),
    arguments: junctions)
  func sharp(_ random: RandomJunction) throws {
    try compare(random.junction, random.point, fast: .sharp, twin: .sharp, "\(random)")
  }

  @Test("the same at level landauer", .tags(.twin), arguments: junctions.prefix(1))
  func landauer(_ random: RandomJunction) throws {
    try compare(random.junction, random.point, fast: .landauer, twin: .landauer, "\(random)")
  }

  @Test("the Onsager matrix with the elastic correction is symmetric and the derivative of the complete currents", .tags(.law))
  func onsager() throws {
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.3, -0.6], [-0.6, -0.2]])),
      electrodes: [
        Electrode("L", .wideBand(broadening: Matrix(diagonal: [0.8, 0]))),
        Electrode("R", .wideBand(broadening: Matrix(diagonal: [0, 0.5]))),
      ], bosons: BosonSystem(modes: [0.7]), baths: [BosonBath("ph", .ohmic(friction: 0.3), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0.1, 0.03], [0.03, -0.05]])]))
    func run(_ shift: Double, _ warming: Double, _ observables: [Observable]) throws -> TransportResult {
      let point = OperatingPoint(
        chemicalPotentials: [shift, 0], temperatures: [0.2 + warming, 0.2], bathTemperatures: [0.2])
      return try SweepRunner(workers: 1).run(
        SweepRequest(
          title: "", units: .natural, junction: junction, axes: [],
          points: OperatingPoints([point], electrodes: 2, baths: 1),
          settings: ComputeSettings(level: .sharp, observables: observables, tolerance: 1e-9)))
    }
    let still = try run(0, 0, [.onsagerMatrix])
    func block(_ name: String) throws -> [Double] { try #require(still.variable("onsager_matrix_" + name)).values }
    let (charges, up, down) = (try block("charge_charge"), try block("charge_heat"), try block("heat_charge"))
    // charge_heat is (electrode, terminal), heat_charge (terminal, electrode); terminals: L, R, ph.
    let scale = abs(charges[0]) * 0.2
    for a in 0..<2 { for x in 0..<3 { #expect(abs(up[a * 3 + x] - down[x * 2 + a]) < 1e-10 * scale) } }
    let h = 4e-3
    func slope(_ current: (Double) throws -> Double) throws -> Double {
      (8 * (try current(h) - current(-h)) - (try current(2 * h) - current(-2 * h))) / (12 * h)
    }
    func charge(_ shift: Double, _ warming: Double) throws -> Double {
      try #require(try run(shift, warming, [.chargeCurrent]).variable("charge_current")).values[0]
    }
    // Fourth-order differences leave (h/T)^4/30 of the whole.
    let (byPotential, byHeat) = (try slope { try charge($0, 0) }, try slope { try charge(0, $0) })
    #expect(abs(charges[0] - 0.2 * byPotential) < 1e-7 * abs(charges[0]))
    #expect(abs(up[0] - 0.04 * byHeat) < 1e-6 * scale)
  }
}
