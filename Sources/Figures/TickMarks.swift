#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The marks of an axis with their numbers, chosen so that no two numbers run into each other.
struct TickMarks: Equatable {
  /// A mark with a number or word.
  struct Major: Equatable {
    let place: Double
    /// Enhanced text.
    let label: String
  }

  /// Which way the axis runs: numbers need their widths along a horizontal one, their heights along a vertical one.
  enum Direction { case horizontal, vertical }

  var major: [Major]
  var minor: [Double] = []

  /// Widest label, points.
  var width: Double { (major.map { Typography.width($0.label) }.max() ?? 0) * FigureFormat.fontSize }

  /// Marks of a range drawn over `room` points; whole numbers only when asked for.
  init(_ range: AxisRange, room: Double, _ direction: Direction, wholeNumbers: Bool = false) {
    self = range.isLog ? Self.logarithmic(range, room, direction) : Self.linear(range, room, direction, wholeNumbers)
  }

  /// Words at 0, 1, 2, ..., in smaller letters where they are wider than `room` points.
  init(words: [String], room: Double = .infinity) {
    let texts = words.map { Typography.escaped($0.replacing("_", with: " "), limit: Typography.longestName) }
    let widest = (texts.map { Typography.width($0) }.max() ?? 0) * FigureFormat.fontSize
    major = texts.enumerated().map { number, text in
      let own = Typography.width(text) * FigureFormat.fontSize
      return Major(place: Double(number), label: Typography.fitting(text, room: own * min(room / max(widest, 1), 1)))
    }
  }

  private init(_ major: [Major], minor: [Double]) { (self.major, self.minor) = (major, minor) }

  /// gnuplot's list of marks; `place` is where a value lies on the axis drawn.
  func list(_ place: (Double) -> Double = { $0 }) -> String {
    let entries =
      major.map { "\(Typography.quoted($0.label)) \(place($0.place))" } + minor.map { "'' \(place($0)) 1" }
    return "(\(entries.joined(separator: ", ")))"
  }

  private static func linear(_ range: AxisRange, _ room: Double, _ direction: Direction, _ wholeNumbers: Bool) -> TickMarks {
    let length = range.high - range.low
    var exponent = Int(log10(length / 20).rounded(.down))
    if wholeNumbers { exponent = max(exponent, 0) }
    var last = TickMarks([], minor: [])
    for k in 0..<12 {
      let digit = [1.0, 2, 5][k % 3]
      let power = exponent + k / 3
      let marks = linear(range, digit: digit, power: power)
      if k > 0, marks.major.count < 2, !last.major.isEmpty { return last.thinned { fits($0, range, room, direction) } }
      last = marks
      if marks.major.count <= 9, fits(marks.major, range, room, direction) { return marks }
    }
    return last.thinned { fits($0, range, room, direction) }
  }

  /// Every second number, and every second of those, until they fit.
  private func thinned(until fit: ([Major]) -> Bool) -> TickMarks {
    var copy = self
    while copy.major.count > 1, !fit(copy.major) {
      copy.minor += stride(from: 1, to: copy.major.count, by: 2).map { copy.major[$0].place }
      copy.major = stride(from: 0, to: copy.major.count, by: 2).map { copy.major[$0] }
    }
    return copy
  }

  private static func linear(_ range: AxisRange, digit: Double, power: Int) -> TickMarks {
    func value(_ k: Double, _ digit: Double) -> Double {
      power < 0 ? k * digit / pow(10, Double(-power)) : k * digit * pow(10, Double(power))
    }
    func multiples(_ digit: Double) -> [Double] {
      let step = value(1, digit)
      let slack = 1e-9 * (range.high - range.low) / step
      let (first, last) = ((range.low / step - slack).rounded(.up), (range.high / step + slack).rounded(.down))
      return first <= last && last - first < 400 ? stride(from: first, through: last, by: 1).map { value($0 + 0, digit) } : []
    }
    let decimals = max(-power, 0)
    let major = multiples(digit).map { Major(place: $0, label: number($0, decimals: decimals)) }
    let minor = multiples(digit == 2 ? 1 : digit / (digit == 5 ? 5 : 2))
    return TickMarks(major, minor: minor.filter { place in !major.contains { abs($0.place - place) < 1e-9 * value(1, digit) } })
  }

