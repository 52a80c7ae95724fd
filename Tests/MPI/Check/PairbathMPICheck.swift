import MessagePassing
import ProcessGroups

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Checks and measures message passing; `Tests/MPI/run.sh` starts it under mpirun. Exits with 1 where something is wrong.
@main
struct PairbathMPICheck {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    let size = words.count > 1 ? Int(words[1]) ?? 0 : 0
    do throws(ProcessLaunchError) {
      if words.first == "alone" { return try checkAlone() }
      let pieceSize = words.first == "pieces" ? 1000 : 1 << 30
      let isFar = words.first?.hasPrefix("far-") ?? false
      guard let group = try MessagePassing.start(evenAlone: true, pieceSize: pieceSize, sharesMemory: !isFar) else {
        fail("a build without MPI")
      }
      perform(words.first ?? "", size, group)
    } catch {
      print("launch error: \(error.found); \(error.hint)")
      exit(69)
    }
  }

  private static func perform(_ word: String, _ size: Int, _ group: any ProcessGroup) {
    switch word {
    case "counter", "far-counter": checkCounter(group)
    case "messages": checkMessages(group, sizes: [0, 1, 17, 4096, 70_000, 5_000_000, size])
    case "pieces": checkMessages(group, sizes: [0, 1, 999, 1000, 1001, 2000, 123_457, size])
    case "broadcast": checkBroadcasts(group, sizes: [0, 1, 1001, 10_000_000, size])
    case "abort":
      if group.rank == group.count - 1 { group.abort(Int32(size)) }
      _ = group.broadcast([])
    case "linger": linger(group, seconds: size)
    case "unreceived":
      for _ in 0..<5 { group.send(pattern(size, 1)) }
    case "measure", "far-measure": measure(group)
    default:
      fail(
        "which check? counter, far-counter, messages BYTES, pieces BYTES, broadcast BYTES, abort CODE, linger SECONDS, unreceived BYTES, measure, far-measure, alone"
      )
    }
    group.finish()
    if group.rank == 0 {
      print("\(word): good with \(group.count) processes, \(group.ranksOnNode) here, \(MessagePassing.library)")
    }
  }

  /// Without a launcher, and with one that started one process, MPI is not touched.
  private static func checkAlone() throws(ProcessLaunchError) {
    guard try MessagePassing.start() == nil else { fail("MPI was started for one process") }
    print("alone: good")
  }

  /// Waits to be killed.
  private static func linger(_ group: any ProcessGroup, seconds: Int) {
    print("rank \(group.rank) is process \(getpid())")
    fflush(nil)
    group.openCounter()
    sleep(UInt32(seconds))
  }

  static func fail(_ words: String) -> Never {
    print("FAILED: \(words)")
    fflush(nil)
    exit(1)
  }

  /// Bytes that show where they are cut, lost or exchanged.
  static func pattern(_ count: Int, _ seed: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for i in 0..<count { buffer[i] = UInt8(truncatingIfNeeded: i &* 31 &+ i >> 8 &+ i >> 20 &+ seed) }
      filled = count
    }
  }
}
