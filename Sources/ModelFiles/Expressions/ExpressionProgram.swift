import Foundation
import JunctionModel

/// An expression compiled to instructions for a small stack machine; names have become registers.
struct ExpressionProgram: Sendable {
  enum Instruction: Sendable {
    case constant(Double)
    case load(Int)
    case negate
    case operation(Expression.Operator)
    case call(MathFunction)
  }

  /// Why a value does not exist.
  enum Failure: Error, Equatable {
    case divisionByZero
    case notFinite(Double)
  }

  private(set) var instructions: [Instruction] = []
  /// The dimension of the result.
  let dimension: Dimension

  /// Compiles a tree; `registers` answers with the register and dimension of a name, `boltzmann` is the value of kB.
  /// Throws when dimensions do not fit, for example a temperature added to an energy.
  init(
    _ expression: Expression, registers: [String: (register: Int, dimension: Dimension)], boltzmann: (Double, Dimension)
  ) throws(ExpressionFault) {
    var compiler = Compiler(registers: registers, boltzmann: boltzmann)
    dimension = try compiler.emit(expression)
    instructions = compiler.instructions
  }

  /// Number of slots `value` needs on its stack.
  var stackSize: Int { instructions.count }

  /// The value for the given registers; `stack` is scratch space of at least `stackSize` numbers.
  func value(
    _ registers: UnsafeMutableBufferPointer<Double>, stack: UnsafeMutableBufferPointer<Double>
  ) throws(Failure) -> Double {
    var dividedByZero = false
    let result = run(registers, stack, &dividedByZero)
    if dividedByZero { throw .divisionByZero }
    guard result.isFinite else { throw .notFinite(result) }
    return result
  }

  /// The same, NaN after a division by zero and infinite where it overflows.
  func result(_ registers: UnsafeMutableBufferPointer<Double>, stack: UnsafeMutableBufferPointer<Double>) -> Double {
    var dividedByZero = false
    let result = run(registers, stack, &dividedByZero)
    return dividedByZero ? .nan : result
  }

  private func run(
    _ registers: UnsafeMutableBufferPointer<Double>, _ stack: UnsafeMutableBufferPointer<Double>, _ dividedByZero: inout Bool
  ) -> Double {
    if instructions.count == 1, case .load(let register) = instructions[0] { return registers[register] }
    var top = -1
    for instruction in instructions {
      switch instruction {
      case .constant(let value):
        top += 1
        stack[top] = value
      case .load(let register):
        top += 1
        stack[top] = registers[register]
      case .negate: stack[top] = -stack[top]
      case .operation(let op):
        let b = stack[top]
        top -= 1
        if op == .divide && b == 0 { dividedByZero = true }
        stack[top] = Self.apply(op, stack[top], b)
      case .call(.min):
        top -= 1
        stack[top] = Swift.min(stack[top], stack[top + 1])
      case .call(.max):
        top -= 1
        stack[top] = Swift.max(stack[top], stack[top + 1])
      case .call(let function): stack[top] = Self.apply(function, stack[top])
      }
    }
    return stack[0]
  }

  private static func apply(_ op: Expression.Operator, _ a: Double, _ b: Double) -> Double {
    switch op {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    case .power: return b == 2 ? a * a : Foundation.pow(a, b)
    }
  }

  private static func apply(_ function: MathFunction, _ x: Double) -> Double {
    switch function {
    case .sqrt: return x.squareRoot()
    case .exp: return Foundation.exp(x)
    case .log: return Foundation.log(x)
    case .sin: return Foundation.sin(x)
    case .cos: return Foundation.cos(x)
    case .tan: return Foundation.tan(x)
    case .abs: return Swift.abs(x)
    case .min, .max: return x
    }
  }

  /// Emits instructions and checks dimensions on the way.
  private struct Compiler {
    let registers: [String: (register: Int, dimension: Dimension)]
    let boltzmann: (Double, Dimension)
    var instructions: [Instruction] = []

    mutating func emit(_ expression: Expression) throws(ExpressionFault) -> Dimension {
      switch expression {
      case .number(let value, let dimension):
        instructions.append(.constant(value))
        return dimension
      case .name(let name, let offset): return try emit(name: name, offset: offset)
      case .negated(let operand):
        let dimension = try emit(operand)
        instructions.append(.negate)
        return dimension
      case .operation(let op, let a, let b, let offset):
        let left = try emit(a)
        let right = try emit(b)
        instructions.append(.operation(op))
        return try dimension(of: op, left, right, exponent: b.literal?.value, offset: offset)
      case .call(let function, let arguments, let offset): return try emit(function, arguments, offset: offset)
      }
    }

    private mutating func emit(name: String, offset: Int) throws(ExpressionFault) -> Dimension {
      if name == "pi" {
        instructions.append(.constant(Double.pi))
        return .free
      }
      if name == "kB" {
        instructions.append(.constant(boltzmann.0))
        return boltzmann.1
      }
      guard let entry = registers[name] else {
        throw ExpressionFault(offset: offset, found: "the undefined name '\(name)'", allowed: "defined names")
      }
      instructions.append(.load(entry.register))
      return entry.dimension
    }

    private mutating func emit(
      _ function: MathFunction, _ arguments: [Expression], offset: Int
    ) throws(ExpressionFault) -> Dimension {
      var result = try emit(arguments[0])
      if arguments.count == 1 { instructions.append(.call(function)) }
      for argument in arguments.dropFirst() {
        result = try common(result, try emit(argument), offset: offset)
        instructions.append(.call(function))
      }
      switch function {
      case .abs, .min, .max: return result
      default: return .free
      }
    }

    private func dimension(
      of op: Expression.Operator, _ left: Dimension, _ right: Dimension, exponent: Double?, offset: Int
    ) throws(ExpressionFault) -> Dimension {
      switch op {
      case .add, .subtract: return try common(left, right, offset: offset)
      case .multiply: return left.combined(with: right, sign: 1)
      case .divide: return left.combined(with: right, sign: -1)
      case .power:
        guard let exponent, let whole = Int(exactly: exponent), whole.magnitude < 100 else { return .free }
        return left.raised(to: whole)
      }
    }

    private func common(_ a: Dimension, _ b: Dimension, offset: Int) throws(ExpressionFault) -> Dimension {
      if a == .free { return b }
      guard b == .free || a == b else {
        throw ExpressionFault(
          offset: offset, found: "\(a.words) combined with \(b.words)", allowed: "numbers of one kind",
          hint: a == .length || b == .length
            ? "a wavelength stands for an energy where nothing is added to it" : "kB turns a temperature into an energy: kB*T")
      }
      return a
    }
  }
}
