import ModelFiles
import Sweeps

extension PairSpectraRequest {
  /// The computation a model file of given pair spectra describes.
  package init(_ document: PairSpectraDocument) {
    var settings = PairSpectraSettings()
    let wanted = document.observables.compactMap(PairSpectraSettings.Observable.init(rawValue:))
    if !wanted.isEmpty { settings.observables = wanted }
    if let tolerance = document.tolerance { settings.tolerance = tolerance }
    self.init(
      title: document.header.title, units: document.header.units, spectra: document.spectra, axes: document.axes,
      points: document.points, settings: settings, modelText: document.header.text, modelHash: document.header.hash)
  }
}
