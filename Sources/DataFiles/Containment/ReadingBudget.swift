import Foundation

/// How much memory the contents of a file may take.
package enum ReadingBudget {
  /// Bytes this process can still get: the least of the memory the machine has available and the rest of the address limit.
  package static var available: Int { min(availableMemory ?? .max, addressesLeft ?? .max) }

  /// Bytes the numbers of a variable may take that a file of `fileBytes` stores in chunks. No compression NetCDF files have by default
  /// shrinks more than 1032 times; chunks that were never written take no place at all, and nobody computes with them.
  package static func mostChunked(fileBytes: Int) -> Int {
    fileBytes.multipliedReportingOverflow(by: 1100).partialValue + 16 << 20
  }

  /// The line `MemAvailable` of /proc/meminfo.
  private static var availableMemory: Int? {
    guard let text = firstBytes(of: "/proc/meminfo"), let range = text.range(of: "MemAvailable:") else { return nil }
    let digits = text[range.upperBound...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
    return Int(digits).map { $0 << 10 }
  }

  /// The address limit (`ulimit -v`) less what is in use; nil without a limit.
  private static var addressesLeft: Int? {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limits) == 0, limits.rlim_cur < UInt(Int.max) else { return nil }
    let pages = firstBytes(of: "/proc/self/statm")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
    return max(0, Int(limits.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  private static func firstBytes(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { _ = close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
  }

  /// The limit on the size of files this process may write (ulimit -f); nil without one.
  static var largestFile: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0, limit.rlim_cur < UInt(Int.max) else { return nil }
    return Int(limit.rlim_cur)
  }
}
