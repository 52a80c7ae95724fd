import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Perfect crystals between leads that continue them, of several coordinates per cell: channels are counted on the bands.
@Suite("Phonon leads of several coordinates per cell")
struct PhononLeadTests {
  static let seed: UInt64 = 20_261_129

  /// One cell of a crystal between its leads, as real models have it: bath a continues it backwards, bath b forwards.
  static func cell(_ k00: Matrix, _ k01: Matrix) throws -> Junction { try HarmonicChainTests.crystal(k00, k01, cells: 1) }

  static func bands(_ k00: Matrix, _ k01: Matrix) throws -> TwinBlochBands {
    try TwinBlochBands(PeriodicLead(orbitals: Array(0..<k00.rows), h00: k00, h01: k01))
  }

  /// int dw/2pi w T(w) dn/dT as an integral along the bands, sum_j int |dw_j/dk| ... dk: no channel is counted. What an extremum inside a step
  /// of k loses is of second order, 1e-9.
  static func conductance(_ k00: Matrix, _ k01: Matrix, temperature t: Double) throws -> Double {
    let steps = 8000
    func frequencies(_ i: Int) throws -> [Double] {
      let hop = Scalar(length: 1, phase: Double.pi * Double(i) / Double(steps)) * k01
      return try HermitianEigenproblem((k00 + hop + hop.adjoint).hermitianPart).values.map { max($0, 0).squareRoot() }
    }
    func weight(_ w: Double) -> Double {
      let x = max(w / t, 1e-9)
      return x * x * exp(x) / (expm1(x) * expm1(x)) / (2 * Double.pi)
    }
    var (sum, before) = (0.0, try frequencies(0))
    for i in 1...steps {
      let next = try frequencies(i)
      for (a, b) in zip(before, next) {
        // Three Gauss points.
        let (center, half) = (0.5 * (a + b), 0.5 * (b - a))
        let outer = weight(center - 0.774_596_669_241_483_4 * half) + weight(center + 0.774_596_669_241_483_4 * half)
        sum += abs(half) * (5 * outer + 8 * weight(center)) / 9
      }
      before = next
    }
    return sum
  }

  static func run(
    _ junction: Junction, _ temperatures: [Double], _ observables: [Observable], frequencies: [Double]? = nil,
    tolerance: Double = 1e-8
  ) throws -> TransportResult {
    try HarmonicChainTests.run(
      junction, temperatures: [temperatures], observables, frequencies: frequencies, tolerance: tolerance)
  }

  /// Transmission at random frequencies and on purpose beside edges, and the conductance, against the bands.
  static func compare(_ k00: Matrix, _ k01: Matrix, temperature t: Double, tolerance: Double = 1e-7, _ name: String) throws {
    let bands = try bands(k00, k01)
    let top = bands.range.upperBound.squareRoot()
    var random = SplitMix64(seed: seed)
    var frequencies = (0..<40).map { _ in random.uniform(0.01...1.05) * top }
    for edge in bands.extrema where edge > 1e-6 * top * top {
      frequencies += [1 - 1e-4, 1 + 1e-4].map { edge.squareRoot() * $0 }
    }
    let junction = try cell(k00, k01)
    let single = try run(junction, [t, t], [.phononTransmission], frequencies: frequencies)
    let errors = try #require(single.variable("phonon_transmission")?.errors)
    for (i, value) in HarmonicChainTests.transmissions(single).enumerated() {
      let w = frequencies[i]
      guard bands.distanceFromEdge(w * w) > 1e-7 * top * top else { continue }
      // The bands' edges are known to 1e-8 of their width; else only rounding next to edges, which the error spans.
      let channels = Double(bands.channels(at: w * w))
      #expect(abs(value - channels) <= errors[frequencies.count + i] + 1e-12, "\(name), w = \(w): \(value), \(channels)")
      #expect(abs(value - channels) <= 1e-9, "\(name), w = \(w): \(value), \(channels)")
    }
    let whole = try run(junction, [t, t], [.thermalConductance], tolerance: tolerance)
    let found = whole.reported("thermal_conductance")[1]
    let expected = try conductance(k00, k01, temperature: t)
    #expect(abs(found.value - expected) <= found.error + 1e-8 * expected, "\(name): \(found), \(expected)")
    #expect(found.error <= 2 * tolerance * expected, "\(name): \(found)")
  }

