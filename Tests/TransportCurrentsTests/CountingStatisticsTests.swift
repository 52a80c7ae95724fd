import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@testable import BosonPropagators
@testable import ElectronSpectra
@testable import TransportCurrents
@testable import TransportResults

@Suite("CountingStatistics")
struct CountingStatisticsTests {
  /// A random junction whose temperatures are all positive and of the order of the other energies.
  static func warm(_ seed: UInt64, electrodes: ClosedRange<Int> = 2...3) -> (Junction, OperatingPoint) {
    var limits = RandomJunctions.Limits.small
    limits.electrodes = electrodes
    limits.broadening = 0.1...2
    limits.chainProbability = 0
    let random = RandomJunctions.make(seed: seed, limits: limits)
    var numbers = SplitMix64(seed: seed)
    var point = random.point
    point.chemicalPotentials = point.chemicalPotentials.map { _ in numbers.uniform(-0.5...0.5) }
    point.temperatures = point.temperatures.map { _ in numbers.uniform(0.3...0.8) }
    point.bathTemperatures = point.bathTemperatures.map { _ in numbers.uniform(0.3...0.8) }
    return (random.junction, point)
  }

  static func fields(_ junction: Junction, _ seed: UInt64, scale: Double) -> CountingFields {
    var numbers = SplitMix64(seed: seed &+ 1000)
    var fields = CountingFields(electrodes: junction.electrodes.count, baths: junction.baths.count)
    func number() -> Scalar { Scalar(scale * numbers.uniform(-1...1), 0) }
    for a in fields.charge.indices { (fields.charge[a], fields.energy[a]) = (number(), number()) }
    for p in fields.bathEnergy.indices { fields.bathEnergy[p] = number() }
    return fields
  }

  static func state(
    _ junction: Junction, _ point: OperatingPoint, tolerance: Double
  ) throws -> (PreparedJunction, OperatingPoints, OperatingState, BosonEnvironment) {
    let points = OperatingPoints([point], electrodes: junction.electrodes.count, baths: junction.baths.count)
    let prepared = try PreparedJunction(
      junction, points: points, tolerance: tolerance, largestFrequency: LandauerSolver.highestFrequency(points))
    let environment = try BosonEnvironment(junction, highest: LandauerSolver.highestFrequency(points))
    return (prepared, points, OperatingState(points, state: 0, reference: prepared.referenceEnergy), environment)
  }

  static func fluctuations(
    _ junction: Junction, _ point: OperatingPoint, _ level: ComputeSettings.Level, tolerance: Double = 1e-9
  ) throws -> StateFluctuations {
    let (prepared, points, state, environment) = try state(junction, point, tolerance: 0.01 * tolerance)
    var result = StateFluctuations(
      electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count)
    try ElasticFluctuations(prepared, tolerance: tolerance).evaluate(state, into: &result)
    if level == .sharp {
      let kernels = try junction.bosons.modeEnergies.indices.map {
        try prepared.pairKernel(at: junction.bosons.modeEnergies[$0], pairs: .diagonal([$0]))
      }
      SharpFluctuations(SharpSolver(prepared, environment: environment, kernels: kernels)).evaluate(state, into: &result)
    } else {
      let solver = try LandauerSolver(prepared, environment: environment, points: points, tolerance: tolerance)
      try LandauerFluctuations(solver).evaluate(state, into: &result)
    }
    return result
  }

  @Test("the scattering matrix is unitary, with overlap, complex orbitals and bands", .tags(.law))
  func unitarity() throws {
    for seed in UInt64(500)..<510 {
      let random = RandomJunctions.make(seed: seed)
      var sampler = ScatteringSampler(try SpectralFactors(random.junction))
      for energy in [-1.3, 0.2, 0.9] {
        try sampler.evaluate(at: energy)
        let c = sampler.channels
        let s = Matrix(rows: c, columns: c, elements: sampler.s)
        #expect((Matrix.product(s, .adjoint, s, .plain) - Matrix.identity(c)).largestMagnitude < 1e-11, "\(random)")
      }
    }
  }

