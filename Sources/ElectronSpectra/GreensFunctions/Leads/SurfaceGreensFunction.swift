import ComplexModule
import DenseMatrices
import JunctionModel

/// Surface Green's function of a semi-infinite periodic lead, g = [e S00 - H00 - T g T^+]^-1 with T = e S01 - H01.
///
/// From the lead's waves (`BlochModes`); by decimation above the real axis, extrapolated to it, where waves of both directions can
/// hardly be told apart (crossings of bands). Both are put into the equation, and what they miss of it is part of their error.
package struct SurfaceGreensFunction: Sendable {
  package let lead: PeriodicLead
  let scale: Double
  /// Factors of T when it does not depend on energy.
  private let constantHopping: HoppingFactors?
  private static let steps = 80

  /// Prepares a lead. Cost: one singular value decomposition of a cell matrix.
  package init(_ lead: PeriodicLead) throws(LinearAlgebraError) {
    self.lead = lead
    scale = max(lead.h00.largestMagnitude, lead.h01.largestMagnitude, 1e-300)
    constantHopping = lead.s01 == nil ? try HoppingFactors((-1.0) * lead.h01) : nil
  }

  /// e S - H for a pair of blocks.
  static func block(_ h: Matrix, _ s: Matrix?, _ z: Scalar, identity: Bool) -> Matrix {
    var result = (-1.0) * h
    if let s {
      result = result + z * s
    } else if identity {
      for i in 0..<h.rows { result[i, i] = result[i, i] + z }
    }
    return result
  }

  /// e S_c - H_c from the lead's orbitals to its first cell; nil when that is T.
  func coupling(_ z: Scalar) -> Matrix? {
    if let hc = lead.couplingHamiltonian { return Self.block(hc, lead.couplingOverlap, z, identity: false) }
    return lead.couplingOverlap.map { Self.block(lead.h01, $0, z, identity: false) }
  }

  /// g(e), Sigma(e) and their error. Cost: one generalised Schur form of order 2 r, r the rank of T, and two LU factorisations of a
  /// cell; some hundred LU factorisations at a crossing of bands.
  ///
  /// On a pole of Sigma, a state bound to the surface, and where bands cross next to one, the energy steps aside by 1e-10 of the scale,
  /// which counts as an error.
  package func callAsFunction(at energy: Double) throws(LinearAlgebraError) -> LeadSelfEnergy {
    if absorbs { return try absorbing(at: energy) }
    let hopping = try hopping(Scalar(energy, 0))
    do throws(LinearAlgebraError) {
      let modes = try waves(at: energy)
      // Compared by relative errors: next to a pole of Sigma only a direction is uncertain, and nothing can be extrapolated.
      if modes.turned > Self.accuracy, modes.edgeChannels == 0, !modes.isPole,
        let second = try extrapolated(to: energy, hopping, open: modes.openChannels, dark: modes.dark),
        second.error < modes.turned * (hopping.scale + second.hopped.norm)
      {
        return try checked(second, at: energy)
      }
      guard modes.isPole || modes.isCrossing else { return try checked(Candidate(modes), at: energy) }
      // On a pole, or where bands cross next to one, the waves are told apart beside it. On a pole that is no crossing they are known.
      let beside = energy + Self.accuracy * scale
      let stepped = try waves(at: beside).turned(by: Self.accuracy)
      return try checked(Candidate(stepped, waves: modes.isCrossing ? stepped.waves : modes.waves), at: beside)
    } catch  where error.code == .notConverged || error.code == .singular {
      let dark = Matrix(rows: lead.cellSize, columns: 0)
      guard let second = try extrapolated(to: energy, hopping, open: nil, dark: dark) else { throw error }
      return try checked(second, at: energy)
    }
  }

  /// The lead's waves at an energy.
  private func waves(at energy: Double) throws(LinearAlgebraError) -> BlochModes {
    let z = Scalar(energy, 0)
    let onsite = Self.block(lead.h00, lead.s00, z, identity: true)
    return try BlochModes(onsite: onsite, hopping: hopping(z)) { density($0, $1) }
  }

  /// T g T^+ as found by one of the methods.
  private struct Candidate {
    let hopped: Matrix
    let error: Double
    /// What a residual of the equation is multiplied by in T g T^+.
    let amplification: Double
    let openChannels: Int
    let modes: BlochModes?
    let waves: OutgoingWaves?
    let dark: Matrix

    init(_ modes: BlochModes) { self.init(modes, waves: modes.waves) }

    init(_ modes: BlochModes, waves: OutgoingWaves?) {
      (hopped, error, amplification) = (modes.selfEnergy, modes.error, modes.amplification)
      (openChannels, self.modes, self.waves, dark) = (modes.openChannels, modes, waves, modes.dark)
    }

    init(_ extrapolated: Matrix, error: Double, openChannels: Int, dark: Matrix) {
      (hopped, self.error, amplification) = (extrapolated, error, 10)
      (self.openChannels, modes, waves, self.dark) = (openChannels, nil, nil, dark)
    }
  }

  /// T in factors.
  private func hopping(_ z: Scalar) throws(LinearAlgebraError) -> HoppingFactors {
    if let constantHopping { return constantHopping }
    return try HoppingFactors(Self.block(lead.h01, lead.s01, z, identity: false))
  }

  /// Waves known no better than this make the second method worth its cost.
  private static let accuracy = 1e-10

  /// u^+ S(k) u from u and l u.
  private func density(_ u: Matrix, _ shifted: Matrix) -> Matrix {
    let onsite = lead.s00.map { $0 * u } ?? u
    var result = Matrix.product(u, .adjoint, onsite, .plain)
    if let s01 = lead.s01 {
      let hop = Matrix.product(u, .adjoint, s01 * shifted, .plain)
      result = result + hop + hop.adjoint
    }
    return result
  }

  /// Puts T g T^+ into g = [D - T g T^+]^-1: what comes out differs by the residual, which the separation of the waves amplifies.
  ///
  /// Dark states are lifted away from the energy where the coupling does not see them.
  private func checked(
    _ candidate: Candidate, at energy: Double
  ) throws(LinearAlgebraError) -> LeadSelfEnergy {
    let z = Scalar(energy, 0)
    let (outside, hopping) = (coupling(z), try hopping(z))
    var inverse = Self.block(lead.h00, lead.s00, z, identity: true) - candidate.hopped
    let dark = candidate.dark
    if dark.columns > 0, outside.map({ ($0 * dark).norm <= 1e-12 * $0.norm }) ?? true {
      inverse = inverse + max(scale, hopping.scale) * Matrix.product(dark, .plain, dark, .adjoint)
    }
    let green = try Self.inverse(of: inverse)
    let again = hopping.matrix * Matrix.product(green, .plain, hopping.matrix, .adjoint)
    let residual = (again - candidate.hopped).norm
    let error = candidate.error + candidate.amplification * (residual + .ulpOfOne * again.norm)
    let inner = LeadSelfEnergy(
      sigma: candidate.hopped, error: error, openChannels: candidate.openChannels, modes: candidate.modes, waves: candidate.waves)
    guard let v = outside else { return inner }
    return inner.seen(through: v, green: green, rounding: 8 * Double(green.rows) * .ulpOfOne * inverse.norm)
  }

  /// The inverse; of a matrix that is singular to the last bit, that of one a rounding unit beside it.
  private static func inverse(of matrix: Matrix) throws(LinearAlgebraError) -> Matrix {
    do throws(LinearAlgebraError) {
      return try LUFactorization(matrix).inverse
    } catch  where error.code == .singular {
      let step = Scalar(.ulpOfOne * max(matrix.norm, 1e-280), 0)
      return try LUFactorization(matrix + step * Matrix.identity(matrix.rows)).inverse
    }
  }
}

