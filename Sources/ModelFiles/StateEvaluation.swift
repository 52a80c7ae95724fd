import Cancellation
import DataFiles
import JunctionModel
import Quadrature

/// Values of the states of a model: the outer product of the axes; a step is computed again only when an axis it depends on
/// has moved.
struct StateEvaluation: Sendable {
  /// Every axis of the model; held ones have one value.
  private let everyAxis: [SweepAxis]
  /// Variables that are held at a value: no axes of these states.
  private let held: Set<String>
  let variables: StateVariables
  let units: UnitSystem
  /// Axes of the states.
  let axes: [SweepAxis]

  init(everyAxis: [SweepAxis], held: Set<String>, variables: StateVariables, units: UnitSystem) {
    (self.everyAxis, self.held, self.variables, self.units) = (everyAxis, held, variables, units)
    axes = everyAxis.filter { !held.contains($0.name) }
  }

  /// Number of states.
  var count: Int { axes.reduce(1) { $0 * $1.values.count } }

  /// The same expressions at one state with other values of the axes, user's units.
  func at(_ axisValues: [Double]) -> StateEvaluation {
    let values = everyValue(axisValues)
    let here = zip(everyAxis, values).map { SweepAxis($0.name, [$1], unit: $0.unit) }
    return StateEvaluation(everyAxis: here, held: held, variables: variables, units: units)
  }

  /// Values of all variables of the sweep from those of the axes.
  private func everyValue(_ axisValues: [Double]) -> [Double] {
    precondition(axisValues.count == axes.count, "\(axisValues.count) values for \(axes.count) sweep variables")
    var next = axisValues.makeIterator()
    return everyAxis.map { held.contains($0.name) ? $0.values[0] : next.next() ?? $0.values[0] }
  }

  /// The wanted numbers with first and second derivatives with respect to a sweep variable or parameter, per unit of it,
  /// internal units; nil when nothing depends on that name.
  func line(at axisValues: [Double], along name: String) -> StateNumbers<Jet>? {
    guard let registers = variables.jets(at: everyValue(axisValues), along: name) else { return nil }
    let values = zip(variables.outputs, scales).map { output, scale in
      let value = registers[output.register]
      return Jet(value.value * scale, value.first * scale, value.second * scale)
    }
    return StateNumbers(variables.outputs, values)
  }

  /// First and second derivatives of the wanted numbers with respect to a sweep variable or parameter at every state, per unit of it, internal
  /// units; nil when nothing depends on that name.
  func derivativeColumns(along name: String) -> (first: StateNumbers<[Double]>, second: StateNumbers<[Double]>)? {
    guard let moving = variables.register(of: name) else { return nil }
    let (count, outputs, scales) = (count, variables.outputs, scales)
    var first = outputs.map { _ in [Double](repeating: 0, count: count) }
    var second = first
    var registers = [Jet](repeating: Jet(), count: variables.registerCount)
    for (a, axis) in everyAxis.enumerated() { registers[a] = Jet(axis.values[0], a == moving ? 1 : 0) }
    var index = [Int](repeating: 0, count: everyAxis.count)
    var moved = -1
    for state in 0..<count {
      for step in variables.steps where step.lastAxis >= moved {
        registers[step.register] = step.program.taylor(registers)
        if step.register == moving { (registers[moving].first, registers[moving].second) = (1, 0) }
      }
      for c in outputs.indices {
        let jet = registers[outputs[c].register]
        (first[c][state], second[c][state]) = (jet.first * scales[c], jet.second * scales[c])
      }
      moved = advance(&index) { axis, value in registers[axis].value = value }
    }
    return (StateNumbers(outputs, first), StateNumbers(outputs, second))
  }

