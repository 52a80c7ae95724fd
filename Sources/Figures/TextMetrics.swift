/// Widths of letters, so that labels are placed and shortened the same way in every format.
enum TextMetrics {
  /// Widths of the printable ASCII characters in thousandths of the size of the letters: those of Liberation Sans, Arial and Helvetica.
  private static let ascii: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
    722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
    500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
  ]

  /// Width of one character in ems.
  static func width(_ scalar: Unicode.Scalar) -> Double {
    switch scalar.value {
    case 0x20..<0x7F: return Double(ascii[Int(scalar.value) - 0x20]) / 1000
    case 0xA0: return 0.278
    case 0x2010: return 0.333
    case 0x2212: return 0.584
    case 0x2192: return 1
    case 0x0300..<0x0370, 0xFE00...0xFE0F, 0x200B...0x200F: return 0
    case 0x1100...: return scalar.value < 0x2E80 ? 0.6 : 1
    default: return 0.58
    }
  }

  /// Width of enhanced text in ems: markup takes no room, indices are smaller.
  static func width(enhanced text: String) -> Double {
    var scalars = text.replacing("{/:Italic ", with: "{").unicodeScalars[...]
    var (total, scales, next) = (0.0, [1.0], 1.0)
    if text.hasPrefix("{/*"), let scale = Double(text.dropFirst(3).prefix(4)) {
      scalars = scalars.dropFirst(8)
      scales = [scale]
    }
    while let scalar = scalars.popFirst() {
      let scale = scales.last ?? 1
      switch scalar {
      case "\\":
        if scalars.prefix(3).elementsEqual("047".unicodeScalars) {
          scalars = scalars.dropFirst(3)
          total += 0.191 * scale
        } else if let plain = scalars.popFirst() {
          total += width(plain) * scale * next
        }
        next = 1
      case "_", "^": next = 0.8
      case "{":
        scales.append(scale * next)
        next = 1
      case "}": if scales.count > 1 { scales.removeLast() }
      default:
        total += width(scalar) * scale * next
        next = 1
      }
    }
    return total
  }
}
