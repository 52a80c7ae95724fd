import DataFiles
import TransportResults

/// What has been kept of runs: an index of records, whose bytes are read when they are asked for.
package struct RecordArchive: Sendable {
  private struct Place: Sendable {
    let source: Int
    let bytes: Range<Int>
  }

  private struct Stage: Sendable {
    let count: Int
    var pieces: [Int: Place] = [:]
  }

  private var sources: [RecordBytes] = []
  private var stages: [String: Stage] = [:]
  /// Whose records the last source holds; nil for a source without.
  private(set) var identity: RunIdentity?
  /// Where the undamaged part of the last source ends.
  private(set) var end = 0
  /// True where the last source says that nothing is missing.
  private(set) var isComplete = false

  /// Nothing.
  package init() {}

  /// Number of pieces.
  package var count: Int { stages.values.reduce(0) { $0 + $1.pieces.count } }

  /// Bytes of a piece of a stage with `count` pieces; nil where there are none.
  func bytes(_ path: String, count: Int, piece: Int) -> [UInt8]? {
    guard let stage = stages[path], stage.count == count, let place = stage.pieces[piece] else { return nil }
    return sources[place.source].read(place.bytes)
  }

  /// Pieces of a stage with `count` pieces, ascending.
  func pieces(_ path: String, count: Int) -> [Int] {
    guard let stage = stages[path], stage.count == count else { return [] }
    return stage.pieces.keys.sorted()
  }

  /// Adds the records of a source as far as they are undamaged; false where it is no source of records at all.
  mutating func add(_ source: RecordBytes) -> Bool {
    (identity, end, isComplete) = (nil, 0, false)
    guard let start = source.read(0..<min(RecordFrames.magic.count, source.count)), start == RecordFrames.magic else {
      return false
    }
    sources.append(source)
    var paths: [Int: String] = [:]
    var place = RecordFrames.magic.count
    while let frame = Self.frame(of: source, at: place) {
      guard take(frame.kind, source, frame.payload, &paths) else { break }
      place = frame.payload.upperBound + 16
    }
    end = place
    return true
  }

  /// The frame at a place; nil where there is none, or a damaged one.
  private static func frame(of source: RecordBytes, at place: Int) -> (kind: RecordFrames.Kind, payload: Range<Int>)? {
    guard place + RecordFrames.overhead <= source.count, let head = source.read(place..<(place + 16)) else { return nil }
    var reader = RecordReader(head)
    guard let kind = reader.integer().flatMap(RecordFrames.Kind.init(rawValue:)), let length = reader.integer(), length >= 0,
      length <= source.count - place - RecordFrames.overhead, let whole = source.read(place..<(place + 16 + length)),
      let tail = source.read((place + 16 + length)..<(place + 32 + length))
    else { return nil }
    let (sum, weighted) = ValueDigest(bytes: whole).sums
    reader = RecordReader(tail)
    guard reader.integer() == Int(bitPattern: UInt(sum)), reader.integer() == Int(bitPattern: UInt(weighted)) else { return nil }
    return (kind, (place + 16)..<(place + 16 + length))
  }

  /// Takes in a frame; false where it makes no sense.
  private mutating func take(
    _ kind: RecordFrames.Kind, _ source: RecordBytes, _ payload: Range<Int>, _ paths: inout [Int: String]
  ) -> Bool {
    switch kind {
    case .identity:
      identity = source.read(payload).flatMap { RunIdentity(bytes: $0) }
      return identity != nil
    case .stage:
      guard let bytes = source.read(payload) else { return false }
      var reader = RecordReader(bytes)
      guard let number = reader.integer(), let path = reader.words(), let count = reader.integer(), count >= 0 else {
        return false
      }
      paths[number] = path
      // Another number of pieces is another stage: the later one counts.
      if stages[path]?.count != count { stages[path] = Stage(count: count) }
      return true
    case .piece:
      guard payload.count >= 24, let head = source.read(payload.lowerBound..<(payload.lowerBound + 24)) else { return false }
      var reader = RecordReader(head)
      guard let number = reader.integer(), let piece = reader.integer(), let length = reader.integer(), let path = paths[number],
        length == payload.count - 24, let stage = stages[path], (0..<stage.count).contains(piece)
      else { return false }
      let place = Place(source: sources.count - 1, bytes: (payload.lowerBound + 24)..<payload.upperBound)
      stages[path]?.pieces[piece] = place
      return true
    case .end:
      isComplete = true
      return true
    }
  }
}
