import ComplexModule
import DenseMatrices
import Foundation
import TestKinds
import Testing

@testable import JunctionModel

/// Self-energies of baths with known closed forms, and tables of them.
enum BathForms {
  /// Drude: -i w eta/(1 - i w/w_c).
  static func drude(_ w: Double, friction: Double = 0.2, cutoff: Double = 1) -> Scalar {
    Scalar(0, -w * friction) / Scalar(1, -w / cutoff)
  }

  /// The end of a semi-infinite chain: spring^2 g(w), band onsite to onsite + 4 spring in w^2.
  static func chain(_ w: Double, spring: Double = 1, onsite: Double = 0) -> Scalar {
    let x = w * w - onsite - 2 * spring
    let root = x * x - 4 * spring * spring
    if root < 0 { return Scalar(0.5 * x, -0.5 * (-root).squareRoot()) }
    return Scalar(0.5 * (x > 0 ? x - root.squareRoot() : x + root.squareRoot()), 0)
  }

  /// Frequencies 0 ... last in equal steps.
  static func grid(_ last: Double, _ count: Int) -> [Double] { (0..<count).map { last * Double($0) / Double(count - 1) } }

  static func table(_ frequencies: [Double], _ form: (Double) -> Scalar) -> TabulatedBosonSelfEnergy {
    TabulatedBosonSelfEnergy(
      frequencies: frequencies, values: frequencies.map { Matrix(rows: 1, columns: 1, elements: [form($0)]) })
  }

  static func junction(_ table: TabulatedBosonSelfEnergy, coordinates: [Int] = [0], modes: Int = 1) throws -> Junction {
    try Junction(
      bosons: BosonSystem(modes: [Double](repeating: 1, count: modes)),
      baths: [BosonBath("ph", .table(table), coordinates: coordinates)])
  }
}

@Suite("Tabulated baths")
struct TabulatedBathTests {
  /// The error of a table, which must be at the given key path.
  private func failure(
    _ table: TabulatedBosonSelfEnergy, coordinates: [Int] = [0], modes: Int = 1
  ) throws -> ModelError {
    try #require(throws: ModelError.self) { _ = try BathForms.junction(table, coordinates: coordinates, modes: modes) }
  }

