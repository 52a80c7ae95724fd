import Foundation
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@testable import TerminalTransport
@testable import TransportResults

/// Landauer by itself, Theory.md section 11.
@Suite("Landauer by itself")
struct TerminalSolverTests {
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"].flatMap { Int($0) } ?? 60
    return (0..<UInt64(count)).map { 1400 + $0 }
  }()

  static func run(
    _ terminals: Terminals, _ temperatures: [Double], _ potentials: [Double]? = nil, tolerance: Double = 1e-10,
    particles: Bool = true, conductance: Bool = false
  ) throws -> TerminalCurrents {
    let nu = potentials ?? temperatures.map { _ in 0 }
    let points = OperatingPoints(
      chemicalPotentials: [], temperatures: [], bathTemperatures: temperatures.map { [$0] },
      bathChemicalPotentials: nu.map { [$0] }, count: 1)
    let solver = try TerminalSolver(
      terminals, points: points, tolerance: tolerance,
      options: .init(particles: particles, heat: true, conductance: conductance))
    var result = TerminalCurrents(baths: temperatures.count)
    try TerminalWorker(solver).evaluate(0, into: &result)
    return result
  }

  static func two(
    _ particles: Terminals.Particles, _ function: TransmissionFunction, degeneracy: Double = 1
  ) throws -> Terminals {
    try Terminals(
      particles, degeneracy: degeneracy, baths: ["a", "b"], transmissions: [.init(from: "a", to: "b", function)])
  }

  static let perfect = TransmissionFunction(.constant(height: 1))

  @Test("random terminals agree with plain quadrature, the errors cover the deviation", .tags(.twin), arguments: seeds)
  func twin(seed: UInt64) throws {
    let random = RandomTerminals(seed: seed)
    let fast = try Self.run(random.terminals, random.temperatures, random.potentials)
    let twin = TwinTerminals(random.terminals, temperatures: random.temperatures, potentials: random.potentials).currents()
    for p in random.temperatures.indices {
      for (what, a, b, error) in [
        ("energy", fast.energy[p], twin.energy[p], twin.errors.energy),
        ("particles", fast.particles[p], twin.particles[p], twin.errors.particles),
        ("heat", fast.heat[p], twin.heat[p], twin.errors.heat),
      ] {
        #expect(abs(a.value - b) <= a.error + 3 * error + 1e-300, "\(what)[\(p)] \(a), twin \(b) +- \(error), \(random)")
      }
    }
    let (energy, particles, _) = fast.relativeErrors
    #expect(energy < 1e-10 && particles < 1e-10, "\(energy) \(particles) \(random)")
  }

  @Test("energy and particles are conserved, entropy is produced, equal baths exchange nothing", .tags(.law), arguments: seeds)
  func laws(seed: UInt64) throws {
    let random = RandomTerminals(seed: seed)
    let fast = try Self.run(random.terminals, random.temperatures, random.potentials)
    for (list, gross) in [(fast.energy, fast.grossEnergy), (fast.particles, fast.grossParticles)] {
      let sum = list.reduce(Estimate()) { $0 + $1 }
      // 1e-15: what flows between two baths is booked twice with opposite signs; a circle adds up to its sum rule.
      #expect(abs(sum.value) <= (random.terminals.isNonreciprocal ? sum.error : 0) + 1e-15 * gross, "\(sum), \(random)")
    }
    #expect(fast.entropyProduction.value >= -fast.entropyProduction.error, "\(fast.entropyProduction), \(random)")
    let same = random.temperatures.map { _ in random.temperatures.max()! }
    let nu = random.temperatures.map { _ in random.potentials.min()! }
    let equilibrium = try Self.run(random.terminals, same, nu)
    #expect(equilibrium.energy.allSatisfy { $0.value == 0 } && equilibrium.particles.allSatisfy { $0.value == 0 }, "\(random)")
  }

  @Test("renaming and reordering the baths changes nothing", .tags(.law), arguments: seeds.prefix(10))
  func renaming(seed: UInt64) throws {
    let random = RandomTerminals(seed: seed)
    let names = random.terminals.names
    let mirrored = try Terminals(
      random.terminals.particles, degeneracy: random.terminals.degeneracy, baths: names.reversed(),
      transmissions: random.terminals.links.map {
        .init(from: names[$0.from], to: names[$0.to], random.terminals.functions[$0.function])
      })
    let here = try Self.run(random.terminals, random.temperatures, random.potentials)
    let there = try Self.run(mirrored, random.temperatures.reversed(), random.potentials.reversed())
    for (p, q) in zip(names.indices, names.indices.reversed()) {
      #expect(abs(here.energy[p].value - there.energy[q].value) <= here.energy[p].error + there.energy[q].error)
      #expect(abs(here.particles[p].value - there.particles[q].value) <= here.particles[p].error + there.particles[q].error)
    }
  }

  @Test("one perfect channel of bosons or electrons carries pi^2 k_B^2 T/3h of heat per kelvin", .tags(.limit))
  func quantumOfThermalConductance() throws {
    for particles in Terminals.Particles.allCases {
      let terminals = try Self.two(particles, Self.perfect)
      for t in [1e-6, 0.03, 1, 400] {
        let result = try Self.run(terminals, [t, t], particles: false, conductance: true)
        let quantum = Double.pi * t / 6  // pi^2 k_B^2 T/3h with hbar = k_B = 1
        #expect(abs(result.thermalConductance[1].value / quantum - 1) < 1e-12, "\(particles) T = \(t)")
        #expect(result.thermalConductance[0].value == -result.thermalConductance[1].value)
        #expect(result.thermalConductance[1].error < 1e-12 * quantum)
        // The whole difference: pi (T_a^2 - T_b^2)/12, no linearisation.
        let flow = try Self.run(terminals, [t, 0.5 * t], particles: false)
        let exact = Double.pi / 12 * 0.75 * t * t
        #expect(abs(flow.energy[1].value / exact - 1) < 1e-12)
        let cold = try Self.run(terminals, [t, 0], particles: false)
        #expect(abs(cold.energy[1].value / (Double.pi / 12 * t * t) - 1) < 1e-12)
      }
    }
  }

  @Test("quantum of conductance e^2/h per spin, and Wiedemann-Franz with L_0 = pi^2/3, at any temperature", .tags(.limit))
  func quantumOfConductance() throws {
    let terminals = try Self.two(.fermions, Self.perfect, degeneracy: 2)
    for t in [0, 1e-5, 0.1, 3] {
      let v = 0.01
      let result = try Self.run(terminals, [t, t], [5 + v, 5])
      #expect(abs(result.particles[1].value / (2 * v / (2 * Double.pi)) - 1) < 1e-11, "T = \(t): \(result.particles)")
      // Joule's heat V^2/h per spin is shared by both contacts.
      #expect(abs(result.heat[0].value + result.heat[1].value - 2 * v * v / (2 * Double.pi)) < 1e-13)
    }
    let thermal = try Self.run(terminals, [0.3, 0.3], [5, 5], conductance: true)
    let conductance = 2 / (2 * Double.pi)
    #expect(abs(thermal.thermalConductance[1].value / (conductance * 0.3) / (Double.pi * Double.pi / 3) - 1) < 1e-11)
  }

  @Test("electrons through a box: logarithms and dilogarithms; at T = 0 polynomials of the step", .tags(.limit))
  func fermionBox() throws {
    let terminals = try Self.two(.fermions, TransmissionFunction(.constant(height: 0.5), from: -0.4, to: 0.7))
    func number(_ mu: Double, _ t: Double) -> Double {
      // int f de = T ln[(1 + e^((mu - a)/T))/(1 + e^((mu - b)/T))]
      t * (Double.log(onePlus: Double.exp((mu + 0.4) / t)) - Double.log(onePlus: Double.exp((mu - 0.7) / t)))
    }
    for t in [0.02, 0.1, 1, 30] {
      let result = try Self.run(terminals, [t, 2 * t], [0.3, -0.1])
      let exact = 0.5 / (2 * Double.pi) * (number(0.3, t) - number(-0.1, 2 * t))
      #expect(abs(result.particles[1].value - exact) < 1e-12 * abs(number(0.3, t)), "T = \(t)")
    }
    let cold = try Self.run(terminals, [0, 0], [0.3, -0.1])
    #expect(abs(cold.particles[1].value - 0.5 * 0.4 / (2 * Double.pi)) < 1e-16)
    #expect(abs(cold.energy[1].value - 0.25 * (0.09 - 0.01) / (2 * Double.pi)) < 1e-16)
    // A microkelvin above zero changes the numbers by T^2 only.
    let tiny = try Self.run(terminals, [1e-12, 1e-12], [0.3, -0.1])
    #expect(abs(tiny.energy[1].value - cold.energy[1].value) < 1e-16)
  }

  @Test(
    "bosons above a gap with a chemical potential: logarithms and a dilogarithm, up to the edge of condensation", .tags(.limit))
  func bosonBox() throws {
    let gap = 1.0
    let terminals = try Self.two(.bosons, TransmissionFunction(.constant(height: 1), from: gap, to: 4))
    func number(_ nu: Double, _ t: Double) -> Double {
      // int n dw = T ln[(1 - e^-(b - nu)/T)/(1 - e^-(a - nu)/T)]
      t * (Double.log(-Double.expMinusOne(-(4 - nu) / t)) - Double.log(-Double.expMinusOne(-(gap - nu) / t)))
    }
    for nu in [0.0, 0.9, 0.999_999, 1 - 1e-12] {
      let result = try Self.run(terminals, [0.2, 0.1], [nu, 0])
      let exact = (number(nu, 0.2) - number(0, 0.1)) / (2 * Double.pi)
      // 1 - nu = 1e-12 itself is known to 1e-4 only; the logarithm loses 1e-5 of its 28.
      let slack = nu > 0.99999999 ? 1e-5 : 1e-11
      #expect(abs(result.particles[1].value / exact - 1) < slack, "nu = \(nu): \(result.particles[1]) \(exact)")
    }
    #expect(throws: SolverError.self) { try Self.run(terminals, [0.2, 0.1], [1.0, 0]) }
    #expect(throws: SolverError.self) { try Self.run(terminals, [0.2, 0.1], [1.2, 0]) }
  }

  @Test("radiation through tau = w^3: Stefan's T^5 zeta(5), over twelve decades of temperature in one sweep", .tags(.limit))
  func powerLaw() throws {
    let terminals = try Self.two(.bosons, TransmissionFunction(.power(energy: 1, exponent: 3, height: 1, cutoff: nil)))
    let zeta5 = 1.036927755143369926331365486457
    let temperatures = (0...12).map { Double.pow(10, Double($0) - 6) }
    let points = OperatingPoints(
      chemicalPotentials: [], temperatures: [], bathTemperatures: [temperatures, temperatures.map { _ in 0 }],
      bathChemicalPotentials: [], count: temperatures.count)
    let solver = try TerminalSolver(
      terminals, points: points, tolerance: 1e-10, options: .init(particles: true, heat: true, conductance: false))
    let worker = TerminalWorker(solver)
    var result = TerminalCurrents(baths: 2)
    for (state, t) in temperatures.enumerated() {
      try worker.evaluate(state, into: &result)
      let exact = 24 * zeta5 * Double.pow(t, 5) / (2 * Double.pi)
      #expect(abs(result.energy[1].value / exact - 1) < 1e-11, "T = \(t): \(result.energy[1].value / exact)")
      let number = 6 * (Double.pi * Double.pi * Double.pi * Double.pi / 90) * Double.pow(t, 4) / (2 * Double.pi)
      #expect(abs(result.particles[1].value / number - 1) < 1e-11)
    }
  }

  @Test("far below a gap currents are exponentially small, not zero, with all their digits", .tags(.limit))
  func gap() throws {
    let bosons = try Self.two(.bosons, TransmissionFunction(.constant(height: 1), from: 3, to: 5))
    let t = 0.01
    // int_3^5 w e^(-w/T) dw = T (3 + T) e^-300 up to e^-500.
    let result = try Self.run(bosons, [t, 0])
    let exact = t * (3 + t) * Double.exp(-300) / (2 * Double.pi)
    #expect(abs(result.energy[1].value / exact - 1) < 1e-12, "\(result.energy[1].value / exact)")
    let electrons = try Self.two(.fermions, TransmissionFunction(.constant(height: 1), from: 3, to: 5))
    let flow = try Self.run(electrons, [t, 0])
    #expect(abs(flow.energy[1].value / exact - 1) < 1e-12, "\(flow.energy[1].value / exact)")
  }

  @Test("a Lorentzian of width 1e-6 carries what a delta function carries", .tags(.limit))
  func narrow() throws {
    let width = 1e-6
    let terminals = try Self.two(.bosons, TransmissionFunction(.lorentzian(energy: 1, width: width, height: 1), from: 0.5))
    let result = try Self.run(terminals, [1, 0.5], tolerance: 1e-8)
    let n = { (t: Double) in 1 / Double.expMinusOne(1 / t) }
    let area = 0.5 * Double.pi * width / (2 * Double.pi)
    // The tails carry some parts in 1e6 of it.
    #expect(abs(result.particles[1].value / (area * (n(1) - n(0.5))) - 1) < 1e-5)
    // Energies near 1 are rounded to 2e-10 of the width, and the error estimate knows.
    #expect(result.relativeErrors.energy < 2e-9)
  }

  /// Transmissions that fall below every number somewhere in the window, at 300 K in eV.
  static let decays: [(Terminals.Particles, String, @Sendable (Double) -> Double, kinks: [Double])] = [
    (.fermions, "Gaussian", { Double.exp(-(($0 - 0.05) / 0.02) * (($0 - 0.05) / 0.02)) }, [-0.05, 0.03, 0.05, 0.07, 0.15]),
    (
      .fermions, "narrow Gaussian", { Double.exp(-(($0 - 0.05) / 0.002) * (($0 - 0.05) / 0.002)) },
      [0.04, 0.048, 0.05, 0.052, 0.06]
    ),
    (.fermions, "step that ends in rounding", { 0.5 * (1 - Double.tanh(($0 - 0.1) / 0.01)) }, [0.08, 0.1, 0.12]),
    (.bosons, "exponential", { Double.exp(-$0 / 0.001) }, [1e-4, 1e-3, 1e-2, 0.04]),
    (
      .bosons, "narrow Gaussian", { Double.exp(-(($0 - 0.05) / 0.002) * (($0 - 0.05) / 0.002)) },
      [0.04, 0.048, 0.05, 0.052, 0.06]
    ),
  ]

  @Test(
    "transmissions that decay below every number agree with plain quadrature, beside a bath of 1e6 K too", .tags(.twin),
    arguments: 0..<5)
  func decays(index: Int) throws {
    let (particles, name, tau, kinks) = Self.decays[index]
    let room = 300 * PhysicalConstants.boltzmannInElectronVolts
    let fast = try Self.two(particles, TransmissionFunction(.expression(text: name, breakpoints: [], value: tau)))
    let slow = try Self.two(particles, TransmissionFunction(.expression(text: name, breakpoints: kinks, value: tau)))
    for hot in [1.1 * room, 1e6 / 300 * room] {
      let nu = particles == .fermions ? [0.1, 0] : [0, 0]
      let result = try Self.run(fast, [hot, room], nu, particles: particles == .fermions, conductance: true)
      let twin = TwinTerminals(slow, temperatures: [hot, room], potentials: nu).currents()
      // 1e-11 of the gross flow: the twin's own quadrature is asked for 1e-12.
      #expect(
        abs(result.energy[1].value - twin.energy[1]) <= result.energy[1].error + twin.errors.energy + 1e-11 * result.grossEnergy,
        "\(name), \(hot): \(result.energy[1]), twin \(twin.energy[1])")
      #expect(result.energy[1].value != 0 && result.relativeErrors.energy < 1e-10 && result.relativeErrors.conductance < 1e-10)
    }
  }

  @Test("far hotter than what is transmitted, a power with a cutoff gives the classical (T_a - T_b) int tau", .tags(.limit))
  func hotPower() throws {
    for cutoff in [1e-3, 1e-5] {
      let terminals = try Self.two(
        .bosons, TransmissionFunction(.power(energy: 0.01, exponent: 2, height: 1, cutoff: cutoff)))
      let result = try Self.run(terminals, [200, 100])
      let exact = 100 * 2 * cutoff * cutoff * cutoff / 1e-4 / (2 * Double.pi)
      // n = T/w - 1/2 + O(w/T): (cutoff/T)^2 = 1e-10 times 1 at most.
      #expect(abs(result.energy[1].value / exact - 1) < 1e-9, "\(result.energy[1].value / exact)")
    }
  }

  @Test("a narrow Gaussian above a deep gap keeps the digits of its e^-300", .tags(.limit))
  func deepGaussian() throws {
    let width = 0.001
    let terminals = try Self.two(
      .bosons,
      TransmissionFunction(
        .expression(text: "", breakpoints: []) { Double.exp(-(($0 - 3) / width) * (($0 - 3) / width)) }, from: 2.9))
    let t = 0.01
    let result = try Self.run(terminals, [t, 0])
    // int e^(-x^2/s^2) e^(-(3 + x)/T) (3 + x) dx = sqrt(pi) s e^(-3/T) e^(s^2/4T^2) (3 - s^2/2T); what `from` cuts is e^-9990.
    let exact =
      Double.pi.squareRoot() * width * Double.exp(-300 + 0.0025) * (3 - 0.5e-6 / t) / (2 * Double.pi)
    #expect(abs(result.energy[1].value / exact - 1) < 1e-11, "\(result.energy[1].value / exact)")
  }

  @Test("a transmission that oscillates faster than any mesh is named by its pair")
  func unresolved() throws {
    let terminals = try Self.two(
      .fermions, TransmissionFunction(.expression(text: "", breakpoints: []) { abs(Double.sin(1e6 * $0)) }))
    do {
      _ = try Self.run(terminals, [1, 0.5])
      Issue.record("resolved")
    } catch let error as SolverError {
      #expect(error.code == .notConverged && error.subject == .transmission(from: "a", to: "b"), "\(error)")
    }
  }

  @Test(
    "the conductance matrix is the derivative of the heat: central differences agree", .tags(.law), arguments: seeds.prefix(12))
  func conductances(seed: UInt64) throws {
    let random = RandomTerminals(seed: seed)
    let temperatures = random.temperatures.map { max($0, 0.05) }
    let count = temperatures.count
    let g = try Self.run(random.terminals, temperatures, random.potentials, conductance: true).thermalConductance
    for q in 0..<count {
      let h = 1e-3 * temperatures[q]
      func heat(_ steps: Double) throws -> [Double] {
        var moved = temperatures
        moved[q] += steps * h
        return try Self.run(random.terminals, moved, random.potentials, tolerance: 1e-12).heat.map(\.value)
      }
      let (a, b, c, d) = (try heat(-2), try heat(-1), try heat(1), try heat(2))
      for p in 0..<count {
        let slope = (8 * (c[p] - b[p]) - (d[p] - a[p])) / (12 * h)
        let scale = g.reduce(0) { max($0, abs($1.value)) }
        // Fourth order with steps of T/1000: (h/T)^4 times a factor of some hundred at low T.
        #expect(abs(g[p * count + q].value - slope) < 1e-8 * scale, "\(p)\(q) \(g[p * count + q]) \(slope) \(random)")
      }
    }
  }

  @Test("what cannot be is refused: broken sum rules, negative transmissions, endless numbers of soft bosons")
  func refusals() throws {
    func subject(_ body: () throws -> Void) -> SolverError.Subject? {
      do {
        try body()
        return nil
      } catch let error as SolverError { return error.subject } catch { return nil }
    }
    let half = TransmissionFunction(.constant(height: 0.5))
    let broken = try Terminals(
      .fermions, baths: ["a", "b"], transmissions: [.init(from: "a", to: "b", Self.perfect), .init(from: "b", to: "a", half)])
    #expect(subject { _ = try Self.run(broken, [1, 1]) } == .transmissions)
    let circle = try Terminals(
      .fermions, baths: ["a", "b", "c"],
      transmissions: [
        .init(from: "a", to: "b", Self.perfect), .init(from: "b", to: "a", half), .init(from: "b", to: "c", Self.perfect),
        .init(from: "c", to: "b", half), .init(from: "c", to: "a", Self.perfect), .init(from: "a", to: "c", half),
      ])
    #expect(subject { _ = try Self.run(circle, [1, 0.5, 1]) } == nil)
    let negative = try Self.two(.fermions, TransmissionFunction(.expression(text: "w", breakpoints: []) { $0 }))
    #expect(subject { _ = try Self.run(negative, [1, 1]) } == .transmission(from: "a", to: "b"))
    let soft = try Self.two(.bosons, Self.perfect)
    #expect(subject { _ = try Self.run(soft, [1, 0.5]) } == .transmission(from: "a", to: "b"))
    #expect(subject { _ = try Self.run(soft, [1, 0.5], particles: false) } == nil)
    #expect(subject { _ = try Self.run(soft, [1, 0.5], [-0.1, 0], particles: false) } == .transmission(from: "a", to: "b"))
    #expect(subject { _ = try Self.run(soft, [1, 0.5], [-0.1, -1e-9]) } == nil)
  }
}
