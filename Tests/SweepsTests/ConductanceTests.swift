import BosonPropagators
import ComplexModule
import DenseMatrices
import ElectronSpectra
import Foundation
import JunctionModel
import PairbathTestSupport
import SecondOrderTransport
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

/// dI/dV and d2I/dV2 of the complete second-order current.
struct ConductanceTests {
  private func junction(chains: Bool) throws -> Junction {
    let electrodes =
      chains
      ? [
        Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: -2, coupling: -1))),
        Electrode("R", .chain(ChainLead(orbital: 1, energy: 0.1, hopping: -2.5, coupling: -1))),
      ]
      : [
        Electrode("L", .wideBand(broadening: Matrix(diagonal: [0.8, 0]))),
        Electrode("R", .wideBand(broadening: Matrix(diagonal: [0, 0.5]))),
      ]
    return try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.3, -0.6], [-0.6, -0.2]])), electrodes: electrodes,
      bosons: BosonSystem(modes: [0.7]), baths: [BosonBath("ph", .ohmic(friction: 0.3), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0.1, 0.03], [0.03, -0.05]])]))
  }

  private func request(
    _ junction: Junction, biases: [Double], temperature: Double, level: ComputeSettings.Level, tolerance: Double,
    _ observables: [Observable]
  ) -> SweepRequest {
    let points = biases.map {
      OperatingPoint(
        chemicalPotentials: [0.6 * $0, -0.4 * $0], temperatures: [temperature, 1.3 * temperature], bathTemperatures: [0.3])
    }
    let first = OperatingPoint(chemicalPotentials: [0.6, -0.4], temperatures: [0, 0], bathTemperatures: [0])
    let second = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [0, 0], bathTemperatures: [0])
    return SweepRequest(
      title: "", units: .natural, junction: junction, axes: [SweepAxis("V", biases)],
      points: OperatingPoints(points, electrodes: 2, baths: 1),
      settings: ComputeSettings(level: level, observables: observables, tolerance: tolerance),
      lineAt: { _, name in name == "V" ? StateDerivatives(first: first, second: second) : nil })
  }

  @Test(
    "Derivatives in closed form are those of the integrals, order by order, for random wide-band junctions", .tags(.twin))
  func closedForms() throws {
    var compared = 0
    for seed in UInt64(1501)...1524 {
      var limits = RandomJunctions.Limits()
      (limits.orbitals, limits.chainProbability, limits.broadening) = (1...4, 0, 0.05...3)
      let random = RandomJunctions.make(seed: seed, limits: limits)
      var generator = SplitMix64(seed: seed)
      let n = random.junction.electrodes.count
      let point = OperatingPoint(
        chemicalPotentials: random.point.chemicalPotentials, temperatures: [Double](repeating: 0.2, count: n),
        bathTemperatures: random.point.bathTemperatures)
      let slope = OperatingPoint(
        chemicalPotentials: (0..<n).map { _ in generator.uniform(-1...1) }, temperatures: [Double](repeating: 0, count: n),
        bathTemperatures: point.bathTemperatures.map { _ in generator.uniform(-0.3...0.3) })
      let bend = OperatingPoint(
        chemicalPotentials: (0..<n).map { _ in generator.uniform(-1...1) }, temperatures: [Double](repeating: 0, count: n),
        bathTemperatures: point.bathTemperatures.map { _ in generator.uniform(-0.3...0.3) })
      let request = SweepRequest(
        title: "", units: .natural, junction: random.junction, axes: [],
        points: OperatingPoints([point], electrodes: n, baths: point.bathTemperatures.count),
        settings: ComputeSettings(level: .sharp, observables: [.conductance, .iets], tolerance: 1e-9),
        lineAt: { _, _ in StateDerivatives(first: slope, second: bend) })
      let prepared = try PreparedJunction(random.junction, points: request.points, tolerance: request.kernelTolerance)
      let environment = try BosonEnvironment(random.junction, highest: request.highestBosonFrequency, isTabulated: true)
      let solvers = ConductanceSolvers(prepared, environment, request)
      let line = try request.line(state: 0, reference: prepared.referenceEnergy)
      let kernels = try #require(solvers.closedForms, "seed \(seed)")
      // None where a bias is exactly the energy of a mode, as it is in one of four.
      guard let closed = ClosedFormDerivatives(kernels, order: 2).evaluate(line) else { continue }
      compared += 1
      let work = ParallelWork.inline(until: { false })
      let integrated = try SecondOrderWorker(solvers.secondOrder(work), order: 2).derivatives(line)
      for (name, a, b) in [
        ("elastic", closed.elastic, integrated.elastic), ("inelastic", closed.inelastic, integrated.inelastic),
      ] {
        for k in 1...2 {
          for e in 0..<n {
            let (x, y) = (a.particles[3 * e + k], b.particles[3 * e + k])
            #expect(
              abs(x.value - y.value) <= x.error + y.error + 1e-15 * b.grossRate[k],
              "\(name), order \(k), electrode \(e), seed \(seed): \(x), \(y)")
            // Within the tolerance of the integrals, relative to their gross flows, and in closed form to rounding.
            #expect(abs(x.value - y.value) <= 1e-9 * b.grossRate[k], "\(name) \(k) \(e), seed \(seed)")
            #expect(x.error <= 1e-10 * b.grossRate[k], "\(name) \(k) \(e), seed \(seed): \(x)")
          }
          #expect(a.grossRate[k] <= b.grossRate[k] * (1 + 1e-9), "\(name), order \(k), seed \(seed)")
        }
      }
    }
    #expect(compared >= 8)
  }

  @Test(
    "conductance and IETS are the derivatives of the complete charge current, every part by itself", .tags(.law),
    arguments: [false, true])
  func derivatives(chains: Bool) throws {
    let (bias, h) = (0.9, 4e-3)
    let junction = try junction(chains: chains)
    let result = try SweepRunner(workers: 1).run(
      request(junction, biases: [bias], temperature: 0.1, level: .sharp, tolerance: 1e-7, [.conductance, .iets]))
    let currents = try SweepRunner(workers: 1).run(
      request(
        junction, biases: (-2...2).map { bias + Double($0) * h }, temperature: 0.1, level: .sharp, tolerance: 1e-10,
        [.chargeCurrent]))
    for part in ["", "_elastic", "_inelastic", "_correction"] {
      let i = try #require(currents.variable("charge_current" + part)).values
      let first = (8 * (i[3] - i[1]) - (i[4] - i[0])) / (12 * h)
      let second = (-i[4] + 16 * i[3] - 30 * i[2] + 16 * i[1] - i[0]) / (12 * h * h)
      let (g, s) = (
        try #require(result.variable("conductance" + part)).values[0], try #require(result.variable("iets" + part)).values[0]
      )
      // The fourth-order formulas leave h^4 times the sixth derivative, of order T^-5: some 1e-8; rounding of I over h^2.
      #expect(abs(g - first) <= 1e-7 * abs(first), "\(part): \(g) against \(first)")
      #expect(abs(s - second) <= 1e-5 * abs(second), "\(part): \(s) against \(second)")
    }
  }

  @Test("at level landauer the conductance tends to that of level sharp as the damping vanishes", .tags(.limit))
  func landauer() throws {
    func numbers(_ friction: Double, _ level: ComputeSettings.Level) throws -> [Double] {
      let whole = try junction(chains: false)
      let damped = try Junction(
        conductor: whole.conductor, electrodes: whole.electrodes, bosons: whole.bosons,
        baths: [BosonBath("ph", .ohmic(friction: friction), coordinates: [0])], coupling: whole.coupling)
      let result = try SweepRunner(workers: 1).run(
        request(damped, biases: [0.9], temperature: 0.1, level: level, tolerance: 1e-7, [.conductance]))
      return ["conductance_inelastic", "conductance_correction"].map { result.variable($0)?.values[0] ?? .nan }
    }
    let sharp = try numbers(0.01, .sharp)
    let (coarse, fine) = (try numbers(4e-3, .landauer), try numbers(2e-3, .landauer))
    for i in sharp.indices {
      // Linear in the friction: half the friction, half the difference.
      let (far, near) = (coarse[i] - sharp[i], fine[i] - sharp[i])
      #expect(abs(far) < 0.05 * abs(sharp[i]))
      #expect(abs(near / far - 0.5) < 0.1, "\(coarse) \(fine) \(sharp)")
    }
  }

  @Test(
    "the conductance of one symmetric level steps down at V = W when it is open, up when it is closed, not at all at T = 1/2",
    .tags(.limit))
  func step() throws {
    let width = 400.0
    func relativeStep(_ energy: Double) throws -> Double {
      let half = Matrix(diagonal: [width])
      let junction = try Junction(
        conductor: Conductor(hamiltonian: Matrix(diagonal: [energy])),
        electrodes: [Electrode("L", .wideBand(broadening: half)), Electrode("R", .wideBand(broadening: half))],
        bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
        coupling: Coupling(.dimensionless, [Matrix(diagonal: [1])]))
      let points = [0.5, 1.5].map {
        OperatingPoint(chemicalPotentials: [$0 / 2, -$0 / 2], temperatures: [0.02, 0.02], bathTemperatures: [0.02])
      }
      let first = OperatingPoint(chemicalPotentials: [0.5, -0.5], temperatures: [0, 0], bathTemperatures: [0])
      let none = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [0, 0], bathTemperatures: [0])
      let result = try SweepRunner(workers: 1).run(
        SweepRequest(
          title: "", units: .natural, junction: junction, axes: [SweepAxis("V", [0.5, 1.5])],
          points: OperatingPoints(points, electrodes: 2, baths: 1),
          settings: ComputeSettings(level: .sharp, observables: [.conductance], tolerance: 1e-8),
          lineAt: { _, _ in StateDerivatives(first: first, second: none) }))
      let parts = ["conductance_inelastic", "conductance_correction"].map { result.variable($0)?.values ?? [] }
      // In units of the golden-rule step M^2 Gamma^2 |G|^4.../2W of an open level.
      let step = parts.reduce(0) { $0 + $1[1] - $1[0] }
      let transmission = width * width / (energy * energy + width * width)
      let amplitude = 1 / (energy * energy + width * width)
      return step / (transmission * amplitude / (2 * Double.pi))
    }
    // Closed form: step proportional to 1 - 2 T; corrections of order W/width ln.
    let (open, crossing, closed) = (try relativeStep(0), try relativeStep(width), try relativeStep(6 * width))
    #expect(open < 0)
    #expect(closed > 0)
    #expect(abs(crossing) < 0.05 * abs(open))
    #expect(abs(closed / open + (1 - 2.0 / 37)) < 0.1, "\(open) \(crossing) \(closed)")
  }

  @Test(
    "the quasi-static shift that `dynamic` leaves out is a Hermitian self-energy: its current is that of shifted levels",
    .tags(.law))
  func staticShift() throws {
    let junction = try junction(chains: false)
    func current(_ kind: ComputeSettings.ElasticCorrection) throws -> Double {
      var wanted = request(junction, biases: [0.9], temperature: 0.1, level: .sharp, tolerance: 1e-9, [.chargeCurrent])
      wanted.settings.elasticCorrection = kind
      return try #require(try SweepRunner(workers: 1).run(wanted).variable("charge_current_correction")).values[0]
    }
    // First order in S_static, by the derivative of the transmission with H + s S_static(e), on a fine grid.
    let h = junction.conductor.hamiltonian
    let gammas = [Matrix(diagonal: [0.8, 0]), Matrix(diagonal: [0, 0.5])]
    let m = junction.massWeightedCoupling(mode: 0)
    let occupation = 1 / (Foundation.exp(0.7 / 0.3) - 1)
    func green(_ e: Double, _ shift: Matrix) throws -> Matrix {
      let width = Scalar(0, 0.5) * (gammas[0] + gammas[1])
      return try LUFactorization(Matrix(diagonal: [e, e]) - h - shift + width).inverse
    }
    func transmission(_ e: Double, _ s: Double) throws -> Double {
      let bare = try green(e, Matrix(rows: 2, columns: 2))
      let shift = ((2 * occupation + 1) / (2 * 0.7) * s) * (m * bare.hermitianPart * m)
      let g = try green(e, shift)
      return (gammas[0] * g * Matrix.product(gammas[1], .plain, g, .adjoint)).trace.real
    }
    var expected = 0.0
    let (step, n) = (0.005, 1600)
    for i in 0...n {
      let e = -4 + step * Double(i)
      let f = [(0.54, 0.1), (-0.36, 0.13)].map { 1 / (Foundation.exp((e - $0.0) / $0.1) + 1) }
      let slope = (try transmission(e, 1e-4) - transmission(e, -1e-4)) / 2e-4
      // Simpson's rule.
      let weight = step / 3 * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2)
      expected += weight * slope * (f[0] - f[1]) / (2 * Double.pi)
    }
    let found = try current(.full) - current(.dynamic)
    #expect(abs(expected) > 1e-4)
    // Simpson's rule with T = 20 steps leaves some 1e-7, the difference quotient 1e-8.
    #expect(abs(found - expected) < 1e-6 * abs(expected), "\(found) against \(expected)")
  }

  @Test("a name that no state depends on, and T = 0, are refused with what to do")
  func refusals() throws {
    let junction = try junction(chains: false)
    var wrong = request(junction, biases: [0.5], temperature: 0.1, level: .sharp, tolerance: 1e-6, [.conductance])
    wrong.settings.voltage = "bias"
    #expect(throws: SolverError.self) { try SweepRunner().run(wrong) }
    let cold = request(junction, biases: [0.5], temperature: 0, level: .sharp, tolerance: 1e-6, [.iets])
    #expect(throws: SolverError.self) { try SweepRunner().run(cold) }
  }
}
