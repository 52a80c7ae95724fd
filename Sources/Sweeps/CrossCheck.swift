import DenseMatrices
import JunctionModel
import TransportSolvers

/// The second path to the energy current: the double integral [07:A2, A6, A7] without pair baths.
struct CrossCheck: Sendable {
  init?(_ request: SweepRequest, environment: BosonEnvironment) { return nil }

  func evaluate(_ point: OperatingPoint, into currents: inout StateCurrents) throws(SolverError) {}
}
