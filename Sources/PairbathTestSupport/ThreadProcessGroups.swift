import Foundation
import ProcessGroups

/// Runs what several processes would do, on threads of this one.
package enum ThreadProcessGroups {
  /// How a run ended.
  package enum Outcome<Value: Sendable>: Sendable {
    /// All ranks returned; what they returned, by rank.
    case finished([Value])
    /// A rank called `abort`. The threads of the others stay where they next touch their group.
    case aborted(Int32)
  }

  /// Calls `body` once per rank, each on a thread of its own, and returns when all have returned or one has aborted.
  ///
  /// With a `seed`, messages of different ranks arrive in an order drawn by it, and now and then not yet.
  package static func run<Value: Sendable>(
    _ count: Int, ranksOnNode: Int? = nil, seed: UInt64? = nil, body: @escaping @Sendable (any ProcessGroup) -> Value
  ) -> Outcome<Value> {
    let exchange = ThreadProcessExchange(count: count, seed: seed)
    let results = Results<Value>(count: count)
    for rank in 0..<count {
      let group = ThreadProcessGroup(rank: rank, ranksOnNode: ranksOnNode ?? count, exchange: exchange)
      let thread = Thread {
        let value = body(group)
        exchange.change { _ in results.values[rank] = value }
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    return exchange.waitOutside { state in
      if let code = state.abortCode { return .aborted(code) }
      let values = results.values.compactMap { $0 }
      return values.count == count ? .finished(values) : nil
    }
  }

  /// Used behind the lock of the exchange.
  private final class Results<Value>: @unchecked Sendable {
    var values: [Value?]

    init(count: Int) { values = Array(repeating: nil, count: count) }
  }
}
