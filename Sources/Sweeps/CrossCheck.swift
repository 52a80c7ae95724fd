import BosonPropagators
import JunctionModel
import TransportCurrents
import TransportResults

/// The second path to the energy current: the double integral [07:A2, A6, A7] without pair baths.
struct CrossCheck: Sendable {
  private let junction: Junction
  private let environment: BosonEnvironment
  private let breakpoints: [(position: Double, width: Double)]
  private let tolerance: Double
  /// The nested quadrature costs about the square of the digits: no more of them than anyone compares.
  private static let finest = 1e-7

  /// nil when the request does not ask for it.
  init?(_ request: SweepRequest, environment: BosonEnvironment) throws(SolverError) {
    guard request.settings.crossCheck else { return nil }
    junction = request.junction
    self.environment = environment
    breakpoints = try environment.breakpoints(
      upTo: max(LandauerSolver.highestFrequency(request.points), 1.5 * request.junction.bosons.highestEnergy))
    tolerance = max(request.settings.tolerance, Self.finest)
  }

  func evaluate(_ point: OperatingPoint, into currents: inout StateCurrents) throws(SolverError) {
    let environment = environment
    let integral = try DirectDoubleIntegral(
      junction: junction,
      bosonLesser: { (w: Double) throws(SolverError) in try environment.lesser(at: w, point) }, breakpoints: breakpoints,
      tolerance: tolerance)
    currents.crossCheck = try integral.energyCurrent(at: point)
  }
}
