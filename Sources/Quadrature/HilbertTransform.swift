/// The Hilbert transform H(w) = (1/pi) P int f(w')/(w - w') dw' of a function sampled once on adaptive Gauss panels.
///
/// On every panel f is a polynomial, f = sum_k c_k P_k(x), whose principal-value integral is sum_k 2 c_k Q_k(y) with
/// the Legendre functions of the second kind: nothing is subtracted numerically. Beyond the outermost breakpoints f is
/// zero, or is sampled in u = 1/w' up to infinity. H of 1/(1 + w^2) is w/(1 + w^2). For a response F that is analytic in
/// the upper half plane and vanishes at infinity, Re F = -H[Im F] and Im F = H[Re F].
///
///     let transform = HilbertTransform(breakpoints: [-1, 1], tail: .sampled) { 1 / (1 + $0 * $0) }
///     transform(at: 0.5).value  // 0.4
package struct HilbertTransform: Sendable {
  /// A number with a bound on its absolute error.
  package struct Value: Sendable, Equatable {
    /// The number.
    package let value: Double
    /// Bound of its absolute error.
    package let error: Double

    /// A number and the bound on its error.
    package init(_ value: Double, error: Double) {
      self.value = value
      self.error = error
    }
  }

  /// What f is beyond the outermost breakpoints.
  package enum Tail: Sendable {
    case zero
    /// f(1/u)/u is smooth in u: f falls off as 1/w' or faster. The outermost breakpoints must not be 0.
    case sampled
  }

  /// What is known of f besides its values.
  package enum Symmetry: Sendable {
    case none
    /// f(-w) = -f(w): the breakpoints are those at w >= 0, the first one normally 0.
    case odd
  }

  private let panels: [HilbertPanel]
  private let tails: [HilbertPanel]
  private let symmetry: Symmetry
  private let scale: Double

  /// Samples f.
  ///
  /// - Parameters: `breakpoints`: ascending, at least two; every place where f jumps, has a kink or a narrow peak.
  ///   `tolerance`: relative to the largest |f|; panels are halved until their interpolation error is below it.
  /// - Complexity: 16 calls of f for each panel, two to three dozen panels for each edge of square-root kind.
  package init(
    breakpoints: [Double], tail: Tail = .zero, symmetry: Symmetry = .none, tolerance: Double = 1e-12,
    of function: (Double) -> Double
  ) {
    precondition(breakpoints.count >= 2, "a Hilbert transform over \(breakpoints.count) breakpoints")
    precondition(
      zip(breakpoints, breakpoints.dropFirst()).allSatisfy { $0 < $1 }, "breakpoints of a Hilbert transform must ascend")
    var sampler = HilbertSampler(tolerance: tolerance)
    panels = sampler.panels(breakpoints, scale: 0, of: function)
    tails = tail == .zero ? [] : Self.tails(breakpoints, symmetry, sampler, function)
    self.symmetry = symmetry
    scale = sampler.scale
  }

  /// Number of panels in use, each with 16 samples.
  package var panelCount: Int { panels.count + tails.count }

  /// H(w) with a bound on its error; the error is infinite where H is, at a jump of f.
  ///
  /// - Complexity: about 100 operations for each panel.
  package func callAsFunction(at w: Double) -> Value {
    let direct = part(at: w)
    guard symmetry == .odd else { return Value(direct.value / Double.pi, error: direct.error / Double.pi) }
    let mirrored = part(at: -w)
    return Value((direct.value + mirrored.value) / Double.pi, error: (direct.error + mirrored.error) / Double.pi)
  }

  /// f(w') = phi(u)/w' with u = 1/w': int f/(w - w') dw' = int phi(u)/(u w - 1) du.
  private static func tails(
    _ breakpoints: [Double], _ symmetry: Symmetry, _ sampler: HilbertSampler, _ function: (Double) -> Double
  ) -> [HilbertPanel] {
    var sampler = sampler
    let last = breakpoints[breakpoints.count - 1]
    precondition(last > 0, "a sampled tail must begin at a positive frequency")
    let scale = sampler.scale
    var tails = sampler.panels([0, 1 / last], scale: scale * last) { function(1 / $0) / $0 }
    guard symmetry == .none else { return tails }
    precondition(breakpoints[0] < 0, "a sampled tail must end at a negative frequency")
    tails += sampler.panels([1 / breakpoints[0], 0], scale: -scale * breakpoints[0]) { function(1 / $0) / $0 }
    return tails
  }

  private func part(at w: Double) -> Value {
    var sum = HilbertSum()
    for panel in panels { sum.add(panel, at: w, factor: 1) }
    for panel in tails {
      if w == 0 { sum.addIntegral(of: panel, factor: -1) } else { sum.add(panel, at: 1 / w, factor: -1 / w) }
    }
    return sum.total(scale: scale)
  }
}
