import DataFiles
import JunctionModel
import RadiativeTransfer

/// The states of two bodies: temperatures, biases and the gap, for every point of the sweep.
struct RadiationStateReader {
  let frame: StateFrame
  let pair: RadiatingPair

  private var bodies: [RadiatingBody] { [pair.first, pair.second] }

  /// The expressions a state of two bodies is made of.
  private struct Outputs {
    var temperatures: [StateExpression] = []
    /// nil for an infinite gap.
    var gap: StateExpression?
    /// nil for bodies without bias.
    var biases: [StateExpression?] = [nil, nil]
  }

  /// The sweep and its states: temperatures and biases of both bodies (eV), the gap (m).
  func states() throws(FileError) -> (axes: [SweepAxis], states: [RadiationState], gaps: [Double]) {
    let (evaluation, outputs) = try frame.evaluation(numbersPerState: 20) { variables throws(FileError) in
      try expressions(&variables)
    }
    let (columns, count) = (try evaluation.columns(), evaluation.count)
    let temperatures = outputs.temperatures.map { columns[$0] }
    let biases = outputs.biases.map { columns.column($0, count: count) }
    let states = (0..<count).map { i in
      RadiationState(
        BodyState(temperature: temperatures[0][i], chemicalPotential: biases[0][i]),
        BodyState(temperature: temperatures[1][i], chemicalPotential: biases[1][i]))
    }
    return (evaluation.axes, states, outputs.gap.map { columns[$0] } ?? [Double](repeating: .infinity, count: count))
  }

  private func expressions(_ variables: inout StateVariables) throws(FileError) -> Outputs {
    let section = try frame.stateSection(
      keys: ["temperature", "bias", "gap"], hint: "give both bodies a temperature, and the gap between them")
    var outputs = Outputs()
    for value in try frame.perName(section.required("temperature"), names: bodies.map(\.name), what: "body") {
      outputs.temperatures.append(try variables.add(value, .temperature))
    }
    let gap = try section.required("gap", hint: "gap: 100 nm, or gap: infinite for the far field")
    if gap.node.scalarText != ModelValue.infinite { outputs.gap = try variables.add(gap, .length, limit: PositiveGap()) }
    if let value = try section.optional("bias") { outputs.biases = try biases(value, &variables) }
    return outputs
  }

  /// A bias for any of the bodies that can carry one.
  private func biases(_ value: ModelValue, _ variables: inout StateVariables) throws(FileError) -> [StateExpression?] {
    let names = bodies.map(\.name)
    guard !value.node.isScalar else {
      throw value.fail(
        .invalidModel, found: "a single bias", allowed: "a mapping from bodies to biases: \(names.joined(separator: ", "))",
        hint: "bias: {\(names[1]): V}")
    }
    _ = try frame.perName(value, names: [], others: names, what: "body", othersWhat: "bodies")
    var biases: [StateExpression?] = []
    for body in bodies {
      guard let node = value.node[body.name] else {
        biases.append(nil)
        continue
      }
      biases.append(try variables.add(value.child(node, body.name), .energy, limit: BiasLimit(body)))
    }
    return biases
  }
}

/// The vacuum gap is a positive length of at most a metre.
private struct PositiveGap: StateLimit {
  func allows(_ number: Double) -> Bool { number > 0 && (number <= GapSpectra.widestGap * 1e9 || number == .infinity) }

  func error(_ number: Double, at place: String, in value: ModelValue) -> FileError {
    value.fail(
      .outOfRange, found: "a gap of \(number) nm\(place)",
      allowed: "a positive length up to 1 m, or 'infinite' for the far field",
      hint: number > 0
        ? "gap: infinite averages the interference, which nothing resolves at such distances"
        : "bodies in contact exchange heat by conduction; local dielectric functions hold down to about 1 nm")
  }
}

/// A bias stays below the gap energy of the body.
private struct BiasLimit: StateLimit {
  private let body: String
  private let gap: Double?

  init(_ body: RadiatingBody) {
    self.body = body.name
    gap = body.interbandGap
  }

  func allows(_ number: Double) -> Bool { number == 0 || gap.map { number < $0 } ?? false }

  func error(_ number: Double, at place: String, in value: ModelValue) -> FileError {
    guard let gap else {
      return value.fail(
        .outOfRange, found: "the bias \(number) V on '\(body)'\(place), which has no interband absorption under bias",
        allowed: "0",
        hint: "only interband absorption carries the chemical potential eV of a bias: give a material a part of kind "
          + "critical-point, absorption-edge, or a table with gap_energy")
    }
    return value.fail(
      .outOfRange, found: "the bias \(number) V on '\(body)'\(place), not below its gap energy \(gap) eV",
      allowed: "biases below \(gap) V",
      hint: "at eV >= E_g stimulated emission exceeds absorption: the body amplifies light, and no steady thermal emission "
        + "exists")
  }
}
