import JunctionModel
import Quadrature
import RealModule

/// The range of chemical potentials and temperatures of all states, measured from the reference energy.
package struct ThermalWindow: Sendable {
  package let lowest: Double
  package let highest: Double
  package let coldest: Double
  package let hottest: Double

  package init(_ points: OperatingPoints, reference: Double) {
    lowest = (points.chemicalPotentials.compactMap { $0.min() }.min() ?? reference) - reference
    highest = (points.chemicalPotentials.compactMap { $0.max() }.max() ?? reference) - reference
    coldest = points.temperatures.compactMap { $0.min() }.min() ?? 0
    hottest = points.temperatures.compactMap { $0.max() }.max() ?? 0
  }

  /// The uniform grid for kernels of all `frequencies`: strip of analyticity and window from the resonances that matter.
  ///
  /// A resonance r temperatures outside the chemical potentials enters with exp(-r) times its contrast: how much larger
  /// |W(e)|^2 |W(e - w)|^2 is there than between the chemical potentials, with a margin of exp(6) for couplings that favour
  /// it. When that is below the tolerance the resonance is left out. `strength` is |W(e)|^2.
  package func grid(
    _ features: SpectralFeatures, frequencies: [Double], tolerance: Double, strength: (Double) -> Double
  ) -> UniformGrid? {
    // The strip of analyticity is known only when every resonance is.
    guard features.isComplete else { return nil }
    let (least, most) = (min(frequencies.min() ?? 0, 0), max(frequencies.max() ?? 0, 0))
    let digits = 2.3 - Double.log(tolerance)
    let plateau = (0...8).map { strength(lowest + least + (highest - lowest + most - least) * Double($0) / 8) }
    let weakest = max(plateau.min() ?? 0, 1e-290)
    var strip = Double.pi * coldest
    var reach = digits + 2
    for r in features.resonances {
      // Nearest the resonance, initial or shifted by any frequency, comes to the chemical potentials.
      let below = lowest + least - (r.position + most)
      let above = (r.position + least) - (highest + most)
      let distance = max(below, above, 0) / hottest
      // Neither a resonance a hundred temperatures away nor one in the window needs a closer look.
      guard distance < 100 else { continue }
      var contrast = 0.0
      if distance > digits + 2 {
        let here = strength(r.position)
        let partner = frequencies.reduce(0.0) { max($0, strength(r.position - $1), strength(r.position + $1)) }
        contrast = Double.log(max(here / weakest, 1)) + Double.log(max(partner / weakest, 1)) + 6
        guard distance < digits + 2 + contrast else { continue }
      }
      strip = min(strip, r.width)
      reach = max(reach, min(distance + 10, digits + 2 + contrast))
    }
    let window = (lowest + least - reach * hottest)...(highest + most + reach * hottest)
    return UniformGrid(window: window, strip: strip, tolerance: tolerance)
  }
}
