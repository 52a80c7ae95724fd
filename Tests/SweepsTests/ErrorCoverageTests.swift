import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Stated errors against deviations of random junctions, at every tolerance: `make validate` with many, `make test` with a few.
@Suite("Stated errors cover deviations", .tags(.twin))
struct ErrorCoverageTests {
  /// Numbers from the environment, which `make validate` sets.
  static func setting(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap(Int.init) }
  /// Junctions, PAIRBATH_VALIDATE or a few.
  static let count = setting("PAIRBATH_VALIDATE") ?? 6
  /// True for `make validate`.
  static let isValidation = setting("PAIRBATH_VALIDATE") != nil
  /// The first seed, so that a long run can be done in parts.
  static let first = UInt64(setting("PAIRBATH_VALIDATE_FROM") ?? 1)
  /// Seconds after which a run is given up; it is told how many were.
  static let patience = Double(setting("PAIRBATH_VALIDATE_SECONDS") ?? 20)
  /// Seconds after which no new junction is begun.
  static let budget = Double(setting("PAIRBATH_VALIDATE_BUDGET") ?? 1_000_000)
  static let tolerances: [Double] =
    setting("PAIRBATH_VALIDATE") == nil ? [1e-2, 1e-5, 1e-8, 1e-11] : (2...12).map { Double("1e-\($0)")! }

  /// Prints the distribution and holds it to the contract: 99.9 % covered at every tolerance, of what is many enough to tell.
  static func judge(_ coverage: ErrorCoverage, givenUp: Int) {
    for line in coverage.lines {
      print(line.text)
      for case (let ratio, let what) in line.worst { print("    uncovered: \(ratio): \(what)") }
      #expect(Double(line.uncovered) <= max(1e-3 * Double(line.count), 1), "\(line.text)")
    }
    print("given up after \(patience) s: \(givenUp)")
  }

  /// Calls `body` with every seed; a run itself takes all cores.
  static func forEachSeed(_ body: (UInt64) throws -> Void) throws {
    let end = ContinuousClock.now + .seconds(budget)
    for i in 0..<count where ContinuousClock.now < end { try body(first + UInt64(i)) }
  }

  static func run(_ request: SweepRequest) -> TransportResult? {
    let end = ContinuousClock.now + .seconds(patience)
    guard let result = try? SweepRunner(workers: 2).run(request, isCancelled: { ContinuousClock.now > end }),
      !result.isInterrupted
    else { return nil }
    return result
  }

  @Test("level sharp against the textbook twin")
  func twin() throws {
    let coverage = ErrorCoverage()
    var missed = 0
    try Self.forEachSeed { seed in
      let random = RandomJunctions.make(seed: seed)
      let points = [random.point] + RandomJunctions.states(2, of: random.junction, seed: seed)
      let twin = try TextbookTwin(random.junction, tolerance: 1e-13)
      let references = try points.map { try twin.sharpCurrents(at: $0) }
      for tolerance in Self.tolerances {
        let settings = ComputeSettings(level: .sharp, observables: FastPath.everyCurrent, tolerance: tolerance)
        guard let result = Self.run(FastPath.request(random.junction, points, settings)) else {
          missed += 1
          continue
        }
        for (state, reference) in references.enumerated() where reference.converged {
          coverage.add("sharp, twin", tolerance, Self.numbers(result, state, reference, "seed \(seed)"))
        }
      }
    }
    Self.judge(coverage, givenUp: missed)
  }

  /// The currents of a state beside the twin's.
  private static func numbers(_ result: TransportResult, _ state: Int, _ twin: TwinCurrents, _ what: String) -> [CoveredNumber] {
    var found: [CoveredNumber] = []
    func add(_ name: String, _ values: [Double], _ error: Double) {
      for (i, (r, value)) in zip(result.reported(name, state: state), values).enumerated() {
        found.append(
          CoveredNumber(
            value: r.value, error: r.error, reference: value, referenceError: error,
            what: "\(name)[\(i)] \(r), twin \(value) +- \(error), state \(state), \(what)"))
      }
    }
    let bosons = twin.bosonHeatCurrents.reduce(0) { $0 + abs($1) }
    add("energy_current", [twin.energyCurrent], twin.errors.energy)
    add("bath_energy_current", twin.bathEnergyCurrents, twin.errors.energy + 1e-15 * bosons)
    add("charge_current_elastic", twin.elasticParticleCurrents, twin.elasticErrors.particle)
    add("charge_current_inelastic", twin.inelasticParticleCurrents, twin.errors.particle)
    add("electrode_heat_current_elastic", twin.elasticHeatCurrents, twin.elasticErrors.heat)
    add("electrode_heat_current_inelastic", twin.inelasticHeatCurrents, twin.errors.heat)
    return found
  }

