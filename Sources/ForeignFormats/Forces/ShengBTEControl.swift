import DataFiles

/// ShengBTE's `CONTROL`: Fortran namelists with the cell, its atoms and the supercell of the second-order force constants.
struct ShengBTEControl {
  /// Lattice vectors of the cell, angstrom.
  let lattice: [SIMD3<Double>]
  /// Element and position (angstrom) of each atom of the cell.
  let atoms: [(symbol: String, position: SIMD3<Double>)]
  /// Cells of the supercell along each vector.
  let cells: [Int]

  init(_ path: String) throws(FileError) {
    let entries = try Self.entries(path)
    func missing(_ key: String) -> FileError {
      FileError(.missingKey, in: path, found: "no '\(key)'", allowed: "lattvec, elements, types, positions and scell")
    }
    func numbers(_ key: String, _ count: Int) throws(FileError) -> [Double] {
      guard let entry = entries[key] else { throw missing(key) }
      let values = entry.words.map { Double($0.lowercased().replacing("d", with: "e")) ?? .nan }
      guard values.count >= count, values.prefix(count).allSatisfy(\.isFinite) else {
        throw FileError(
          .invalidData, in: path, line: entry.line, found: "'\(entry.words.joined(separator: " "))' for \(key)",
          allowed: "\(count) numbers")
      }
      return Array(values.prefix(count))
    }
    func vector(_ key: String, _ number: Int) throws(FileError) -> SIMD3<Double> {
      let values = try numbers("\(key)(:,\(number))", 3)
      return SIMD3(values[0], values[1], values[2])
    }
    func integer(_ value: Double, _ key: String, _ range: ClosedRange<Int>) throws(FileError) -> Int {
      guard value == value.rounded(), abs(value) < 1e9, range.contains(Int(value)) else {
        throw FileError(
          .outOfRange, in: path, line: entries[key]?.line, found: "\(value) for \(key)",
          allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      return Int(value)
    }
    // Lengths are lfactor nm.
    let factor = 10 * (entries["lfactor"] == nil ? 1 : try numbers("lfactor", 1)[0])
    let lattice = try (1...3).map { (d) throws(FileError) in try vector("lattvec", d) * factor }
    let count = try integer(try numbers("natoms", 1)[0], "natoms", 1...ForceConstants.mostAtoms)
    guard let elements = entries["elements"]?.words else { throw missing("elements") }
    let types = try numbers("types", count)
    var atoms: [(symbol: String, position: SIMD3<Double>)] = []
    for atom in 0..<count {
      let type = try integer(types[atom], "types", 1...max(1, elements.count))
      guard type <= elements.count else { throw missing("elements") }
      let fraction = try vector("positions", atom + 1)
      atoms.append((elements[type - 1], fraction.x * lattice[0] + fraction.y * lattice[1] + fraction.z * lattice[2]))
    }
    let scell = try numbers("scell", 3)
    (self.lattice, self.atoms) = (lattice, atoms)
    cells = try scell.map { (cells) throws(FileError) in try integer(cells, "scell", 1...1000) }
    guard count * cells[0] * cells[1] * cells[2] <= ForceConstants.mostAtoms else {
      throw FileError(
        .outOfRange, in: path, line: entries["scell"]?.line,
        found: "\(count) atoms in \(cells[0]) x \(cells[1]) x \(cells[2]) cells",
        allowed: "a supercell of at most \(ForceConstants.mostAtoms) atoms")
    }
  }

  /// More values than this are no structure: a few letters, 1000*x, stand for a thousand of them.
  private static let mostWords = 200_000

  /// Values by name in lower case without blanks: `key=value value, key(:,1)=...`; a name of a whole vector may have `(:)`.
  private static func entries(_ path: String) throws(FileError) -> [String: (words: [String], line: Int)] {
    let text = try ForeignText(path, kind: "CONTROL file of ShengBTE")
    var entries: [String: (words: [String], line: Int)] = [:]
    var current: String?
    var count = 0
    func take(_ values: Substring, _ line: Int) throws(FileError) {
      let words = words(values)
      count += words.count
      guard count <= mostWords else {
        throw FileError(.invalidData, in: path, line: line, found: "more than \(mostWords) values", allowed: "fewer")
      }
      if let current { entries[current]?.words += words }
    }
    for (index, line) in text.lines.enumerated() {
      var content = line.prefix { $0 != "!" }
      let trimmed = content.drop { $0.isWhitespace }
      if trimmed.first == "&" || trimmed.first == "/" {
        current = nil
        content = trimmed.first == "&" ? trimmed.drop { !$0.isWhitespace } : ""
      }
      while !content.isEmpty {
        if let equals = content.firstIndex(of: "=") {
          // The name is the last word in front of the sign; what stands before belongs to the key before.
          let front = content[..<equals]
          let open = front.lastIndex(of: "(")
          let stop = open ?? front.endIndex
          let base = front[..<stop].reversed().drop { $0.isWhitespace }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
          let name = String(base.reversed())
          let subscripts = open.map { String(front[$0...].filter { !$0.isWhitespace }) } ?? ""
          let values = front[..<(front.range(ofLast: name)?.lowerBound ?? front.startIndex)]
          try take(values, index + 1)
          current = name.lowercased() + (subscripts == "(:)" ? "" : subscripts)
          entries[current ?? "", default: ([], index + 1)] = ([], index + 1)
          content = content[content.index(after: equals)...]
          continue
        }
        try take(content, index + 1)
        content = ""
      }
    }
    return entries
  }

  /// The words of some values, hardly more than `mostWords`.
  private static func words(_ text: Substring) -> [String] {
    var words: [String] = []
    for word in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) where words.count <= mostWords {
      // Fortran's repetition: 3*1.
      let parts = word.split(separator: "*")
      if parts.count == 2, let times = Int(parts[0]), (1...1000).contains(times) {
        words += [String](repeating: String(parts[1]), count: times)
      } else {
        words.append(word.filter { $0 != "\"" && $0 != "'" })
      }
    }
    return words
  }
}

extension Substring {
  /// The last place of a word.
  fileprivate func range(ofLast word: String) -> Range<Index>? {
    guard !word.isEmpty else { return nil }
    var start = endIndex
    while start > startIndex {
      start = index(before: start)
      if self[start...].hasPrefix(word) { return start..<index(start, offsetBy: word.count) }
    }
    return nil
  }
}
