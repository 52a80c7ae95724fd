import DataFiles
import SystemFiles

/// A data file of a model.
struct ModelDataFile: Sendable {
  /// As the model names it.
  let name: String
  /// Where it was read.
  let path: String
  /// What was read there instead of a file; nil for files.
  var arrays: ArraysInMemory?

  /// SHA-256 of its contents; nil when it cannot be read.
  var hash: String? { arrays?.digest ?? SHA256.hexadecimal(ofFile: path) }
}

extension ModelHeader {
  /// SHA-256 and name of every data file, a line for each as `sha256sum` writes them: run in the folder of the model,
  /// `sha256sum -c` compares them. Reads the files. Throws `cannotRead`.
  package func inputHashes() throws(FileError) -> [String] {
    var lines: [String] = []
    for file in dataFiles {
      guard let hash = file.hash else {
        throw FileError(.cannotRead, in: file.path, found: "a file that cannot be read any more", allowed: "a readable file")
      }
      lines.append("\(hash)  \(PrintableText.line(file.name))")
    }
    return lines
  }
}
