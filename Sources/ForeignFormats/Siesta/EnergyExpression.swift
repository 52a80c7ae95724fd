/// Energies as TBtrans writes them in contours and chemical potentials: `-|V|/2 - 5 kT`, `-1. eV + V/2`, `0.25 V`.
struct EnergyExpression {
  /// The bias, eV.
  let voltage: Double
  /// kT, eV.
  let temperature: Double

  /// The value in eV; nil for what is no such expression. A number without unit counts in Ry.
  func value(_ text: String) -> Double? {
    var rest = Substring(text)
    var sum = 0.0
    var isFirst = true
    func skip() { while let c = rest.first, c.isWhitespace || c == "*" { rest.removeFirst() } }
    skip()
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      var sign = 1.0
      var hasSign = false
      while let c = rest.first, c == "+" || c == "-" {
        if c == "-" { sign = -sign }
        hasSign = true
        rest.removeFirst()
        skip()
      }
      guard isFirst || hasSign else { return nil }
      isFirst = false
      let number = Self.number(&rest)
      skip()
      guard var value = term(&rest, hasNumber: number != nil) else { return nil }
      value *= (number ?? 1) * sign
      skip()
      while rest.first == "/" {
        rest.removeFirst()
        skip()
        guard let divisor = Self.number(&rest), divisor != 0 else { return nil }
        value /= divisor
        skip()
      }
      sum += value
    }
    return sum.isFinite ? sum : nil
  }

  /// What a number stands before: V, |V|, kT, a unit, or nothing.
  private func term(_ rest: inout Substring, hasNumber: Bool) -> Double? {
    if rest.hasPrefix("|V|") || rest.hasPrefix("|v|") {
      rest.removeFirst(3)
      return abs(voltage)
    }
    let letters = rest.prefix { $0.isLetter }
    guard !letters.isEmpty else { return hasNumber ? FdfUnits.rydberg : nil }
    rest.removeFirst(letters.count)
    switch letters.lowercased() {
    case "v": return voltage
    case "kt": return temperature
    default: return hasNumber ? FdfUnits.energy(String(letters)) : nil
    }
  }

  private static func number(_ rest: inout Substring) -> Double? {
    var count = 0
    var last: Character = " "
    for c in rest {
      // No number is as long, and each step looks one character ahead from the beginning.
      guard count < 64 else { return nil }
      let next = rest.dropFirst(count + 1).first
      let isExponent = "eEdD".contains(c) && count > 0 && next.map { $0.isNumber || "+-".contains($0) } == true
      guard c.isNumber || c == "." || isExponent || ("+-".contains(c) && "eEdD".contains(last)) else { break }
      last = c
      count += 1
    }
    guard count > 0, let value = FdfLine.number(String(rest.prefix(count))) else { return nil }
    rest.removeFirst(count)
    return value
  }
}
