import Foundation
import TransportSolvers

/// Values and errors of one result variable, [component][state], written by many workers at disjoint places.
final class ResultColumns: @unchecked Sendable {
  // Each state is written by exactly one worker and read only after all have finished; hence no lock.
  let components: Int
  let states: Int
  private var values: UnsafeMutablePointer<Double>
  private var errors: UnsafeMutablePointer<Double>

  init(components: Int, states: Int) {
    self.components = components
    self.states = states
    // Zeroed pages from the system: the workers touch them first, each its own.
    values = Self.zeros(components * states)
    errors = Self.zeros(components * states)
  }

  deinit {
    free(values)
    free(errors)
  }

  private static func zeros(_ count: Int) -> UnsafeMutablePointer<Double> {
    guard let memory = calloc(max(count, 1), MemoryLayout<Double>.stride) else { fatalError("out of memory: \(count) numbers") }
    return memory.bindMemory(to: Double.self, capacity: max(count, 1))
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

  /// Values and errors for the result; the memory of each is given back before the next is copied. The columns are empty afterwards.
  func take() -> (values: [Double], errors: [Double]) {
    (Self.taken(&values, components * states), Self.taken(&errors, components * states))
  }

  private static func taken(_ memory: inout UnsafeMutablePointer<Double>, _ count: Int) -> [Double] {
    let result = Array(UnsafeBufferPointer(start: memory, count: count))
    free(memory)
    memory = zeros(0)
    return result
  }
}
