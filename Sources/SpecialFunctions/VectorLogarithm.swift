/// ln |s| and arg s of four complex numbers with Re s > 0 at once, absolute error below 4e-16 max(1, |ln|).
///
/// The logarithm is 2 artanh((m - 1)/(m + 1)) of the mantissa m in [1/sqrt 2, sqrt 2); the argument is an arctangent
/// reduced by octant, quarter and half angle to |t| < 0.2 and summed as a Taylor series.
@inline(__always)
func logarithm(_ x: SIMD4<Double>, _ y: SIMD4<Double>) -> (modulus: SIMD4<Double>, argument: SIMD4<Double>) {
  (0.5 * naturalLogarithm(x * x + y * y), argument(x, y))
}

/// ln v of four positive normal numbers.
@inline(__always)
func naturalLogarithm(_ v: SIMD4<Double>) -> SIMD4<Double> {
  let bits = unsafeBitCast(v, to: SIMD4<Int64>.self)
  // Shifts the split point of the mantissa from [1, 2) to [1/sqrt 2, sqrt 2).
  let offset = SIMD4<Int64>(repeating: 0x3FE6_A09E_667F_3BCD)
  let exponent = (bits &- offset) &>> 52
  let mantissa = unsafeBitCast(bits &- (exponent &<< 52), to: SIMD4<Double>.self)
  // The exponent as a double: adding 1.5 * 2^52 in the integer domain.
  let magic = SIMD4<Int64>(repeating: 0x4338_0000_0000_0000)
  let k = unsafeBitCast(exponent &+ magic, to: SIMD4<Double>.self) - 6_755_399_441_055_744
  let t = (mantissa - 1) / (mantissa + 1)
  let z = t * t
  var p = SIMD4<Double>(repeating: 2.0 / 23)
  p = p * z + 2.0 / 21
  p = p * z + 2.0 / 19
  p = p * z + 2.0 / 17
  p = p * z + 2.0 / 15
  p = p * z + 2.0 / 13
  p = p * z + 2.0 / 11
  p = p * z + 2.0 / 9
  p = p * z + 2.0 / 7
  p = p * z + 2.0 / 5
  p = p * z + 2.0 / 3
  let series = 2 * t + t * z * p
  return k * 0.693_147_180_369_123_8 + (k * 1.908_214_929_270_587_7e-10 + series)
}

/// atan(y/x) for x > 0.
@inline(__always)
func argument(_ x: SIMD4<Double>, _ y: SIMD4<Double>) -> SIMD4<Double> {
  let height = y.replacing(with: -y, where: y .< 0)
  let steep = height .> x
  let small = height.replacing(with: x, where: steep)
  let large = x.replacing(with: height, where: steep)
  // atan(small/large) in [0, pi/4]; above pi/8 measured from pi/4.
  let far = small .> 0.414_213_562_373_095_05 * large
  let numerator = small.replacing(with: small - large, where: far)
  let denominator = large.replacing(with: small + large, where: far)
  let t = numerator / denominator
  let h = t / (1 + (1 + t * t).squareRoot())
  let z = h * h
  var p = SIMD4<Double>(repeating: -2.0 / 23)
  p = p * z + 2.0 / 21
  p = p * z - 2.0 / 19
  p = p * z + 2.0 / 17
  p = p * z - 2.0 / 15
  p = p * z + 2.0 / 13
  p = p * z - 2.0 / 11
  p = p * z + 2.0 / 9
  p = p * z - 2.0 / 7
  p = p * z + 2.0 / 5
  p = p * z - 2.0 / 3
  var angle = 2 * h + h * z * p
  angle = angle.replacing(with: angle + 0.785_398_163_397_448_3, where: far)
  angle = angle.replacing(with: 1.570_796_326_794_896_6 - angle, where: steep)
  return angle.replacing(with: -angle, where: y .< 0)
}
