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
  /// PNG files get their dots per inch.
  func finished(_ bytes: [UInt8], size: FigureSpecification.Size, resolution: Double) -> [UInt8] {
    if format == .png { return Self.measured(bytes, resolution) }
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

  /// The chunk `pHYs`, dots per metre along both edges, behind the header of a PNG file.
  private static func measured(_ bytes: [UInt8], _ resolution: Double) -> [UInt8] {
    let header = 33
    guard bytes.count > header else { return bytes }
    let dots = bigEndian(UInt32((resolution / 0.0254).rounded()))
    let chunk = Array("pHYs".utf8) + dots + dots + [1]
    return bytes[..<header] + bigEndian(UInt32(chunk.count - 4)) + chunk + bigEndian(checksum(chunk)) + bytes[header...]
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  /// CRC-32, as PNG has it.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let sum = bytes.reduce(UInt32.max) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }
    return ~sum
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
