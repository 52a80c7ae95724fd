import DataFiles
import JunctionModel

/// The physical dimension of a number: powers of energy, temperature and length.
///
/// `free` is a plain number, which takes the unit of its place: 50 in a temperature is 50 K.
enum Dimension: Sendable, Equatable {
  case free
  case powers(energy: Int, temperature: Int, length: Int)

  static let energy = Dimension.powers(energy: 1, temperature: 0, length: 0)
  static let temperature = Dimension.powers(energy: 0, temperature: 1, length: 0)
  static let length = Dimension.powers(energy: 0, temperature: 0, length: 1)
  /// Springs over masses, times hbar^2.
  static let energySquared = Dimension.powers(energy: 2, temperature: 0, length: 0)

  /// The dimension of a product (sign 1) or quotient (sign -1).
  func combined(with other: Dimension, sign: Int) -> Dimension {
    guard case .powers(let e2, let t2, let l2) = other else { return self }
    let (e1, t1, l1) = powers
    return Dimension(energy: e1 + sign * e2, temperature: t1 + sign * t2, length: l1 + sign * l2)
  }

  /// The dimension of an integer power.
  func raised(to exponent: Int) -> Dimension {
    let (e, t, l) = powers
    return Dimension(energy: e * exponent, temperature: t * exponent, length: l * exponent)
  }

  private init(energy: Int, temperature: Int, length: Int) {
    let isAbsurd = max(energy.magnitude, temperature.magnitude, length.magnitude) > 1000
    let isFree = energy == 0 && temperature == 0 && length == 0
    self = isAbsurd || isFree ? .free : .powers(energy: energy, temperature: temperature, length: length)
  }

  private var powers: (Int, Int, Int) {
    if case .powers(let e, let t, let l) = self { return (e, t, l) }
    return (0, 0, 0)
  }

  /// The unit of numbers of this dimension, in UDUNITS spelling; empty for plain numbers and products.
  var unit: String {
    switch self {
    case .energy: return "eV"
    case .temperature: return "K"
    case .length: return "nm"
    case .energySquared: return "eV2"
    case .free, .powers: return ""
    }
  }

  /// The dimension in words.
  var words: String {
    switch self {
    case .free: return "a plain number"
    case .energy: return "an energy (eV)"
    case .temperature: return "a temperature (K)"
    case .length: return "a length (nm)"
    case .energySquared: return "a spring over a mass (eV^2)"
    case .powers(let e, let t, 0): return "a number in eV^\(e) K^\(t)"
    case .powers(let e, let t, let l): return "a number in eV^\(e) K^\(t) nm^\(l)"
    }
  }
}

/// What kind of number a key holds; decides which unit suffixes are allowed.
enum NumberKind: Sendable, Equatable {
  /// A plain number, any unit is an error.
  case plain
  case energy
  case temperature
  /// Spring constants over masses: a number in the squared energy unit.
  case energySquared
  /// A length; a plain number is in nm.
  case length
}

/// Scans decimal numbers; hexadecimal, `nan`, `inf`, underscores and sexagesimals are not numbers here.
enum NumberText {
  /// The number at the start of `bytes`, unsigned, and how many bytes it takes; nil when there is none.
  static func scan(_ bytes: ArraySlice<UInt8>) -> (value: Double, length: Int)? {
    var at = bytes.startIndex
    func skipDigits() -> Int {
      let start = at
      while at < bytes.endIndex && Spelling.isDigit(bytes[at]) { at += 1 }
      return at - start
    }
    var digits = skipDigits()
    if at < bytes.endIndex && bytes[at] == 46 {
      at += 1
      digits += skipDigits()
    }
    guard digits > 0 else { return nil }
    let mantissaEnd = at
    if at < bytes.endIndex && (bytes[at] == 101 || bytes[at] == 69) {
      at += 1
      if at < bytes.endIndex && (bytes[at] == 43 || bytes[at] == 45) { at += 1 }
      if skipDigits() == 0 { at = mantissaEnd }
    }
    guard let value = Double(String(decoding: bytes[bytes.startIndex..<at], as: UTF8.self)) else { return nil }
    return (value, at - bytes.startIndex)
  }

  /// A signed number followed by nothing or a unit; nil when the text is something else.
  static func quantity(_ text: String) -> (value: Double, unit: String)? {
    var bytes = Array(text.utf8)[...]
    while bytes.last == 32 { bytes = bytes.dropLast() }
    while bytes.first == 32 { bytes = bytes.dropFirst() }
    let negative = bytes.first == 45
    if negative || bytes.first == 43 { bytes = bytes.dropFirst() }
    guard let number = scan(bytes) else { return nil }
    var rest = bytes.dropFirst(number.length)
    while rest.first == 32 { rest = rest.dropFirst() }
    let unit = String(decoding: rest, as: UTF8.self)
    guard unit.isEmpty || !Spelling.isDigit(rest[rest.startIndex]) else { return nil }
    return (negative ? -number.value : number.value, unit)
  }

  /// A complex number: `1.5`, `1.0-0.5i`, `0.5i`, `-i`, `(1, 2)`; nil when the text is something else.
  static func complex(_ text: String) -> (real: Double, imaginary: Double)? {
    let bytes = Array(text.utf8).filter { $0 != 32 }
    if bytes.first == 40 && bytes.last == 41 {
      let parts = bytes.dropFirst().dropLast().split(separator: 44, omittingEmptySubsequences: false)
      guard parts.count == 2, let re = signed(parts[0]), let im = signed(parts[1]) else { return nil }
      return (re, im)
    }
    guard bytes.last == 105 || bytes.last == 106 else { return signed(bytes[...]).map { ($0, 0) } }
    let body = bytes.dropLast()
    let split = body.indices.last { i in
      i > 0 && (body[i] == 43 || body[i] == 45) && body[i - 1] != 101 && body[i - 1] != 69
    }
    guard let im = imaginaryFactor(body[(split ?? 0)...]) else { return nil }
    guard let split else { return (0, im) }
    guard let re = signed(body[..<split]) else { return nil }
    return (re, im)
  }

  private static func imaginaryFactor(_ bytes: ArraySlice<UInt8>) -> Double? {
    switch bytes.count {
    case 0: return 1
    case 1 where bytes.first == 43: return 1
    case 1 where bytes.first == 45: return -1
    default: return signed(bytes)
    }
  }

  private static func signed(_ bytes: ArraySlice<UInt8>) -> Double? {
    guard let number = quantity(String(decoding: bytes, as: UTF8.self)), number.unit.isEmpty else { return nil }
    return number.value
  }
}
