import BosonPropagators
import ElectronSpectra
import SecondOrderTransport
import Synchronization
import TransportCurrents
import TransportResults

/// What the workers of a `ConductanceSweep` share: closed forms where the junction has them, and the solver of second order, which is made
/// only when it is needed.
final class ConductanceSolvers: Sendable {
  /// nil where elastic and inelastic currents are integrated.
  let closedForms: ClosedFormKernels?
  /// True where the elastic correction is wanted and there is something that makes it.
  let hasCorrection: Bool
  let prepared: PreparedJunction
  private let environment: BosonEnvironment
  private let request: SweepRequest
  private let made = Mutex<SecondOrderSolver?>(nil)

  init(_ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest) {
    (self.prepared, self.environment, self.request) = (prepared, environment, request)
    closedForms =
      request.conductorChange == nil ? ClosedFormKernels(prepared, environment: environment, level: request.level) : nil
    hasCorrection = !request.settings.leavesCorrectionOut && request.junction.bosons.count > 0
  }

  /// True when states need the solver of second order anyway.
  var isCertain: Bool { hasCorrection || closedForms == nil }

  /// Makes now, with all threads, what every state needs; answers whether a mode has no steady population.
  func prepare(_ work: ParallelWork) throws(SolverError) -> Bool {
    guard isCertain else { return false }
    return try secondOrder(work).hasUnsteadyModes
  }

  /// The solver of second order, made by the first worker that asks while the others wait.
  func secondOrder(_ work: ParallelWork) throws(SolverError) -> SecondOrderSolver {
    try made.withLock { (made) throws(SolverError) in
      if let made { return made }
      let solver = try SecondOrderSolver.prepared(
        prepared, environment, request, parts: .correctionAndInelastic, hasDerivatives: true, work)
      made = solver
      return solver
    }
  }
}

/// One worker's buffers for derivatives of currents.
final class ConductanceWorker {
  private let solvers: ConductanceSolvers
  private let closedForms: ClosedFormDerivatives?
  private let orders: [Int]
  private let tolerance: Double
  private var secondOrder: SecondOrderWorker?

  /// `orders` are those of the derivatives that are wanted.
  init(_ solvers: ConductanceSolvers, orders: [Int], tolerance: Double) {
    (self.solvers, self.orders, self.tolerance) = (solvers, orders, tolerance)
    closedForms = solvers.closedForms.map { ClosedFormDerivatives($0, order: orders.max() ?? 1) }
  }

  /// The elastic and inelastic parts and the elastic correction of the charge currents with their derivatives along a line of states.
  func derivatives(_ line: StateLine) throws(SolverError) -> [SecondOrderCurrents] {
    guard let closedForms, let parts = closedForms.evaluate(line), isAccurate(parts) else {
      let parts = try worker().derivatives(line)
      return [parts.elastic, parts.inelastic, parts.correction]
    }
    let correction =
      solvers.hasCorrection
      ? try worker().evaluate(line, parts: .correction).correction : SecondOrderCurrents(electrodes: closedForms.electrodes)
    return [parts.elastic, parts.inelastic, correction]
  }

  /// True when the errors are below half of what is allowed, relative to lower bounds of the gross flows.
  private func isAccurate(_ parts: (elastic: SecondOrderCurrents, inelastic: SecondOrderCurrents)) -> Bool {
    orders.allSatisfy { k in
      let allowed = 0.5 * tolerance * (parts.elastic.grossRate[k] + parts.inelastic.grossRate[k])
      return stride(from: k, to: parts.elastic.particles.count, by: 3).allSatisfy {
        parts.elastic.particles[$0].error + parts.inelastic.particles[$0].error <= allowed
      }
    }
  }

  private func worker() throws(SolverError) -> SecondOrderWorker {
    if let secondOrder { return secondOrder }
    let made = SecondOrderWorker(try solvers.secondOrder(.inline(until: { false })), order: orders.max() ?? 1)
    secondOrder = made
    return made
  }
}
