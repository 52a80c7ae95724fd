/// What a file holds, by its bytes.
package enum FileKind: Sendable, Equatable {
  /// Nothing.
  case empty
  /// A result of this program.
  case result
  /// NetCDF or HDF5 of another origin.
  case netCDF
  /// A picture, by its usual extension.
  case picture(String)
  /// UTF-8 text with its first line.
  case text(firstLine: String)
  /// Anything else.
  case other

  /// Looks into a regular file; nil if there is none.
  package init?(of path: String) {
    guard let head = FileBytes.head(path, count: 4096) else { return nil }
    func begins(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    if head.isEmpty {
      self = .empty
    } else if begins([0x89] + Array("HDF\r\n".utf8)) || begins(Array("CDF".utf8)) {
      self = FileBytes.contains("pairbath_version", in: path) ? .result : .netCDF
    } else if begins([0x89] + Array("PNG\r\n".utf8)) {
      self = .picture("png")
    } else if begins(Array("%PDF".utf8)) {
      self = .picture("pdf")
    } else if let text = Self.text(head) {
      let isSVG = text.hasPrefix("<svg") || (text.hasPrefix("<?xml") && text.contains("<svg"))
      self = isSVG ? .picture("svg") : .text(firstLine: text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
    } else {
      self = .other
    }
  }

  /// In words.
  package var words: String {
    switch self {
    case .empty: return "an empty file"
    case .result: return "a Pairbath result"
    case .netCDF: return "a NetCDF file that is no Pairbath result"
    case .picture(let format): return "a figure (\(format.uppercased()))"
    case .text: return "a text"
    case .other: return "a file of another kind"
    }
  }

  /// The text, of which the last character may be cut off; nil for what is none.
  private static func text(_ head: [UInt8]) -> String? {
    guard !head.contains(0) else { return nil }
    for cut in 0..<min(4, head.count) {
      if let text = String(validating: head.dropLast(cut), as: UTF8.self) { return text }
    }
    return nil
  }
}
