import RealModule

/// Lanes of a spectrum: 4 pol + 2 i + j, pol = 0 (s), 1 (p); i, j = 1 for the interband losses of body 1, 2, else 0.
typealias Channels = SIMD8<Double>

/// The weight of waves in the wave-vector integral at one photon energy.
struct TransmissionIntegrand {
  var first: SurfaceOptics
  var second: SurfaceOptics
  /// In 1/eV, may be infinite.
  let gap: Double
  private var energySquare = 0.0

  init(_ pair: RadiatingPair, gap: Double) {
    first = SurfaceOptics(pair.first)
    second = SurfaceOptics(pair.second)
    self.gap = gap / RadiationUnits.hbarC
  }

  /// True when evanescent waves contribute.
  var hasEvanescent: Bool { gap < .infinity && !first.isBlack && !second.isBlack }

  /// True when waves interfere in the gap: a black body reflects nothing.
  var hasFringes: Bool { gap < .infinity && !first.isBlack && !second.isBlack }

  mutating func prepare(at w: Double) {
    first.prepare(at: w)
    second.prepare(at: w)
    energySquare = w * w
  }

  /// k_z xi a_1i a_2j/2pi at the real normal wave number k_z; k dk = k_z dk_z.
  ///
  /// xi = (1-|r_1|^2)(1-|r_2|^2)/|1 - r_1 r_2 e^{2 i k_z d}|^2 = 4 k_z^2 S_1 S_2/|k_z cos(k_z d)(E_1 H_2 + E_2 H_1)
  /// - i sin(k_z d)(k_z^2 E_1 E_2 + H_1 H_2)|^2; phase average for an infinite gap.
  @inline(__always)
  func propagating(_ normal: Double) -> Channels {
    var s1 = SurfaceFields(e: Phasor(1), h: Phasor(0), flux: 0, fraction: 0)
    var (p1, s2, p2) = (s1, s1, s1)
    first.fields(square: normal * normal, &s1, &p1)
    second.fields(square: normal * normal, &s2, &p2)
    let weight = normal / (2 * Double.pi)
    if !hasFringes {
      return Self.lanes(s: weight * Self.averaged(normal, s1, s2), (s1, s2), p: weight * Self.averaged(normal, p1, p2), (p1, p2))
    }
    let (sine, cosine) = (Double.sin(normal * gap), Double.cos(normal * gap))
    return Self.lanes(
      s: weight * Self.interfering(normal, sine: sine, cosine: cosine, s1, s2), (s1, s2),
      p: weight * Self.interfering(normal, sine: sine, cosine: cosine, p1, p2), (p1, p2))
  }

  /// kappa xi a_1i a_2j/2pi at the normal wave number i kappa; k dk = kappa dkappa.
  ///
  /// xi = 4 Im r_1 Im r_2 e^{-2 kappa d}/|1 - r_1 r_2 e^{-2 kappa d}|^2, in the fields E, H.
  @inline(__always)
  func evanescent(_ kappa: Double) -> Channels {
    var s1 = SurfaceFields(e: Phasor(1), h: Phasor(0), flux: 0, fraction: 0)
    var (p1, s2, p2) = (s1, s1, s1)
    first.fields(square: -kappa * kappa, &s1, &p1)
    second.fields(square: -kappa * kappa, &s2, &p2)
    let exponent = -2 * kappa * gap
    let decay = Double.exp(exponent)
    let rest = exponent > -0.5 ? -Double.expMinusOne(exponent) : 1 - decay
    let weight = kappa / (2 * Double.pi)
    return Self.lanes(
      s: weight * Self.tunnelling(kappa, decay: decay, rest: rest, s1, s2), (s1, s2),
      p: weight * Self.tunnelling(kappa, decay: decay, rest: rest, p1, p2), (p1, p2))
  }

  @inline(__always)
  private static func averaged(_ k: Double, _ a: SurfaceFields, _ b: SurfaceFields) -> Double {
    let product = a.flux * b.flux
    guard product > 0 else { return 0 }
    let (incoming, outgoing) = ((k * b.e + b.h).square, (k * a.e - a.h).square)
    return 4 * k * product / (a.flux * incoming + b.flux * outgoing)
  }

  @inline(__always)
  private static func interfering(
    _ k: Double, sine: Double, cosine: Double, _ a: SurfaceFields, _ b: SurfaceFields
  ) -> Double {
    let product = a.flux * b.flux
    guard product > 0 else { return 0 }
    let mixed = a.e * b.h + b.e * a.h
    let straight = (k * k) * (a.e * b.e) + a.h * b.h
    return 4 * k * k * product / ((k * cosine) * mixed - sine * straight.rotated).square
  }

  @inline(__always)
  private static func tunnelling(
    _ kappa: Double, decay: Double, rest: Double, _ a: SurfaceFields, _ b: SurfaceFields
  ) -> Double {
    let product = a.flux * b.flux
    guard product > 0 && decay > 0 else { return 0 }
    let mixed = a.e * b.h + b.e * a.h
    let straight = a.h * b.h - (kappa * kappa) * (a.e * b.e)
    return 16 * kappa * kappa * product * decay / (rest * straight + ((1 + decay) * kappa) * mixed.rotated).square
  }

  @inline(__always)
  private static func lanes(
    s: Double, _ sFields: (SurfaceFields, SurfaceFields), p: Double, _ pFields: (SurfaceFields, SurfaceFields)
  ) -> Channels {
    let ((s1, s2), (p1, p2)) = (sFields, pFields)
    let (sa, sb) = (s * s1.fraction, s * (1 - s1.fraction))
    let (pa, pb) = (p * p1.fraction, p * (1 - p1.fraction))
    return Channels(
      sb * (1 - s2.fraction), sb * s2.fraction, sa * (1 - s2.fraction), sa * s2.fraction,
      pb * (1 - p2.fraction), pb * p2.fraction, pa * (1 - p2.fraction), pa * p2.fraction)
  }
}
