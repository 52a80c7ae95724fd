import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Matrix propagators, structured baths and dressed bosons against the slow twin on random junctions.
@Suite("General bosons against the twin", .tags(.twin))
struct BosonTwinTests {
  static let tolerance = 1e-7
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"].flatMap { Int($0) }.map { $0 / 5 } ?? 4
    return (0..<UInt64(count)).map { 7000 + $0 }
  }()

  static func settings(_ level: TwinBosons.Level) -> ComputeSettings {
    var observables: [Observable] = [
      .energyCurrent, .bathEnergyCurrent, .bathParticleCurrent, .chargeCurrent, .electrodeHeatCurrent,
      .reservoirEnergyCurrent, .entropyProduction,
    ]
    if level != .landauer { observables += [.modePopulation, .modePopulationMatrix, .renormalizedEnergy, .dampingRate] }
    var settings = ComputeSettings(
      level: level == .landauer ? .landauer : .dressed, observables: observables, tolerance: tolerance)
    switch level {
    case .landauer, .dressed: settings.renormalization = .full
    case .dressedDynamically: settings.renormalization = .dynamic
    case .dressedWithoutShift: settings.renormalization = .none
    }
    return settings
  }

  static func compare(_ random: RandomJunction, _ level: TwinBosons.Level) throws {
    let (junction, point) = (random.junction, random.point)
    let result = try SweepRunner(workers: 1).run(FastPath.request(junction, [point], settings(level)))
    guard result.isStable() else { return }
    let twin = try TwinBosons(junction, at: point, level: level).currents(tolerance: 1e-9)
    let gross = twin.energyFlows.reduce(0) { $0 + $1.reduce(0) { $0 + abs($1) } } + 1e-30
    func check(_ name: String, _ values: [Double], _ twinError: Double, _ scale: Double) {
      for (i, (r, value)) in zip(result.reported(name), values).enumerated() {
        let deviation = abs(r.value - value)
        #expect(
          deviation <= r.error + 3 * twinError + 1e-13 * scale,
          "\(name)[\(i)] level \(level): \(r) against \(value) +- \(twinError), \(random)")
      }
    }
    check("energy_current", [twin.energyCurrent], twin.errors.energy, gross)
    check("energy_current_channel", twin.channelEnergyCurrents, twin.errors.energy, gross)
    check("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy, gross)
    check("bath_particle_current", twin.bathParticleCurrents, twin.errors.particle, gross)
    check("charge_current_inelastic", twin.electrodeParticleCurrents, twin.errors.particle, gross)
    check("electrode_heat_current_inelastic", twin.electrodeHeatCurrents, twin.errors.heat, gross)
    check("reservoir_energy_current", twin.energyFlows.flatMap { $0 }, twin.errors.energy, gross)
    if level != .landauer {
      let n = junction.bosons.count
      check("mode_population", (0..<n).map { twin.populations[$0, $0].rawStorage.x }, twin.errors.population, 1)
    }
  }

  @Test("level landauer with matrices: every flow of random junctions, the errors cover the deviation", arguments: seeds)
  func landauer(seed: UInt64) throws { try Self.compare(RandomJunctions.makeBosons(seed: seed), .landauer) }

  @Test("level dressed: every flow and population of random junctions, the errors cover the deviation", arguments: seeds)
  func dressed(seed: UInt64) throws { try Self.compare(RandomJunctions.makeBosons(seed: seed), .dressed) }

  @Test("level dressed without the static part, and with damping alone", arguments: seeds.prefix(2))
  func renormalization(seed: UInt64) throws {
    try Self.compare(RandomJunctions.makeBosons(seed: seed), .dressedDynamically)
    try Self.compare(RandomJunctions.makeBosons(seed: seed), .dressedWithoutShift)
  }
}
