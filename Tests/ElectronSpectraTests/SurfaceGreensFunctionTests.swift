import ComplexModule
import DenseMatrices
import JunctionModel
import TestKinds
import Testing

@testable import ElectronSpectra

@Suite("SurfaceGreensFunction")
struct SurfaceGreensFunctionTests {
  static let (energy, hopping, coupling) = (0.2, 0.7, 0.4)
  /// Across the band -1.2 ... 1.6, near its edges and outside.
  static let energies =
    (-30...30).map { 0.2 + 1.39 * Double($0) / 30 } + [-5, -1.3, -1.2001, -1.19999, 0.2, 0.93, 1.59999, 1.6001, 1.7, 9]

  static func chain(_ e: Double) -> Scalar {
    Scalar(coupling * coupling, 0) * ElectrodeSelfEnergy.chainGreensFunction(e - energy, hopping: hopping)
  }

  /// 1e-12: rounding of the energy over the root of the distance from an edge, 1e-5.
  static func check(_ lead: PeriodicLead, size: Int) throws {
    let sigma = try ElectrodeSelfEnergy(Electrode("D", .periodic(lead)), conductorSize: size)
    for e in energies {
      let found = try sigma.evaluate(at: e)
      let defect = (found.sigma[0, 0] - chain(e)).length
      #expect(defect < 1e-12 && defect <= found.error, "at \(e): \(found.sigma[0, 0]), closed form \(chain(e))")
    }
  }

  @Test("the waves of one-orbital cells give the closed form of the chain to 1e-12, in the band and outside", .tags(.limit))
  func oneOrbital() throws {
    try Self.check(
      PeriodicLead(
        orbitals: [0], h00: Matrix(diagonal: [Self.energy]), h01: Matrix(diagonal: [Self.hopping]),
        couplingHamiltonian: Matrix(diagonal: [Self.coupling])), size: 1)
  }

  @Test("the same chain in cells of two orbitals has the same self-energy, also where its folded bands cross", .tags(.limit))
  func folded() throws {
    var h01 = Matrix(rows: 2, columns: 2)
    h01[1, 0] = Scalar(Self.hopping, 0)
    try Self.check(
      PeriodicLead(
        orbitals: [0], h00: Matrix(real: [[Self.energy, Self.hopping], [Self.hopping, Self.energy]]), h01: h01,
        couplingHamiltonian: Matrix(real: [[Self.coupling, 0]])), size: 1)
  }

  @Test("two chains that end on one orbital are two channels of it: Sigma and Gamma are their sums", .tags(.limit))
  func severalChannels() throws {
    var coupling = Matrix(rows: 1, columns: 2)
    for c in 0..<2 { coupling[0, c] = Scalar(Self.coupling, 0) }
    let lead = PeriodicLead(
      orbitals: [0], h00: Matrix(diagonal: [Self.energy, Self.energy]), h01: Matrix(diagonal: [Self.hopping, Self.hopping]),
      couplingHamiltonian: coupling)
    let sigma = try ElectrodeSelfEnergy(Electrode("D", .periodic(lead)), conductorSize: 1)
    for e in Self.energies {
      let found = try sigma.evaluate(at: e)
      let expected = Self.chain(e) + Self.chain(e)
      // 1e-12: as for one chain.
      #expect((found.sigma[0, 0] - expected).length < 1e-12, "at \(e): \(found.sigma[0, 0]), closed form \(expected)")
      let gamma = Matrix.product(found.factor, .plain, found.factor, .adjoint)[0, 0]
      #expect(
        found.factor.columns == sigma.rank
          && (gamma - Scalar(0, 1) * (found.sigma[0, 0] - found.sigma[0, 0].conjugate)).length < 1e-12)
    }
  }

  @Test("an overlap between cells enters as an energy-dependent hopping")
  func overlap() throws {
    // e S01 - H01 = e s - t: the chain's closed form with hopping t - e s and on-site energy e0 holds at each energy.
    let s = 0.15
    let (h00, h01, s01) = (Matrix(diagonal: [Self.energy]), Matrix(diagonal: [Self.hopping]), Matrix(diagonal: [s]))
    let single = PeriodicLead(orbitals: [0], h00: h00, h01: h01, s01: s01)
    var (long, longOverlap) = (Matrix(rows: 2, columns: 2), Matrix(rows: 2, columns: 2))
    (long[1, 0], longOverlap[1, 0]) = (Scalar(Self.hopping, 0), Scalar(s, 0))
    let double = PeriodicLead(
      orbitals: [0], h00: Matrix(real: [[Self.energy, Self.hopping], [Self.hopping, Self.energy]]), h01: long,
      s00: Matrix(real: [[1, s], [s, 1]]), s01: longOverlap, couplingHamiltonian: Matrix(real: [[Self.hopping, 0]]),
      couplingOverlap: Matrix(real: [[s, 0]]))
    for lead in [single, double] {
      let sigma = try ElectrodeSelfEnergy(Electrode("D", .periodic(lead)), conductorSize: 1)
      for e in [-3, -0.9, -0.41, 0.11, 0.7, 1.2, 1.9, 4] {
        let t = Self.hopping - e * s
        let expected = Scalar(t * t, 0) * ElectrodeSelfEnergy.chainGreensFunction(e - Self.energy, hopping: t)
        #expect((try sigma.evaluate(at: e).sigma[0, 0] - expected).length < 1e-10, "cell of \(lead.cellSize) at \(e)")
      }
    }
  }

  @Test("the band edges of a lead are those of its chain", .tags(.limit))
  func bandEdges() throws {
    var h01 = Matrix(rows: 2, columns: 2)
    h01[1, 0] = Scalar(Self.hopping, 0)
    let lead = PeriodicLead(
      orbitals: [0], h00: Matrix(real: [[Self.energy, Self.hopping], [Self.hopping, Self.energy]]), h01: h01,
      couplingHamiltonian: Matrix(real: [[Self.coupling, 0]]))
    let edges = try SurfaceGreensFunction(lead).bandStructure().edges
    // Golden section finds extrema of bands to rounding of the eigenvalues; band crossings may be listed as well.
    #expect(abs(edges.first! + 1.2) < 1e-12 && abs(edges.last! - 1.6) < 1e-12)
  }

  @Test("a table on a dense grid reproduces the self-energy between its points, and cubics exactly", .tags(.limit))
  func table() throws {
    let grid = (0...40).map { -1 + 0.05 * Double($0) }
    func cubic(_ e: Double) -> Scalar { Scalar(e * e * e - e, -1 - 0.3 * e * e) }
    let spline = SelfEnergyTable(
      TabulatedSelfEnergy(energies: grid, values: grid.map { Matrix(rows: 1, columns: 1, elements: [cubic($0)]) }))
    for e in [-1, -0.97, 0.013, 0.999, 1] {
      // A not-a-knot spline is exact for cubics: rounding.
      #expect((spline(at: e)[0, 0] - cubic(e)).length < 1e-13)
    }
  }
}
