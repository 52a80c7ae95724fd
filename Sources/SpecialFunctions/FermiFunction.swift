import RealModule

/// Occupation of electron states, f(x) = 1/(exp(x) + 1), Conventions.md.
public enum FermiFunction {
  /// f((energy - mu)/T) for T >= 0; T = 0 is the step function (1/2 at the step).
  public static func occupation(_ energy: Double, chemicalPotential mu: Double, temperature: Double) -> Double {
    let d = energy - mu
    if temperature == 0 { return d < 0 ? 1 : d > 0 ? 0 : 0.5 }
    let x = d / temperature
    let small = Double.exp(-abs(x))
    return x > 0 ? small / (1 + small) : 1 / (1 + small)
  }

  /// f and 1 - f of many energies, neither with cancellation nor overflow.
  ///
  /// Equation: f_i = 1/(exp((e_i - mu)/T) + 1), g_i = 1 - f_i. `energies`, `occupied` and `empty` have `count` elements,
  /// `count` a multiple of four. Cost: about 5 ns per energy.
  public static func fill(
    energies: UnsafePointer<Double>, count: Int, chemicalPotential mu: Double, temperature: Double,
    occupied: UnsafeMutablePointer<Double>, empty: UnsafeMutablePointer<Double>
  ) {
    if temperature == 0 {
      for i in 0..<count {
        let f: Double = energies[i] < mu ? 1 : energies[i] > mu ? 0 : 0.5
        occupied[i] = f
        empty[i] = 1 - f
      }
      return
    }
    let source = UnsafeRawPointer(energies)
    let f = UnsafeMutableRawPointer(occupied)
    let g = UnsafeMutableRawPointer(empty)
    let rate = 1 / max(temperature, 1e-300)
    let limit = SIMD4<Double>(repeating: 708)
    var offset = 0
    while offset < count * 8 {
      let x = (source.loadUnaligned(fromByteOffset: offset, as: SIMD4<Double>.self) - mu) * rate
      let positive = x .> 0
      let magnitude = x.replacing(with: -x, where: x .< 0)
      let small = exponential(-pointwiseMin(magnitude, limit))
      let inverse = 1 / (1 + small)
      let other = small * inverse
      f.storeBytes(of: inverse.replacing(with: other, where: positive), toByteOffset: offset, as: SIMD4<Double>.self)
      g.storeBytes(of: other.replacing(with: inverse, where: positive), toByteOffset: offset, as: SIMD4<Double>.self)
      offset += 32
    }
  }
}

/// Occupation of boson states, n(x) = 1/(exp(x) - 1).
public enum BoseFunction {
  /// n(w/T) for T >= 0; at T = 0 it is 0 for w > 0 and -1 for w < 0. Diverges as T/w for w -> 0.
  public static func occupation(_ frequency: Double, temperature: Double) -> Double {
    if temperature == 0 { return frequency < 0 ? -1 : 0 }
    return 1 / Double.expMinusOne(frequency / temperature)
  }

  /// What the rounding of w, nu, T and of the function itself makes of n = n((w - nu)/T), given n: n (1 + n) d((w - nu)/T) and a unit in
  /// the last digit of n. Where n is exponentially small that is many digits.
  @inlinable package static func rounding(of n: Double, frequency: Double, potential: Double, temperature: Double) -> Double {
    guard temperature > 0 else { return 0 }
    let argument = Double.ulpOfOne * (abs(frequency) + abs(potential)) / temperature
    return abs(n * ((1 + n) * argument)) + Double.ulpOfOne * abs(n)
  }

  /// w n(w/T), finite everywhere: T at w = 0.
  public static func occupationTimesFrequency(_ frequency: Double, temperature: Double) -> Double {
    if temperature == 0 { return frequency < 0 ? -frequency : 0 }
    let x = frequency / temperature
    return abs(x) < 1e-300 ? temperature : frequency / Double.expMinusOne(x)
  }
}
