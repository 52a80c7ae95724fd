import Foundation

extension MemoryBudget {
  /// What the system grants now. Cost: about ten small files of /proc and the control groups, 0.1 ms; not for inner loops.
  package static func now() -> MemoryBudget { MemoryBudget(system: SystemFiles.contents) }

  /// True with a limit of the address space (`ulimit -v`); one system call.
  package static var limitsAddresses: Bool {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur != rlim_t.max
  }

  /// The same from any source of texts: a path's content, nil where there is no such file.
  package init(system: (String) -> String?) {
    let pages = (system("/proc/self/statm") ?? "").split(separator: " ").compactMap { Double($0) }
    let page = Double(sysconf(Int32(_SC_PAGESIZE)))
    let (mapped, resident) = pages.count > 1 ? (pages[0] * page, pages[1] * page) : (0, 0)
    var grants: [(bytes: Double, source: Source)] = []
    let addresses = Self.addressLimit(system("/proc/self/limits") ?? "").map { max($0 - mapped, 0) }
    if let addresses { grants.append((addresses, .addressSpace)) }
    grants += Self.controlGroups(system).map { ($0, .controlGroup) }
    let free = Self.kibibytes("MemAvailable:", in: system("/proc/meminfo") ?? "")
    grants.append((free ?? Double(ProcessInfo.processInfo.physicalMemory), .machine))
    let least = grants.min { $0.bytes < $1.bytes }
    self.init(
      available: max(least?.bytes ?? 0, 0), source: least?.source ?? .machine, mappable: addresses ?? .infinity,
      resident: resident,
      highWater: Self.kibibytes("VmHWM:", in: system("/proc/self/status") ?? "") ?? resident)
  }

  /// The soft limit of the address space in the text of /proc/self/limits; nil when there is none.
  private static func addressLimit(_ limits: String) -> Double? {
    words(of: "Max address space", in: limits)?.first.flatMap { Double($0) }
  }

  /// Bytes of a line such as `MemAvailable:   123 kB`.
  private static func kibibytes(_ key: String, in text: String) -> Double? {
    words(of: key, in: text)?.first.flatMap { Double($0) }.map { 1024 * $0 }
  }

  /// What follows a key in the first line that begins with it, as words; bytes, because characters take twenty times as long.
  private static func words(of key: String, in text: String) -> [String]? {
    let wanted = key.utf8
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: wanted) {
      let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
      return line.dropFirst(wanted.count).split(whereSeparator: blanks.contains).map { String($0) ?? "" }
    }
    return nil
  }

  /// What each limited control group of this process, and each group above it, has left; files in the page cache that can be dropped
  /// count as free.
  private static func controlGroups(_ system: (String) -> String?) -> [Double] {
    var left: [Double] = []
    for line in (system("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[0] == "0" && parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let names = isUnified ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
      var folders = parts[2].split(separator: "/").map(String.init)
      while true {
        let folder = root + folders.map { "/" + $0 }.joined()
        if let limit = number(system(folder + "/" + names.0)), let used = number(system(folder + "/" + names.1)) {
          let statistics = system(folder + "/memory.stat") ?? ""
          let cached = statistic(isUnified ? "inactive_file" : "total_inactive_file", in: statistics) ?? 0
          left.append(limit - max(used - cached, 0))
        }
        guard folders.popLast() != nil else { break }
      }
    }
    return left
  }

  private static func number(_ text: String?) -> Double? {
    let value = text.flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap { Double($0) }
    return value.flatMap { $0 >= 0 && $0 < 0x1p60 ? $0 : nil }
  }

  private static func statistic(_ key: String, in text: String) -> Double? {
    words(of: key + " ", in: text)?.last.flatMap { Double($0) }
  }
}

/// Small files of the kernel, which have no size before they are read.
private enum SystemFiles {
  static func contents(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while bytes.count < 1 << 20 {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
