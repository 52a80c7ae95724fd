import Synchronization
import TransportResults

/// Where in a run work is done: whose pieces they are, and under what path.
struct WorkScope: Sendable {
  let keeper: any PieceKeeper
  private let path: String
  /// What kernels are known by besides their path, so that other runs find them; nil where nobody says.
  private let identity: (@Sendable () -> String)?
  private let used: UsedPaths

  /// Paths that have been opened: the second stage of the same path is not known to other processes.
  private final class UsedPaths: Sendable {
    private let paths = Mutex<Set<String>>([])

    func isFirst(_ path: String) -> Bool { paths.withLock { $0.insert(path).inserted } }
  }

  /// The whole of a run.
  init(_ keeper: any PieceKeeper) {
    (self.keeper, path, identity, used) = (keeper, "", nil, UsedPaths())
  }

  private init(_ scope: WorkScope, path: String, identity: (@Sendable () -> String)?) {
    (keeper, self.path, self.identity, used) = (scope.keeper, path, identity, scope.used)
  }

  /// A part of the work.
  func at(_ name: String) -> WorkScope { WorkScope(self, path: path + name + "/", identity: identity) }

  /// The same work, whose kernels are those of what `identity` says.
  func identified(by identity: @escaping @Sendable () -> String) -> WorkScope { WorkScope(self, path: path, identity: identity) }

  func open(_ stage: PieceStage, count: Int) throws(SolverError) -> any PieceSource {
    try keeper.open(path + stage.key, known(stage), count: count, identity: { identity?() })
  }

  func openJoint(_ stage: PieceStage, count: Int) throws(SolverError) -> any JointSource {
    try keeper.openJoint(path + stage.key, known(stage), count: count)
  }

  /// The stage, handing nothing on where its name is taken or it has none.
  private func known(_ stage: PieceStage) -> PieceStage {
    guard stage.records != nil, !stage.key.isEmpty, used.isFirst(path + stage.key) else { return PieceStage(stage.words) }
    return stage
  }
}
