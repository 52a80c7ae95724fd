import DataFiles

/// Columns of numbers in a text file: separated by blanks or commas, `#` begins a remark, lines without numbers at the top
/// (a heading) are skipped.
struct NumberColumns {
  /// One row per line with numbers.
  let rows: [[Double]]
  /// The line of each row, from 1.
  let lines: [Int]

  /// Reads a file whose rows have as many numbers as one of `widths`. Throws `FileError` with the line of the first fault.
  init(path: String, widths: ClosedRange<Int>, meaning: String) throws(FileError) {
    var rows: [[Double]] = []
    var lines: [Int] = []
    try RegularFile.require(path, kind: "table of \(meaning)")
    let text = try TextFile.read(path, kind: "table of \(meaning)", hint: "a NetCDF file needs the extension .nc")
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let content = line.prefix { $0 != "#" }
      let fields = content.split { $0 == "," || $0 == ";" || $0.isWhitespace }
      guard !fields.isEmpty else { continue }
      let numbers = fields.map { Double($0) }
      if rows.isEmpty && numbers.allSatisfy({ $0 == nil }) { continue }
      let row = numbers.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
      guard row.count == fields.count, widths.contains(row.count) else {
        let (least, most) = (widths.lowerBound, widths.upperBound)
        let count = least == most ? "\(least)" : "\(least) to \(most)"
        throw FileError(
          .invalidData, in: path, line: index + 1, column: 1, found: "'\(content.prefix(60))'",
          allowed: "\(count) finite numbers: \(meaning)")
      }
      rows.append(row)
      lines.append(index + 1)
    }
    guard !rows.isEmpty else {
      throw FileError(.invalidData, in: path, found: "no numbers", allowed: "rows of \(meaning)")
    }
    self.rows = rows
    self.lines = lines
  }
}
