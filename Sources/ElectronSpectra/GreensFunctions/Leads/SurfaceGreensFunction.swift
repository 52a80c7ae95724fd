import ComplexModule
import DenseMatrices
import JunctionModel

/// Surface Green's function of a semi-infinite periodic lead by decimation.
///
/// g = [e S00 - H00 - t g t^+]^-1 with t = e S01 - H01, solved by doubling the number of cells in every step
/// (Lopez Sancho, Lopez Sancho, Rubio, J. Phys. F 15, 851 (1985)).
package struct SurfaceGreensFunction: Sendable {
  package let lead: PeriodicLead
  /// Imaginary part of the energy, relative to the scale of the lead's Hamiltonian: small enough to leave 12 digits in
  /// the band, large enough for the doubling (2^steps cells) to end.
  private static let relativeBroadening = 1e-14
  private static let steps = 80

  private let scale: Double

  package init(_ lead: PeriodicLead) {
    self.lead = lead
    scale = max(lead.h00.largestMagnitude, lead.h01.largestMagnitude, 1e-300)
  }

  /// e S - H for a pair of blocks.
  private static func block(_ h: Matrix, _ s: Matrix?, _ z: Scalar, identity: Bool) -> Matrix {
    var result = (-1.0) * h
    if let s {
      result = result + z * s
    } else if identity {
      for i in 0..<h.rows { result[i, i] = result[i, i] + z }
    }
    return result
  }

  /// g(e), shape (cell, cell). Cost: about 50 LU factorisations of a cell. Throws when a cell matrix is singular or the
  /// doubling does not end.
  ///
  /// Where an eigenvalue of a decoupled cell meets the energy (the middle of a chain's band, crossings of folded bands) the
  /// doubling loses its digits; g is then interpolated from both sides, if that fulfils its equation better.
  package func callAsFunction(at energy: Double) throws(LinearAlgebraError) -> Matrix {
    var failure: LinearAlgebraError?
    var best: (matrix: Matrix, residual: Double)?
    do {
      let g = try decimated(at: energy)
      best = (g, residual(g, at: energy))
    } catch { failure = error }
    if let best, best.residual <= Self.largestResidual { return best.matrix }
    for step in [1e-2 * scale, 3e-3 * scale, 1e-4 * scale] {
      guard let interpolated = try? interpolated(at: energy, step: step) else { continue }
      let r = residual(interpolated, at: energy)
      if r < best?.residual ?? .infinity { best = (interpolated, r) }
    }
    if let best { return best.matrix }
    throw failure ?? LinearAlgebraError(.notConverged, routine: "surface Green's function", index: Self.steps)
  }

  /// Residual of (D - t g t^+) g = 1 above which interpolation is tried.
  private static let largestResidual = 1e-12

  private func residual(_ g: Matrix, at energy: Double) -> Double {
    let z = Scalar(energy, 0)
    let t = Self.block(lead.h01, lead.s01, z, identity: false)
    let p = Self.block(lead.h00, lead.s00, z, identity: true) - t * g * t.adjoint
    return (p * g - Matrix.identity(g.rows)).norm
  }

  /// Interpolation of g from eight energies around, symmetric: error step^8.
  private func interpolated(at energy: Double, step: Double) throws(LinearAlgebraError) -> Matrix {
    var sum = Matrix(rows: lead.cellSize, columns: lead.cellSize)
    // Lagrange weights at 0 of the points +-1, +-2, +-3, +-4.
    for (k, weight) in [(1.0, 0.8), (2, -0.4), (3, 4.0 / 35), (4, -1.0 / 70)] {
      sum = sum + weight * (try decimated(at: energy - k * step) + decimated(at: energy + k * step))
    }
    return sum
  }

  private func decimated(at energy: Double) throws(LinearAlgebraError) -> Matrix {
    try continued(to: Scalar(energy, Self.relativeBroadening * max(scale, abs(energy))))
  }

  /// g(z) in the upper half plane, Im z > 0, shape (cell, cell). Cost and errors as on the axis.
  package func continued(to z: Scalar) throws(LinearAlgebraError) -> Matrix {
    let bulkStart = Self.block(lead.h00, lead.s00, z, identity: true)
    var surface = bulkStart
    var bulk = bulkStart
    var forward = Self.block(lead.h01, lead.s01, z, identity: false)
    let s01Adjoint = lead.s01?.adjoint
    var backward = Self.block(lead.h01.adjoint, s01Adjoint, z, identity: false)
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

  /// Self-energy (e S_c - H_c) g (e S_c - H_c)^+ on the lead's orbitals.
  package func selfEnergy(at energy: Double) throws(LinearAlgebraError) -> Matrix {
    let g = try self(at: energy)
    let z = Scalar(energy, 0)
    let coupling: Matrix
    let couplingAdjoint: Matrix
    if let hc = lead.couplingHamiltonian {
      coupling = Self.block(hc, lead.couplingOverlap, z, identity: false)
    } else {
      coupling = Self.block(lead.h01, lead.couplingOverlap ?? lead.s01, z, identity: false)
    }
    couplingAdjoint = coupling.adjoint
    return coupling * g * couplingAdjoint
  }

  /// |dSigma| to first order: (D - t g t^+) g - 1 is what g misses, hence dg = g (residual) plus what t dg t^+ feeds back.
  package func selfEnergyError(at energy: Double) throws(LinearAlgebraError) -> Double {
    let g = try self(at: energy)
    let missing = residual(g, at: energy) + Double(4 * g.rows) * .ulpOfOne
    let z = Scalar(energy, 0)
    let coupling =
      lead.couplingHamiltonian.map { Self.block($0, lead.couplingOverlap, z, identity: false) }
      ?? Self.block(lead.h01, lead.couplingOverlap ?? lead.s01, z, identity: false)
    return coupling.norm * coupling.norm * g.norm * missing
  }

  /// Extrema of the bands E(k) of the infinite lead to about 1e-12 of the band width: all of them, ascending, and the
  /// range of each band.
  package func bandStructure() throws(LinearAlgebraError) -> (edges: [Double], ranges: [ClosedRange<Double>]) {
    let samples = 128
    let grid = (0...samples).map { Double.pi * Double($0) / Double(samples) }
    // Complex H01 breaks E(k) = E(-k); sample both signs then.
    let isReal = [lead.h00, lead.h01, lead.s00, lead.s01].allSatisfy { $0?.isReal ?? true }
    let momenta = isReal ? grid : grid.dropFirst().reversed().map { -$0 } + grid
    var bands: [[Double]] = []
    for k in momenta { bands.append(try bandEnergies(at: k)) }
    var edges: [Double] = []
    var ranges: [ClosedRange<Double>] = []
    for band in 0..<lead.cellSize {
      let first = edges.count
      edges += [bands[0][band], bands[momenta.count - 1][band]]
      for i in 1..<(momenta.count - 1) {
        let (left, middle, right) = (bands[i - 1][band], bands[i][band], bands[i + 1][band])
        if (middle - left) * (right - middle) <= 0 {
          edges.append(try extremum(of: band, from: momenta[i - 1], to: momenta[i + 1], maximum: middle >= left))
        }
      }
      let own = edges[first...]
      // Bands that touch must not leave a gap of a rounding unit between them.
      let margin = 1e-12 * scale
      ranges.append(((own.min() ?? 0) - margin)...((own.max() ?? 0) + margin))
    }
    let sorted = edges.sorted()
    let width = max((sorted.last ?? 0) - (sorted.first ?? 0), 1e-300)
    let distinct = sorted.enumerated().filter { $0.offset == 0 || $0.element - sorted[$0.offset - 1] > 1e-9 * width }
    return (distinct.map(\.element), ranges)
  }

  private func bandEnergies(at k: Double) throws(LinearAlgebraError) -> [Double] {
    let phase = Scalar(length: 1, phase: k)
    func bloch(_ onsite: Matrix?, _ hop: Matrix?) -> Matrix {
      var result = onsite ?? Matrix.identity(lead.cellSize)
      if let hop { result = result + phase * hop + phase.conjugate * hop.adjoint }
      return result.hermitianPart
    }
    let h = bloch(lead.h00, lead.h01)
    guard lead.s00 != nil || lead.s01 != nil else { return try HermitianEigenproblem(h).values }
    let inverse = try LUFactorization(bloch(lead.s00, lead.s01).choleskyFactor()).inverse
    return try HermitianEigenproblem((inverse * h * inverse.adjoint).hermitianPart).values
  }

  /// Golden-section search for an interior extremum of a band.
  private func extremum(of band: Int, from k1: Double, to k2: Double, maximum: Bool) throws(LinearAlgebraError) -> Double {
    let sign = maximum ? -1.0 : 1.0
    let ratio = 0.618_033_988_749_894_9
    var (a, b) = (k1, k2)
    var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
    var fc = sign * (try bandEnergies(at: c))[band]
    var fd = sign * (try bandEnergies(at: d))[band]
    for _ in 0..<60 {
      if fc < fd {
        (b, d, fd) = (d, c, fc)
        c = b - ratio * (b - a)
        fc = sign * (try bandEnergies(at: c))[band]
      } else {
        (a, c, fc) = (c, d, fd)
        d = a + ratio * (b - a)
        fd = sign * (try bandEnergies(at: d))[band]
      }
    }
    return sign * min(fc, fd)
  }
}
