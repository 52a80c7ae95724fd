import PairbathTestSupport
import ProcessGroups
import Testing

@Suite("ThreadProcessGroups")
struct ThreadProcessGroupsTests {
  private func values<Value>(_ outcome: ThreadProcessGroups.Outcome<Value>) -> [Value]? {
    if case .finished(let values) = outcome { values } else { nil }
  }

  @Test("the counter hands out every number once, and again from zero when it is opened again", arguments: [1, 2, 7])
  func counter(count: Int) throws {
    let taken = try #require(
      values(
        ThreadProcessGroups.run(count) { group in
          (0..<2).map { _ in
            group.openCounter()
            defer { group.closeCounter() }
            return (0..<500).map { _ in group.claim(3) }
          }
        }))
    for round in 0..<2 {
      #expect(taken.flatMap { $0[round] }.sorted() == (0..<500 * count).map { 3 * $0 })
    }
  }

  @Test("after exhaust nobody gets a number of the work")
  func exhaustion() throws {
    let taken = try #require(
      values(
        ThreadProcessGroups.run(3) { group in
          group.openCounter()
          if group.rank == 2 { group.exhaust() }
          _ = group.broadcast([])
          return group.claim(1)
        }))
    #expect(taken.allSatisfy { $0 >= 1 << 45 })
  }

  @Test(
    "messages of a rank arrive whole and in their order, however those of several mix", arguments: [nil, 1, 2, 3] as [UInt64?])
  func messages(seed: UInt64?) throws {
    let ranks = 4
    let received = try #require(
      values(
        ThreadProcessGroups.run(ranks, seed: seed) { group -> [[[UInt8]]] in
          for number in 0..<50 { group.send(Array(repeating: UInt8(number), count: number * (group.rank + 1))) }
          var bySource = Array(repeating: [[UInt8]](), count: ranks)
          while group.rank == 0, bySource.map(\.count).reduce(0, +) < 50 * ranks {
            if let (source, bytes) = group.receive() { bySource[source].append(bytes) }
          }
          group.finish()
          return bySource
        }))
    for rank in 0..<ranks {
      #expect(received[0][rank] == (0..<50).map { Array(repeating: UInt8($0), count: $0 * (rank + 1)) })
    }
  }

  @Test("all get the root's bytes, also none, one broadcast after the other")
  func broadcasts() throws {
    let got = try #require(
      values(
        ThreadProcessGroups.run(5) { group in (0..<20).map { group.broadcast(group.rank == 0 ? Array(0..<UInt8($0)) : [99]) } }))
    #expect(got.allSatisfy { $0 == (0..<20).map { Array(0..<UInt8($0)) } })
  }

  @Test("an abort of one rank ends the run with its code, whatever the others wait for")
  func abort() {
    let outcome = ThreadProcessGroups.run(3) { group -> Int in
      if group.rank == 1 { group.abort(65) }
      return group.broadcast([1]).count
    }
    guard case .aborted(65) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("traffic is what went through")
  func traffic() throws {
    let traffic = try #require(
      values(
        ThreadProcessGroups.run(2) { group -> ProcessTraffic in
          group.openCounter()
          _ = group.claim(1)
          if group.rank == 1 { group.send([1, 2, 3]) }
          while group.rank == 0, group.receive() == nil {}
          _ = group.broadcast([1, 2])
          group.finish()
          return group.traffic
        }))
    var root = ProcessTraffic()
    root.messagesReceived = 1
    root.bytesReceived = 3
    root.claims = 1
    root.broadcasts = 1
    root.bytesBroadcast = 2
    #expect(traffic[0] == root)
    #expect(traffic[1].messagesSent == 1 && traffic[1].bytesSent == 3 && traffic[1].messagesReceived == 0)
  }
}
