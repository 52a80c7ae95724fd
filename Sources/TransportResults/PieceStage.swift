import Synchronization

/// What pieces of work have found, as bytes that another process can take up: kept in a checkpoint, sent to another rank.
package protocol PieceRecords: Sendable {
  /// The bytes of a finished piece.
  func bytes(ofPiece piece: Int) -> [UInt8]
  /// Takes up what a piece found elsewhere; false, and nothing is taken up, where the bytes are not those of such a piece.
  func restore(_ bytes: [UInt8], piece: Int) -> Bool
}

/// One stage of a run: what is done in it, and how it is known again in another process.
package struct PieceStage: Sendable, ExpressibleByStringLiteral {
  /// Who needs what the pieces have found.
  package enum Role: Sendable {
    /// What comes after them, wherever it is computed: kernels.
    case shared
    /// The result.
    case results
  }

  /// What is done, in words.
  package let words: String
  /// A name that no other stage of the same part of a run has; empty where nothing is handed on.
  package let key: String
  package let role: Role
  /// What the pieces hand on; nil where every process computes all of them itself.
  package let records: (any PieceRecords)?

  /// A stage that hands nothing on.
  package init(_ words: String) {
    (self.words, key, role, records) = (words, "", .shared, nil)
  }

  /// The same, as a literal.
  package init(stringLiteral words: String) { self.init(words) }

  /// A stage whose pieces are handed on.
  package init(_ words: String, key: String, role: Role, records: any PieceRecords) {
    (self.words, self.key, self.role, self.records) = (words, key, role, records)
  }
}

/// A value that can be handed to another process.
package protocol RecordedValue: Sendable {
  /// Writes it down.
  func put(into writer: inout RecordWriter)
  /// Reads what was written down; nil where it is something else.
  init?(from reader: inout RecordReader)
}

/// Values of pieces, each in its slot, as records.
package struct SlotRecords<Value: Sendable>: PieceRecords {
  private let slots: Slots<Value>
  private let put: @Sendable (Value, inout RecordWriter) -> Void
  private let read: @Sendable (inout RecordReader) -> Value?

  /// Records of values that `put` writes and `read` reads.
  package init(
    slots: Slots<Value>, put: @escaping @Sendable (Value, inout RecordWriter) -> Void,
    read: @escaping @Sendable (inout RecordReader) -> Value?
  ) {
    (self.slots, self.put, self.read) = (slots, put, read)
  }

  package func bytes(ofPiece piece: Int) -> [UInt8] {
    var writer = RecordWriter()
    if let value = slots[piece] { put(value, &writer) }
    return writer.bytes
  }

  package func restore(_ bytes: [UInt8], piece: Int) -> Bool {
    var reader = RecordReader(bytes)
    guard let value = read(&reader), reader.isAtEnd else { return false }
    slots.set(piece, value)
    return true
  }
}
