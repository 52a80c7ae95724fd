import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import BosonPropagators
@testable import ElectronSpectra
@testable import TransportCurrents
@testable import TransportResults

/// Closed forms (sums of poles) against quadrature of the same kernels, at level sharp.
@Suite("PoleSumKernel", .tags(.twin))
struct PoleSumKernelTests {
  static let seed: UInt64 = 40_001
  static let tolerance = 1e-9

  /// Currents of every state by both routes; `closed` counts modes and states that used a closed form.
  struct Routes {
    var violations: [String] = []
    var closed = 0
    var worst = 0.0
    var twin: TextbookTwin?

    mutating func compare(_ junction: Junction, _ points: [OperatingPoint], _ what: String) throws {
      let table = OperatingPoints(points, electrodes: junction.electrodes.count, baths: junction.baths.count)
      let prepared = try PreparedJunction(junction, points: table, tolerance: PoleSumKernelTests.tolerance)
      let kernels = try junction.bosons.modeEnergies.indices.map {
        try prepared.pairKernel(at: junction.bosons.modeEnergies[$0], pairs: .diagonal([$0]))
      }
      var results: [[StateCurrents]] = []
      for closedForms in [false, true] {
        let environment = try BosonEnvironment(prepared.junction, highest: 10)
        let solver = SharpSolver(prepared, environment: environment, kernels: kernels, closedForms: closedForms)
        if closedForms { closed += solver.poleSums.count { $0 != nil } }
        let worker = SharpWorker(solver, integrator: StateIntegrator(), capacity: points.count)
        let block = worker.block(table, 0..<points.count)
        results.append(
          points.indices.map {
            var currents = StateCurrents(
              electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count)
            let state = OperatingState(table, state: $0, reference: prepared.referenceEnergy)
            block.evaluate(state, slot: $0, currents: true, into: &currents)
            return currents
          })
      }
      for state in points.indices {
        let (a, b) = (results[0][state], results[1][state])
        if a.isStable != b.isStable { violations.append("stability differs, \(what), \(points[state])") }
        if let twin {
          // The twin inverts at every energy and knows no eigenvectors.
          let reference = try twin.sharpCurrents(at: points[state])
          let exact = Estimate(reference.energyCurrent, error: reference.errors.energy)
          check("twin J", [exact], [b.energyCurrent], b.grossEnergy, what, points[state])
        }
        check("J", [a.energyCurrent], [b.energyCurrent], a.grossEnergy, what, points[state])
        check("J^ab", a.channelEnergy, b.channelEnergy, a.grossEnergy, what, points[state])
        check("I", a.inelasticCharge, b.inelasticCharge, a.grossRate, what, points[state])
        check("Q", a.inelasticHeat, b.inelasticHeat, nil, what, points[state])
        check("L", a.modePairDensity, b.modePairDensity, nil, what, points[state])
        if a.isStable { check("N", a.population, b.population, nil, what, points[state]) }
      }
    }

    private mutating func check(
      _ name: String, _ a: [Estimate], _ b: [Estimate], _ gross: Double?, _ what: String, _ point: OperatingPoint
    ) {
      let scale = gross ?? a.reduce(1e-290) { max($0, abs($1.value), $1.error / PoleSumKernelTests.tolerance) }
      for i in a.indices {
        let deviation = abs(a[i].value - b[i].value)
        worst = max(worst, deviation / scale)
        if !(deviation <= a[i].error + b[i].error + 1e-290) {
          violations.append("\(name)[\(i)] quadrature \(a[i]), closed form \(b[i]): not covered, \(what), \(point)")
        } else if !(deviation <= PoleSumKernelTests.tolerance * scale) {
          violations.append("\(name)[\(i)] quadrature \(a[i]), closed form \(b[i]): outside tolerance, \(what), \(point)")
        }
      }
    }
  }

  /// States around a given one: its own, T = 0, tiny T, and biases at and next to every mode energy.
  static func states(_ point: OperatingPoint, modes: [Double]) -> [OperatingPoint] {
    var result = [point]
    var cold = point
    for t in [0, 1e-8, 1e-3, 0.2, 10] {
      cold.temperatures = point.temperatures.map { _ in t }
      result.append(cold)
      for w in modes {
        for distance in [0, 1e-12, -1e-12, 1e-9, -1e-6, 1e-3] {
          var near = cold
          near.chemicalPotentials[1] = near.chemicalPotentials[0] - (w + distance)
          result.append(near)
        }
      }
    }
    return result
  }

  @Test("closed forms agree with quadrature on random wide-band junctions, at and next to resonant bias, down to T = 0")
  func randomJunctions() throws {
    print("PoleSumKernelTests seed \(Self.seed)")
    var limits = RandomJunctions.Limits()
    limits.orbitals = 1...5
    limits.chainProbability = 0
    limits.modes = 1...2
    var routes = Routes()
    for random in RandomJunctions.make(count: 25, from: Self.seed, limits: limits) {
      try routes.compare(
        random.junction, Self.states(random.point, modes: random.junction.bosons.modeEnergies), "\(random)")
    }
    print("closed forms: \(routes.closed) modes, worst \(routes.worst), violations \(routes.violations.count)")
    #expect(routes.closed > 20)
    #expect(routes.violations.prefix(5) == [])
  }

  static func twoLevels(_ energies: [Double], _ gammas: [Double], hopping: Double = 0) throws -> Junction {
    try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[energies[0], hopping], [hopping, energies[1]]])),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: gammas[0]), .wideBand("R", orbitals: [1], broadening: gammas[1]),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0.1, 0.3], [0.3, -0.05]])]))
  }

  static let point = OperatingPoint(chemicalPotentials: [0.3, -0.4], temperatures: [0.1, 0.1], bathTemperatures: [0.3])

  @Test("exactly and almost coinciding poles agree with quadrature", arguments: [1e-6, 1e-3, 0.3])
  func coincidingPoles(width: Double) throws {
    var routes = Routes()
    // Levels one mode apart with one width: double poles. Detuned by a fraction of the width: merged or told apart.
    for detuning in [0, 1e-12, 1e-7, 3e-4, 0.9e-3, 1.1e-3, 3e-3, 0.1] {
      let junction = try Self.twoLevels([0.5 + detuning * width, -0.5], [width, width])
      try routes.compare(junction, Self.states(Self.point, modes: [1]), "width \(width), detuning \(detuning)")
    }
    // Degenerate levels.
    try routes.compare(Self.twoLevels([0.2, 0.2], [width, width]), Self.states(Self.point, modes: [1]), "degenerate")
    print("width \(width): closed \(routes.closed), worst \(routes.worst), violations \(routes.violations.count)")
    #expect(routes.violations.prefix(5) == [])
  }

  @Test("exceptional points, exact and approached, agree with quadrature")
  func exceptionalPoints() throws {
    var routes = Routes()
    // Two equal levels with widths g1, g2 coalesce at t = |g1 - g2|/4.
    for distance in [0, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2] {
      let junction = try Self.twoLevels([0.2, 0.2], [0.5, 0.1], hopping: 0.1 * (1 + distance))
      routes.twin = try TextbookTwin(junction)
      try routes.compare(junction, [Self.point], "distance \(distance)")
    }
    print("exceptional points: closed \(routes.closed), worst \(routes.worst)")
    #expect(routes.violations.prefix(5) == [])
  }
}
