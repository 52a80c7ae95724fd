import JunctionModel
import RadiativeTransfer
import TransportResults

/// A whole computation of two bodies: their states and what is wanted of them.
package struct RadiationRequest: Sendable {
  /// Shown in the result.
  package var title: String
  /// The bodies.
  package var pair: RadiatingPair
  /// Axes in the user's units; the product of their lengths is the number of states.
  package var axes: [SweepAxis]
  /// Temperatures and biases of every state, eV.
  package var states: [RadiationState]
  /// The gap of every state, m; infinite for the far field.
  package var gaps: [Double]
  /// What to compute.
  package var settings: RadiationSettings
  /// The model text, copied into the result.
  package var modelText: String
  /// SHA-256 of the model text.
  package var modelHash: String

  /// A request; `states` and `gaps` have one entry per point of the axes' product.
  package init(
    title: String, pair: RadiatingPair, axes: [SweepAxis], states: [RadiationState], gaps: [Double],
    settings: RadiationSettings, modelText: String = "", modelHash: String = ""
  ) {
    precondition(states.count == axes.reduce(1) { $0 * $1.values.count }, "states do not match the axes")
    precondition(gaps.count == states.count, "gaps do not match the states")
    self.title = title
    self.pair = pair
    self.axes = axes
    self.states = states
    self.gaps = gaps
    self.settings = settings
    self.modelText = modelText
    self.modelHash = modelHash
  }

  /// The result of this request without numbers: title, axes, and the labels of every dimension.
  package var emptyResult: TransportResult { RadiationAssembly(request: self).empty }

  /// A gap and the states that have it.
  typealias GapStates = (gap: Double, states: [Int])

  /// The different gaps, ascending, and the states of each.
  var statesByGap: [GapStates] {
    Dictionary(grouping: states.indices) { gaps[$0] }.map { ($0.key, $0.value.sorted()) }.sorted { $0.0 < $1.0 }
  }
}
