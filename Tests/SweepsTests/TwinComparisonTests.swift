import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Deviations of the fast path from the slow twin, gathered over many random junctions.
struct TwinComparison {
  var numbers = 0
  var uncovered = 0
  var worst = 0.0
  var worstWhere = ""

  /// Books one number: `scale` is what the tolerance is relative to.
  mutating func add(
    _ fast: Double, error: Double, twin: Double, twinError: Double, scale: Double, _ what: @autoclosure () -> String
  ) {
    guard scale > 1e-250 else { return }
    let deviation = abs(fast - twin)
    numbers += 1
    if !(deviation <= error + twinError + 1e-15 * scale) {
      uncovered += 1
      if uncovered < 20 { print("uncovered", what(), fast, twin, error, twinError) }
    }
    let relative = max(deviation - twinError, 0) / scale
    if !(relative <= worst) { (worst, worstWhere) = (relative, what()) }
  }
}

@Suite("Fast path against the textbook twin", .tags(.twin))
struct TwinComparisonTests {
  static let tolerance = 1e-9

  /// 1,000 junctions with PAIRBATH_VALIDATE=1000 (`make validate`), fewer in `make test`.
  static var count: Int { ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"].flatMap(Int.init) ?? 40 }

  @Test("pair spectra and sharp currents of random junctions agree to the tolerance, and the reported errors cover the deviation")
  func randomJunctions() throws {
    var spectra = TwinComparison()
    var currents = TwinComparison()
    for seed in UInt64(1)...UInt64(Self.count) {
      let random = RandomJunctions.make(seed: seed)
      try Self.compareSpectra(random, &spectra)
      try Self.compareCurrents(random, &currents)
    }
    print("spectra: \(spectra)")
    print("currents: \(currents)")
    // The tolerance asked for; coverage as the project demands it.
    #expect(spectra.worst < Self.tolerance, "\(spectra.worstWhere)")
    #expect(currents.worst < Self.tolerance, "\(currents.worstWhere)")
    #expect(Double(spectra.uncovered) <= 1e-3 * Double(spectra.numbers))
    #expect(Double(currents.uncovered) <= 1e-3 * Double(currents.numbers))
  }

  /// Without the second-order elastic correction, which the twin of `SecondOrderTests` holds.
  private static func request(_ random: RandomJunction, _ settings: ComputeSettings) -> SweepRequest {
    var settings = settings
    settings.elasticCorrection = .none
    return SweepRequest(
      title: "", units: .natural, junction: random.junction, axes: [],
      points: OperatingPoints(
        [random.point], electrodes: random.junction.electrodes.count, baths: random.junction.baths.count),
      settings: settings)
  }

  private static func compareSpectra(_ random: RandomJunction, _ comparison: inout TwinComparison) throws {
    let junction = random.junction
    let modes = junction.bosons.modeEnergies
    var generator = SplitMix64(seed: random.seed &* 77)
    let frequencies = [modes[0], generator.logUniform(0.05...6) * (generator.chance(0.3) ? -1 : 1)]
    let result = try SweepRunner(workers: 1).run(
      request(
        random,
        ComputeSettings(
          observables: [.emission, .absorption, .pairDensity], tolerance: tolerance, frequencies: frequencies)))
    let twin = try TextbookTwin(junction)
    let n = modes.count
    for (f, frequency) in frequencies.enumerated() {
      for (c, reference) in try twin.spectra(at: random.point, frequency: frequency).enumerated() {
        let matrices = [
          ("emission", reference.emission, reference.errors.emission),
          ("absorption", reference.absorption, reference.errors.absorption),
          ("pair_density", reference.pairDensity, reference.errors.pairDensity),
        ]
        for (name, matrix, twinError) in matrices {
          let variable = result.variable(name)!
          for m in 0..<n {
            for k in 0..<n {
              // The pair density is a difference where temperatures differ: its scale is that of its parts.
              let parts = name == "pair_density" ? [reference.emission, reference.absorption] : [matrix]
              let scale = parts.reduce(0.0) { $0 + (abs($1[m, m].rawStorage.x) * abs($1[k, k].rawStorage.x)).squareRoot() }
              let unit = junction.coupling.convention == .dimensionless ? 1 / (2 * (modes[m] * modes[k]).squareRoot()) : 1
              let index = 2 * ((((c * n + m) * n + k) * frequencies.count) + f)
              for (ri, value) in [matrix[m, k].rawStorage.x, matrix[m, k].rawStorage.y].enumerated() {
                comparison.add(
                  variable.values[index + ri], error: variable.errors![index + ri], twin: unit * value,
                  twinError: unit * twinError, scale: unit * scale,
                  "\(name) \(junction.label(of: reference.channel)) (\(m), \(k)) at \(frequency): \(random)")
              }
            }
          }
        }
      }
    }
  }

  private static func compareCurrents(_ random: RandomJunction, _ comparison: inout TwinComparison) throws {
    let observables: [Observable] = [
      .energyCurrent, .bathEnergyCurrent, .chargeCurrent, .electrodeHeatCurrent, .modePopulation,
    ]
    let result = try SweepRunner(workers: 1).run(
      request(random, ComputeSettings(level: .sharp, observables: observables, tolerance: tolerance)))
    let twin = try TextbookTwin(random.junction).sharpCurrents(at: random.point)
    guard result.variable("stable")!.values[0] == 1 else {
      #expect(twin.populations.contains { $0 == nil }, "\(random)")
      return
    }
    func add(_ name: String, _ values: [Double], _ error: Double, _ scale: Double) {
      let variable = result.variable(name)!
      for (i, value) in values.enumerated() {
        comparison.add(
          variable.values[i], error: variable.errors![i], twin: value, twinError: error, scale: scale,
          "\(name)[\(i)]: \(random)")
      }
    }
    let energy = twin.channelEnergyCurrents.reduce(0) { $0 + abs($1) }
    add("energy_current", [twin.energyCurrent], twin.errors.energy, energy)
    add("energy_current_channel", twin.channelEnergyCurrents, twin.errors.energy, energy)
    let bosons = twin.bosonHeatCurrents.reduce(0) { $0 + abs($1) }
    add("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy, energy + bosons)
    let particles = twin.inelasticParticleCurrents.reduce(0) { $0 + abs($1) }
    add("charge_current_inelastic", twin.inelasticParticleCurrents, twin.errors.particle, particles)
    let elastic = twin.elasticParticleCurrents.reduce(0) { $0 + abs($1) }
    add("charge_current_elastic", twin.elasticParticleCurrents, twin.elasticErrors.particle, elastic)
    let heat = twin.inelasticHeatCurrents.reduce(0) { $0 + abs($1) }
    add("electrode_heat_current_inelastic", twin.inelasticHeatCurrents, twin.errors.heat, heat)
    let elasticHeat = twin.elasticHeatCurrents.reduce(0) { $0 + abs($1) }
    add("electrode_heat_current_elastic", twin.elasticHeatCurrents, twin.elasticErrors.heat, elasticHeat)
    for (k, population) in twin.populations.enumerated() {
      let n = population ?? .nan
      let variable = result.variable("mode_population")!
      comparison.add(
        variable.values[k], error: variable.errors![k], twin: n, twinError: 1e-9 * n, scale: n,
        "population of mode \(k): \(random)")
    }
  }
}
