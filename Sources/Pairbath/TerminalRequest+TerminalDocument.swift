import ModelFiles
import Sweeps

extension TerminalRequest {
  /// The computation a model file of terminals describes.
  package init(_ document: TerminalDocument) {
    self.init(
      title: document.header.title, units: document.header.units, terminals: document.terminals, axes: document.axes,
      points: document.points, settings: document.settings, modelText: document.header.text, modelHash: document.header.hash)
  }
}
