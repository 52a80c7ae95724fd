import Foundation

/// What the threads of one run share.
final class ThreadProcessExchange: @unchecked Sendable {
  struct State {
    var abortCode: Int32?
    var counter = 0
    /// Messages to the root that have not been received, by source.
    var messages: [[[UInt8]]]
    var random: SplitMix64?
    /// How many have come to the present meeting, and how many meetings have been.
    var arrived = 0
    var meetings = 0
    var broadcast: [UInt8] = []
  }

  let count: Int
  private let condition = NSCondition()
  private var state: State

  init(count: Int, seed: UInt64?) {
    self.count = count
    state = State(messages: Array(repeating: [], count: count), random: seed.map { SplitMix64(seed: $0) })
  }

  /// Changes what is shared, and wakes all who wait.
  func change<Value>(_ body: (inout State) -> Value) -> Value {
    condition.lock()
    defer { condition.unlock() }
    stayIfAborted()
    defer { condition.broadcast() }
    return body(&state)
  }

  /// Returns when every rank has come here. The last one to come calls `body` before anybody goes on.
  func meet(_ body: (inout State) -> Void = { _ in }) {
    condition.lock()
    defer { condition.unlock() }
    stayIfAborted()
    let meeting = state.meetings
    state.arrived += 1
    if state.arrived == count {
      body(&state)
      state.arrived = 0
      state.meetings += 1
      condition.broadcast()
    }
    while state.meetings == meeting {
      condition.wait()
      stayIfAborted()
    }
  }

  /// Waits on a thread that is no rank until `body` says something.
  func waitOutside<Value>(_ body: (State) -> Value?) -> Value {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let value = body(state) { return value }
      condition.wait()
    }
  }

  /// Notes the end of the run; the calling thread stays here, as one cannot end it.
  func abort(_ code: Int32) -> Never {
    condition.lock()
    if state.abortCode == nil { state.abortCode = code }
    condition.broadcast()
    condition.unlock()
    while true { sleep(1000) }
  }

  private func stayIfAborted() {
    while state.abortCode != nil { condition.wait() }
  }
}
