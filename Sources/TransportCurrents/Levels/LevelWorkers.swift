import ElectronSpectra
import JunctionModel
import TransportResults

/// A level made ready for the states of a request; all workers share it.
package protocol PreparedLevel: Sendable {
  /// One worker's buffers for blocks of up to `capacity` states; nil when no state needs the level.
  func makeWorker(_ integrator: StateIntegrator, capacity: Int) -> (any LevelWorker)?
  /// One worker's buffers for fluctuations; nil where they are not wanted.
  func makeFluctuations() -> (any LevelFluctuations)?
}

extension PreparedLevel {
  package func makeFluctuations() -> (any LevelFluctuations)? { nil }
}

/// One worker's buffers for a block of states.
package protocol LevelWorker: AnyObject {
  /// A block of states, with what they share computed for all of them at once. It lives in the buffers: the next block ends it.
  func block(_ points: OperatingPoints, _ states: Range<Int>) -> any LevelBlock
}

/// The states of a block at a level; slots count from the first of them.
package protocol LevelBlock {
  /// Adds the level's numbers of the state in a slot: populations, stability, currents. An unstable state keeps `isStable` false.
  /// Throws when a kernel cannot be computed.
  func evaluate(_ state: borrowing OperatingState, slot: Int, into result: inout StateCurrents) throws(SolverError)
  /// How far the state in slot 0 is from instability: the damping of the mode nearest to it, or, when `followsPole` is false and the
  /// level can do without, stability alone. nil when no mode tells. `currents` is a buffer.
  func margin(
    _ state: OperatingState, followsPole: Bool, _ currents: inout StateCurrents
  ) throws(SolverError) -> StabilityMargin?
}

/// Adds the cumulants of states with one worker's buffers.
package protocol LevelFluctuations: AnyObject {
  /// Adds the cumulants of a stable state. Throws when a kernel cannot be computed.
  func evaluate(_ state: OperatingState, into result: inout StateFluctuations) throws(SolverError)
}

/// The inelastic part of the Onsager matrix at a level; all workers share it.
package protocol LevelResponse: Sendable {
  /// Adds the response of an equilibrium; `mu` is measured from the reference energy. Throws when a kernel cannot be computed.
  func add(
    potential mu: Double, temperature t: Double, integrator: ResponseIntegrator, to matrix: inout OnsagerMatrix
  ) throws(SolverError)
}

/// How far a state is from instability: the smallest damping of its modes, negative when it is unstable.
package struct StabilityMargin {
  /// The damping, internal units; 1 and -1 where only stability is known.
  package let value: Double
  /// The mode that tells; nil where only stability is known.
  package let pole: BosonPole?

  package init(_ pole: BosonPole) { (value, self.pole) = (pole.damping, pole) }

  package init(stable: Bool) { (value, pole) = (stable ? 1 : -1, nil) }
}
