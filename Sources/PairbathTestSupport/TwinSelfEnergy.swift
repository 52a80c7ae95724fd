import ComplexModule
import DenseMatrices
import JunctionModel

/// Retarded self-energies of the electrodes by the plainest means, Theory.md section 1.
enum TwinSelfEnergy {
  /// Sigma(e) embedded in the conductor's orbitals, shape (orbitals, orbitals).
  static func matrix(of electrode: Electrode, at energy: Double, orbitals: Int) throws -> Matrix {
    let electrode = electrode.orbitals == nil ? electrode : electrode.placed(orbitals, nil)
    switch electrode.kind {
    case .wideBand(let gamma): return Scalar(0, -0.5) * gamma
    case .chain(let lead):
      var sigma = Matrix(rows: orbitals, columns: orbitals)
      sigma[lead.orbital, lead.orbital] = chain(lead, at: energy)
      return sigma
    case .periodic(let lead):
      var sigma = try periodic(lead, at: energy).embedded(rows: lead.orbitals, columns: lead.orbitals, size: orbitals)
      if let part = lead.absorption {
        sigma =
          sigma + Scalar(0, -0.5) * part.broadening.embedded(rows: part.orbitals, columns: part.orbitals, size: orbitals)
      }
      return sigma
    case .table(let table): return interpolated(table, at: energy)
    }
  }

  /// Energies where the self-energy of an electrode is not smooth; nothing is known about periodic leads.
  static func edges(of electrode: Electrode) -> [Double] {
    switch electrode.kind {
    case .wideBand, .periodic: return []
    case .chain(let lead): return [lead.energy - 2 * abs(lead.hopping), lead.energy + 2 * abs(lead.hopping)]
    case .table(let table): return table.energies
    }
  }

  /// coupling^2 g(e) of the analytic chain: inside the band [x - i sqrt(4t^2 - x^2)]/2t^2, outside the decaying real root.
  static func chain(_ lead: ChainLead, at energy: Double) -> Scalar {
    let x = energy - lead.energy
    let edge = 2 * abs(lead.hopping)
    let product = (edge - abs(x)) * (edge + abs(x))
    let strength = lead.coupling * lead.coupling
    if product > 0 {
      let scale = strength / (2 * lead.hopping * lead.hopping)
      return Scalar(scale * x, -scale * product.squareRoot())
    }
    let root = (-product).squareRoot()
    return Scalar(2 * strength / (x > 0 ? x + root : x - root), 0)
  }

  /// Linear interpolation (the model's cubic spline is not repeated here: compare on fine tables only); flat outside.
  static func interpolated(_ table: TabulatedSelfEnergy, at energy: Double) -> Matrix {
    guard let next = table.energies.firstIndex(where: { $0 >= energy }) else { return table.values.last! }
    guard next > 0 else { return table.values[0] }
    let (e0, e1) = (table.energies[next - 1], table.energies[next])
    let s = (energy - e0) / (e1 - e0)
    return (1 - s) * table.values[next - 1] + s * table.values[next]
  }

  /// Sigma = (e S_c - H_c) g(e) (e S_c - H_c)^+ of a periodic lead, on its own orbitals.
  static func periodic(_ lead: PeriodicLead, at energy: Double) throws -> Matrix {
    let cell = lead.cellSize
    let e = Scalar(energy, 0)
    let s00 = lead.s00 ?? Matrix.identity(cell)
    let zero = Matrix(rows: cell, columns: cell)
    let s01 = lead.s01 ?? zero
    let g =
      lead.eta > 0
      ? try absorbing(lead, at: energy) : try surface(e * s00 - lead.h00, e * s01 - lead.h01, overlap: s00)
    let hc = lead.couplingHamiltonian ?? lead.h01
    let defaultOverlap =
      lead.couplingHamiltonian == nil ? s01 : Matrix(rows: lead.orbitals.count, columns: cell)
    let sc = lead.couplingOverlap ?? defaultOverlap
    let z = Scalar(energy, lead.couplingEta)
    let sigma = (z * sc - hc) * g * (z * sc.adjoint - hc.adjoint)
    return lead.couplingEta > 0 ? try causalPart(sigma) : sigma
  }

