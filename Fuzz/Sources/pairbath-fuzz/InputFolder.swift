import Foundation

/// A folder of this process with the files of the input at hand. An input is a file alone, or several:
///
///     RUN.fdf --electrodes=SE.nc
///     @@ RUN.fdf
///     TBT.HS DEVICE.TSHS
///     @@ DEVICE.TSHS
///     ...
///
/// The first line says what the command line would: files, and options of the form `--option=value`. What stands behind `@@ NAME` up to the next
/// such line is the file of that name, byte by byte; `NAME.nc.cdl` is a NetCDF file in words, see `DatasetText`.
struct InputFolder: Sendable {
  let path: String
  /// True where files in words become NetCDF files; elsewhere they are text.
  let takesDatasets: Bool

  /// What the name of a target with such files ends with.
  static let slow = "-netcdf"

  init(takesDatasets: Bool) {
    self.takesDatasets = takesDatasets
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    path = parent + "/pairbath-fuzz-\(getpid())"
    try? FileManager.default.removeItem(atPath: path)
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { fatalError("no folder \(path)") }
    cleaned = path
    atexit { if let cleaned { try? FileManager.default.removeItem(atPath: cleaned) } }
  }

  /// Files named in the first line, with their folder, and the options.
  struct Words {
    var files: [String] = []
    var options: [String: String] = [:]
  }

  /// Puts the files of an input in place of those of the last one. An input without `@@` is the file `alone`.
  func unpack(_ input: [UInt8], alone: String) -> Words {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] { unlink(path + "/" + name) }
    var sections = Self.sections(input)
    guard sections.count > 1 else {
      write(input[...], to: alone)
      return Words(files: [path + "/" + alone])
    }
    let first = sections.removeFirst().content
    for section in sections { write(section.content, to: section.name) }
    return words(of: String(decoding: first, as: UTF8.self), default: sections[0].name)
  }

  private func words(of line: String, default name: String) -> Words {
    var words = Words()
    for word in line.split(whereSeparator: \.isWhitespace).prefix(12) {
      guard word.hasPrefix("--") else {
        words.files.append(place(of: word))
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      // A value that is the name of a file here is that file.
      let isFile = access(place(of: parts[1]), F_OK) == 0
      words.options[String(parts[0])] = isFile ? place(of: parts[1]) : String(parts[1])
    }
    if words.files.isEmpty { words.files = [place(of: name[...])] }
    return words
  }

  private func place(of word: Substring) -> String { word == "." ? path : path + "/" + Self.plain(String(word)) }

  /// A name that leads nowhere else.
  private static func plain(_ name: String) -> String {
    let kept = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }.prefix(60)
    return kept.isEmpty || kept.allSatisfy { $0 == "." } ? "file" : String(kept)
  }

  private static func sections(_ input: [UInt8]) -> [(name: String, content: ArraySlice<UInt8>)] {
    var result: [(name: String, start: Int, end: Int)] = [("", 0, input.count)]
    var line = 0
    while line < input.count, result.count < 12 {
      let end = input[line...].firstIndex(of: 0x0A) ?? input.count
      if end - line > 3, end - line < 80, input[line..<line + 3].elementsEqual([0x40, 0x40, 0x20]) {
        result[result.count - 1].end = line
        let name = String(decoding: input[line + 3..<end], as: UTF8.self)
        result.append((plain(name), min(end + 1, input.count), input.count))
      }
      line = end + 1
    }
    return result.map { ($0.name, input[$0.start..<max($0.start, $0.end)]) }
  }

  private func write(_ content: ArraySlice<UInt8>, to name: String) {
    guard takesDatasets, name.hasSuffix(".cdl") else {
      _ = FileManager.default.createFile(atPath: path + "/" + name, contents: Data(content))
      return
    }
    DatasetText(String(decoding: content, as: UTF8.self)).write(to: path + "/" + name.dropLast(4))
  }
}

/// For the handler at the exit, which knows no values of its own.
private nonisolated(unsafe) var cleaned: String?