  /// The junction with every matrix changed.
  static func mapped(_ junction: Junction, _ change: (Matrix) -> Matrix, bosons: Bool = true) throws -> Junction {
    let electrodes = junction.electrodes.map { electrode -> Electrode in
      guard case .wideBand(let gamma) = electrode.kind else { return electrode }
      return Electrode(electrode.name, .wideBand(broadening: change(gamma)))
    }
    let conductor = Conductor(
      hamiltonian: change(junction.conductor.hamiltonian), overlap: junction.conductor.overlap.map(change),
      spinDegeneracy: junction.conductor.spinDegeneracy)
    guard bosons else { return try Junction(conductor: conductor, electrodes: electrodes) }
    return try Junction(
      conductor: conductor, electrodes: electrodes, bosons: junction.bosons, baths: junction.baths,
      coupling: Coupling(junction.coupling.convention, junction.coupling.matrices.map(change)))
  }

  static func conjugate(_ m: Matrix) -> Matrix {
    Matrix(rows: m.rows, columns: m.columns, elements: m.elements.map(\.conjugate))
  }

  static func realPart(_ m: Matrix) -> Matrix { 0.5 * (m + conjugate(m)) }

  @Test("fluctuation theorem at level sharp: S(fields) = S(-fields + affinities), baths that exchange heat included", .tags(.law))
  func sharpFluctuationTheorem() throws {
    for seed in UInt64(0)..<10 {
      var (junction, point) = Self.warm(seed)
      // Three electrodes: without a magnetic field.
      if junction.electrodes.count > 2 { junction = try Self.mapped(junction, Self.realPart) }
      let function = try CumulantGeneratingFunction(junction, at: point, level: .sharp, tolerance: 1e-12)
      let fields = Self.fields(junction, seed, scale: 0.05)
      let (x, y) = (try function.value(at: fields), try function.value(at: fields.reflected(at: point)))
      let scale = max(x.value.length, 1e-2)
      #expect((x.value - y.value).length < 1e-10 * scale, "\(seed): \(x) \(y)")
      #expect((x.value - y.value).length <= x.error + y.error + 1e-14, "\(seed): \(x) \(y)")
      #expect(x.value.length > 1e-5)
      let zero = try function.value(
        at: CountingFields(electrodes: junction.electrodes.count, baths: junction.baths.count).reflected(at: point))
      // S(0) = 0: the integral fluctuation theorem of the entropy.
      #expect(zero.value.length < 1e-10 * scale)
    }
  }

  @Test("in a magnetic field three electrodes obey the fluctuation theorem against the reversed field only", .tags(.law))
  func magneticField() throws {
    var violation = 0.0
    for seed in UInt64(20)..<26 {
      let (whole, point) = Self.warm(seed, electrodes: 3...3)
      let junction = try Self.mapped(whole, { $0 }, bosons: false)
      let reversed = try Self.mapped(whole, Self.conjugate, bosons: false)
      var electrons = point
      electrons.bathTemperatures = []
      let fields = Self.fields(junction, seed, scale: 0.3)
      let reflected = fields.reflected(at: electrons)
      let function = try CumulantGeneratingFunction(junction, at: electrons, level: .sharp, tolerance: 1e-12)
      let opposite = try CumulantGeneratingFunction(reversed, at: electrons, level: .sharp, tolerance: 1e-12)
      let (x, y) = (try function.value(at: fields), try opposite.value(at: reflected))
      #expect((x.value - y.value).length < 1e-10 * max(x.value.length, 1e-2), "\(seed): \(x) \(y)")
      violation = max(violation, (x.value - (try function.value(at: reflected)).value).length)
    }
    #expect(violation > 1e-5)
  }

  @Test("fluctuation theorem at level landauer", .tags(.law))
  func landauerFluctuationTheorem() throws {
    for seed in [UInt64(1), 4] {
      let (junction, point) = Self.warm(seed, electrodes: 2...2)
      let function = try CumulantGeneratingFunction(junction, at: point, level: .landauer, tolerance: 1e-11)
      let fields = Self.fields(junction, seed, scale: 0.05)
      let (x, y) = (try function.value(at: fields), try function.value(at: fields.reflected(at: point)))
      #expect((x.value - y.value).length < 1e-10 * max(x.value.length, 1), "\(seed): \(x) \(y)")
      #expect(x.value.length > 1e-4)
    }
  }

