import DataFiles
import JunctionModel
import Synchronization
import SystemFiles

/// The data files a model names, each opened once however many systems of a sweep are read from them. Reading is one at a time.
final class DataFileCache: Sendable {
  private struct Contents {
    var files: [String: JunctionFile] = [:]
    /// Open files, the oldest first.
    var order: [String] = []
    var inputs = InputFiles()
    var dataFiles: [ModelDataFile] = []
    var notes: [String] = []
    /// Paths noted already.
    var known = Set<String>()
  }

  /// Files that are open at the same time; each has a process that reads it.
  private static let mostOpen = 8
  let folder: String
  private let units: UnitSystem
  /// What `file: memory` stands for; nil where it is the name of a file like any other.
  let arrays: ArraysInMemory?
  private let contents = Mutex(Contents())

  /// Paths are relative to `folder`, the model file's.
  init(folder: String, units: UnitSystem, arrays: ArraysInMemory? = nil) {
    self.folder = folder
    self.units = units
    self.arrays = arrays
  }

  /// Everything that was read for the model.
  var inputs: InputFiles { contents.withLock { $0.inputs } }
  /// The data files, each once, in the order in which they were read.
  var dataFiles: [ModelDataFile] { contents.withLock { $0.dataFiles } }
  /// What is doubtful about the files though they can be used.
  var notes: [String] { contents.withLock { $0.notes } }

  /// Reads something from the file a `file` key names; errors say which key asked for it.
  func read<R: Sendable>(
    _ key: ModelValue, _ body: @Sendable (JunctionFile) throws(FileError) -> R
  ) throws(FileError) -> R {
    let path = path(try key.fileName(allowed: "the path of a NetCDF file"))
    do {
      return try contents.withLock { (contents) throws(FileError) -> R in
        if let known = contents.files[path] { return try body(known) }
        let file = try open(path)
        let found = try body(file)
        // Of many snapshots, the last ones stay open.
        if contents.order.count >= Self.mostOpen { contents.files[contents.order.removeFirst()] = nil }
        contents.files[path] = file
        contents.order.append(path)
        return found
      }
    } catch {
      throw error.adding(hint: "read because of " + key.place)
    }
  }

  private func open(_ path: String) throws(FileError) -> JunctionFile {
    if let arrays, path == ArraysInMemory.name { return JunctionFile(arrays, units: units) }
    return try JunctionFile(path: path, units: units)
  }

  /// The path of a file named in the model, which counts as read from now on.
  func path(_ name: String) -> String {
    let memory = name == ArraysInMemory.name ? arrays : nil
    let path = memory != nil || name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
    contents.withLock { contents in
      guard contents.known.insert(path).inserted else { return }
      contents.dataFiles.append(ModelDataFile(name: name, path: path, arrays: memory))
      if memory == nil { contents.inputs.insert(path) }
    }
    return path
  }

  /// Keeps a sentence about a file that can be used.
  func add(note: String) { contents.withLock { if !$0.notes.contains(note) { $0.notes.append(note) } } }

  /// Notes that a file was read.
  func note(_ path: String) { contents.withLock { $0.inputs.insert(path) } }
}

extension ModelValue {
  /// The path a `file` key names: as it stands, or the present one of an axis of files.
  func fileName(allowed: String) throws(FileError) -> String {
    let name = try text(allowed: allowed)
    return try scope?.place.file(named: name) ?? name
  }

  /// The node's place and key path in words: `model.yaml:3:9 (conductor.file)`.
  var place: String {
    let keys = " (" + path.joined(separator: ".") + ")"
    switch node.position {
    case .file(let line, let column): return "\(file):\(line):\(column)" + keys
    case .override(let option): return option + keys
    }
  }
}
