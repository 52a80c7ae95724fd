/// The numbers of a figure: blocks of rows of equal length.
struct FigureData: Equatable {
  /// Rows of `columns` numbers, one after the other. NaN breaks lines and bands.
  struct Block: Equatable {
    let columns: Int
    let values: [Double]

    var rows: Int { values.count / columns }
  }

  private(set) var blocks: [Block] = []

  /// Adds a block and returns its number; one without rows gets a row of NaN, because gnuplot refuses empty ones.
  mutating func add(columns: Int, _ values: [Double]) -> Int {
    precondition(values.count % columns == 0, "\(values.count) numbers do not make rows of \(columns)")
    blocks.append(Block(columns: columns, values: values.isEmpty ? Array(repeating: .nan, count: columns) : values))
    return blocks.count - 1
  }

  /// All blocks as they stand in memory, one after the other.
  var binary: [UInt8] { blocks.flatMap { block in block.values.withUnsafeBytes { Array($0) } } }

  /// All blocks as text: a row per line, two blank lines between blocks (gnuplot's `index`).
  var text: String {
    blocks.map { block in
      var lines = ""
      for start in stride(from: 0, to: block.values.count, by: block.columns) {
        let row = block.values[start..<start + block.columns]
        lines += row.map { $0.isFinite ? DecimalText.general($0, digits: 12) : "NaN" }.joined(separator: " ") + "\n"
      }
      return lines
    }.joined(separator: "\n\n")
  }

  /// gnuplot's words for a block of the binary file; the file's name is ours.
  func binarySource(_ number: Int, file: String) -> String {
    let block = blocks[number]
    let skipped = blocks[..<number].reduce(0) { $0 + $1.values.count } * MemoryLayout<Double>.stride
    return "\(Typography.fileName(file)) binary record=\(block.rows) skip=\(skipped) format='%\(block.columns)double'"
  }

  /// gnuplot's words for a block of the text file.
  func textSource(_ number: Int, file: String) -> String { "\(Typography.fileName(file)) index \(number)" }
}

/// One element of gnuplot's `plot`.
struct PlotElement: Equatable {
  /// The block it draws; nil for an entry of the key.
  let block: Int?
  /// What follows the data, for example `using 1:2 with lines`.
  let drawing: String
}
