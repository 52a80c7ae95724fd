import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import ElectronSpectra

@Suite("Leads whose cells absorb")
struct AbsorbingLeadTests {
  private static func absorbing(_ lead: PeriodicLead, eta: Double, coupling: Double = 0) -> PeriodicLead {
    PeriodicLead(
      orbitals: lead.orbitals, h00: lead.h00, h01: lead.h01, s00: lead.s00, s01: lead.s01, eta: eta, couplingEta: coupling)
  }

  @Test("A chain is the closed form at the complex energy, in its band, outside and on its edges", .tags(.limit))
  func closedForm() throws {
    let (level, hopping, coupling) = (0.2, 0.7, 0.4)
    for eta in [1e-6, 1e-3, 0.1] {
      let lead = PeriodicLead(
        orbitals: [0], h00: Matrix(diagonal: [level]), h01: Matrix(diagonal: [hopping]),
        couplingHamiltonian: Matrix(diagonal: [coupling]), eta: eta)
      let sigma = try ElectrodeSelfEnergy(Electrode("D", .periodic(lead)), conductorSize: 1)
      for e in [-5, -1.2, -0.7, 0.2, 0.93, 1.599, 1.6, 1.7] {
        let x = Scalar(e - level, eta)
        let root = Scalar.sqrt(x * x - Scalar(4 * hopping * hopping, 0))
        // The root that decays: |g| the smaller one.
        let (a, b) = (x - root, x + root)
        let g = (a.length < b.length ? a : b) / Scalar(2 * hopping * hopping, 0)
        let found = try sigma.evaluate(at: e)
        let defect = (found.sigma[0, 0] - Scalar(coupling * coupling, 0) * g).length
        // 1e-12: rounding of the energy over the root of eta, 1e-3.
        #expect(defect < 1e-12 && defect <= found.error + 1e-15, "eta \(eta) at \(e): \(found.sigma[0, 0]), error \(found.error)")
      }
    }
  }

  @Test("Any lead is the one grown cell by cell until nothing comes back, within its own error bound", .tags(.twin))
  func cellByCell() throws {
    for kind in RandomLeads.Kind.allCases {
      for seed in 1...3 {
        let lead = Self.absorbing(RandomLeads.make(seed: UInt64(seed), kind: kind), eta: 0.05, coupling: seed == 3 ? 0.01 : 0)
        let surface = try SurfaceGreensFunction(lead)
        for e in [-1.3, 0, 0.4] {
          let found = try surface(at: e)
          let expected = try Self.grown(lead, at: e)
          // 1e-11: some hundred cells round some ulps each.
          let defect = (found.sigma - expected).norm
          #expect(
            defect <= 1e-11 * max(1, expected.norm) + found.error, "\(kind) \(seed) at \(e): \(defect), bound \(found.error)")
          #expect(found.error <= 1e-9 * max(1, expected.norm), "\(kind) \(seed) at \(e): bound \(found.error)")
          let gamma = Scalar(0, 1) * (found.sigma - found.sigma.adjoint)
          let factored = Matrix.product(found.broadening, .plain, found.broadening, .adjoint)
          #expect((gamma - factored).norm <= 1e-13 * max(1, gamma.norm), "Gamma = R R^+")
        }
      }
    }
  }

  /// V g V' of a piece of the lead to which cells are added in front, with the positive part of its broadening.
  private static func grown(_ lead: PeriodicLead, at e: Double) throws -> Matrix {
    let z = Scalar(e, lead.eta)
    let n = lead.cellSize
    let d = z * (lead.s00 ?? .identity(n)) - lead.h00
    let s01 = lead.s01 ?? Matrix(rows: n, columns: n)
    let (v, back) = (z * s01 - lead.h01, z * s01.adjoint - lead.h01.adjoint)
    var g = try LUFactorization(d).inverse
    for _ in 0..<20_000 {
      let next = try LUFactorization(d - v * g * back).inverse
      let change = (next - g).norm
      g = next
      if change < 1e-16 * g.norm { break }
    }
    let c = Scalar(e, lead.couplingEta)
    let sigma = (c * s01 - lead.h01) * g * (c * s01.adjoint - lead.h01.adjoint)
    let problem = try HermitianEigenproblem((Scalar(0, 1) * (sigma - sigma.adjoint)).hermitianPart)
    let gamma = problem.vectors * Matrix(diagonal: problem.values.map { max($0, 0) }) * problem.vectors.adjoint
    return sigma.hermitianPart + Scalar(0, -0.5) * gamma
  }

  @Test("With absorption in and beside the leads what leaves one electrode arrives in the others at every energy", .tags(.law))
  func unitarity() throws {
    for seed in 1...6 {
      let base = RandomLeads.make(seed: UInt64(seed), kind: .overlapping)
      let n = base.cellSize
      let beside = PeriodicLead.Absorption(orbitals: [0], broadening: Matrix(diagonal: [0.03]))
      let left = PeriodicLead(
        orbitals: Array(0..<n), h00: base.h00, h01: base.h01.adjoint, s00: base.s00, s01: base.s01.map(\.adjoint), eta: 0.01,
        absorption: beside)
      let right = Self.absorbing(base, eta: 0.02)
      let conductor = Conductor(hamiltonian: base.h00, overlap: base.s00)
      let selfEnergies = try [("L", left), ("R", right)].map {
        try ElectrodeSelfEnergy(Electrode($0.0, .periodic($0.1)), conductorSize: n)
      }
      let green = DirectGreensFunction(conductor, selfEnergies)
      for e in [-0.8, 0.1, 0.9] {
        let (w, r) = try green.factors(at: e)
        let s = Matrix.identity(r.columns) - Scalar(0, 1) * Matrix.product(r, .adjoint, w, .plain)
        // 1e-12: one solve of well-conditioned matrices.
        #expect((Matrix.product(s, .adjoint, s, .plain) - .identity(s.rows)).norm < 1e-12, "seed \(seed) at \(e)")
      }
    }
  }
}
