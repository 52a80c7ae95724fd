import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import BosonPropagators
@testable import ElectronSpectra

@Suite("Self-energies of periodic boson leads")
struct PeriodicBathTableTests {
  static let seed: UInt64 = 20_260_121

  /// A chain of alternating springs s1, s2 on equal sites, cut before a spring s2: K00 and K01.
  static func alternating(_ s1: Double, _ s2: Double, onsite: Double) -> (Matrix, Matrix) {
    (Matrix(real: [[onsite, -s1], [-s1, onsite]]), Matrix(real: [[0, 0], [-s2, 0]]))
  }

  /// g of the first site, X = x - onsite: X s2^2 g^2 - (X^2 - s1^2 + s2^2) g + X = 0; the retarded root is the one of x + i0.
  static func alternating(_ s1: Double, _ s2: Double, onsite: Double, at w: Double) -> Scalar {
    let x = Scalar(w * w - onsite, 1e-13)
    let b = x * x + Scalar(s2 * s2 - s1 * s1, 0)
    let root = Scalar.sqrt(b * b - (x * x).multiplied(by: 4 * s2 * s2))
    let both = [b + root, b - root].map { $0 / x.multiplied(by: 2 * s2 * s2) }
    // With F = s2^2 g (X - s1^2 ...): of the two waves the one that decays away from the junction, |s1 s2 g / (X - s2^2 g)| < 1.
    return both.min {
      let decay = { (g: Scalar) in (g.multiplied(by: s1 * s2) / (x - g.multiplied(by: s2 * s2))).length }
      return decay($0) < decay($1)
    }!
  }

  @Test(
    "alternating springs with the weak one first bind a vibration to the surface: pole and residue 1 - (s1/s2)^2", .tags(.limit))
  func surfaceState() throws {
    let (k00, k01) = Self.alternating(0.3, 0.8, onsite: 1.5)
    let lead = PeriodicBosonLead(k00: k00, k01: k01, coupling: Matrix(real: [[0.2, 0]]))
    let table = try BathTable(lead, named: "lead", coordinates: 1, highest: 4)
    let states = table.surfaceStates
    #expect(states.count == 1)
    let state = try #require(states.first)
    // 1e-13: some rounding units of decimations on the circle.
    #expect(abs(state.frequency - Double(1.5).squareRoot()) < 1e-13)
    #expect(abs(state.residue[0, 0].rawStorage.x - 0.04 * (1 - 9.0 / 64)) < 1e-13)
    var random = SplitMix64(seed: Self.seed)
    for _ in 0..<300 {
      let w = random.uniform(0...4)
      let exact = Self.alternating(0.3, 0.8, onsite: 1.5, at: w).multiplied(by: 0.04)
      let found = table.value(at: Scalar(w, 0))[0, 0]
      // A shift of the pole by 1e-13 on top of the table's error; 1e-6 keeps the square-root edges of the i0 above away.
      let edge = table.edges.map { abs($0 - w) }.min()!
      guard edge > 1e-6 else { continue }
      let allowed = table.error(at: w) + 1e-13 * exact.lengthSquared / 0.04 + 1e-12 / edge
      #expect(abs(found.rawStorage.x - exact.rawStorage.x) <= allowed, "w \(w), seed \(Self.seed)")
      #expect(abs(found.rawStorage.y - exact.rawStorage.y) <= allowed, "w \(w), seed \(Self.seed)")
    }
  }

  @Test("the strong spring first binds nothing", .tags(.limit))
  func noSurfaceState() throws {
    let (k00, k01) = Self.alternating(0.8, 0.3, onsite: 1.5)
    let lead = PeriodicBosonLead(k00: k00, k01: k01, coupling: Matrix(real: [[0.2, 0]]))
    #expect(try BathTable(lead, named: "lead", coordinates: 1, highest: 4).surfaceStates.isEmpty)
  }

  @Test("a surface state under the band of other waves that no spring joins to it is still a pole; Pi is the sum of both")
  func independentParts() throws {
    let (first, hop) = Self.alternating(0.3, 0.8, onsite: 1.5)
    var (k00, k01) = (Matrix(rows: 3, columns: 3), Matrix(rows: 3, columns: 3))
    for i in 0..<2 {
      for j in 0..<2 { (k00[2 * i, 2 * j], k01[2 * i, 2 * j]) = (first[i, j], hop[i, j]) }
    }
    (k00[1, 1], k01[1, 1]) = (Scalar(1.6, 0), Scalar(-0.7, 0))
    let both = PeriodicBosonLead(k00: k00, k01: k01, coupling: Matrix(real: [[0.2, 0.1, 0]]))
    let alone = PeriodicBosonLead(k00: first, k01: hop, coupling: Matrix(real: [[0.2, 0]]))
    let chain = PeriodicBosonLead(k00: Matrix(real: [[1.6]]), k01: Matrix(real: [[-0.7]]), coupling: Matrix(real: [[0.1]]))
    let tables = try [both, alone, chain].map { try BathTable($0, named: "lead", coordinates: 1, highest: 4) }
    #expect(tables[0].surfaceStates.count == 1)
    for w in stride(from: 0.05, to: 4, by: 0.0717) {
      let z = Scalar(w, 0)
      // The same panels: rounding.
      #expect((tables[0].value(at: z) - tables[1].value(at: z) - tables[2].value(at: z)).norm < 1e-14)
    }
  }

  @Test(
    "tables of random leads agree with decimation between their nodes within their error", .tags(.twin),
    arguments: [7017, 7031, 7037, 7040, 7047])
  func random(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    for bath in RandomJunctions.makeBosons(seed: seed).junction.baths {
      guard case .periodic(let lead) = bath.kind, let coupling = lead.coupling else { continue }
      let table = try BathTable(lead, named: "lead", coordinates: coupling.rows, highest: 20)
      let surface = try SurfaceGreensFunction(
        PeriodicLead(
          orbitals: Array(0..<coupling.rows), h00: lead.k00, h01: lead.k01, s00: nil, s01: nil, couplingHamiltonian: coupling,
          couplingOverlap: nil))
      for _ in 0..<500 {
        let w = random.uniform(0...2.5)
        let direct = try surface(at: w * w).sigma
        // Decimation puts the pole R/d off by its imaginary part, some 1e-14, and so does rounding: 1e-13 R/d^2.
        let near = table.surfaceStates.reduce(0.0) {
          let pole = $1.pole(at: Scalar(w, 0)).norm
          return $0 + 1e-13 * pole * pole / max($1.residue.norm, 1e-300)
        }
        let deviation = (table.value(at: Scalar(w, 0)) - direct).largestMagnitude
        #expect(deviation <= 2 * table.error(at: w) + near, "w \(w), seed \(seed)")
      }
    }
  }
}