  @Test(
    "derivatives of the generating function are the cumulants of the sweep", .tags(.law),
    arguments: [ComputeSettings.Level.sharp, .landauer])
  func derivatives(level: ComputeSettings.Level) throws {
    for seed in level == .sharp ? [UInt64(2), 3, 5] : [UInt64(2)] {
      let (junction, point) = Self.warm(seed, electrodes: level == .sharp ? 2...3 : 2...2)
      let function = try CumulantGeneratingFunction(junction, at: point, level: level, tolerance: level == .sharp ? 1e-13 : 1e-11)
      let cumulants = try Self.fluctuations(junction, point, level, tolerance: level == .sharp ? 1e-10 : 1e-8)
      let (n, h) = (junction.electrodes.count, 0.05)
      func value(_ set: (inout CountingFields, Scalar) -> Void, _ x: Double) throws -> Double {
        var fields = CountingFields(electrodes: n, baths: junction.baths.count)
        set(&fields, Scalar(x, 0))
        return try function.value(at: fields).value.real
      }
      // Central differences of sixth order: seven points.
      func check(_ set: (inout CountingFields, Scalar) -> Void, _ expected: [Estimate], _ what: String) throws {
        let s = try (-3...3).map { $0 == 0 ? 0 : try value(set, Double($0) * h) }
        let first = (-s[0] + 9 * s[1] - 45 * s[2] + 45 * s[4] - 9 * s[5] + s[6]) / (60 * h)
        let second = (2 * s[0] - 27 * s[1] + 270 * s[2] + 270 * s[4] - 27 * s[5] + 2 * s[6]) / (180 * h * h)
        let third = (s[0] - 8 * s[1] + 13 * s[2] - 13 * s[4] + 8 * s[5] - s[6]) / (8 * h * h * h)
        let fourth = (-s[0] + 12 * s[1] - 39 * s[2] - 39 * s[4] + 12 * s[5] - s[6]) / (6 * h * h * h * h)
        let scale = abs(expected[1].value) + abs(expected[3].value)
        // h^6 times the seventh derivative, h^4 times the eighth for the last two.
        for (x, y, tolerance) in [
          (first, expected[0], 1e-6), (second, expected[1], 1e-6), (third, expected[2], 2e-3), (fourth, expected[3], 2e-3),
        ] { #expect(abs(x - y.value) < tolerance * scale, "\(level) \(seed) \(what): \(x) \(y)") }
      }
      for a in 0..<n {
        try check({ $0.charge[a] = $1 }, (1...4).map { cumulants.chargeCumulant($0, electrode: a) }, "charge \(a)")
        // Heat: lambda_a = -mu_a eta_a.
        try check(
          { fields, x in
            fields.energy[a] = x
            fields.charge[a] = Scalar(-point.chemicalPotentials[a], 0) * x
          }, (1...4).map { cumulants.heatCumulant($0, terminal: a) }, "heat \(a)")
      }
      for p in junction.baths.indices {
        try check({ $0.bathEnergy[p] = $1 }, (1...4).map { cumulants.heatCumulant($0, terminal: n + p) }, "bath \(p)")
      }
    }
  }

  @Test(
    "two baths of one mode at different temperatures: the sharp limit of the bosonic Levitov formula, and 4 T^2 times the conductance in equilibrium",
    .tags(.limit)
  )
  func bosonExchange() throws {
    let spectrum = ModeSpectrum(energy: 1, friction: 3e-6)
    var state = OperatingState(electrodes: 0, baths: 2)
    state.bathTemperatures = [0.7, 0.4]
    var broad = StateFluctuations(electrodes: 0, baths: 2, modes: 1)
    BosonExchange.addBroadened(
      spectrum, baths: [0, 1], frictions: [1e-6, 2e-6], state: state, tolerance: 1e-9, to: &broad)
    func link(_ p: Int, _ eta: Double) -> BosonExchange.Link {
      .init(bath: p, friction: eta, occupation: 1 / Double.expMinusOne(1 / state.bathTemperatures[p]), quantum: 1)
    }
    var sharp = StateFluctuations(electrodes: 0, baths: 2, modes: 1)
    BosonExchange.addSharp([link(0, 1e-6), link(1, 2e-6)], total: 3e-6, to: &sharp)
    for order in 1...4 {
      for p in 0..<2 {
        let (x, y) = (broad.heatCumulant(order, terminal: p).value, sharp.heatCumulant(order, terminal: p).value)
        #expect(abs(x - y) < 1e-4 * abs(y), "\(order) \(p): \(x) \(y)")
      }
      #expect(
        abs(
          sharp.heatCumulant(order, terminal: 0).value - (order % 2 == 0 ? 1 : -1) * sharp.heatCumulant(order, terminal: 1).value)
          < 1e-12 * abs(sharp.heatCumulant(order, terminal: 0).value))
    }
    // In equilibrium the noise is 4 T^2 times the thermal conductance, here W (eta_1 eta_2/eta) dn/dT.
    state.bathTemperatures = [0.5, 0.5]
    var equal = StateFluctuations(electrodes: 0, baths: 2, modes: 1)
    BosonExchange.addSharp([link(0, 1e-6), link(1, 2e-6)], total: 3e-6, to: &equal)
    let n = 1 / Double.expMinusOne(2)
    let conductance = 2e-6 / 3 * n * (1 + n) / 0.25
    #expect(abs(equal.heatNoise(0, 0).value - 4 * 0.25 * conductance) < 1e-12 * conductance)
    #expect(abs(equal.heatNoise(0, 1).value + 4 * 0.25 * conductance) < 1e-12 * conductance)
    #expect(abs(equal.heatCumulant(1, terminal: 0).value) < 1e-20)
  }

