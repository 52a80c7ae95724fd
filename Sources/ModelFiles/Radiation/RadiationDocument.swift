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
  private let fileNotes: [String]
  /// Sweep variables over which results are averaged.
  package let averages: [String]
  let source: ModelSource

  init(_ source: ModelSource) throws(FileError) {
    self.source = source
    let reader = source.reader
    guard reader.units == .electronVolt else {
      throw reader.root.value.fail(
        .invalidModel, found: "natural units", allowed: "units: eV, because radiation between bodies has lengths and areas",
        at: reader.root.position(of: "units"), key: "units")
    }
    pair = try reader.bodies(try reader.materials())
    settings = try reader.radiationSettings(tolerance: source.tolerance)
    let frame = StateFrame(root: reader.root, units: reader.units, place: reader.place)
    (axes, states, gaps) = try RadiationStateReader(frame: frame, pair: pair).states()
    reader.noteFilesOfAxes()
    averages = try reader.averages()
    inputs = reader.data.inputs
    fileNotes = reader.data.notes
    header = source.header.reading(reader.data.dataFiles)
  }

  /// Gaps below which local dielectric functions and smooth surfaces are no model of two bodies, m.
  static let smallestGap = 1e-9

  /// What is doubtful about the model though it can be computed.
  package var notes: [String] {
    guard let smallest = gaps.min(), smallest < Self.smallestGap else { return fileNotes }
    let position = header.location(of: ["state", "gap"]).map { "\(header.file):\($0.line):\($0.column)" }
    let place = position ?? header.option(at: ["state", "gap"]) ?? header.file
    return fileNotes + [
      "\(place): state.gap: found a gap of \(smallest) m; allowed: meaningful numbers from about 1 nm on; next: gaps of 1 nm and more. "
        + "Below, electrons tunnel and dielectric functions are not local: the fluxes computed there are those of the formula, not of two bodies"
    ]
  }
}
