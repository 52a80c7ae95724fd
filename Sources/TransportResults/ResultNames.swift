/// Names the result file keeps for itself.
package enum ResultNames {
  /// Dimensions besides the sweep axes.
  package static let dimensions = [
    "electrode", "electrode2", "bath", "bath2", "channel", "reservoir", "reservoir2", "mode", "mode2", "frequency", "energy",
    "instability", "ri", "terminal", "terminal2", "cumulant", "quanta",
    "body", "polarization", "zone",
  ]
}
