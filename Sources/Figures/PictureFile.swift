import SystemFiles

/// A figure as gnuplot wrote it: whether it is whole, and what it still needs.
struct PictureFile {
  let format: FigureFormat

  /// True when the bytes end as a complete file of the format ends.
  func isComplete(_ bytes: [UInt8]) -> Bool {
    let tail = bytes.suffix(1024)
    switch format {
    case .svg: return Self.trimmed(tail).suffix(6).elementsEqual("</svg>".utf8)
    case .pdf: return Self.trimmed(tail).suffix(5).elementsEqual("%%EOF".utf8)
    // The last chunk: no data, its name, its checksum.
    case .png: return tail.suffix(12).elementsEqual([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82])
    }
  }

  /// SVG files get their size in millimetres, fonts of the same width for machines without Liberation Sans, and keep the blanks
  /// between letters of different styles, which some programs drop.
  func finished(_ bytes: [UInt8], size: FigureSpecification.Size) -> [UInt8] {
    guard format == .svg else { return bytes }
    let (width, height) = FigureFormat.points(size)
    let sized = Self.replacing(
      " width=\"\(Int(width.rounded()))\" height=\"\(Int(height.rounded()))\"",
      with: " width=\"\(size.width)mm\" height=\"\(size.height)mm\"", in: bytes, most: 1)
    let spaced = Self.replacing("<text>", with: "<text xml:space=\"preserve\">", in: sized, most: .max)
    return Self.replacing(
      "font-family=\"Liberation Sans\"", with: "font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\"", in: spaced,
      most: .max)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let last = bytes.last, last == 10 || last == 13 || last == 32 { bytes.removeLast() }
    return bytes
  }

  private static func replacing(_ old: String, with new: String, in bytes: [UInt8], most: Int) -> [UInt8] {
    let (pattern, replacement) = (Array(old.utf8), Array(new.utf8))
    guard let first = pattern.first, bytes.count >= pattern.count else { return bytes }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + 1024)
    var (at, done, count) = (0, 0, 0)
    while count < most, at <= bytes.count - pattern.count {
      if bytes[at] == first && bytes[at..<at + pattern.count].elementsEqual(pattern) {
        out += bytes[done..<at]
        out += replacement
        at += pattern.count
        (done, count) = (at, count + 1)
      } else {
        at += 1
      }
    }
    return out + bytes[done...]
  }
}
