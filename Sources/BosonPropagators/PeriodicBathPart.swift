import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import TransportResults

/// A periodic lead of bosons, or a part of it that moves by itself: its bands, and Pi = V g V^T at single frequencies.
package struct PeriodicBathPart: Sendable {
  /// Pi at one frequency and a bound of its error, as a norm.
  package struct Value: Sendable {
    package let selfEnergy: Matrix
    package let error: Double
    /// Channels whose band edge lies at this frequency to rounding: counted as closed.
    package var edgeChannels = 0
  }

  let surface: SurfaceGreensFunction
  /// Band edges, w > 0, ascending.
  package let edges: [Double]
  /// The lowest frequency of the bands, 0 for an acoustic lead.
  package let bandBottom: Double
  /// Ranges of w^2 of the bands.
  private let squares: [ClosedRange<Double>]
  private let chain: ScalarLead?

  /// Below this fraction of the highest w^2 a band begins at w = 0: what rounding of the eigenvalues of a cell leaves of it.
  private static let rounding = 1e-14
  /// Negative squares down to this fraction are an acoustic band too: matrices are written with some ten digits.
  private static let imaginary = 1e-9

  /// Finds the bands. Throws `.unsuitableModel` when the lead has imaginary phonons, and `LinearAlgebraError`.
  /// Cost: some hundred eigenproblems of a cell.
  init(_ lead: PeriodicBosonLead, coordinates: Int, at subject: SolverError.Subject) throws {
    surface = try SurfaceGreensFunction(
      PeriodicLead(
        orbitals: Array(0..<coordinates), h00: lead.k00, h01: lead.k01, s00: nil, s01: nil, couplingHamiltonian: lead.coupling,
        couplingOverlap: nil))
    let structure = try surface.bandStructure()
    let (bottom, top) = (structure.edges.first ?? 0, structure.edges.last ?? 0)
    guard bottom >= -Self.imaginary * max(abs(top), abs(bottom)) else {
      throw SolverError(
        .unsuitableModel, at: subject, "the lead has imaginary phonons: its lowest W^2 is \(bottom)",
        hint: "Check that K00 contains the springs to both neighbouring cells")
    }
    let floor = Self.rounding * Double(lead.cellSize) * abs(top)
    edges = structure.edges.filter { $0 > floor }.map { $0.squareRoot() }
    bandBottom = bottom > floor ? edges.first ?? 0 : 0
    squares = structure.ranges
    chain = lead.cellSize == 1 ? ScalarLead(lead) : nil
  }

  /// True when waves travel at a frequency.
  package func isInBand(_ w: Double) -> Bool { squares.contains { $0.contains(w * w) } }

  /// True when Pi is known in closed form everywhere: one coordinate per cell.
  var isClosed: Bool { chain != nil }

  /// Pi(w), w >= 0. Cost: one generalised Schur form of the lead's waves. Throws `LinearAlgebraError`.
  package func value(at w: Double) throws(LinearAlgebraError) -> Value {
    if let chain { return chain.value(at: w) }
    if w == 0, bandBottom == 0, let limit = try staticValue() { return limit }
    let found = try surface(at: w * w)
    return Value(selfEnergy: found.sigma, error: found.error, edgeChannels: found.edgeChannels)
  }

  /// What the part is to a junction at w. Cost and errors as `value`.
  func contact(at w: Double) throws(LinearAlgebraError) -> BathContact {
    if !isClosed, w > 0 || bandBottom > 0 { return BathContact(try surface(at: w * w)) }
    let found = try value(at: w)
    return try BathContact(found.selfEnergy, error: found.error, edgeChannels: found.edgeChannels)
  }

  /// Pi(0) of an acoustic lead, whose waves stand still there and are known to the root of a rounding unit: Pi(w) = Pi(0) + i w X + w^2 Y
  /// from above, w^2 taken out by two frequencies. Nil where three do not agree: bending waves begin as the root of w.
  private func staticValue() throws(LinearAlgebraError) -> Value? {
    let step = Self.staticStep * (edges.first ?? 0)
    var (values, error) = ([Matrix](), 0.0)
    for w in [step, 2 * step, 4 * step] {
      let found = try surface(at: w * w)
      values.append(found.sigma.hermitianPart)
      error = max(error, found.error)
    }
    func extrapolated(_ near: Matrix, _ far: Matrix) -> Matrix { near + (1.0 / 3) * (near - far) }
    let limit = extrapolated(values[0], values[1])
    let difference = (extrapolated(values[1], values[2]) - limit).norm
    guard difference <= 1e-9 * limit.norm else { return nil }
    return Value(selfEnergy: limit, error: difference + 2 * error)
  }

  /// Fraction of the lowest band edge above zero: w^4 and rounding over w are both below 1e-11 of Pi.
  private static let staticStep = 1e-4

  /// Pi(z) of the closed form near the positive real axis.
  func closed(at z: Scalar) -> Matrix { chain?.selfEnergy(at: z) ?? Matrix(rows: 0, columns: 0) }
}

/// A lead of one coordinate per cell: g = [X - sqrt(X^2 - 4 k^2)]/2 k^2, X = w^2 - K00, k = -K01.
private struct ScalarLead: Sendable {
  /// V V^T.
  private let coupling: Matrix
  private let onsite: Double
  private let hop: Double
  /// w^2 at the lower and the upper end of the band.
  private let bottom: Double
  private let top: Double

  init(_ lead: PeriodicBosonLead) {
    let v = lead.coupling ?? lead.k01
    coupling = Matrix.product(v, .plain, v, .adjoint)
    onsite = lead.k00[0, 0].rawStorage.x
    hop = abs(lead.k01[0, 0].rawStorage.x)
    (bottom, top) = (onsite - 2 * hop, onsite + 2 * hop)
  }

  private func green(at z: Scalar) -> Scalar {
    let x = z * z - Scalar(onsite, 0)
    guard hop > 0 else { return Scalar.one / x }
    // 4 k^2 - X^2 as a product: the distance to either edge keeps its digits.
    let discriminant = (z * z - Scalar(bottom, 0)) * (Scalar(top, 0) - z * z)
    if abs(x.rawStorage.x) <= 2 * hop {
      return (x - Scalar(0, 1) * Scalar.sqrt(discriminant)) * Scalar(0.5 / (hop * hop), 0)
    }
    let root = Scalar.sqrt(Scalar(-1, 0) * discriminant)
    return Scalar(2, 0) / (x.rawStorage.x > 0 ? x + root : x - root)
  }

  func selfEnergy(at z: Scalar) -> Matrix { green(at: z) * coupling }

  /// dPi/dw^2 = -Pi/sqrt(X^2 - 4 k^2): rounding of w^2 and K00 moves Pi by that; at the edge itself by its root.
  func value(at w: Double) -> PeriodicBathPart.Value {
    let result = selfEnergy(at: Scalar(w, 0))
    let rounding = 4 * .ulpOfOne * (w * w + abs(onsite) + 2 * hop)
    let distance = max(abs((w * w - bottom) * (top - w * w)), rounding * rounding, 4 * hop * rounding)
    return PeriodicBathPart.Value(
      selfEnergy: result, error: result.norm * min(rounding / max(distance, 1e-300).squareRoot() + 4 * .ulpOfOne, 1),
      edgeChannels: min(abs(w * w - bottom), abs(w * w - top)) <= rounding ? 1 : 0)
  }
}
