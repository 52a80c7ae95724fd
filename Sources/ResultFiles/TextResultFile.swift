import DataFiles

/// Tables, CSV and JSON as files.
package enum TextResultFile {
  /// Writes UTF-8 text; the file appears complete or not at all. Throws `FileError` with code `cannotWrite`.
  package static func write(_ text: String, to path: String) throws(FileError) { try AtomicFile.write(text, to: path) }
}
