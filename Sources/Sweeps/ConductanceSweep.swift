import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// dI/dV and d2I/dV2 of the complete charge current at every state, by analytic derivatives (Theory.md section 3).
///
/// V is a sweep variable or parameter of the model; what moves with it are chemical potentials, temperatures and the conductor.
struct ConductanceSweep {
  private let solvers: ConductanceSolvers
  private let request: SweepRequest
  private let observables: [Observable]

  init(_ solvers: ConductanceSolvers, _ request: SweepRequest, _ needs: Needs) {
    self.solvers = solvers
    self.request = request
    observables = needs.derivatives
  }

  /// Throws `.unsuitableModel` at level `dressed`, without a voltage, and at T = 0.
  static func check(_ request: SweepRequest) throws(SolverError) {
    guard !request.junction.conductor.isEmpty, request.level.abilities.contains(.secondOrder) else {
      throw SolverError(
        .unsuitableModel, at: .level,
        "conductances are computed for electrons at \(LevelAbilities.secondOrder.levels)",
        hint: "Use \(part: .level): sharp")
    }
    let name = request.settings.voltage
    let isKnown = request.lineAt?(request.axisValues(ofState: 0), name) != nil || request.conductorChange != nil
    guard isKnown else {
      throw SolverError(
        .unsuitableModel, at: .voltage,
        "dI/dV needs the voltage, and nothing depends on anything named '\(name)'",
        hint: "Name the sweep variable or parameter with \(part: .voltage), for example \(part: .voltage): bias")
    }
    guard !request.systemNames.contains(name) || request.conductorChange != nil else {
      throw SolverError(
        .unsuitableModel, at: .voltage,
        "electrodes, bosons or couplings depend on '\(name)', and derivatives know the conductor's dependence only",
        hint:
          "Let chemical potentials, temperatures and the conductor depend on it, or sweep it and take the slope of charge_current"
      )
    }
    for state in 0..<request.points.count {
      let cold = request.points.temperatures.contains { $0[state] == 0 }
      guard !cold else {
        throw SolverError(
          .unsuitableModel, at: .temperature(of: nil),
          "an electrode has T = 0 at \(request.describe(state: state)), where conductances jump and their derivatives are infinite",
          hint: "Use a small temperature above 0: thermal broadening is what an experiment sees")
      }
    }
  }

  /// Columns [observable][part], component: electrode.
  func run(_ work: ParallelWork, _ ledger: StateLedger) throws(SolverError) -> [(Observable, [ResultColumns])] {
    let (solvers, request, wanted) = (solvers, request, observables)
    let hasCorrection = !request.settings.leavesCorrectionOut
    let order = wanted.contains(.iets) ? 2 : 1
    let orders = wanted.map { $0 == .iets ? 2 : 1 }
    let electrodes = request.junction.electrodes.count
    let reference = solvers.prepared.referenceEnergy
    let columns = try wanted.map { (observable) throws(SolverError) in
      try observable.definition.quantities.dropLast(hasCorrection ? 0 : 1).map { _ throws(SolverError) in
        try ResultColumns(components: electrodes, missingAt: request.points.count)
      }
    }
    let factors = wanted.map { request.units.outputFactor(of: $0.definition.quantities[0].quantity) }
    let lines = StateLines(request, reference: reference, order: order)
    let size = min(64, max(1, request.points.count / 64))
    let counting = work.reporting {
      SweepProgress(stage: $0.stage, done: min($0.done * size, request.points.count), total: request.points.count)
    }
    try ledger.run(
      StateStage("conductances", columns.flatMap { $0 }, .blocks(size)), (request.points.count + size - 1) / size, counting,
      prepare: { () throws(SolverError) in try solvers.prepare(work) },
      makeWorker: { (ConductanceWorker(solvers, orders: orders, tolerance: request.settings.tolerance), $0) },
      body: { block, tools, notes throws(SolverError) in
        let isUnsteady = tools.1
        for state in (block * size)..<min((block + 1) * size, request.points.count) {
          let all: [SecondOrderCurrents]
          do throws(SolverError) { all = try tools.0.derivatives(try lines.line(ofState: state)) } catch {
            try notes.fail(state, error)
            continue
          }
          try SolverError.checkInterruption("computing conductances")
          let parts = hasCorrection ? all : Array(all.prefix(2))
          for (o, observable) in wanted.enumerated() {
            let k = orders[o]
            let gross = parts.reduce(0) { $0 + $1.grossRate[k] }
            for a in 0..<electrodes {
              var total = Estimate()
              for (p, part) in parts.enumerated() {
                let number = part.particles[3 * a + k]
                total = Estimate(total.value + number.value, error: total.error + number.error)
                columns[o][p + 1].set(a, state, number, factor: factors[o])
              }
              let isMissing = total.value.isNaN && isUnsteady
              if !isMissing && !(total.value.isFinite && total.error <= request.settings.tolerance * gross) && gross >= 1e-290 {
                notes.miss("numbers of \(observable.rawValue)", error: total.error / gross, state: state)
              }
              columns[o][0].set(a, state, total, factor: factors[o])
            }
          }
          notes.finish(state, isUnsteady ? .noSteadyState : .done)
        }
      })
    return Array(zip(wanted, columns))
  }
}

