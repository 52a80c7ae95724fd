import Testing
import TransportResults

@testable import DistributedSweeps

@Suite("Records of finished pieces")
struct RecordArchiveTests {
  static let identity = RunIdentity(
    model: "/tmp/model.yaml", overrides: ["V=1"], tolerance: 1e-6, modelHash: "abc", inputs: ["00  x.nc"], version: "1",
    processor: "Zen", part: nil)

  private static func bytes() -> [UInt8] {
    RecordFrames.magic + RecordFrames.frame(.identity, identity.bytes) + RecordFrames.stage(0, path: "states/states", count: 4)
      + RecordFrames.piece(2, ofStage: 0, [1, 2, 3]) + RecordFrames.stage(1, path: "light", count: 2)
      + RecordFrames.piece(0, ofStage: 0, []) + RecordFrames.piece(1, ofStage: 1, [UInt8](repeating: 7, count: 100))
  }

  @Test("what was written is found again, under its path and number of pieces")
  func found() {
    var archive = RecordArchive()
    let isSource = archive.add(.memory(Self.bytes()))
    #expect(isSource)
    #expect(archive.identity == Self.identity && archive.count == 3 && !archive.isComplete)
    #expect(archive.pieces("states/states", count: 4) == [0, 2])
    #expect(archive.bytes("states/states", count: 4, piece: 2) == [1, 2, 3])
    #expect(archive.bytes("light", count: 2, piece: 1)?.count == 100)
    // Another number of pieces is another stage.
    #expect(archive.pieces("states/states", count: 5).isEmpty && archive.bytes("light", count: 2, piece: 0) == nil)
  }

  @Test("whatever is cut off, the records before it are there and nothing else is")
  func cut() {
    let bytes = Self.bytes()
    var seen: Set<Int> = []
    for length in 0...bytes.count {
      var archive = RecordArchive()
      guard archive.add(.memory(Array(bytes[..<length]))) else {
        #expect(length < RecordFrames.magic.count)
        continue
      }
      #expect(archive.end <= length)
      seen.insert(archive.count)
    }
    #expect(seen == [0, 1, 2, 3])
  }

  @Test("whatever bit is changed, no wrong record is found")
  func changed() {
    let bytes = Self.bytes()
    var whole = RecordArchive()
    _ = whole.add(.memory(bytes))
    for place in bytes.indices {
      for bit in [0, 3, 7] {
        var wrong = bytes
        wrong[place] ^= 1 << UInt8(bit)
        var archive = RecordArchive()
        guard archive.add(.memory(wrong)) else { continue }
        #expect(archive.count < 3 || archive.end < bytes.count)
        for (path, count) in [("states/states", 4), ("light", 2)] {
          for piece in archive.pieces(path, count: count) {
            #expect(archive.bytes(path, count: count, piece: piece) == whole.bytes(path, count: count, piece: piece))
          }
        }
      }
    }
  }

  @Test("random bytes behind the first words do no harm")
  func random() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let noise = (0..<Int.random(in: 0..<400)).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var archive = RecordArchive()
      let isSource = archive.add(.memory(RecordFrames.magic + noise))
      #expect(isSource && archive.count == 0)
      let isNoise = archive.add(.memory(noise))
      #expect(!isNoise || noise.starts(with: RecordFrames.magic))
    }
  }

  @Test("the reason says what has changed between two runs")
  func reasons() {
    func difference(_ change: (inout RunIdentity) -> Void) -> String? {
      var other = Self.identity
      change(&other)
      return Self.identity.difference(from: other)
    }
    #expect(difference { _ in } == nil)
    #expect(difference { $0.processor = "Haswell" } == nil)
    #expect(difference { $0.tolerance = nil }?.contains("tolerance") == true)
    #expect(difference { $0.version = "2" }?.contains("version 1") == true)
    #expect(difference { ($0.modelHash, $0.overrides) = ("x", []) }?.contains("--set V=1") == true)
    #expect(difference { $0.modelHash = "x" }?.contains("model file has changed") == true)
    #expect(difference { $0.inputs = ["01  x.nc"] }?.contains("x.nc") == true)
    #expect(difference { $0.part = RunIdentity.Part("2/3") }?.contains("part 2/3") == true)
  }

  @Test("parts are named k/n and nothing else")
  func parts() {
    #expect(RunIdentity.Part("3/16") == RunIdentity.Part(number: 3, count: 16))
    for wrong in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/2/3", "a/b", "1/1000001", " 1/2"] {
      #expect(RunIdentity.Part(wrong) == nil, "\(wrong)")
    }
  }
}
