import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import Testing
import TransportResults

@Suite("SweepRunner")
struct SweepRunnerTests {
  static func doubleDot(friction: Double = 0.02) throws -> Junction {
    try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5), .wideBand("R", orbitals: [1], broadening: 0.5),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: friction), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
  }

  static func request(_ junction: Junction, _ points: [OperatingPoint], _ settings: ComputeSettings) -> SweepRequest {
    SweepRequest(
      title: "", units: .natural, junction: junction, axes: [SweepAxis("x", points.indices.map(Double.init))],
      points: OperatingPoints(points, electrodes: junction.electrodes.count, baths: junction.baths.count), settings: settings)
  }

  static let observables = FastPath.everyCurrent + FastPath.everySpectrum + [.effectiveTemperature, .effectiveChemicalPotential]

  @Test("results are bit-identical for one, two and three workers, at both levels")
  func workers() throws {
    for (level, count) in [(ComputeSettings.Level.sharp, 70), (.landauer, 5)] {
      let random = RandomJunctions.make(seed: 12, limits: .small)
      let points = (0..<count).map { i in
        var point = random.point
        point.chemicalPotentials[0] += 0.01 * Double(i)
        if i % 3 == 1 { point.temperatures = point.temperatures.map { $0 + 0.1 } }
        return point
      }
      let request = Self.request(
        random.junction, points, ComputeSettings(level: level, observables: Self.observables, tolerance: 1e-6))
      let results = try [1, 2, 3].map { try SweepRunner(workers: $0).run(request) }
      for result in results.dropFirst() {
        for (a, b) in zip(results[0].variables, result.variables) {
          // Bit patterns, so that NaN equals NaN.
          #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(a.name)")
          #expect(a.errors?.map(\.bitPattern) == b.errors?.map(\.bitPattern), "\(a.name)")
        }
      }
    }
  }

  @Test("a state has the same numbers alone, in a sweep and in the reversed sweep, but for the reference energy's rounding")
  func order() throws {
    let junction = try Self.doubleDot()
    let points = (0..<40).map {
      OperatingPoint(
        chemicalPotentials: [10 + 0.02 * Double($0), 10 - 0.02 * Double($0)], temperatures: [0.5, $0 % 2 == 0 ? 0.5 : 0.2],
        bathTemperatures: [0.3])
    }
    let forward = try FastPath.currents(junction, points)
    let backward = try FastPath.currents(junction, points.reversed())
    for (i, point) in points.enumerated() {
      let alone = try FastPath.currents(junction, [point])
      for name in Agreement.names where forward.isStable(state: i) {
        let scale = forward.numbers(name, state: i).reduce(0) { max($0, abs($1)) }
        for c in forward.numbers(name, state: i).indices {
          let (a, b) = (forward.reported(name, state: i)[c], backward.reported(name, state: points.count - 1 - i)[c])
          // The same kernels; states share four lanes of a closed form, which does not mix them.
          #expect(a.value == b.value && a.error == b.error, "\(name), state \(i)")
          let single = alone.reported(name)[c]
          #expect(abs(a.value - single.value) <= a.error + single.error + 1e-14 * scale, "\(name), state \(i)")
        }
      }
    }
  }

  @Test("an unstable state has no populations and, where these matter, no flows, stable = 0, and leaves its neighbours alone")
  func unstable() throws {
    let junction = try Self.doubleDot(friction: 1e-3)
    let calm = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.3, 0.3], bathTemperatures: [0.2])
    var inverted = calm
    inverted.chemicalPotentials = [11, 9]
    for level in ComputeSettings.Level.allCases {
      let result = try FastPath.currents(junction, [calm, inverted, calm], level: level, tolerance: 1e-7)
      let reference = try FastPath.currents(junction, [calm, calm, calm], level: level, tolerance: 1e-7)
      #expect(result.variable("stable")!.values == [1, 0, 1])
      for name in Agreement.names + ["entropy_production", "charge_current", "electrode_heat_current"] {
        let numbers = result.numbers(name, state: 1)
        let isMissing = name.contains("population") || level == .dressed && !name.contains("elastic")
        #expect(
          isMissing ? numbers.allSatisfy { $0.isNaN } : name.contains("inelastic") || numbers.allSatisfy { !$0.isNaN },
          "\(level) \(name)")
        let scale = reference.numbers(name).reduce(0) { max($0, abs($1)) }
        for state in [0, 2] {
          for (a, b) in zip(result.reported(name, state: state), reference.reported(name, state: state)) {
            // Windows and panels differ with the states of a sweep.
            #expect(abs(a.value - b.value) <= a.error + b.error + 1e-14 * scale, "\(level) \(name): \(a), \(b)")
          }
        }
      }
    }
  }

  static func expect(
    _ code: SolverError.Code, at subject: SolverError.Subject, _ request: SweepRequest,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: SolverError.self, sourceLocation: sourceLocation) { _ = try SweepRunner(workers: 1).run(request) }
    #expect(error?.code == code && error?.subject == subject, "\(String(describing: error))", sourceLocation: sourceLocation)
  }

  @Test("what cannot be computed is an error with its subject: baths, damping, tolerance, tables, bosons, energies, memory")
  func errors() throws {
    let dot = try Self.doubleDot()
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.3, 0.3], bathTemperatures: [0.2])
    var bare = point
    bare.bathTemperatures = []
    let noBath = try Junction(
      conductor: dot.conductor, electrodes: dot.electrodes, bosons: dot.bosons, coupling: dot.coupling)
    Self.expect(.unsuitableModel, at: .baths, Self.request(noBath, [bare], ComputeSettings()))
    let undamped = try Self.doubleDot(friction: 0)
    Self.expect(.unsuitableModel, at: .baths, Self.request(undamped, [point], ComputeSettings(level: .landauer)))
    #expect(throws: Never.self) { try SweepRunner(workers: 1).run(Self.request(undamped, [point], ComputeSettings())) }
    for tolerance in [0, 1e-13, 0.2, -1, .nan] {
      Self.expect(
        .unsuitableModel, at: .tolerance, Self.request(dot, [point], ComputeSettings(tolerance: tolerance)))
    }
    let sigma = Scalar(0, -0.5) * Matrix.identity(2)
    let table = TabulatedSelfEnergy(energies: [8, 9, 10, 11], values: [sigma, sigma, sigma, sigma])
    let tabulated = try Junction(
      conductor: dot.conductor, electrodes: [Electrode("T", .table(table)), dot.electrodes[1]], bosons: dot.bosons,
      baths: dot.baths, coupling: dot.coupling)
    Self.expect(.unsuitableModel, at: .electrode("T"), Self.request(tabulated, [point], ComputeSettings()))
    let electronsOnly = try Junction(conductor: dot.conductor, electrodes: dot.electrodes)
    Self.expect(
      .unsuitableModel, at: .observables,
      Self.request(electronsOnly, [bare], ComputeSettings(observables: [.emission])))
    Self.expect(
      .unsuitableModel, at: .observables,
      Self.request(electronsOnly, [bare], ComputeSettings(observables: [.transmission])))
    // A spectrum of 1e10 frequencies needs terabytes: asked by frequencies, as states themselves must exist in memory.
    let many = ComputeSettings(observables: [.emission], frequencies: [Double](repeating: 1, count: 100_000))
    Self.expect(.tooLarge, at: .sweep(nil), Self.request(dot, [OperatingPoint](repeating: point, count: 100_000), many))
  }

  @Test("an interrupted run says so")
  func interruption() throws {
    let request = Self.request(
      try Self.doubleDot(),
      [OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.3, 0.3], bathTemperatures: [0.2])], ComputeSettings())
    let error = #expect(throws: SolverError.self) { _ = try SweepRunner(workers: 2).run(request, isCancelled: { true }) }
    #expect(error?.code == .interrupted)
  }
}
