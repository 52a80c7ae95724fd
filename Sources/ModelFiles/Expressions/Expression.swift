/// Arithmetic of the model file as a tree; offsets count characters from the start of the text.
indirect enum Expression: Sendable, Equatable {
  case number(Double, Dimension)
  case name(String, offset: Int)
  case negated(Expression)
  case operation(Operator, Expression, Expression, offset: Int)
  case call(MathFunction, [Expression], offset: Int)

  /// The binary operators, weakest first.
  enum Operator: Character, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
  }

  /// The names used, each once, in order of appearance, with the place of the first use.
  var names: [(name: String, offset: Int)] {
    var result: [(name: String, offset: Int)] = []
    collect(&result)
    return result
  }

  private func collect(_ result: inout [(name: String, offset: Int)]) {
    switch self {
    case .number: break
    case .name(let name, let offset): if !result.contains(where: { $0.name == name }) { result.append((name, offset)) }
    case .negated(let a): a.collect(&result)
    case .operation(_, let a, let b, _):
      a.collect(&result)
      b.collect(&result)
    case .call(_, let arguments, _): for argument in arguments { argument.collect(&result) }
    }
  }

  /// A number with or without sign, as a text like "-25 meV" gives it; nil for arithmetic.
  var literal: (value: Double, dimension: Dimension)? {
    switch self {
    case .number(let value, let dimension): return (value, dimension)
    case .negated(.number(let value, let dimension)): return (-value, dimension)
    default: return nil
    }
  }
}

/// The functions of the model file's arithmetic.
enum MathFunction: String, Sendable, CaseIterable {
  case sqrt, exp, log, sin, cos, tan, abs, min, max

  /// How many arguments are allowed.
  var arguments: ClosedRange<Int> { self == .min || self == .max ? 2...64 : 1...1 }
}

/// Names that mean something in every expression and cannot be redefined.
enum ReservedNames {
  /// The constants: pi, and Boltzmann's constant (eV/K in units eV, 1 in natural units).
  static let constants = ["pi", "kB"]
  static let all = constants + MathFunction.allCases.map(\.rawValue)
}

/// What is wrong with an expression, and where in its text.
struct ExpressionFault: Error, Equatable {
  let offset: Int
  let found: String
  let allowed: String
  var hint = ""
}
