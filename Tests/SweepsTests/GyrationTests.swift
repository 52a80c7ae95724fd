import BosonPropagators
import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Gyrotropic bosons, Q'' = -K Q + G Q' - (baths); Theory.md section 10.
@Suite("Gyrotropic bosons")
struct GyrationTests {
  static let seeds: [UInt64] = (0..<3).map { 8300 + $0 }

  @Test("level landauer: every flow agrees with the twin, the errors cover the deviation", .tags(.twin), arguments: seeds)
  func landauer(seed: UInt64) throws { try BosonTwinTests.compare(RandomJunctions.makeGyratedBosons(seed: seed), .landauer) }

  @Test("level dressed: every flow and population agrees with the twin", .tags(.twin), arguments: seeds.prefix(2))
  func dressed(seed: UInt64) throws { try BosonTwinTests.compare(RandomJunctions.makeGyratedBosons(seed: seed), .dressed) }

  /// A triangle of coordinates in a field g, a bath on each.
  static func triangle(_ g: Double) throws -> Junction {
    func matrix(_ diagonal: [Double], _ sides: [Double], sign: Double) -> Matrix {
      var m = Matrix(diagonal: diagonal)
      for (i, j, value) in [(0, 1, sides[0]), (1, 2, sides[1]), (2, 0, sides[2])] {
        m[i, j] = Scalar(value, 0)
        m[j, i] = Scalar(sign * value, 0)
      }
      return m
    }
    let system = try BosonSystem(dynamicalMatrix: matrix([1, 1.6, 1.2], [-0.2, -0.3, -0.15], sign: 1))
    return try Junction(
      bosons: try system.gyrated(by: matrix([0, 0, 0], [g, 0.5 * g, 0.8 * g], sign: -1)),
      baths: [
        BosonBath("left", .ohmic(friction: 0.05), coordinates: [0]),
        BosonBath("right", .drude(friction: 0.1, cutoff: 3), coordinates: [1]),
        BosonBath("top", .ohmic(friction: 0.08), coordinates: [2]),
      ])
  }

  static func transmission(_ junction: Junction, _ frequencies: [Double]) throws -> [Double] {
    let environment = try BosonEnvironment(junction, highest: 10)
    return try frequencies.flatMap { (w) throws in try environment.transmission(at: w).map(\.value) }
  }

