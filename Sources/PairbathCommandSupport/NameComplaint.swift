import DataFiles
import RadiativeTransfer
import TerminalTransport
import TransportResults

/// What to say about a name that does not exist.
enum NameComplaint {
  /// "no variable 'x'; allowed: a, b, c; did you mean 'a'?"
  static func words(_ what: String, _ name: String, among candidates: [String]) -> String {
    let allowed = candidates.isEmpty ? "none" : candidates.joined(separator: ", ")
    let advice = Spelling.advice(for: name, among: candidates)
    return "no \(what) '\(name)'; allowed: \(allowed)" + (advice.isEmpty ? "" : "; \(advice)")
  }

  /// The same for a variable of a result: what somebody means may not have been computed.
  static func words(ofVariable name: String, in result: TransportResult) -> String {
    let here = result.variables.map(\.name)
    let known = here + observables(of: result).filter { !here.contains($0) }
    let meant = Spelling.suggestions(for: name, among: known)
    guard !meant.isEmpty, !meant.contains(where: here.contains) else { return words("variable", name, among: here) }
    let quoted = meant.map { "'\($0)'" }.joined(separator: " or ")
    return
      "no variable '\(name)'; allowed: \(here.joined(separator: ", ")); next: put \(quoted) under compute.observables of the model, "
      + "it was not computed"
  }

  /// What a model of the kind of the result may compute.
  private static func observables(of result: TransportResult) -> [String] {
    if result.dimensions.contains(where: { $0.name == StandardDimension.body.name }) {
      return RadiationObservable.allCases.map(\.rawValue)
    }
    return result.electrodeNames.isEmpty && result.modeEnergies.isEmpty
      ? TerminalSettings.Observable.allCases.map(\.rawValue) : Observable.allCases.map(\.rawValue)
  }
}
