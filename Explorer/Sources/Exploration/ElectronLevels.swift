import DenseMatrices
import ElectronSpectra
import Pairbath

/// Where the electrons' levels lie and how wide the electrodes make them: the poles of G(e), Theory.md section 1.
enum ElectronLevels {
  /// A level in the user's units; `width` is the full width at half maximum, -2 Im of the pole.
  struct Level: Sendable, Equatable {
    let energy: Double
    let width: Double
  }

  /// More orbitals than these have too many levels for a picture.
  private static let mostOrbitals = 600
  /// As many levels as a picture shows.
  private static let mostLevels = 60

  /// The levels nearest to `center` (the user's units), by energy; nil where there are none to show. Where electrodes depend on energy
  /// they are those of the conductor alone, without a width. Cost: an eigenproblem.
  static func of(_ document: ModelDocument, near center: Double) -> [Level]? {
    let junction = document.junction
    guard junction.conductor.orbitals > 0, junction.conductor.orbitals <= mostOrbitals, junction.conductor.whole == nil else {
      return nil
    }
    let factor = document.units.outputFactor(of: .energy)
    let levels: [Level]?
    if let poles = try? SpectralFactors(junction, isIntegrated: false).poles?.poles {
      levels = poles.map { Level(energy: factor * $0.rawStorage.x, width: factor * max(-2 * $0.rawStorage.y, 0)) }
    } else {
      levels = try? alone(junction.conductor).map { Level(energy: factor * $0, width: 0) }
    }
    return levels.map { all in
      Array(all.sorted { abs($0.energy - center) < abs($1.energy - center) }.prefix(mostLevels)).sorted { $0.energy < $1.energy }
    }
  }

  /// Eigenvalues of H without electrodes.
  private static func alone(_ conductor: Conductor) throws -> [Double] {
    guard let overlap = conductor.overlap else { return try HermitianEigenproblem(conductor.hamiltonian).values }
    let inverse = try LUFactorization(overlap.choleskyFactor()).inverse
    return try HermitianEigenproblem(inverse * conductor.hamiltonian * inverse.adjoint).values
  }
}
