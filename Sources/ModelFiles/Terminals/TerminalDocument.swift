import DataFiles
import JunctionModel
import SystemFiles
import TerminalTransport

/// A model file that describes terminals joined by given transmissions (Landauer by itself), read and checked.
public struct TerminalDocument: Sendable {
  /// Title, units, text and places.
  package let header: ModelHeader
  /// Baths and transmissions, internal units.
  package let terminals: Terminals
  /// Sweep axes in the user's units; the first varies slowest.
  public let axes: [SweepAxis]
  /// Every state: `bathTemperatures` and `bathChemicalPotentials`, internal units.
  public let points: OperatingPoints
  /// What to compute, internal units.
  package let settings: TerminalSettings
  /// The files that were read: the model and its data.
  package let inputs: InputFiles
  /// Sweep variables over which results are averaged.
  package let averages: [String]
  let source: ModelSource

  init(_ source: ModelSource) throws(FileError) {
    self.source = source
    let reader = try TerminalReader(source.reader)
    let parts = try reader.parts()
    do {
      terminals = try Terminals(
        parts.particles, degeneracy: parts.degeneracy, baths: parts.names, transmissions: parts.transmissions)
    } catch { throw source.header.located(error) }
    settings = try reader.settings(tolerance: source.tolerance)
    (axes, points) = try reader.states(of: terminals)
    source.reader.noteFilesOfAxes()
    averages = try source.reader.averages()
    inputs = source.reader.data.inputs
    header = source.header.reading(source.reader.data.dataFiles)
  }
}
