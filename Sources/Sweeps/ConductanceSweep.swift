import ElectronSpectra
import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// dI/dV and d2I/dV2 of the complete charge current at every state, by analytic derivatives (Theory.md section 3).
///
/// V is a sweep variable or parameter of the model; what moves with it are chemical potentials and temperatures.
struct ConductanceSweep {
  private let solver: SecondOrderSolver
  private let prepared: PreparedJunction
  private let request: SweepRequest
  private let observables: [Observable]

  /// `solver` must have been made with the inelastic parts.
  init(_ solver: SecondOrderSolver, _ prepared: PreparedJunction, _ request: SweepRequest, _ needs: Needs) {
    self.solver = solver
    self.prepared = prepared
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
    let (solver, request, wanted) = (solver, request, observables)
    let hasCorrection = !request.settings.leavesCorrectionOut
    let order = wanted.contains(.iets) ? 2 : 1
    let electrodes = request.junction.electrodes.count
    let reference = prepared.referenceEnergy
    let columns = try wanted.map { (observable) throws(SolverError) in
      try observable.definition.quantities.dropLast(hasCorrection ? 0 : 1).map { _ throws(SolverError) in
        try ResultColumns(components: electrodes, missingAt: request.points.count)
      }
    }
    let factors = wanted.map { request.units.outputFactor(of: $0.definition.quantities[0].quantity) }
    try ledger.stage { stage throws(SolverError) in
      try work.run(
        request.points.count, stage: "conductances", makeWorker: { SecondOrderWorker(solver, order: order) },
        body: { state, worker throws(SolverError) in
          let line = try request.line(state: state, reference: reference).limited(to: order)
          let parts: (elastic: SecondOrderCurrents, inelastic: SecondOrderCurrents, correction: SecondOrderCurrents)
          do throws(SolverError) { parts = try worker.derivatives(line) } catch { return try stage.fail(state, error) }
          try SolverError.checkInterruption("computing conductances")
          let all = [parts.elastic, parts.inelastic] + (hasCorrection ? [parts.correction] : [])
          for (o, observable) in wanted.enumerated() {
            let k = observable == .iets ? 2 : 1
            let gross = all.reduce(0) { $0 + $1.grossRate[k] }
            for a in 0..<electrodes {
              let numbers = all.map { $0.particles[3 * a + k] }
              let total = numbers.reduce(Estimate()) { Estimate($0.value + $1.value, error: $0.error + $1.error) }
              let isMissing = total.value.isNaN && solver.hasUnsteadyModes
              if !isMissing && !(total.value.isFinite && total.error <= request.settings.tolerance * gross) && gross >= 1e-290 {
                stage.miss("numbers of \(observable.rawValue)", error: total.error / gross, state: state)
              }
              for (p, number) in ([total] + numbers).enumerated() {
                columns[o][p].set(a, state, number, factor: factors[o])
              }
            }
          }
          stage.finish(state, solver.hasUnsteadyModes ? .noSteadyState : .done)
        })
    }
    return Array(zip(wanted, columns))
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
    var line = StateLine(
      here, first: derivatives.map { OperatingState($0.first) } ?? none,
      second: derivatives.map { OperatingState($0.second) } ?? none)
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
