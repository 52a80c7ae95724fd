import DenseMatrices
import Foundation
import TransportResults

/// Values and errors of one result variable, [component][state], written by many workers at disjoint places.
final class ResultColumns: @unchecked Sendable {
  // Each state is written by exactly one worker and read only after all have finished; hence no lock.
  let components: Int
  let states: Int
  fileprivate let values: UnsafeMutablePointer<Double>
  fileprivate let errors: UnsafeMutablePointer<Double>
  private let isOwner: Bool
  private var isTaken = false

  /// Columns of their own, zeros at first. Throws `.tooLarge` when there is no memory for them.
  init(components: Int, states: Int, within budget: MemoryBudget? = nil) throws(SolverError) {
    let shape = Shape(components: components, states: states)
    try shape.require(budget)
    // Zeroed pages from the system: the workers touch them first, each its own.
    guard let values = Self.zeros(components * states) else { throw shape.tooLarge(budget ?? .now()) }
    guard let errors = Self.zeros(components * states) else {
      free(values)
      throw shape.tooLarge(budget ?? .now())
    }
    self.components = components
    self.states = states
    (self.values, self.errors) = (values, errors)
    isOwner = true
  }

  /// Columns of their own at which every number is missing at first.
  convenience init(components: Int, missingAt states: Int) throws(SolverError) {
    try self.init(components: components, states: states)
    forget()
  }

  /// Columns in somebody else's memory.
  private init(_ shape: Shape, _ values: UnsafeMutablePointer<Double>, _ errors: UnsafeMutablePointer<Double>) {
    (components, states) = (shape.components, shape.states)
    (self.values, self.errors) = (values, errors)
    isOwner = false
  }

  deinit {
    guard isOwner && !isTaken else { return }
    free(values)
    free(errors)
  }

  private static func zeros(_ count: Int) -> UnsafeMutablePointer<Double>? {
    calloc(max(count, 1), MemoryLayout<Double>.stride)?.bindMemory(to: Double.self, capacity: max(count, 1))
  }

  /// Stores an estimate in the user's units.
  @inline(__always)
  func set(_ component: Int, _ state: Int, _ estimate: Estimate, factor: Double) {
    values[component * states + state] = factor * estimate.value + 0  // minus zero becomes zero
    errors[component * states + state] = factor * estimate.error
  }

  /// Raw access for block writes: value and error at a flat index.
  @inline(__always)
  func set(flat index: Int, value: Double, error: Double) {
    values[index] = value
    errors[index] = error
  }

  /// Makes every number NaN: what nobody computes is none.
  func forget() {
    let count = components * states
    values.update(repeating: .nan, count: count)
    errors.update(repeating: .nan, count: count)
  }

  /// A stretch of the values, and the same of the errors.
  func stretch(_ first: Int, _ count: Int) -> [UnsafeMutableBufferPointer<Double>] {
    [
      UnsafeMutableBufferPointer(start: values + first, count: count),
      UnsafeMutableBufferPointer(start: errors + first, count: count),
    ]
  }

  var allValues: [Double] { Array(UnsafeBufferPointer(start: values, count: components * states)) }

  /// Values and errors for the result; the memory of each is given back before the next is copied. The columns are empty afterwards.
  func take() -> (values: [Double], errors: [Double]) {
    precondition(isOwner && !isTaken, "these columns are part of the result already")
    isTaken = true
    return (Self.taken(values, components * states), Self.taken(errors, components * states))
  }

  private static func taken(_ memory: UnsafeMutablePointer<Double>, _ count: Int) -> [Double] {
    defer { free(memory) }
    return Array(UnsafeBufferPointer(start: memory, count: count))
  }
}

extension ResultColumns {
  /// The same places without a reference: for loops over many states, while the columns live.
  struct Unowned: @unchecked Sendable {
    let components: Int
    private let states: Int
    private let values: UnsafeMutablePointer<Double>
    private let errors: UnsafeMutablePointer<Double>

    fileprivate init(_ columns: ResultColumns) {
      (components, states) = (columns.components, columns.states)
      (values, errors) = (columns.values, columns.errors)
    }

    /// Stores an estimate in the user's units.
    @inline(__always)
    func set(_ component: Int, _ state: Int, _ estimate: Estimate, factor: Double) {
      values[component * states + state] = factor * estimate.value + 0  // minus zero becomes zero
      errors[component * states + state] = factor * estimate.error
    }

    /// Stores the estimates of all components of a state.
    @inline(__always)
    func set(_ state: Int, factor: Double, _ estimate: (Int) -> Estimate) {
      var place = state
      for component in 0..<components {
        let number = estimate(component)
        values[place] = factor * number.value + 0  // minus zero becomes zero
        errors[place] = factor * number.error
        place += states
      }
    }
  }

  var unowned: Unowned { Unowned(self) }
}

extension ResultColumns {
  /// Numbers per state, and states.
  struct Shape {
    let components: Int
    let states: Int

    /// Bytes of values and errors.
    var bytes: Double { 16 * Double(components) * Double(states) }

    /// Throws `.tooLarge` when the columns do not fit into a budget, nil: what the system grants.
    func require(_ budget: MemoryBudget?) throws(SolverError) {
      // Small columns are not worth a look at the system.
      guard budget != nil || bytes > 16_777_216 else { return }
      let budget = budget ?? .now()
      guard budget.holds(bytes) else { throw tooLarge(budget) }
    }

    func tooLarge(_ budget: MemoryBudget) -> SolverError {
      SolverError(
        .tooLarge, at: .sweep(nil), "\(components) numbers at each of \(states) states need \(budget.shortage(of: bytes))",
        hint: "Use fewer points, frequencies or observables, or several runs")
    }
  }

  /// Values and errors of a variable.
  typealias Numbers = (values: [Double], errors: [Double])

  /// Columns that `body` fills completely, in the memory of the result: large results exist once. Throws what `body` throws.
  static func filled(
    _ shapes: [Shape], _ body: ([ResultColumns]) throws(SolverError) -> Void
  ) throws(SolverError) -> [Numbers] {
    var results: [Numbers] = []
    try Shape(components: 1, states: shapes.reduce(0) { $0 + $1.components * $1.states }).require(nil)
    try fill(shapes[...], [], &results, body)
    return results.reversed()
  }

  /// An array lends its memory for the duration of a closure only; hence one inside the other.
  private static func fill(
    _ shapes: ArraySlice<Shape>, _ made: [ResultColumns], _ results: inout [Numbers],
    _ body: ([ResultColumns]) throws(SolverError) -> Void
  ) throws(SolverError) {
    guard let shape = shapes.first else { return try body(made) }
    var failure: SolverError?
    let count = shape.components * shape.states
    var errors: [Double] = []
    let values = [Double](unsafeUninitializedCapacity: max(count, 1)) { valueBuffer, valueCount in
      errors = [Double](unsafeUninitializedCapacity: max(count, 1)) { errorBuffer, errorCount in
        let columns = ResultColumns(shape, valueBuffer.baseAddress!, errorBuffer.baseAddress!)
        do throws(SolverError) { try fill(shapes.dropFirst(), made + [columns], &results, body) } catch { failure = error }
        errorCount = failure == nil ? count : 0
      }
      valueCount = failure == nil ? count : 0
    }
    if let failure { throw failure }
    results.append((values, errors))
  }
}
