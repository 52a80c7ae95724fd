import DataFiles
import JunctionModel
import Quadrature

/// Parameters and sweep variables resolved to registers, ready for the expressions of a state.
///
/// Registers 0, 1, ... hold the sweep axes; every parameter used gets one more.
struct StateVariables: Sendable {
  /// A computation that fills one register.
  struct Step: Sendable {
    let program: ExpressionProgram
    let register: Int
    /// The last axis the value depends on; -1 for a constant.
    let lastAxis: Int
    let value: ModelValue
    /// What the number is; temperatures must not be negative.
    let kind: NumberKind
    /// What else the number must obey.
    let limit: (any StateLimit)?

    /// Numbers that need no second look: within every limit, whatever the kind and the state.
    var surelyAllowed: Range<Double> {
      guard limit == nil else { return 0..<0 }
      let limits = kind.limits
      switch kind {
      case .plain: return -Double.greatestFiniteMagnitude..<Double.infinity
      case .temperature: return limits.smallest..<limits.largest
      case .energy, .length, .energySquared: return -limits.largest..<limits.largest
      }
    }
  }

  private let units: UnitSystem
  let axes: [SweepAxisPlan]
  private let parameters: [(key: String, position: ModelNode.Position, value: ModelValue)]
  /// Places of the parameters by name, the first of equal ones.
  private let places: [String: Int]
  private let automatic: [String: Double]
  private var registers: [String: (register: Int, dimension: Dimension)] = [:]
  /// The axes a name depends on.
  private var dependencies: [String: Set<Int>] = [:]
  private(set) var steps: [Step] = []
  private(set) var usedAxes = Set<String>()
  /// The expressions added so far.
  private(set) var outputs: [StateExpression] = []

  /// Variables from the sections `sweep` and `parameters`; `automatic` names apply where neither defines them. `places` are those of the
  /// parameters by name where somebody has them already.
  init(
    axes: [SweepAxisPlan], parameters: [(key: String, position: ModelNode.Position, value: ModelValue)],
    places: [String: Int]? = nil, automatic: [String: Double], units: UnitSystem
  ) {
    self.axes = axes
    self.parameters = parameters
    self.places = places ?? Self.places(of: parameters)
    self.automatic = automatic
    self.units = units
    for (index, axis) in axes.enumerated() {
      registers[axis.name] = (index, axis.dimension)
      dependencies[axis.name] = [index]
    }
  }