  @Test("large real fields outweigh the exponential tails of heat between baths: that is said, not answered")
  func domain() throws {
    let junction = try Junction(
      conductor: .levels([0]), electrodes: [.wideBand("L", orbitals: [0], broadening: 1)],
      bosons: BosonSystem(modes: [1]),
      baths: [
        BosonBath("p", .ohmic(friction: 0.1), coordinates: [0]), BosonBath("q", .ohmic(friction: 0.1), coordinates: [0]),
      ], coupling: Coupling(.dimensionless, [Matrix(real: [[0.1]])]))
    let point = OperatingPoint(chemicalPotentials: [0], temperatures: [0.5], bathTemperatures: [1, 1])
    var fields = CountingFields(electrodes: 1, baths: 2)
    fields.bathEnergy[0] = Scalar(1.2, 0)
    for level in [ComputeSettings.Level.sharp, .landauer] {
      let function = try CumulantGeneratingFunction(junction, at: point, level: level, tolerance: 1e-6)
      #expect(throws: SolverError.self) { try function.value(at: fields) }
    }
  }

  @Test("the characteristic function of a perfect channel at zero temperature is exp(i xi V/2pi)", .tags(.limit))
  func perfectChannel() throws {
    let junction = try Junction(
      conductor: .levels([0]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 60), .wideBand("R", orbitals: [0], broadening: 60),
      ])
    let point = OperatingPoint(chemicalPotentials: [0.01, -0.01], temperatures: [0, 0], bathTemperatures: [])
    let function = try CumulantGeneratingFunction(junction, at: point, level: .sharp)
    for xi in [0.5, 2.0, 3.0] {
      var fields = CountingFields(electrodes: 2, baths: 0)
      fields.charge[0] = Scalar(0, xi)
      let s = try function.value(at: fields)
      #expect((s.value - Scalar(0, 0.02 * xi / (2 * .pi))).length < 1e-6 * 0.02)
    }
  }
}

