import ComplexModule
import DenseMatrices

extension BathForm {
  /// Pi(w) = -i w eta/(1 - i w/w_c): Ohmic friction with memory 1/w_c, causal, Gamma = 2 eta w/(1 + (w/w_c)^2).
  package static let drude = BathForm(
    "drude", [Parameter("friction", isPositive: false), Parameter("cutoff")], poles: { [(0, $0[1])] },
    selfEnergy: { numbers, z in Scalar(0, -numbers[0]) * z / (Scalar(1, 0) - Scalar(0, 1 / numbers[1]) * z) })
}

extension BosonBathKind {
  /// Ohmic friction with the memory 1/w_c: Pi(w) = -i w eta/(1 - i w/w_c).
  public static func drude(friction: Double, cutoff: Double) -> BosonBathKind {
    .closed(ClosedFormBath(.drude, [friction, cutoff]))
  }
}
