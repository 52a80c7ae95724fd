/// Processes that compute one result together: a counter all share, messages to the root, and broadcasts from it.
///
/// Rank 0 is the root. What is called collective here must be called by every process, in the same order, by one thread of each.
/// Everything else may be called by any thread at any time between start and `finish`. Where a process dies, the launcher ends all
/// others; nothing here waits for it, and nothing here fails: an error of the library below ends the run.
package protocol ProcessGroup: Sendable {
  /// Which process this is, 0 ..< count.
  var rank: Int { get }

  /// How many processes there are.
  var count: Int { get }

  /// How many of them run on this machine.
  var ranksOnNode: Int { get }

  /// Sets the counter to zero. Collective: it is zero for all when this returns.
  func openCounter()

  /// Adds to the counter all processes share and returns what it was. Any thread; only between `openCounter` and `closeCounter`.
  func claim(_ amount: Int) -> Int

  /// Adds so much to the counter (2^45) that whoever claims gets a number beyond all work. Any thread of any process, any number of times.
  func exhaust()

  /// Says that this process claims no more until the counter is opened again. Not collective.
  func closeCounter()

  /// Sends a message to the root, which may be the sender itself. Returns at once and keeps a copy of the bytes until they are delivered.
  /// Messages of one process arrive in the order they were sent.
  func send(_ bytes: [UInt8])

  /// At the root: a message that has arrived, nil when there is none. Does not wait. The order of messages of different processes is open.
  func receive() -> (source: Int, bytes: [UInt8])?

  /// Lets pending messages go on. Cheap when there are none. Nobody must call it: messages go on by themselves, though more slowly.
  func progress()

  /// The root's bytes, at every process. Collective. What others pass is ignored; any length, also none.
  func broadcast(_ bytes: [UInt8]) -> [UInt8]

  /// Ends all processes of the run with this exit code.
  func abort(_ code: Int32) -> Never

  /// Ends the group, when everything this process sent has been delivered. Collective; the root drops what it has not received.
  func finish()

  /// What this process has sent, received and claimed so far.
  var traffic: ProcessTraffic { get }
}
