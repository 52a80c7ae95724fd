import Foundation
import JunctionModel
import TransportSolvers

/// The states of a model: its sweep axes and, for every state, chemical potentials and temperatures.
struct StateTable {
  let axes: [SweepAxis]
  let points: OperatingPoints
  /// What made the points, and can make others.
  let evaluation: StateEvaluation
}

/// Reads `parameters`, `state` and `sweep`, and evaluates the outer product of the axes.
struct StateReader {
  let root: ModelSection
  let junction: Junction
  let level: ComputeSettings.Level
  let units: UnitSystem
  /// Names defined by data files, for example fermi_energy; user's units.
  let automatic: [String: Double]

  /// All states, internal units.
  func table() throws(FileError) -> StateTable {
    let plans = try root.optional("sweep")?.sweepAxes() ?? []
    let count = try stateCount(plans)
    var variables = StateVariables(axes: plans, parameters: try parameters(), automatic: automatic, units: units)
    try variables.checkParameters()
    let outputs = try outputs(&variables)
    for plan in plans where !variables.usedAxes.contains(plan.name) {
      throw plan.value.fail(
        .invalidModel, found: "the sweep variable '\(plan.name)', which has no effect",
        allowed: "variables that the expressions of state use", at: plan.position)
    }
    let axes = plans.map { SweepAxis($0.name, $0.values) }
    let evaluation = StateEvaluation(axes: axes, variables: variables, outputs: outputs, units: units)
    return StateTable(axes: axes, points: try evaluation.points(count: count), evaluation: evaluation)
  }

  // MARK: Sections

  private func parameters() throws(FileError) -> [(key: String, position: ModelNode.Position, value: ModelValue)] {
    guard let section = try root.optional("parameters") else { return [] }
    let entries = try section.entries(allowed: "a mapping from names to numbers or expressions")
    for (name, position, _) in entries {
      guard Spelling.isIdentifier(name) && !ReservedNames.all.contains(name) else {
        throw section.fail(
          .outOfRange, found: "the name '\(name)'",
          allowed: "letters, digits and underscores, not starting with a digit, and none of "
            + ReservedNames.all.joined(separator: ", "), at: position, key: name)
      }
    }
    return entries
  }

  private func outputs(_ variables: inout StateVariables) throws(FileError) -> StateOutputs {
    let electrodes = junction.electrodes.map(\.name)
    let all = electrodes + junction.baths.map(\.name)
    let what = electrodes.isEmpty ? "bath" : "electrode and bath"
    let state = try ModelSection(
      root.required(
        "state",
        hint: electrodes.isEmpty
          ? "give every bath a temperature" : "give every electrode a chemical potential and a temperature"),
      keys: ["chemical_potential", "temperature"])
    var outputs = StateOutputs()
    try readPotentials(state, electrodes, &variables, &outputs)
    for value in try perName(state.required("temperature"), names: all, what: what) {
      outputs.temperatures.append(try variables.add(value, .temperature))
    }
    return outputs
  }

  /// Chemical potentials: one per electrode, and any of the baths.
  private func readPotentials(
    _ state: ModelSection, _ electrodes: [String], _ variables: inout StateVariables, _ outputs: inout StateOutputs
  ) throws(FileError) {
    outputs.bathPotentials = junction.baths.map { _ in nil }
    guard let value = try electrodes.isEmpty ? state.optional("chemical_potential") : state.required("chemical_potential")
    else { return }
    guard !electrodes.isEmpty || !value.node.isScalar else {
      throw value.fail(
        .invalidModel, found: "a single chemical potential, which stands for the electrodes, and there are none",
        allowed: "a mapping from baths to chemical potentials", hint: "name the bath, or leave the key out")
    }
    let baths = junction.baths.map(\.name)
    for electrode in try perName(value, names: electrodes, others: baths, what: "electrode") {
      outputs.chemicalPotentials.append(try variables.add(electrode, .energy))
    }
    for (p, bath) in junction.baths.enumerated() {
      guard let node = value.node[bath.name] else { continue }
      let limit = PotentialLimit(bath, of: junction, level: level)
      outputs.bathPotentials[p] = try variables.add(value.child(node, bath.name), .energy, limit: limit)
    }
  }

  /// One value per name; a single number or expression stands for all. `others` may have values too.
  private func perName(
    _ value: ModelValue, names: [String], others: [String] = [], what: String
  ) throws(FileError) -> [ModelValue] {
    if value.node.isScalar { return names.map { _ in value } }
    var parts = names.isEmpty ? [] : ["one value for each \(what): \(names.joined(separator: ", "))"]
    if !others.isEmpty { parts.append("values for the baths: \(others.joined(separator: ", "))") }
    let allowed = parts.joined(separator: "; ")
    let entries = try value.entries(allowed: allowed)
    for (name, position, _) in entries where !(names + others).contains(name) {
      throw value.fail(
        .unknownKey, found: "the unknown name '\(name)'", allowed: allowed,
        hint: Spelling.advice(for: name, among: names + others), at: position, key: name)
    }
    var result: [ModelValue] = []
    for name in names {
      guard let entry = entries.first(where: { $0.key == name }) else {
        throw value.fail(
          .missingKey, found: entries.isEmpty ? "no values" : "values for \(entries.map(\.key).joined(separator: ", "))",
          allowed: allowed, hint: "add '\(name)'")
      }
      result.append(entry.value)
    }
    return result
  }

  // MARK: Numbers of states

  private func stateCount(_ plans: [SweepAxisPlan]) throws(FileError) -> Int {
    var count = 1
    for plan in plans {
      let (product, overflow) = count.multipliedReportingOverflow(by: plan.count)
      guard !overflow && product <= ModelValue.mostStates else {
        throw tooMany(plans, plan, "more than \(ModelValue.mostStates)")
      }
      count = product
    }
    let columns = 2 * (junction.electrodes.count + junction.baths.count) + plans.count
    // The states, and about the least a result holds: a number and its error per channel and bath, written from a copy.
    let numbers = junction.electrodes.count * junction.electrodes.count + junction.baths.count + 2
    let bytes = Double(count) * Double(8 * columns + 32 * numbers)
    if let last = plans.last, bytes > Double(ProcessInfo.processInfo.physicalMemory) {
      throw tooMany(plans, last, "\(Int(bytes / 1e9)) GB of")
    }
    return count
  }

  private func tooMany(_ plans: [SweepAxisPlan], _ plan: SweepAxisPlan, _ found: String) -> FileError {
    let product = plans.map { "\($0.count)" }.joined(separator: " x ")
    return plan.value.fail(
      .tooManyStates, found: "\(found) states (\(product))",
      allowed: "at most \(ModelValue.mostStates), and what fits into memory",
      hint: "sweep fewer points, or split the sweep")
  }
}
