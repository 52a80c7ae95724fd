import ComplexModule
import DenseMatrices
import Testing

@testable import JunctionModel

@Suite("Causality of tabulated self-energies")
struct SelfEnergyCausalityTests {
  /// v^2 g(e) of a semi-infinite chain of hopping t at energy 0: closed form, nothing of the checked method in it.
  private static func chain(_ e: Double, hopping t: Double, coupling v: Double) -> Scalar {
    let root = (e * e - 4 * t * t)
    let g =
      root > 0
      ? Scalar((e - (e < 0 ? -1 : 1) * root.squareRoot()) / (2 * t * t), 0)
      : Scalar(e, -(-root).squareRoot()) / Scalar(2 * t * t, 0)
    return Scalar(v * v, 0) * g
  }

  private static func grid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
  }

  private static func table(_ energies: [Double], _ value: (Double) -> Scalar) -> TabulatedSelfEnergy {
    TabulatedSelfEnergy(energies: energies, values: energies.map { Matrix(rows: 1, columns: 1, elements: [value($0)]) })
  }

  @Test(
    "a chain's self-energy is causal, on coarse and fine grids, whole or cut off inside its band",
    arguments: [(-3.0, 3.0), (-1.2, 1.0), (-3.0, 0.4), (0.2, 3.5), (2.1, 4.0), (-2.0, 2.0)], [9, 61, 400])
  func causal(_ window: (Double, Double), _ points: Int) throws {
    let table = Self.table(Self.grid(window.0, window.1, points)) { Self.chain($0, hopping: 1, coupling: 0.5) }
    #expect(try SelfEnergyCausality.largest(in: table, overlap: nil) == nil)
  }

  @Test(
    "a real part that is missing, negated, doubled or alone is found where the table covers a band's end",
    arguments: [61, 400, 2001])
  func foreign(_ points: Int) throws {
    let grid = Self.grid(-3, 3, points)
    let sigma = { (e: Double) in Self.chain(e, hopping: 1, coupling: 0.5) }
    let wrong: [(Double) -> Scalar] = [
      { Scalar(0, sigma($0).imaginary) }, { Scalar(-sigma($0).real, sigma($0).imaginary) },
      { Scalar(2 * sigma($0).real, sigma($0).imaginary) },
      { Scalar(sigma($0).real, 0) },
    ]
    for value in wrong { #expect(try SelfEnergyCausality.largest(in: Self.table(grid, value), overlap: nil) != nil) }
  }

  @Test("two bands of which the table shows one are causal: the other repels from outside")
  func secondBand() throws {
    let table = Self.table(Self.grid(-3, 3, 300)) {
      Self.chain($0, hopping: 1, coupling: 0.5) + Self.chain($0 - 9, hopping: 1.5, coupling: 2)
    }
    #expect(try SelfEnergyCausality.largest(in: table, overlap: nil) == nil)
  }

  @Test("couplings with complex phases and an overlap are causal; without that overlap the same table is not")
  func matrices() throws {
    // Orbitals 0 and 1 hang on a chain with amplitudes v = (0.5, 0.3i) and overlaps s: Sigma = (e s - v) g (e s - v)^+.
    let energies = Self.grid(-3, 3, 401)
    func sigma(_ e: Double, _ s: [Scalar]) -> Matrix {
      let w = [Scalar(e, 0) * s[0] - Scalar(0.5, 0), Scalar(e, 0) * s[1] - Scalar(0, 0.3)]
      let g = Self.chain(e, hopping: 1, coupling: 1)
      return Matrix(
        rows: 2, columns: 2,
        elements: [w[0] * g * w[0].conjugate, w[1] * g * w[0].conjugate, w[0] * g * w[1].conjugate, w[1] * g * w[1].conjugate])
    }
    let orthonormal = TabulatedSelfEnergy(energies: energies, values: energies.map { sigma($0, [.zero, .zero]) })
    #expect(try SelfEnergyCausality.largest(in: orthonormal, overlap: nil) == nil)
    let s = [Scalar(0.3, 0), Scalar(0, -0.1)]
    let table = TabulatedSelfEnergy(energies: energies, values: energies.map { sigma($0, s) })
    #expect(try SelfEnergyCausality.largest(in: table, overlap: .identity(2)) == nil)
    #expect(try SelfEnergyCausality.largest(in: table, overlap: nil) != nil)
  }

  @Test("a junction with such a table is refused with the place and both energies")
  func refused() throws {
    let grid = Self.grid(-3, 3, 201)
    let table = Self.table(grid) { Scalar(0, Self.chain($0, hopping: 1, coupling: 0.5).imaginary) }
    let conductor = Conductor(hamiltonian: Matrix(rows: 1, columns: 1, elements: [Scalar(1.7, 0)]))
    let error = try #require(throws: ModelError.self) {
      _ = try Junction(conductor: conductor, electrodes: [Electrode("L", .table(table)), Electrode("R", .table(table))])
    }
    #expect(error.path.starts(with: ["electrodes", "L", "self_energy"]))
    #expect(error.description.contains("rises by"))
  }
}
