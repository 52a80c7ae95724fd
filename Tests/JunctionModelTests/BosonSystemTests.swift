import DenseMatrices
import JunctionModel
import TestKinds
import Testing

@Suite("BosonSystem")
struct BosonSystemTests {
  /// The error of making a system.
  private func failure(_ make: () throws -> BosonSystem) throws -> ModelError {
    try #require(throws: ModelError.self) { _ = try make() }
  }

  @Test("a chain between walls has the energies 2 sqrt(spring) sin(k pi/(2 (n + 1)))", .tags(.limit))
  func chain() throws {
    let bosons = try BosonSystem.chain(sites: 5, spring: 0.25)
    #expect(bosons.coordinates == 5 && bosons.count == 5)
    let exact = [0.25881904510252074, 0.5, 0.7071067811865476, 0.8660254037844386, 0.9659258262890683]
    for (found, expected) in zip(bosons.modeEnergies, exact) { #expect(abs(found - expected) < 1e-14) }
    #expect(try BosonSystem.chain(sites: 3, spring: 1, projectingOut: [0]).count == 2)
    #expect(try failure { try .chain(sites: 0, spring: 1) }.path == ["bosons", "chain", "sites"])
    #expect(try failure { try .chain(sites: 2, spring: 0) }.path == ["bosons", "chain", "spring"])
    #expect(try failure { try .chain(sites: 2, spring: 1, onsite: .nan) }.path == ["bosons", "chain", "onsite"])
  }

  @Test("a free translation has energy zero", .tags(.law))
  func translation() throws {
    let bosons = try BosonSystem(dynamicalMatrix: Matrix(real: [[1, -1], [-1, 1]]))
    #expect(bosons.zeroModes == [0])
    #expect(abs(bosons.modeEnergies[1] - 2.0.squareRoot()) < 1e-15)
  }

  @Test("imaginary modes are named with their energies and the way to leave them out")
  func imaginaryModes() throws {
    let k = Matrix(diagonal: [1, -0.04, -0.25])
    let error = try failure { try BosonSystem(dynamicalMatrix: k) }
    #expect(error.code == .notPositiveSemidefinite)
    #expect(error.found == "2 imaginary modes: 0 (W = 0.5i), 1 (W = 0.2i)", "\(error)")
    #expect(error.hint.contains("bosons.project_out: [0, 1]"))
    #expect(try BosonSystem(dynamicalMatrix: k, projectingOut: [0, 1]).modeEnergies == [1])
  }

  @Test("a dynamical matrix is real and symmetric, and some mode is left")
  func shapes() throws {
    let asymmetric = try failure { try BosonSystem(dynamicalMatrix: Matrix(real: [[1, 0.5], [0.25, 1]])) }
    #expect(asymmetric.code == .notHermitian && asymmetric.found.contains("= 0.25"))
    let complex = try failure {
      try BosonSystem(dynamicalMatrix: Matrix([[Scalar(1, 0), Scalar(0, 0.1)], [Scalar(0, -0.1), Scalar(1, 0)]]))
    }
    #expect(complex.found.contains("complex"))
    #expect(try failure { try BosonSystem(dynamicalMatrix: Matrix(rows: 2, columns: 3)) }.code == .wrongShape)
    #expect(try failure { try BosonSystem(dynamicalMatrix: .identity(1), projectingOut: [0]) }.code == .outOfRange)
    #expect(try failure { try BosonSystem(dynamicalMatrix: .identity(2), projectingOut: [2]) }.found == "mode 2")
  }
}

@Suite("Boson baths")
struct BosonBathTests {
  private static let chain = try? BosonSystem.chain(sites: 3, spring: 1)

  private func failure(_ kind: BosonBathKind, _ coordinates: [Int]) throws -> ModelError {
    let bosons = try #require(Self.chain)
    return try #require(throws: ModelError.self) {
      _ = try Junction(bosons: bosons, baths: [BosonBath("ph", kind, coordinates: coordinates)])
    }
  }

  @Test("bosons alone are a junction, and nothing at all is not")
  func alone() throws {
    let bosons = try #require(Self.chain)
    let bath = BosonBath("ph", .ohmic(friction: 0.1), coordinates: [0])
    let junction = try Junction(bosons: bosons, baths: [bath])
    #expect(junction.conductor.isEmpty && junction.channels.isEmpty)
    #expect(junction.lowestModeEnergy(of: bath) == bosons.modeEnergies[0])
    #expect(throws: ModelError.self) { try Junction() }
    #expect(throws: ModelError.self) { try Junction(bosons: bosons) }
  }

  @Test("a bath on a coordinate that does not exist learns how many there are")
  func coordinates() throws {
    let error = try failure(.ohmic(friction: 0.1), [0, 3])
    #expect(error.path == ["baths", "ph", "coordinates", "1"])
    #expect(error.found == "coordinate 3" && error.allowed == "0 to 2, there are 3 coordinates")
  }

  @Test("a periodic lead whose bulk has imaginary modes is refused with the wave number; a free chain is not")
  func unstableLead() throws {
    let soft = PeriodicBosonLead(k00: Matrix(real: [[1]]), k01: Matrix(real: [[0.75]]))
    // K(pi) = 1 - 1.5.
    let error = try failure(.periodic(soft), [0])
    #expect(error.path == ["baths", "ph", "K00"] && error.found.contains("0.7071i at the wave number 1.0 pi"), "\(error)")
    let free = PeriodicBosonLead(k00: Matrix(real: [[2]]), k01: Matrix(real: [[-1]]))
    let bosons = try #require(Self.chain)
    #expect(throws: Never.self) { try Junction(bosons: bosons, baths: [BosonBath("ph", .periodic(free), coordinates: [0])]) }
  }

  @Test("every kind has its numbers checked, with the key that is wrong")
  func kinds() throws {
    #expect(try failure(.drude(friction: -1, cutoff: 1), [0]).path.last == "friction")
    #expect(try failure(.drude(friction: 1, cutoff: 0), [0]).path.last == "cutoff")
    #expect(try failure(.chain(HarmonicChainLead(spring: 0)), [0]).path.last == "spring")
    #expect(try failure(.chain(HarmonicChainLead(spring: 1, onsite: -1)), [0]).path.last == "onsite")
    #expect(try failure(.chain(HarmonicChainLead(spring: 1, coupling: .nan)), [0]).path.last == "coupling")
    #expect(try failure(.chain(HarmonicChainLead(spring: 1)), [0, 1]).path.last == "coordinates")
    let (k00, k01) = (Matrix.identity(2), Matrix(real: [[0, 0], [-0.1, 0]]))
    #expect(try failure(.periodic(PeriodicBosonLead(k00: k00, k01: k01)), [0]).path.last == "coordinates")
    #expect(try failure(.periodic(PeriodicBosonLead(k00: k00, k01: .identity(1))), [0, 1]).path.last == "K01")
    #expect(try failure(.periodic(PeriodicBosonLead(k00: k01, k01: k01)), [0, 1]).path.last == "K00")
    let complex = Matrix([[Scalar(0, 1), .zero]])
    #expect(try failure(.periodic(PeriodicBosonLead(k00: k00, k01: k01, coupling: complex)), [0]).path.last == "coupling")
  }
}
