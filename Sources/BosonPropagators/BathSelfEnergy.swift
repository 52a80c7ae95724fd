import ComplexModule
import DenseMatrices
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// The retarded self-energy Pi_p(w) of one boson bath in the normal modes, ready to be evaluated for w >= 0.
///
/// Closed forms are a complex number times a constant real matrix (the projector on the bath's coordinates); leads and
/// tables are matrices between the coordinates, interpolated and carried to the modes.
package struct BathSelfEnergy: Sendable {
  private enum Form: Sendable {
    case ohmic(friction: Double)
    case closed(@Sendable (Scalar) -> Scalar)
    case chain(HarmonicChainLead)
    case table(BathTable)
  }

  private let form: Form
  /// Number of normal modes.
  package let modes: Int
  /// V V^T for the closed forms, shape (modes, modes): V = U^T on the bath's coordinates.
  private let projector: Matrix
  /// V, shape (modes, coordinates of the bath), for the tables.
  let projection: Matrix
  /// Frequencies w > 0 where Gamma has a square-root edge.
  package let edges: [Double]
  /// Poles of Pi itself: position and distance from the real axis, 0 for those on it and for knots of a table.
  package let features: [PanelFeature]
  /// Absolute error of Pi, as it counts in integrals over frequencies.
  package let error: Double
  /// Poles of Pi on the real axis: surface states of a periodic lead, with the number of modes that feel them.
  package let surfaceStates: [(frequency: Double, count: Int)]
  /// Where Gamma begins: no chemical potential may lie above.
  package let bandBottom: Double

  /// Prepares a bath; `highest` is the largest frequency that will be asked for. Cost: nothing for closed forms, up to some thousand
  /// frequencies of a periodic lead; `isTabulated` false leaves its table out, where few frequencies are wanted.
  package init(_ bath: BosonBath, _ bosons: BosonSystem, highest: Double, isTabulated: Bool = true) throws(SolverError) {
    modes = bosons.count
    var v = Matrix(rows: bosons.count, columns: bath.coordinates.count)
    for (c, coordinate) in bath.coordinates.enumerated() {
      for k in 0..<bosons.count {
        v[k, c] = bosons.modeVectors.map { $0[coordinate, k] } ?? Scalar(k == coordinate ? 1 : 0, 0)
      }
    }
    projection = v
    projector = Matrix.product(v, .plain, v, .adjoint)
    switch bath.kind {
    case .ohmic(let friction):
      (form, edges, features, bandBottom, error) = (.ohmic(friction: friction), [], [], 0, 0)
    case .closed(let bath):
      let (function, numbers) = (bath.form, bath.numbers)
      form = .closed { function.selfEnergy(numbers, $0) }
      (edges, features, bandBottom, error) = ([], function.poles(numbers), 0, 0)
    case .chain(let lead):
      form = .chain(lead)
      let (bottom, top) = (lead.onsite.squareRoot(), (lead.onsite + 4 * lead.spring).squareRoot())
      edges = lead.onsite > 0 ? [bottom, top] : [top]
      (features, bandBottom, error) = ([], bottom, 0)
    case .periodic(let lead):
      let table = try BathTable(
        lead, named: bath.name, coordinates: bath.coordinates.count, highest: highest, isTabulated: isTabulated)
      (form, edges, bandBottom, error) = (.table(table), table.edges, table.bandBottom, table.error)
      features = table.breaks.map { ($0, 0) }
      surfaceStates = try Self.surfaceStates(of: table, projection: v)
      return
    case .table(let values):
      let table = BathTable(values)
      (form, edges, bandBottom, error) = (.table(table), table.edges, table.bandBottom, table.error)
      features = table.breaks.map { ($0, 0) }
    }
    surfaceStates = []
  }

  /// The rank of a pole's residue in the modes: its order in det D^-1.
  private static func surfaceStates(
    of table: BathTable, projection v: Matrix
  ) throws(SolverError) -> [(frequency: Double, count: Int)] {
    do {
      return try table.surfaceStates.map { state in
        let values = try HermitianEigenproblem((v * Matrix.product(state.residue, .plain, v, .adjoint)).hermitianPart).values
        return (state.frequency, values.filter { $0 > 1e-10 * state.residue.norm }.count)
      }
    } catch { throw SolverError(.linearAlgebra, "the residues of the surface states of a lead could not be resolved: \(error)") }
  }

  /// Absolute error of Pi near a frequency.
  package func error(at w: Double, floored: Bool = true) -> Double {
    guard case .table(let table) = form else { return 0 }
    return table.error(at: w, floored: floored)
  }

  /// True when Pi is -i w eta on single modes: D stays diagonal and the bath's weight is known in closed form.
  package var ohmicFrictions: [Double]? {
    guard case .ohmic(let friction) = form else { return nil }
    for i in 0..<modes {
      for j in 0..<modes where i != j && projector[i, j] != .zero { return nil }
    }
    return (0..<modes).map { friction * projector[$0, $0].rawStorage.x }
  }

  /// The complex factor of a closed form at a frequency near the positive real axis (continued through the band).
  private func factor(at z: Scalar) -> Scalar? {
    switch form {
    case .ohmic(let friction): return Scalar(0, -friction) * z
    case .closed(let function): return function(z)
    case .chain(let lead):
      let k = lead.spring
      let x = z * z - Scalar(lead.onsite + 2 * k, 0)
      let squared = Scalar(lead.coupling * lead.coupling, 0)
      // 4 k^2 - x^2 as a product: w^2 at the lower edge of an acoustic band keeps its digits.
      let discriminant = (z * z - Scalar(lead.onsite, 0)) * (Scalar(lead.onsite + 4 * k, 0) - z * z)
      if abs(x.rawStorage.x) <= 2 * k {
        return squared * (x - Scalar(0, 1) * Scalar.sqrt(discriminant)) * Scalar(0.5 / (k * k), 0)
      }
      let root = Scalar.sqrt(Scalar(-1, 0) * discriminant)
      return squared * Scalar(2, 0) / (x.rawStorage.x > 0 ? x + root : x - root)
    case .table: return nil
    }
  }

  /// Channels whose band edge lies at a frequency to rounding: a wave without velocity, which counts as closed.
  package func edgeChannels(at w: Double) -> Int {
    switch form {
    case .ohmic, .closed: return 0
    case .chain(let lead):
      let top = lead.onsite + 4 * lead.spring
      return min(abs(w * w - lead.onsite), abs(w * w - top)) <= 4 * .ulpOfOne * top ? 1 : 0
    case .table(let table): return table.edgeChannels(at: w)
    }
  }

  /// What the bath is to a junction at a single frequency. Cost: one set of waves of a periodic lead.
  func contacts(at w: Double) throws(LinearAlgebraError) -> [BathContact] {
    if case .table(let table) = form { return try table.contacts(at: w) }
    guard let factor = factor(at: Scalar(w, 0)) else { return [] }
    return [BathContact(factor: factor, coordinates: projection.columns, edgeChannels: edgeChannels(at: w))]
  }

  /// Largest element of Pi(w).
  func size(at w: Double) -> Double {
    var pi = Matrix(rows: modes, columns: modes)
    pi.elements.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { add(1, at: Scalar(w, 0), to: base) } }
    return pi.largestMagnitude
  }

  /// True when the bath may take up energy at w > 0: Gamma is zero elsewhere.
  package func hasWaves(at w: Double) -> Bool {
    switch form {
    case .ohmic(let friction): return friction > 0
    case .closed(let function): return function(Scalar(w, 0)).rawStorage.y < 0
    case .chain(let lead): return w * w >= lead.onsite && w * w <= lead.onsite + 4 * lead.spring
    case .table(let table): return table.isInBand(w)
    }
  }

  /// Subtracts Pi(w) from a matrix of shape (modes, modes) and writes Gamma(w), w >= 0.
  package func subtract(
    at w: Double, from inverse: UnsafeMutablePointer<Scalar>, gamma: UnsafeMutablePointer<Scalar>
  ) {
    if let factor = factor(at: Scalar(w, 0)) {
      let width = max(-2 * factor.rawStorage.y, 0)
      projector.elements.withUnsafeBufferPointer { p in
        for i in 0..<p.count {
          inverse[i] = inverse[i] - factor.multiplied(by: p[i].rawStorage.x)
          gamma[i] = Scalar(width * p[i].rawStorage.x, 0)
        }
      }
      return
    }
    guard case .table(let table) = form else { return }
    let local = table.value(at: Scalar(w, 0))
    let full = projection * Matrix.product(local, .plain, projection, .adjoint)
    for i in full.elements.indices { inverse[i] = inverse[i] - full.elements[i] }
    // Between the bath's own coordinates first: zero in a gap to the last bit, not rounding of the projection.
    let broadening = Scalar(0, 1) * (local - local.adjoint)
    guard broadening.elements.contains(where: { $0 != .zero }) else {
      for i in 0..<(modes * modes) { gamma[i] = .zero }
      return
    }
    let projected = projection * Matrix.product(broadening, .plain, projection, .adjoint)
    for i in projected.elements.indices { gamma[i] = projected.elements[i] }
  }

  /// Adds scale * Pi(z) to a matrix of shape (modes, modes). `z` must lie near the positive real axis; tables are
  /// continued linearly.
  package func add(_ scale: Double, at z: Scalar, to matrix: UnsafeMutablePointer<Scalar>) {
    if let factor = factor(at: z) {
      let scaled = Scalar(scale, 0) * factor
      projector.elements.withUnsafeBufferPointer { p in
        for i in 0..<p.count { matrix[i] = matrix[i] + scaled.multiplied(by: p[i].rawStorage.x) }
      }
      return
    }
    guard case .table(let table) = form else { return }
    let full = projection * Matrix.product(table.value(at: z), .plain, projection, .adjoint)
    for i in full.elements.indices { matrix[i] = matrix[i] + Scalar(scale, 0) * full.elements[i] }
  }

  /// Writes Gamma(w) = i(Pi - Pi^+), shape (modes, modes), for w >= 0.
  package func fillGamma(at w: Double, into matrix: UnsafeMutablePointer<Scalar>) {
    if let factor = factor(at: Scalar(w, 0)) {
      let gamma = max(-2 * factor.rawStorage.y, 0)
      projector.elements.withUnsafeBufferPointer { p in
        for i in 0..<p.count { matrix[i] = Scalar(gamma * p[i].rawStorage.x, 0) }
      }
      return
    }
    guard case .table(let table) = form else { return }
    let pi = table.value(at: Scalar(w, 0))
    let gamma = Scalar(0, 1) * (pi - pi.adjoint)
    let full = projection * Matrix.product(gamma, .plain, projection, .adjoint)
    for i in full.elements.indices { matrix[i] = full.elements[i] }
  }

  /// Gamma_kk(W)/2W of a mode at its own energy: the rate at which the population relaxes into this bath.
  package func friction(ofMode k: Int, energy: Double) -> Double {
    guard energy > 0 else { return 0 }
    var gamma = [Scalar](repeating: .zero, count: modes * modes)
    gamma.withUnsafeMutableBufferPointer { fillGamma(at: energy, into: $0.baseAddress!) }
    return max(gamma[k * modes + k].rawStorage.x, 0) / (2 * energy)
  }
}