  /// Sigma with the positive part of its broadening alone.
  private static func causalPart(_ sigma: Matrix) throws -> Matrix {
    let problem = try HermitianEigenproblem((Scalar(0, 1) * (sigma - sigma.adjoint)).hermitianPart)
    let kept = problem.vectors * Matrix(diagonal: problem.values.map { max($0, 0) }) * problem.vectors.adjoint
    return sigma.hermitianPart + Scalar(0, -0.5) * kept
  }

  /// g(e + i eta) of a piece of the lead so long that nothing comes back from its end: cells added one by one in front.
  private static func absorbing(_ lead: PeriodicLead, at energy: Double) throws -> Matrix {
    let (cell, z) = (lead.cellSize, Scalar(energy, lead.eta))
    let d = z * (lead.s00 ?? Matrix.identity(cell)) - lead.h00
    let s01 = lead.s01 ?? Matrix(rows: cell, columns: cell)
    let (v, back) = (z * s01 - lead.h01, z * s01.adjoint - lead.h01.adjoint)
    var g = try LUFactorization(d).inverse
    for _ in 0..<400_000 {
      let next = try LUFactorization(d - v * g * back).inverse
      let change = (next - g).norm
      g = next
      if change <= 1e-16 * g.norm { break }
    }
    return g
  }

  /// Surface Green's function g = [D - V g V^+]^-1 at a real energy, D = e S00 - H00, V = e S01 - H01.
  ///
  /// Decimation with a small imaginary part picks the retarded root; Newton's method on the real axis then removes what
  /// the imaginary part did to it. Where Newton fails (within about 1e-6 bandwidths of band edges and of crossings of folded
  /// bands) the start is kept, whose error is about the imaginary part there.
  private static func surface(_ d: Matrix, _ v: Matrix, overlap: Matrix) throws -> Matrix {
    let scale = max(v.largestMagnitude, 1e-3 * d.largestMagnitude, 1e-300)
    let start = try decimated(d + Scalar(0, 1e-6 * scale) * overlap, v, scale: scale)
    var g = start
    for _ in 0..<6 {
      // The step's matrix is singular at band edges and at crossings of folded bands.
      guard let next = try? newtonStep(g, d, v) else { return start }
      let change = (next - g).norm
      g = next
      if change <= 1e-15 * g.norm { break }
    }
    let moved = (g - start).norm
    let causal = try HermitianEigenproblem((Scalar(0, 1) * (g - g.adjoint)).hermitianPart).values.first ?? 0
    return moved <= 1e-2 * start.norm && causal >= -1e-9 * g.norm ? g : start
  }

  /// Sancho-Rubio decimation, doubling the thickness of the surface layer in every step.
  private static func decimated(_ d: Matrix, _ v: Matrix, scale: Double) throws -> Matrix {
    var (alpha, beta) = (v, v.adjoint)
    var (surface, bulk) = (d, d)
    for _ in 0..<60 {
      let lu = try LUFactorization(bulk)
      let (a, b) = (lu.solve(alpha), lu.solve(beta))
      surface = surface - alpha * b
      bulk = bulk - alpha * b - beta * a
      (alpha, beta) = (alpha * a, beta * b)
      if max(alpha.largestMagnitude, beta.largestMagnitude) < 1e-17 * scale { break }
    }
    return try LUFactorization(surface).inverse
  }

  /// One Newton step for (D - V g V^+) g = 1, its linear equation solved as one of size cell^2.
  private static func newtonStep(_ g: Matrix, _ d: Matrix, _ v: Matrix) throws -> Matrix {
    let n = g.rows
    let p = d - v * g * v.adjoint
    let q = v.adjoint * g
    let residual = Matrix.identity(n) - p * g
    var system = Matrix(rows: n * n, columns: n * n)
    for j in 0..<n {
      for i in 0..<n {
        for k in 0..<n {
          system[i + j * n, k + j * n] = system[i + j * n, k + j * n] + p[i, k]
          for l in 0..<n {
            // (V dg V^+ g)_ij = sum_kl V_ik dg_kl (V^+ g)_lj.
            system[i + j * n, k + l * n] = system[i + j * n, k + l * n] - v[i, k] * q[l, j]
          }
        }
      }
    }
    let step = try LUFactorization(system).solve(Matrix(rows: n * n, columns: 1, elements: residual.elements))
    return g + Matrix(rows: n, columns: n, elements: step.elements)
  }
}
