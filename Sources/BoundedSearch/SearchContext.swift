import CNLopt

/// What a search knows while NLopt calls back; lives on one thread.
final class SearchContext {
  private let bounds: [ClosedRange<Double>]
  private let function: ([Double]) -> BoundedSearch.Evaluation
  /// The search that is running.
  var search: nlopt_opt?
  /// Evaluations allowed so far in all.
  var limit = 0
  /// What NLopt is told where there is no value.
  var undefined = Double.nan
  private(set) var count = 0
  /// Calls of the running search, those beyond the limit included.
  private var calls = 0
  /// Points without a value before the first climb.
  private var holes = 0
  /// DIRECT places every such point anew at each step: thousands take longer than any model.
  private static let mostHoles = 1000
  private(set) var isStopped = false
  /// The best point in units of the bounds, and its value.
  private(set) var best: (point: [Double], value: Double)?

  /// The best point since `beginClimb`.
  private(set) var top: (point: [Double], value: Double)?
  /// Every point with a value before the first climb.
  private var seen: [(point: [Double], value: Double)] = []
  private var isClimbing = false

  init(bounds: [ClosedRange<Double>], function: @escaping ([Double]) -> BoundedSearch.Evaluation) {
    self.bounds = bounds
    self.function = function
  }

  /// Minus the function at a point of the unit cube; nothing is evaluated beyond the limit or after a stop.
  func evaluate(_ point: [Double]) -> Double {
    calls += 1
    guard !isStopped, count < limit, isClimbing || holes < Self.mostHoles else {
      stopSearch()
      return undefined
    }
    count += 1
    switch function(scaled(point)) {
    case .value(let value) where value.isFinite:
      if !isClimbing { seen.append((point, value)) }
      if value > top?.value ?? -.infinity { top = (point, value) }
      if value > best?.value ?? -.infinity { best = (point, value) }
      return -value
    case .value, .undefined:
      holes += 1
      return undefined
    case .stop:
      isStopped = true
      count -= 1
      stopSearch()
      return undefined
    }
  }

  /// Forgets `top`.
  func beginClimb() { (isClimbing, top) = (true, nil) }

  /// The best points so far, best first, no two within `distance` of each other in every coordinate.
  func starts(_ count: Int, apart distance: Double) -> [[Double]] {
    var chosen: [[Double]] = []
    for (_, candidate) in seen.enumerated().sorted(by: { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }) {
      guard chosen.count < count else { break }
      let isNear = chosen.contains { other in zip(other, candidate.point).allSatisfy { abs($0 - $1) <= distance } }
      if !isNear { chosen.append(candidate.point) }
    }
    return chosen
  }

  /// Forgets the calls of the search before.
  func beginSearch() { calls = 0 }

  /// Ends the search at once. During the first division of the box, the center and two points per coordinate, DIRECT goes on with
  /// points that cost nothing: NLopt 2.7 crashes when it is stopped there.
  private func stopSearch() {
    if isClimbing || calls > 2 * bounds.count + 1, let search { nlopt_force_stop(search) }
  }

  func outcome(rested: Bool) -> BoundedSearch.Outcome {
    BoundedSearch.Outcome(
      point: best.map { scaled($0.point) }, value: best?.value ?? -.infinity, evaluations: count,
      ending: isStopped ? .stopped : rested ? .rested : .outOfEvaluations)
  }

  /// A point of the unit cube in the bounds; the ends are exact.
  private func scaled(_ point: [Double]) -> [Double] {
    zip(bounds, point).map { range, t in
      t <= 0 ? range.lowerBound : t >= 1 ? range.upperBound : range.lowerBound * (1 - t) + range.upperBound * t
    }
  }
}
