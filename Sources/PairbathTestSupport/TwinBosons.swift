import ComplexModule
import DenseMatrices
import JunctionModel

/// The slow twin for general bosons: any dynamical matrix, any baths, bosons dressed by their baths alone or by the
/// electrons too, at one state.
///
/// Every number is the explicit formula of Theory.md, integrated adaptively over electron energies and, outside that, over
/// boson frequencies; matrices are in the normal modes. Units: hbar = k_B = e = 1. Costs milliseconds per frequency.
package struct TwinBosons: Sendable {
  /// What the bosons' Green's function D contains.
  package enum Level: Sendable, Equatable, CaseIterable {
    /// The boson baths alone: the lowest order in the coupling.
    case landauer
    /// The electrons too, Pi_e as it is.
    case dressed
    /// The electrons too, Pi_e minus its static value in equilibrium: K already contains the adiabatic electrons.
    case dressedDynamically
    /// The electrons' dissipation alone, -i/2 sum L^{ab}: no shift of the modes.
    case dressedWithoutShift
  }

  /// The junction all numbers are about.
  package let junction: Junction
  /// The state all numbers are about.
  package let point: OperatingPoint
  /// What D contains.
  package let level: Level
  /// Relative tolerance of the integrals over electron energies.
  package let tolerance: Double

  /// Electrons and couplings; nil in a junction of bosons alone.
  let electrons: TextbookTwin?
  let baths: [TwinBosonBath]
  /// What is subtracted from Pi_e, shape (modes, modes).
  let counterterm: Matrix

  /// The twin of a junction at one state. Throws `LinearAlgebraError`.
  package init(_ junction: Junction, at point: OperatingPoint, level: Level, tolerance: Double = 1e-11) throws {
    self.junction = junction
    self.point = point
    self.level = level
    self.tolerance = tolerance
    electrons = junction.conductor.isEmpty ? nil : try TextbookTwin(junction, tolerance: tolerance)
    baths = try junction.baths.map { try TwinBosonBath($0, of: junction.bosons) }
    guard level == .dressedDynamically, electrons != nil else {
      counterterm = Matrix(rows: junction.bosons.count, columns: junction.bosons.count)
      return
    }
    let equilibrium = try TwinBosons(junction, at: Self.equilibrium(of: point), level: .dressed, tolerance: tolerance)
    counterterm = try equilibrium.electronSelfEnergy(frequency: 0).hermitianPart
  }

  /// The state in which every electrode has the mean chemical potential and the mean temperature of the electrodes.
  static func equilibrium(of point: OperatingPoint) -> OperatingPoint {
    func mean(_ x: [Double]) -> [Double] { x.map { _ in x.reduce(0, +) / Double(x.count) } }
    var result = point
    result.chemicalPotentials = mean(point.chemicalPotentials)
    result.temperatures = mean(point.temperatures)
    return result
  }

  /// Pi_p(w) of one boson bath, shape (modes, modes), energy^2.
  package func bathSelfEnergy(_ p: Int, frequency w: Double) throws -> Matrix { try baths[p].selfEnergy(w) }

  /// Gamma_p(w) = i (Pi_p - Pi_p^+), shape (modes, modes), energy^2.
  package func bathBroadening(_ p: Int, frequency w: Double) throws -> Matrix { try baths[p].broadening(w) }

  /// n_p(w) = n((w - nu_p)/T_p) for w > 0.
  package func bathOccupation(_ p: Int, frequency w: Double) -> Double {
    let nu = point.bathChemicalPotentials.isEmpty ? 0 : point.bathChemicalPotentials[p]
    return FermiFactors.bose(w - nu, temperature: point.bathTemperatures[p])
  }

  /// The electrons' part of D^-1 at this level, shape (modes, modes), energy^2; zero at the level `landauer`.
  package func dressing(frequency w: Double) throws -> Matrix {
    switch level {
    case .landauer: return Matrix(rows: junction.bosons.count, columns: junction.bosons.count)
    case .dressed, .dressedDynamically: return try electronSelfEnergy(frequency: w) - counterterm
    case .dressedWithoutShift:
      let total = try pairSpectra(frequency: w).reduce(Matrix(rows: counterterm.rows, columns: counterterm.rows)) {
        $0 + $1.pairDensity
      }
      return Scalar(0, -0.5) * total
    }
  }

  /// i w U^T G U, shape (modes, modes), energy^2; zero without gyration. From Q'' = G Q' with e^-iwt.
  func gyration(frequency w: Double) -> Matrix {
    let n = junction.bosons.count
    guard let g = junction.bosons.gyration else { return Matrix(rows: n, columns: n) }
    let u = junction.bosons.modeVectors ?? Matrix.identity(n)
    return Scalar(0, w) * (Matrix.product(u, .adjoint, g, .plain) * u)
  }

  /// D(w) = [w^2 - diag(W^2) - i w G - sum_p Pi_p(w) - Pi_e(w)]^-1, shape (modes, modes), 1/energy^2.
  package func greensFunction(frequency w: Double) throws -> Matrix {
    try greensFunction(frequency: w, dressing: try dressing(frequency: w))
  }

  /// D(w) with a given electronic part.
  func greensFunction(frequency w: Double, dressing: Matrix) throws -> Matrix {
    try greensFunction(frequency: w, dressing: dressing, selfEnergies: try baths.map { try $0.selfEnergy(w) })
  }

  /// The same with the self-energies of all baths given.
  func greensFunction(frequency w: Double, dressing: Matrix, selfEnergies: [Matrix]) throws -> Matrix {
    if junction.isRotatingWave { return try rotatingWave(frequency: w, dressing: dressing) }
    // (w - W)(w + W): no cancellation at a weakly damped resonance.
    var inverse = Matrix(diagonal: junction.bosons.modeEnergies.map { (w - $0) * (w + $0) }) - dressing
    inverse = inverse - gyration(frequency: w)
    for pi in selfEnergies { inverse = inverse - pi }
    return try LUFactorization(inverse).inverse
  }

  /// sqrt(2 W_m 2 W_n) of the modes: the self-energies of <a a^+> are those of coordinates over this.
  private func scale(_ m: Int, _ n: Int) -> Double {
    (4 * junction.bosons.modeEnergies[m] * junction.bosons.modeEnergies[n]).squareRoot()
  }

  /// The inverse Green's function of the operators a_m, w - W - sum Pi_mn/sqrt(2 W_m 2 W_n).
  func rotatingInverse(frequency w: Double, dressing: Matrix) throws -> Matrix {
    var total = dressing
    for bath in baths { total = total + (try bath.selfEnergy(w)) }
    var inverse = Matrix(diagonal: junction.bosons.modeEnergies.map { w - $0 })
    for m in 0..<inverse.rows {
      for n in 0..<inverse.rows { inverse[m, n] = inverse[m, n] - Scalar(1 / scale(m, n), 0) * total[m, n] }
    }
    return inverse
  }

  /// The Green's function of the operators a_m in the scale of coordinates.
  private func rotatingWave(frequency w: Double, dressing: Matrix) throws -> Matrix {
    let inverse = try rotatingInverse(frequency: w, dressing: dressing)
    var result = try LUFactorization(inverse).inverse
    for m in 0..<inverse.rows { for n in 0..<inverse.rows { result[m, n] = Scalar(1 / scale(m, n), 0) * result[m, n] } }
    return result
  }

  /// <a_m^+ a_n> per dw/2pi from iD^< in the scale of coordinates: 2w iD^<, or sqrt(2 W_m 2 W_n) iD^< of rotating-wave modes.
  func quanta(_ lesser: Matrix, frequency w: Double) -> Matrix {
    var result = (2 * w) * lesser
    guard junction.isRotatingWave else { return result }
    for m in 0..<lesser.rows { for n in 0..<lesser.rows { result[m, n] = Scalar(scale(m, n), 0) * lesser[m, n] } }
    return result
  }

  /// Transmission Tr[Gamma_p D Gamma_q D^+] of bosons from bath q to bath p, at this level.
  package func transmission(from q: Int, to p: Int, frequency w: Double) throws -> Double {
    let d = try greensFunction(frequency: w)
    let arriving = Matrix.product(d * (try bathBroadening(q, frequency: w)), .plain, d, .adjoint)
    return TextbookTwin.traceOfProduct(try bathBroadening(p, frequency: w), arriving).rawStorage.x
  }
}
