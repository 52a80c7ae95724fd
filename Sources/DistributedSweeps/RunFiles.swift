import SystemFiles
import TransportResults

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What was found at the place of a checkpoint.
package enum FoundCheckpoint {
  /// Nothing.
  case none
  /// That of the same run: a keeper that goes on with it, and how many pieces it holds; `processor` is another one it was computed on.
  case same(RunKeeper, pieces: Int, processor: String?)
  /// That of another run, and why it serves not.
  case other(String)
  /// Another run is writing to it.
  case busy
  /// It cannot be read.
  case unreadable(OutputError)
}

extension RunKeeper {
  /// Looks for the checkpoint of a run.
  package static func find(_ identity: RunIdentity, _ options: Options) -> FoundCheckpoint {
    guard let plan = options.checkpoint else { return .none }
    switch RecordFile.existing(plan.path) {
    case .absent: return .none
    case .locked: return .busy
    case .failed(let error): return .unreadable(error)
    case .opened(let file, let archive):
      guard let found = archive.identity else { return .other("it holds no records of a run") }
      if let difference = found.difference(from: identity) { return .other(difference) }
      return .same(
        RunKeeper(identity, options, archive, file: file), pieces: archive.count,
        processor: found.processor == identity.processor ? nil : found.processor)
    }
  }

  /// Gives a file another name; false where that cannot be done.
  package static func setAside(_ path: String, to other: String) -> Bool { rename(path, other) == 0 }

  /// A keeper that begins anew, and writes no checkpoint while another run writes to its place.
  package static func new(_ identity: RunIdentity, _ options: Options, isTaken: Bool = false) -> RunKeeper {
    RunKeeper(identity, options, RecordArchive(), isTaken: isTaken)
  }
}

/// Parts of a run, to be put together.
package struct RunParts {
  /// The run, as its parts know it, without a part.
  package private(set) var identity: RunIdentity?
  /// Number of parts.
  package private(set) var count = 0
  /// Processors the parts were computed on.
  package private(set) var processors: [String] = []
  private var numbers: [Int: String] = [:]
  private var archive = RecordArchive()

  /// No parts yet.
  package init() {}

  /// Why a file is no part that goes with the others.
  package enum Refusal: Error {
    case noPart
    case unfinished(RunIdentity.Part)
    case twice(RunIdentity.Part, String)
    case otherRun(String)
  }

  /// Adds the records of a file.
  package mutating func add(_ bytes: [UInt8], file: String) throws(Refusal) {
    guard archive.add(.memory(bytes)), var found = archive.identity, let part = found.part else { throw .noPart }
    guard archive.isComplete else { throw .unfinished(part) }
    if let other = numbers[part.number], part.count == count { throw .twice(part, other) }
    found.part = nil
    if let identity {
      if let difference = found.difference(from: identity) { throw .otherRun(difference) }
      guard part.count == count else { throw .otherRun("it is part \(part.words), and the others are of \(count)") }
    } else {
      (identity, count) = (found, part.count)
    }
    if !processors.contains(found.processor) { processors.append(found.processor) }
    numbers[part.number] = file
  }

  /// Numbers of the parts that are missing.
  package var missing: [Int] { count == 0 ? [] : (1...count).filter { numbers[$0] == nil } }

  /// A keeper that takes up what the parts have found.
  package func keeper(_ options: RunKeeper.Options) -> RunKeeper? {
    guard let identity else { return nil }
    var options = options
    options.parts = count
    return RunKeeper(identity, options, archive: archive)
  }
}
