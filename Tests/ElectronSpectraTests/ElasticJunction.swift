import JunctionModel

@testable import ElectronSpectra

/// Electrons alone, at one warm state in equilibrium.
enum ElasticJunction {
  static func prepared(_ conductor: Conductor, _ electrodes: [Electrode]) throws -> PreparedJunction {
    let junction = try Junction(
      conductor: conductor, electrodes: electrodes, bosons: BosonSystem(modes: []), baths: [],
      coupling: Coupling(.dimensionless, []))
    let points = OperatingPoints(
      [
        OperatingPoint(
          chemicalPotentials: electrodes.map { _ in 0 }, temperatures: electrodes.map { _ in 0.1 }, bathTemperatures: [])
      ], electrodes: electrodes.count, baths: 0)
    return try PreparedJunction(junction, points: points, tolerance: 1e-8)
  }
}
