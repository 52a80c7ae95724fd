import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Noise and cumulants as a user gets them.
enum Noise {
  static let all: [Observable] = [
    .chargeCurrent, .bathEnergyCurrent, .electrodeHeatCurrent, .chargeNoise, .heatNoise, .chargeCumulants, .heatCumulants,
    .fanoFactor,
  ]

  static func run(
    _ junction: Junction, _ points: [OperatingPoint], level: ComputeSettings.Level = .sharp, tolerance: Double = 1e-9,
    observables: [Observable] = all
  ) throws -> TransportResult {
    try SweepRunner(workers: 2).run(
      FastPath.request(junction, points, ComputeSettings(level: level, observables: observables, tolerance: tolerance)))
  }

  /// One level between two electrodes: no bosons.
  static func level(_ left: Double, _ right: Double, energy: Double = 0, spin: Double = 1) throws -> Junction {
    try Junction(
      conductor: .levels([energy], spinDegeneracy: spin),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: left), .wideBand("R", orbitals: [0], broadening: right),
      ])
  }

  static func isClose(_ x: Reported, _ y: Double, scale: Double, tolerance: Double) -> Bool {
    abs(x.value - y) <= x.error + tolerance * scale
  }
}

@Suite("Fluctuations")
struct FluctuationTests {
  @Test(
    "elastic noise of charge and heat is Büttiker's formula, for any number of electrodes and any temperatures", .tags(.limit))
  func buttiker() throws {
    for seed in UInt64(300)..<312 {
      let random = RandomJunctions.make(seed: seed)
      // Electrons alone: the elastic part.
      let junction = try Junction(conductor: random.junction.conductor, electrodes: random.junction.electrodes)
      var point = random.point
      point.bathTemperatures = []
      let result = try Noise.run(junction, [point], observables: [.chargeNoise, .heatNoise])
      let twin = try TextbookTwin(junction, tolerance: 1e-10).elasticNoise(at: point)
      let n = junction.electrodes.count
      for (name, table) in [("charge_noise", twin.charge), ("heat_noise", twin.heat)] {
        let scale = table.enumerated().reduce(0.0) { max($0, abs($1.element[$1.offset])) }
        for (i, x) in result.reported(name).enumerated() {
          // Both quadratures claim 1e-9 or better of the largest element.
          #expect(
            Noise.isClose(x, table[i / n][i % n], scale: scale, tolerance: 3e-9),
            "\(name) \(i): \(x) \(table[i / n][i % n]) \(random)")
        }
      }
    }
  }

  @Test("inelastic noise of the sharp level is that of independent golden-rule events, baths included", .tags(.limit))
  func events() throws {
    var limits = RandomJunctions.Limits.small
    limits.electrodes = 1...3
    limits.baths = 1...1
    for seed in UInt64(40)..<44 {
      let random = RandomJunctions.make(seed: seed, limits: limits)
      let (junction, n) = (random.junction, random.junction.electrodes.count)
      let result = try Noise.run(junction, [random.point], observables: [.chargeNoise, .heatNoise])
      guard result.isStable() else { continue }
      let twin = try TextbookTwin(junction, tolerance: 1e-9)
      let (elastic, inelastic) = (try twin.elasticNoise(at: random.point), try twin.sharpInelasticNoise(at: random.point))
      let terminals = n + junction.baths.count
      let charges = result.reported("charge_noise")
      let heats = result.reported("heat_noise")
      let chargeScale = (0..<n).reduce(1e-12) { max($0, charges[$1 * n + $1].value) }
      let heatScale = (0..<terminals).reduce(1e-12) { max($0, heats[$1 * terminals + $1].value) }
      for i in 0..<(n * n) {
        let expected = elastic.charge[i / n][i % n] + inelastic.charge[i / n][i % n]
        #expect(Noise.isClose(charges[i], expected, scale: chargeScale, tolerance: 3e-9), "charge \(i) \(random)")
      }
      for x in 0..<terminals {
        for y in 0..<terminals {
          let expected = inelastic.heat[x][y] + (x < n && y < n ? elastic.heat[x][y] : 0)
          #expect(
            Noise.isClose(heats[x * terminals + y], expected, scale: heatScale, tolerance: 3e-9),
            "heat \(x) \(y): \(heats[x * terminals + y]) \(expected) \(random)")
        }
      }
    }
  }

  @Test("first cumulants are the currents, second cumulants half the noise, and the noise of charge adds up to zero", .tags(.law))
  func currents() throws {
    for (level, tolerance) in [(ComputeSettings.Level.sharp, 1e-9), (.landauer, 1e-7)] {
      for seed in UInt64(60)..<66 {
        let random = RandomJunctions.make(seed: seed, limits: .small)
        let result = try Noise.run(random.junction, [random.point], level: level, tolerance: tolerance)
        guard result.isStable() else { continue }
        let (n, baths) = (random.junction.electrodes.count, random.junction.baths.count)
        let terminals = n + baths
        let charge = result.reported("charge_cumulants")
        let heat = result.reported("heat_cumulants")
        let heatScale = (0..<terminals).reduce(1e-12) { max($0, abs(heat[terminals + $1].value)) }
        for a in 0..<n {
          let current = result.reported("charge_current")[a]
          #expect(abs(charge[a].value - current.value) <= charge[a].error + current.error + 1e-12, "\(random)")
          let heatCurrent = result.reported("electrode_heat_current")[a]
          #expect(
            abs(heat[a].value - heatCurrent.value) <= heat[a].error + heatCurrent.error + 1e-10 * heatScale, "\(random)")
          let diagonal = result.numbers("charge_noise")[a * n + a]
          #expect(abs(diagonal - 2 * charge[n + a].value) <= 1e-12 * diagonal)
          let row = (0..<n).map { result.reported("charge_noise")[a * n + $0] }
          #expect(abs(row.reduce(0) { $0 + $1.value }) <= row.reduce(0) { $0 + $1.error } + 1e-12 * diagonal)
        }
        for p in 0..<baths {
          let current = result.reported("bath_energy_current")[p]
          #expect(
            abs(heat[n + p].value - current.value) <= heat[n + p].error + current.error + 1e-10 * heatScale, "\(random)")
        }
      }
    }
  }

  @Test("in equilibrium the noise is 4 T G and odd cumulants vanish, elastic and inelastic, at both levels", .tags(.law))
  func johnsonNyquist() throws {
    for level in [ComputeSettings.Level.sharp, .landauer] {
      for seed in UInt64(70)..<74 {
        let random = RandomJunctions.make(seed: seed, limits: .small)
        let t = 0.4
        func point(_ shift: Double) -> OperatingPoint {
          OperatingPoint(
            chemicalPotentials: random.point.chemicalPotentials.indices.map { 0.2 + ($0 == 0 ? shift : 0) },
            temperatures: random.point.temperatures.map { _ in t }, bathTemperatures: random.point.bathTemperatures.map { _ in t }
          )
        }
        // Central differences of fourth order.
        let h = 0.02
        let points = [point(0)] + [-2.0, -1, 1, 2].map { point($0 * h) }
        let result = try Noise.run(random.junction, points, level: level, tolerance: level == .sharp ? 1e-10 : 1e-8)
        let n = random.junction.electrodes.count
        let noise = result.numbers("charge_noise")[0]
        for a in 0..<n {
          let i = (1...4).map { result.numbers("charge_current", state: $0)[a] }
          let conductance = (i[0] - 8 * i[1] + 8 * i[2] - i[3]) / (12 * h)
          let s = result.numbers("charge_noise")[a * n]
          // The difference formula leaves h^4/30 of the fifth derivative, about (h/T)^4.
          #expect(abs(s - 4 * t * conductance) <= 3e-5 * noise, "\(level) \(a): \(s) \(4 * t * conductance) \(random)")
          for order in [0, 2] {
            let odd = result.reported("charge_cumulants")[order * n + a]
            #expect(abs(odd.value) <= odd.error + 1e-14)
          }
        }
        #expect(result.numbers("fano_factor").allSatisfy { $0.isNaN })
      }
    }
  }

  @Test(
    "a tunnel barrier has full shot noise 2 e I, every cumulant is the current; Fano factors below one are 1 - T", .tags(.limit))
  func shotNoise() throws {
    // A level far away at T = 0: transmission constant over the bias.
    let bias = 1e-3
    let point = OperatingPoint(chemicalPotentials: [bias / 2, -bias / 2], temperatures: [0, 0], bathTemperatures: [])
    let rare = try Noise.run(
      Noise.level(1e-4, 1e-4, energy: 1), [point], tolerance: 1e-10, observables: [.chargeCumulants, .fanoFactor])
    let cumulants = rare.numbers("charge_cumulants")
    for order in 1..<4 {
      let sign = 1.0
      #expect(abs(cumulants[2 * order] - sign * cumulants[0]) < 1e-7 * cumulants[0])
    }
    #expect(abs(rare.numbers("fano_factor")[0] - 1) < 1e-7)
    // Binomial statistics of a transmission: 1, T(1 - T), T(1 - T)(1 - 2T), T(1 - T)(1 - 6T + 6T^2), times bias/2pi.
    for (left, right) in [(40.0, 40.0), (40, 10), (40, 1)] {
      let transmission = 4 * left * right / ((left + right) * (left + right))
      let result = try Noise.run(
        Noise.level(left, right, spin: 2), [point], tolerance: 1e-10, observables: [.chargeCumulants, .fanoFactor])
      let t = transmission
      let binomial = [t, t * (1 - t), t * (1 - t) * (1 - 2 * t), t * (1 - t) * (1 - 6 * t + 6 * t * t)]
      let c = result.numbers("charge_cumulants")
      for order in 0..<4 {
        // The level's Lorentzian bends by (bias/width)^2.
        #expect(abs(c[2 * order] - 2 * bias / (2 * .pi) * binomial[order]) < 1e-8 * bias, "\(order) \(t)")
      }
      #expect(abs(result.numbers("fano_factor")[0] - (1 - t)) < 1e-7)
    }
  }

  @Test("inelastic transitions of rare events have the Fano factor one: the double dot at zero temperature", .tags(.limit))
  func inelasticShotNoise() throws {
    let junction = try SweepRunnerTests.doubleDot(friction: 3)
    let point = OperatingPoint(chemicalPotentials: [11, 9], temperatures: [0, 0], bathTemperatures: [0])
    let result = try Noise.run(junction, [point], observables: [.chargeCurrent, .fanoFactor, .heatCumulants])
    #expect(result.numbers("charge_current")[0] > 1e-3)
    #expect(abs(result.numbers("fano_factor")[0] - 1) < 1e-8)
    // Every quantum has the energy 1: all cumulants of the bath are equal.
    let bath = (0..<4).map { result.numbers("heat_cumulants")[3 * $0 + 2] }
    for order in 1..<4 { #expect(abs(bath[order] - bath[0]) < 1e-8 * bath[0]) }
  }

  @Test("level landauer tends to level sharp as the damping goes to zero, linearly, in every cumulant", .tags(.limit))
  func sharpLimit() throws {
    let point = OperatingPoint(chemicalPotentials: [10.1, 9.8], temperatures: [0.3, 0.5], bathTemperatures: [0.4])
    var deviations: [Double] = []
    for friction in [2e-3, 1e-3] {
      let junction = try SweepRunnerTests.doubleDot(friction: friction)
      let sharp = try Noise.run(junction, [point], observables: [.heatCumulants, .heatNoise, .modePopulation])
      let broad = try Noise.run(
        junction, [point], level: .landauer, tolerance: 1e-7, observables: [.heatCumulants, .heatNoise, .modePopulation])
      let (x, y) = (sharp.numbers("heat_cumulants"), broad.numbers("heat_cumulants"))
      let worst = zip(x, y).reduce(0.0) { max($0, abs($1.0 - $1.1) / abs($1.0)) }
      deviations.append(worst)
    }
    #expect(deviations[1] < 0.02)
    #expect(abs(deviations[0] / deviations[1] - 2) < 0.3, "\(deviations)")
  }

  @Test("errors cover the distance to a tighter tolerance, at both levels", .tags(.law))
  func errors() throws {
    for (level, tight) in [(ComputeSettings.Level.sharp, 1e-10), (.landauer, 1e-8)] {
      for seed in UInt64(80)..<84 {
        let random = RandomJunctions.make(seed: seed, limits: .small)
        let exact = try Noise.run(random.junction, [random.point], level: level, tolerance: tight)
        guard exact.isStable() else { continue }
        for tolerance in [1e-2, 1e-3, 1e-5] {
          let rough = try Noise.run(random.junction, [random.point], level: level, tolerance: tolerance)
          for name in ["charge_noise", "heat_noise", "charge_cumulants", "heat_cumulants"] {
            for (x, y) in zip(rough.reported(name), exact.reported(name)) {
              #expect(abs(x.value - y.value) <= x.error + y.error, "\(level) \(tolerance) \(name): \(x) \(y) \(random)")
            }
          }
        }
      }
    }
  }

  @Test("fluctuations at level dressed, of coupled modes and without a time to count are refused with the reason")
  func refusals() throws {
    let junction = try SweepRunnerTests.doubleDot()
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.3, 0.3], bathTemperatures: [0.3])
    func message(_ settings: ComputeSettings) -> String {
      do {
        _ = try SweepRunner(workers: 1).run(FastPath.request(junction, [point], settings))
        return ""
      } catch { return error.description }
    }
    #expect(message(ComputeSettings(level: .dressed, observables: [.heatNoise])).contains("undressed"))
    #expect(message(ComputeSettings(level: .sharp, observables: [.quantaDistribution])).contains("counting time"))
  }
}
