import RealModule
import TransportResults

/// Interference fringes of a film: half wavelengths that fit into it.
struct FilmFringes {
  let body: String
  let layer: Int
  let material: Material
  /// In m.
  let thickness: Double

  /// All films of a pair.
  static func films(of pair: RadiatingPair) -> [FilmFringes] {
    [pair.first, pair.second].flatMap { body -> [FilmFringes] in
      guard case .layers(let layers) = body.kind else { return [] }
      return layers.dropLast().enumerated().map {
        FilmFringes(body: body.name, layer: $0, material: $1.material, thickness: $1.thickness)
      }
    }
  }

  /// Fringes per eV at normal incidence, n t/(pi hbar c); 0 where the film absorbs all but `visible` of a wave that crosses it twice.
  func density(at w: Double, visible: Double) -> Double {
    let index = material.permittivityParts(at: w).total.upperRoot
    let length = thickness / RadiationUnits.hbarC
    guard 2 * index.y * w * length < Double.log(1 / visible) else { return 0 }
    return index.x * length / Double.pi
  }

  /// Too many fringes: names the film and what to do.
  func error(_ fringes: Double, at w: Double, limit: Int) -> SolverError {
    SolverError(
      .notConverged, at: .layers(ofBody: body),
      "layer \(layer) of '\(body)' (\(material.name), \(thickness * 1e6) um) has \(Int(min(fringes, 1e15))) interference fringes at "
        + "\(w) eV and absorbs too little to damp them: resolving them needs more than \(limit) evaluations of the transmission",
      hint: "Make a film thicker than its absorption length or the coherence of real samples the substrate (a half-space), make "
        + "it thinner, or ask for a larger tolerance")
  }
}
