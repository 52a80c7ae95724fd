import ComplexModule
import DenseMatrices

extension BathForm {
  /// One vibration of frequency W_0 and width G between the modes and everything else (Lorentzian or Brownian spectral density):
  /// Gamma(w)/2 = eta w W_0^4/[(W_0^2 - w^2)^2 + G^2 w^2] and Pi(w) = (eta W_0^2/G) w (w + iG)/(w^2 - W_0^2 + iGw).
  ///
  /// Friction eta far below W_0; above, the modes are stiffer by eta W_0^2/G. With spectral densities J = lambda^2 G w/[...] as other programs
  /// write them, eta = lambda^2 G/W_0^4.
  package static let underdamped = BathForm(
    "underdamped", [Parameter("friction", isPositive: false), Parameter("frequency"), Parameter("width")],
    poles: { numbers in
      let (frequency, half) = (numbers[1], 0.5 * numbers[2])
      let square = (frequency - half) * (frequency + half)
      // Overdamped: two poles on the imaginary axis, the nearer one counts.
      return square > 0 ? [(square.squareRoot(), half)] : [(0, frequency * frequency / (half + (-square).squareRoot()))]
    },
    selfEnergy: { numbers, z in
      let (friction, frequency, width) = (numbers[0], numbers[1], numbers[2])
      let damped = z * (z + Scalar(0, width))
      return Scalar(friction * frequency * (frequency / width), 0) * damped / (damped - Scalar(frequency * frequency, 0))
    })
}

extension BosonBathKind {
  /// A vibration of the given frequency and width between the modes and everything else; `friction` holds far below it.
  public static func underdamped(friction: Double, frequency: Double, width: Double) -> BosonBathKind {
    .closed(ClosedFormBath(.underdamped, [friction, frequency, width]))
  }
}
