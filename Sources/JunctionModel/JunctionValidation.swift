import DenseMatrices
import RealModule

/// The checks behind `Junction.init`, each with the key path of the model file it answers for.
enum JunctionValidation {
  /// Relative deviation from Hermiticity that counts as rounding of an input file.
  static let hermiticityTolerance = 1e-10

  static func check(_ conductor: Conductor) throws(ModelError) {
    let h = conductor.hamiltonian
    let path = ["conductor", "hamiltonian"]
    guard !conductor.isEmpty else { return }
    try requireSquare(h, at: path)
    try requireFinite(h, at: path)
    try requireHermitian(h, at: path)
    let g = conductor.spinDegeneracy
    guard g.isFinite && g > 0 else {
      throw ModelError(
        .outOfRange, at: ["conductor", "spin_degeneracy"], found: "\(g)", allowed: "a positive number",
        hint: "Use 1 for spinless models, 2 for a molecule without spin polarisation")
    }
    if let whole = conductor.whole { return try check(whole) }
    guard let s = conductor.overlap else { return }
    let overlapPath = ["conductor", "overlap"]
    try requireShape(s, h.rows, h.rows, at: overlapPath)
    try requireFinite(s, at: overlapPath)
    try requireHermitian(s, at: overlapPath)
    let smallest = try eigenvalues(of: s, at: overlapPath).first ?? 1
    guard smallest > 0 else {
      throw ModelError(
        .notPositiveDefinite, at: overlapPath, found: "smallest eigenvalue \(smallest)",
        allowed: "a positive definite matrix", hint: "Remove linearly dependent orbitals")
    }
  }

  /// A junction without electrons consists of bosons and their baths.
  static func checkPresence(_ conductor: Conductor, _ bosons: BosonSystem, _ baths: [BosonBath]) throws(ModelError) {
    guard conductor.isEmpty && (bosons.count == 0 || baths.isEmpty) else { return }
    throw ModelError(
      .missing, at: ["conductor"], found: "no electrons, \(bosons.count) modes and \(baths.count) boson baths",
      allowed: "a conductor with electrodes, or bosons with baths")
  }

  static func check(_ bosons: BosonSystem) throws(ModelError) {
    for (k, energy) in bosons.modeEnergies.enumerated() {
      let path = ["bosons", "modes", "\(k)"]
      guard energy.isFinite else { throw notFinite(energy, at: path) }
      guard energy > 0 || bosons.modeVectors != nil else {
        throw ModelError(
          .outOfRange, at: path, found: "\(energy)", allowed: "a positive energy",
          hint: "Leave out translations, rotations and unstable modes")
      }
    }
  }

  static func check(_ baths: [BosonBath], of bosons: BosonSystem, electrodes: [Electrode]) throws(ModelError) {
    var names = Set(electrodes.map(\.name))
    for bath in baths {
      let path = ["baths", bath.name]
      guard names.insert(bath.name).inserted else {
        throw ModelError(.duplicate, at: path, found: "the name twice", allowed: "one name per electrode and bath")
      }
      guard !bath.coordinates.isEmpty else {
        throw ModelError(
          .missing, at: path + ["coordinates"], found: "none", allowed: "at least one coordinate",
          hint: "Leave the key out to attach the bath to every mode")
      }
      try requireIndices(
        bath.coordinates, below: bosons.coordinates, what: bosons.modeVectors == nil ? "mode" : "coordinate",
        at: path + ["coordinates"])
      try check(bath.kind, of: bath, at: path)
    }
  }

  static func check(_ coupling: Coupling, conductor: Conductor, bosons: BosonSystem) throws(ModelError) {
    if conductor.isEmpty && coupling.matrices.isEmpty { return }
    let perCoordinate = bosons.modeVectors != nil && coupling.convention == .massWeighted
    let expected = perCoordinate ? bosons.coordinates : bosons.count
    if coupling.convention == .rotatingWave && bosons.gyration != nil {
      throw ModelError(
        .inconsistent, at: ["bosons", "gyration"], found: "a gyration beside rotating-wave modes",
        allowed: "coordinates, to which the couplings are Hermitian",
        hint: "A gyration turns coordinates into each other; rotating-wave modes have none")
    }
    if coupling.convention == .rotatingWave && bosons.modeVectors != nil {
      throw ModelError(
        .inconsistent, at: ["coupling", "convention"], found: "rotating-wave couplings and bosons with a dynamical matrix",
        allowed: "modes, bosons.modes: a rotating-wave mode has an energy and no coordinate",
        hint: "Give the bosons by their energies, or use convention: mass-weighted")
    }
    guard coupling.matrices.count == expected else {
      throw ModelError(
        .wrongShape, at: ["coupling", "matrices"], found: "\(coupling.matrices.count) matrices",
        allowed: "one per \(perCoordinate ? "coordinate" : "mode"), \(expected)")
    }
    if coupling.convention == .dimensionless, let mode = bosons.zeroModes.first {
      throw ModelError(
        .inconsistent, at: ["coupling", "convention"],
        found: "dimensionless couplings and the mode \(mode) of energy zero, which has no a + a^+",
        allowed: "mass-weighted couplings, or modes of positive energy", hint: "Leave the mode out with bosons.project_out")
    }
    for (k, m) in coupling.matrices.enumerated() {
      let path = ["coupling", "matrices", "\(k)"]
      try requireShape(m, conductor.orbitals, conductor.orbitals, at: path)
      try requireFinite(m, at: path)
      if coupling.convention != .rotatingWave { try requireHermitian(m, at: path) }
    }
  }