// MARK: Decimation

extension SurfaceGreensFunction {
  /// g(z) in the upper half plane, Im z > 0, shape (cell, cell), by doubling the number of cells in every step (Lopez Sancho,
  /// Lopez Sancho, Rubio, J. Phys. F 15, 851 (1985)). Cost: an LU factorisation of a cell per step, log2(scale/Im z) steps. Throws
  /// when a cell matrix is singular or the doubling does not end.
  package func continued(to z: Scalar) throws(LinearAlgebraError) -> Matrix {
    let bulkStart = Self.block(lead.h00, lead.s00, z, identity: true)
    var surface = bulkStart
    var bulk = bulkStart
    var (forward, backward) = hoppings(z)
    let stop = 1e-17 * max(forward.norm, backward.norm)
    for _ in 0..<Self.steps {
      let g = try LUFactorization(bulk)
      let gForward = g.solve(forward)
      let gBackward = g.solve(backward)
      let forwardBack = forward * gBackward
      surface = surface - forwardBack
      bulk = bulk - forwardBack - backward * gForward
      forward = forward * gForward
      backward = backward * gBackward
      if forward.norm <= stop || backward.norm <= stop { return try LUFactorization(surface).inverse }
    }
    throw LinearAlgebraError(.notConverged, routine: "surface Green's function", index: Self.steps)
  }

  /// z S01 - H01 and z S01^+ - H01^+.
  func hoppings(_ z: Scalar) -> (forward: Matrix, backward: Matrix) {
    (
      Self.block(lead.h01, lead.s01, z, identity: false),
      Self.block(lead.h01.adjoint, lead.s01?.adjoint, z, identity: false)
    )
  }

  /// T g T^+ at energies e + i h, ..., e + 8 i h, extrapolated by a polynomial to h = 0, for the best of three h: exact where nothing
  /// singular lies within some h of e. Its error is a hundred times what the highest power changes, and the rounding the weights (sum of
  /// moduli 255) amplify. Nil when nothing converges.
  private func extrapolated(
    to energy: Double, _ hopping: HoppingFactors, open: Int?, dark: Matrix
  ) throws(LinearAlgebraError) -> Candidate? {
    let binomials: [Double] = [8, -28, 56, -70, 56, -28, 8, -1]
    let shorter: [Double] = [7, -21, 35, -35, 21, -7, 1, 0]
    var best: (matrix: Matrix, error: Double)?
    for fraction in [3e-2, 3e-3, 3e-4] {
      var (sum, check) = (
        Matrix(rows: lead.cellSize, columns: lead.cellSize), Matrix(rows: lead.cellSize, columns: lead.cellSize)
      )
      do throws(LinearAlgebraError) {
        for k in 0..<8 {
          let z = Scalar(energy, fraction * hopping.scale * Double(k + 1))
          let (forward, backward) = hoppings(z)
          let value = forward * (try continued(to: z)) * backward
          (sum, check) = (sum + binomials[k] * value, check + shorter[k] * value)
        }
      } catch  where error.code != .interrupted { continue }
      let error = 100 * (sum - check).norm + 1e-15 / fraction * (hopping.scale + sum.norm)
      if error < best?.error ?? .infinity { best = (sum, error) }
    }
    guard let best, best.error.isFinite else { return nil }
    let gamma = (Scalar(0, 1) * (best.matrix - best.matrix.adjoint)).hermitianPart
    let channels = try HermitianEigenproblem(gamma).values.count { $0 > best.error }
    return Candidate(best.matrix, error: best.error, openChannels: open ?? channels, dark: dark)
  }
}
