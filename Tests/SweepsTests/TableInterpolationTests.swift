import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Self-energies on grids against the closed forms they were sampled from: the stated errors cover what interpolation misses.
@Suite("Interpolation of tables")
struct TableInterpolationTests {
  /// A level between two equal chains with band edges at -2 and 2.
  static func junction(_ kind: (Int) -> ElectrodeKind) throws -> Junction {
    try Junction(conductor: .levels([1.7]), electrodes: [Electrode("L", kind(0)), Electrode("R", kind(0))])
  }

  static func table(_ points: Int, from low: Double = -3, to high: Double = 3) -> ElectrodeKind {
    let grid = (0..<points).map { low + (high - low) * Double($0) / Double(points - 1) }
    return .table(
      TabulatedSelfEnergy(
        energies: grid,
        values: grid.map {
          Matrix(rows: 1, columns: 1, elements: [Scalar(0.25, 0) * ElectrodeSelfEnergy.chainGreensFunction($0, hopping: 1)])
        }))
  }

  static let settings = ComputeSettings(
    observables: [.chargeCurrent, .transmission], energies: [1.5, 1.9, 1.99, 2, 2.01, 2.05])

  static func run(
    _ kind: @escaping (Int) -> ElectrodeKind, _ settings: ComputeSettings = settings, potentials: [Double] = [2.1, 1.3]
  ) throws -> (result: TransportResult, reservations: [String]) {
    let point = OperatingPoint(chemicalPotentials: potentials, temperatures: [0.01, 0.01], bathTemperatures: [])
    let request = FastPath.request(try junction(kind), [point], settings)
    let result = try SweepRunner(workers: 1).run(request)
    return (result, request.reservations(about: result))
  }

  @Test(
    "square-root edges between the points of a table: the errors cover the deviation, and say that they are large",
    .tags(.limit), arguments: [31, 61, 62, 101, 201, 801])
  func edges(points: Int) throws {
    let exact = try Self.run { _ in .chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 0.5)) }
    let (found, reservations) = try Self.run { _ in Self.table(points) }
    #expect(exact.reservations.isEmpty && !reservations.isEmpty)
    for name in ["charge_current", "transmission"] {
      for (a, b) in zip(found.reported(name), exact.result.reported(name)) {
        #expect(abs(a.value - b.value) <= a.error + b.error, "\(name) \(a.value)(\(a.error)) for \(b.value) with \(points)")
      }
    }
    // Not covered by being useless: the current is 0.0271.
    let current = found.reported("charge_current")[0]
    #expect(current.error < (points > 200 ? 1e-3 : points > 60 ? 0.02 : 0.1), "\(current)")
  }

  @Test(
    "a table of a smooth stretch of a band meets a tolerance, and the errors fall with the fourth power of the step",
    .tags(.limit))
  func smooth() throws {
    let settings = ComputeSettings(observables: [.transmission], tolerance: 1e-6, energies: [-0.31, 0.2, 0.77])
    let exact = try Self.run({ _ in .chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 0.5)) }, settings).result
    var errors: [Double] = []
    for points in [31, 61, 241] {
      let (found, reservations) = try Self.run(
        { _ in Self.table(points, from: -1.5, to: 1.5) }, settings, potentials: [0.1, -0.1])
      for (a, b) in zip(found.reported("transmission"), exact.reported("transmission")) {
        #expect(abs(a.value - b.value) <= a.error + b.error)
      }
      errors.append(found.reported("transmission").map(\.error).max()!)
      #expect(reservations.isEmpty == (points > 31))
    }
    #expect(errors[0] / errors[1] > 8 && errors[1] / errors[2] > 100, "\(errors)")
  }

  @Test("four points are compared with straight lines", .tags(.law))
  func few() throws {
    let settings = ComputeSettings(observables: [.transmission], energies: [0.2])
    let (found, reservations) = try Self.run({ _ in Self.table(4, from: -0.6, to: 0.9) }, settings, potentials: [0.1, 0.1])
    let exact = try Self.run({ _ in .chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 0.5)) }, settings).result
    let (a, b) = (found.reported("transmission")[1], exact.reported("transmission")[1])
    #expect(abs(a.value - b.value) <= a.error && a.error > 1e-5 && !reservations.isEmpty)
  }

  @Test(
    "a tabulated bath of bosons carries its interpolation into flows, populations and their errors", .tags(.limit),
    arguments: [41, 161])
  func baths(points: Int) throws {
    func junction(_ bath: BosonBathKind) throws -> Junction {
      try Junction(
        bosons: BosonSystem(modes: [0.6]),
        baths: [BosonBath("a", bath, coordinates: [0]), BosonBath("b", .ohmic(friction: 0.05), coordinates: [0])])
    }
    func result(_ bath: BosonBathKind) throws -> TransportResult {
      let point = OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: [0.5, 0.2])
      return try SweepRunner(workers: 1).run(
        FastPath.request(
          try junction(bath), [point], ComputeSettings(level: .landauer, observables: [.bathEnergyCurrent, .modePopulation])))
    }
    let (friction, cutoff) = (0.1, 1.5)
    let grid = (0..<points).map { 40 * Double($0 * $0) / Double((points - 1) * (points - 1)) }
    let exact = try result(.drude(friction: friction, cutoff: cutoff))
    let found = try result(
      .table(
        TabulatedBosonSelfEnergy(
          frequencies: grid,
          values: grid.map { w in
            Matrix(rows: 1, columns: 1, elements: [Scalar(0, -w * friction) / Scalar(1, -w / cutoff)])
          })))
    for name in ["bath_energy_current", "mode_population"] {
      for (a, b) in zip(found.reported(name), exact.reported(name)) {
        #expect(abs(a.value - b.value) <= a.error + b.error, "\(name) \(a.value)(\(a.error)) for \(b.value)")
        #expect(a.error < 0.3 * abs(b.value))
      }
    }
  }
}
