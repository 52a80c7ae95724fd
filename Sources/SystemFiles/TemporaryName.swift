import Foundation

/// Names of temporary files that say who writes them, so that what a killed run left behind can be told from what a living one needs.
///
/// `.NAME.pairbath-HOST-PID-START-NUMBER.tmp`: HOST stands for this start of this machine and its name space of process numbers, START for when
/// the process began: neither another machine on the same network folder nor a process that got the same number later is mistaken for it.
package enum TemporaryName {
  /// Bytes of the name that are kept.
  private static let longestName = 100
  private static let mark = "pairbath"

  /// A new hidden name beside `name`.
  package static func next(for name: String, in folder: String) -> String {
    let number = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    return "\(folder)/\(prefix(of: name))\(owner(of: getpid()) ?? "unknown-\(getpid())-0")-\(number).tmp"
  }

  /// Removes temporary files beside `name` whose process, one of this user on this machine, is gone. What cannot be removed stays.
  package static func removeAbandoned(for name: String, in folder: String) {
    guard let host, let directory = opendir(folder) else { return }
    defer { closedir(directory) }
    let start = prefix(of: name) + host + "-"
    while let entry = readdir(directory) {
      let found = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard found.hasPrefix(start), found.hasSuffix(".tmp") else { continue }
      let parts = found.dropFirst(start.count).dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 3, let process = pid_t(parts[0]), process > 0, process != getpid() else { continue }
      if owner(of: process) == "\(host)-\(parts[0])-\(parts[1])" { continue }
      let path = "\(folder)/\(found)"
      var info = stat()
      guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid() else { continue }
      unlink(path)
    }
  }

  /// Names are cut at whole characters, so that what comes behind them has room in the 255 bytes of a file name.
  private static func prefix(of name: String) -> String {
    var name = name[...]
    while name.utf8.count > longestName { name = name.dropLast() }
    return ".\(name).\(mark)-"
  }

  /// HOST-PID-START of a running process; nil when there is none, or the system does not say.
  private static func owner(of process: pid_t) -> String? {
    guard let host, let line = read("/proc/\(process)/stat"), let end = line.lastIndex(of: ")") else { return nil }
    // The name in brackets may hold anything; the start is the 20th word behind it.
    let words = line[line.index(after: end)...].split(separator: " ")
    guard words.count > 19, let start = UInt64(words[19]) else { return nil }
    return "\(host)-\(process)-\(start)"
  }

  /// This start of this machine and its name space of processes; nil where the system does not say.
  private static var host: String? {
    guard let boot = read("/proc/sys/kernel/random/boot_id") else { return nil }
    var buffer = [CChar](repeating: 0, count: 128)
    let length = readlink("/proc/self/ns/pid", &buffer, buffer.count - 1)
    guard length > 0 else { return nil }
    let space = buffer.prefix(length).map { UInt8(bitPattern: $0) }
    return String(SHA256.hexadecimal(of: boot + String(decoding: space, as: UTF8.self)).prefix(16))
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }
}
