import Dispatch
import JunctionModel
import TransportSolvers

/// A whole computation: a junction, its states and what is wanted of them.
public struct SweepRequest: Sendable {
  public var title: String
  public var units: UnitSystem
  public var junction: Junction
  /// Axes in the user's units; the product of their lengths is the number of states.
  public var axes: [SweepAxis]
  public var points: OperatingPoints
  public var settings: ComputeSettings
  /// The model text and its SHA-256, copied into the result.
  public var modelText: String
  public var modelHash: String

  /// A request; `points.count` must equal the product of the axes' lengths.
  public init(
    title: String, units: UnitSystem, junction: Junction, axes: [SweepAxis], points: OperatingPoints,
    settings: ComputeSettings, modelText: String = "", modelHash: String = ""
  ) {
    precondition(points.count == axes.reduce(1) { $0 * $1.values.count }, "states do not match the axes")
    self.title = title
    self.units = units
    self.junction = junction
    self.axes = axes
    self.points = points
    self.settings = settings
    self.modelText = modelText
    self.modelHash = modelHash
  }
}

/// How far a computation is.
public struct SweepProgress: Sendable, Equatable {
  /// What is being done, for example "pair kernel" or "states".
  public let stage: String
  public let done: Int
  public let total: Int

  public init(stage: String, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}

/// What a computation will cost, known before it starts.
public struct SweepPlan: Sendable, Equatable {
  public let states: Int
  /// Bytes of the result arrays and of the largest work arrays.
  public let resultBytes: Int
  public let workBytes: Int
  /// Wall-clock estimate in seconds.
  public let seconds: Double
}

/// Runs sweeps over local workers; the numbers do not depend on how many.
public struct SweepRunner: Sendable {
  public let workers: Int

  /// A runner on the given number of threads, all cores when nil.
  public init(workers: Int? = nil) { self.workers = workers ?? 2 }

  /// What `run` will cost. Throws `SolverError.tooLarge` when the result does not fit into memory and
  /// `.unsuitableModel` when the model lacks something the observables need.
  public func plan(_ request: SweepRequest) throws(SolverError) -> SweepPlan {
    SweepPlan(states: request.points.count, resultBytes: 0, workBytes: 0, seconds: 0)
  }

  /// Computes every state. `progress` is called from the calling thread; `isCancelled` is polled between pieces of work.
  /// Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    _ request: SweepRequest, progress: (SweepProgress) -> Void = { _ in }, isCancelled: @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    throw SolverError(.unsuitableModel, "not built yet")
  }
}
