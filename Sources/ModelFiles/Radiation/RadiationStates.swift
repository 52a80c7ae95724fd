import DataFiles
import JunctionModel
import RadiativeTransfer

/// The states of two bodies: temperatures, biases and the gap, for every point of the sweep.
struct RadiationStateReader {
  let frame: StateFrame
  let pair: RadiatingPair

  private var bodies: [RadiatingBody] { [pair.first, pair.second] }

  /// The sweep and its columns: temperatures and biases of both bodies (eV), the gap (m).
  func states() throws(FileError) -> (axes: [SweepAxis], states: [RadiationState], gaps: [Double]) {
    var biases: [Int?] = [nil, nil]
    var hasGap = true
    let evaluation = try frame.evaluation(numbersPerState: 20) { variables throws(FileError) in
      let section = try frame.stateSection(
        keys: ["temperature", "bias", "gap"], hint: "give both bodies a temperature, and the gap between them")
      let names = bodies.map(\.name)
      var registers: [Int] = []
      for value in try frame.perName(section.required("temperature"), names: names, what: "body") {
        registers.append(try variables.add(value, .temperature))
      }
      let gap = try section.required("gap", hint: "gap: 100 nm, or gap: infinite for the far field")
      hasGap = gap.node.scalarText != "infinite"
      if hasGap { registers.append(try variables.add(gap, .length, limit: PositiveGap())) }
      if let value = try section.optional("bias") {
        biases = try self.biases(value, &variables)
        registers += biases.compactMap(\.self)
      }
      return registers
    }
    let columns = try evaluation.columns()
    var next = hasGap ? 3 : 2
    let potentials = biases.map { register -> [Double]? in
      guard register != nil else { return nil }
      next += 1
      return columns[next - 1]
    }
    let states = (0..<evaluation.count).map { i in
      RadiationState(
        BodyState(temperature: columns[0][i], chemicalPotential: potentials[0]?[i] ?? 0),
        BodyState(temperature: columns[1][i], chemicalPotential: potentials[1]?[i] ?? 0))
    }
    return (evaluation.axes, states, hasGap ? columns[2] : [Double](repeating: .infinity, count: evaluation.count))
  }

  /// A bias for any of the bodies that can carry one.
  private func biases(_ value: ModelValue, _ variables: inout StateVariables) throws(FileError) -> [Int?] {
    let names = bodies.map(\.name)
    guard !value.node.isScalar else {
      throw value.fail(
        .invalidModel, found: "a single bias", allowed: "a mapping from bodies to biases: \(names.joined(separator: ", "))",
        hint: "bias: {\(names[1]): V}")
    }
    _ = try frame.perName(value, names: [], others: names, what: "body", othersWhat: "bodies")
    var registers: [Int?] = []
    for body in bodies {
      guard let node = value.node[body.name] else {
        registers.append(nil)
        continue
      }
      registers.append(try variables.add(value.child(node, body.name), .energy, limit: BiasLimit(body)))
    }
    return registers
  }
}

/// The vacuum gap is a positive length of at most a metre.
private struct PositiveGap: StateLimit {
  func allows(_ number: Double) -> Bool { number > 0 && number <= GapSpectra.widestGap * 1e9 }

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
