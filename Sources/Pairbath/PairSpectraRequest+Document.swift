import ModelFiles
import Sweeps

extension PairSpectraRequest {
  /// The computation a model file of given pair spectra describes.
  package init(_ document: PairSpectraDocument) {
    self.init(
      title: document.header.title, units: document.header.units, spectra: document.spectra, axes: document.axes,
      points: document.points, settings: document.settings, modelText: document.header.text, modelHash: document.header.hash)
  }
}
