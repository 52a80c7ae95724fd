import Pairbath

/// What a search makes large or small: one number of a state, or a product and quotient of several, `power*efficiency`.
package struct ObjectiveProduct: Sendable {
  /// As the user calls it.
  package let text: String
  /// What must be computed for it, each once.
  package let wanted: [SearchedModel.Wanted]
  /// The factors; 1 for one that multiplies, -1 for one that divides.
  private let factors: [(objective: Objective, exponent: Int)]

  /// Takes `NAME*NAME/NAME` apart, every name with its labels, for the states of a model. Throws as `Objective`.
  package init(_ text: String, of model: SearchedModel) throws(CommandFailure) {
    self.text = text
    var factors: [(objective: Objective, exponent: Int)] = []
    for (word, exponent) in try Self.words(text) {
      factors.append((try Objective(word, of: model), exponent))
    }
    self.factors = factors
    wanted = factors.reduce(into: []) { list, factor in
      if !list.contains(factor.objective.wanted) { list.append(factor.objective.wanted) }
    }
  }

  private static func words(_ text: String) throws(CommandFailure) -> [(String, Int)] {
    var words: [(String, Int)] = []
    var (word, exponent) = ("", 1)
    for character in text + "*" {
      guard character == "*" || character == "/" else {
        if character != " " { word.append(character) }
        continue
      }
      guard !word.isEmpty else {
        throw .usage("objective: found '\(text)'; allowed: numbers of a state joined by * and /, for example power*efficiency")
      }
      words.append((word, exponent))
      (word, exponent) = ("", character == "/" ? -1 : 1)
    }
    return words
  }

  /// The number in a result with one state, with its error and unit; nil where a factor is not there or a divisor is zero.
  package func reading(in result: TransportResult) -> (value: Estimate, unit: String)? {
    guard factors.count > 1 || factors[0].exponent < 0 else { return factors[0].objective.reading(in: result) }
    var (value, units) = (Estimate(1, error: 0), [String]())
    for (objective, exponent) in factors {
      guard let (factor, unit) = objective.reading(in: result) else { return nil }
      if exponent > 0 {
        value = Estimate(
          value.value * factor.value,
          error: abs(value.value) * factor.error + abs(factor.value) * value.error + value.error * factor.error)
      } else {
        // The divisor may be as small as its error allows.
        let least = abs(factor.value) - factor.error
        guard least > 0 else { return nil }
        let quotient = value.value / factor.value
        value = Estimate(quotient, error: (value.error + abs(quotient) * factor.error) / least)
      }
      if unit != "1" { units.append(exponent > 0 ? "(\(unit))" : "(\(unit))^-1") }
    }
    return (value, units.isEmpty ? "1" : units.joined(separator: " "))
  }
}