  @Test(
    "a diatomic chain transmits one channel in both bands; its lead's last atom stands still at the acoustic edge", .tags(.limit))
  func diatomic() throws {
    let (a, b) = (23.0, 35.5)
    let coupling = -1 / (a * b).squareRoot()
    let k00 = Matrix(real: [[2 / a, coupling], [coupling, 2 / b]])
    let k01 = Matrix(real: [[0, coupling], [0, 0]])
    try Self.compare(k00, k01, temperature: 0.5, "diatomic")
    let (acoustic, bottom, top) = ((2 / b).squareRoot(), (2 / a).squareRoot(), (2 / a + 2 / b).squareRoot())
    let (hot, cold) = (0.62, 0.6)
    let flow = try Self.run(Self.cell(k00, k01), [hot, cold], [.bathEnergyCurrent]).reported("bath_energy_current")[1]
    func heat(_ w: Double) -> Double { w * (1 / expm1(w / hot) - 1 / expm1(w / cold)) / (2 * Double.pi) }
    var expected = 0.0
    for (from, to) in [(1e-9, acoustic), (bottom, top)] {
      let (n, h) = (4000, (to - from) / 4000)
      for i in 0...n { expected += (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2) * h / 3 * heat(from + h * Double(i)) }
    }
    // 1e-9 at the lower end.
    #expect(abs(flow.value - expected) <= flow.error + 1e-8 * expected, "\(flow), \(expected)")
  }

  @Test("springs to second neighbours and leads with full blocks: channels of the bands", .tags(.limit))
  func severalCoordinates() throws {
    try Self.compare(
      Matrix(real: [[4, -1], [-1, 4]]), Matrix(real: [[-1, -1], [0, -1]]), temperature: 0.3, "second neighbours")
    try Self.compare(
      Matrix(real: [[0.702194934895, -0.116314678006], [-0.116314678006, 0.471427198216]]),
      Matrix(real: [[-0.124551620717, -0.0796230567318], [-0.218111158704, -0.0465283981491]]), temperature: 0.3, tolerance: 1e-6,
      "two coordinates")
    // A gap of 2e-3 of the frequency with a state of the surface next to it.
    try Self.compare(
      Matrix(real: [
        [3.75969703897, -0.560520828584, -0.431536955937, -0.175548085962],
        [-0.560520828584, 2.16629866964, -0.213325282415, -0.372077627892],
        [-0.431536955937, -0.213325282415, 2.26321588124, -0.17426894438],
        [-0.175548085962, -0.372077627892, -0.17426894438, 1.86406374572],
      ]),
      Matrix(real: [
        [-0.398081320208, -0.101518985179, -0.212418056898, -0.228081203426],
        [-0.291501946083, -0.128932192631, -0.237090409234, -0.14582716229],
        [-0.24351162118, -0.251035649305, -0.103733475227, -0.190111772569],
        [-0.00314845772085, -0.100981448425, -0.22581753658, -0.145408547433],
      ]), temperature: 0.3, tolerance: 1e-6, "four coordinates")
  }

