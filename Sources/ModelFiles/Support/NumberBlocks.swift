import DataFiles

/// Blocks of numbers in a text file: columns separated by blanks, commas or semicolons, each block under a heading or none; `#` begins a
/// remark.
struct NumberBlocks {
  /// Rows of equal width, under one heading.
  struct Block {
    /// Words above the columns, empty without any.
    var heading: [String] = []
    var rows: [[Double]] = []
    /// The line of each row, from 1.
    var lines: [Int] = []
  }

  private(set) var blocks: [Block] = []

  /// Reads a file whose rows have as many numbers as one of `widths`. Throws `FileError` with the line of the first fault.
  init(path: String, widths: ClosedRange<Int>, meaning: String) throws(FileError) {
    try RegularFile.require(path, kind: "table of \(meaning)")
    let text = try TextFile.read(path, kind: "table of \(meaning)", hint: "a NetCDF file needs the extension .nc")
    var heading: [String] = []
    var isNew = true
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      let fields = Self.fields(content)
      guard !fields.isEmpty else {
        let remark = Self.words(line.drop { $0 == "#" || $0.isWhitespace })
        if isNew && heading.isEmpty && TableHeading.isGrid(remark.first ?? "") { heading = remark }
        continue
      }
      let numbers = fields.map { Double($0) }
      if numbers.allSatisfy({ $0 == nil }) {
        (heading, isNew) = (Self.words(content), true)
        continue
      }
      let row = numbers.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
      if isNew { blocks.append(Block(heading: heading)) }
      isNew = false
      let last = blocks.count - 1
      let width = blocks[last].rows.first?.count ?? row.count
      guard row.count == fields.count, widths.contains(row.count), row.count == width else {
        let (least, most) = (widths.lowerBound, widths.upperBound)
        let count = blocks[last].rows.first.map { "\($0.count)" } ?? (least == most ? "\(least)" : "\(least) to \(most)")
        let above = blocks[last].rows.isEmpty ? "" : ", as above"
        throw FileError(
          .invalidData, in: path, line: index + 1, column: 1, found: "'\(content.prefix(60))'",
          allowed: "\(count) finite numbers\(above): \(meaning)")
      }
      blocks[last].rows.append(row)
      blocks[last].lines.append(index + 1)
      heading = []
    }
    guard !blocks.isEmpty else {
      throw FileError(.invalidData, in: path, found: "no numbers", allowed: "rows of \(meaning)")
    }
  }

  private static func fields(_ content: Substring) -> [Substring] {
    content.split { $0 == "," || $0 == ";" || $0.isWhitespace }
  }

  /// The words of a heading: between commas where there are any, else between blanks, a unit in brackets belonging to the word before.
  private static func words(_ content: Substring) -> [String] {
    let isList = content.contains { $0 == "," || $0 == ";" || $0 == "\t" }
    let parts = content.split { isList ? $0 == "," || $0 == ";" || $0 == "\t" : $0.isWhitespace }
    var words: [String] = []
    for part in parts.map({ $0.trimmingPrefix { $0.isWhitespace } }) {
      if let last = words.last, part.first == "(" || part.first == "[" {
        words[words.count - 1] = last + " " + part
      } else {
        words.append(String(part))
      }
    }
    return words
  }
}
