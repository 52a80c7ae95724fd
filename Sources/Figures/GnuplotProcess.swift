#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs gnuplot with a script and waits for it, but never for ever.
struct GnuplotProcess {
  let executable: String
  let timeout: Double

  /// Feeds the script file to gnuplot; throws with gnuplot's own words if it fails.
  ///
  /// Input and messages go through files, so no pipe can fill up and block.
  func run(scriptFile: String, messageFile: String, isCancelled: () -> Bool) throws(FigureError) {
    let process = try start(scriptFile, messageFile)
    let status = try wait(for: process, isCancelled)
    guard status != 0 else { return }
    // Control-C reaches gnuplot too, possibly first.
    if isCancelled() { throw FigureError(.interrupted, "interrupted") }
    let words = (TextFile.read(messageFile) ?? "").trimmed
    throw FigureError(
      .gnuplotFailed, "gnuplot failed: " + (words.isEmpty ? "no message" : words),
      hint: "write the script with --script and try it by hand")
  }

  private func start(_ scriptFile: String, _ messageFile: String) throws(FigureError) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, scriptFile, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, messageFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var process: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [executable as String, "-"].map { (word: String) in strdup(word) }
    defer { for argument in arguments { free(argument) } }
    let code = posix_spawnp(&process, executable, &actions, nil, arguments + [nil], environ)
    guard code == 0 else {
      throw FigureError(
        .gnuplotMissing, "cannot start '\(executable)': \(String(cString: strerror(code)))",
        hint: "install it, for example with: apt-get install gnuplot-nox fonts-liberation; or write the script with --script")
    }
    return process
  }

  private func wait(for process: pid_t, _ isCancelled: () -> Bool) throws(FigureError) -> Int32 {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(timeout)
    var status: Int32 = 0
    while true {
      let answer = waitpid(process, &status, WNOHANG)
      if answer == process { return status }
      if answer < 0 && errno != EINTR { return -1 }
      if isCancelled() || clock.now > end {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        if isCancelled() { throw FigureError(.interrupted, "interrupted") }
        throw FigureError(.gnuplotFailed, "gnuplot did not finish within \(Int(timeout)) s and was stopped")
      }
      usleep(5000)
    }
  }
}
