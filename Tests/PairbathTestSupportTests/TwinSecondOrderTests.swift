import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Twin of the complete second-order currents")
struct TwinSecondOrderTests {
  /// Two to four levels with complex hopping, three electrodes (chains among them), one or two modes; hot, cold and T = 0.
  static let junctions = RandomJunctions.make(count: 12, from: 301, limits: limits)

  /// The same without chains, whose orbital a change of basis would smear out.
  static let wideBands: [RandomJunction] = {
    var limits = Self.limits
    limits.chainProbability = 0
    return RandomJunctions.make(count: 4, from: 401, limits: limits)
  }()

  static var limits: RandomJunctions.Limits {
    var limits = RandomJunctions.Limits()
    limits.orbitals = 2...4
    limits.electrodes = 3...3
    limits.modes = 1...2
    limits.broadening = 0.05...2
    return limits
  }

  @Test(
    "no particle and no energy is lost: the corrections of all electrodes add up to nothing", .tags(.law), arguments: junctions)
  func conservation(_ random: RandomJunction) throws {
    let currents = try TwinSecondOrder(random.junction, at: random.point, level: .sharp).currents()
    #expect(currents.allSatisfy { $0.converged }, "\(random)")
    for path in [\TwinSecondOrderCurrent.inelastic, \.correction, \.correctionEnergy, \.hartree, \.hartreeEnergy] {
      let values = currents.map { $0[keyPath: path].value }
      let scale = values.map { abs($0) }.reduce(0, +)
      #expect(scale > 1e-7, "\(random)")
      // Rounding and the target 1e-10 of every integral; found to be below 1e-13.
      #expect(abs(values.reduce(0, +)) < 1e-11 * scale, "\(random)")
    }
  }

  @Test(
    "the inelastic part is that of golden-rule rates, the sum of its energies is J", .tags(.law), arguments: junctions.prefix(6))
  func inelastic(_ random: RandomJunction) throws {
    let currents = try TwinSecondOrder(random.junction, at: random.point, level: .sharp).currents()
    let rates = try TextbookTwin(random.junction).sharpCurrents(at: random.point)
    let scale = rates.inelasticParticleCurrents.map { abs($0) }.max()!
    let energyScale = rates.electrodeEnergyCurrents.map { abs($0) }.max()!
    for (a, c) in currents.enumerated() {
      #expect(abs(c.inelastic.value - rates.inelasticParticleCurrents[a]) < 1e-10 * scale, "\(random)")
      #expect(abs(c.inelasticEnergy.value - rates.electrodeEnergyCurrents[a]) < 1e-10 * energyScale, "\(random)")
    }
    let total = currents.reduce(0) { $0 + $1.totalEnergy.value }
    #expect(abs(total - rates.energyCurrent) < 1e-10 * energyScale, "\(random)")
  }

  @Test(
    "the self-energy's two forms agree: S^r is the Hilbert transform of S^> - S^<", .tags(.law), arguments: junctions.prefix(6))
  func hilbertTransform(_ random: RandomJunction) throws {
    let twin = try TwinSecondOrder(random.junction, at: random.point, level: .sharp)
    for energy in [0.37] {
      let s = try twin.selfEnergies(at: energy)
      let transformed = try twin.retardedFromDissipation(at: energy)
      #expect((s.retarded - transformed).norm < 1e-9 * s.retarded.norm, "\(random)")
      // The dissipation alone does not determine what is compared: the Hermitian part is of the same size.
      #expect(s.retarded.hermitianPart.norm > 1e-2 * s.retarded.norm, "\(random)")
      #expect(((s.greater - s.lesser) - (s.retarded - s.retarded.adjoint)).norm < 1e-12 * s.retarded.norm, "\(random)")
    }
  }

  @Test("the integrand is Tr[Sigma^< dG^> - Sigma^> dG^<] as it is written", .tags(.twin), arguments: junctions)
  func integrand(_ random: RandomJunction) throws {
    let twin = try TwinSecondOrder(random.junction, at: random.point, level: .sharp)
    for energy in [-1.7, -0.21, 0.43] {
      let expected = try (0..<3).map { try twin.keldyshIntegrand(electrode: $0, energy: energy) }
      let scale = expected.map { abs($0) }.max()!
      for a in 0..<3 {
        // Below the Fermi energies the terms of the formula as written cancel.
        #expect(abs(try twin.integrand(electrode: a, energy: energy) - expected[a]) < 1e-10 * scale + 1e-16, "\(random)")
      }
    }
  }

