import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// The retarded self-energy Sigma_a(e) of one electrode on the orbitals it touches, ready to be evaluated.
package struct ElectrodeSelfEnergy: Sendable {
  private enum Form: Sendable {
    case constant(sigma: Matrix, factor: Matrix)
    case chain(ChainLead)
    case periodic(SurfaceGreensFunction, beside: ConstantBroadening?)
    case table(SelfEnergyTable, name: String)
  }

  private let form: Form
  /// Orbitals of the conductor on which Sigma acts.
  package let orbitals: [Int]
  /// Columns of the factor R with Gamma = R R^+.
  package let rank: Int
  /// Energies where Sigma has square-root singularities.
  package let edges: [Double]
  /// Where these are rounded off by an absorbing lead, within a width.
  package let bends: [(position: Double, width: Double)]
  /// True when the electrode has states at all energies.
  package let isUnbounded: Bool

  /// Prepares an electrode; `needsEdges` false leaves the band edges of a periodic lead out, which take some hundred eigenproblems of a cell.
  package init(_ electrode: Electrode, conductorSize: Int, needsEdges: Bool = true) throws(LinearAlgebraError) {
    let electrode = electrode.orbitals == nil ? electrode : electrode.placed(conductorSize, nil)
    var (bends, isUnbounded) = ([(position: Double, width: Double)](), false)
    switch electrode.kind {
    case .wideBand(let gamma):
      isUnbounded = true
      orbitals = (0..<conductorSize).filter { i in (0..<conductorSize).contains { gamma[i, $0] != .zero } }
      let block = gamma.submatrix(rows: orbitals, columns: orbitals)
      let factor = try block.lowRankFactor()
      form = .constant(sigma: Scalar(0, -0.5) * block, factor: factor)
      rank = factor.columns
      edges = []
    case .chain(let lead):
      form = .chain(lead)
      orbitals = [lead.orbital]
      rank = 1
      edges = [lead.energy - 2 * abs(lead.hopping), lead.energy + 2 * abs(lead.hopping)]
    case .periodic(let lead):
      let surface = try SurfaceGreensFunction(lead)
      let beside = try lead.absorption.map { (part) throws(LinearAlgebraError) in try ConstantBroadening(part, beside: lead) }
      form = .periodic(surface, beside: beside)
      orbitals = beside?.orbitals ?? lead.orbitals
      // Every open channel is one of the lead's, however few orbitals it touches.
      rank = lead.cellSize + (beside?.factor.columns ?? 0)
      let found = needsEdges ? try surface.bandStructure().edges : []
      edges = surface.absorbs ? [] : found
      if surface.absorbs { bends = found.map { ($0, lead.eta) } }
      isUnbounded = surface.absorbs || beside != nil
    case .table(let table):
      let spline = SelfEnergyTable(table)
      form = .table(spline, name: electrode.name)
      orbitals = spline.orbitals
      rank = spline.orbitals.count
      edges = spline.edges
    }
    (self.bends, self.isUnbounded) = (bends, isUnbounded)
  }

  /// True when Sigma does not depend on energy.
  package var isConstant: Bool { if case .constant = form { true } else { false } }

  /// The energies for which Sigma is known; nil for all.
  package var range: ClosedRange<Double>? { if case .table(let table, _) = form { table.range } else { nil } }

  /// Sigma at one energy.
  package struct Value: Sendable {
    /// Sigma(e) on `orbitals`.
    package let sigma: Matrix
    /// R(e), shape (orbitals, rank): Gamma = i(Sigma - Sigma^+) = R R^+.
    package let factor: Matrix
    /// Bound of the error of Sigma(e), as a norm: rounding, and for periodic leads what the surface Green's function misses of its own
    /// equation. The interpolation of tables is not in it.
    package let error: Double
    /// What is known beside this about a periodic lead.
    fileprivate var lead: LeadSelfEnergy?
    /// Channels on their band edge to rounding. They count as closed; a transmission may be wrong by as many.
    package var edgeChannels = 0

    /// The waves of a periodic lead whose Sigma is large; nil elsewhere.
    var waves: OutgoingWaves? { lead?.waves }

    /// Bounds l_i, r_j with |u_i^+ dSigma w_j| <= l_i r_j for columns u, w on `orbitals`; each of them holds.
    func bounds(left u: Matrix, right w: Matrix) -> [(left: [Double], right: [Double])] {
      lead?.bounds(left: u, right: w) ?? [(u.columnNorms.map { $0 * error }, w.columnNorms)]
    }
  }

  /// Sigma(e) with a factor of Gamma and an error.
  package func evaluate(at energy: Double) throws(LinearAlgebraError) -> Value {
    switch form {
    case .constant(let sigma, let factor): return Value(sigma: sigma, factor: factor, error: 2 * sigma.norm * .ulpOfOne)
    case .chain(let lead): return Self.chain(lead, at: energy)
    case .periodic(let surface, let beside):
      let value = try surface(at: energy)
      let channels = rank - (beside?.factor.columns ?? 0)
      let closed = Matrix(rows: value.sigma.rows, columns: channels - value.broadening.columns)
      let factor = value.broadening.joined(with: closed)
      guard let beside else {
        return Value(
          sigma: value.sigma, factor: factor, error: value.error, lead: value, edgeChannels: value.edgeChannels)
      }
      return beside.joined(to: value, factor)
    case .table(let table, _):
      let inside = min(max(energy, table.range.lowerBound), table.range.upperBound)
      let sigma = table(at: inside)
      let error = 4 * sigma.norm * .ulpOfOne
      guard table.isInBand(inside) else {
        return Value(sigma: sigma.hermitianPart, factor: Matrix(rows: sigma.rows, columns: sigma.rows), error: error)
      }
      let causal = try Self.causal(sigma)
      return Value(sigma: causal.sigma, factor: causal.factor, error: error)
    }
  }

  /// A constant broadening beside a periodic lead, on the orbitals of both.
  private struct ConstantBroadening: Sendable {
    let orbitals: [Int]
    /// Where the lead's orbitals stand among them.
    private let places: [Int]
    private let sigma: Matrix
    let factor: Matrix

    init(_ part: PeriodicLead.Absorption, beside lead: PeriodicLead) throws(LinearAlgebraError) {
      let added = part.orbitals.filter { !lead.orbitals.contains($0) }
      let all = lead.orbitals + added
      let positions = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
      let rows = part.orbitals.map { positions[$0]! }
      (orbitals, places) = (all, Array(lead.orbitals.indices))
      sigma = Scalar(0, -0.5) * part.broadening.embedded(rows: rows, columns: rows, size: all.count)
      let narrow = try part.broadening.lowRankFactor()
      var wide = Matrix(rows: all.count, columns: narrow.columns)
      for j in 0..<narrow.columns { for (i, row) in rows.enumerated() { wide[row, j] = narrow[i, j] } }
      factor = wide
    }

    /// Sigma and R of lead and broadening together.
    func joined(to lead: LeadSelfEnergy, _ broadening: Matrix) -> Value {
      let size = orbitals.count
      let below = Matrix(rows: size - places.count, columns: broadening.columns)
      return Value(
        sigma: lead.sigma.embedded(rows: places, columns: places, size: size) + sigma,
        factor: broadening.stacked(on: below).joined(with: factor), error: lead.error + 2 * sigma.norm * .ulpOfOne,
        edgeChannels: lead.edgeChannels)
    }
  }

  /// A self-energy that takes no matrices: what `SmallGreensFunction` is made of.
  enum ClosedForm {
    case constant(sigma: Matrix, factor: Matrix)
    case chain(ChainLead)
  }

  /// nil for periodic leads and tables.
  var closedForm: ClosedForm? {
    switch form {
    case .constant(let sigma, let factor): .constant(sigma: sigma, factor: factor)
    case .chain(let lead): .chain(lead)
    case .periodic, .table: nil
    }
  }

  /// Sigma of a chain on its orbital.
  static func chainSelfEnergy(_ lead: ChainLead, at energy: Double) -> Scalar {
    Scalar(lead.coupling * lead.coupling, 0) * chainGreensFunction(energy - lead.energy, hopping: lead.hopping)
  }

  private static func chain(_ lead: ChainLead, at energy: Double) -> Value {
    let (x, edge) = (energy - lead.energy, 2 * abs(lead.hopping))
    let g = chainGreensFunction(x, hopping: lead.hopping)
    let strength = lead.coupling * lead.coupling
    let sigma = Scalar(strength, 0) * g
    let width = max(-2 * sigma.rawStorage.y, 0).squareRoot()
    // The root near a band edge turns a rounding of the energy into its square root.
    let rounding = 4 * max(abs(energy), edge) * .ulpOfOne
    let distance = max(abs(abs(x) - edge), rounding)
    return Value(
      sigma: Matrix(rows: 1, columns: 1, elements: [sigma]),
      factor: Matrix(rows: 1, columns: 1, elements: [Scalar(width, 0)]),
      error: strength * (rounding * (edge / distance).squareRoot() / (edge * edge) * 4 + 4 * g.length * .ulpOfOne),
      edgeChannels: distance <= rounding ? 1 : 0)
  }

  /// Surface Green's function of the semi-infinite chain, g = [x - sqrt(x^2 - 4t^2)]/(2t^2), retarded branch.
  package static func chainGreensFunction(_ x: Double, hopping t: Double) -> Scalar {
    let edge = 2 * abs(t)
    let product = (edge - x) * (edge + x)
    if product > 0 { return Scalar(x / (2 * t * t), -product.squareRoot() / (2 * t * t)) }
    // 1/g is the larger root: no cancellation far from the band.
    let root = (-product).squareRoot()
    return Scalar(2 / (x + (x < 0 ? -root : root)), 0)
  }

  /// Drops the negative eigenvalues that rounding or interpolation leaves in Gamma, so that A >= 0 and
  /// i(G - G^+) = sum A hold together.
  private static func causal(_ sigma: Matrix) throws(LinearAlgebraError) -> (sigma: Matrix, factor: Matrix) {
    let gamma = (Scalar(0, 1) * (sigma - sigma.adjoint)).hermitianPart
    let problem = try HermitianEigenproblem(gamma)
    let size = sigma.rows
    var factor = Matrix(rows: size, columns: size)
    for k in 0..<size where problem.values[k] > 0 {
      let root = Scalar(problem.values[k].squareRoot(), 0)
      for i in 0..<size { factor[i, k] = problem.vectors[i, k] * root }
    }
    let clipped = Matrix.product(factor, .plain, factor, .adjoint)
    return (sigma.hermitianPart + Scalar(0, -0.5) * clipped, factor)
  }
}
