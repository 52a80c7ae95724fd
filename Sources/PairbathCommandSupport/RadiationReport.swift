import ModelFiles
import RadiativeTransfer
import Sweeps

/// What `check` understood of a model of two bodies, as lines of text.
struct RadiationReport {
  private let document: RadiationDocument
  private let plan: SweepPlan

  init(_ document: RadiationDocument, plan: SweepPlan) {
    self.document = document
    self.plan = plan
  }

  var text: String { CheckReport.aligned(rows) }

  private var rows: [(String, String)] {
    let header = document.header
    return [("title", header.title.isEmpty ? "(none)" : header.title), ("units", "energies eV, temperatures K, lengths nm")]
      + [document.pair.first, document.pair.second].map { ("body \($0.name)", describe($0)) } + [("gap", gaps)]
      + CheckReport.sweepRows(document.axes)
      + [
        ("states", "\(plan.states)"),
        ("observables", document.settings.observables.map(\.rawValue).joined(separator: ", ")),
        ("tolerance", NumberFormatting.short(document.settings.tolerance) + " (relative)"),
      ] + CheckReport.costRows(plan)
  }

  private func describe(_ body: RadiatingBody) -> String {
    let bias = body.interbandGap.map { ", bias below \(NumberFormatting.short($0)) V" } ?? ", no bias"
    switch body.kind {
    case .blackBody: return "black body" + bias
    case .layers(let layers):
      let films = layers.dropLast().map { "\(NumberFormatting.short($0.thickness * 1e9)) nm \($0.material.name)" }
      let substrate = layers.last.map { (films.isEmpty ? "half-space of " : "half-space ") + $0.material.name } ?? ""
      return (films + [substrate]).joined(separator: " on ") + bias
    }
  }

  private var gaps: String {
    let values = Set(document.gaps).sorted().map { $0.isFinite ? NumberFormatting.short($0 * 1e9) + " nm" : "infinite" }
    return values.count < 4
      ? values.joined(separator: ", ") : "\(values.count) values, \(values[0]) to \(values[values.count - 1])"
  }
}
