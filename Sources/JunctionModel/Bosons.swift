import DenseMatrices

/// The bosons: harmonic modes given by their energies, or coordinates with a dynamical matrix.
///
/// Everything is computed in the normal modes q: Q = U q with the orthonormal eigenvectors U of the dynamical matrix
/// (Theory.md section 1). Bosons given by their modes have U = 1: coordinates and modes are the same.
public struct BosonSystem: Sendable, Equatable {
  /// Mode energies W_k: as given, or ascending for a dynamical matrix. Zero for a free translation.
  public let modeEnergies: [Double]
  /// The columns of U, shape (coordinates, modes), real; nil when the coordinates are the modes.
  public let modeVectors: Matrix?
  /// K, shape (coordinates, coordinates), energy^2; nil when the modes were given.
  public let dynamicalMatrix: Matrix?
  /// Normal modes of K left out, in ascending order of W^2.
  package let projectedOut: [Int]
  /// G, shape (coordinates, coordinates), real antisymmetric, energy; nil when nothing breaks time-reversal symmetry.
  public internal(set) var gyration: Matrix?
  /// U^T G U, shape (modes, modes); nil without gyration.
  package internal(set) var modeGyration: Matrix?
  /// The largest eigenvalue of i U^T G U.
  var gyrationStrength = 0.0

  /// Bosons given by the energies of their modes, all > 0; coordinates and modes are the same.
  public init(modes: [Double]) {
    modeEnergies = modes
    modeVectors = nil
    dynamicalMatrix = nil
    projectedOut = []
  }

  /// Number of modes.
  public var count: Int { modeEnergies.count }

  /// Number of coordinates baths attach to.
  public var coordinates: Int { modeVectors?.rows ?? count }

  /// W^2 below this fraction of the largest is a free translation or rotation, W = 0.
  static let zeroModeTolerance = 1e-10

  /// Modes of energy zero.
  package var zeroModes: [Int] { modeEnergies.indices.filter { modeEnergies[$0] == 0 } }

  /// Bosons with a real symmetric dynamical matrix K (mass-weighted, energy^2), H = P^2/2 + Q^T K Q/2.
  ///
  /// `projectingOut` names normal modes to leave out, numbered in ascending order of W^2 (translations, rotations, modes
  /// a calculation got wrong), after `sumRule` has made K obey it. Throws `ModelError` when K is not real symmetric, an index is out of range, or a mode that
  /// is kept has W^2 < 0: such a structure is not a minimum and has no phonons. Cost: one eigenproblem.
  public init(
    dynamicalMatrix given: Matrix, sumRule: AcousticSumRule? = nil, projectingOut: [Int] = []
  ) throws(ModelError) {
    let path = ["bosons", "dynamical_matrix"]
    try JunctionValidation.requireSquare(given, at: path)
    // K, its Hermitian part, LAPACK's copy, the vectors twice.
    try MemoryBudget.requireMatrices(
      5, size: given.rows, of: "\(given.rows) coordinates", at: path, hint: "Use fewer coordinates")
    guard given.rows > 0 else { throw ModelError(.missing, at: path, found: "no coordinates", allowed: "at least one") }
    try JunctionValidation.requireFinite(given, at: path)
    try JunctionValidation.requireRealSymmetric(given, at: path)
    let matrix = try sumRule?.applied(to: given) ?? given
    let problem: HermitianEigenproblem
    do { problem = try HermitianEigenproblem(matrix.hermitianPart) } catch {
      throw ModelError(.inconsistent, at: path, found: "\(error)", allowed: "a matrix with eigenvalues")
    }
    let all = Array(problem.values.indices)
    try JunctionValidation.requireIndices(
      projectingOut, below: all.count, what: "mode", at: ["bosons", "project_out"])
    let kept = all.filter { !projectingOut.contains($0) }
    guard !kept.isEmpty else {
      throw ModelError(
        .outOfRange, at: ["bosons", "project_out"], found: "all \(all.count) modes", allowed: "at least one mode kept")
    }
    let floor = Self.zeroModeTolerance * problem.values.reduce(0) { max($0, abs($1)) }
    let imaginary = kept.filter { problem.values[$0] < -floor }
    guard imaginary.isEmpty else { throw Self.unstable(imaginary, problem.values, at: path) }
    modeEnergies = kept.map { problem.values[$0] > floor ? problem.values[$0].squareRoot() : 0 }
    modeVectors = Self.columns(kept, of: problem.vectors)
    dynamicalMatrix = matrix
    projectedOut = projectingOut.sorted()
  }

