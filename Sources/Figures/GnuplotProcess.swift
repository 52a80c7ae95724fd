import Cancellation
import SystemFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs gnuplot on a script in a folder of our own and waits for it.
///
/// It gets no configuration of the user's: no `.gnuplot`, no GNUTERM, none of its own variables.
struct GnuplotProcess {
  let executable: String
  /// Seconds after which it is stopped; nil to wait as long as it takes.
  let timeout: Double?

  /// Runs the script; throws with gnuplot's own words if it fails. Messages go to a file, so no pipe can fill up and block.
  func run(script: String, messages: String, in folder: ScratchFolder, isCancelled: () -> Bool) throws(FigureError) {
    let process = try start(folder.file(script), folder.file(messages))
    let status = try Leftovers.noting(process: process) { () throws(FigureError) in try wait(for: process, isCancelled) }
    guard status != 0 else { return }
    // Control-C reaches gnuplot too, possibly first.
    if isCancelled() { throw FigureError(.interrupted, "interrupted") }
    let words = String(decoding: FileBytes.read(folder.file(messages), last: 4000) ?? [], as: UTF8.self).trimmed
    throw FigureError(
      .gnuplotFailed, "gnuplot failed: " + (words.isEmpty ? Self.words(status) : words),
      hint: "write the script with --script and try it by hand")
  }

  /// The caller's environment without what changes how gnuplot draws.
  static func environment(_ all: [String]) -> [String] {
    let own = ["GNUTERM=", "GNUPLOT", "GNUHELP=", "GNUFITLOG=", "FIT_", "GDFONTPATH=", "XAPPLRESDIR="]
    return all.filter { entry in !own.contains { entry.hasPrefix($0) } }
  }

  private func start(_ script: String, _ messages: String) throws(FigureError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, messages, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var process: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [executable, "-d", script].map { (word: String) in strdup(word) }
    let variables: [UnsafeMutablePointer<CChar>?] = Self.environment(Self.callersEnvironment).map { (word: String) in strdup(word)
    }
    defer { for word in arguments + variables { free(word) } }
    let code = posix_spawnp(&process, executable, &actions, nil, arguments + [nil], variables + [nil])
    guard code == 0 else {
      throw FigureError(
        .gnuplotMissing, "cannot start '\(executable)': \(SystemCall.words(code))",
        hint: "install it, for example with: apt-get install gnuplot-nox fonts-liberation; or write the script with --script")
    }
    return process
  }

  private static var callersEnvironment: [String] {
    var entries: [String] = []
    var next = environ
    while let entry = next.pointee {
      entries.append(String(cString: entry))
      next += 1
    }
    return entries
  }

  private static func words(_ status: Int32) -> String {
    let number = status & 0x7F
    return number == 0 ? "no message, exit code \((status >> 8) & 0xFF)" : "it was ended by signal \(number)"
  }

  private func wait(for process: pid_t, _ isCancelled: () -> Bool) throws(FigureError) -> Int32 {
    let clock = ContinuousClock()
    let end = timeout.map { clock.now + .seconds($0) }
    var status: Int32 = 0
    while true {
      let answer = waitpid(process, &status, WNOHANG)
      if answer == process { return status }
      if answer < 0 && errno != EINTR { return -1 }
      let isLate = end.map { clock.now > $0 } ?? false
      if isCancelled() || isLate {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        if isCancelled() { throw FigureError(.interrupted, "interrupted") }
        throw FigureError(.gnuplotFailed, "gnuplot did not finish within \(Int(timeout ?? 0)) s and was stopped")
      }
      usleep(5000)
    }
  }
}
