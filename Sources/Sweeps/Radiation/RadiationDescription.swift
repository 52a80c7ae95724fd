import RadiativeTransfer
import TransportResults

/// What two bodies and their computation consist of, in words.
struct RadiationDescription {
  private let request: RadiationRequest
  private let number: (Double) -> String

  init(_ request: RadiationRequest, number: @escaping (Double) -> String) { (self.request, self.number) = (request, number) }

  var description: ComputationDescription {
    let bodies = [request.pair.first, request.pair.second].map { (name: "body \($0.name)", value: describe($0)) }
    return ComputationDescription(
      parts: [("units", "energies eV, temperatures K, lengths nm")] + bodies + [("gap", gaps)],
      wanted: [
        ("observables", request.settings.observables.map(\.rawValue).joined(separator: ", ")),
        ("tolerance", number(request.settings.tolerance) + " (relative)"),
      ])
  }

  private func describe(_ body: RadiatingBody) -> String {
    let bias = body.interbandGap.map { ", bias below \(number($0)) V" } ?? ", no bias"
    switch body.kind {
    case .blackBody: return "black body" + bias
    case .layers(let layers):
      let films = layers.dropLast().map { "\(number($0.thickness * 1e9)) nm \($0.material.name)" }
      let substrate = layers.last.map { (films.isEmpty ? "half-space of " : "half-space ") + $0.material.name } ?? ""
      return (films + [substrate]).joined(separator: " on ") + bias
    }
  }

  private var gaps: String {
    let values = Set(request.gaps).sorted().map { $0.isFinite ? number($0 * 1e9) + " nm" : "infinite" }
    return values.count < 4
      ? values.joined(separator: ", ") : "\(values.count) values, \(values[0]) to \(values[values.count - 1])"
  }
}
