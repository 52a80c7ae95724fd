/// exp(x) of four numbers at once, |x| <= 708, relative error below 4e-16.
///
/// x = k ln 2 + r with |r| <= ln(2)/2; exp(r) is a polynomial of degree 13 (Taylor, remainder below 4e-18), 2^k is set
/// in the exponent bits. No table, no branch, no fused operation: it compiles to plain SSE2.
@inline(__always)
func exponential(_ x: SIMD4<Double>) -> SIMD4<Double> {
  let shifter = SIMD4<Double>(repeating: 6_755_399_441_055_744)  // 1.5 * 2^52: adding it rounds to an integer
  let shifted = x * 1.442_695_040_888_963_4 + shifter
  let k = shifted - shifter
  let r = (x - k * 0.693_147_180_369_123_8) - k * 1.908_214_929_270_587_7e-10
  var p = SIMD4<Double>(repeating: 1.605_904_383_682_161_5e-10)
  p = p * r + 2.087_675_698_786_81e-9
  p = p * r + 2.505_210_838_544_172e-8
  p = p * r + 2.755_731_922_398_589e-7
  p = p * r + 2.755_731_922_398_589_3e-6
  p = p * r + 2.480_158_730_158_73e-5
  p = p * r + 1.984_126_984_126_984e-4
  p = p * r + 1.388_888_888_888_889e-3
  p = p * r + 8.333_333_333_333_333e-3
  p = p * r + 4.166_666_666_666_666_4e-2
  p = p * r + 0.166_666_666_666_666_66
  p = p * r + 0.5
  p = (p * r) * r + r
  let bits = unsafeBitCast(shifted, to: SIMD4<Int64>.self) &- unsafeBitCast(shifter, to: SIMD4<Int64>.self)
  let power = unsafeBitCast((bits &+ 1023) &<< 52, to: SIMD4<Double>.self)
  return power + power * p
}
