import DataFiles
import JunctionModel

/// The parameters of a model as constants, for numbers outside the states: those of the junction.
struct ParameterScope: Sendable {
  typealias Entry = (key: String, position: ModelNode.Position, value: ModelValue)

  private let entries: [Entry]
  private let places: [String: Int]
  /// Sweep variables, which change from state to state and are no constants.
  private let swept: [String]
  private let units: UnitSystem
  /// False for models of bodies or terminals, which `pairbath optimize` does not search.
  private let isJunction: Bool

  /// The parameters below the root of a model file.
  init(_ root: ModelNode, file: String, units: UnitSystem) {
    self.units = units
    isJunction = ModelKind(of: root) == .junction
    swept = root["sweep"]?.keys ?? []
    guard let node = root["parameters"], case .mapping(let found) = node.content else {
      entries = []
      places = [:]
      return
    }
    entries = found.map {
      ($0.key, $0.position, ModelValue(node: $0.value, path: ["parameters", $0.key], file: file, units: units))
    }
    places = StateVariables.places(of: entries)
  }

  /// Names of the parameters that no sweep replaces.
  private var constants: [String] {
    let swept = Set(swept)
    return names.filter { !swept.contains($0) }
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
    if let name = used.first(where: { swept.contains($0) }) {
      throw place.fail(
        .badExpression, found: "the sweep variable '\(name)', which changes from state to state",
        allowed: "numbers, and arithmetic in the parameters"
          + (constants.isEmpty ? "" : ": " + constants.joined(separator: ", ")),
        hint: "one run has one \(isJunction ? "junction" : "system"); make '\(name)' a parameter and change it with --set"
          + (isJunction ? ", or with pairbath optimize" : ""))
    }
    var variables = StateVariables(axes: [], parameters: entries, places: places, automatic: [:], units: units)
    let output = try variables.add(place, kind)
    let dimension = variables.steps.last?.program.dimension ?? .free
    guard kind != .plain || dimension == .free else {
      throw place.fail(.badExpression, found: "\(place.node.summary), \(dimension.words)", allowed: kind.allowed(units))
    }
    return try evaluate(variables, output)
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
    for step in variables.steps {
      do {
        registers[step.register] = try step.program.value(registers, stack: stack)
      } catch {
        throw step.value.fail(
          .badExpression, found: "'\(step.value.node.scalarText)', which has no finite value", allowed: "a finite number")
      }
    }
    return registers[output.register]
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
    var variables = StateVariables(axes: [axis], parameters: entries, places: places, automatic: [:], units: units)
    if let expression = try? ExpressionParser.parse(place.node.scalarText),
      let name = expression.names.map(\.name).first(where: { swept.contains($0) && $0 != variable })
    {
      throw place.fail(
        .badExpression, found: "the sweep variable '\(name)', which changes from state to state",
        allowed: "arithmetic in \(([variable] + names).joined(separator: ", "))",
        hint: "one run has one transmission; make '\(name)' a parameter and change it with --set")
    }
    let register = try variables.add(place, .plain).register
    let dimension = variables.steps.last?.program.dimension ?? .free
    guard dimension == .free else {
      throw place.fail(
        .badExpression, found: "\(place.node.summary), \(dimension.words)", allowed: "a transmission, a plain number")
    }
    let (steps, count) = (variables.steps.map { ($0.program, $0.register) }, variables.registerCount)
    let stackSize = steps.map(\.0.stackSize).max() ?? 1
    return (
      !variables.usedAxes.isEmpty,
      { x in
        withUnsafeTemporaryAllocation(of: Double.self, capacity: max(count, 1)) { registers in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: max(stackSize, 1)) { stack in
            registers.initialize(repeating: 0)
            stack.initialize(repeating: 0)
            registers[0] = x
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
