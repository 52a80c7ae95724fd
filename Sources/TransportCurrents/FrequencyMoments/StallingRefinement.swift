import Quadrature
import TransportResults

/// A part that remembers how often halving has not helped.
package protocol StallingContribution: WatchedContribution where Lanes == SIMD2<Double> {
  /// Generations in a row whose doubts stayed what they were.
  var stalls: Int { get set }
}

/// What halving leaves of doubts that are noise: kernels at neighbouring frequencies differ by their own errors, however short the panel.
private let noiseRatio = 0.85
/// Generations after which a part is as good as it gets; its doubts stay in the stated error.
private let mostStalls = 2

extension PanelRefinement where Contribution: StallingContribution {
  /// Halves in rounds until the sums of both lanes obey the rule: in every round the parts that hold most of the doubts, never one whose
  /// doubts halving does not lower; where it raises them the part stays whole. Cost: one sorting of the parts per round. Throws what
  /// `halve` throws, and when interrupted.
  package mutating func refineWhereItHelps(
    to rule: RefinementRule, halve: (Contribution) throws(SolverError) -> (Contribution, Contribution)?
  ) throws(SolverError) {
    while parts.count < limit {
      let limits = SIMD2(Self.limit(parts, 0, rule), Self.limit(parts, 1, rule))
      var (next, isDone): ([Contribution], Bool) = ([], true)
      for part in parts {
        guard part.stalls < mostStalls, any(part.doubts .> limits) else {
          next.append(part)
          continue
        }
        try SolverError.checkInterruption("integrating over frequencies")
        let halves = try Self.halves(of: part, halve)
        isDone = isDone && halves.count == 1
        next += halves
      }
      parts = next
      if isDone { return }
    }
  }

  /// The part itself, marked as good as it gets, where halving it makes its doubts larger for the second time or cannot be done.
  private static func halves(
    of part: Contribution, _ halve: (Contribution) throws(SolverError) -> (Contribution, Contribution)?
  ) throws(SolverError) -> [Contribution] {
    var whole = part
    guard var (left, right) = try halve(part) else {
      whole.stalls = mostStalls
      return [whole]
    }
    let kept = left.doubts + right.doubts
    let stalls = all(kept .<= noiseRatio * part.doubts) ? 0 : part.stalls + 1
    if stalls >= mostStalls, any(kept .> part.doubts) {
      whole.stalls = mostStalls
      return [whole]
    }
    (left.stalls, right.stalls) = (stalls, stalls)
    return [left, right]
  }

  /// The largest doubt that may stay: the smaller ones add up to half of what is allowed; infinite when the sum is.
  private static func limit(_ parts: [Contribution], _ lane: Int, _ rule: RefinementRule) -> Double {
    var (doubt, size, stalled) = (0.0, 0.0, 0.0)
    for part in parts {
      doubt += part.doubts[lane]
      size += part.sizes[lane]
      if part.stalls >= mostStalls { stalled += part.doubts[lane] }
    }
    let allowed = rule.whole * rule.tolerance * size
    guard doubt > allowed else { return .infinity }
    let target = max(0.5 * allowed - stalled, 0.05 * allowed)
    var sum = 0.0
    for doubt in parts.lazy.filter({ $0.stalls < mostStalls }).map({ $0.doubts[lane] }).sorted() {
      sum += doubt
      if sum > target { return doubt.nextDown }
    }
    return .infinity
  }
}
