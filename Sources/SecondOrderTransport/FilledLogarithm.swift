import ComplexModule
import DenseMatrices
import RealModule
import SpecialFunctions

/// Lambda(zeta) = int de f(e)/(zeta - e) up to a constant that does not depend on zeta, mu or T:
/// -[psi(1/2 + (zeta - mu)/(2 pi i T)) + ln 2 pi T + i pi/2] in the upper half plane and on the real axis (+ i0),
/// -Ln(zeta - mu) at T = 0; the conjugate of its value at zeta^* in the lower half plane.
struct FilledLogarithm {
  /// Value and derivatives along the line of states.
  struct Value {
    var value = Scalar.zero
    var first = Scalar.zero
    var second = Scalar.zero

    subscript(order: Int) -> Scalar { order == 0 ? value : order == 1 ? first : second }
    var conjugate: Value { Value(value: value.conjugate, first: first.conjugate, second: second.conjugate) }
  }

  /// At zeta with Im zeta >= 0, for up to four reservoirs at once.
  static func values(
    at zeta: Scalar, _ lines: ArraySlice<ReservoirLine>, order: Int, into result: UnsafeMutablePointer<Value>
  ) {
    var (x, y) = (SIMD4<Double>(repeating: 0.5), SIMD4<Double>.zero)
    var lane = 0
    for line in lines {
      let t = line.temperature.value
      if t > 0 {
        let scale = 1 / (2 * Double.pi * t)
        x[lane] = 0.5 + zeta.rawStorage.y * scale
        y[lane] = -(zeta.rawStorage.x - line.potential.value) * scale
      }
      lane += 1
    }
    withUnsafeTemporaryAllocation(of: SIMD4<Double>.self, capacity: 6) { psi in
      Polygamma.evaluate(real: x, imaginary: y, highest: order, into: psi.baseAddress!)
      lane = 0
      for line in lines {
        let t = line.temperature
        guard t.value > 0 else {
          let d = Scalar(zeta.rawStorage.x - line.potential.value, zeta.rawStorage.y)
          let modulus = max(d.length, 1e-300)
          result[lane] = Value(value: Scalar(-Double.log(modulus), -Double.atan2(y: d.rawStorage.y, x: d.rawStorage.x)))
          lane += 1
          continue
        }
        var v = Value(
          value: Scalar(
            -psi[0][lane] - Double.log(2 * Double.pi * t.value), -psi[1][lane] - 0.5 * Double.pi))
        if order > 0 {
          let u = Scalar(x[lane] - 0.5, y[lane])
          let inverse = 1 / t.value
          let u1 = Scalar(inverse, 0) * (Scalar(0, line.potential.first / (2 * Double.pi)) - Scalar(t.first, 0) * u)
          let slope = Scalar(psi[2][lane], psi[3][lane])
          let relative = t.first * inverse
          v.first = -(slope * u1 + Scalar(relative, 0))
          if order > 1 {
            let u2 =
              Scalar(inverse, 0)
              * (Scalar(0, line.potential.second / (2 * Double.pi)) - Scalar(t.second, 0) * u - Scalar(2 * t.first, 0) * u1)
            // The library gives psi''/2.
            let curvature = Scalar(2 * psi[4][lane], 2 * psi[5][lane])
            v.second = -(curvature * u1 * u1 + slope * u2 + Scalar(t.second * inverse - relative * relative, 0))
          }
        }
        result[lane] = v
        lane += 1
      }
    }
  }
}
