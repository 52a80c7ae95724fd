import ComplexModule
import DenseMatrices
import Quadrature
import SpecialFunctions

/// Spectral function of one mode damped by Ohmic baths: A_p(w) = |D|^2 2 eta_p w, D = 1/(w^2 - W^2 + i w eta), or
/// D = 1/(2W(w - W) + i w eta) for a rotating-wave mode (Theory.md section 9).
package struct ModeSpectrum: Sendable {
  package let energy: Double
  /// eta = sum_p eta_p > 0.
  package let friction: Double
  package let isRotatingWave: Bool

  package init(energy: Double, friction: Double, isRotatingWave: Bool = false) {
    self.energy = energy
    self.friction = friction
    self.isRotatingWave = isRotatingWave
  }

  /// Re D^-1, without cancellation near the resonance.
  @inline(__always)
  private func detuning(_ w: Double) -> Double { (w - energy) * (isRotatingWave ? 2 * energy : w + energy) }

  /// A_p(w)/(2 pi eta_p w) = |D|^2/pi.
  @inline(__always)
  package func weight(_ w: Double) -> Double {
    let real = detuning(w)
    let imaginary = w * friction
    return 1 / (Double.pi * (real * real + imaginary * imaginary))
  }

  /// D(w).
  package func propagator(_ w: Double) -> Scalar { Scalar.one / Scalar(detuning(w), w * friction) }

  /// Poles of D in the right half plane or on the imaginary axis: position and distance from the real axis.
  package var poles: [PanelFeature] {
    if isRotatingWave {
      // W/(1 + i x), x = eta/2W.
      let x = 0.5 * friction / energy
      return [(energy / (1 + x * x), energy * x / (1 + x * x))]
    }
    let discriminant = energy * energy - 0.25 * friction * friction
    if discriminant >= 0 { return [(discriminant.squareRoot(), 0.5 * friction)] }
    let root = (-discriminant).squareRoot()
    // The smaller root as W^2 over the larger one: no cancellation for strong damping.
    let larger = 0.5 * friction + root
    return [(0, larger), (0, energy * energy / larger)]
  }
}
