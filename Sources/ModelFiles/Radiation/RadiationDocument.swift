import DataFiles
import JunctionModel
import RadiativeTransfer
import SystemFiles

/// A model file of two bodies that radiate to each other, read and checked.
public struct RadiationDocument: Sendable {
  /// Title, units, text and places.
  package let header: ModelHeader
  /// The bodies.
  package let pair: RadiatingPair
  /// Sweep axes in the user's units; the first varies slowest.
  public let axes: [SweepAxis]
  /// Temperatures and biases of every state, eV.
  package let states: [RadiationState]
  /// The gap of every state, m; infinite for the far field.
  public let gaps: [Double]
  /// What to compute.
  package let settings: RadiationSettings
  /// The files that were read: the model and its data.
  package let inputs: InputFiles

  init(_ source: ModelSource) throws(FileError) {
    let reader = source.reader
    header = source.header
    guard reader.units == .electronVolt else {
      throw reader.root.value.fail(
        .invalidModel, found: "natural units", allowed: "units: eV, because radiation between bodies has lengths and areas",
        at: reader.root.position(of: "units"), key: "units")
    }
    pair = try reader.bodies(try reader.materials())
    settings = try reader.radiationSettings(tolerance: source.tolerance)
    let frame = StateFrame(root: reader.root, units: reader.units)
    (axes, states, gaps) = try RadiationStateReader(frame: frame, pair: pair).states()
    inputs = reader.data.inputs
  }
}