@Suite("QuantaDistribution")
struct QuantaDistributionTests {
  /// exp(-u - d) (u/d)^(n/2) I_n(2 sqrt(u d)) by the power series of the Bessel function.
  static func skellam(_ n: Int, _ u: Double, _ d: Double) -> Double {
    let m = abs(n)
    // sum_j u^(j + n) d^j/(j! (j + n)!), logarithms against overflow.
    var sum = 0.0
    for j in 0..<4000 {
      let (a, b) = n >= 0 ? (j + m, j) : (j, j + m)
      let exponent =
        Double(a) * Double.log(u) + Double(b) * Double.log(d) - Double.logGamma(Double(a + 1)) - Double.logGamma(Double(b + 1))
        - u - d
      sum += Double.exp(exponent)
    }
    return sum
  }

  @Test("is Skellam's, with Bessel functions, within its own error bounds", .tags(.limit))
  func bessel() throws {
    for (up, down, time) in [(0.3, 0.1, 10.0), (2, 1.9, 4), (1e-3, 2e-6, 100), (40, 7, 3)] {
      let distribution = try QuantaDistribution(
        emission: Estimate(up), absorption: Estimate(down), time: time, largest: 30)
      for n in -30...30 {
        let (p, expected) = (distribution.probabilities[n + 30], Self.skellam(n, up * time, down * time))
        // The series of logarithms is good to 1e-12 relative.
        #expect(abs(p.value - expected) <= p.error + 1e-12 * expected, "\(up) \(down) \(n): \(p) \(expected)")
        #expect(p.error < 1e-12)
      }
    }
  }

  @Test("obeys P(n)/P(-n) = (up/down)^n, also where backward flows are rare", .tags(.law))
  func fluctuationRelation() throws {
    let (up, down) = (0.4, 0.004)
    let distribution = try QuantaDistribution(emission: Estimate(up), absorption: Estimate(down), time: 25, largest: 12)
    for n in 1...12 {
      let (forward, backward) = (distribution.probabilities[12 + n], distribution.probabilities[12 - n])
      let deviation = abs(Double.log(forward.value / backward.value) - Double(n) * Double.log(up / down))
      #expect(deviation <= forward.error / forward.value + backward.error / backward.value + 1e-13, "\(n)")
      // Absolute probabilities down to 1e-16.
      if n <= 7 { #expect(deviation < 1e-9, "\(n)") }
    }
    #expect(distribution.probabilities[5].value < 1e-14)
  }

  @Test("is Poisson's when nothing comes back, a point when the time is zero, and adds up to one", .tags(.limit))
  func limits() throws {
    let poisson = try QuantaDistribution(emission: Estimate(0.5), absorption: Estimate(0), time: 6, largest: 40)
    #expect(abs(poisson.probabilities.reduce(0) { $0 + $1.value } - 1) < 1e-13)
    var expected = Double.exp(-3)
    for n in 0...20 {
      #expect(abs(poisson.probabilities[40 + n].value - expected) <= poisson.probabilities[40 + n].error + 1e-15)
      expected *= 3 / Double(n + 1)
    }
    #expect(poisson.probabilities[..<40].allSatisfy { $0.value <= $0.error })
    let nothing = try QuantaDistribution(emission: Estimate(0.5), absorption: Estimate(0.2), time: 0, largest: 3)
    #expect(nothing.probabilities[3].value == 1)
    #expect(throws: SolverError.self) {
      try QuantaDistribution(emission: Estimate(1e9), absorption: Estimate(1), time: 1e9, largest: 3)
    }
  }

  @Test("errors of the rates are carried to the probabilities")
  func errors() throws {
    let exact = try QuantaDistribution(emission: Estimate(0.5), absorption: Estimate(0.2), time: 10, largest: 15)
    let shifted = try QuantaDistribution(emission: Estimate(0.5 + 1e-7), absorption: Estimate(0.2), time: 10, largest: 15)
    let doubtful = try QuantaDistribution(emission: Estimate(0.5, error: 1e-7), absorption: Estimate(0.2), time: 10, largest: 15)
    for n in 0...30 {
      #expect(abs(exact.probabilities[n].value - shifted.probabilities[n].value) <= doubtful.probabilities[n].error)
      #expect(doubtful.probabilities[n].error < 1e-4)
    }
  }
}
