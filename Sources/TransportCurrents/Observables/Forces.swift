import ComplexModule
import DenseMatrices
import JunctionModel
import TransportResults

extension ObservableDefinition {
  package static let friction = force(
    "friction", .energy, "electronic friction, -Im Pi_e/w, symmetric part", title: "Friction"
  ) { parts, a, b in parts.friction(a, b) }

  package static let berryForce = force(
    "berry_force", .energy, "velocity-dependent force perpendicular to the motion, -Im Pi_e/w, antisymmetric part",
    title: "Berry force"
  ) { parts, a, b in parts.berry(a, b) }

  package static let nonconservativeForce = force(
    "nonconservative_force", .massWeightedSpectrum, "nonconservative force, Re Pi_e, antisymmetric part",
    title: "Nonconservative force"
  ) { parts, a, b in parts.nonconservative(a, b) }

  package static let renormalization = force(
    "renormalization", .massWeightedSpectrum, "renormalisation of the dynamical matrix by the electrons, Re Pi_e, symmetric part",
    title: "Renormalization"
  ) { parts, a, b in parts.stiffness(a, b) }

  /// `part` gets an element of Pi_e and the one across the diagonal.
  private static func force(
    _ name: String, _ quantity: Quantity, _ words: String, title: String,
    _ part: @escaping @Sendable (ForceSolver.Parts, Scalar, Scalar) -> Estimate
  ) -> ObservableDefinition {
    ObservableDefinition(
      .force(
        ForceReading(
          ResultQuantity(
            name, [.mode, .mode2, .frequency], quantity, words,
            sign: "Q'' = -(K + renormalization + nonconservative_force) Q - (friction + berry_force) Q'", title: title)
        ) { parts, pair in
          let n = parts.matrix.rows
          return part(parts, parts.matrix[pair / n, pair % n], parts.matrix[pair % n, pair / n])
        }))
  }
}
