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

  package var count: Int { modeSquares.count }

  /// Prepares every bath for frequencies up to `highest`.
  package init(_ junction: Junction, highest: Double) throws(SolverError) {
    modeEnergies = junction.bosons.modeEnergies
    modeSquares = modeEnergies.map { $0 * $0 }
    gyration = junction.bosons.modeGyration.map { $0.elements.map(\.rawStorage.x) } ?? []
    highestModeEnergy = junction.bosons.highestEnergy
    isRotatingWave = junction.isRotatingWave
    var prepared: [BathSelfEnergy] = []
    for bath in junction.baths { prepared.append(try BathSelfEnergy(bath, junction.bosons, highest: highest)) }
    baths = prepared
    edges = Array(Set(prepared.flatMap(\.edges))).sorted()
    features = prepared.flatMap(\.features)
    surfaceStates = prepared.flatMap(\.surfaceStates)
    error = prepared.reduce(0) { $0 + $1.error }
  }

  /// True when every bath is Ohmic on single modes, nothing gyrates and there are no free translations: D is diagonal and the
  /// fast solver applies.
  package var isDiagonal: Bool {
    baths.allSatisfy { $0.ohmicFrictions != nil } && modeEnergies.allSatisfy { $0 > 0 } && gyration.isEmpty
  }

  /// The lowest frequency at which a bath takes up energy.
  package func bandBottom(ofBath p: Int) -> Double { baths[p].bandBottom }

  /// True when the band of a chain, a lead or a table with an upper edge begins at w = 0.
  package var hasAcousticLead: Bool { baths.contains { !$0.edges.isEmpty && $0.bandBottom == 0 } }

  /// The highest frequency that belongs to the bosons: modes and band edges.
  package var highestFrequency: Double { max(highestModeEnergy, edges.last ?? 0) }

  /// Writes z^2 - W^2 - i z G - sum_p Pi_p(z), for rotating-wave modes 2W(z - W) - sum_p Pi_p(z), shape (modes, modes).
  package func fillInverse(at z: Scalar, into matrix: UnsafeMutablePointer<Scalar>) {
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
    for bath in baths { bath.add(-1, at: z, to: matrix) }
  }

  /// The same as a matrix, for tests and single frequencies.
  package func propagator(at frequency: Double) throws(SolverError) -> Matrix {
    var inverse = Matrix(rows: count, columns: count)
    inverse.elements.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { fillInverse(at: Scalar(frequency, 0), into: base) }
    }
    do { return try LUFactorization(inverse).inverse } catch {
      throw SolverError(
        .unsuitableModel, at: .baths, "a mode at energy \(frequency) is not damped by any bath",
        hint: "Attach a bath to it, for example kind: ohmic with a small friction")
    }
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
  /// Errors in Frobenius norms, |Tr[X Y]| <= |X| |Y|: an error of Pi moves D by D dPi D and Gamma by 2 dPi; rounding moves D by
  /// a rounding unit times the condition of D^-1.
  package func transmission(at frequency: Double) throws(SolverError) -> [Estimate] {
    let d = try propagator(at: frequency)
    var inverse = Matrix(rows: count, columns: count)
    inverse.elements.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { fillInverse(at: Scalar(frequency, 0), into: base) }
    }
    let errors = baths.map { $0.error(at: frequency) }
    let response = 2 * d.norm * (errors.reduce(0, +) + 4e-16 * inverse.norm) + 4e-16
    let gammas = baths.indices.map { broadening(ofBath: $0, at: frequency) }
    var result = [Estimate](repeating: Estimate(0), count: baths.count * baths.count)
    for q in baths.indices {
      let spectral = d * Matrix.product(gammas[q], .plain, d, .adjoint)
      for p in baths.indices {
        let received = Matrix.product(d, .adjoint, gammas[p] * d, .plain)
        let error = response * gammas[p].norm * spectral.norm + 2 * (errors[p] * spectral.norm + errors[q] * received.norm)
        result[p * baths.count + q] = Estimate((gammas[p] * spectral).trace.rawStorage.x, error: error)
      }
    }
    return result
  }
}
