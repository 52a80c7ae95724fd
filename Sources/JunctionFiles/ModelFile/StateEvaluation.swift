import JunctionModel

/// Walks the outer product of the axes; a step is computed again only when an axis it depends on has moved.
struct StateEvaluation {
  let axes: [SweepAxis]
  let variables: StateVariables
  let outputs: StateOutputs
  let units: UnitSystem

  /// All states of the outer product, internal units.
  func points(count: Int) throws(FileError) -> OperatingPoints { outputs.points(try columns(count: count), count: count) }

  /// The state at other values of the axes, user's units.
  func point(at axisValues: [Double]) throws(FileError) -> OperatingPoint {
    precondition(axisValues.count == axes.count, "\(axisValues.count) values for \(axes.count) sweep variables")
    let here = zip(axes, axisValues).map { SweepAxis($0.name, [$1]) }
    return try StateEvaluation(axes: here, variables: variables, outputs: outputs, units: units).points(count: 1)[0]
  }

  /// The state at given values of the axes with its first and second derivatives with respect to a sweep variable or
  /// parameter, per unit of it; nil when no state depends on that name.
  func line(at axisValues: [Double], along name: String) -> (
    point: OperatingPoint, first: OperatingPoint, second: OperatingPoint
  )? {
    guard let moving = variables.register(of: name) else { return nil }
    var registers = [Taylor](repeating: Taylor(), count: variables.registerCount)
    for (a, value) in axisValues.enumerated() { registers[a] = Taylor(value, a == moving ? 1 : 0) }
    for step in variables.steps {
      registers[step.register] = step.program.taylor(registers)
      if step.register == moving { (registers[moving].first, registers[moving].second) = (1, 0) }
    }
    let scales = scales(of: outputs.registers)
    func state(_ part: (Taylor) -> Double) -> OperatingPoint {
      let columns = zip(outputs.registers, scales).map { [part(registers[$0]) * $1] }
      return outputs.points(columns, count: 1)[0]
    }
    return (state { $0.value }, state { $0.first }, state { $0.second })
  }

  /// Columns [output][state], internal units.
  private func columns(count: Int) throws(FileError) -> [[Double]] {
    let outputs = outputs.registers
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
    let scales = scales(of: outputs)
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
  private func scales(of outputs: [Int]) -> [Double] {
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
    if let limit = step.limit, !limit.allows(result) { throw limit.error(result, at: place(registers), in: step.value) }
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
