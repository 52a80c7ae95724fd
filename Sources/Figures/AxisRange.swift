#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The range of an axis, chosen so that curves fill the figure without touching the frame.
struct AxisRange: Equatable {
  var low: Double
  var high: Double
  var isLog: Bool

  /// Most decades that a logarithmic axis shows unless somebody asks for more: what lies below is rounding.
  static let mostDecades = 16.0

  /// A straight axis between two ends.
  init(low: Double, high: Double) { (self.low, self.high, isLog) = (low, high, false) }

  /// Exactly the data: for the x axis.
  init(exactly values: [Double], log isLog: Bool) {
    let usable = values.lazy.filter { $0.isFinite && (!isLog || $0 > 0) }
    self.init(low: usable.min() ?? (isLog ? 1 : 0), high: usable.max() ?? (isLog ? 10 : 1), isLog: isLog)
  }

  /// The data with a margin; zero is included when it is near.
  init(around values: [Double], log isLog: Bool) {
    self.init(exactly: values, log: isLog)
    if isLog {
      if decades > Self.mostDecades { low = high * pow(10, -Self.mostDecades) }
      (low, high) = (low / 1.5, high * 1.5)
      return
    }
    let margin = 0.06 * (high - low)
    let nearZero = 0.25 * (high - low)
    if low >= 0, low < nearZero { low = 0 } else { low -= margin }
    if high <= 0, -high < nearZero { high = 0 } else { high += margin }
  }

  private init(low: Double, high: Double, isLog: Bool) {
    let half = low == high ? max(abs(low) * 0.5, low == 0 ? 1 : 0) : 0
    (self.low, self.high, self.isLog) = isLog && half > 0 ? (low / 3, high * 3, true) : (low - half, high + half, isLog)
  }

  /// Puts the ends that somebody asked for in place of these; throws where nothing is left between them.
  mutating func limit(to limits: FigureSpecification.Limits?, option: String) throws(FigureError) {
    guard let limits else { return }
    let new = (limits.low ?? low, limits.high ?? high)
    guard new.0 < new.1, (new.1 - new.0).isFinite, !isLog || new.0 > 0 else {
      let (found, allowed) = ("\(Self.text(new.0)) to \(Self.text(new.1))", "\(Self.text(low)) to \(Self.text(high))")
      throw FigureError(
        .unsuitable,
        "\(option): found the range \(found); allowed: a lower end below the upper one" + (isLog ? ", both positive" : ""),
        hint: "what there is to draw spans \(allowed), in the numbers that the axis shows")
    }
    (low, high) = new
  }

  private static func text(_ value: Double) -> String { DecimalText.general(value, digits: 6) }

  func contains(_ value: Double) -> Bool { value >= low && value <= high }

  /// Where a value lies between low (0) and high (1).
  func fraction(_ value: Double) -> Double {
    isLog ? (value > 0 ? log(value / low) / log(high / low) : 0) : (value - low) / (high - low)
  }

  /// Raises the upper end by a fraction of the length.
  mutating func extend(by fraction: Double) {
    if isLog { high = low * pow(high / low, 1 + fraction) } else { high += fraction * (high - low) }
  }

  /// Factor between the ends in powers of ten.
  var decades: Double { isLog ? log10(high / low) : 0 }

  /// gnuplot's range and marks of the axis x, y or cb.
  func commands(_ axis: String, _ marks: TickMarks, style: String = "in mirror scale 0.6,0.3") -> [String] {
    ["set \(axis)range [\(low):\(high)]"] + (isLog ? ["set logscale \(axis)"] : [])
      + ["set \(axis)tics \(style) \(marks.list())"]
  }

  /// The same of an axis whose data are exponents already where it is logarithmic: pixels are equally wide then.
  func commandsOfExponents(_ axis: String, _ marks: TickMarks, style: String) -> [String] {
    guard isLog else { return commands(axis, marks, style: style) }
    return ["set \(axis)range [\(log10(low)):\(log10(high))]", "set \(axis)tics \(style) \(marks.list { log10($0) })"]
  }
}
