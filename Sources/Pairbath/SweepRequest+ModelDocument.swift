import ModelFiles
import Sweeps

extension SweepRequest {
  /// The computation a model file asks for, of one junction. Where sweep variables change the junction it is refused when it runs:
  /// `ModelFile.run` computes one junction after another.
  public init(_ document: ModelDocument) {
    self.init(
      title: document.title, units: document.units, junction: document.junction, axes: document.axes, points: document.points,
      settings: document.settings, modelText: document.text, modelHash: document.hash,
      pointAt: { try? document.point(at: $0) },
      lineAt: { values, name in
        document.line(at: values, along: name).map { StateDerivatives(first: $0.first, second: $0.second) }
      })
    derivativesAlong = { document.derivatives(along: $0) }
    systemNames = document.systemNames
    conductorChange = document.conductorChange
    if document.systemCount > 1 { changingAxes = document.systemAxes.map { document.axes[$0].name } }
  }
}
