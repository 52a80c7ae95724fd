import ProcessGroups

extension PairbathMPICheck {
  /// Prints what claims, messages and broadcasts cost. Take the best of a few runs.
  static func measure(_ group: any ProcessGroup) {
    measureClaims(group)
    measureMessages(group, size: 100, count: 2000)
    measureMessages(group, size: 100_000, count: 500)
    measureMessages(group, size: 100_000_000, count: 5)
    for size in [0, 1000, 1_000_000, 300_000_000] { measureBroadcast(group, size: size) }
  }

  /// Of the last rank, while the root does nothing that calls MPI, and of the root.
  private static func measureClaims(_ group: any ProcessGroup) {
    let count = 20_000
    for rank in [group.count - 1, 0] {
      group.openCounter()
      if group.rank == rank {
        let seconds = time { for _ in 0..<count { _ = group.claim(1) } }
        print("claim at rank \(rank): \(microseconds(seconds, count)) microseconds")
      } else {
        compute(seconds: 0.2)
      }
      group.closeCounter()
      _ = group.broadcast([])
    }
  }

  private static func measureMessages(_ group: any ProcessGroup, size: Int, count: Int) {
    let bytes = [UInt8](repeating: 1, count: size)
    group.openCounter()  // all are here now; a broadcast does not keep the root
    if group.rank == group.count - 1 {
      let seconds = time { for _ in 0..<count { group.send(bytes) } }
      print("send of \(size) bytes returns after \(microseconds(seconds, count)) microseconds")
    }
    if group.rank == 0 {
      let seconds = time { _ = receive(count, group) }
      print("message of \(size) bytes: \(microseconds(seconds, count)) microseconds, \(rate(size * count, seconds)) MB/s")
    }
    _ = group.broadcast([])
  }

  private static func measureBroadcast(_ group: any ProcessGroup, size: Int) {
    let bytes = [UInt8](repeating: 1, count: group.rank == 0 ? size : 0)
    let count = size > 1_000_000 ? 3 : 200
    group.openCounter()
    let seconds = time { for _ in 0..<count { _ = group.broadcast(bytes) } }
    // The last to have it says what it costs.
    if group.rank == group.count - 1 {
      print("broadcast of \(size) bytes: \(microseconds(seconds, count)) microseconds, \(rate(size * count, seconds)) MB/s")
    }
  }

  private static func compute(seconds: Double) {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {}
  }

  private static func time(_ body: () -> Void) -> Double {
    let duration = ContinuousClock().measure(body).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  private static func microseconds(_ seconds: Double, _ count: Int) -> String {
    let tenths = Int((seconds / Double(count) * 1e7).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func rate(_ bytes: Int, _ seconds: Double) -> Int { Int((Double(bytes) / seconds * 1e-6).rounded()) }
}