/// The states of a request and how they move with the voltage of its settings.
private struct StateLines {
  private let request: SweepRequest
  private let reference: Double
  private let order: Int
  /// Derivatives of all states, where they come together.
  private let derivatives: (first: OperatingPoints, second: OperatingPoints)?

  init(_ request: SweepRequest, reference: Double, order: Int) {
    (self.request, self.reference, self.order) = (request, reference, order)
    let columns = request.derivativesAlong?(request.settings.voltage)
    derivatives = columns?.first.count == request.points.count ? columns : nil
  }

  func line(ofState state: Int) throws(SolverError) -> StateLine {
    guard let derivatives else { return try request.line(state: state, reference: reference).limited(to: order) }
    let line = StateLine(
      OperatingState(request.points, state: state, reference: reference),
      first: OperatingState(derivatives.first, state: state, reference: 0),
      second: OperatingState(derivatives.second, state: state, reference: 0))
    return try request.checked(line, state: state).limited(to: order)
  }
}

extension SweepRequest {
  /// The values of the axes at a state.
  func axisValues(ofState state: Int) -> [Double] {
    zip(axes, axes.positions(of: state)).map { $0.values[$1] }
  }

  /// A state and how it moves with the voltage.
  func line(state: Int, reference: Double) throws(SolverError) -> StateLine {
    let here = OperatingState(points, state: state, reference: reference)
    let none = OperatingState(electrodes: here.chemicalPotentials.count, baths: here.bathTemperatures.count)
    let derivatives = lineAt?(axisValues(ofState: state), settings.voltage)
    guard derivatives != nil || conductorChange != nil else { return StateLine(here) }
    let line = StateLine(
      here, first: derivatives.map { OperatingState($0.first) } ?? none,
      second: derivatives.map { OperatingState($0.second) } ?? none)
    return try checked(line, state: state)
  }

  /// The same line, which the conductor may follow. Throws where a derivative does not exist.
  func checked(_ line: StateLine, state: Int) throws(SolverError) -> StateLine {
    var line = line
    line.movesConductor = conductorChange != nil
    guard line.isFinite else {
      throw SolverError(
        .unsuitableModel, at: .states,
        "the chemical potentials or temperatures have no derivative with respect to \(settings.voltage) at \(describe(state: state))",
        hint: "Avoid kinks such as abs(\(settings.voltage)) at that state")
    }
    return line
  }
}

extension OperatingState {
  /// Derivatives of a state: no reference energy is subtracted.
  init(_ point: OperatingPoint) {
    self.init(electrodes: point.chemicalPotentials.count, baths: point.bathTemperatures.count)
    chemicalPotentials = point.chemicalPotentials
    temperatures = point.temperatures
    bathTemperatures = point.bathTemperatures
    for (p, nu) in point.bathChemicalPotentials.enumerated() { bathPotentials[p] = nu }
  }
}

extension ResultAssembly {
  /// dI/dV and d2I/dV2. They are of flows that do not depend on the populations.
  mutating func addConductances(_ found: [(Observable, [ResultColumns])]) {
    for (observable, parts) in found {
      for (quantity, columns) in zip(observable.definition.quantities, parts) {
        let (values, errors) = columns.take()
        let words = quantity.words.replacing(
          ObservableDefinition.contents(withCorrection: true),
          with: ObservableDefinition.contents(withCorrection: !request.settings.leavesCorrectionOut))
        append(quantity.with(words: words), values, errors)
      }
    }
  }
}
