import DataFiles
import DenseMatrices
import JunctionModel

/// Reads `parameters` and `sweep` of a model of any kind and evaluates what its states are made of.
struct StateFrame {
  let root: ModelSection
  let units: UnitSystem
  /// Where in the sweep the system was read, and which variables it used.
  let place: SweepPlace
  /// Names defined by data files, for example fermi_energy; user's units.
  var automatic: [String: Double] = [:]

  /// The section `state` with the keys of a kind of model.
  func stateSection(keys: [String], hint: String) throws(FileError) -> ModelSection {
    try ModelSection(root.required("state", hint: hint), keys: keys)
  }

  /// The outer product of the sweep, and what `add` makes of the expressions of the section `state`: `numbersPerState` is about how many numbers a result holds per state, to refuse what does not fit.
  func evaluation<Outputs>(
    numbersPerState: Int, _ add: (inout StateVariables) throws(FileError) -> Outputs
  ) throws(FileError) -> (states: StateEvaluation, outputs: Outputs) {
    let plans = try place.axes()
    try checkCount(plans, numbersPerState)
    var variables = StateVariables(axes: plans, parameters: try parameters(), automatic: automatic, units: units)
    try variables.checkParameters()
    let outputs = try add(&variables)
    let used = variables.usedAxes.union(place.used)
    for plan in plans where !used.contains(plan.name) {
      guard plan.wavevectors == nil else {
        throw plan.value.fail(
          .invalidModel, found: "\(plan.value.path.joined(separator: ".")), which nothing uses",
          allowed: "wave vectors of blocks over lattice vectors",
          hint: plan.wavevectors?.particle == .boson
            ? "give bosons.blocks, or the blocks of a bath" : "give conductor.blocks, or the blocks of an electrode")
      }
      throw plan.value.fail(
        .invalidModel, found: "the sweep variable '\(plan.name)', which has no effect",
        allowed: "variables that a number of the model uses", at: plan.position)
    }
    let axes = plans.map { place.axis($0) }
    let held = Set(plans.map(\.name).filter(place.holds))
    return (StateEvaluation(everyAxis: axes, held: held, variables: variables, units: units), outputs)
  }

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

  /// One value per name; a single number or expression stands for all. `others` may have values too.
  func perName(
    _ value: ModelValue, names: [String], others: [String] = [], what: String, othersWhat: String = "baths"
  ) throws(FileError) -> [ModelValue] {
    if value.node.isScalar { return names.map { _ in value } }
    var parts = names.isEmpty ? [] : ["one value for each \(what): \(names.joined(separator: ", "))"]
    if !others.isEmpty { parts.append("values for the \(othersWhat): \(others.joined(separator: ", "))") }
    let allowed = parts.joined(separator: "; ")
    let entries = try value.entries(allowed: allowed)
    let known = Set(names + others)
    for (name, position, _) in entries where !known.contains(name) {
      throw value.fail(
        .unknownKey, found: "the unknown name '\(name)'", allowed: allowed,
        hint: Spelling.advice(for: name, among: names + others), at: position, key: name)
    }
    let places = StateVariables.places(of: entries)
    var result: [ModelValue] = []
    for name in names {
      guard let entry = places[name].map({ entries[$0] }) else {
        throw value.fail(
          .missingKey, found: entries.isEmpty ? "no values" : "values for \(entries.map(\.key).joined(separator: ", "))",
          allowed: allowed, hint: "add '\(name)'")
      }
      result.append(entry.value)
    }
    return result
  }

  // MARK: Numbers of states

  private func checkCount(_ plans: [SweepAxisPlan], _ numbersPerState: Int) throws(FileError) {
    var count = 1
    for plan in plans {
      let (product, overflow) = count.multipliedReportingOverflow(by: plan.count)
      guard !overflow && product <= ModelValue.mostStates else {
        throw tooMany(plans, plan, "more than \(ModelValue.mostStates)")
      }
      count = product
    }
    let bytes = 8 * Double(count) * Double(numbersPerState + plans.count)
    // Of one system among many, the states are a part.
    guard !plans.contains(where: { place.holds($0.name) }) else { return }
    // Small sweeps are not worth a look at the system.
    guard let last = plans.last, bytes > 16_777_216 else { return }
    let memory = MemoryBudget.now()
    guard memory.holds(bytes) else {
      throw tooMany(
        plans, last, "\(MemoryBudget.words(bytes)) of", "; \(MemoryBudget.words(memory.available)) \(memory.source.words)")
    }
  }

  private func tooMany(_ plans: [SweepAxisPlan], _ plan: SweepAxisPlan, _ found: String, _ limit: String = "") -> FileError {
    let product = plans.map { "\($0.count)" }.joined(separator: " x ")
    return plan.value.fail(
      .tooManyStates, found: "\(found) states (\(product))",
      allowed: "at most \(ModelValue.mostStates), and what fits into memory" + limit,
      hint: "sweep fewer points, or split the sweep")
  }
}
