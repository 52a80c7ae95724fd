import ComplexModule
import JunctionModel
import RadiativeTransfer
import RealModule

/// Textbook version of the radiation between two bodies, one state: SI units, Airy's recursion for the reflection of films, the local
/// loss Im eps |E|^2 integrated over every layer, plain nested quadrature over frequency and wave vector.
///
/// Independent of RadiativeTransfer but for the description of the bodies. Substrates must absorb, gaps be finite.
package struct TwinRadiation {
  package let pair: RadiatingPair
  /// Gap in m.
  package let gap: Double
  /// Relative tolerance of the frequency integral; a tenth of it for the inner one.
  package let tolerance: Double

  /// Results in W/m^2 and A/m^2.
  package struct Fluxes {
    /// s propagating, p propagating, s evanescent, p evanescent; from body 1 to 2.
    package var energyParts: [Double]
    package var photocurrent: [Double]
    /// Estimated errors of the energy (largest part) and of the photocurrents.
    package var energyError: Double
    package var photocurrentErrors: [Double]
    /// Integral of the modulus of the net spectra, W/m^2.
    package var magnitude: Double
    package var converged: Bool
  }

  static let lightSpeed = 299_792_458.0
  static let planckBar = 6.626_070_15e-34 / (2 * Double.pi)
  static let charge = 1.602_176_634e-19
  static let boltzmann = 1.380_649e-23

  /// A pair at a distance.
  package init(_ pair: RadiatingPair, gap: Double, tolerance: Double) {
    self.pair = pair
    self.gap = gap
    self.tolerance = tolerance
  }

  /// All fluxes, temperatures in K and biases in V; `breakpoints` in eV where spectra are sharp. Zero to `highest` eV.
  package func fluxes(
    kelvin: (Double, Double), bias: (Double, Double), breakpoints: [Double], highest: Double
  ) -> Fluxes {
    let unit = Self.charge / Self.planckBar
    let lines = ([0] + breakpoints.filter { $0 > 0 && $0 < highest }.sorted() + [highest]).map { $0 * unit }
    let quadrature = TwinQuadrature(tolerance: tolerance, groups: [0..<4, 4..<5, 5..<6])
    var converged = true
    let outcome = quadrature.integrate(lines, components: 6) { omega in
      let (channels, good) = spectrum(omega)
      converged = converged && good
      return integrand(channels, omega, kelvin, bias)
    }
    let scale = 1 / (2 * Double.pi)
    return Fluxes(
      energyParts: outcome.values[0..<4].map { scale * $0 }, photocurrent: outcome.values[4..<6].map { scale * $0 },
      energyError: scale * (outcome.errors[0..<4].max() ?? 0), photocurrentErrors: outcome.errors[4..<6].map { scale * $0 },
      magnitude: scale * outcome.magnitudes[0..<4].reduce(0, +), converged: converged && outcome.converged)
  }

  /// [part][channel 2 i + j] of k dk/2pi sum xi a_1i a_2j, 1/m^2.
  package func spectrum(_ omega: Double) -> (channels: [[Double]], converged: Bool) {
    let one = TwinSurface(pair.first, omega)
    let two = TwinSurface(pair.second, omega)
    let k0 = omega / Self.lightSpeed
    let quadrature = TwinQuadrature(tolerance: 0.1 * tolerance, groups: [0..<4, 4..<8])
    // k from 0 to k0 as k0 sin(angle) keeps grazing waves apart.
    let fringes = max(2, Int(2 * k0 * gap / Double.pi))
    let angles = (0...fringes).map { 0.5 * Double.pi * Double($0) / Double(fringes) }
    let propagating = quadrature.integrate(angles, components: 8) { angle in
      let k = k0 * Double.sin(angle)
      return waves(one, two, k, Complex(k0 * Double.cos(angle)), k0 * Double.cos(angle) * k)
    }
    var marks = [0.0]
    var mark = 0.1 * min(k0, 1 / gap)
    // e^{-2 x} with x = 22 is 8e-20; |r|^2 of the materials used stays below 1e4.
    while mark < 22 / gap {
      marks.append(mark)
      mark *= 2
    }
    marks.append(22 / gap)
    let evanescent = quadrature.integrate(marks, components: 8) { kappa in
      waves(one, two, (k0 * k0 + kappa * kappa).squareRoot(), Complex(0, kappa), kappa)
    }
    let lists = [
      Array(propagating.values[0..<4]), Array(propagating.values[4..<8]), Array(evanescent.values[0..<4]),
      Array(evanescent.values[4..<8]),
    ]
    return (lists, propagating.converged && evanescent.converged)
  }

  /// xi a_1i a_2j times `measure`/2pi, s then p.
  private func waves(
    _ one: TwinSurface, _ two: TwinSurface, _ k: Double, _ normal: Complex<Double>, _ measure: Double
  ) -> [Double] {
    var result: [Double] = []
    for polarisation in [TwinSurface.Polarisation.s, .p] {
      let a = one.response(polarisation, k, normal)
      let b = two.response(polarisation, k, normal)
      let trip = Complex.exp(Complex(0, 2 * gap) * normal)
      let cavity = (Complex<Double>(1) - a.reflection * b.reflection * trip).lengthSquared
      let transmission: Double
      if normal.imaginary == 0 {
        transmission = (1 - a.reflection.lengthSquared) * (1 - b.reflection.lengthSquared) / cavity
      } else {
        transmission = 4 * a.reflection.imaginary * b.reflection.imaginary * trip.real / cavity
      }
      let weight = transmission * measure / (2 * Double.pi)
      let (fa, fb) = (a.interband, b.interband)
      result += [weight * (1 - fa) * (1 - fb), weight * (1 - fa) * fb, weight * fa * (1 - fb), weight * fa * fb]
    }
    return result
  }

  private func integrand(
    _ channels: [[Double]], _ omega: Double, _ kelvin: (Double, Double), _ bias: (Double, Double)
  ) -> [Double] {
    func bose(_ kelvin: Double, _ volt: Double) -> Double {
      let energy = Self.planckBar * omega - Self.charge * volt
      // Below the gap nothing has this occupation.
      guard energy > 0 && kelvin > 0 else { return 0 }
      return 1 / (Double.exp(energy / (Self.boltzmann * kelvin)) - 1)
    }
    let first = [bose(kelvin.0, 0), bose(kelvin.0, bias.0)]
    let second = [bose(kelvin.1, 0), bose(kelvin.1, bias.1)]
    var result = [Double](repeating: 0, count: 6)
    for part in 0..<4 {
      for i in 0..<2 {
        for j in 0..<2 where channels[part][2 * i + j] != 0 {
          let photons = channels[part][2 * i + j] * (first[i] - second[j])
          result[part] += Self.planckBar * omega * photons
          if i == 1 { result[4] -= Self.charge * photons }
          if j == 1 { result[5] += Self.charge * photons }
        }
      }
    }
    return result
  }
}
