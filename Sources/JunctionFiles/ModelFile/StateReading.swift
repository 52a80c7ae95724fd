import Foundation
import JunctionModel

/// The states of a model: its sweep axes and, for every state, chemical potentials and temperatures.
struct StateTable {
  let axes: [SweepAxis]
  let points: OperatingPoints
}

/// Reads `parameters`, `state` and `sweep`, and evaluates the outer product of the axes.
struct StateReader {
  let root: ModelSection
  let junction: Junction
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
    let columns = try StateEvaluation(axes: axes, variables: variables, outputs: outputs, units: units).columns(count: count)
    return StateTable(axes: axes, points: points(columns, count: count))
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

  private func outputs(_ variables: inout StateVariables) throws(FileError) -> [Int] {
    let state = try ModelSection(
      root.required("state", hint: "give every electrode a chemical potential and a temperature"),
      keys: ["chemical_potential", "temperature"])
    let electrodes = junction.electrodes.map(\.name)
    let all = electrodes + junction.baths.map(\.name)
    var registers: [Int] = []
    for value in try perName(state.required("chemical_potential"), names: electrodes, what: "electrode") {
      registers.append(try variables.add(value, .energy))
    }
    for value in try perName(state.required("temperature"), names: all, what: "electrode and bath") {
      registers.append(try variables.add(value, .temperature))
    }
    return registers
  }

  /// One value per name; a single number or expression stands for all.
  private func perName(_ value: ModelValue, names: [String], what: String) throws(FileError) -> [ModelValue] {
    if value.node.isScalar { return names.map { _ in value } }
    let allowed = "one value for each \(what): \(names.joined(separator: ", "))"
    let entries = try value.entries(allowed: allowed)
    for (name, position, _) in entries where !names.contains(name) {
      throw value.fail(
        .unknownKey, found: "the unknown name '\(name)'", allowed: allowed,
        hint: Spelling.advice(for: name, among: names), at: position, key: name)
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
    let columns = 2 * junction.electrodes.count + junction.baths.count + plans.count
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

  private func points(_ columns: [[Double]], count: Int) -> OperatingPoints {
    let electrodes = junction.electrodes.count
    return OperatingPoints(
      chemicalPotentials: Array(columns[..<electrodes]), temperatures: Array(columns[electrodes..<2 * electrodes]),
      bathTemperatures: Array(columns[(2 * electrodes)...]), count: count)
  }
}

/// Walks the outer product of the axes; a step is computed again only when an axis it depends on has moved.
struct StateEvaluation {
  let axes: [SweepAxis]
  let variables: StateVariables
  let outputs: [Int]
  let units: UnitSystem

  /// Columns [output][state], internal units.
  func columns(count: Int) throws(FileError) -> [[Double]] {
    var columns = [[Double]](repeating: [], count: outputs.count)
    for c in columns.indices { columns[c].reserveCapacity(count) }
    let registers = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(variables.registerCount, 1))
    let stack = UnsafeMutableBufferPointer<Double>.allocate(capacity: variables.steps.map(\.program.stackSize).max() ?? 1)
    defer {
      registers.deallocate()
      stack.deallocate()
    }
    registers.initialize(repeating: 0)
    stack.initialize(repeating: 0)
    for (a, axis) in axes.enumerated() { registers[a] = axis.values[0] }
    var index = [Int](repeating: 0, count: axes.count)
    var moved = -1
    let scales = scales
    for _ in 0..<count {
      for step in variables.steps where step.lastAxis >= moved {
        registers[step.register] = try value(of: step, registers, stack)
      }
      for c in outputs.indices { columns[c].append(registers[outputs[c]] * scales[c]) }
      moved = advance(&index, registers)
    }
    return columns
  }

  /// Factors to internal units: temperatures in K become energies.
  private var scales: [Double] {
    let kelvin = units == .electronVolt ? PhysicalConstants.boltzmannInElectronVolts : 1
    let temperatures = Set(variables.steps.filter(\.isTemperature).map(\.register))
    return outputs.map { temperatures.contains($0) ? kelvin : 1 }
  }

  /// Moves to the next state and answers with the slowest axis that moved.
  private func advance(_ index: inout [Int], _ registers: UnsafeMutableBufferPointer<Double>) -> Int {
    for a in axes.indices.reversed() {
      index[a] += 1
      if index[a] < axes[a].values.count {
        registers[a] = axes[a].values[index[a]]
        return a
      }
      index[a] = 0
      registers[a] = axes[a].values[0]
    }
    return 0
  }

  private func value(
    of step: StateVariables.Step, _ registers: UnsafeMutableBufferPointer<Double>, _ stack: UnsafeMutableBufferPointer<Double>
  ) throws(FileError) -> Double {
    let result: Double
    do {
      result = try step.program.value(registers, stack: stack)
    } catch {
      throw step.value.fail(
        .badExpression, found: "\(words(error)) '\(step.value.node.scalarText)'\(place(registers))",
        allowed: "a finite number at every state")
    }
    guard !step.isTemperature || result >= 0 else {
      throw step.value.fail(
        .outOfRange, found: "the negative temperature \(result)\(units == .electronVolt ? " K" : "")\(place(registers))",
        allowed: "temperatures that are zero or positive")
    }
    return result
  }

  private func words(_ failure: ExpressionProgram.Failure) -> String {
    switch failure {
    case .divisionByZero: return "a division by zero in"
    case .notFinite(let number): return "\(number) from"
    }
  }

  /// The sweep values of the present state, in words.
  private func place(_ registers: UnsafeMutableBufferPointer<Double>) -> String {
    guard !axes.isEmpty else { return "" }
    return " at " + axes.enumerated().map { "\($1.name) = \(registers[$0])" }.joined(separator: ", ")
  }
}
