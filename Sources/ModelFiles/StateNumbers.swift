import Quadrature

/// An expression of the section `state`, as `StateVariables.add` answers; what it gives is read with it from `StateNumbers`.
struct StateExpression: Sendable, Hashable {
  /// Where its value stands while states are evaluated.
  let register: Int
}

/// What the expressions of a state give: a column with a number per state, for example, internal units.
struct StateNumbers<Value> {
  private let values: [StateExpression: Value]

  init(_ expressions: [StateExpression], _ values: [Value]) {
    self.values = Dictionary(zip(expressions, values), uniquingKeysWith: { first, _ in first })
  }

  private init(_ values: [StateExpression: Value]) { self.values = values }

  /// What an expression of the same states gives.
  subscript(_ expression: StateExpression) -> Value {
    guard let value = values[expression] else { preconditionFailure("an expression of other states") }
    return value
  }

  /// The same numbers in another form.
  func mapped<Other>(_ form: (Value) -> Other) -> StateNumbers<Other> { StateNumbers<Other>(values.mapValues(form)) }
}
