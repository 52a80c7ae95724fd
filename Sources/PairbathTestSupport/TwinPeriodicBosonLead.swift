import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// Surface Green's function of a periodic harmonic lead from the waves it carries, and its band edges.
///
/// Waves u_n = l^n u obey [l^2 K01 - l (x - K00) + K01^T] u = 0, x = w^2. The retarded solution keeps those that decay away
/// from the junction (|l| < 1) and those that carry energy away from it (|l| = 1, dx/dk > 0, l = exp(ik)). With their
/// transfer matrix F = U l U^-1: g = [x - K00 - K01 F]^-1.
enum TwinPeriodicBosonLead {
  /// g(w) for w >= 0, shape (cell, cell), 1/energy^2. Where the waves cannot be told apart (band edges, crossings) the
  /// decimation of the electrodes' twin stands in.
  static func surface(_ lead: PeriodicBosonLead, frequency w: Double) throws -> Matrix {
    let x = w * w
    if let g = try? fromWaves(lead, x), residual(g, lead, x) < 1e-10 { return refined(g, lead, x) }
    let identity = Matrix.identity(lead.cellSize)
    let electronic = PeriodicLead(
      orbitals: Array(0..<lead.cellSize), h00: lead.k00, h01: lead.k01, couplingHamiltonian: identity)
    return refined(try TwinSelfEnergy.periodic(electronic, at: x), lead, x)
  }

  /// |g (x - K00 - K01 g K01^T) - 1|.
  static func residual(_ g: Matrix, _ lead: PeriodicBosonLead, _ x: Double) -> Double {
    let identity = Matrix.identity(lead.cellSize)
    let inverse = Scalar(x, 0) * identity - lead.k00 - Matrix.product(lead.k01 * g, .plain, lead.k01, .adjoint)
    return (g * inverse - identity).norm
  }

  /// Two steps of Newton on F(g) = g (X - K g K^T) - 1, X = x - K00: near a band edge waves are known to the square root of a rounding
  /// unit. dg (X - K g K^T) - g K dg K^T = -F, solved as one linear system; a step that does not help is not taken.
  private static func refined(_ start: Matrix, _ lead: PeriodicBosonLead, _ x: Double) -> Matrix {
    let n = lead.cellSize
    var g = start
    for _ in 0..<2 {
      let right = Scalar(x, 0) * Matrix.identity(n) - lead.k00 - Matrix.product(lead.k01 * g, .plain, lead.k01, .adjoint)
      let (left, defect) = (g * lead.k01, g * right - Matrix.identity(n))
      var system = Matrix(rows: n * n, columns: n * n)
      var load = Matrix(rows: n * n, columns: 1)
      for i in 0..<n {
        for j in 0..<n {
          load[j * n + i, 0] = -defect[i, j]
          for k in 0..<n {
            system[j * n + i, k * n + i] = system[j * n + i, k * n + i] + right[k, j]
            // K is real: (K^T)_lj = K_jl.
            for l in 0..<n { system[j * n + i, l * n + k] = system[j * n + i, l * n + k] - left[i, k] * lead.k01[j, l] }
          }
        }
      }
      guard let step = try? LUFactorization(system).solve(load) else { return g }
      let next = g + Matrix(rows: n, columns: n, elements: step.elements)
      guard residual(next, lead, x) < residual(g, lead, x) else { return g }
      g = next
    }
    return g
  }

  private static func fromWaves(_ lead: PeriodicBosonLead, _ x: Double) throws -> Matrix? {
    let cell = lead.cellSize
    let outgoing = try waves(lead, x).filter { wave in
      let size = wave.factor.length
      if abs(size - 1) > 1e-7 { return size < 1 }
      // dx/dk = u^+ (i l K01 - i K01^T/l) u.
      let u = wave.vector
      let flow = Matrix.product(u, .adjoint, lead.k01 * u, .plain)[0, 0] * wave.factor
      return -2 * flow.rawStorage.y > 0
    }
    guard outgoing.count == cell else { return nil }
    var (shapes, shifted) = (Matrix(rows: cell, columns: cell), Matrix(rows: cell, columns: cell))
    for (k, wave) in outgoing.enumerated() {
      for i in 0..<cell {
        shapes[i, k] = wave.vector[i, 0]
        shifted[i, k] = wave.vector[i, 0] * wave.factor
      }
    }
    let d = Scalar(x, 0) * Matrix.identity(cell) - lead.k00
    // g = U [(x - K00) U - K01 U l]^-1.
    return shapes * (try LUFactorization(d * shapes - lead.k01 * shifted).inverse)
  }