  /// A column of every expression, one number per state, internal units.
  func columns() throws(FileError) -> StateNumbers<[Double]> {
    let (count, outputs) = (count, variables.outputs.map(\.register))
    let columns = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(outputs.count * count, 1))
    let registers = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(variables.registerCount, 1))
    let stack = UnsafeMutableBufferPointer<Double>.allocate(capacity: variables.steps.map(\.program.stackSize).max() ?? 1)
    defer {
      columns.deallocate()
      registers.deallocate()
      stack.deallocate()
    }
    registers.initialize(repeating: 0)
    stack.initialize(repeating: 0)
    for (a, axis) in everyAxis.enumerated() { registers[a] = axis.values[0] }
    var index = [Int](repeating: 0, count: everyAxis.count)
    var moved = -1
    let scales = scales
    let steps = variables.steps
    let (lastAxes, targets) = (steps.map(\.lastAxis), steps.map(\.register))
    let (programs, allowed) = (steps.map(\.program), steps.map(\.surelyAllowed))
    for state in 0..<count {
      if state & 0xfff == 0xfff, CancellationToken.isRequested {
        throw FileError(
          .interrupted, in: variables.steps.first?.value.file ?? "", found: "an interruption while computing states")
      }
      for s in lastAxes.indices where lastAxes[s] >= moved {
        let result = programs[s].result(registers, stack: stack)
        // Whatever looks wrong is looked at again, to say what is wrong.
        registers[targets[s]] = allowed[s].contains(result) ? result : try value(of: steps[s], registers, stack)
      }
      for c in outputs.indices { columns[c * count + state] = registers[outputs[c]] * scales[c] }
      moved = advance(&index) { axis, value in registers[axis] = value }
    }
    return StateNumbers(variables.outputs, outputs.indices.map { Array(columns[($0 * count)..<(($0 + 1) * count)]) })
  }

  /// Factors of the outputs to internal units: temperatures in K become energies, lengths in nm become metres.
  private var scales: [Double] {
    var factors: [Int: Double] = [:]
    for step in variables.steps {
      switch step.kind {
      case .temperature: factors[step.register] = units == .electronVolt ? PhysicalConstants.boltzmannInElectronVolts : 1
      case .length: factors[step.register] = 1e-9
      case .plain, .energy, .energySquared: break
      }
    }
    return variables.outputs.map { factors[$0.register] ?? 1 }
  }

  /// Moves to the next state and answers with the slowest axis that moved.
  private func advance(_ index: inout [Int], set: (Int, Double) -> Void) -> Int {
    for a in everyAxis.indices.reversed() {
      index[a] += 1
      if index[a] < everyAxis[a].values.count {
        set(a, everyAxis[a].values[index[a]])
        return a
      }
      index[a] = 0
      set(a, everyAxis[a].values[0])
    }
    return 0
  }

  /// The value of a step in the present state; throws when it is no number, or none that is allowed.
  private func value(
    of step: borrowing StateVariables.Step, _ registers: UnsafeMutableBufferPointer<Double>,
    _ stack: UnsafeMutableBufferPointer<Double>
  ) throws(FileError) -> Double {
    if step.kind == .length, let limit = step.limit, limit.allows(.infinity),
      step.program.result(registers, stack: stack) == .infinity
    {
      return .infinity  // the far field
    }
    let result: Double
    do {
      result = try step.program.value(registers, stack: stack)
    } catch {
      throw step.value.fail(
        .badExpression, found: "\(words(error)) '\(step.value.node.scalarText)'\(place(registers))",
        allowed: "a finite number at every state")
    }
    guard step.kind != .temperature || result >= 0 else {
      throw step.value.fail(
        .outOfRange, found: "the negative temperature \(result)\(units == .electronVolt ? " K" : "")\(place(registers))",
        allowed: "temperatures that are zero or positive")
    }
    try checkSize(result, of: step, registers)
    if let limit = step.limit, !limit.allows(result) { throw limit.error(result, at: place(registers), in: step.value) }
    return result
  }

  /// Temperatures divide energies; chemical potentials may be as small as they like. Plain numbers are parameters on their way.
  private func checkSize(
    _ result: Double, of step: borrowing StateVariables.Step, _ registers: UnsafeMutableBufferPointer<Double>
  ) throws(FileError) {
    guard step.kind != .plain else { return }
    let limits = step.kind.limits
    let isTemperature = step.kind == .temperature
    guard isTemperature ? limits.allows(result) : limits.reaches(result) else {
      throw step.value.fail(
        .outOfRange, found: "\(result) from '\(step.value.node.scalarText)'\(place(registers))",
        allowed: isTemperature ? limits.between : limits.upTo, hint: "look at the number, or choose another energy unit")
    }
  }

  private func words(_ failure: ExpressionProgram.Failure) -> String {
    switch failure {
    case .divisionByZero: return "a division by zero in"
    case .notFinite(let number): return "\(number) from"
    }
  }

  /// The sweep values of the present state, in words.
  private func place(_ registers: UnsafeMutableBufferPointer<Double>) -> String {
    guard !everyAxis.isEmpty else { return "" }
    return " at " + everyAxis.enumerated().map { "\($1.name) = \(registers[$0])" }.joined(separator: ", ")
  }
}
