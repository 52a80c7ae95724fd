import Synchronization

/// Systems of a sweep that were read in advance, so that computing them does not read them again; as many as fit into some memory.
final class SystemShelf: Sendable {
  /// Numbers (of 8 bytes) that are kept at most.
  private static let room = 1 << 22

  private struct Contents {
    var systems: [[Int]: any ModelContent] = [:]
    var taken = 0
  }

  private let contents = Mutex(Contents())

  /// The system at positions on the axes that change it; nil where it was not kept.
  func system(at positions: [Int]) -> (any ModelContent)? { contents.withLock { $0.systems[positions] } }

  /// Keeps a system of so many numbers while there is room.
  func keep(_ system: any ModelContent, at positions: [Int], numbers: Int) {
    contents.withLock { contents in
      guard contents.systems[positions] == nil, contents.taken + numbers <= Self.room else { return }
      contents.systems[positions] = system
      contents.taken += numbers
    }
  }
}
