import ProcessGroups
import Synchronization

/// One rank among threads of this process.
final class ThreadProcessGroup: ProcessGroup {
  let rank: Int
  let ranksOnNode: Int
  private let exchange: ThreadProcessExchange
  private let counted = Mutex(ProcessTraffic())
  private let isCounterOpen = Atomic<Bool>(false)

  init(rank: Int, ranksOnNode: Int, exchange: ThreadProcessExchange) {
    self.rank = rank
    self.ranksOnNode = ranksOnNode
    self.exchange = exchange
  }

  var count: Int { exchange.count }

  var traffic: ProcessTraffic { counted.withLock { $0 } }

  func openCounter() {
    exchange.meet { $0.counter = 0 }
    isCounterOpen.store(true, ordering: .relaxed)
  }

  func claim(_ amount: Int) -> Int {
    precondition(isCounterOpen.load(ordering: .relaxed), "a claim on a counter that is closed")
    counted.withLock { $0.claims += 1 }
    return exchange.change { state in
      defer { state.counter += amount }
      return state.counter
    }
  }

  func exhaust() { exchange.change { $0.counter += 1 << 45 } }

  func closeCounter() { isCounterOpen.store(false, ordering: .relaxed) }

  func send(_ bytes: [UInt8]) {
    counted.withLock { traffic in
      traffic.messagesSent += 1
      traffic.bytesSent += bytes.count
    }
    exchange.change { $0.messages[rank].append(bytes) }
  }

  func receive() -> (source: Int, bytes: [UInt8])? {
    precondition(rank == 0, "only the root receives")
    guard let (source, bytes) = exchange.change({ $0.takeMessage() }) else { return nil }
    counted.withLock { traffic in
      traffic.messagesReceived += 1
      traffic.bytesReceived += bytes.count
    }
    return (source, bytes)
  }

  func progress() {}

  func broadcast(_ bytes: [UInt8]) -> [UInt8] {
    if rank == 0 { exchange.change { $0.broadcast = bytes } }
    exchange.meet()
    let result = exchange.change { $0.broadcast }
    // The root may not set the next one before all have this one.
    exchange.meet()
    counted.withLock { traffic in
      traffic.broadcasts += 1
      traffic.bytesBroadcast += result.count
    }
    return result
  }

  func abort(_ code: Int32) -> Never { exchange.abort(code) }

  func finish() { exchange.meet { state in state.messages = state.messages.map { _ in [] } } }
}

extension ThreadProcessExchange.State {
  /// The next message for the root.
  mutating func takeMessage() -> (source: Int, bytes: [UInt8])? {
    var sources = messages.indices.filter { !messages[$0].isEmpty }
    if var generator = random {
      defer { random = generator }
      if generator.next() % 4 == 0 { return nil }
      sources.shuffle(using: &generator)
    }
    guard let source = sources.first else { return nil }
    return (source, messages[source].removeFirst())
  }
}