  /// The places of parameters by name, the first of equal ones.
  static func places(of parameters: [(key: String, position: ModelNode.Position, value: ModelValue)]) -> [String: Int] {
    Dictionary(parameters.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Number of registers in use.
  var registerCount: Int { axes.count + steps.count }

  /// The register of a sweep variable or a parameter in use; nil for other names.
  func register(of name: String) -> Int? { registers[name]?.register }

  /// All registers with first and second derivatives with respect to a sweep variable or parameter, at values of the axes; nil when nothing
  /// depends on that name.
  func jets(at axisValues: [Double], along name: String) -> [Jet]? {
    guard let moving = register(of: name) else { return nil }
    var registers = [Jet](repeating: Jet(), count: registerCount)
    for (a, value) in axisValues.enumerated() { registers[a] = Jet(value, a == moving ? 1 : 0) }
    for step in steps {
      registers[step.register] = step.program.taylor(registers)
      if step.register == moving { (registers[moving].first, registers[moving].second) = (1, 0) }
    }
    return registers
  }

  /// Refuses a number that depends on an axis of files: their numbers mean nothing.
  func refuseFiles(in value: ModelValue) throws(FileError) {
    guard let axis = axes.first(where: { $0.files != nil && usedAxes.contains($0.name) }) else { return }
    throw value.fail(
      .badExpression, found: "'\(axis.name)', which stands for files", allowed: "it stands where the name of a file may stand",
      hint: "sweep numbers with a variable of their own")
  }

  /// Every parameter and sweep variable that something added depends on.
  var usedNames: Set<String> {
    usedAxes.union(registers.keys.filter { name in !axes.contains { $0.name == name } })
  }

  /// Every name an expression may use.
  private var names: [String] {
    axes.map(\.name) + parameters.map(\.key) + automatic.keys.sorted() + ["pi", "kB"]
  }

  /// Adds an expression of the state, whose numbers are found by what is returned. Energies in eV, temperatures in K.
  mutating func add(_ value: ModelValue, _ kind: NumberKind, limit: (any StateLimit)? = nil) throws(FileError) -> StateExpression
  {
    let expression = try parse(value)
    try resolveNames(of: expression, in: value)
    usedAxes.formUnion(dependencies(of: expression).map { axes[$0].name })
    try refuseFiles(in: value)
    if kind == .temperature, let (number, dimension) = expression.literal, dimension == .energy {
      return try output(.number(number / boltzmann.0, .temperature), value, kind, limit)
    }
    return try output(expression, value, kind, limit)
  }

  private mutating func output(
    _ expression: Expression, _ value: ModelValue, _ kind: NumberKind, _ limit: (any StateLimit)?
  ) throws(FileError) -> StateExpression {
    let output = StateExpression(register: try append(expression, value, kind, limit: limit))
    outputs.append(output)
    return output
  }

  /// Checks every parameter, used or not, and counts nothing as used.
  mutating func checkParameters() throws(FileError) {
    let (steps, registers) = (steps, registers)
    let dependencies = dependencies
    for parameter in parameters where self.registers[parameter.key] == nil {
      try define(parameter.key, in: parameter.value, offset: 0)
    }
    self.steps = steps
    self.registers = registers
    self.dependencies = dependencies
  }

  private var boltzmann: (Double, Dimension) {
    guard units == .electronVolt else { return (1, .free) }
    return (PhysicalConstants.boltzmannInElectronVolts, .powers(energy: 1, temperature: -1, length: 0))
  }

  private mutating func append(
    _ expression: Expression, _ value: ModelValue, _ kind: NumberKind, limit: (any StateLimit)? = nil
  ) throws(FileError) -> Int {
    let program = try compile(expression, value)
    if kind == .energy && program.dimension == .length {
      // A wavelength where an energy is meant.
      try requireWavelengths(expression, value)
      let photon = Expression.number(UnitSuffix.energyTimesWavelength, .powers(energy: 1, temperature: 0, length: 1))
      return try append(.operation(.divide, photon, expression, offset: 0), value, kind, limit: limit)
    }
    try requireKind(program.dimension, kind, value)
    let step = Step(
      program: program, register: registerCount, lastAxis: dependencies(of: expression).max() ?? -1, value: value,
      kind: kind, limit: limit)
    steps.append(step)
    return step.register
  }

  /// What stands for an energy as a wavelength must be one: above zero and not infinite.
  private func requireWavelengths(_ expression: Expression, _ value: ModelValue) throws(FileError) {
    if let (number, _) = expression.literal, number <= 0 {
      throw value.fail(
        .outOfRange, found: "\(value.node.summary) where an energy is meant", allowed: "an energy, or a wavelength above zero")
    }
    for axis in dependencies(of: expression).sorted().map({ axes[$0] }) where axis.dimension == .length {
      guard let bad = axis.values.firstIndex(where: { !($0 > 0 && $0.isFinite) }) else { continue }
      let number = axis.values[bad]
      throw axis.value.fail(
        .outOfRange, found: "'\(number.isFinite ? "\(number) nm" : ModelValue.infinite)' where an energy is meant",
        allowed: "a number, or one with a unit such as '50 meV', '300 K' or '10 nm'",
        hint: "lengths stand for wavelengths, above zero")
    }
  }

  private func requireKind(_ dimension: Dimension, _ kind: NumberKind, _ value: ModelValue) throws(FileError) {
    let wanted: Dimension
    switch kind {
    case .temperature: wanted = .temperature
    case .energy: wanted = .energy
    case .length: wanted = .length
    case .energySquared: wanted = .energySquared
    case .plain: wanted = .free
    }
    guard kind != .plain && dimension != .free && dimension != wanted else { return }
    throw value.fail(
      .badExpression, found: "\(value.node.summary), \(dimension.words)", allowed: wanted.words,
      hint: kind == .temperature
        ? "E/kB turns an energy into a temperature" : kind == .energy ? "kB*T turns a temperature into an energy" : "")
  }

  // MARK: Names

  /// A parameter whose register waits for those of the names it uses.
  private struct Pending {
    let name: String
    let value: ModelValue
    let expression: Expression
    var needs: ArraySlice<(name: String, offset: Int)>
  }

  private mutating func resolveNames(of expression: Expression, in value: ModelValue) throws(FileError) {
    for (name, offset) in expression.names where isUnknown(name) { try define(name, in: value, offset: offset) }
  }

  private func isUnknown(_ name: String) -> Bool { registers[name] == nil && !ReservedNames.constants.contains(name) }

  /// Gives a name its register, after those it depends on. Parameters may build on each other any number of times: nothing recurses.
  private mutating func define(_ name: String, in user: ModelValue, offset: Int) throws(FileError) {
    var chain: [Pending] = []
    var open = Set<String>()
    try begin(name, in: user, offset: offset, &chain, &open)
    while let last = chain.indices.last {
      if let need = chain[last].needs.popFirst() {
        guard isUnknown(need.name) else { continue }
        try begin(need.name, in: chain[last].value, offset: need.offset, &chain, &open)
      } else {
        let done = chain.removeLast()
        open.remove(done.name)
        let register = try append(done.expression, done.value, .plain)
        registers[done.name] = (register, steps[steps.count - 1].program.dimension)
        dependencies[done.name] = dependencies(of: done.expression)
      }
    }
  }

  /// Puts a parameter at the end of the chain of those that wait; other names get their register at once.
  private mutating func begin(
    _ name: String, in user: ModelValue, offset: Int, _ chain: inout [Pending], _ open: inout Set<String>
  ) throws(FileError) {
    guard let parameter = places[name].map({ parameters[$0] }) else {
      return try defineAutomatic(name, in: user, offset: offset)
    }
    guard open.insert(name).inserted else {
      let cycle = (chain.map(\.name).drop { $0 != name } + [name]).joined(separator: " -> ")
      throw parameter.value.fail(
        .badExpression, found: "parameters that need each other: \(cycle)", allowed: "parameters without a circle")
    }
    let expression = try parse(parameter.value)
    chain.append(Pending(name: name, value: parameter.value, expression: expression, needs: expression.names[...]))
  }

  private mutating func defineAutomatic(_ name: String, in user: ModelValue, offset: Int) throws(FileError) {
    guard let number = automatic[name] else {
      throw user.fail(
        .badExpression, found: "the undefined name '\(name)'", allowed: names.joined(separator: ", "),
        hint: Spelling.advice(for: name, among: names), columnOffset: user.textOffset(offset))
    }
    let dimension: Dimension = units == .electronVolt ? .energy : .free
    let register = try append(.number(number, dimension), user, .plain)
    registers[name] = (register, dimension)
    dependencies[name] = []
  }

  private func dependencies(of expression: Expression) -> Set<Int> {
    expression.names.reduce(into: []) { $0.formUnion(dependencies[$1.name] ?? []) }
  }

  // MARK: Expressions

  private func parse(_ value: ModelValue) throws(FileError) -> Expression {
    guard case .scalar(let text, _, _) = value.node.content, !value.node.isNull, !value.node.isBoolean else {
      throw value.wrongType(allowed: "a number or an expression such as mu + V/2")
    }
    let bare = text.lowercased().drop { "+-.".contains($0) }
    if ["nan", "inf", "infinity"].contains(bare) {
      throw value.fail(.outOfRange, found: "'\(text)'", allowed: "a finite number")
    }
    do {
      let expression = try ExpressionParser.parse(text)
      try refuseUnits(expression, value)
      return expression
    } catch let fault as ExpressionFault {
      throw located(fault, value)
    } catch let error as FileError {
      throw error
    } catch {
      throw value.fail(.badExpression, found: "'\(text)'", allowed: "arithmetic")
    }
  }

  private func refuseUnits(_ expression: Expression, _ value: ModelValue) throws(FileError) {
    guard units == .natural, expression.carriesUnit else { return }
    throw value.fail(
      .outOfRange, found: "'\(value.node.scalarText)', a number with a unit", allowed: "plain numbers, because units is natural",
      hint: "leave the unit out, or write 'units: eV'")
  }

  private func compile(_ expression: Expression, _ value: ModelValue) throws(FileError) -> ExpressionProgram {
    do {
      return try ExpressionProgram(expression, registers: registers, boltzmann: boltzmann)
    } catch {
      throw located(error, value)
    }
  }

  private func located(_ fault: ExpressionFault, _ value: ModelValue) -> FileError {
    value.fail(
      .badExpression, found: fault.found, allowed: fault.allowed,
      hint: fault.hint.isEmpty ? "in '\(value.node.scalarText)'" : fault.hint, columnOffset: value.textOffset(fault.offset))
  }
}

extension Expression {
  /// True when a number in it was written with a unit.
  var carriesUnit: Bool {
    switch self {
    case .number(_, let dimension): return dimension != .free
    case .name: return false
    case .negated(let a): return a.carriesUnit
    case .operation(_, let a, let b, _): return a.carriesUnit || b.carriesUnit
    case .call(_, let arguments, _): return arguments.contains { $0.carriesUnit }
    }
  }
}

extension ModelValue {
  /// Columns from the start of a scalar to a place in its text: one more for a quote, none for block scalars.
  func textOffset(_ offset: Int) -> Int {
    guard case .scalar(let text, let plain, let block) = node.content, !block, !text.contains("\n") else { return 0 }
    let characters = String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
    return plain ? characters : characters + 1
  }
}
