import Foundation

/// What a page asks to be computed.
package struct ExplorationQuestion: Sendable, Equatable, Decodable {
  /// A variable and where it goes.
  package struct Axis: Sendable, Equatable, Decodable {
    package var name: String
    package var from: Double
    package var to: Double
    package var points: Int
    package var logarithmic: Bool?
  }

  /// Energies at which something is wanted, in the model's units.
  package struct Grid: Sendable, Equatable, Decodable {
    package var from: Double
    package var to: Double
    package var points: Int
  }

  /// Who asks; at most one computation is done for each.
  package var view: String?
  package var values: [String: Double]?
  package var axes: [Axis]?
  package var observables: [String]?
  /// Names of the variables that the answer is to hold, beside what becomes of the states; nil for all.
  package var variables: [String]?
  package var level: String?
  package var tolerance: Double?
  package var frequencies: Grid?
  package var energies: Grid?
  /// Whether the levels of the electrons are wanted, too.
  package var levels: Bool?
  /// Of an export: netcdf, csv or model.
  package var format: String?

  /// Most bytes of a question.
  package static let longest = 65_536
  /// Most states, and most points of a spectrum.
  static let mostStates = 1_000_000
  static let mostPoints = 10_000

  /// Reads a question. Throws status 400 with what is wrong.
  package init(json: Data) throws(ExplorationFailure) {
    guard json.count <= Self.longest else {
      throw .bad("request", found: "\(json.count) bytes", allowed: "at most \(Self.longest)")
    }
    do { self = try JSONDecoder().decode(ExplorationQuestion.self, from: json) } catch {
      throw .bad("request", found: Self.words(error), allowed: "a JSON object as the page sends it")
    }
    try check()
  }

  private static func words(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "something else" }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context), .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "no JSON object" : "a wrong value of \(path)"
    @unknown default: return "something else"
    }
  }

  private func check() throws(ExplorationFailure) {
    if let view, view.utf8.count > 100 { throw .bad("view", found: "\(view.utf8.count) bytes", allowed: "at most 100") }
    for (name, value) in values ?? [:] where !value.isFinite {
      throw .bad("values.\(name)", found: "\(value)", allowed: "a finite number")
    }
    let axes = axes ?? []
    guard axes.count <= 3 else { throw .bad("axes", found: "\(axes.count)", allowed: "at most 3") }
    var states = 1
    for axis in axes {
      guard axis.from.isFinite, axis.to.isFinite, axis.points >= 1, axis.points <= Self.mostStates else {
        throw .bad(
          "axes.\(axis.name)", found: "\(axis.points) points from \(axis.from) to \(axis.to)",
          allowed: "finite ends and 1 to \(Self.mostStates) points")
      }
      guard axis.logarithmic != true || (axis.from > 0 && axis.to > 0) else {
        throw .bad("axes.\(axis.name)", found: "\(axis.from) to \(axis.to)", allowed: "positive ends on a logarithmic axis")
      }
      states *= axis.points
      guard states <= Self.mostStates else {
        throw .bad("axes", found: "more states", allowed: "at most \(Self.mostStates) together")
      }
    }
    guard Set(axes.map(\.name)).count == axes.count else { throw .bad("axes", found: "a name twice", allowed: "each once") }
    for (key, grid) in [("frequencies", frequencies), ("energies", energies)] {
      guard let grid else { continue }
      guard grid.from.isFinite, grid.to.isFinite, grid.points >= 1, grid.points <= Self.mostPoints else {
        throw .bad(
          key, found: "\(grid.points) points from \(grid.from) to \(grid.to)",
          allowed: "finite ends and 1 to \(Self.mostPoints) points")
      }
    }
    if let observables, observables.count > 64 {
      throw .bad("observables", found: "\(observables.count)", allowed: "at most 64")
    }
    if let variables, variables.count > 200 { throw .bad("variables", found: "\(variables.count)", allowed: "at most 200") }
    if let tolerance, !(tolerance > 0 && tolerance < 1) {
      throw .bad("tolerance", found: "\(tolerance)", allowed: "a number between 0 and 1")
    }
  }
}
