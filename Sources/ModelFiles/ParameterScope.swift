import DataFiles
import JunctionModel
import Quadrature

/// The parameters of a model as constants, for numbers outside the states: those of the junction.
struct ParameterScope: Sendable {
  typealias Entry = (key: String, position: ModelNode.Position, value: ModelValue)

  private let entries: [Entry]
  private let places: [String: Int]
  /// Where in the sweep numbers are read.
  var place: SweepPlace
  /// What numbers are read as: themselves, or with a name and an order their derivatives with respect to a parameter or sweep variable.
  var derivative: (name: String, order: Int)?
  /// Why sweep variables cannot be used; nil where they can.
  var refusal: String?
  private let swept: [String]
  private let units: UnitSystem

  /// The parameters below the root of a model file, and its sweep at its first values.
  init(_ root: ModelNode, file: String, folder: String, arrays: ArraysInMemory?, units: UnitSystem) {
    self.units = units
    swept = root["sweep"]?.keys ?? []
    let sweep = root["sweep"].map { ModelValue(node: $0, path: ["sweep"], file: file, units: units) }
    let section = sweep.flatMap { $0.node.isNull ? nil : $0 }
    place = SweepPlace(section, points: nil, folder: folder, arrays: arrays)
    if let node = root["parameters"], case .mapping(let found) = node.content {
      entries = found.map {
        ($0.key, $0.position, ModelValue(node: $0.value, path: ["parameters", $0.key], file: file, units: units))
      }
    } else {
      entries = []
    }
    places = StateVariables.places(of: entries)
    guard let key = ["k_points", "q_points"].first(where: { root[$0] != nil }), let points = root[key] else { return }
    var fixed = self
    fixed.refusal = "wave vectors are the same for all states"
    place = SweepPlace(
      section, points: ModelValue(node: points, path: [key], file: file, units: units, scope: fixed), folder: folder,
      arrays: arrays)
  }

  /// Names of the parameters.
  var names: [String] { entries.map(\.key) }

  /// The value of arithmetic in the parameters; nil for a text that is none, which the caller complains about.
  func value(of place: ModelValue, _ kind: NumberKind) throws(FileError) -> Double? {
    guard case .scalar(let text, _, _) = place.node.content, !place.node.isBoolean,
      let expression = try? ExpressionParser.parse(text)
    else { return nil }
    let used = expression.names.map(\.name)
    guard
      used.isEmpty || used.contains(where: { places[$0] != nil || swept.contains($0) || ReservedNames.constants.contains($0) })
    else { return nil }
    var variables = StateVariables(axes: try axes(), parameters: entries, places: places, automatic: [:], units: units)
    let output = try variables.add(place, kind)
    try use(variables, in: place)
    let dimension = variables.steps.last?.program.dimension ?? .free
    guard kind != .plain || dimension == .free else {
      throw place.fail(.badExpression, found: "\(place.node.summary), \(dimension.words)", allowed: kind.allowed(units))
    }
    if let derivative { return derived(variables, output, derivative.name)[derivative.order] }
    return try evaluate(variables, output)
  }

  /// The value of an expression with its derivatives.
  private func derived(_ variables: StateVariables, _ output: StateExpression, _ name: String) -> Jet {
    let values = variables.axes.map { place.value(of: $0) }
    return variables.jets(at: values, along: name)?[output.register] ?? .zero
  }

  private func evaluate(_ variables: StateVariables, _ output: StateExpression) throws(FileError) -> Double {
    let registers = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(variables.registerCount, 1))
    let stack = UnsafeMutableBufferPointer<Double>.allocate(capacity: variables.steps.map(\.program.stackSize).max() ?? 1)
    defer {
      registers.deallocate()
      stack.deallocate()
    }
    registers.initialize(repeating: 0)
    stack.initialize(repeating: 0)
    for (a, axis) in variables.axes.enumerated() { registers[a] = place.value(of: axis) }
    for step in variables.steps {
      do {
        registers[step.register] = try step.program.value(registers, stack: stack)
      } catch {
        throw step.value.fail(
          .badExpression, found: "'\(step.value.node.scalarText)', which has no finite value" + words(variables),
          allowed: "a finite number")
      }
    }
    return registers[output.register]
  }

  /// The sweep, where there is one; throws what is wrong with it.
  private func axes() throws(FileError) -> [SweepAxisPlan] {
    swept.isEmpty ? [] : try place.axes().filter { $0.wavevectors == nil }
  }

  /// Notes the sweep variables that a number depends on; throws where it must not depend on any.
  private func use(_ variables: StateVariables, in value: ModelValue) throws(FileError) {
    place.useNames(variables.usedNames, in: value.path.first ?? "")
    let used = variables.usedAxes
    guard let name = variables.axes.map(\.name).first(where: used.contains) else { return }
    if let refusal {
      throw value.fail(
        .badExpression, found: "the sweep variable '\(name)'", allowed: "numbers, and arithmetic in parameters: \(refusal)",
        hint:
          "energies, widths, couplings, masses, lengths and the like may be swept; change this one with --set, a run for each value"
      )
    }
    place.use(used)
  }

  /// " at Vg = 0.3": the sweep variables that were used, in words; empty without any.
  private func words(_ variables: StateVariables) -> String {
    let used = variables.axes.filter { variables.usedAxes.contains($0.name) }
    return used.isEmpty ? "" : " at " + used.map { "\($0.name) = \(place.value(of: $0))" }.joined(separator: ", ")
  }

  /// A number or arithmetic in the parameters and one more variable, as a function of it; safe to call from several threads.
  /// What has no finite value is NaN there.
  func function(
    of place: ModelValue, variable: String
  ) throws(FileError) -> (usesVariable: Bool, value: @Sendable (Double) -> Double) {
    if let entry = places[variable].map({ entries[$0] }) {
      throw entry.value.fail(
        .outOfRange, found: "the parameter '\(variable)'",
        allowed: "another name: \(variable) is the energy in "
          + "\(place.path.joined(separator: "."))", at: entry.position)
    }
    let axis = SweepAxisPlan(
      name: variable, value: place, position: place.node.position, dimension: .free, spacing: .list([0]))
    let others = try axes().filter { $0.name != variable }
    var variables = StateVariables(
      axes: [axis] + others, parameters: entries, places: places, automatic: [:], units: units)
    let register = try variables.add(place, .plain).register
    self.place.use(variables.usedAxes.subtracting([variable]))
    let fixed = others.map { self.place.value(of: $0) }
    let dimension = variables.steps.last?.program.dimension ?? .free
    guard dimension == .free else {
      throw place.fail(
        .badExpression, found: "\(place.node.summary), \(dimension.words)", allowed: "a transmission, a plain number")
    }
    let (steps, count) = (variables.steps.map { ($0.program, $0.register) }, variables.registerCount)
    let stackSize = steps.map(\.0.stackSize).max() ?? 1
    return (
      variables.usedAxes.contains(variable),
      { x in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(count, 1)) { registers in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: max(stackSize, 1)) { stack in
            registers.initialize(repeating: 0)
            stack.initialize(repeating: 0)
            registers[0] = x
            for (a, value) in fixed.enumerated() { registers[a + 1] = value }
            for (program, target) in steps {
              guard let value = try? program.value(registers, stack: stack) else { return .nan }
              registers[target] = value
            }
            return registers[register]
          }
        }
      }
    )
  }
}
