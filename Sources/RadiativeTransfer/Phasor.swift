/// A complex number for inner loops: two doubles, no checks.
struct Phasor: Sendable, Equatable {
  var x: Double
  var y: Double

  @inline(__always) init(_ x: Double, _ y: Double = 0) {
    self.x = x
    self.y = y
  }

  @inline(__always) static func + (a: Phasor, b: Phasor) -> Phasor { Phasor(a.x + b.x, a.y + b.y) }
  @inline(__always) static func - (a: Phasor, b: Phasor) -> Phasor { Phasor(a.x - b.x, a.y - b.y) }
  @inline(__always) static func * (a: Phasor, b: Phasor) -> Phasor { Phasor(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x) }
  @inline(__always) static func * (a: Double, b: Phasor) -> Phasor { Phasor(a * b.x, a * b.y) }
  @inline(__always) static func / (a: Phasor, b: Phasor) -> Phasor {
    let scale = 1 / b.square
    return Phasor((a.x * b.x + a.y * b.y) * scale, (a.y * b.x - a.x * b.y) * scale)
  }

  /// |z|^2.
  @inline(__always) var square: Double { x * x + y * y }
  /// i z.
  @inline(__always) var rotated: Phasor { Phasor(-y, x) }
  /// 1/z.
  @inline(__always) var inverse: Phasor {
    let scale = 1 / square
    return Phasor(x * scale, -y * scale)
  }

  /// The root with non-negative real and imaginary parts of a number in the upper half plane, without cancellation.
  @inline(__always) var upperRoot: Phasor {
    let magnitude = (x * x + y * y).squareRoot()
    let large = (0.5 * (magnitude + abs(x))).squareRoot()
    guard large > 0 else { return Phasor(0, 0) }
    let small = 0.5 * y / large
    return x >= 0 ? Phasor(large, small) : Phasor(small, large)
  }
}
