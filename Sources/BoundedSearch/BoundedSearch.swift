import CNLopt
import RealModule

/// Looks for the largest value of a function in a box, without derivatives and always in the same order.
///
/// First DIRECT, locally biased (Jones, Perttunen, Stuckman, J. Optim. Theory Appl. 79, 157 (1993); Gablonsky, Kelley,
/// J. Global Optim. 21, 27 (2001)): it divides the box where a large value is possible and knows points without a value. Then
/// Nelder and Mead's simplex, in more than two dimensions Rowan's Subplex, which moves it through subspaces, from the best
/// points until it rests. All are NLopt's.
/// No search of finite length proves that a maximum is the global one.
package struct BoundedSearch: Sendable {
  /// What a point gave.
  package enum Evaluation: Sendable, Equatable {
    case value(Double)
    /// No value there: infinitely bad, wherever it is asked for.
    case undefined
    /// Stop now, for example because the user wants to.
    case stop
  }

  /// Why the search ended.
  package enum Ending: Sendable, Equatable {
    /// The best point moves by less than the tolerance.
    case rested
    /// All evaluations were used before that.
    case outOfEvaluations
    case stopped
  }

  /// The best point and how it was found.
  package struct Outcome: Sendable, Equatable {
    /// Coordinates of the best point; nil when no point had a value.
    package let point: [Double]?
    /// The function there.
    package let value: Double
    /// How often the function was called.
    package let evaluations: Int
    /// Why the search ended.
    package let ending: Ending
  }

  /// Bounds of each coordinate, lower < upper, finite.
  package let bounds: [ClosedRange<Double>]
  /// Most evaluations of the function, at least 1.
  package let evaluations: Int
  /// The search rests when the point moves by less than this, in units of each coordinate's range.
  package let tolerance: Double

  /// A search in a box.
  package init(bounds: [ClosedRange<Double>], evaluations: Int = 300, tolerance: Double = 1e-4) {
    precondition(!bounds.isEmpty && evaluations > 0 && tolerance > 0, "an empty search")
    precondition(bounds.allSatisfy { $0.lowerBound < $0.upperBound && ($0.upperBound - $0.lowerBound).isFinite }, "bad bounds")
    self.bounds = bounds
    self.evaluations = evaluations
    self.tolerance = tolerance
  }

  /// Searches; `function` is called with points inside the bounds, on the calling thread.
  package func maximize(_ function: ([Double]) -> Evaluation) -> Outcome {
    withoutActuallyEscaping(function) { function in
      let context = SearchContext(bounds: bounds, function: function)
      // Half for looking around; the polish needs few.
      context.limit = max((evaluations + 1) / 2, min(evaluations, 2 * bounds.count + 1))
      run(NLOPT_GN_ORIG_DIRECT_L, from: [Double](repeating: 0.5, count: bounds.count), step: nil, context)
      // The spacing that so many points have in the box.
      let spacing = min(0.25, max(0.5 * power(Double(context.count), -1 / Double(bounds.count)), 4 * tolerance))
      context.limit = evaluations
      var rested = false
      for start in context.starts(Self.starts, apart: Self.apart) {
        let before = context.best?.value
        let isAtRest = polish(from: start, step: spacing, context)
        // Only the climb that holds the best point counts.
        if context.best?.value != before || context.best?.value == context.top?.value { rested = isAtRest }
        guard isAtRest else { break }
      }
      return context.outcome(rested: rested)
    }
  }

  /// Polishes this many of the best points that lie this far apart, in units of the ranges.
  private static let starts = 4
  /// More points than this say little more about where to climb; NLopt reserves memory for all.
  private static let mostDivisions = 100_000
  private static let apart = 0.05

  /// Climbs from a point until the place changes by less than the tolerance; false when the evaluations end before.
  private func polish(from start: [Double], step first: Double, _ context: SearchContext) -> Bool {
    var (start, step) = (start, first)
    while context.count < evaluations, !context.isStopped {
      context.beginClimb()
      run(bounds.count > 2 ? NLOPT_LN_SBPLX : NLOPT_LN_NELDERMEAD, from: start, step: step, context)
      guard context.count < evaluations, !context.isStopped, let end = context.top?.point else { return false }
      // A simplex may rest too early: again from where it ended, until that changes nothing.
      if zip(start, end).allSatisfy({ abs($0 - $1) <= tolerance }) { return true }
      (start, step) = (end, max(0.05 * step, 4 * tolerance))
    }
    return false
  }

  /// Runs one of NLopt's searches on the unit cube.
  private func run(_ algorithm: nlopt_algorithm, from start: [Double], step: Double?, _ context: SearchContext) {
    let search = nlopt_create(algorithm, UInt32(bounds.count))
    defer { nlopt_destroy(search) }
    context.search = search
    context.beginSearch()
    nlopt_set_lower_bounds1(search, 0)
    nlopt_set_upper_bounds1(search, 1)
    nlopt_set_maxeval(search, Int32(clamping: min(max(context.limit - context.count, 1), Self.mostDivisions)))
    if let step {
      nlopt_set_initial_step1(search, step)
      nlopt_set_xtol_abs1(search, 0.5 * tolerance)
    }
    context.undefined = step == nil ? .nan : .infinity
    let data = Unmanaged.passUnretained(context).toOpaque()
    nlopt_set_min_objective(
      search,
      { count, point, _, data in
        guard let data, let point else { return .nan }
        let context = Unmanaged<SearchContext>.fromOpaque(data).takeUnretainedValue()
        return context.evaluate(Array(UnsafeBufferPointer(start: point, count: Int(count))))
      }, data)
    var point = start
    var least = 0.0
    withExtendedLifetime(context) { _ = nlopt_optimize(search, &point, &least) }
    context.search = nil
  }

  private func power(_ base: Double, _ exponent: Double) -> Double { Double.pow(base, exponent) }
}
