import Foundation
import Testing
import TransportResults

@testable import DistributedSweeps

@Suite("Kernels that are kept")
struct KernelCacheTests {
  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pairbath-cache-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private static func keep(_ cache: KernelCache, _ key: String, _ size: Int) {
    cache.keep(key, "pair kernels", count: 3, seconds: .seconds(7)) { [UInt8](repeating: UInt8($0), count: size) }
  }

  @Test("what was kept is found by its key alone, listed and removed")
  func found() throws {
    try Self.inFolder { folder in
      let cache = KernelCache(folder: folder + "/deep/er", limit: 1 << 20)
      #expect(cache.entries.isEmpty && cache.archive(of: "a") == nil)
      Self.keep(cache, "a", 100)
      let archive = try #require(cache.archive(of: "a"))
      #expect(archive.bytes("pair kernels", count: 3, piece: 2) == [UInt8](repeating: 2, count: 100))
      #expect(cache.archive(of: "b") == nil)
      #expect(cache.entries.map(\.words) == ["pair kernels, 7 s"] && cache.entries[0].bytes > 300)
      #expect(cache.clear() == 1 && cache.entries.isEmpty)
    }
  }

  @Test("a damaged file counts as not there, and goes")
  func damaged() throws {
    try Self.inFolder { folder in
      let cache = KernelCache(folder: folder, limit: 1 << 20)
      Self.keep(cache, "a", 100)
      let path = folder + "/" + cache.entries[0].name
      var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      bytes[bytes.count / 2] ^= 4
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      #expect(cache.archive(of: "a") == nil && cache.entries.isEmpty)
    }
  }

  @Test("there is never more than the limit, and what was used last stays")
  func limit() throws {
    try Self.inFolder { folder in
      let cache = KernelCache(folder: folder, limit: 10_000)
      for (i, key) in ["a", "b", "c", "d"].enumerated() {
        Self.keep(cache, key, 1000)
        // Times of files may be as coarse as this.
        if i == 1 { usleep(20_000) }
        usleep(20_000)
        _ = cache.archive(of: "a")
        usleep(20_000)
      }
      #expect(cache.entries.reduce(0) { $0 + $1.bytes } <= 10_000)
      #expect(cache.archive(of: "a") != nil && cache.archive(of: "d") != nil && cache.archive(of: "b") == nil)
      Self.keep(cache, "large", 20_000)
      #expect(cache.archive(of: "large") == nil && cache.archive(of: "d") != nil)
    }
  }

  @Test("the environment says where it is, how large, or that there is none")
  func environment() throws {
    #expect(KernelCache(environment: ["PAIRBATH_CACHE": "off", "HOME": "/root"]) == nil)
    #expect(KernelCache(environment: [:]) == nil)
    #expect(KernelCache(environment: ["HOME": "/home/x"])?.folder == "/home/x/.cache/pairbath")
    #expect(KernelCache(environment: ["HOME": "/home/x", "XDG_CACHE_HOME": "/c"])?.folder == "/c/pairbath")
    let cache = try #require(KernelCache(environment: ["PAIRBATH_CACHE": "/k", "PAIRBATH_CACHE_LIMIT": "0.5"]))
    #expect(cache.folder == "/k" && cache.limit == 1 << 29)
    #expect(KernelCache(environment: ["PAIRBATH_CACHE": "/k", "PAIRBATH_CACHE_LIMIT": "0"]) == nil)
  }
}
