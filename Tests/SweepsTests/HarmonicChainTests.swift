import DenseMatrices
import Foundation
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Phonons in perfect harmonic crystals: ballistic transmission and the quantum of thermal conductance.
@Suite("Perfect harmonic chains")
struct HarmonicChainTests {
  static let spring = 0.9

  static func run(
    _ junction: Junction, temperatures: [[Double]], _ observables: [Observable], frequencies: [Double]? = nil,
    tolerance: Double = 1e-8
  ) throws -> TransportResult {
    let points = temperatures.map { OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: $0) }
    return try SweepRunner(workers: 1).run(
      FastPath.request(
        junction, points,
        ComputeSettings(level: .landauer, observables: observables, tolerance: tolerance, frequencies: frequencies)))
  }

  /// A chain of `sites` between two leads that continue it, of kind chain.
  static func chain(sites: Int, onsite: Double) throws -> Junction {
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: spring, onsite: onsite))
    return try Junction(
      bosons: .chain(sites: sites, spring: spring, onsite: onsite),
      baths: [BosonBath("L", lead, coordinates: [0]), BosonBath("R", lead, coordinates: [sites - 1])])
  }

  /// The same with leads of kind periodic, one or two coordinates per cell; the cells count away from the junction.
  static func periodicChain(sites: Int, onsite: Double, cell: Int) throws -> Junction {
    var (k00, k01) = (Matrix(rows: cell, columns: cell), Matrix(rows: cell, columns: cell))
    for i in 0..<cell {
      k00[i, i] = Scalar(onsite + 2 * spring, 0)
      if i > 0 { (k00[i, i - 1], k00[i - 1, i]) = (Scalar(-spring, 0), Scalar(-spring, 0)) }
    }
    k01[cell - 1, 0] = Scalar(-spring, 0)
    let lead = BosonBathKind.periodic(PeriodicBosonLead(k00: k00, k01: k01))
    return try Junction(
      bosons: .chain(sites: sites, spring: spring, onsite: onsite),
      baths: [
        BosonBath("L", lead, coordinates: Array((0..<cell).reversed())),
        BosonBath("R", lead, coordinates: Array((sites - cell)..<sites)),
      ])
  }

  /// A crystal of identical cells: `cells` of them between two leads.
  static func crystal(_ k00: Matrix, _ k01: Matrix, cells: Int) throws -> Junction {
    let n = k00.rows
    var k = Matrix(rows: n * cells, columns: n * cells)
    for c in 0..<cells {
      for i in 0..<n {
        for j in 0..<n {
          k[c * n + i, c * n + j] = k00[i, j]
          if c + 1 < cells {
            k[c * n + i, (c + 1) * n + j] = k01[i, j]
            k[(c + 1) * n + j, c * n + i] = k01[i, j]
          }
        }
      }
    }
    return try Junction(
      bosons: BosonSystem(dynamicalMatrix: k),
      baths: [
        BosonBath("L", .periodic(PeriodicBosonLead(k00: k00, k01: k01.adjoint)), coordinates: Array(0..<n)),
        BosonBath("R", .periodic(PeriodicBosonLead(k00: k00, k01: k01)), coordinates: Array((n * (cells - 1))..<(n * cells))),
      ])
  }

  /// Number of Bloch waves that travel to the right at w: half of the crossings of w^2 by the bands over a period of q.
  static func openChannels(_ k00: Matrix, _ k01: Matrix, _ w: Double) throws -> Int {
    let points = 4000
    var crossings = 0
    var before: [Double]?
    for i in 0...points {
      let phase = Scalar(length: 1, phase: 2 * Double.pi * Double(i) / Double(points))
      let off = phase * k01
      let bands = try HermitianEigenproblem(k00 + off + off.adjoint).values
      if let before { for (a, b) in zip(before, bands) where (a < w * w) != (b < w * w) { crossings += 1 } }
      before = bands
    }
    return crossings / 2
  }

  static func transmissions(_ result: TransportResult) -> [Double] {
    let n = result.frequencies.count
    // [bath, bath2, frequency]: from R to L.
    return Array(result.variable("phonon_transmission")!.values[n..<(2 * n)])
  }

  @Test(
    "a chain that its leads continue transmits one channel inside the band and nothing outside", .tags(.limit),
    arguments: [(1, 0.0), (5, 0.0), (2, 0.7), (6, 0.7)])
  func oneChannel(sites: Int, onsite: Double) throws {
    let (bottom, top) = (onsite.squareRoot(), (onsite + 4 * Self.spring).squareRoot())
    let inside = [0.001, 0.03, 0.2, 0.5, 0.77, 0.97, 0.999].map { bottom + $0 * (top - bottom) }
    let outside = [0.2 * bottom, 0.9 * bottom, 1.02 * top, 1.5 * top].filter { $0 > 0 }
    var junctions = [("chain", try Self.chain(sites: sites, onsite: onsite))]
    for cell in 1...2 where cell <= sites {
      junctions.append(("periodic \(cell)", try Self.periodicChain(sites: sites, onsite: onsite, cell: cell)))
    }
    for (name, junction) in junctions {
      let result = try Self.run(
        junction, temperatures: [[0.1, 0.1]], [.phononTransmission], frequencies: inside + outside)
      for (w, t) in zip(inside + outside, Self.transmissions(result)) {
        let expected = inside.contains(w) ? 1.0 : 0
        // Rounding, magnified where the group velocity vanishes; what 'exact' means for decimated leads.
        #expect(abs(t - expected) < 1e-10, "\(name), \(sites) sites, onsite \(onsite), w = \(w): \(t)")
      }
    }
  }

  @Test("a crystal of two coordinates per cell transmits as many channels as travel through it", .tags(.limit))
  func severalChannels() throws {
    let ladder = (
      Matrix(real: [[2.3, -0.35], [-0.35, 2.3]]), Matrix(real: [[-0.9, 0], [0, -0.9]]), [0.75, 1.2, 1.7, 1.95, 2.05, 2.3]
    )
    let skew = (
      Matrix(real: [[2.1, -0.4], [-0.4, 2.9]]), Matrix(real: [[-0.5, 0.1], [-0.3, -0.4]]), [0.7, 1.1, 1.4, 1.6, 1.8, 2.1]
    )
    for (k00, k01, frequencies) in [ladder, skew] {
      let junction = try Self.crystal(k00, k01, cells: 3)
      let result = try Self.run(junction, temperatures: [[0.1, 0.1]], [.phononTransmission], frequencies: frequencies)
      var seen = Set<Int>()
      for (w, t) in zip(frequencies, Self.transmissions(result)) {
        let channels = try Self.openChannels(k00, k01, w)
        seen.insert(channels)
        #expect(abs(t - Double(channels)) < 1e-10, "w = \(w): \(t), open channels \(channels)")
      }
      #expect(seen == [0, 1, 2])
    }
  }

  @Test("at low temperature a chain conducts the quantum pi T/6 of heat per degree", .tags(.limit))
  func quantum() throws {
    for (name, junction) in [
      ("chain", try Self.chain(sites: 4, onsite: 0)), ("periodic", try Self.periodicChain(sites: 4, onsite: 0, cell: 1)),
    ] {
      // Tables of periodic leads are known to 1e-12 of their band: near w = 0 that is noise, and tight integrals of it are slow.
      let isClosed = name == "chain"
      let temperatures = isClosed ? [0.04, 0.01, 1e-3] : [0.01]
      let result = try Self.run(
        junction, temperatures: temperatures.map { [$0, $0] }, [.thermalConductance, .bathEnergyCurrent],
        tolerance: isClosed ? 1e-8 : 1e-7)
      for (state, t) in temperatures.enumerated() {
        // exp(-w_max/T) is missing: w_max = 1.9, exp(-47) at the hottest.
        let expected = Double.pi * t / 6
        let reported = result.reported("thermal_conductance", state: state)
        #expect(
          abs(reported[1].value / expected - 1) < (t > 5e-3 ? 1e-6 : 1e-5), "\(name), T = \(t): \(reported[1]), \(expected)")
        #expect(abs(reported[1].value / expected - 1) < 1e-6, "\(name), T = \(t): \(reported[1].value) against \(expected)")
        #expect(abs(reported[1].value - expected) <= reported[1].error + 1e-13 * expected, "\(name), T = \(t): \(reported[1])")
        #expect(abs(reported[0].value + reported[1].value) <= reported[0].error + reported[1].error + 1e-14 * expected)
        #expect(abs(reported[1].value - reported[2].value) <= reported[1].error + reported[2].error + 1e-14 * expected)
      }
    }
  }

  @Test(
    "a chain bound to its sites carries int dw/2pi w (n_1 - n_2) over its band, and the baths' heats add to zero", .tags(.limit))
  func pinnedChain() throws {
    for onsite in [0.0, 0.7] {
      let (bottom, top) = (onsite.squareRoot(), (onsite + 4 * Self.spring).squareRoot())
      let temperatures = [[0.9, 0.2], [0.3, 0.05], [0, 0.5], [5, 3]]
      let result = try Self.run(
        Self.chain(sites: 3, onsite: onsite), temperatures: temperatures, [.bathEnergyCurrent, .thermalConductance])
      for (state, t) in temperatures.enumerated() {
        func bose(_ w: Double, _ t: Double) -> Double { t > 0 ? 1 / expm1(w / t) : 0 }
        // Simpson's rule on 20000 intervals of a smooth integrand: 1e-14.
        let n = 20_000
        let h = (top - bottom) / Double(n)
        var sum = 0.0
        for i in 0...n {
          let w = max(bottom + h * Double(i), 1e-12)
          sum += (i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4 : 2) * h / 3 * w * (bose(w, t[1]) - bose(w, t[0])) / (2 * Double.pi)
        }
        let flows = result.reported("bath_energy_current", state: state)
        #expect(abs(flows[0].value / sum - 1) < 1e-7, "\(onsite), \(t): \(flows[0].value), \(sum)")
        #expect(abs(flows[0].value - sum) <= flows[0].error + 1e-12 * abs(sum), "\(onsite), \(t): \(flows[0]), \(sum)")
        #expect(abs(flows[0].value + flows[1].value) <= 1e-13 * abs(sum), "\(flows)")
      }
    }
  }

  @Test("the heats into three baths of different kinds add to zero", .tags(.law))
  func threeBaths() throws {
    let lead = BosonBathKind.chain(HarmonicChainLead(spring: Self.spring, onsite: 0.2))
    let junction = try Junction(
      bosons: .chain(sites: 3, spring: Self.spring, onsite: 0.2),
      baths: [
        BosonBath("L", lead, coordinates: [0]), BosonBath("probe", .drude(friction: 0.3, cutoff: 2), coordinates: [1]),
        BosonBath("R", lead, coordinates: [2]),
      ])
    let result = try Self.run(junction, temperatures: [[0.5, 0.3, 0.1], [0.2, 1.2, 0]], [.bathEnergyCurrent])
    for state in 0..<2 {
      let flows = result.reported("bath_energy_current", state: state)
      let sum = flows.reduce(0) { $0 + $1.value }
      // What leaves one bath enters another: rounding.
      #expect(abs(sum) <= 1e-13 * flows.map { abs($0.value) }.max()!, "\(flows)")
      #expect(flows.allSatisfy { $0.error < 1e-7 * abs($0.value) })
    }
  }
}
