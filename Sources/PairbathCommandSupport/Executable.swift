import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program that runs.
package enum Executable {
  /// The folder it lies in, links resolved.
  package static var folder: String {
    let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  /// Becomes another program with words behind its name. Returns where that fails.
  package static func become(_ path: String, _ texts: [String]) {
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + texts).map { strdup($0) }
    words.append(nil)
    execv(path, &words)
    for word in words { free(word) }
  }
}

/// Opens addresses in the user's browser.
package enum Browser {
  /// False where there is none, or nothing to show it on.
  package static func open(_ address: String) -> Bool {
    #if os(macOS)
      let program: String? = "/usr/bin/open"
    #else
      let environment = ProcessInfo.processInfo.environment
      let hasScreen = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
      let program = hasScreen ? find("xdg-open", environment["PATH"] ?? "") : nil
    #endif
    guard let program else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return (try? process.run()) != nil
  }

  private static func find(_ name: String, _ path: String) -> String? {
    path.split(separator: ":").map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
