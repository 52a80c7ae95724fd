import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

/// Pi(w) of one bath on free coordinates, in their own basis.
private func selfEnergy(_ kind: BosonBathKind, coordinates: Int, at frequencies: [Double]) throws -> [Matrix] {
  let junction = try Junction(
    bosons: BosonSystem(modes: [Double](repeating: 1, count: coordinates)),
    baths: [BosonBath("p", kind, coordinates: Array(0..<coordinates))])
  let state = OperatingPoint(chemicalPotentials: [], temperatures: [], bathTemperatures: [1])
  let twin = try TwinBosons(junction, at: state, level: .landauer)
  return try frequencies.map { try twin.bathSelfEnergy(0, frequency: $0) }
}

@Suite("Twin of general bosons: baths")
struct TwinBosonBathTests {
  static let frequencies = [0.05, 0.31, 0.77, 1.2, 1.9, 2.4, 3.6]

  @Test("a chain solves its fixed-point equation, loses energy in its band and none outside", .tags(.law))
  func chain() throws {
    let lead = HarmonicChainLead(spring: 1.1, onsite: 0.4, coupling: 0.7)
    let pis = try selfEnergy(.chain(lead), coordinates: 1, at: Self.frequencies)
    for (w, pi) in zip(Self.frequencies, pis) {
      let g = pi[0, 0] / Scalar(0.49, 0)
      let residual = g * (Scalar(w * w - 0.4 - 2.2, 0) - Scalar(1.21, 0) * g) - .one
      #expect(residual.length < 1e-13)
      let inBand = w * w > 0.4 && w * w < 4.8
      #expect(inBand ? pi[0, 0].rawStorage.y < 0 : pi[0, 0].rawStorage.y == 0)
      #expect(inBand || (1.1 * g.length) < 1)
    }
  }

  @Test("a periodic lead that is a chain, in cells of one and of two sites, is the chain", .tags(.limit))
  func periodicChain() throws {
    let chain = HarmonicChainLead(spring: 0.9, onsite: 0.2)
    let expected = try selfEnergy(.chain(chain), coordinates: 1, at: Self.frequencies)
    let one = PeriodicBosonLead(k00: Matrix(real: [[2]]), k01: Matrix(real: [[-0.9]]))
    // The block between cells of two sites is singular.
    let two = PeriodicBosonLead(
      k00: Matrix(real: [[2, -0.9], [-0.9, 2]]), k01: Matrix(real: [[0, 0], [-0.9, 0]]), coupling: Matrix(real: [[-0.9, 0]]))
    for lead in [one, two] {
      let found = try selfEnergy(.periodic(lead), coordinates: 1, at: Self.frequencies)
      for (a, b) in zip(found, expected) { #expect((a - b).norm < 1e-12 * b.norm) }
    }
  }

  @Test("random periodic leads solve their equation, are passive and symmetric", .tags(.law), arguments: 1...6)
  func periodic(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let cell = 1 + seed % 3
    func real(_ scale: Double) -> Matrix {
      Matrix(rows: cell, columns: cell, elements: (0..<(cell * cell)).map { _ in Scalar(scale * random.uniform(-1...1), 0) })
    }
    let k01 = real(0.4)
    let k00 = real(0.3).hermitianPart + 3.0 * Matrix.identity(cell)
    let lead = PeriodicBosonLead(k00: k00, k01: k01, coupling: Matrix.identity(cell))
    let frequencies = (1...40).map { 0.065 * Double($0) }
    for (w, g) in zip(frequencies, try selfEnergy(.periodic(lead), coordinates: cell, at: frequencies)) {
      let inverse = Scalar(w * w, 0) * Matrix.identity(cell) - k00 - Matrix.product(k01 * g, .plain, k01, .adjoint)
      #expect((g * inverse - Matrix.identity(cell)).norm < 1e-9)
      let gamma = Scalar(0, 1) * (g - g.adjoint)
      let smallest = try HermitianEigenproblem(gamma.hermitianPart).values[0]
      #expect(smallest > -1e-11 * g.norm)
      for i in 0..<cell { for j in 0..<i { #expect((g[i, j] - g[j, i]).length < 1e-10 * g.norm) } }
    }
  }

  @Test("a table passes through its values, smoothly; Drude becomes Ohmic; Pi(-w) = Pi(w)^*", .tags(.limit))
  func others() throws {
    let grid = (0...30).map { 20 * Double($0 * $0) / 900 }
    let exact = BosonBathKind.drude(friction: 0.2, cutoff: 1.5)
    let table = TabulatedBosonSelfEnergy(frequencies: grid, values: try selfEnergy(exact, coordinates: 1, at: grid))
    for (between, allowed) in [(0.0, 1e-13), (0.5, 2e-3)] {
      let points = zip(grid, grid.dropFirst()).map { $0 + between * ($1 - $0) }
      let found = try selfEnergy(.table(table), coordinates: 1, at: points)
      for (a, b) in zip(found, try selfEnergy(exact, coordinates: 1, at: points)) {
        #expect((a - b).norm <= allowed * max(b.norm, 1e-3))
      }
    }
    let drude = try selfEnergy(.drude(friction: 0.3, cutoff: 1e9), coordinates: 1, at: [0.8, -0.8])
    let ohmic = try selfEnergy(.ohmic(friction: 0.3), coordinates: 1, at: [0.8, -0.8])
    for (a, b) in zip(drude, ohmic) { #expect((a - b).norm < 1e-8) }
    #expect(ohmic[0][0, 0] == Scalar(0, -0.24) && ohmic[1][0, 0] == Scalar(0, 0.24))
  }
}
