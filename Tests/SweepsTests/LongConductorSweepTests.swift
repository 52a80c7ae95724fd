import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

/// Currents of conductors with orbitals left out, against the dense path.
@Suite("Currents through long conductors", .tags(.twin))
struct LongConductorSweepTests {
  static let seed: UInt64 = 88

  /// A wire of random site energies between a wide band, a chain and a third electrode, with two local modes.
  static func parts(_ generator: inout SplitMix64, sites: Int, allWide: Bool) throws -> JunctionParts {
    let places = Array(0..<sites).shuffled(using: &generator)
    var entries: [SparseHermitianMatrix.Entry] = []
    for i in 0..<sites {
      entries.append(.init(places[i], places[i], Scalar(generator.uniform(-0.4...0.4), 0)))
      for j in (i + 1)..<max(min(i + 3, sites), i + 1) {
        entries.append(.init(places[i], places[j], Scalar(j == i + 1 ? -1 : 0.2, generator.uniform(-0.2...0.2))))
      }
    }
    let right = Electrode(
      "R",
      allWide
        ? .wideBand(broadening: Matrix(diagonal: [1.1]))
        : .chain(ChainLead(orbital: places[sites - 1], energy: 0.1, hopping: 1.3, coupling: 1)),
      on: allWide ? [places[sites - 1]] : nil)
    return JunctionParts(
      .sparse(hamiltonian: try SparseHermitianMatrix(size: sites, entries: entries), overlap: nil, spinDegeneracy: 2),
      electrodes: [
        .init("L", .wideBand(broadening: Matrix(diagonal: [1.5])), on: [places[0]]), right,
        .init("C", .wideBand(broadening: Matrix(diagonal: [0.4])), on: [places[sites / 2 + 1]]),
      ], convention: .dimensionless,
      couplings: (0..<2).map { k in
        [LocalMatrix(0.1 * RandomJunctions.hermitian(2, &generator), on: [places[sites / 2 + k], places[sites / 2 - 2 + k]])]
      })
  }

  static func junction(_ parts: JunctionParts, long: Bool) throws -> Junction {
    let reduced = try long ? parts.reduced(always: true) : parts.reduced()
    return try Junction(
      conductor: reduced.conductor, electrodes: reduced.electrodes, bosons: BosonSystem(modes: [0.12, 0.2]),
      baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0, 1])], coupling: reduced.coupling)
  }

  static let point = OperatingPoint(
    chemicalPotentials: [0.25, -0.2, 0.05], temperatures: [0.01, 0.03, 0.02], bathTemperatures: [0.04])

  @Test("every current agrees with the dense path to 1e-10 of the gross flow", arguments: [true, false])
  func currents(allWide: Bool) throws {
    var generator = SplitMix64(seed: Self.seed)
    var agreement = Agreement()
    let parts = try Self.parts(&generator, sites: 24, allWide: allWide)
    let (dense, long) = (try Self.junction(parts, long: false), try Self.junction(parts, long: true))
    #expect(long.conductor.whole != nil && dense.conductor.whole == nil)
    let (a, b) = (
      try FastPath.currents(dense, [Self.point], tolerance: 1e-9), try FastPath.currents(long, [Self.point], tolerance: 1e-9)
    )
    // 1e-9 is asked for; Gauss panels reach far more than they promise.
    agreement.compare(a, b, tolerance: 1e-10, "seed \(Self.seed), all wide: \(allWide)")
    #expect(agreement.violations == [])
  }

  @Test("the second-order elastic correction agrees with the dense path")
  func correction() throws {
    var generator = SplitMix64(seed: Self.seed)
    let parts = try Self.parts(&generator, sites: 14, allWide: false)
    func result(long: Bool) throws -> TransportResult {
      let junction = try Self.junction(parts, long: long)
      return try SweepRunner(workers: 2).run(
        SweepRequest(
          title: "", units: .natural, junction: junction, axes: [],
          points: OperatingPoints([Self.point], electrodes: 3, baths: 1),
          settings: ComputeSettings(level: .sharp, observables: [.chargeCurrent, .electrodeHeatCurrent], tolerance: 1e-7)))
    }
    let (a, b) = (try result(long: false), try result(long: true))
    for name in ["charge_current_correction", "electrode_heat_current_correction"] {
      let (x, y) = (a.reported(name), b.reported(name))
      let scale = a.numbers("charge_current_inelastic").reduce(0) { max($0, abs($1)) }
      #expect(scale > 0 && x.contains { abs($0.value) > 1e-3 * scale })
      for (p, q) in zip(x, y) {
        #expect(abs(p.value - q.value) <= p.error + q.error + 1e-9 * scale, "\(name): \(p) and \(q)")
      }
    }
  }

  @Test("level dressed without its real part agrees with the dense path")
  func dressed() throws {
    var generator = SplitMix64(seed: Self.seed)
    let parts = try Self.parts(&generator, sites: 12, allWide: false)
    func result(long: Bool) throws -> TransportResult {
      var settings = ComputeSettings(level: .dressed, observables: [.energyCurrent, .modePopulation], tolerance: 1e-4)
      settings.renormalization = .none
      return try SweepRunner(workers: 2).run(FastPath.request(try Self.junction(parts, long: long), [Self.point], settings))
    }
    let (a, b) = (try result(long: false), try result(long: true))
    for name in ["energy_current", "mode_population"] {
      for (p, q) in zip(a.reported(name), b.reported(name)) {
        #expect(abs(p.value - q.value) <= p.error + q.error, "\(name): \(p) and \(q)")
      }
    }
  }
}
