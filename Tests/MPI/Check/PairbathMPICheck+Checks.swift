import Dispatch
import ProcessGroups
import Synchronization

extension PairbathMPICheck {
  /// Two threads of every rank claim; together they have every number once, and those after `exhaust` none of the work.
  static func checkCounter(_ group: any ProcessGroup) {
    for round in 1...3 {
      let total = 3000 * round
      group.openCounter()
      let taken = Mutex<[UInt8]>(Array(repeating: 0, count: total))
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        while true {
          let number = group.claim(round)
          guard number < total else { break }
          taken.withLock { taken in for i in number..<min(number + round, total) { taken[i] += 1 } }
        }
      }
      group.send(taken.withLock { $0 })
      if group.rank == 0 { sumUp(group, total: total) }
      _ = group.broadcast([])
      if group.rank == group.count - 1 { group.exhaust() }
      _ = group.broadcast([])
      group.exhaust()
      guard group.claim(1) >= 1 << 45 else { fail("a number of the work after exhaust") }
      group.closeCounter()
    }
  }

  private static func sumUp(_ group: any ProcessGroup, total: Int) {
    var times = Array(repeating: 0, count: total)
    for message in receive(group.count, group) { for (i, count) in message.bytes.enumerated() { times[i] += Int(count) } }
    guard times.allSatisfy({ $0 == 1 }) else { fail("of \(total) numbers \(times.count { $0 != 1 }) were not handed out once") }
  }

  /// Every rank sends all sizes, the root included; they arrive whole and in order.
  static func checkMessages(_ group: any ProcessGroup, sizes: [Int]) {
    for (i, size) in sizes.enumerated() { group.send(pattern(size, i + 7 * group.rank)) }
    guard group.rank == 0 else { return }
    var next = Array(repeating: 0, count: group.count)
    for _ in 0..<sizes.count * group.count {
      let (source, bytes) = receive(1, group)[0]
      let i = next[source]
      next[source] += 1
      guard bytes.count == sizes[i] else {
        fail("message \(i) of rank \(source) has \(bytes.count) bytes instead of \(sizes[i])")
      }
      guard bytes == pattern(sizes[i], i + 7 * source) else { fail("message \(i) of rank \(source) has other bytes") }
    }
    guard group.receive() == nil else { fail("a message too many") }
    guard group.traffic.bytesReceived == sizes.reduce(0, +) * group.count else { fail("traffic \(group.traffic)") }
  }

  static func receive(_ count: Int, _ group: any ProcessGroup) -> [(source: Int, bytes: [UInt8])] {
    var messages: [(source: Int, bytes: [UInt8])] = []
    while messages.count < count { if let message = group.receive() { messages.append(message) } }
    return messages
  }

  static func checkBroadcasts(_ group: any ProcessGroup, sizes: [Int]) {
    for (i, size) in sizes.enumerated() {
      let bytes = group.broadcast(group.rank == 0 ? pattern(size, i) : [1, 2, 3])
      guard bytes.count == size else { fail("rank \(group.rank) got \(bytes.count) bytes instead of \(size)") }
      let places = size < 1 << 24 ? Array(0..<size) : stride(from: 0, to: size, by: 4099) + [size - 1]
      let ends = pattern(min(size, 1), i)
      guard ends == Array(bytes.prefix(1)) else { fail("rank \(group.rank) got other bytes") }
      for place in places where bytes[place] != UInt8(truncatingIfNeeded: place &* 31 &+ place >> 8 &+ place >> 20 &+ i) {
        fail("rank \(group.rank): byte \(place) of \(size) differs")
      }
    }
  }
}