  @Test(
    "two poles of a charged particle in a field and a well: w^2 -+ g w = W^2, from very weak to very strong fields", .tags(.limit)
  )
  func larmor() throws {
    for g in [1e-6, 0.3, 2.0, 30.0] {
      let field = Matrix([[.zero, Scalar(g, 0)], [Scalar(-g, 0), .zero]])
      let junction = try Junction(
        bosons: try BosonSystem(modes: [1, 1]).gyrated(by: field),
        baths: [BosonBath("bath", .ohmic(friction: 1e-9), coordinates: [0, 1])])
      let point = OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: [1])
      let result = try SweepRunner(workers: 1).run(
        FastPath.request(
          junction, [point],
          ComputeSettings(level: .landauer, observables: [.bathEnergyCurrent, .renormalizedEnergy], tolerance: 1e-6)))
      let found = result.numbers("renormalized_energy").sorted()
      let root = (1 + 0.25 * g * g).squareRoot()
      // 1e-9: the friction shifts the poles by its square; the lower one is (root - g/2) = 1/(root + g/2).
      #expect(abs(found[0] * (root + 0.5 * g) - 1) < 1e-9, "g = \(g): \(found)")
      #expect(abs(found[1] / (root + 0.5 * g) - 1) < 1e-9, "g = \(g): \(found)")
    }
  }

  @Test(
    "Onsager-Casimir: tau_pq(G) = tau_qp(-G); with three baths tau_pq differs from tau_qp, and what leaves each returns",
    .tags(.law))
  func onsagerCasimir() throws {
    let frequencies = [0.3, 0.9, 1.1, 1.5]
    let there = try Self.transmission(Self.triangle(0.4), frequencies)
    let back = try Self.transmission(Self.triangle(-0.4), frequencies)
    var largest = 0.0
    for f in frequencies.indices {
      func at(_ list: [Double], _ p: Int, _ q: Int) -> Double { list[9 * f + 3 * p + q] }
      for p in 0..<3 {
        for q in 0..<3 {
          // Rounding of a 2 x 2 inverse near a resonance of quality 20.
          #expect(abs(at(there, p, q) - at(back, q, p)) < 1e-13)
          largest = max(largest, abs(at(there, p, q) - at(there, q, p)))
        }
        let out = (0..<3).reduce(0) { $0 + at(there, $1, p) - at(there, p, $1) }
        #expect(abs(out) < 1e-13, "sum rule at \(frequencies[f]): \(out)")
      }
    }
    #expect(largest > 1e-2, "the field makes no difference: \(largest)")
  }

  @Test("equilibrium carries no heat, and heat produces entropy, in any field", .tags(.law))
  func equilibrium() throws {
    let settings = ComputeSettings(
      level: .landauer, observables: [.bathEnergyCurrent, .entropyProduction, .thermalConductance], tolerance: 1e-9)
    func point(_ t: [Double]) -> OperatingPoint {
      OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: t)
    }
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(
        try Self.triangle(0.7), [point([0.8, 0.8, 0.8]), point([1.2, 0.8, 0.8]), point([0.8, 1.2, 0.4])], settings))
    // 1e-15: sums that cancel to rounding of flows of order 0.01.
    for j in result.reported("bath_energy_current", state: 0) { #expect(abs(j.value) <= j.error + 1e-15) }
    for state in 1...2 {
      #expect(BosonLawTests.isZero(result.reported("bath_energy_current", state: state)))
      #expect(result.numbers("entropy_production", state: state)[0] > 0)
    }
    // Conductances of baths to each other are Onsager-Casimir partners, not symmetric; rows and columns add up to zero.
    let g = result.reported("thermal_conductance", state: 0)
    for p in 0..<3 {
      #expect(BosonLawTests.isZero((0..<3).map { g[3 * p + $0] }))
      #expect(BosonLawTests.isZero((0..<3).map { g[3 * $0 + p] }))
    }
    let mirror = try SweepRunner(workers: 1).run(
      FastPath.request(try Self.triangle(-0.7), [point([0.8, 0.8, 0.8])], settings)
    ).reported("thermal_conductance")
    for p in 0..<3 {
      for q in 0..<3 {
        #expect(abs(g[3 * p + q].value - mirror[3 * q + p].value) <= g[3 * p + q].error + mirror[3 * q + p].error + 1e-15)
      }
    }
    #expect(abs(g[1].value - g[3].value) > 1e-4)
  }

  /// A ring of four coordinates with a bath on each, the same under a quarter turn.
  static func cross(_ g: Double) throws -> Junction {
    var k = Matrix(rows: 4, columns: 4)
    for i in 0..<4 {
      k[i, i] = Scalar(1.2, 0)
      k[i, (i + 1) % 4] = Scalar(-0.3, 0)
      k[(i + 1) % 4, i] = Scalar(-0.3, 0)
    }
    var field = Matrix(rows: 4, columns: 4)
    for i in 0..<4 {
      field[i, (i + 1) % 4] = Scalar(g, 0)
      field[(i + 1) % 4, i] = Scalar(-g, 0)
    }
    return try Junction(
      bosons: try BosonSystem(dynamicalMatrix: k).gyrated(by: field),
      baths: ["west", "north", "east", "south"].enumerated().map {
        BosonBath($1, .ohmic(friction: 0.1), coordinates: [$0])
      })
  }

  @Test("thermal Hall effect: heat across the current vanishes without G and is odd in G", .tags(.law))
  func thermalHall() throws {
    func transverse(_ g: Double) throws -> (difference: Double, along: Double) {
      let point = OperatingPoint(
        chemicalPotentials: [], temperatures: [], bathTemperatures: [1.1, 1, 0.9, 1],
        bathChemicalPotentials: [0, 0, 0, 0])
      let settings = ComputeSettings(level: .landauer, observables: [.bathEnergyCurrent], tolerance: 1e-11)
      let j = try SweepRunner(workers: 1).run(FastPath.request(try Self.cross(g), [point], settings))
        .numbers("bath_energy_current")
      return (j[1] - j[3], j[2] - j[0])
    }
    let (none, there, back) = (try transverse(0), try transverse(0.2), try transverse(-0.2))
    // 1e-10 of the heat along: the tolerance asked for, 1e-11 of gross flows ten times the net one.
    #expect(abs(none.difference) < 1e-10 * none.along)
    #expect(abs(there.difference) > 1e-3 * there.along)
    #expect(abs(there.difference + back.difference) < 1e-10 * there.along)
    #expect(abs(there.along - back.along) < 1e-10 * there.along)
  }

  @Test(
    "a gyration that is a rotation of the frame: G = 2 Omega J, K - Omega^2 leaves the spectrum of a free oscillator", .tags(.law)
  )
  func rotatingFrame() throws {
    // In a frame that turns with Omega the isotropic oscillator W has K' = W^2 - Omega^2 and G = 2 Omega J: frequencies W +- Omega.
    let (w, omega) = (1.0, 0.25)
    let k = Matrix([[Scalar(w * w - omega * omega, 0), .zero], [.zero, Scalar(w * w - omega * omega, 0)]])
    let field = Matrix([[.zero, Scalar(2 * omega, 0)], [Scalar(-2 * omega, 0), .zero]])
    let environment = try BosonEnvironment(
      try Junction(
        bosons: try BosonSystem(dynamicalMatrix: k).gyrated(by: field),
        baths: [BosonBath("b", .ohmic(friction: 1e-8), coordinates: [0, 1])]), highest: 5)
    let found = try environment.breakpoints(upTo: 3).map(\.position).sorted()
    // 1e-12: the friction shifts frequencies by its square over them.
    #expect(found.count == 2 && abs(found[0] - 0.75) < 1e-12 && abs(found[1] - 1.25) < 1e-12, "\(found)")
  }

  @Test("what is known for single modes only is refused with a gyration")
  func refusals() throws {
    let random = RandomJunctions.makeGyratedBosons(seed: 8300)
    func code(_ level: ComputeSettings.Level, _ observables: [Observable]) -> SolverError.Subject? {
      do {
        _ = try SweepRunner(workers: 1).run(
          FastPath.request(
            random.junction, [random.point], ComputeSettings(level: level, observables: observables, tolerance: 1e-4)))
        return nil
      } catch { return error.code == .unsuitableModel ? error.subject : nil }
    }
    #expect(code(.sharp, [.energyCurrent]) == .gyration)
    #expect(code(.landauer, [.modePopulation]) == .gyration)
    #expect(code(.landauer, [.chargeNoise]) == .gyration)
    let one = BosonSystem(modes: [1, 2])
    #expect(throws: ModelError.self) { try one.gyrated(by: Matrix([[.zero, .one], [.one, .zero]])) }
    #expect(throws: ModelError.self) { try one.gyrated(by: Matrix([[.zero]])) }
    #expect(throws: ModelError.self) { try one.gyrated(by: Matrix([[.zero, Scalar(0, 1)], [Scalar(0, -1), .zero]])) }
    let free = try BosonSystem(dynamicalMatrix: Matrix([[.one, Scalar(-1, 0)], [Scalar(-1, 0), .one]]))
    #expect(throws: ModelError.self) { try free.gyrated(by: Matrix([[.zero, .one], [Scalar(-1, 0), .zero]])) }
  }

  @Test(
    "with electrons the Onsager matrix is the derivative of the full currents; fields of opposite sign are transposes",
    .tags(.law))
  func linearResponse() throws {
    let plain = try LinearResponseMatrixTests.dragging()
    func matrix(_ g: Double) throws -> (Junction, OnsagerNumbers) {
      let junction = try RandomJunctions.gyrated(plain, by: Matrix(real: [[0, g], [-g, 0]]))
      return (
        junction,
        OnsagerNumbers(
          try OnsagerNumbers.compute(junction, potential: 0.4, temperature: 0.5, level: .landauer, tolerance: 1e-7))
      )
    }
    let ((junction, there), (_, back)) = (try matrix(0.5), try matrix(-0.5))
    // Currents to 1e-7 of the gross flow over the smallest step 0.05.
    try LinearResponseTests.compare(junction, 0.4, 0.5, .landauer, tolerance: 1e-7, step: 0.2, bound: 1e-5, "gyrated")
    // The heats of the baths among each other, where the lowest order is complete (electrons change them in second order).
    for p in 4..<7 {
      for q in 4..<7 where q != p {
        let deviation = abs(there.values[p][q] - back.values[q][p])
        #expect(deviation <= there.errors[p][q] + back.errors[q][p] + 2e-7 * there.scale(p, q), "\(p) \(q)")
      }
    }
  }
}
