import CPairbath
import DataFiles
import ModelFiles
import Pairbath
import PairbathCommandSupport
import Sweeps

extension ModelBox {
  /// What the model is, in JSON.
  var description: String {
    let computation = model.computation
    let words = computation.description { NumberFormatting.short($0) }
    let fields: [(String, String)] = [
      ("title", JSONText.string(computation.title)), ("kind", JSONText.string(model.kind)),
      ("units", JSONText.string(model.header.units.rawValue)), ("file", JSONText.string(model.header.file)),
      ("tolerance", JSONText.number(computation.tolerance)), ("states", "\(computation.stateCount)"),
      ("parts", Self.rows(words.parts)), ("wanted", Self.rows(words.wanted)),
      ("sweep", "[" + computation.axes.map(Self.axis).joined(separator: ", ") + "]"),
      ("parameters", JSONText.strings(model.header.parameterNames)),
      ("values", Self.object(model.header.parameterValues.map { ($0, JSONText.number($1)) })),
      ("first_state", firstState),
      ("notes", JSONText.strings(model.notes)), ("text", JSONText.string(model.header.text)),
    ]
    return Self.object(fields)
  }

  /// Chemical potentials and temperatures of the first state of a junction, in the user's units; empty for other kinds.
  private var firstState: String {
    guard case .junction(let document) = model, document.points.count > 0 else { return "{}" }
    let (points, units) = (document.points, document.units)
    let (energy, temperature) = (units.outputFactor(of: .energy), units.outputFactor(of: .temperature))
    let electrodes = document.junction.electrodes.enumerated().map { i, electrode in
      Self.object([
        ("name", JSONText.string(electrode.name)),
        ("chemical_potential", JSONText.number(points.chemicalPotentials[i][0] * energy)),
        ("temperature", JSONText.number(points.temperatures[i][0] * temperature)),
      ])
    }
    let baths = document.junction.baths.enumerated().map { i, bath in
      Self.object([
        ("name", JSONText.string(bath.name)),
        (
          "chemical_potential",
          JSONText.number((points.bathChemicalPotentials.isEmpty ? 0 : points.bathChemicalPotentials[i][0]) * energy)
        ), ("temperature", JSONText.number(points.bathTemperatures[i][0] * temperature)),
      ])
    }
    return Self.object([
      ("electrodes", "[" + electrodes.joined(separator: ", ") + "]"), ("baths", "[" + baths.joined(separator: ", ") + "]"),
    ])
  }

  /// Everything that may be asked for, in JSON.
  var observables: String {
    let numbers = SearchedModel(model).catalogue.map { number in
      Self.object([
        ("observable", JSONText.string(number.wanted.word)), ("name", JSONText.string(number.quantity.name)),
        ("dimensions", JSONText.strings(number.quantity.dimensions.map(\.name))),
        ("unit", JSONText.string(model.header.units.label(of: number.quantity.quantity))),
        ("description", JSONText.string(number.quantity.words)),
      ])
    }
    return "[" + numbers.joined(separator: ", ") + "]"
  }

  private static func axis(_ axis: SweepAxis) -> String {
    object([
      ("name", JSONText.string(axis.name)), ("points", "\(axis.values.count)"), ("unit", JSONText.string(axis.unit)),
      ("first", JSONText.number(axis.values.first ?? .nan)), ("last", JSONText.number(axis.values.last ?? .nan)),
    ])
  }

  private static func rows(_ rows: [ComputationDescription.Row]) -> String {
    "[" + rows.map { JSONText.strings([$0.name, $0.value]) }.joined(separator: ", ") + "]"
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { JSONText.string($0) + ": " + $1 }.joined(separator: ", ") + "}"
  }
}

@_cdecl("pairbath_model_description")
public func describeModel(_ model: OpaquePointer?, _ error: CFailurePlace?) -> UnsafeMutablePointer<CChar>? {
  reporting(to: error) { () throws(CFailure) in CText.copy(try ModelBox.at(model).description) }
}

@_cdecl("pairbath_model_observables")
public func observables(of model: OpaquePointer?, _ error: CFailurePlace?) -> UnsafeMutablePointer<CChar>? {
  reporting(to: error) { () throws(CFailure) in CText.copy(try ModelBox.at(model).observables) }
}
