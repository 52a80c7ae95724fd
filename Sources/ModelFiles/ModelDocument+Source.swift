import DataFiles
import SystemFiles

extension ModelDocument {
  /// The text of a model file, "-" for standard input, and the folder its data files are looked for in. Throws `FileError.cannotRead`.
  package static func source(of path: String) throws(FileError) -> (text: String, folder: String) {
    guard path != StandardInput.path else { return (try TextFile.readStandardInput(), ".") }
    return (try TextFile.read(path, most: TextFile.largestModel), TextFile.folder(of: path))
  }

  /// The folder of a path, "." when it names none.
  package static func folder(of path: String) -> String { TextFile.folder(of: path) }

  /// Writes a model's text, whole or not at all. Throws `FileError.cannotWrite`.
  package static func write(_ text: String, to path: String) throws(FileError) { try AtomicFile.write(text, to: path) }
}