  @Test(
    "Drude baths are causal, on coarse and fine grids, cut off early and late, with any static shift", .tags(.law),
    arguments: [(3.0, 13), (3, 40), (10, 60), (10, 1000), (100, 200), (0.5, 20)])
  func drude(last: Double, count: Int) throws {
    let frequencies = BathForms.grid(last, count)
    for shift in [0, -0.2, 0.05] {
      #expect(throws: Never.self, "shift \(shift)") {
        try BathForms.junction(BathForms.table(frequencies) { BathForms.drude($0) + Scalar(shift, 0) })
      }
    }
  }

  @Test("chains are causal, with their kinks at the band edges", arguments: [0, 0.3, 2, 20], [25, 40, 80, 150, 700])
  func chain(onsite: Double, count: Int) throws {
    let frequencies = BathForms.grid(1.3 * (onsite + 4).squareRoot(), count)
    #expect(throws: Never.self) {
      try BathForms.junction(BathForms.table(frequencies) { BathForms.chain($0, onsite: onsite) })
    }
  }

  @Test("Ohmic friction is causal as far as a table shows it", .tags(.law))
  func ohmic() throws {
    let frequencies = BathForms.grid(4, 50)
    #expect(throws: Never.self) { try BathForms.junction(BathForms.table(frequencies) { Scalar(0, -0.1 * $0) }) }
  }

  @Test("a grid that is not uniform and does not start at zero is as good", arguments: [0.5, 1, 2, 3])
  func unevenGrid(cutoff: Double) throws {
    let cubes = (0...24).map { 60 * Double($0 * $0 * $0) / 13824 }
    #expect(throws: Never.self) { try BathForms.junction(BathForms.table(cubes) { BathForms.drude($0, cutoff: cutoff) }) }
    let frequencies = (0...120).map { 0.01 * exp(0.06 * Double($0)) }
    #expect(throws: Never.self) {
      try BathForms.junction(BathForms.table(frequencies) { BathForms.drude($0, cutoff: cutoff) })
    }
  }

  @Test("the real part with the wrong sign violates causality; the message has frequency and size", arguments: [3.0, 10])
  func flippedRealPart(last: Double) throws {
    let table = BathForms.table(BathForms.grid(last, 60)) { BathForms.drude($0).conjugate * Scalar(-1, 0) }
    #expect(table.values[30][0, 0].imaginary < 0)
    let error = try failure(table)
    #expect(error.code == .inconsistent && error.path.starts(with: ["baths", "ph", "self_energy"]))
    #expect(error.found.contains("Re Pi_00 off by") && error.found.contains("at w = "), "\(error)")
    #expect(error.allowed.contains("Kramers-Kronig") && !error.hint.isEmpty)
  }

  @Test("a Drude peak without real part violates causality")
  func missingRealPart() throws {
    let table = BathForms.table(BathForms.grid(10, 60)) { Scalar(0, BathForms.drude($0).imaginary) }
    #expect(try failure(table).found.contains("what causality demands"))
  }

  @Test("a chain without real part, or with the wrong one, violates causality", arguments: [25, 80, 700])
  func chainWithoutRealPart(count: Int) throws {
    let frequencies = BathForms.grid(3, count)
    let without = BathForms.table(frequencies) { Scalar(0, BathForms.chain($0).imaginary) }
    #expect(try failure(without).found.contains("what causality demands"))
    let wrong = BathForms.table(frequencies) { BathForms.chain($0).conjugate * Scalar(-1, 0) }
    #expect(try failure(wrong).found.contains("what causality demands"))
  }

  @Test("the imaginary part with the wrong sign is gain, named with its frequency")
  func gain() throws {
    let error = try failure(BathForms.table(BathForms.grid(10, 11)) { BathForms.drude($0).conjugate })
    #expect(error.code == .notPositiveSemidefinite && error.path == ["baths", "ph", "self_energy", "1"])
    #expect(error.found.contains("at w = 1.0") && error.found.contains("smallest eigenvalue -0.2 "), "\(error)")
  }

  @Test("Gamma must be positive as a matrix, Pi symmetric, and nothing dissipates at w = 0")
  func matrices() throws {
    let frequencies = BathForms.grid(10, 61)
    func table(_ matrix: (Double) -> Matrix) -> TabulatedBosonSelfEnergy {
      TabulatedBosonSelfEnergy(frequencies: frequencies, values: frequencies.map(matrix))
    }
    let good = table { BathForms.drude($0) * Matrix(real: [[1, 0.9], [0.9, 1]]) }
    #expect(throws: Never.self) { try BathForms.junction(good, coordinates: [0, 1], modes: 2) }
    let strong = try failure(
      table { BathForms.drude($0) * Matrix(real: [[1, 1.1], [1.1, 1]]) }, coordinates: [0, 1], modes: 2)
    #expect(strong.code == .notPositiveSemidefinite && strong.path.last == "1")
    let twisted = try failure(
      table { BathForms.drude($0) * Matrix([[Scalar(1, 0), Scalar(0, 0.5)], [Scalar(0, -0.5), Scalar(1, 0)]]) },
      coordinates: [0, 1], modes: 2)
    #expect(twisted.code == .inconsistent && twisted.allowed.contains("Pi = Pi^T"))
    let constant = try failure(BathForms.table(frequencies) { _ in Scalar(0, -1) })
    #expect(constant.path.last == "0" && constant.found.contains("at w = 0"))
    let offDiagonal = try failure(
      table {
        let pi = BathForms.drude($0)
        return Matrix([[pi, Scalar(0, 0.5 * pi.imaginary)], [Scalar(0, 0.5 * pi.imaginary), pi]])
      }, coordinates: [0, 1], modes: 2)
    #expect(offDiagonal.found.contains("Re Pi_01"), "\(offDiagonal)")
  }

  @Test("grids ascend from zero or above, and shapes fit the coordinates")
  func grids() throws {
    func table(_ frequencies: [Double]) -> TabulatedBosonSelfEnergy {
      BathForms.table(frequencies) { _ in .zero }
    }
    #expect(try failure(table([0, 1, 2])).path == ["baths", "ph", "frequency"])
    #expect(try failure(table([0, 1, 1, 2])).path == ["baths", "ph", "frequency", "2"])
    #expect(try failure(table([-1, 0, 1, 2])).path == ["baths", "ph", "frequency", "0"])
    #expect(try failure(table([0, .nan, 1, 2])).code == .notFinite)
    #expect(try failure(table([0, 1, 2, 3]), coordinates: [0, 1], modes: 2).path == ["baths", "ph", "self_energy", "0"])
    #expect(throws: Never.self) { try BathForms.junction(table([0, 1, 2, 3])) }
  }

  @Test("the imaginary part alone gives the real part, and the result passes the check", .tags(.law))
  func imaginaryAlone() throws {
    let frequencies = BathForms.grid(60, 1201)
    let imaginary = frequencies.map { Matrix(real: [[BathForms.drude($0).imaginary]]) }
    let table = try TabulatedBosonSelfEnergy.causal(frequencies: frequencies, imaginary: imaginary, at: ["baths", "ph"])
    #expect(throws: Never.self) { try BathForms.junction(table) }
    // Vanishing at infinity, the real part is -eta w_c/(1 + w^2); what lies beyond w = 60 is 2 eta/(60 pi), half a percent.
    for i in stride(from: 0, to: 200, by: 20) {
      let exact = -0.2 / (1 + frequencies[i] * frequencies[i])
      #expect(abs(table.values[i][0, 0].real - exact) < 3e-3, "w = \(frequencies[i])")
    }
    let short = #expect(throws: ModelError.self) {
      _ = try TabulatedBosonSelfEnergy.causal(
        frequencies: Array(frequencies.prefix(100)), imaginary: Array(imaginary.prefix(100)), at: ["baths", "ph"])
    }
    #expect(short?.found.contains("% of its largest") == true)
  }

  @Test("bands begin at 0 for friction, at sqrt(onsite) for chains, below the first dissipation for tables")
  func bandBottoms() {
    #expect(BosonBathKind.ohmic(friction: 1).bandBottom == 0)
    #expect(BosonBathKind.drude(friction: 1, cutoff: 1).bandBottom == 0)
    #expect(BosonBathKind.chain(HarmonicChainLead(spring: 1, onsite: 0.25)).bandBottom == 0.5)
    #expect(BosonBathKind.periodic(PeriodicBosonLead(k00: .identity(1), k01: .identity(1))).bandBottom == nil)
    let gapped = BathForms.table(BathForms.grid(4, 41)) { BathForms.chain($0, onsite: 1) }
    #expect(BosonBathKind.table(gapped).bandBottom == 1)
    #expect(BosonBathKind.table(BathForms.table([1, 2, 3, 4]) { BathForms.drude($0) }).bandBottom == 0)
    #expect(BosonBathKind.table(BathForms.table([1, 2, 3, 4]) { _ in .zero }).bandBottom == nil)
  }
}
