import DenseMatrices
import RealModule

/// Bosons in a magnetic field, a rotating frame or a magnetised medium: Q'' = -K Q + G Q' - (baths).
extension BosonSystem {
  /// The same bosons with a term that breaks time-reversal symmetry, Theory.md section 10: with e^-iwt,
  /// D(w) = [w^2 - K - sum Pi_p - i w G]^-1.
  ///
  /// - Parameters: `matrix`: G, real antisymmetric, energy; shape (coordinates, coordinates), (modes, modes) when the bosons
  ///   are given by their modes. The force G Q' does no work: with K >= 0 the bosons stay stable.
  /// - Throws: `ModelError` when G is not real antisymmetric, has another shape, or acts on a mode of energy zero (a free
  ///   translation in a field has no normal mode left to project on). Cost: one eigenproblem.
  public func gyrated(by matrix: Matrix) throws(ModelError) -> BosonSystem {
    let path = ["bosons", "gyration"]
    try JunctionValidation.requireShape(matrix, coordinates, coordinates, at: path)
    try JunctionValidation.requireFinite(matrix, at: path)
    guard matrix.isReal else {
      throw ModelError(.inconsistent, at: path, found: "complex entries", allowed: "a real antisymmetric matrix")
    }
    // i G of a real antisymmetric G is Hermitian.
    let hermitian = Scalar(0, 1) * matrix
    let defect = hermitian.hermiticityDefect
    guard defect <= JunctionValidation.hermiticityTolerance * matrix.largestMagnitude else {
      throw ModelError(
        .notHermitian, at: path, found: "largest |G_ij + G_ji| = \(JunctionValidation.short(defect))",
        allowed: "an antisymmetric matrix, G^T = -G",
        hint: "A symmetric velocity-dependent term is friction: give the mode a bath of kind ohmic")
    }
    let local = Scalar(0, -1) * hermitian.hermitianPart
    let carried = modeVectors.map { $0.adjoint * (local * $0) } ?? local
    try requireNoGyratedTranslation(carried, at: path)
    var result = self
    guard carried.largestMagnitude > 0 else { return result }
    (result.gyration, result.modeGyration) = (local, carried)
    let turns = try JunctionValidation.eigenvalues(of: Scalar(0, 1) * carried, at: path)
    result.gyrationStrength = turns.reduce(0) { max($0, abs($1)) }
    return result
  }

  private func requireNoGyratedTranslation(_ carried: Matrix, at path: [String]) throws(ModelError) {
    for mode in zeroModes {
      let largest = (0..<count).reduce(0.0) { max($0, abs(carried[$1, mode].rawStorage.x)) }
      guard largest <= 1e-12 * carried.largestMagnitude else {
        throw ModelError(
          .inconsistent, at: path, found: "a gyration that acts on the mode \(mode), whose energy is zero",
          allowed: "modes of positive energy", hint: "Leave the mode out with bosons.project_out, or bind it with a spring")
      }
    }
  }

  /// The highest energy a mode may have: with gyration above the largest of `modeEnergies`, at most
  /// g/2 + (g^2/4 + W^2)^(1/2) with the largest eigenvalue g of iG.
  package var highestEnergy: Double {
    let w = modeEnergies.max() ?? 0
    guard gyrationStrength > 0 else { return w }
    return 0.5 * gyrationStrength + (0.25 * gyrationStrength * gyrationStrength + w * w).squareRoot()
  }
}
