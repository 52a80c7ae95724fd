import Foundation

@testable import DataFiles

/// The state of the process: which target, and where its files are. Made before the first input, used by one thread.
private struct Session: Sendable {
  let target: any FuzzTarget
  let folder: InputFolder
  /// True when inputs are run by hand: what came out is printed.
  let isVerbose: Bool
  /// Computing time an input may take, seconds.
  let longest = 5.0

  static let current = Session()

  private init() {
    let environment = ProcessInfo.processInfo.environment
    let name = environment["PAIRBATH_FUZZ_TARGET"] ?? ""
    guard let target = FuzzTargets.named(name) else {
      let names = FuzzTargets.names.joined(separator: "\n")
      if name == "list" {
        print(names)
        exit(0)
      }
      FileHandle.standardError.write(Data("PAIRBATH_FUZZ_TARGET is '\(name)'; targets:\n\(names)\n".utf8))
      exit(64)
    }
    self.target = target
    folder = InputFolder(takesDatasets: name.hasSuffix(InputFolder.slow) || FuzzTargets.needsDatasets.contains(name))
    isVerbose = environment["PAIRBATH_FUZZ_VERBOSE"] != nil
  }
}

@_silgen_name("__sanitizer_set_death_callback")
private func forgetDeaths(_ callback: UnsafeRawPointer?)

/// What libFuzzer calls before everything else.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer, _ arguments: UnsafeMutableRawPointer) -> CInt {
  _ = Session.current
  // NetCDF files are read by a process of their own, which may crash: that is no find. AddressSanitizer would keep the input all the same.
  pthread_atfork(nil, nil) { forgetDeaths(nil) }
  return 0
}

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let session = Session.current
  let input = Array(UnsafeBufferPointer(start: data, count: size))
  let start = clock()
  defer {
    // On a busy machine waiting is no fault, and libFuzzer counts seconds of the clock on the wall.
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    require(seconds < session.longest, "an input of \(size) bytes took \(seconds) s of computing")
  }
  do throws(FileError) {
    let words = try session.target.run(input, in: session.folder)
    if session.isVerbose { print("understood: \(words)") }
  } catch {
    let text = error.description
    // What an error must be: one line, with what was found, and one of the exit codes of bad data.
    require(!error.found.isEmpty, "an error that does not say what was found: \(text)")
    require(!text.contains(where: \.isNewline), "an error of several lines: \(text)")
    require([65, 74, 130].contains(error.exitCode), "exit code \(error.exitCode): \(text)")
    if session.isVerbose { print("refused: \(text)") }
  }
  return 0
}