  /// Springs of a random tensor between cells: of full rank and free to move (rotated polarisations), or a singular one between atoms bound to
  /// their sites by another tensor.
  static func random(_ cell: Int, isFree: Bool, seed: UInt64) -> (Matrix, Matrix) {
    var random = SplitMix64(seed: seed)
    func springs(_ rank: Int) -> Matrix {
      var result = Matrix(rows: cell, columns: cell)
      for _ in 0..<rank {
        let v = (0..<cell).map { _ in random.uniform(-1...1) }
        for i in 0..<cell { for j in 0..<cell { result[i, j] = result[i, j] + Scalar(v[i] * v[j], 0) } }
      }
      return result
    }
    let between = springs(isFree ? cell + 1 : (cell + 1) / 2)
    let onsite = isFree ? Matrix(rows: cell, columns: cell) : springs(cell + 1)
    return (between + between + onsite, (-1.0) * between)
  }

  @Test("random crystals of one to six coordinates, singular blocks between cells among them", .tags(.law), arguments: 1...6)
  func randomCrystals(cell: Int) throws {
    for isFree in [true, false] {
      let seed = Self.seed + UInt64(10 * cell)
      let (k00, k01) = Self.random(cell, isFree: isFree, seed: seed)
      try Self.compare(
        k00, k01, temperature: 0.4, tolerance: 1e-6, "\(cell) coordinates, \(isFree ? "free" : "bound"), seed \(seed)")
    }
  }

  /// Random crystals of a kind: free, bound, polarisations that are alike, the same atoms twice.
  static func crystal(_ kind: Int, cell: Int, seed: UInt64) -> (Matrix, Matrix) {
    var random = SplitMix64(seed: seed &+ 5)
    switch kind {
    case 0, 1: return Self.random(cell, isFree: kind == 0, seed: seed)
    case 2:
      let springs = (0..<cell).map { _ in Double(random.integer(1...3)) }
      return (Matrix(diagonal: springs.map { 2 * $0 }), Matrix(diagonal: springs.map { -$0 }))
    default:
      let half = max(cell / 2, 1)
      let (k00, k01) = Self.random(half, isFree: true, seed: seed)
      func doubled(_ a: Matrix) -> Matrix {
        var result = Matrix(rows: 2 * half, columns: 2 * half)
        for i in 0..<half { for j in 0..<half { (result[i, j], result[half + i, half + j]) = (a[i, j], a[i, j]) } }
        return result
      }
      return (doubled(k00), doubled(k01))
    }
  }

  @Test(
    "leads of one to six coordinates: channels at random frequencies, at levels of a cell, on and beside edges, at zero",
    .tags(.law))
  func manyLeads() throws {
    let validates = ProcessInfo.processInfo.environment["PAIRBATH_VALIDATE"] != nil
    var (worst, count) = (0.0, 0)
    for index in 0..<(validates ? 600 : 24) {
      let (kind, cell, seed) = (index % 4, 1 + (index / 4) % 6, Self.seed + UInt64(index))
      let (k00, k01) = Self.crystal(kind, cell: cell, seed: seed)
      let bands = try Self.bands(k00, k01)
      let square = bands.range.upperBound
      var random = SplitMix64(seed: seed)
      var squares = [0] + (try HermitianEigenproblem(k00).values)
      for edge in bands.extrema.suffix(6) where edge > 1e-6 * square { squares += [edge, edge * (1 + 1e-9), edge * (1 - 1e-6)] }
      squares += (0..<(validates ? 400 : 30)).map { _ in random.uniform(0...1.05) * square }
      let found = try Self.run(
        Self.cell(k00, k01), [0.1, 0.1], [.phononTransmission], frequencies: squares.map { $0.squareRoot() })
      let errors = try #require(found.variable("phonon_transmission")?.errors)
      for (i, value) in HarmonicChainTests.transmissions(found).enumerated() {
        let name = "kind \(kind), \(cell) coordinates, seed \(seed), w^2 = \(squares[i]): \(value)"
        // The twin's own edges are known to 1e-8 of the bands.
        let near = [-1.0, 1].map { Double(bands.channels(at: squares[i] + $0 * 1e-8 * square)) }
        let deviation = max(near.min()! - value, value - near.max()!, 0)
        #expect(deviation <= errors[squares.count + i] + 1e-12, "\(name), channels \(near), error \(errors[squares.count + i])")
        guard bands.distanceFromEdge(squares[i]) > 1e-4 * square else { continue }
        (worst, count) = (max(worst, deviation), count + 1)
        #expect(deviation <= 1e-9, "\(name), channels \(near)")
      }
      // At zero a free crystal transmits its acoustic branches. Rounding of w^2 at 1e-6 of the bands, 1e-16/1e-12, is 1e-4.
      let (atZero, limit) = (HarmonicChainTests.transmissions(found)[0], Double(bands.channels(at: 1e-6 * square)))
      #expect(abs(atZero - limit) < 1e-3, "kind \(kind), \(cell) coordinates, seed \(seed): \(atZero), \(limit)")
    }
    #expect(worst < 1e-9 && count > 100, "\(worst) at \(count) frequencies")
    if validates { print("phonon leads: largest deviation \(worst) at \(count) frequencies") }
  }

