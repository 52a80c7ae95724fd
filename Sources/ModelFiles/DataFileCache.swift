import DataFiles
import JunctionModel
import SystemFiles

/// The data files a model names, each opened once while the model is read.
final class DataFileCache {
  let folder: String
  private let units: UnitSystem
  private var files: [String: JunctionFile] = [:]
  /// Everything that was read for the model.
  private(set) var inputs = InputFiles()
  /// The data files, each once, in the order in which they were read.
  private(set) var dataFiles: [ModelDataFile] = []

  /// What is doubtful about the files though they can be used.
  private(set) var notes: [String] = []

  /// Paths are relative to `folder`, the model file's.
  init(folder: String, units: UnitSystem) {
    self.folder = folder
    self.units = units
  }

  /// Reads something from the file a `file` key names; errors say which key asked for it.
  func read<R>(
    _ key: ModelValue, _ body: (JunctionFile) throws(FileError) -> R
  ) throws(FileError) -> R {
    let name = try key.text(allowed: "the path of a NetCDF file")
    do {
      return try body(try file(name))
    } catch {
      throw error.adding(hint: "read because of " + key.place)
    }
  }

  /// The path of a file named in the model, which counts as read from now on.
  func path(_ name: String) -> String {
    let path = name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
    if !dataFiles.contains(where: { $0.path == path }) { dataFiles.append(ModelDataFile(name: name, path: path)) }
    note(path)
    return path
  }

  /// Keeps a sentence about a file that can be used.
  func add(note: String) { notes.append(note) }

  /// Notes that a file was read.
  func note(_ path: String) { inputs.insert(path) }

  private func file(_ name: String) throws(FileError) -> JunctionFile {
    let path = path(name)
    if let known = files[path] { return known }
    let file = try JunctionFile(path: path, units: units)
    files[path] = file
    return file
  }
}

extension ModelValue {
  /// The node's place and key path in words: `model.yaml:3:9 (conductor.file)`.
  var place: String {
    let keys = " (" + path.joined(separator: ".") + ")"
    switch node.position {
    case .file(let line, let column): return "\(file):\(line):\(column)" + keys
    case .override(let option): return option + keys
    }
  }
}
