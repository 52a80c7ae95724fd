import ComplexModule
import DenseMatrices

extension JunctionValidation {
  /// Differences of Pi and its transpose, and negative eigenvalues of Gamma, that count as rounding, relative to the table.
  private static let tableRounding = 1e-8

  /// A tabulated Pi(w): ascending frequencies w >= 0, reciprocal, passive, causal.
  static func check(_ table: TabulatedBosonSelfEnergy, coordinates: Int, at path: [String]) throws(ModelError) {
    try checkGrid(table.frequencies, matrices: table.values, coordinates: coordinates, at: path)
    let scale = table.values.reduce(0) { max($0, $1.largestMagnitude) }
    for (i, pi) in table.values.enumerated() {
      try requireSymmetric(pi, scale: scale, frequency: table.frequencies[i], at: path + ["self_energy", "\(i)"])
    }
    try requirePassive(table, at: path)
    if let defect = CausalityDefect.largest(in: table) { throw error(defect, at: path) }
  }

  /// Grid and shapes of a table, before anything is computed from it.
  static func checkGrid(
    _ frequencies: [Double], matrices: [Matrix], coordinates: Int?, at path: [String]
  ) throws(ModelError) {
    let gridPath = path + ["frequency"]
    guard frequencies.count >= 4, frequencies.count == matrices.count else {
      throw ModelError(
        .wrongShape, at: gridPath, found: "\(frequencies.count) frequencies and \(matrices.count) matrices",
        allowed: "at least four, one matrix each")
    }
    for (i, frequency) in frequencies.enumerated() {
      guard frequency.isFinite else { throw notFinite(frequency, at: gridPath + ["\(i)"]) }
      guard i == 0 ? frequency >= 0 : frequency > frequencies[i - 1] else {
        throw ModelError(
          .inconsistent, at: gridPath + ["\(i)"],
          found: i == 0 ? "the frequency \(frequency)" : "\(frequency) after \(frequencies[i - 1])",
          allowed: "ascending frequencies, zero or positive", hint: "Pi(-w) is the complex conjugate of Pi(w)")
      }
    }
    let size = coordinates ?? matrices[0].rows
    for (i, matrix) in matrices.enumerated() {
      try requireShape(matrix, size, size, at: path + ["self_energy", "\(i)"])
      try requireFinite(matrix, at: path + ["self_energy", "\(i)"])
    }
  }

  private static func requireSymmetric(
    _ pi: Matrix, scale: Double, frequency: Double, at path: [String]
  ) throws(ModelError) {
    var defect = 0.0
    for j in 0..<pi.columns { for i in 0..<j { defect = max(defect, (pi[i, j] - pi[j, i]).length) } }
    guard defect <= tableRounding * scale else {
      throw ModelError(
        .inconsistent, at: path, found: "largest |Pi_ij - Pi_ji| = \(short(defect)) at w = \(frequency)",
        allowed: "a symmetric matrix, Pi = Pi^T (not Hermitian): a reciprocal bath",
        hint: "Symmetrise it as (Pi + Pi^T)/2 if the asymmetry is rounding")
    }
  }

  /// Gamma = i(Pi - Pi^+) = -2 Im Pi must vanish at w = 0 and be positive semidefinite above.
  private static func requirePassive(_ table: TabulatedBosonSelfEnergy, at path: [String]) throws(ModelError) {
    let gammas = table.values.map { Scalar(0, 1) * ($0 - $0.adjoint) }
    let scale = gammas.reduce(0) { max($0, $1.largestMagnitude) }
    for (i, gamma) in gammas.enumerated() {
      let (w, valuePath) = (table.frequencies[i], path + ["self_energy", "\(i)"])
      guard w > 0 || gamma.largestMagnitude <= tableRounding * scale else {
        throw ModelError(
          .inconsistent, at: valuePath, found: "Gamma up to \(short(gamma.largestMagnitude)) at w = 0",
          allowed: "no dissipation at w = 0, because Pi(-w) is the complex conjugate of Pi(w)")
      }
      let smallest = try eigenvalues(of: gamma, at: valuePath).first ?? 0
      guard w == 0 || smallest >= -tableRounding * scale else {
        throw ModelError(
          .notPositiveSemidefinite, at: valuePath,
          found: "smallest eigenvalue \(short(smallest)) of Gamma = i(Pi - Pi^+) at w = \(w)",
          allowed: "a positive semidefinite Gamma at every w > 0",
          hint: "A bath must not amplify: Im Pi <= 0 in the convention D = 1/(w^2 - K - Pi)")
      }
    }
  }

  private static func error(_ defect: CausalityDefect, at path: [String]) -> ModelError {
    ModelError(
      .inconsistent, at: path + ["self_energy", "\(defect.index)"],
      found: "Re Pi_\(defect.row)\(defect.column) off by \(short(defect.size)) at w = \(defect.frequency) "
        + "from what causality demands of Im Pi (tolerance of this grid \(short(defect.tolerance)))",
      allowed: "a retarded self-energy: Re Pi = constant - H[Im Pi] (Kramers-Kronig)",
      hint: "Check the signs (time dependence e^-iwt), extend or refine the table, or give the imaginary part alone")
  }
}