  @Test("a beam carries one channel of bending waves, w = 4 sin^2(k/2), and says so", .tags(.limit))
  func bendingWaves() throws {
    // Springs 6, -4, 1 to second neighbours, two atoms per cell.
    let frequencies = [1e-4, 1e-3, 1e-2, 0.1, 1, 3.9]
    let beam = try Self.cell(Matrix(real: [[6, -4], [-4, 6]]), Matrix(real: [[1, 0], [-4, 1]]))
    let found = try Self.run(beam, [0.1, 0.1], [.phononTransmission], frequencies: frequencies)
    let errors = try #require(found.variable("phonon_transmission")?.errors)[frequencies.count..<(2 * frequencies.count)]
    // Four waves lie within sqrt(w) of each other, and D of a beam that moves and turns freely grows as w^-3/2: bounds of amplitudes are lost by
    // w^-7/2; nothing comes back, so that their squares count.
    for ((w, value), error) in zip(zip(frequencies, HarmonicChainTests.transmissions(found)), errors) {
      #expect(abs(value - 1) < 1e-9 && abs(value - 1) <= error, "w = \(w): \(value), \(error)")
      #expect(error < max(1e-13, min(1e-21 / (w * w * w * w * w * w * w), 2)), "w = \(w): \(error)")
    }
  }

  @Test("three polarisations that no spring joins conduct as three chains, degenerate ones too", .tags(.limit))
  func polarisations() throws {
    let springs = [4.0, 1.0, 1.0]
    let k00 = Matrix(diagonal: springs.map { 2 * $0 })
    let k01 = Matrix(diagonal: springs.map { -$0 })
    let t = 0.7
    let found = try Self.run(Self.cell(k00, k01), [t, t], [.thermalConductance]).reported("thermal_conductance")[1]
    let expected = try springs.reduce(0.0) {
      try $0 + Self.conductance(Matrix(diagonal: [2 * $1]), Matrix(diagonal: [-$1]), temperature: t)
    }
    #expect(abs(found.value - expected) <= found.error + 1e-8 * expected)
    // Low temperature: a quantum pi T/6 per branch; exp(-w_max/T) is missing.
    let cold = try Self.run(Self.cell(k00, k01), [0.02, 0.02], [.thermalConductance]).reported("thermal_conductance")[1]
    #expect(abs(cold.value - 3 * Double.pi * 0.02 / 6) <= cold.error + 1e-10)
  }

