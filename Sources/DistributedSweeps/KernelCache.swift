import Foundation
import SystemFiles
import TransportResults

/// Kernels that took long, in a folder, for runs of the same junction, states and settings by the same program.
///
/// A file per stage of a run; the files used last are kept when there is too much. A file that is damaged counts as not there.
package struct KernelCache: Sendable {
  /// The folder.
  package let folder: String
  /// Bytes of all files together.
  package let limit: Int
  /// Kernels are kept that took this many seconds or more.
  package static let leastSeconds = 5.0
  private static let ending = ".kernels"

  /// A cache in a folder, which is made when something is kept.
  package init(folder: String, limit: Int) { (self.folder, self.limit) = (folder, limit) }

  /// The cache that the environment asks for: `PAIRBATH_CACHE` is its folder, or `off`; else it is `pairbath` in `XDG_CACHE_HOME` or
  /// in `~/.cache`. `PAIRBATH_CACHE_LIMIT` is its size in GiB, 4 without it. nil where there is to be none.
  package init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    if environment["PAIRBATH_CACHE"] == "off" { return nil }
    let gibibytes = environment["PAIRBATH_CACHE_LIMIT"].flatMap { Double($0) } ?? 4
    guard gibibytes > 0, gibibytes < 1e9 else { return nil }
    let bytes = Int(gibibytes * 0x1p30)
    if let folder = environment["PAIRBATH_CACHE"], !folder.isEmpty {
      self.init(folder: folder, limit: bytes)
    } else if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
      self.init(folder: base + "/pairbath", limit: bytes)
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      self.init(folder: home + "/.cache/pairbath", limit: bytes)
    } else {
      return nil
    }
  }

  /// What the kernels of a stage are found by: what they depend on, the stage, and the program itself.
  static func key(_ identity: String, _ path: String) -> String {
    SHA256.hexadecimal(of: [identity, path, PairbathVersion.current, program].joined(separator: "\n"))
  }

  /// Size and time of the program's file: another build may compute other bits.
  private static let program: String = {
    guard let status = SystemCall.status("/proc/self/exe") else { return "unknown" }
    return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
  }()

  /// A file of the cache.
  package struct Entry: Sendable {
    /// Its name.
    package let name: String
    /// The stage it is of, and the seconds it took.
    package let words: String
    /// Its size in bytes.
    package let bytes: Int
    /// When it was used last.
    package let used: Date
  }

  /// What is there, that used last first.
  package var entries: [Entry] {
    names.compactMap { name in
      guard let status = SystemCall.status(folder + "/" + name), SystemCall.isKind(S_IFREG, status) else { return nil }
      return Entry(
        name: name, words: words(of: name), bytes: Int(status.st_size),
        used: Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)))
    }.sorted { $0.used > $1.used }
  }

  /// Removes all files; answers how many.
  package func clear() -> Int { names.count { unlink(folder + "/" + $0) == 0 } }

  /// The records of a key; nil where there are none.
  func archive(of key: String) -> RecordArchive? {
    let path = folder + "/" + key + Self.ending
    guard let file = Self.open(path) else { return nil }
    var archive = RecordArchive()
    guard archive.add(.file(file)), archive.isComplete else {
      unlink(path)
      return nil
    }
    utimes(path, nil)
    return archive
  }

  /// Keeps the pieces of a stage, if there is room; that it cannot be written is no failure of the run.
  func keep(_ key: String, _ path: String, count: Int, seconds: Duration, bytes: (Int) -> [UInt8]) {
    let identity = RunIdentity(
      model: "\(path), \(seconds.components.seconds) s", overrides: [], tolerance: nil, modelHash: key, inputs: [],
      version: PairbathVersion.current, processor: "")
    var frames =
      RecordFrames.magic + RecordFrames.frame(.identity, identity.bytes) + RecordFrames.stage(0, path: path, count: count)
    for piece in 0..<count {
      frames += RecordFrames.piece(piece, ofStage: 0, bytes(piece))
      guard frames.count <= limit else { return }
    }
    frames += RecordFrames.frame(.end, [])
    makeFolder()
    guard let target = try? OutputTarget(folder + "/" + key + Self.ending) else { return }
    evict(leaving: limit - frames.count)
    try? target.write(frames)
  }

  /// Removes the files used longest ago until the rest is small enough.
  private func evict(leaving room: Int) {
    var total = 0
    for entry in entries {
      total += entry.bytes
      if total > room { unlink(folder + "/" + entry.name) }
    }
  }

  private func makeFolder() { try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(Self.ending) }
  }

  private func words(of name: String) -> String {
    guard let file = Self.open(folder + "/" + name) else { return "" }
    var archive = RecordArchive()
    guard archive.add(.file(file)) else { return "damaged" }
    return archive.identity?.model ?? ""
  }

  private static func open(_ path: String) -> RecordDescriptor? {
    let number = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    return number >= 0 ? RecordDescriptor(number) : nil
  }
}
