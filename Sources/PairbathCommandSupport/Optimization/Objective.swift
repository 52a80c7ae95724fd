import Figures
import Pairbath
import TransportCurrents

/// What a search makes large or small: one number of a state, any component of any quantity that results contain.
package struct Objective: Sendable {
  /// As the user calls it.
  package let text: String
  /// What must be computed for it.
  package let wanted: SearchedModel.Wanted
  private let quantity: ResultQuantity
  /// Where it stands among the quantity's components.
  private let index: Int
  /// -1 for what is defined against the variable's sign.
  private let factor: Double
  /// The sum over all components when no label is given.
  private let isSum: Bool
  /// The machines that have such a number; nil for any state.
  private let kinds: Set<MachineKind>?

  /// Numbers with names of their own.
  private struct Named {
    let name: String
    let wanted: SearchedModel.Wanted
    let quantity: ResultQuantity
    var factor = 1.0
    var isSum = false
    var kinds: Set<MachineKind>?
  }

  private static let named: [Named] = [
    Named(
      name: "cooling_power", wanted: .junction(.bathEnergyCurrent), quantity: .bathEnergyCurrent, factor: -1, isSum: true),
    Named(name: "power", wanted: .junction(.machine), quantity: .machinePower),
    Named(name: "power", wanted: .bodies(.electricalPower), quantity: RadiationObservable.electricalPower.quantity, isSum: true),
    Named(
      name: "efficiency", wanted: .junction(.machine), quantity: .machinePerformance,
      kinds: [.engineDrivenByHeat, .engineDrivenByBias]),
    Named(
      name: "coefficient_of_performance", wanted: .junction(.machine), quantity: .machinePerformance,
      kinds: [.refrigeratorDrivenByHeat, .refrigeratorDrivenByBias, .heatPumpDrivenByHeat, .heatPumpDrivenByBias]),
  ]

  /// Takes `NAME` or `NAME:LABEL,LABEL` apart for the states of a model. Throws a usage failure that names the nearest name, or the
  /// labels of a dimension.
  package init(_ text: String, of model: SearchedModel) throws(CommandFailure) {
    self.text = text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let given = parts.count > 1 ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init) : []
    let known = model.numbers
    let named = Self.named.filter { entry in known.contains { $0.wanted == entry.wanted } }
    let special = named.first { $0.name == parts[0] }
    guard let found = known.first(where: { $0.quantity.name == special?.quantity.name ?? parts[0] }) else {
      var names = named.map(\.name)
      for entry in known where !names.contains(entry.quantity.name) { names.append(entry.quantity.name) }
      throw .usage("objective: " + NameComplaint.words("number of a state", parts[0], among: names))
    }
    wanted = special?.wanted ?? found.wanted
    (factor, kinds, quantity) = (special?.factor ?? 1, special?.kinds, found.quantity)
    isSum = special?.isSum == true && given.isEmpty
    index = isSum ? 0 : try Self.index(of: given, in: found.quantity, text, model.computing([wanted]).emptyResult)
  }

  /// The place of a labelled component, row-major. Dimensions with one label need not be named.
  private static func index(
    of given: [String], in quantity: ResultQuantity, _ text: String, _ result: TransportResult
  ) throws(CommandFailure) -> Int {
    let dimensions = (quantity.dimensions + (quantity.isComplex ? [.complexPart] : [])).map { result.dimension($0.rawValue) }
      .compactMap { $0 }
    let open = dimensions.filter { $0.count != 1 }
    guard given.count == dimensions.count || given.count == open.count else {
      throw incomplete(dimensions, given, text, quantity.name)
    }
    var rest = given[...]
    var index = 0
    for dimension in dimensions {
      guard given.count == dimensions.count || dimension.count != 1 else { continue }
      let label = rest.popFirst() ?? ""
      guard let place = place(of: label, in: dimension) else {
        throw .usage("objective: " + NameComplaint.words(dimension.name, label, among: dimension.labels()))
      }
      index = index * dimension.count + place
    }
    return index
  }

  /// Names are taken as they stand, numbers as numbers.
  private static func place(of label: String, in dimension: ResultDimension) -> Int? {
    if let place = dimension.labels().firstIndex(of: label) { return place }
    guard dimension.isNumeric, let number = Double(label) else { return nil }
    return dimension.numbers?.firstIndex { abs($0 - number) <= 1e-9 * max(abs($0), abs(number)) }
  }

  private static func incomplete(
    _ dimensions: [ResultDimension], _ given: [String], _ text: String, _ name: String
  ) -> CommandFailure {
    guard !dimensions.isEmpty else {
      return .usage("objective: '\(text)' has \(given.count) labels; allowed: none, \(name) is one number per state")
    }
    let lists = dimensions.map { "\($0.name): \($0.labels().prefix(20).joined(separator: ", "))\($0.count > 20 ? ", ..." : "")" }
    let example = dimensions.map { $0.labels().first ?? "0" }.joined(separator: ",")
    return .usage(
      "objective: '\(text)' names \(given.count) of \(dimensions.count) labels; \(name) has one number per "
        + "\(dimensions.map(\.name).joined(separator: " and ")) (\(lists.joined(separator: "; "))); next: choose one, for example "
        + "\(text.prefix { $0 != ":" }):\(example)")
  }

  /// The number in a result with one state, with its error and unit; nil where there is none.
  package func reading(in result: TransportResult) -> (value: Estimate, unit: String)? {
    guard let variable = result.variable(quantity.name), let errors = variable.errors else { return nil }
    if let kinds {
      guard let code = result.variable(Observable.machine.rawValue)?.values.first, code.isFinite,
        let kind = MachineKind(rawValue: Int(code)), kinds.contains(kind)
      else { return nil }
    }
    if isSum {
      let value = variable.values.reduce(0, +)
      return (Estimate(factor * value, error: errors.reduce(0, +)), variable.unit)
    }
    guard variable.values.indices.contains(index) else { return nil }
    return (Estimate(factor * variable.values[index], error: errors[index]), variable.unit)
  }
}
