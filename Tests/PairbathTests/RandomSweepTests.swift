import Foundation
import JunctionModel
import Pairbath
import PairbathTestSupport
import TestKinds
import Testing
import TransportResults

/// Sweeps of everything against a twin that has never seen the model file.
@Suite("Random sweeps of every number", .tags(.twin))
struct RandomSweepTests {
  /// 300 sweeps with PAIRBATH_VALIDATE (`make validate`), fewer in `make test`.
  private static var count: UInt64 { ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"] == nil ? 6 : 300 }
  private static let tolerance = 1e-9

  @Test(
    "Currents and populations along sweeps of any numbers of a model are those of the textbook twin, within the stated errors")
  func againstTwin() throws {
    var (numbers, uncovered, worst, worstWhere) = (0, 0, 0.0, "")
    for seed in UInt64(15_300)..<(15_300 + Self.count) {
      let sweep = RandomSweep(seed: seed)
      let note = Comment(rawValue: "\(sweep)")
      let text =
        sweep.text + """
          compute:
            observables: [energy_current, bath_energy_current, charge_current, electrode_heat_current, mode_population]
            elastic_correction: none
            tolerance: \(Self.tolerance)
          """
      let result = try ModelFile.read(text: text).run(workers: 2)
      try #require(result.axes.map(\.name) == ["x", "y"], note)
      for (i, x) in sweep.x.enumerated() {
        for (j, y) in sweep.y.enumerated() {
          let twin = try TextbookTwin(sweep.junction(x, y)).sharpCurrents(at: sweep.point(x, y))
          let state = i * sweep.y.count + j
          guard result.variable("stable")?.values[state] == 1 else {
            #expect(twin.populations.contains { $0 == nil }, note)
            continue
          }
          for (name, values, error) in Self.flows(twin) {
            let variable = try #require(result.variable(name), note)
            let scale = values.reduce(0) { $0 + abs($1) }
            for (component, value) in values.enumerated() where scale > 1e-250 {
              let place = component * result.stateCount + state
              let deviation = abs(variable.values[place] - value)
              let stated = try #require(variable.errors, note)[place]
              numbers += 1
              if !(deviation <= stated + error + 1e-15 * scale) { uncovered += 1 }
              let relative = max(deviation - error, 0) / scale
              if !(relative <= worst) {
                (worst, worstWhere) = (relative, "\(name)[\(component)] at x = \(x), y = \(y), \(sweep)")
              }
            }
          }
        }
      }
    }
    print("random sweeps: \(numbers) numbers, \(uncovered) not covered, worst \(worst)")
    // The tolerance asked for, and coverage as the project demands it.
    #expect(worst < Self.tolerance, "\(worstWhere)")
    #expect(Double(uncovered) <= 1e-3 * Double(numbers))
  }

  private static func flows(_ twin: TwinCurrents) -> [(name: String, values: [Double], error: Double)] {
    [
      ("energy_current_channel", twin.channelEnergyCurrents, twin.errors.energy),
      ("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy),
      ("charge_current_inelastic", twin.inelasticParticleCurrents, twin.errors.particle),
      ("charge_current_elastic", twin.elasticParticleCurrents, twin.elasticErrors.particle),
      ("electrode_heat_current_inelastic", twin.inelasticHeatCurrents, twin.errors.heat),
      ("electrode_heat_current_elastic", twin.elasticHeatCurrents, twin.elasticErrors.heat),
    ]
  }
}