  static func requireSquare(_ m: Matrix, at path: [String]) throws(ModelError) {
    guard m.isSquare else {
      throw ModelError(
        .wrongShape, at: path, found: "shape (\(m.rows), \(m.columns))", allowed: "a square matrix")
    }
  }

  static func requireShape(_ m: Matrix, _ rows: Int, _ columns: Int, at path: [String]) throws(ModelError) {
    guard m.rows == rows && m.columns == columns else {
      throw ModelError(
        .wrongShape, at: path, found: "shape (\(m.rows), \(m.columns))", allowed: "shape (\(rows), \(columns))")
    }
  }

  static func requireFinite(_ m: Matrix, at path: [String]) throws(ModelError) {
    guard m.isFinite else {
      throw ModelError(.notFinite, at: path, found: "NaN or infinity", allowed: "finite numbers")
    }
  }

  static func requireHermitian(_ m: Matrix, at path: [String]) throws(ModelError) {
    let defect = m.hermiticityDefect
    guard defect <= hermiticityTolerance * m.largestMagnitude else {
      throw ModelError(
        .notHermitian, at: path, found: "largest |A_ij - conj(A_ji)| = \(defect)", allowed: "a Hermitian matrix",
        hint: "Symmetrise it as (A + A^+)/2 if the asymmetry is rounding")
    }
  }

  static func requireRealSymmetric(_ m: Matrix, at path: [String]) throws(ModelError) {
    guard m.isReal else {
      throw ModelError(.inconsistent, at: path, found: "complex entries", allowed: "a real symmetric matrix")
    }
    let defect = m.hermiticityDefect
    guard defect <= hermiticityTolerance * m.largestMagnitude else {
      throw ModelError(
        .notHermitian, at: path, found: "largest |A_ij - A_ji| = \(defect)", allowed: "a symmetric matrix",
        hint: "Symmetrise it as (A + A^T)/2 if the asymmetry is rounding")
    }
  }

  static func requirePositiveSemidefinite(_ m: Matrix, at path: [String]) throws(ModelError) {
    let values = try eigenvalues(of: m, at: path)
    guard let smallest = values.first, let largest = values.last else { return }
    guard smallest >= -1e-10 * max(abs(largest), abs(smallest)) else {
      throw ModelError(
        .notPositiveSemidefinite, at: path, found: "smallest eigenvalue \(smallest)",
        allowed: "a positive semidefinite matrix", hint: "Gamma = i(Sigma - Sigma^+) must not create electrons")
    }
  }

  static func requireIndices(_ indices: [Int], below count: Int, what: String, at path: [String]) throws(ModelError) {
    for (position, index) in indices.enumerated() where index < 0 || index >= count {
      throw ModelError(
        .outOfRange, at: path + ["\(position)"], found: "\(what) \(index)",
        allowed: count == 0
          ? "none, there are no \(what)s" : "0 to \(count - 1), there \(count == 1 ? "is one \(what)" : "are \(count) \(what)s")",
        hint: "Indices count from 0")
    }
    guard Set(indices).count == indices.count else {
      throw ModelError(.duplicate, at: path, found: "an index twice", allowed: "each \(what) once")
    }
  }

  /// A number with four digits, for messages about sizes.
  static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "\(value)" }
    let scale = Double.exp10(3 - Double.log10(abs(value)).rounded(.down))
    return scale.isFinite && scale > 0 ? "\((value * scale).rounded() / scale)" : "\(value)"
  }

  static func notFinite(_ value: Double, at path: [String]) -> ModelError {
    ModelError(.notFinite, at: path, found: "\(value)", allowed: "a finite number")
  }

  static func eigenvalues(of m: Matrix, at path: [String]) throws(ModelError) -> [Double] {
    do {
      return try HermitianEigenproblem(m.hermitianPart).values
    } catch {
      throw ModelError(.inconsistent, at: path, found: "\(error)", allowed: "a matrix with eigenvalues")
    }
  }
}
