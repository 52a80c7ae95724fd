#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The range of an axis, chosen so that curves fill the figure without touching the frame.
struct AxisRange {
  var low: Double
  var high: Double
  var isLog: Bool

  /// Exactly the data: for the x axis.
  init(exactly values: [Double], log isLog: Bool) {
    let usable = values.filter { $0.isFinite && (!isLog || $0 > 0) }
    self.init(low: usable.min() ?? (isLog ? 1 : 0), high: usable.max() ?? (isLog ? 10 : 1), isLog: isLog)
  }

  /// The data with a margin; zero is included when it is near.
  init(around values: [Double], log isLog: Bool) {
    self.init(exactly: values, log: isLog)
    if isLog {
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

  /// gnuplot's `set xrange` and what a logarithmic axis needs.
  func commands(_ axis: String) -> [String] {
    let range = "set \(axis)range [\(low):\(high)]"
    guard isLog else { return [range] }
    let format = decades > 1.5 ? "set format \(axis) '10^{%T}'" : "set format \(axis) '%g'"
    return [range, "set logscale \(axis)", format, "set m\(axis)tics 10"]
  }
}
