import Figures
import Pairbath

/// What a search makes large or small: one number of a state.
package struct Objective: Sendable {
  /// As the user calls it.
  package let text: String
  /// What must be computed for it.
  package let observable: Observable
  private let variable: String
  private let dimensions: [String]
  /// Labels of the variable's dimensions, in order.
  private let labels: [String]
  /// -1 for what is defined against the variable's sign.
  private let factor: Double
  /// The sum over all components when no label is given.
  private let isSum: Bool
  /// The machines that have such a number; nil for any state.
  private let kinds: Set<MachineKind>?

  /// Numbers with names of their own.
  private struct Named {
    let name: String
    let observable: Observable
    let variable: String
    var factor = 1.0
    var isSum = false
    var kinds: Set<MachineKind>?
  }

  private static let named: [Named] = [
    Named(
      name: "cooling_power", observable: .bathEnergyCurrent, variable: "bath_energy_current", factor: -1, isSum: true),
    Named(name: "power", observable: .machine, variable: "machine_power"),
    Named(
      name: "efficiency", observable: .machine, variable: "machine_performance",
      kinds: [.engineDrivenByHeat, .engineDrivenByBias]),
    Named(
      name: "coefficient_of_performance", observable: .machine, variable: "machine_performance",
      kinds: [.refrigeratorDrivenByHeat, .refrigeratorDrivenByBias, .heatPumpDrivenByHeat, .heatPumpDrivenByBias]),
  ]

  /// Takes `NAME` or `NAME:LABEL,LABEL` apart for a junction. Throws a usage failure that names the nearest name or label.
  package init(_ text: String, junction: Junction) throws(CommandFailure) {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let given = parts.count > 1 ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) : []
    let known = Observable.allCases.flatMap { o in
      o.stateVariables.map { (observable: o, name: $0.name, dimensions: $0.dimensions) }
    }
    let special = Self.named.first { $0.name == parts[0] }
    guard let found = known.first(where: { $0.name == special?.variable ?? parts[0] }), found.name != "machine" else {
      var names = Self.named.map(\.name)
      for entry in known where !names.contains(entry.name) && entry.name != "machine" { names.append(entry.name) }
      let complaint = NearestName.complaint("number of a state", parts[0], among: names)
      throw .usage("objective: \(complaint.message)" + (complaint.hint.isEmpty ? "" : "; \(complaint.hint)"))
    }
    observable = special?.observable ?? found.observable
    (variable, dimensions) = (found.name, found.dimensions)
    (factor, kinds) = (special?.factor ?? 1, special?.kinds)
    isSum = special?.isSum == true && given.isEmpty
    labels = isSum ? [] : try Self.labels(given, of: found.dimensions, text, junction)
  }

  private static func labels(
    _ given: [String], of dimensions: [String], _ text: String, _ junction: Junction
  ) throws(CommandFailure) -> [String] {
    var result: [String] = []
    for (i, dimension) in dimensions.enumerated() {
      let all = names(of: dimension, junction)
      if given.isEmpty && all.count == 1 {
        result.append(all[0])
        continue
      }
      guard i < given.count else {
        let example = dimensions.map { names(of: $0, junction).first ?? "0" }.joined(separator: ",")
        throw .usage(
          "objective: '\(text)' has one number per \(dimensions.joined(separator: " and ")): "
            + "\(all.joined(separator: ", ")); next: choose one, for example \(text.prefix { $0 != ":" }):\(example)")
      }
      guard all.contains(given[i]) else {
        let complaint = NearestName.complaint(dimension, given[i], among: all)
        throw .usage("objective: \(complaint.message)" + (complaint.hint.isEmpty ? "" : "; \(complaint.hint)"))
      }
      result.append(given[i])
    }
    guard given.count <= dimensions.count else {
      throw .usage("objective: '\(text)' has \(given.count) labels; allowed: \(dimensions.count)")
    }
    return result
  }

  private static func names(of dimension: String, _ junction: Junction) -> [String] {
    let channels = junction.channels.map { junction.label(of: $0) }
    let baths = junction.baths.map(\.name)
    switch dimension {
    case "electrode", "electrode2": return junction.electrodes.map(\.name)
    case "bath", "bath2": return baths
    case "channel": return channels
    case "reservoir", "reservoir2": return channels + baths
    default: return (0..<junction.bosons.count).map(String.init)
    }
  }

  /// The number in a result with one state, with its error and unit; nil where there is none, with the reason.
  package func reading(
    in result: TransportResult, junction: Junction
  ) -> (value: Estimate, unit: String)? {
    guard let variable = result.variable(variable), let errors = variable.errors else { return nil }
    if let kinds {
      guard let code = result.variable("machine")?.values.first, code.isFinite,
        let kind = MachineKind(rawValue: Int(code)), kinds.contains(kind)
      else { return nil }
    }
    if isSum {
      let value = variable.values.reduce(0, +)
      return (Estimate(factor * value, error: errors.reduce(0, +)), variable.unit)
    }
    var index = 0
    for (dimension, label) in zip(dimensions, labels) {
      let all = Self.names(of: dimension, junction)
      guard let at = all.firstIndex(of: label) else { return nil }
      index = index * all.count + at
    }
    guard variable.values.indices.contains(index) else { return nil }
    return (Estimate(factor * variable.values[index], error: errors[index]), variable.unit)
  }
}
