import SpecialFunctions

/// Spectral function of one mode damped by Ohmic baths: A_p(w) = |D|^2 2 eta_p w, D = 1/(w^2 - W^2 + i w eta).
struct ModeSpectrum: Sendable {
  let energy: Double
  /// eta = sum_p eta_p > 0.
  let friction: Double

  /// A_p(w)/(2 pi eta_p w) = |D|^2/pi.
  @inline(__always)
  func weight(_ w: Double) -> Double {
    // w^2 - W^2 without cancellation near the resonance.
    let real = (w - energy) * (w + energy)
    let imaginary = w * friction
    return 1 / (Double.pi * (real * real + imaginary * imaginary))
  }

  /// Poles of D in the right half plane or on the imaginary axis: position and distance from the real axis.
  var poles: [(position: Double, width: Double)] {
    let discriminant = energy * energy - 0.25 * friction * friction
    if discriminant >= 0 { return [(discriminant.squareRoot(), 0.5 * friction)] }
    let root = (-discriminant).squareRoot()
    // The smaller root as W^2 over the larger one: no cancellation for strong damping.
    let larger = 0.5 * friction + root
    return [(0, larger), (0, energy * energy / larger)]
  }
}
