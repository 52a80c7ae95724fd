import Foundation
import Quadrature

extension Jet {
  /// self to a power.
  func power(_ exponent: Jet) -> Jet {
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
  func applying(_ function: MathFunction) -> Jet {
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
  func taylor(_ registers: [Jet]) -> Jet {
    var stack: [Jet] = []
    for instruction in instructions {
      switch instruction {
      case .constant(let value): stack.append(Jet(value))
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
    return stack.last ?? Jet()
  }
}
