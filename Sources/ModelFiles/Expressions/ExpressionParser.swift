import DataFiles

/// Reads arithmetic: `+ - * / ^`, unary minus, parentheses, functions, names, and numbers with or without a unit.
///
/// Precedence as in mathematics: -x^2 is -(x^2), and ^ associates to the right.
struct ExpressionParser {
  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0
  /// Longer or deeper texts are refused: they would exhaust the stack.
  static let longest = 4096
  static let deepest = 100

  private init(_ text: String) { bytes = Array(text.utf8) }

  /// The tree of a text.
  static func parse(_ text: String) throws(ExpressionFault) -> Expression {
    guard text.utf8.count <= longest else {
      throw ExpressionFault(offset: 0, found: "\(text.utf8.count) characters", allowed: "at most \(longest) characters")
    }
    var parser = ExpressionParser(text)
    let result = try parser.sum()
    parser.skipSpaces()
    guard parser.at == parser.bytes.count else {
      throw parser.fault(
        "\(parser.here) where an operator or the end is expected", allowed: "+ - * / ^ between numbers and names")
    }
    return result
  }

  private mutating func sum() throws(ExpressionFault) -> Expression {
    var left = try product()
    while let (op, offset) = next(["+", "-"]) { left = .operation(op, left, try product(), offset: offset) }
    return left
  }

  private mutating func product() throws(ExpressionFault) -> Expression {
    var left = try signed()
    while let (op, offset) = next(["*", "/"]) { left = .operation(op, left, try signed(), offset: offset) }
    return left
  }

  private mutating func signed() throws(ExpressionFault) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw fault("more than \(Self.deepest) nested levels", allowed: "fewer levels") }
    guard let (sign, _) = next(["+", "-"]) else { return try power() }
    let operand = try signed()
    return sign == .subtract ? .negated(operand) : operand
  }

  private mutating func power() throws(ExpressionFault) -> Expression {
    let base = try primary()
    guard let (op, offset) = next(["^"]) else { return base }
    return .operation(op, base, try signed(), offset: offset)
  }

  private mutating func primary() throws(ExpressionFault) -> Expression {
    skipSpaces()
    guard at < bytes.count else { throw fault("the end where a number or name is expected", allowed: "a number or name") }
    if bytes[at] == 40 {
      at += 1
      let inner = try sum()
      try expect(41, "a closing parenthesis")
      return inner
    }
    if Spelling.isLetter(bytes[at]) { return try nameOrCall() }
    guard let number = NumberText.scan(bytes[at...]) else {
      throw fault("\(here) where a number or name is expected", allowed: "a number or name")
    }
    let start = at
    at += number.length
    guard number.value.isFinite else {
      throw ExpressionFault(offset: start, found: "a number that overflows", allowed: "finite numbers")
    }
    return try withUnit(number.value, from: start)
  }

  /// A number may be followed by a unit: `50 meV`, `300K`, `12 cm-1`.
  private mutating func withUnit(_ value: Double, from start: Int) throws(ExpressionFault) -> Expression {
    let before = at
    skipSpaces()
    for unit in UnitSuffix.compound where bytes[at...].starts(with: unit.utf8) {
      at += unit.utf8.count
      return quantity(value, unit)
    }
    let unitStart = at
    while at < bytes.count && (Spelling.isLetter(bytes[at]) || bytes[at] >= 128) { at += 1 }
    guard at > unitStart else {
      at = before
      return .number(value, .free)
    }
    let unit = String(decoding: bytes[unitStart..<at], as: UTF8.self)
    guard UnitSuffix.named(unit) != nil else {
      throw ExpressionFault(
        offset: unitStart, found: "'\(unit)' behind a number", allowed: "a unit (\(UnitSuffix.names.joined(separator: ", ")))",
        hint: "write a product with *")
    }
    return quantity(value, unit)
  }

  private func quantity(_ value: Double, _ unit: String) -> Expression {
    UnitSuffix.named(unit).map { .number(value * $0.factor, $0.dimension) } ?? .number(value, .free)
  }

  private mutating func nameOrCall() throws(ExpressionFault) -> Expression {
    let start = at
    while at < bytes.count && (Spelling.isLetter(bytes[at]) || Spelling.isDigit(bytes[at])) { at += 1 }
    let name = String(decoding: bytes[start..<at], as: UTF8.self)
    skipSpaces()
    guard at < bytes.count && bytes[at] == 40 else {
      guard MathFunction(rawValue: name) == nil else {
        throw ExpressionFault(offset: start, found: "'\(name)' without arguments", allowed: "\(name)(...)")
      }
      return .name(name, offset: start)
    }
    guard let function = MathFunction(rawValue: name) else {
      let functions = MathFunction.allCases.map(\.rawValue)
      throw ExpressionFault(
        offset: start, found: "the unknown function '\(name)'", allowed: functions.joined(separator: ", "),
        hint: Spelling.advice(for: name, among: functions))
    }
    at += 1
    return try call(function, from: start)
  }

  private mutating func call(_ function: MathFunction, from start: Int) throws(ExpressionFault) -> Expression {
    var arguments = [try sum()]
    skipSpaces()
    while at < bytes.count && bytes[at] == 44 {
      at += 1
      arguments.append(try sum())
      skipSpaces()
    }
    try expect(41, "a comma or closing parenthesis")
    guard function.arguments.contains(arguments.count) else {
      throw ExpressionFault(
        offset: start, found: "\(arguments.count) argument(s) of \(function.rawValue)",
        allowed: function.arguments.upperBound == 1 ? "one argument" : "two or more arguments")
    }
    return .call(function, arguments, offset: start)
  }

  private mutating func next(_ operators: Set<Character>) -> (Expression.Operator, Int)? {
    skipSpaces()
    guard at < bytes.count else { return nil }
    let character = Character(Unicode.Scalar(bytes[at]))
    guard operators.contains(character), let op = Expression.Operator(rawValue: character) else { return nil }
    at += 1
    return (op, at - 1)
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(ExpressionFault) {
    skipSpaces()
    guard at < bytes.count && bytes[at] == byte else { throw fault("\(here) where \(what) is expected", allowed: what) }
    at += 1
  }

  private mutating func skipSpaces() {
    while at < bytes.count && (bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 9) { at += 1 }
  }

  private var here: String {
    guard at < bytes.count else { return "the end" }
    let rest = String(decoding: bytes[at...], as: UTF8.self)
    return rest.first.map { "'\($0)'" } ?? "the end"
  }

  private func fault(_ found: String, allowed: String) -> ExpressionFault {
    ExpressionFault(offset: at, found: found, allowed: allowed)
  }
}
