import TransportResults

/// What exists at a level of theory.
package struct LevelAbilities: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The second-order elastic correction, and with it derivatives of the complete currents.
  package static let secondOrder = LevelAbilities(rawValue: 1)
  /// The same for modes of the rotating-wave approximation.
  package static let rotatingWaveSecondOrder = LevelAbilities(rawValue: 2)
  /// Response to small forces, with electrons; bosons alone respond at every level.
  package static let linearResponse = LevelAbilities(rawValue: 4)
  /// Noise and counting statistics.
  package static let fluctuations = LevelAbilities(rawValue: 8)
  /// Gross rates of emission into the baths.
  package static let photonRates = LevelAbilities(rawValue: 16)
  /// The double integral [07:A2, A6, A7] as a second path to the currents.
  package static let doubleIntegral = LevelAbilities(rawValue: 32)

  /// Flows that do not depend on the populations of the modes: they exist where those have no steady state.
  package static let bareFlows = LevelAbilities(rawValue: 64)

  /// The levels with these abilities in words: "levels sharp and landauer".
  package var levels: String {
    let words = ComputeSettings.Level.allCases.filter { $0.theory.abilities.isSuperset(of: self) }.map(\.rawValue)
    guard let last = words.last, words.count > 1 else { return "level \(words.first ?? "")" }
    return "levels \(words.dropLast().joined(separator: ", ")) and \(last)"
  }
}
