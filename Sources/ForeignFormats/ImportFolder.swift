import DataFiles
import Foundation
import SystemFiles

/// The folder an import writes: `model.yaml` and, where there are data, `junction.nc`. Both appear together, or nothing does.
package struct ImportFolder {
  /// The path as given.
  package let path: String
  private let force: Bool

  /// Refuses what is no folder and, without `force`, one that has something in it.
  package init(_ path: String, force: Bool) throws(FileError) {
    (self.path, self.force) = (path, force)
    guard !path.isEmpty, path != OutputTarget.standardOutput else {
      throw FileError(.cannotWrite, in: "-o", found: path.isEmpty ? "no name" : "'-'", allowed: "a folder: two files are written")
    }
    guard let status = SystemCall.status(path) else {
      try Self.checkParent(of: path)
      return
    }
    guard SystemCall.isKind(S_IFDIR, status) else {
      throw FileError(
        .cannotWrite, in: path, found: SystemCall.kind(status), allowed: "a new folder", hint: "name another one with -o")
    }
    let contents = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard force || contents.isEmpty else {
      throw FileError(
        .cannotWrite, in: path, found: "a folder with \(contents.sorted().prefix(3).joined(separator: ", ")) in it",
        allowed: "a new folder, or an empty one",
        hint: "name another one with -o, or replace model.yaml and junction.nc with --force")
    }
  }

  private static func checkParent(of path: String) throws(FileError) {
    let parent = TextFile.folder(of: path.hasSuffix("/") ? String(path.dropLast()) : path)
    guard let status = SystemCall.status(parent), SystemCall.isKind(S_IFDIR, status) else {
      throw FileError(.cannotWrite, in: path, found: "no folder '\(parent)' to put it in", allowed: "a folder in an existing one")
    }
  }

  /// The file that would be replaced though it is one of `inputs`, and its name among these; nil when there is none. Throws `cannotWrite` for
  /// what cannot be replaced.
  package func replacedInput(of inputs: [String]) throws(FileError) -> (target: String, input: String)? {
    let known = InputFiles(inputs)
    for name in ["model.yaml", ImportedModel.dataFile] {
      let target = path + "/" + name
      if let input = known.name(of: target) { return (target, input) }
      guard SystemCall.status(target) != nil else { continue }
      do throws(OutputError) { _ = try OutputTarget(target) } catch { throw FileError(error) }
    }
    return nil
  }

  /// Writes a model and its data. `verify` gets the path of the model before anything is in place: what it throws, the import throws, and
  /// nothing is left behind.
  package func write(_ imported: ImportedModel, verify: (String) throws(FileError) -> Void) throws(FileError) {
    let scratch: ScratchFolder
    do throws(OutputError) { scratch = try ScratchFolder() } catch { throw FileError(error) }
    let files = (imported.data.map { [(name: ImportedModel.dataFile, data: $0)] } ?? []) + imported.otherData
    defer { scratch.remove(["model.yaml"] + files.map(\.name)) }
    for file in files { try file.data.write(to: scratch.file(file.name)) }
    try AtomicFile.write(imported.model, to: scratch.file("model.yaml"))
    try verify(scratch.file("model.yaml"))
    let isNew = SystemCall.status(path) == nil
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw FileError(.cannotWrite, in: path, found: SystemCall.words(errno), allowed: "a folder that can be written")
    }
    do throws(FileError) {
      // The model last: where it is, its data are.
      for file in files { try copy(file.name, from: scratch) }
      try copy("model.yaml", from: scratch)
    } catch {
      if isNew {
        for file in files { unlink(path + "/" + file.name) }
        rmdir(path)
      }
      throw error
    }
  }

  private func copy(_ name: String, from scratch: ScratchFolder) throws(FileError) {
    do throws(OutputError) { try OutputTarget(path + "/" + name).write(copyOf: scratch.file(name)) } catch {
      throw FileError(error)
    }
  }
}