  @Test("the correction vanishes where the levels are joined by M alone", .tags(.limit))
  func doubleDotHasNone() throws {
    for point in [state([10.4, 9.3], [0.3, 0.5], bath: 0.7), state([10.9, 9.1], [0, 0], bath: 0)] {
      let currents = try TwinSecondOrder(doubleDot(), at: point, level: .sharp).currents()
      for c in currents {
        #expect(abs(c.correction.value) < 1e-13 * abs(c.inelastic.value))
        #expect(abs(c.correctionEnergy.value) < 1e-13 * abs(c.inelasticEnergy.value))
        #expect(abs(c.hartree.value) < 1e-13 * abs(c.inelastic.value))
      }
    }
  }

  @Test("equilibrium: inelastic part and correction vanish each by itself", .tags(.law), arguments: junctions.prefix(6))
  func equilibrium(_ random: RandomJunction) throws {
    var point = random.point
    point.chemicalPotentials = [0.2, 0.2, 0.2]
    point.temperatures = [0.4, 0.4, 0.4]
    point.bathTemperatures = point.bathTemperatures.map { _ in 0.4 }
    let still = try TwinSecondOrder(random.junction, at: point, level: .sharp).currents()
    point.chemicalPotentials = [0.3, 0.2, 0.1]
    let moving = try TwinSecondOrder(random.junction, at: point, level: .sharp).currents()
    for path in [\TwinSecondOrderCurrent.inelastic, \.correction, \.inelasticEnergy, \.correctionEnergy, \.hartree] {
      let scale = moving.map { abs($0[keyPath: path].value) }.max()!
      for c in still { #expect(abs(c[keyPath: path].value) < 1e-11 * scale, "\(random)") }
    }
  }

  @Test("twice the coupling: four times the currents", .tags(.law), arguments: junctions.prefix(4))
  func scaling(_ random: RandomJunction) throws {
    let j = random.junction
    let doubled = try Junction(
      conductor: j.conductor, electrodes: j.electrodes, bosons: j.bosons, baths: j.baths,
      coupling: Coupling(j.coupling.convention, j.coupling.matrices.map { Scalar(2, 0) * $0 }))
    let one = try TwinSecondOrder(j, at: random.point, level: .sharp).currents()
    let two = try TwinSecondOrder(doubled, at: random.point, level: .sharp).currents()
    for (a, b) in zip(one, two) {
      #expect(deviation(b.correction.value, 4 * a.correction.value) < 1e-12, "\(random)")
      #expect(deviation(b.hartree.value, 4 * a.hartree.value) < 1e-11, "\(random)")
    }
  }

  @Test("neither the electrons' basis nor the order of the electrodes changes anything", .tags(.law), arguments: wideBands)
  func basis(_ random: RandomJunction) throws {
    let j = random.junction
    let n = j.conductor.orbitals
    var numbers = SplitMix64(seed: random.seed)
    let u = try HermitianEigenproblem(RandomJunctions.hermitian(n, &numbers)).vectors
    func turn(_ a: Matrix) -> Matrix { Matrix.product(u, .adjoint, a, .plain) * u }
    func hermitian(_ a: Matrix) -> Matrix { turn(a).hermitianPart }
    let electrodes = j.electrodes.map { e -> Electrode in
      guard case .wideBand(let gamma) = e.kind else { return e }
      return Electrode(e.name, .wideBand(broadening: hermitian(gamma)))
    }
    let turned = try Junction(
      conductor: Conductor(
        hamiltonian: hermitian(j.conductor.hamiltonian), overlap: j.conductor.overlap.map(hermitian),
        spinDegeneracy: j.conductor.spinDegeneracy), electrodes: electrodes.reversed(), bosons: j.bosons, baths: j.baths,
      coupling: Coupling(j.coupling.convention, j.coupling.matrices.map(hermitian)))
    var point = random.point
    point.chemicalPotentials.reverse()
    point.temperatures.reverse()
    let before = try TwinSecondOrder(j, at: random.point, level: .sharp).currents()
    let after = try TwinSecondOrder(turned, at: point, level: .sharp).currents()
    let scale = before.map { abs($0.correction.value) }.max()!
    for (a, b) in zip(before, after.reversed()) {
      #expect(abs(a.correction.value - b.correction.value) < 1e-10 * scale, "\(random)")
      #expect(abs(a.hartree.value - b.hartree.value) < 1e-10 * scale, "\(random)")
    }
  }

  @Test(
    "undressed bosons of finite damping: the golden-rule rates of the other twin, nothing lost", .tags(.twin), arguments: [0, 1])
  func landauer(index: Int) throws {
    let (junction, point) = try Self.damped(index)
    let currents = try TwinSecondOrder(junction, at: point, level: .landauer, tolerance: 1e-9).currents()
    let rates = try TwinBosons(junction, at: point, level: .landauer, tolerance: 1e-9).currents(tolerance: 1e-8)
    #expect(currents.allSatisfy { $0.converged } && rates.converged)
    let scale = rates.electrodeParticleCurrents.map { abs($0) }.max()!
    for (a, c) in currents.enumerated() {
      #expect(abs(c.inelastic.value - rates.electrodeParticleCurrents[a]) < 1e-8 * scale)
      #expect(abs(c.inelasticEnergy.value - rates.electrodeEnergyCurrents[a]) < 1e-8 * scale)
    }
    for path in [\TwinSecondOrderCurrent.correction, \.correctionEnergy, \.hartree] {
      let values = currents.map { $0[keyPath: path].value }
      #expect(abs(values.reduce(0, +)) < 1e-9 * values.map { abs($0) }.max()!)
    }
  }

  /// 0: two levels, two coupled modes with baths of two kinds; 1: three electrodes at three temperatures, one Ohmic mode.
  static func damped(_ index: Int) throws -> (Junction, OperatingPoint) {
    let conductor = Conductor(hamiltonian: GoldenNumberTests.hamiltonian)
    let electrodes = [
      Electrode("L", .wideBand(broadening: GoldenNumberTests.left)),
      Electrode("R", .wideBand(broadening: GoldenNumberTests.right)),
    ]
    if index == 0 {
      let junction = try Junction(
        conductor: conductor, electrodes: electrodes,
        bosons: BosonSystem(dynamicalMatrix: Matrix(real: [[1, 0.3], [0.3, 1.3]])),
        baths: [
          BosonBath("p", .ohmic(friction: 0.3), coordinates: [0]),
          BosonBath("q", .drude(friction: 0.2, cutoff: 3), coordinates: [1]),
        ],
        coupling: Coupling(
          .massWeighted, [GoldenNumberTests.coupling, Matrix([[.one, Scalar(0, 1)], [Scalar(0, -1), .zero]])]))
      return (
        junction, OperatingPoint(chemicalPotentials: [0.6, -0.5], temperatures: [0.2, 0.3], bathTemperatures: [0.4, 0.25])
      )
    }
    let third = Electrode.wideBand("T", orbitals: [1], broadening: 0.3)
    let junction = try Junction(
      conductor: conductor, electrodes: electrodes + [third], bosons: BosonSystem(modes: [1]),
      baths: [BosonBath("p", .ohmic(friction: 0.05), coordinates: [0])],
      coupling: Coupling(.massWeighted, [GoldenNumberTests.coupling]))
    return (
      junction,
      OperatingPoint(chemicalPotentials: [0.6, -0.5, 0.1], temperatures: [0.2, 0.3, 0.1], bathTemperatures: [0.4])
    )
  }

  @Test("weak damping: integrals over both energies reach the closed forms of a sharp mode", .tags(.limit))
  func sharpLimit() throws {
    func currents(_ friction: Double, _ level: TwinSecondOrder.Level) throws -> [TwinSecondOrderCurrent] {
      let junction = try Junction(
        conductor: Conductor(hamiltonian: GoldenNumberTests.hamiltonian),
        electrodes: [
          Electrode("L", .wideBand(broadening: GoldenNumberTests.left)),
          Electrode("R", .wideBand(broadening: GoldenNumberTests.right)),
        ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("p", .ohmic(friction: friction), coordinates: [0])],
        coupling: Coupling(.massWeighted, [GoldenNumberTests.coupling]))
      let point = OperatingPoint(chemicalPotentials: [0.6, -0.5], temperatures: [0.2, 0.3], bathTemperatures: [0.4])
      return try TwinSecondOrder(junction, at: point, level: level, tolerance: 1e-9).currents()
    }
    let sharp = try currents(1e-3, .sharp)
    let (weak, weaker) = (try currents(2e-3, .landauer), try currents(1e-3, .landauer))
    for path in [\TwinSecondOrderCurrent.inelastic, \.inelasticEnergy, \.correction, \.correctionEnergy, \.hartree] {
      for a in 0..<2 {
        let limit = sharp[a][keyPath: path].value
        let (one, two) = (weak[a][keyPath: path].value, weaker[a][keyPath: path].value)
        #expect(deviation(two, limit) < 1e-2)
        // Linear in the friction: extrapolation leaves its square.
        #expect(deviation(2 * two - one, limit) < 1e-5)
      }
    }
  }

  @Test("damped bosons: the self-energy's two forms agree", .tags(.law))
  func dampedHilbertTransform() throws {
    let (junction, point) = try Self.damped(1)
    let twin = try TwinSecondOrder(junction, at: point, level: .landauer, tolerance: 1e-6)
    let s = try twin.selfEnergies(at: 0.37)
    let transformed = try twin.retardedFromDissipation(at: 0.37)
    #expect((s.retarded - transformed).norm < 1e-5 * s.retarded.norm)
    #expect(s.retarded.hermitianPart.norm > 1e-2 * s.retarded.norm)
  }
}