  private static func logarithmic(_ range: AxisRange, _ room: Double, _ direction: Direction) -> TickMarks {
    let (low, high) = (Int((log10(range.low) - 1e-9).rounded(.up)), Int((log10(range.high) + 1e-9).rounded(.down)))
    guard range.decades > 1.5, low < high else { return withinDecade(range, room, direction) }
    var marks = TickMarks([], minor: [])
    for step in [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100] {
      let exponents = (low...high).filter { $0 % step == 0 }
      marks.major = exponents.map { Major(place: pow(10, Double($0)), label: power($0)) }
      guard fits(marks.major, range, room, direction) else { continue }
      if step > 1 {
        marks.minor = (low...high).filter { e in e % step != 0 }.map { e in pow(10.0, Double(e)) as Double }
      } else {
        let places = ((low - 1)...high).flatMap { e -> [Double] in (2...9).map { k in Double(k) * pow(10, Double(e)) } }
        marks.minor = places.filter { range.contains($0) }
      }
      break
    }
    return marks
  }

  /// Marks of an axis too short for powers of ten.
  private static func withinDecade(_ range: AxisRange, _ room: Double, _ direction: Direction) -> TickMarks {
    let exponents = Int(log10(range.low).rounded(.down))...Int(log10(range.high).rounded(.up))
    func places(_ digits: [Double]) -> [Double] {
      exponents.flatMap { e in digits.map { $0 * pow(10, Double(e)) } }.filter(range.contains)
    }
    let all = places([1, 2, 3, 4, 5, 6, 7, 8, 9])
    let choices: [[Double]] = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]
    for digits in choices {
      let major = places(digits).map { Major(place: $0, label: number($0)) }
      guard major.count > 1, fits(major, range, room, direction) else { continue }
      return TickMarks(major, minor: all.filter { place in !major.contains { $0.place == place } })
    }
    let straight = AxisRange(low: range.low, high: range.high)
    for share in [1, 0.7, 0.5, 0.35] {
      let marks = linear(straight, room * share, direction, false)
      if fits(marks.major, range, room, direction) { return marks }
    }
    return TickMarks([range.low, range.high].map { Major(place: $0, label: number($0)) }, minor: [])
  }

  private static func fits(_ major: [Major], _ range: AxisRange, _ room: Double, _ direction: Direction) -> Bool {
    zip(major, major.dropFirst()).allSatisfy { a, b in
      let distance = (range.fraction(b.place) - range.fraction(a.place)) * room
      guard direction == .horizontal else { return distance >= 2 * FigureFormat.fontSize }
      let widths = (Typography.width(a.label) + Typography.width(b.label)) / 2 * FigureFormat.fontSize
      return distance >= widths + FigureFormat.fontSize
    }
  }

  /// A number with a real minus sign.
  static func number(_ value: Double, decimals: Int) -> String {
    signed(DecimalText.fixed(value == 0 ? 0 : value, decimals: decimals))
  }

  /// A number in at most `digits` digits, with a real minus sign and power of ten.
  static func number(_ value: Double, digits: Int = 6) -> String {
    let text = DecimalText.general(value, digits: digits)
    guard let cut = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: cut)...]) else { return signed(text) }
    return (text[..<cut] == "1" ? "" : signed(String(text[..<cut])) + "×") + power(exponent)
  }

  static func power(_ exponent: Int) -> String { "10^{\(signed("\(exponent)"))}" }

  private static func signed(_ text: String) -> String { text.replacing("-", with: "−") }
}
