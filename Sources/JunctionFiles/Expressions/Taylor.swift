import Foundation

/// A number with its first two derivatives with respect to one variable.
struct Taylor: Sendable, Equatable {
  var value = 0.0
  var first = 0.0
  var second = 0.0

  init(_ value: Double = 0, _ first: Double = 0, _ second: Double = 0) {
    (self.value, self.first, self.second) = (value, first, second)
  }

  static func + (a: Taylor, b: Taylor) -> Taylor { Taylor(a.value + b.value, a.first + b.first, a.second + b.second) }
  static func - (a: Taylor, b: Taylor) -> Taylor { Taylor(a.value - b.value, a.first - b.first, a.second - b.second) }
  static prefix func - (a: Taylor) -> Taylor { Taylor(-a.value, -a.first, -a.second) }

  static func * (a: Taylor, b: Taylor) -> Taylor {
    Taylor(
      a.value * b.value, a.first * b.value + a.value * b.first,
      a.second * b.value + 2 * a.first * b.first + a.value * b.second)
  }

  static func / (a: Taylor, b: Taylor) -> Taylor {
    let inverse = 1 / b.value
    return a * b.chain(inverse, -inverse * inverse, 2 * inverse * inverse * inverse)
  }

  /// g(self) from g, g' and g'' at the value; a derivative that is not needed may be infinite.
  func chain(_ g: Double, _ slope: Double, _ curvature: Double) -> Taylor {
    guard first != 0 || second != 0 else { return Taylor(g) }
    return Taylor(g, slope * first, curvature * first * first + slope * second)
  }

  /// self to a power.
  func power(_ exponent: Taylor) -> Taylor {
    let (x, n) = (value, exponent.value)
    if exponent.first == 0 && exponent.second == 0 {
      // x^0 and x^1 have derivatives at 0 too.
      let slope = n == 0 ? 0 : n * Foundation.pow(x, n - 1)
      let curvature = n == 0 || n == 1 ? 0 : n * (n - 1) * Foundation.pow(x, n - 2)
      return chain(Foundation.pow(x, n), slope, curvature)
    }
    let logarithm = chain(Foundation.log(x), 1 / x, -1 / (x * x))
    return (exponent * logarithm).applying(.exp)
  }

  /// A function of one argument.
  func applying(_ function: MathFunction) -> Taylor {
    let x = value
    switch function {
    case .sqrt:
      let root = x.squareRoot()
      return chain(root, 0.5 / root, -0.25 / (root * x))
    case .exp:
      let e = Foundation.exp(x)
      return chain(e, e, e)
    case .log: return chain(Foundation.log(x), 1 / x, -1 / (x * x))
    case .sin: return chain(Foundation.sin(x), Foundation.cos(x), -Foundation.sin(x))
    case .cos: return chain(Foundation.cos(x), -Foundation.sin(x), -Foundation.cos(x))
    case .tan:
      let t = Foundation.tan(x)
      return chain(t, 1 + t * t, 2 * t * (1 + t * t))
    case .abs: return x < 0 ? -self : self
    case .min, .max: return self
    }
  }
}

extension ExpressionProgram {
  /// The value and its derivatives for registers that carry derivatives; NaN or infinite where they do not exist.
  func taylor(_ registers: [Taylor]) -> Taylor {
    var stack: [Taylor] = []
    for instruction in instructions {
      switch instruction {
      case .constant(let value): stack.append(Taylor(value))
      case .load(let register): stack.append(registers[register])
      case .negate: stack[stack.count - 1] = -stack[stack.count - 1]
      case .operation(let op):
        let b = stack.removeLast()
        let a = stack.removeLast()
        switch op {
        case .add: stack.append(a + b)
        case .subtract: stack.append(a - b)
        case .multiply: stack.append(a * b)
        case .divide: stack.append(a / b)
        case .power: stack.append(a.power(b))
        }
      case .call(let function):
        let b = stack.removeLast()
        switch function {
        case .min, .max:
          let a = stack.removeLast()
          stack.append((function == .min) == (a.value <= b.value) ? a : b)
        default: stack.append(b.applying(function))
        }
      }
    }
    return stack.last ?? Taylor()
  }
}