  @Test(
    "every level against a tight run of the same junction beside an idle chain, without closed forms",
    .enabled(if: isValidation, "limited by time: make validate"),
    arguments: ["sharp", "landauer", "dressed"])
  func otherMethod(name: String) throws {
    let level = try #require(ComputeSettings.Level(rawValue: name))
    let coverage = ErrorCoverage()
    var missed = 0
    var observables = FastPath.everyCurrent + FastPath.everySpectrum
    if level != .dressed { observables += [.chargeNoise, .heatNoise] }
    let wanted = observables
    try Self.forEachSeed { seed in
      let drawn = seed % 2 == 0 ? RandomJunctions.make(seed: seed) : RandomJunctions.makeAnything(seed: seed)
      guard let random = drawn, let twin = try? random.junction.withIdleChain() else { return }
      let points = [random.point] + RandomJunctions.states(2, of: random.junction, seed: seed)
      var settings = ComputeSettings(level: level, observables: wanted, tolerance: 1e-12)
      settings.renormalization = .none
      guard let reference = Self.run(FastPath.request(twin, points.map(\.withIdleElectrode), settings)) else {
        missed += 1
        return
      }
      for tolerance in Self.tolerances {
        settings.tolerance = tolerance
        guard let result = Self.run(FastPath.request(random.junction, points, settings)) else {
          missed += 1
          continue
        }
        coverage.add(name, tolerance, result.numbers(beside: reference, extraElectrodes: 1, "seed \(seed)"))
      }
    }
    Self.judge(coverage, givenUp: missed)
  }

  @Test(
    "nearly every junction of any kind has an answer at the default tolerance",
    .enabled(if: isValidation, "limited by time: make validate"))
  func reach() throws {
    struct Outcome {
      var statuses: [Double: Int] = [:]
      var refused = 0
      var failed: [String] = []
      var slow: [String] = []
      var slowest = (seconds: 0.0, what: "")
    }
    var found = Outcome()
    try Self.forEachSeed { seed in
      guard let random = RandomJunctions.makeAnything(seed: seed) else { return }
      let level = ComputeSettings.Level.allCases[Int(seed % 3)]
      let settings = ComputeSettings(level: level, observables: FastPath.everyCurrent, tolerance: 1e-8)
      let request = SweepRequest(
        title: "", units: .natural, junction: random.junction, axes: [SweepAxis("x", [0])],
        points: OperatingPoints(
          [random.point], electrodes: random.junction.electrodes.count, baths: random.junction.baths.count), settings: settings)
      let what = "\(level) \(random)"
      let start = ContinuousClock.now
      let end = start + .seconds(Self.patience)
      do throws(SolverError) {
        let result = try SweepRunner(workers: 2).run(request, isCancelled: { ContinuousClock.now > end })
        let seconds =
          Double(start.duration(to: .now).components.seconds)
          + 1e-18 * Double(start.duration(to: .now).components.attoseconds)
        for status in result.variable("status")?.values ?? [] { found.statuses[status, default: 0] += 1 }
        if result.states(.toleranceMissed) + result.states(.notComputed) > 0 {
          found.failed.append("\(what): \(result.shortfalls.map(\.message))")
        }
        if seconds > found.slowest.seconds { found.slowest = (seconds, what) }
      } catch {
        switch error.code {
        case .unsuitableModel, .tooLarge: found.refused += 1
        case .interrupted: found.slow.append(what)
        default: found.failed.append("\(what): \(error.message)")
        }
      }
    }
    let outcome = found
    for line in outcome.failed { print("without answer: \(line)") }
    for line in outcome.slow { print("over \(Self.patience) s: \(line)") }
    print(
      "reach: status \(outcome.statuses.sorted { $0.key < $1.key }), refused \(outcome.refused), slow \(outcome.slow.count), slowest \(outcome.slowest)"
    )
    #expect(Double(outcome.failed.count) <= max(1e-3 * Double(Self.count), 1))
  }
}
