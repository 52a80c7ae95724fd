import Cancellation

/// The refinement of every adaptive integral: the parts of an integral, of which those that are too coarse are halved until a
/// rule is content.
///
/// `refine` goes in rounds: the whole is judged, then every part that matters to it is halved. `descend` judges each part by
/// itself and goes to its halves at once. Either way the parts stay in ascending order, whole passes over them replace a
/// queue of the worst: sums have a fixed order, and no bit depends on which part was halved first. Between two parts the
/// cancellation token is polled.
public struct PanelRefinement<Contribution> {
  /// How a refinement ended.
  public enum Outcome: Sendable, Equatable {
    /// The rule is content.
    case resolved
    /// No part that is too coarse can be halved.
    case stalled
    /// There are as many parts as allowed.
    case exhausted
    /// Cancelled: what has been summed is not to be shown.
    case interrupted
  }

  /// The parts in ascending order.
  public var parts: [Contribution]
  /// No more halving once this many parts exist.
  public let limit: Int
  @usableFromInline var next: [Contribution] = []

  /// A refinement of first parts, in ascending order.
  @inlinable public init(_ parts: [Contribution] = [], limit: Int = .max) {
    self.parts = parts
    self.limit = limit
  }

  /// Halves in rounds. `judge` looks at all parts and returns which of them are too coarse, nil when nothing is; `halve`
  /// returns the two halves, nil when a part cannot be halved. Cost: one judgement per round, one call of `halve` per part
  /// halved. Throws what the closures throw.
  @inlinable
  public mutating func refine<Failure: Error>(
    judge: ([Contribution]) throws(Failure) -> ((Contribution) -> Bool)?,
    halve: (Contribution) throws(Failure) -> (Contribution, Contribution)?
  ) throws(Failure) -> Outcome {
    while true {
      guard let isCoarse = try judge(parts) else { return .resolved }
      if parts.count >= limit { return .exhausted }
      next.removeAll(keepingCapacity: true)
      for part in parts {
        guard isCoarse(part) else {
          next.append(part)
          continue
        }
        if workIsInterrupted() { return .interrupted }
        if let (left, right) = try halve(part) {
          next.append(left)
          next.append(right)
        } else {
          next.append(part)
        }
      }
      let isStalled = next.count == parts.count
      swap(&parts, &next)
      if isStalled { return .stalled }
    }
  }

  /// Halves in depth. `visit` gets every part in ascending order, and whether there is room for more; it returns the halves
  /// that take its place, to be visited next, or nil when the part stays. Cost: one visit per part ever made. Throws what
  /// `visit` throws.
  @inlinable
  public mutating func descend<Failure: Error>(
    _ visit: (Contribution, _ hasRoom: Bool) throws(Failure) -> (Contribution, Contribution)?
  ) throws(Failure) -> Outcome {
    next.removeAll(keepingCapacity: true)
    parts.reverse()
    var isExhausted = false
    while let part = parts.popLast() {
      if workIsInterrupted() { return .interrupted }
      let hasRoom = next.count + parts.count + 1 < limit
      if let (left, right) = try visit(part, hasRoom) {
        parts.append(right)
        parts.append(left)
      } else {
        next.append(part)
        if !hasRoom { isExhausted = true }
      }
    }
    swap(&parts, &next)
    return isExhausted ? .exhausted : .resolved
  }
}

extension PanelRefinement: Sendable where Contribution: Sendable {}

/// A panel on the way down: how often it has been halved.
public struct HalvedPanel: Sendable {
  /// The piece.
  public let panel: Panel
  /// Number of halvings it is away from a first panel.
  public let depth: Int

  @inlinable public init(_ panel: Panel, depth: Int = 0) { (self.panel, self.depth) = (panel, depth) }

  /// The halves; nil at the depth `deepest` and when floating point cannot tell them apart.
  @inlinable
  public func halves(to deepest: Int) -> (HalvedPanel, HalvedPanel)? {
    guard depth < deepest, let (left, right) = panel.bisected else { return nil }
    return (HalvedPanel(left, depth: depth + 1), HalvedPanel(right, depth: depth + 1))
  }
}

/// A part that knows by how much its halves might differ from it.
public protocol WatchedContribution {
  /// One lane for every number that is watched.
  associatedtype Lanes: SIMD where Lanes.Scalar == Double
  /// Errors that halving takes away.
  var doubts: Lanes { get }
  /// Gross values that the errors are measured against.
  var sizes: Lanes { get }
}

/// When a sum over parts is resolved, and which parts are too coarse until then.
public struct RefinementRule: Sendable {
  /// Relative to the summed sizes.
  public let tolerance: Double
  /// The sum of all doubts may be this fraction of the tolerance.
  public let whole: Double
  /// Until then parts with more than an even share of this fraction are halved.
  public let shares: Double
  /// Whose shares count.
  public let lanes: Watch

  /// The numbers for which a part may be too coarse.
  public enum Watch: Sendable {
    /// All of them.
    case all
    /// Those that are not resolved yet.
    case open
  }

  @inlinable public init(tolerance: Double, whole: Double = 0.3, shares: Double = 0.1, lanes: Watch = .all) {
    self.tolerance = tolerance
    self.whole = whole
    self.shares = shares
    self.lanes = lanes
  }

  /// What a part may keep of each lane, for sums over `count` parts; nil when every sum is resolved.
  @inlinable
  public func thresholds<Lanes: SIMD<Double>>(_ doubts: Lanes, of sizes: Lanes, parts count: Int) -> Lanes? {
    let allowed = whole * tolerance * sizes
    let open = doubts .> allowed
    guard any(open) else { return nil }
    let share = shares * tolerance / Double(count) * sizes
    switch lanes {
    case .all: return share
    case .open: return share.replacing(with: Lanes(repeating: .infinity), where: .!open)
    }
  }
}

extension PanelRefinement where Contribution: WatchedContribution {
  /// Halves in rounds until the sums of all lanes obey the rule.
  @inlinable
  public mutating func refine<Failure: Error>(
    to rule: RefinementRule, halve: (Contribution) throws(Failure) -> (Contribution, Contribution)?
  ) throws(Failure) -> Outcome {
    try refine(
      judge: { (parts: [Contribution]) throws(Failure) -> ((Contribution) -> Bool)? in
        var (doubts, sizes) = (Contribution.Lanes.zero, Contribution.Lanes.zero)
        for part in parts {
          doubts += part.doubts
          sizes += part.sizes
        }
        guard let allowed = rule.thresholds(doubts, of: sizes, parts: parts.count) else { return nil }
        return { any($0.doubts .> allowed) }
      }, halve: halve)
  }
}

/// True when the work under way is to end: what inlined loops can ask.
@usableFromInline
func workIsInterrupted() -> Bool { CancellationToken.isRequested }
