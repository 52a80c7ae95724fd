import ComplexModule
import DenseMatrices
import JunctionModel
import Quadrature
import SpecialFunctions
import TransportResults

/// The bosons and all their baths in the normal modes: everything about D that does not depend on the state.
package struct BosonEnvironment: Sendable {
  /// W_k^2 of the normal modes.
  package let modeSquares: [Double]
  package let modeEnergies: [Double]
  /// U^T G U by columns, empty without gyration; Theory.md section 10.
  package let gyration: [Double]
  private let highestModeEnergy: Double
  /// True for rotating-wave modes, D^-1 = 2W(w - W) - Pi (Theory.md section 9).
  package let isRotatingWave: Bool
  package let baths: [BathSelfEnergy]
  /// Band edges of all baths, ascending.
  package let edges: [Double]
  /// Scales of the baths' own memory: position, width; 0 where integrals are to be broken.
  package let features: [PanelFeature]

  /// Poles of the baths' self-energies on the real axis, with the number of modes that feel them.
  package let surfaceStates: [(frequency: Double, count: Int)]

  /// Absolute error of the baths' self-energies, as it counts in integrals over frequencies.
  package let error: Double

  /// Motions that cost no energy, D^-1(0) u = 0: translations of a junction whose baths move along, u by columns in the normal modes.
  package private(set) var freeMotions = Matrix(rows: 0, columns: 0)

  package var count: Int { modeSquares.count }

  /// Prepares every bath for frequencies up to `highest`; `isTabulated` false for few frequencies only, see `BathSelfEnergy`.
  package init(_ junction: Junction, highest: Double, isTabulated: Bool = true) throws(SolverError) {
    modeEnergies = junction.bosons.modeEnergies
    modeSquares = modeEnergies.map { $0 * $0 }
    gyration = junction.bosons.modeGyration.map { $0.elements.map(\.rawStorage.x) } ?? []
    highestModeEnergy = junction.bosons.highestEnergy
    isRotatingWave = junction.isRotatingWave
    var prepared: [BathSelfEnergy] = []
    for bath in junction.baths {
      prepared.append(try BathSelfEnergy(bath, junction.bosons, highest: highest, isTabulated: isTabulated))
    }
    baths = prepared
    edges = Array(Set(prepared.flatMap(\.edges))).sorted()
    features = prepared.flatMap(\.features)
    surfaceStates = prepared.flatMap(\.surfaceStates)
    error = prepared.reduce(0) { $0 + $1.error }
    freeMotions = try Self.freeMotions(of: self)
  }

  /// Springs below this fraction of the strongest are none: what rounding and ten digits leave of a sum of springs that vanishes.
  private static let freedom = 1e-10

  private static func freeMotions(of environment: BosonEnvironment) throws(SolverError) -> Matrix {
    let n = environment.count
    var inverse = Matrix(rows: n, columns: n)
    guard n > 0, !environment.isRotatingWave else { return inverse.columns(0..<0) }
    inverse.elements.withUnsafeMutableBufferPointer { environment.fillInverse(at: .zero, into: $0.baseAddress!) }
    guard inverse.elements.allSatisfy({ $0.rawStorage.x.isFinite && $0.rawStorage.y.isFinite }) else {
      return inverse.columns(0..<0)
    }
    // The springs themselves: their sum is what vanishes.
    let scale = max(environment.modeSquares.max() ?? 0, environment.baths.reduce(0) { max($0, $1.size(at: 0)) })
    do {
      let problem = try HermitianEigenproblem(inverse.hermitianPart)
      let free = problem.values.indices.filter { abs(problem.values[$0]) <= freedom * scale }
      return problem.vectors.submatrix(rows: Array(0..<n), columns: free)
    } catch { throw SolverError(.linearAlgebra, "the static springs of the bosons could not be diagonalised: \(error)") }
  }

  /// True when some bath may take up energy at w > 0.
  package func hasWaves(at w: Double) -> Bool { baths.contains { $0.hasWaves(at: w) } }

  /// A frequency far below all others: where D of a junction that moves freely is that of its motion alone.
  private var lowestScale: Double { highestFrequency > 0 ? 1e-6 * highestFrequency : 1e-30 }

  /// gamma of D = i u u^T/gamma w just above w = 0, the smallest of all free motions; nil without any, 0 where one is undamped.
  package var freeFriction: Double? {
    let w = lowestScale
    var gamma = Matrix(rows: count, columns: count)
    for p in baths.indices { gamma = gamma + broadening(ofBath: p, at: w) }
    return (0..<freeMotions.columns).map { k -> Double in
      let u = freeMotions.columns(k..<(k + 1))
      let width = Matrix.product(u, .adjoint, gamma * u, .plain)[0, 0].rawStorage.x
      return width > 1e-12 * gamma.norm ? 0.5 * width / w : 0
    }.min()
  }

  /// True when every bath is Ohmic on single modes, nothing gyrates and there are no free translations: D is diagonal and the
  /// fast solver applies.
  package var isDiagonal: Bool {
    baths.allSatisfy { $0.ohmicFrictions != nil } && modeEnergies.allSatisfy { $0 > 0 } && gyration.isEmpty
  }

  /// The lowest frequency at which a bath takes up energy.
  package func bandBottom(ofBath p: Int) -> Double { baths[p].bandBottom }

  /// The highest frequency that belongs to the bosons: modes and band edges.
  package var highestFrequency: Double { max(highestModeEnergy, edges.last ?? 0) }

  /// Writes z^2 - W^2 - i z G - sum_p Pi_p(z), for rotating-wave modes 2W(z - W) - sum_p Pi_p(z), shape (modes, modes).
  package func fillInverse(at z: Scalar, into matrix: UnsafeMutablePointer<Scalar>) {
    fillFreeInverse(at: z, into: matrix)
    for bath in baths { bath.add(-1, at: z, to: matrix) }
  }

  /// The same without the baths.
  package func fillFreeInverse(at z: Scalar, into matrix: UnsafeMutablePointer<Scalar>) {
    let n = count
    for i in 0..<(n * n) { matrix[i] = .zero }
    for k in 0..<n {
      // z^2 - W^2 without cancellation near the resonance.
      let w = modeEnergies[k]
      matrix[k * n + k] = (z - Scalar(w, 0)) * (isRotatingWave ? Scalar(2 * w, 0) : z + Scalar(w, 0))
    }
    if !gyration.isEmpty {
      let factor = Scalar(0, -1) * z
      for i in 0..<(n * n) { matrix[i] = matrix[i] + factor.multiplied(by: gyration[i]) }
    }
  }

  /// The same as a matrix, for tests and single frequencies.
  package func propagator(at frequency: Double) throws(SolverError) -> Matrix {
    var inverse = Matrix(rows: count, columns: count)
    inverse.elements.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { fillInverse(at: Scalar(frequency, 0), into: base) }
    }
    do { return try LUFactorization(inverse).inverse } catch { throw Self.undamped(at: frequency) }
  }

  /// iD^<(w) with the baths alone, shape (modes, modes), at any real w: sum_p n_p D Gamma_p D^+ for w > 0; for w < 0 what
  /// absorption is there becomes emission here, iD^<_mn(w) = iD^>_nm(-w).
  package func lesser(at frequency: Double, _ point: OperatingPoint) throws(SolverError) -> Matrix {
    let w = abs(frequency)
    let d = try propagator(at: w)
    var sum = Matrix(rows: count, columns: count)
    for p in baths.indices {
      let nu = point.bathChemicalPotentials.isEmpty ? 0 : point.bathChemicalPotentials[p]
      let n = BoseFunction.occupation(w - nu, temperature: point.bathTemperatures[p])
      sum = sum + (frequency > 0 ? n : 1 + n) * (d * Matrix.product(broadening(ofBath: p, at: w), .plain, d, .adjoint))
    }
    guard frequency < 0 else { return sum }
    var transposed = sum
    for m in 0..<count { for n in 0..<count { transposed[m, n] = sum[n, m] } }
    return transposed
  }

  /// Gamma_p(w), shape (modes, modes).
  package func broadening(ofBath p: Int, at frequency: Double) -> Matrix {
    var gamma = Matrix(rows: count, columns: count)
    gamma.elements.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { baths[p].fillGamma(at: frequency, into: base) }
    }
    return gamma
  }

  /// arg det of D^-1 with the poles of Pi on the real axis multiplied out, less arg det D^-1: pi for every pole above w.
  package func phaseOfSurfaceStates(above w: Double) -> Double {
    surfaceStates.reduce(0) { $1.frequency > w ? $0 + Double.pi * Double($1.count) : $0 }
  }

  /// Tr[Gamma_p D Gamma_q D^+] at a frequency w > 0, [p * baths + q]: phonons from q to p; Theory.md section 3.
  ///
  /// Errors by directions, see `BosonScattering`. A channel exactly on its band edge counts as closed, and the error spans it. At w = 0,
  /// where D of a junction that moves freely is infinite, the limit from above.
  package func transmission(at frequency: Double) throws(SolverError) -> [Estimate] {
    if frequency == 0, freeMotions.columns > 0 {
      // T(w) - T(0) goes as w^2.
      return try transmission(at: lowestScale).map { Estimate($0.value, error: $0.error + 1e-11) }
    }
    do throws(LinearAlgebraError) {
      var free = Matrix(rows: count, columns: count)
      free.elements.withUnsafeMutableBufferPointer {
        if let base = $0.baseAddress { fillFreeInverse(at: Scalar(frequency, 0), into: base) }
      }
      var contacts: [[BathContact]] = []
      for bath in baths { contacts.append(try bath.contacts(at: frequency)) }
      return try BosonScattering(contacts, projections: baths.map(\.projection), freeInverse: free).transmissions
    } catch {
      guard error.code == .singular else {
        throw SolverError(
          error.code == .interrupted ? .interrupted : .linearAlgebra, at: .baths,
          "the transmission at \(frequency) could not be computed: \(error)")
      }
      guard baths.contains(where: { $0.edgeChannels(at: frequency) > 0 }) else { throw Self.undamped(at: frequency) }
      // The standing wave of an edge is a solution of the whole junction: T is 0 or that of open channels.
      let most = Estimate(0, error: Double(count))
      return baths.indices.flatMap { p in baths.indices.map { p == $0 ? Estimate(0) : most } }
    }
  }

  private static func undamped(at frequency: Double) -> SolverError {
    SolverError(
      .unsuitableModel, at: .baths, "a mode at energy \(frequency) is not damped by any bath",
      hint: "Attach a bath to it, for example kind: ohmic with a small friction")
  }
}