  @Test("a lead bound to its sites by 1e-8 of its springs conducts what lies above its gap", .tags(.limit))
  func weaklyBound() throws {
    let (k00, k01) = (Matrix(real: [[2 + 1e-8, -1], [-1, 2 + 1e-8]]), Matrix(real: [[0, 0], [-1, 0]]))
    for t in [0.01, 1e-4] {
      let found = try Self.run(Self.cell(k00, k01), [t, t], [.thermalConductance], tolerance: 1e-6).reported(
        "thermal_conductance")[1]
      let (bottom, n) = (1e-4, 200_000)
      let h = (min(2, 60 * t) - bottom) / Double(n)
      var expected = 0.0
      for i in 0...n {
        let x = (bottom + h * Double(i)) / t
        expected +=
          (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2) * h / 3 * x * x * exp(x) / (expm1(x) * expm1(x)) / (2 * Double.pi)
      }
      // Rounding of w^2 at its edge: 1e-16/1e-8 of the root.
      #expect(abs(found.value - expected) <= found.error + 1e-7 * expected, "T = \(t): \(found), \(expected)")
    }
  }

  @Test(
    "on a band edge a channel counts as closed and the error spans it; at w = 0 a free chain transmits its limit", .tags(.limit))
  func onTheEdge() throws {
    let frequencies = [0, 1e-9, 2, 2.1]
    for (name, junction) in [
      ("chain", try Self.freeChain(spring: 1, sites: 3)),
      ("periodic", try HarmonicChainTests.crystal(Matrix(real: [[2]]), Matrix(real: [[-1]]), cells: 3)),
    ] {
      let result = try Self.run(junction, [0.1, 0.1], [.phononTransmission], frequencies: frequencies)
      let values = HarmonicChainTests.transmissions(result)
      let errors = try #require(result.variable("phonon_transmission")?.errors)[4..<8]
      #expect(abs(values[0] - 1) < 1e-10 && abs(values[1] - 1) < 1e-6, "\(name): \(values)")
      #expect(values[2] <= 1 && errors[6] >= 1 - values[2], "\(name): \(values), \(errors)")
      #expect(values[3] == 0)
    }
  }

  static func freeChain(spring: Double, sites: Int) throws -> Junction {
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: spring))
    return try Junction(
      bosons: .chain(sites: sites, spring: spring),
      baths: [BosonBath("L", lead, coordinates: [0]), BosonBath("R", lead, coordinates: [sites - 1])])
  }

  @Test("72 random perfect chains between chains transmit one channel, at the lowest frequencies too", .tags(.limit))
  func perfectChains() throws {
    var random = SplitMix64(seed: Self.seed)
    for _ in 0..<72 {
      let (spring, sites) = (exp(random.uniform(-9...3)), Int(random.uniform(1...7.99)))
      let junction = try Self.freeChain(spring: spring, sites: sites)
      let top = 2 * spring.squareRoot()
      let t = 0.01 * top
      let result = try Self.run(
        junction, [t, t], [.thermalConductance, .phononTransmission], frequencies: [1e-9, 1e-4, 0.3, 0.99].map { $0 * top })
      for value in HarmonicChainTests.transmissions(result) {
        // 1e-16 of the spring over w^2 at 1e-9 of the band is all there is below 1e-7.
        #expect(abs(value - 1) < 1e-6, "\(spring), \(sites): \(value)")
      }
      let conductance = result.reported("thermal_conductance")[1]
      #expect(abs(conductance.value - Double.pi * t / 6) <= conductance.error + 1e-12 * t, "\(spring), \(sites): \(conductance)")
    }
  }

  @Test("a perfect chain carries pi T^2/12 of heat into the cold, from 1e-12 of its band to a tenth", .tags(.limit))
  func coldest() throws {
    let chain = try Self.freeChain(spring: 1, sites: 3)
    for t in [1e-12, 1e-9, 1e-6, 1e-3, 0.05] {
      let heat = try Self.run(chain, [t, 0], [.bathEnergyCurrent]).reported("bath_energy_current")
      let quantum = Double.pi * t * t / 12
      // The band ends at 2: exp(-40) of the heat is beyond at the highest temperature.
      for one in heat {
        #expect(abs(abs(one.value) - quantum) <= one.error + 1e-13 * quantum, "T = \(t): \(one) for \(quantum)")
        #expect(one.error <= 1e-8 * quantum)
      }
    }
  }
}
