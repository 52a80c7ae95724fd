import ModelFiles
import Sweeps

extension RadiationRequest {
  /// The computation a model file of two bodies asks for.
  package init(_ document: RadiationDocument) {
    self.init(
      title: document.header.title, pair: document.pair, axes: document.axes, states: document.states, gaps: document.gaps,
      settings: document.settings, modelText: document.header.text, modelHash: document.header.hash)
  }
}
