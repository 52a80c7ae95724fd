import ComplexModule
import JunctionModel
import RadiativeTransfer
import RealModule

/// Reflection of a stack of films on a half-space and where the absorbed power goes, by the fields in every layer.
struct TwinSurface {
  enum Polarisation { case s, p }

  private let permittivities: [Complex<Double>]
  private let interband: [Double]
  private let thicknesses: [Double]
  private let k0: Double
  private let blackFraction: Double?

  init(_ body: RadiatingBody, _ omega: Double) {
    k0 = omega / TwinRadiation.lightSpeed
    let energy = TwinRadiation.planckBar * omega / TwinRadiation.charge
    switch body.kind {
    case .blackBody(let gap):
      (permittivities, interband, thicknesses) = ([], [], [])
      blackFraction = gap.map { energy > $0 ? 1 : 0 } ?? 0
    case .layers(let layers):
      blackFraction = nil
      thicknesses = layers.map(\.thickness)
      permittivities = layers.map { layer in
        layer.material.parts.reduce(Complex<Double>.zero) { $0 + TwinPermittivity.value($1.form, energy) }
      }
      interband = layers.map { layer in
        guard layer.isBiased else { return 0 }
        let biased = layer.material.parts.filter { $0.interbandGap.map { energy > $0 } ?? false }
        let all = layer.material.parts.reduce(0) { $0 + TwinPermittivity.value($1.form, energy).imaginary }
        return all > 0 ? biased.reduce(0) { $0 + TwinPermittivity.value($1.form, energy).imaginary } / all : 0
      }
    }
  }

  /// Reflection coefficient and interband fraction of the absorbed power for the in-plane wave number k.
  func response(_ polarisation: Polarisation, _ k: Double, _ vacuum: Complex<Double>) -> (
    reflection: Complex<Double>, interband: Double
  ) {
    if let blackFraction { return (.zero, blackFraction) }
    let normals = permittivities.map { eps -> Complex<Double> in
      let root = Complex.sqrt(eps.multiplied(by: k0 * k0) - Complex(k * k))
      return root.imaginary < 0 || (root.imaginary == 0 && root.real < 0) ? -root : root
    }
    let n = permittivities.count
    // Fresnel coefficient of the interface above layer l, and reflection at it with everything below: Airy.
    var below = [Complex<Double>](repeating: .zero, count: n + 1)
    for l in stride(from: n - 1, through: 0, by: -1) {
      let (above, eps) = l == 0 ? (vacuum, Complex<Double>(1)) : (normals[l - 1], permittivities[l - 1])
      let r: Complex<Double>
      switch polarisation {
      case .s: r = (above - normals[l]) / (above + normals[l])
      case .p: r = (permittivities[l] * above - eps * normals[l]) / (permittivities[l] * above + eps * normals[l])
      }
      if l == n - 1 {
        below[l] = r
      } else {
        let trip = Complex.exp(Complex(0, 2 * thicknesses[l]) * normals[l])
        below[l] = (r + below[l + 1] * trip) / (Complex(1) + r * below[l + 1] * trip)
      }
    }
    return (below[0], absorbedInterband(polarisation, k, normals, below))
  }

  /// Weighted with Im eps int |E|^2 dz of every layer; E_t (s) or H_t (p) is continuous and 1 + r_l at the top of layer l.
  private func absorbedInterband(
    _ polarisation: Polarisation, _ k: Double, _ normals: [Complex<Double>], _ below: [Complex<Double>]
  ) -> Double {
    let n = permittivities.count
    var field = Complex<Double>(1)
    var (all, biased) = (0.0, 0.0)
    for l in 0..<n {
      let (q, eps) = (normals[l], permittivities[l])
      let last = l == n - 1
      let once = last ? Complex<Double>.zero : Complex.exp(Complex(0, thicknesses[l]) * q)
      let returned = last ? Complex<Double>.zero : below[l + 1] * once
      // Downward amplitude at the top and upward amplitude at the bottom.
      let down = field / (Complex(1) + returned * once)
      let up = down * returned
      let squares = Self.squares(q, last ? .infinity : thicknesses[l], down, up)
      let intensity: Double
      switch polarisation {
      case .s: intensity = squares.sum
      case .p: intensity = (q.lengthSquared * squares.difference + k * k * squares.sum) / eps.lengthSquared
      }
      all += eps.imaginary * intensity
      biased += interband[l] * eps.imaginary * intensity
      field = down * once + up
    }
    return all > 0 ? biased / all : 0
  }

  /// int |a e^{iqz} +- b e^{iq(t-z)}|^2 dz over 0...t.
  private static func squares(
    _ q: Complex<Double>, _ t: Double, _ a: Complex<Double>, _ b: Complex<Double>
  ) -> (sum: Double, difference: Double) {
    let decay = t == .infinity ? 0 : Double.exp(-2 * q.imaginary * t)
    let straight = q.imaginary * t < 1e-8 ? t : (1 - decay) / (2 * q.imaginary)
    let own = (a.lengthSquared + b.lengthSquared) * straight
    guard t < .infinity else { return (own, own) }
    let wave = abs(q.real * t) < 1e-8 ? t : Double.sin(q.real * t) / q.real
    let cross = 2 * (a * b.conjugate).real * Double.exp(-q.imaginary * t) * wave
    return (own + cross, own - cross)
  }
}

/// eps(w) straight from the textbook formulas, w in eV.
enum TwinPermittivity {
  static func value(_ form: DielectricForm, _ w: Double) -> Complex<Double> {
    let i = Complex<Double>(0, 1)
    let z = Complex<Double>(w)
    switch form {
    case .constant(let real, let imaginary): return Complex(real, imaginary)
    case .drude(let plasma, let damping): return -Complex(plasma * plasma) / (z * (z + i * Complex(damping)))
    case .lorentz(let strength, let resonance, let damping):
      return Complex(strength * resonance * resonance) / (Complex(resonance * resonance) - z * z - i * z * Complex(damping))
    case .polarPhonon(let high, let longitudinal, let transverse, let damping):
      let top = z * z - Complex(longitudinal * longitudinal) + i * z * Complex(damping)
      return Complex(high) * top / (z * z - Complex(transverse * transverse) + i * z * Complex(damping))
    case .criticalPoint(let gap, let amplitude):
      // The function of x + i0.
      let x = Complex(w / gap, 1e-300)
      let sum = Complex.sqrt(Complex(1) + x) + Complex.sqrt(Complex(1 - x.real, -1e-300))
      return Complex(amplitude / Double.pow(gap, 1.5)) * (Complex(2) - sum) / (x * x)
    case .absorptionEdge(let gap, let absorption, let exponent, let index):
      // eps'' = n alpha c/omega.
      let omega = w * TwinRadiation.charge / TwinRadiation.planckBar
      return w > gap ? Complex(0, index * absorption * Double.pow(w - gap, exponent) * TwinRadiation.lightSpeed / omega) : .zero
    case .table(let table):
      // Linear between points: used with tables of straight lines only.
      let upper = max(1, min(table.energies.count - 1, table.energies.firstIndex { $0 >= w } ?? 0))
      let t = (w - table.energies[upper - 1]) / (table.energies[upper] - table.energies[upper - 1])
      return Complex(
        table.real[upper - 1] + t * (table.real[upper] - table.real[upper - 1]),
        table.imaginary[upper - 1] + t * (table.imaginary[upper] - table.imaginary[upper - 1]))
    }
  }
}
