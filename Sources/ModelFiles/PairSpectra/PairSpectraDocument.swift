import DataFiles
import DenseMatrices
import JunctionModel
import SystemFiles
import TransportResults

/// A model file that gives the spectra of electron-hole pairs themselves, in place of a conductor with electrodes, read and checked.
public struct PairSpectraDocument: Sendable {
  /// Title, units, text and places.
  package let header: ModelHeader
  /// Modes, kernels and baths, internal units.
  package let spectra: GivenPairSpectra
  /// Sweep axes in the user's units; the first varies slowest.
  public let axes: [SweepAxis]
  /// Every state, internal units.
  public let points: OperatingPoints
  /// What to compute.
  package let settings: PairSpectraSettings
  package let inputs: InputFiles
  package let averages: [String]
  let source: ModelSource

  init(_ source: ModelSource) throws(FileError) {
    self.source = source
    let reader = source.reader
    let parts = try PairSpectraReader(reader)
    do throws(ModelError) { spectra = try parts.spectra() } catch { throw source.header.located(error) }
    (axes, points) = try parts.states(of: spectra)
    settings = try parts.settings(tolerance: source.tolerance)
    reader.noteFilesOfAxes()
    averages = try reader.averages()
    inputs = reader.data.inputs
    header = source.header.reading(reader.data.dataFiles)
  }
}
