import TransportSolvers

/// Values and errors of one result variable, [component][state], written by many workers at disjoint places.
final class ResultColumns: @unchecked Sendable {
  // Each state is written by exactly one worker and read only after all have finished; hence no lock.
  let components: Int
  let states: Int
  private let values: UnsafeMutablePointer<Double>
  private let errors: UnsafeMutablePointer<Double>

  init(components: Int, states: Int) {
    self.components = components
    self.states = states
    values = .allocate(capacity: max(components * states, 1))
    errors = .allocate(capacity: max(components * states, 1))
    values.initialize(repeating: 0, count: components * states)
    errors.initialize(repeating: 0, count: components * states)
  }

  deinit {
    values.deallocate()
    errors.deallocate()
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

  var allValues: [Double] { Array(UnsafeBufferPointer(start: values, count: components * states)) }
  var allErrors: [Double] { Array(UnsafeBufferPointer(start: errors, count: components * states)) }
}
