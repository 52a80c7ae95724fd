import ElectronSpectra
import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// Linear response at every equilibrium of a sweep; the other states get NaN.
struct LinearResponseSweep {
  private let basis: LevelBasis
  private let request: SweepRequest
  private let variables: [ResponseReading]
  /// For the elastic part, without electrons nil.
  private let elastic: PanelKernel?
  /// For the elastic correction, nil where it vanishes or is left out.
  private let secondOrder: SecondOrderSolver?

  init(_ basis: LevelBasis, _ request: SweepRequest, elastic: PanelKernel?, secondOrder: SecondOrderSolver?) {
    (self.basis, self.request) = (basis, request)
    (self.elastic, self.secondOrder) = (elastic, secondOrder)
    variables = request.needs.linearResponse.flatMap(\.definition.responseReadings)
  }

  /// Throws `.unsuitableModel` at levels without it, when no state is an equilibrium, and at T = 0.
  static func check(_ request: SweepRequest) throws(SolverError) {
    guard request.level.abilities.contains(.linearResponse) || request.junction.conductor.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .level,
        "linear response is computed at \(LevelAbilities.linearResponse.levels), the model asks for level "
          + request.level.word.rawValue,
        hint: "Use \(part: .level): landauer")
    }
    let points = request.points
    let equilibria = (0..<points.count).filter { points.isEquilibrium($0) }
    guard !equilibria.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .states,
        "linear response needs an equilibrium, and none of \(points.count) states is one; "
          + "\(points.count == 1 ? "the state" : "the first one, \(request.describe(state: 0)),") has "
          + request.describeImbalance(of: 0),
        hint: "Give all electrodes one chemical potential and everything one temperature, for example V = 0 and dT = 0, "
          + "or \(part: .temperature(of: nil)): 300")
    }
    if let cold = equilibria.first(where: { points.commonTemperature($0) == 0 }) {
      throw SolverError(
        .unsuitableModel, at: .temperature(of: nil),
        "linear response does not exist at T = 0 (forces are dmu/T and dT/T^2), the temperature at \(request.describe(state: cold))",
        hint: "Use a temperature above 0, however small")
    }
  }

  /// One set of columns per variable: components as its dimensions say, then the states.
  func run(
    _ work: ParallelWork, _ ledger: StateLedger
  ) throws(SolverError) -> [(ResponseReading, ResultColumns)] {
    let (points, wanted, second) = (request.points, variables, secondOrder)
    let empty = ResultAssembly.empty(request)
    let places = wanted.map { empty.indices(of: $0.quantity) }
    let columns = try places.map { (places) throws(SolverError) in
      try ResultColumns(components: places.count, missingAt: points.count)
    }
    let tolerance = request.settings.tolerance
    let factors = wanted.map { request.units.outputFactor(of: $0.quantity.quantity) }
    let isUnsteady = !request.level.hasWidths && request.junction.hasModesOutsideBands(basis.environment)
    let status = isUnsteady ? StateStatus.noSteadyState : .done
    try ledger.run(
      StateStage("linear response", columns, .blocks(1)), points.count, work,
      prepare: { () throws(SolverError) in try self.solver(work) },
      makeWorker: {
        ResponseTools(solver: $0, integrator: ResponseIntegrator(), second: second.map { SecondOrderWorker($0, order: 1) })
      },
      body: { state, tools, notes throws(SolverError) in
        guard points.isEquilibrium(state) else { return notes.finish(state) }
        let temperature = points.commonTemperature(state)
        let mu = points.chemicalPotentials.first?[state] ?? 0
        let parts: OnsagerParts
        do throws(SolverError) {
          parts = try Self.parts(tools, chemicalPotential: mu, temperature: temperature)
        } catch { return try notes.fail(state, error) }
        try SolverError.checkInterruption("computing linear response")
        for (name, part) in [("elastic", parts.elastic), ("inelastic", parts.inelastic), ("complete", parts.total)]
        where !(part.relativeError <= tolerance) {
          notes.miss("\(name) parts of the Onsager matrix", error: part.relativeError, state: state)
        }
        let coefficients = TransportCoefficients(parts.total, temperature: temperature)
        for (v, variable) in wanted.enumerated() {
          for (i, place) in places[v].enumerated() {
            columns[v].set(i, state, variable.value(coefficients, place), factor: factors[v])
          }
        }
        // Infinite where electrons feel a free motion, whose amplitude nothing bounds.
        notes.finish(state, parts.total.elements.allSatisfy(\.value.isFinite) ? status : .noSteadyState)
      })
    return Array(zip(variables, columns))
  }

  private static func parts(
    _ tools: ResponseTools, chemicalPotential mu: Double, temperature: Double
  ) throws(SolverError) -> OnsagerParts {
    var parts = try tools.solver.evaluate(chemicalPotential: mu, temperature: temperature, integrator: tools.integrator)
    if let worker = tools.second {
      parts.correction = try worker.response(
        chemicalPotential: mu, temperature: temperature, rest: parts.elastic + parts.inelastic)
    }
    return parts
  }

  private func solver(_ work: ParallelWork) throws(SolverError) -> LinearResponseSolver {
    let hasBosons = request.junction.bosons.count > 0
    return LinearResponseSolver(
      basis.prepared, elastic: elastic,
      inelastic: hasBosons ? try request.level.prepareResponse(basis, for: request.levelRequest, pieces: work) : nil)
  }
}

/// What one worker has for linear response.
private struct ResponseTools {
  let solver: LinearResponseSolver
  let integrator: ResponseIntegrator
  let second: SecondOrderWorker?
}

extension SweepRequest {
  /// The chemical potentials and temperatures of a state in words, the user's units.
  func describeImbalance(of state: Int) -> String {
    let (energy, kelvin) = (units.outputFactor(of: .energy), units.outputFactor(of: .temperature))
    func list(_ names: [String], _ columns: [[Double]], _ factor: Double) -> String {
      zip(names, columns).map { "\($0) \($1[state] * factor)" }.joined(separator: ", ")
    }
    let (electrodes, baths) = (junction.electrodes.map(\.name), junction.baths.map(\.name))
    var parts: [String] = []
    if !electrodes.isEmpty { parts.append("chemical potentials " + list(electrodes, points.chemicalPotentials, energy)) }
    parts.append(
      "temperatures " + list(electrodes + baths, points.temperatures + points.bathTemperatures, kelvin))
    if points.bathChemicalPotentials.contains(where: { $0[state] != 0 }) {
      parts.append("chemical potentials of baths " + list(baths, points.bathChemicalPotentials, energy))
    }
    return parts.joined(separator: "; ")
  }
}

extension ResultAssembly {
  /// Variables of linear response.
  mutating func addLinearResponse(_ found: [(ResponseReading, ResultColumns)]) {
    for (variable, columns) in found where columns.components > 0 {
      let (values, errors) = columns.take()
      append(variable.quantity, values, errors)
    }
  }
}

extension TransportResult {
  /// Indices of all components of a quantity, in the order of its dimensions, the last varying fastest.
  fileprivate func indices(of quantity: ResultQuantity) -> [[Int]] {
    quantity.dimensions.reduce([[]]) { partial, dimension in
      partial.flatMap { head in (0..<(length(of: dimension.rawValue) ?? 0)).map { head + [$0] } }
    }
  }
}
