import ProcessGroups
import Sweeps
import TransportResults

/// Pieces of a stage that were finished before.
final class KnownPieces {
  let count: Int
  private var bytes: [Int: [UInt8]] = [:]

  init(count: Int) { self.count = count }

  var done: Int { bytes.count }
  var all: [Int] { bytes.keys.sorted() }
  var missing: [Int] { (0..<count).filter { bytes[$0] == nil } }

  func note(_ piece: Int, _ bytes: [UInt8]) { self.bytes[piece] = bytes }

  /// Every process knows afterwards which pieces the root knows; with `records` it takes them up, too. Collective.
  func exchange(_ group: any ProcessGroup, records: (any PieceRecords)?) {
    let isRoot = group.rank == 0
    var writer = RecordWriter()
    if isRoot {
      writer.put(bytes.count)
      for piece in all {
        writer.put(piece)
        if records != nil { writer.put(bytes[piece] ?? []) }
      }
    }
    let message = group.broadcast(writer.bytes)
    guard !isRoot else { return }
    var reader = RecordReader(message)
    for _ in 0..<(reader.count(of: 8) ?? 0) {
      guard let piece = reader.integer() else { return }
      let found = records == nil ? [] : reader.raw() ?? []
      if let records { _ = records.restore(found, piece: piece) }
      note(piece, found)
    }
  }
}

/// Pieces that every process does for itself.
final class UnsharedPieces: PieceSource {
  private let keeper: RunKeeper
  private let pieces: LocalPieces

  init(_ keeper: RunKeeper, _ count: Int) { (self.keeper, pieces) = (keeper, LocalPieces(count)) }

  var isOpen: Bool { pieces.isOpen }
  var pace: Int { pieces.pace }
  var done: Int { pieces.done }
  func begin() { pieces.begin() }
  func claim() -> Int? { pieces.claim() }
  func finish(_ piece: Int) { pieces.finish(piece) }
  func stop() { pieces.stop() }
  /// Outer stages may have something to write down.
  func attend() { keeper.save() }
  func abandon() {}
  func saveNow() { keeper.saveAll() }
  func close(failure: PieceFailure?, wasCancelled: Bool, _ wait: () -> Void) throws(SolverError) {
    try pieces.close(failure: failure, wasCancelled: wasCancelled, wait)
  }
}
