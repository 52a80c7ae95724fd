/// The kinds of figure files.
public enum FigureFormat: String, Sendable, CaseIterable {
  case svg
  case pdf
  case png

  /// The format a file name asks for by its extension; nil for others.
  public init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: String(path[path.index(after: dot)...]).lowercased())
  }

  /// Size of the lettering, points.
  static let fontSize = 8.0
  private static let pointsPerMillimetre = 72 / 25.4

  /// Width and height in points.
  static func points(_ size: FigureSpecification.Size) -> (width: Double, height: Double) {
    (size.width * pointsPerMillimetre, size.height * pointsPerMillimetre)
  }

  /// gnuplot's `set terminal`; lettering and lines have the same size in millimetres in every format. `resolution`: dots per inch
  /// of PNG files.
  func terminal(_ size: FigureSpecification.Size, resolution: Double = 300) -> String {
    let (width, height) = Self.points(size)
    let font = "enhanced rounded dashlength \(self == .svg ? 1 : 1.8) font 'Liberation Sans,\(Int(Self.fontSize))'"
    switch self {
    case .svg: return "set terminal svg size \(Int(width.rounded())),\(Int(height.rounded())) \(font) background 'white'"
    case .pdf: return "set terminal pdfcairo size \(size.width / 10)cm,\(size.height / 10)cm \(font) fontscale 0.75 linewidth 2.1"
    case .png:
      let scale = resolution / 72
      let (w, h) = (Int((width * scale).rounded()), Int((height * scale).rounded()))
      return "set terminal pngcairo size \(w),\(h) \(font) fontscale \(scale * 0.75) linewidth \(scale) pointscale \(scale) "
        + "background 'white'"
    }
  }
}
