import JunctionModel
import RealModule

/// The range of chemical potentials and temperatures of all states, measured from the reference energy.
struct ThermalWindow: Sendable {
  let lowest: Double
  let highest: Double
  let coldest: Double
  let hottest: Double

  init(_ points: OperatingPoints, reference: Double) {
    let potentials = points.chemicalPotentials.joined()
    lowest = (potentials.min() ?? reference) - reference
    highest = (potentials.max() ?? reference) - reference
    coldest = points.temperatures.joined().min() ?? 0
    hottest = points.temperatures.joined().max() ?? 0
  }

  /// The uniform grid for kernels of all `frequencies`: strip of analyticity and window from the resonances that matter.
  ///
  /// A resonance r temperatures outside the chemical potentials enters with exp(-r) times at most (distance/width)^2, or
  /// its square where an initial and a final resonance coincide; when that is below the tolerance it is left out.
  func grid(_ features: SpectralFeatures, frequencies: [Double], tolerance: Double) -> UniformGrid? {
    let (least, most) = (min(frequencies.min() ?? 0, 0), max(frequencies.max() ?? 0, 0))
    let span = highest - lowest + most - least + 200 * hottest
    let digits = 2.3 - Double.log(tolerance)
    var strip = Double.pi * coldest
    var reach = digits + 2
    for r in features.resonances {
      // Nearest the resonance, initial or shifted by any frequency, comes to the chemical potentials.
      let below = lowest + least - (r.position + most)
      let above = (r.position + least) - (highest + most)
      let distance = max(below, above, 0) / hottest
      let power = Self.coincides(r, features, frequencies) ? 4.0 : 2.0
      let contrast = power * Double.log(onePlus: span / r.width)
      guard distance < digits + 2 + contrast else { continue }
      strip = min(strip, r.width)
      reach = max(reach, min(distance, digits + 2 + contrast))
    }
    let window = (lowest + least - reach * hottest)...(highest + most + reach * hottest)
    return UniformGrid(window: window, strip: strip, tolerance: tolerance)
  }

  /// True when a resonance of the initial and one of the final electron fall together at one of the frequencies.
  private static func coincides(
    _ r: (position: Double, width: Double), _ features: SpectralFeatures, _ frequencies: [Double]
  ) -> Bool {
    features.resonances.contains { other in
      frequencies.contains { abs(abs(r.position - other.position) - abs($0)) < 10 * (r.width + other.width) }
    }
  }
}
