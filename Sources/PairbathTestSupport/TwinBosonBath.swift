import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// Retarded self-energy Pi_p(w) of one boson bath by the plainest means, Theory.md section 1.
struct TwinBosonBath: Sendable {
  private let bath: BosonBath
  /// Rows of U at the bath's coordinates, shape (bath coordinates, modes).
  private let projection: Matrix
  private let spline: TwinSpline?
  /// Frequencies where Pi is not smooth.
  let edges: [Double]
  /// Frequencies where Pi has a pole.
  let surfaceStates: [Double]

  init(_ bath: BosonBath, of bosons: BosonSystem) throws {
    self.bath = bath
    let vectors = bosons.modeVectors ?? Matrix.identity(bosons.count)
    projection = vectors.submatrix(rows: bath.coordinates, columns: Array(0..<bosons.count))
    if case .table(let table) = bath.kind {
      spline = try TwinSpline(knots: table.frequencies, values: table.values)
    } else {
      spline = nil
    }
    edges = try Self.edges(of: bath.kind)
    if case .periodic(let lead) = bath.kind {
      surfaceStates = try TwinPeriodicBosonLead.surfaceStates(lead, edges: edges)
    } else {
      surfaceStates = []
    }
  }

  /// U^T Pi(w) U in the normal modes, shape (modes, modes), energy^2; Pi(-w) = Pi(w)^*.
  func selfEnergy(_ w: Double) throws -> Matrix {
    Matrix.product(projection, .adjoint, (try onCoordinates(w)) * projection, .plain)
  }

  /// Gamma(w) = i (Pi - Pi^+) in the normal modes.
  func broadening(_ w: Double) throws -> Matrix {
    let pi = try selfEnergy(w)
    return Scalar(0, 1) * (pi - pi.adjoint)
  }

  /// True when Pi has square roots or kinks.
  var isStructured: Bool {
    switch bath.kind {
    case .ohmic, .closed: false
    case .chain, .periodic, .table: true
    }
  }

  /// Pi(w) on the bath's own coordinates.
  func onCoordinates(_ w: Double) throws -> Matrix {
    if w < 0 {
      let mirror = try onCoordinates(-w)
      return Matrix(rows: mirror.rows, columns: mirror.columns, elements: mirror.elements.map(\.conjugate))
    }
    let identity = Matrix.identity(bath.coordinates.count)
    switch bath.kind {
    case .ohmic(let friction): return Scalar(0, -w * friction) * identity
    case .closed(let closed):
      let n = closed.numbers
      if closed.word == "drude" { return (Scalar(0, -w * n[0]) / Scalar(1, -w / n[1])) * identity }
      // An oscillator x of unit mass, x'' = -W0^2 x - G x' - c Q, whose static pull on Q is taken out: c^2 [g(w) - g(0)].
      let square = n[0] * n[1] * n[1] * n[1] * n[1] / n[2]
      let pull = Scalar(square, 0) / Scalar(w * w - n[1] * n[1], n[2] * w) + Scalar(square / (n[1] * n[1]), 0)
      return pull * identity
    case .chain(let lead): return Scalar(lead.coupling * lead.coupling, 0) * Self.chain(lead, w) * identity
    case .periodic(let lead):
      let g = try TwinPeriodicBosonLead.surface(lead, frequency: w)
      let v = lead.coupling ?? lead.k01
      return Matrix.product(v * g, .plain, v, .adjoint)
    case .table: return spline!(w)
    }
  }

  /// g = 1/(x - s^2 g), x = w^2 - onsite - 2s: inside the band [x - i sqrt(4s^2 - x^2)]/2s^2 for w > 0, outside the root with
  /// |s g| < 1.
  static func chain(_ lead: HarmonicChainLead, _ w: Double) -> Scalar {
    let s = lead.spring
    // x + 2s and 2s - x without cancellation at the edges of the band.
    let (above, below) = (w * w - lead.onsite, lead.onsite + 4 * s - w * w)
    let x = w * w - lead.onsite - 2 * s
    if above > 0 && below > 0 { return Scalar(x, -(above * below).squareRoot()) / Scalar(2 * s * s, 0) }
    let root = (-above * below).squareRoot()
    return Scalar(2 / (x + (x < 0 ? -root : root)), 0)
  }

  private static func edges(of kind: BosonBathKind) throws -> [Double] {
    switch kind {
    case .ohmic, .closed: return []
    case .chain(let lead):
      return [lead.onsite.squareRoot(), (lead.onsite + 4 * lead.spring).squareRoot()]
    case .periodic(let lead): return try TwinPeriodicBosonLead.edges(lead)
    case .table(let table): return table.frequencies
    }
  }
}