  /// The error that names the imaginary modes. Small ones are free motions that rounding has bent; leaving those out would hold them fast.
  private static func unstable(_ imaginary: [Int], _ squares: [Double], at path: [String]) -> ModelError {
    let list = imaginary.prefix(8).map { "\($0) (W = \(JunctionValidation.short((-squares[$0]).squareRoot()))i)" }
    let largest = squares.reduce(0) { max($0, abs($1)) }
    let worst = imaginary.map { -squares[$0] }.max() ?? 0
    let soft = squares.count { abs($0) <= 10 * worst }
    let isRounding = worst <= roundingShare * largest && soft <= 6 && soft < squares.count
    return ModelError(
      .notPositiveSemidefinite, at: path,
      found: "\(imaginary.count) imaginary mode\(imaginary.count == 1 ? "" : "s"): " + list.joined(separator: ", ")
        + (imaginary.count > 8 ? ", ..." : ""), allowed: "a stable structure, W^2 >= 0 for every mode",
      hint: isRounding
        ? "Such small ones are free motions in a matrix with rounding: bosons.sum_rule: \(soft) sets the W of the softest "
          + "\(soft == 1 ? "motion" : "\(soft) motions") to zero (acoustic sum rule); bosons.project_out would hold "
          + "\(soft == 1 ? "it" : "them") fast, which changes heat currents"
        : "Relax the structure, or leave the modes out: bosons.project_out: "
          + "[\(imaginary.map(String.init).joined(separator: ", "))]")
  }

  /// |W^2| below this share of the largest may be what rounding has made of a free motion.
  private static let roundingShare = 1e-3

  /// A harmonic chain: neighbouring coordinates joined by springs, K_ii = onsite + 2 spring, K_i,i+1 = -spring.
  ///
  /// The end coordinates carry a spring outwards too: to a lead (bath of kind chain) or to a wall. Units energy^2.
  /// Throws `ModelError` as `init(dynamicalMatrix:projectingOut:)`. Cost: one eigenproblem of `sites` coordinates.
  public static func chain(
    sites: Int, spring: Double, onsite: Double = 0, projectingOut: [Int] = []
  ) throws(ModelError) -> BosonSystem {
    let path = ["bosons", "chain"]
    guard sites > 0 else {
      throw ModelError(.outOfRange, at: path + ["sites"], found: "\(sites)", allowed: "at least one site")
    }
    guard spring.isFinite && spring > 0 else {
      throw ModelError(.outOfRange, at: path + ["spring"], found: "\(spring)", allowed: "a positive number, energy^2")
    }
    guard onsite.isFinite else { throw JunctionValidation.notFinite(onsite, at: path + ["onsite"]) }
    try MemoryBudget.requireMatrices(6, size: sites, of: "\(sites) sites", at: path + ["sites"], hint: "Use fewer sites")
    var k = Matrix(rows: sites, columns: sites)
    for i in 0..<sites {
      k[i, i] = Scalar(onsite + 2 * spring, 0)
      if i + 1 < sites {
        k[i, i + 1] = Scalar(-spring, 0)
        k[i + 1, i] = Scalar(-spring, 0)
      }
    }
    return try BosonSystem(dynamicalMatrix: k, projectingOut: projectingOut)
  }

  /// Columns of a matrix with real eigenvectors, each with its largest element positive, so that results do not depend
  /// on the linear algebra library's choice of sign.
  private static func columns(_ kept: [Int], of vectors: Matrix) -> Matrix {
    var result = Matrix(rows: vectors.rows, columns: kept.count)
    for (k, column) in kept.enumerated() {
      let values = (0..<vectors.rows).map { vectors[$0, column].rawStorage.x }
      let largest = values.reduce(0.0) { abs($1) > abs($0) * (1 + 1e-9) ? $1 : $0 }
      for i in values.indices { result[i, k] = Scalar(largest < 0 ? -values[i] : values[i], 0) }
    }
    return result
  }
}