  private struct Wave {
    let factor: Scalar
    let vector: Matrix
  }

  /// All 2 cell waves with finite l, from A z = l B z, z = (u, l u), A = (0 1; -K01^T x-K00), B = (1 0; 0 K01), turned into
  /// the plain eigenproblem (A - s B)^-1 B z = z/(l - s) with a shift s that is no eigenvalue.
  private static func waves(_ lead: PeriodicBosonLead, _ x: Double) throws -> [Wave] {
    let cell = lead.cellSize
    var (a, b) = (Matrix(rows: 2 * cell, columns: 2 * cell), Matrix(rows: 2 * cell, columns: 2 * cell))
    for i in 0..<cell {
      a[i, cell + i] = .one
      b[i, i] = .one
      for j in 0..<cell {
        a[cell + i, j] = -lead.k01[j, i]
        a[cell + i, cell + j] = Scalar(i == j ? x : 0, 0) - lead.k00[i, j]
        b[cell + i, cell + j] = lead.k01[i, j]
      }
    }
    let shift = Scalar(1.3 * Double.cos(0.7), 1.3 * Double.sin(0.7))
    let problem = try GeneralEigenproblem(LUFactorization(a - shift * b).solve(b))
    return problem.values.indices.compactMap { k in
      let value = problem.values[k]
      guard value.length > 1e-12 else { return nil }
      let vector = problem.vectors.submatrix(rows: Array(0..<cell), columns: [k])
      return vector.norm > 1e-13 ? Wave(factor: shift + Scalar.one / value, vector: vector) : nil
    }
  }

  /// Frequencies at which a band of K00 + exp(ik) K01 + exp(-ik) K01^T is flat, ascending.
  static func edges(_ lead: PeriodicBosonLead) throws -> [Double] {
    let steps = 400
    let angles = (0...steps).map { Double.pi * Double($0) / Double(steps) }
    let bands = try angles.map { try band(lead, $0) }
    var result: [Double] = []
    for j in 0..<lead.cellSize {
      result += [bands[0][j], bands[steps][j]]
      for i in 1..<steps where (bands[i][j] - bands[i - 1][j]) * (bands[i + 1][j] - bands[i][j]) <= 0 {
        let sign = bands[i][j] >= bands[i - 1][j] ? 1.0 : -1.0
        result.append(sign * (try peak(from: angles[i - 1], to: angles[i + 1]) { sign * (try band(lead, $0)[j]) }))
      }
    }
    return Set(result.filter { $0 > 0 }.map { $0.squareRoot() }).sorted()
  }

  /// Frequencies of vibrations of the lead's surface in its gaps, where g has a pole.
  ///
  /// In a gap tr g falls with w everywhere but across a pole (det g is finite even there). A pole with so small a residue that
  /// tr g falls from one of 200 points to the next is missed.
  static func surfaceStates(_ lead: PeriodicBosonLead, edges: [Double]) throws -> [Double] {
    func trace(_ w: Double) throws -> Double { try surface(lead, frequency: w).trace.rawStorage.x }
    var result: [Double] = []
    for (lower, upper) in zip([0] + edges, edges + [2 * (edges.last ?? 0)]) where upper - lower > 1e-6 * upper {
      let centre = try surface(lead, frequency: 0.5 * (lower + upper))
      guard (centre - centre.adjoint).norm < 1e-7 * centre.norm else { continue }
      let points = (1..<200).map { lower + (upper - lower) * Double($0) / 200 }
      let traces = try points.map(trace)
      for i in 1..<points.count where traces[i] > traces[i - 1] {
        var (a, b, first) = (points[i - 1], points[i], traces[i - 1])
        for _ in 0..<45 {
          let middle = 0.5 * (a + b)
          let value = try trace(middle)
          if value > first { b = middle } else { (a, first) = (middle, value) }
        }
        result.append(b)
      }
    }
    return result
  }

  private static func band(_ lead: PeriodicBosonLead, _ k: Double) throws -> [Double] {
    let hop = Scalar(Double.cos(k), Double.sin(k)) * lead.k01
    return try HermitianEigenproblem((lead.k00 + hop + hop.adjoint).hermitianPart).values
  }

  /// The largest value of a function with one maximum, by ternary search.
  private static func peak(from: Double, to: Double, _ f: (Double) throws -> Double) rethrows -> Double {
    var (a, b) = (from, to)
    for _ in 0..<80 {
      let (p, q) = (a + (b - a) / 3, b - (b - a) / 3)
      if try f(p) < f(q) { a = p } else { b = q }
    }
    return try f(0.5 * (a + b))
  }
}
