import ComplexModule
import DenseMatrices
import ElectronSpectra

/// What a bath, or a part of one, is to a junction at a single frequency: Pi between the bath's coordinates, a factor of its broadening, and
/// bounds of their errors.
struct BathContact: Sendable {
  /// Pi(w), shape (coordinates, coordinates).
  let selfEnergy: Matrix
  /// R with i(Pi - Pi^+) = R R^+, shape (coordinates, channels).
  let broadening: Matrix
  /// Bound of the error of Pi, as a norm.
  let error: Double
  /// Channels whose band edge lies at this frequency to rounding: counted as closed.
  let edgeChannels: Int
  /// The waves behind Pi, whose errors are known by directions; nil where only a norm is.
  private let lead: LeadSelfEnergy?

  init(_ lead: LeadSelfEnergy) {
    (selfEnergy, broadening, error, edgeChannels) = (lead.sigma, lead.broadening, lead.error, lead.edgeChannels)
    self.lead = lead
  }

  /// Pi = `factor` on every coordinate.
  init(factor: Scalar, coordinates: Int, edgeChannels: Int) {
    let width = max(-2 * factor.rawStorage.y, 0).squareRoot()
    selfEnergy = factor * .identity(coordinates)
    broadening = width > 0 ? Scalar(width, 0) * .identity(coordinates) : Matrix(rows: coordinates, columns: 0)
    (error, self.edgeChannels, lead) = (4 * .ulpOfOne * selfEnergy.norm, edgeChannels, nil)
  }

  /// Any Pi; what interpolation leaves of negative broadenings is dropped.
  init(_ pi: Matrix, error: Double, edgeChannels: Int) throws(LinearAlgebraError) {
    let problem = try HermitianEigenproblem((Scalar(0, 1) * (pi - pi.adjoint)).hermitianPart)
    let limit = 4 * Double(pi.rows) * .ulpOfOne * max(problem.values.last ?? 0, -(problem.values.first ?? 0))
    let open = problem.values.indices.filter { problem.values[$0] > limit }
    var factor = problem.vectors.columns(open)
    for (k, index) in open.enumerated() {
      for i in 0..<factor.rows { factor[i, k] = factor[i, k].multiplied(by: problem.values[index].squareRoot()) }
    }
    broadening = factor
    selfEnergy = pi.hermitianPart + Scalar(0, -0.5) * Matrix.product(factor, .plain, factor, .adjoint)
    (self.error, self.edgeChannels, lead) = (error + 4 * .ulpOfOne * pi.norm, edgeChannels, nil)
  }

  /// l_i, r_j with |u_i^+ dPi w_j| <= l_i r_j for columns u, w on the bath's coordinates; each of them holds.
  func bounds(left u: Matrix, right w: Matrix) -> [(left: [Double], right: [Double])] {
    lead?.bounds(left: u, right: w) ?? [(u.columnNorms.map { $0 * error }, w.columnNorms)]
  }

  /// Bounds of |dR_k^+ w_j| for columns w on the bath's coordinates, [channel k][j]; the whole of R at most.
  func turns(of w: Matrix) -> [[Double]] {
    if let known = lead?.turns(of: w) { return known }
    let norms = w.columnNorms
    return broadening.columnNorms.map { size in norms.map { $0 * min(error / max(size, 1e-300), size) } }
  }
}
