import ComplexModule
import DenseMatrices
import RealModule

extension TwinBosons {
  /// Number of poles of D in the upper half plane, Theory.md section 4: zero for a stable system, two for every
  /// oscillation that grows.
  ///
  /// By the argument principle: d(w) = det D^-1 has no poles there and grows as w^(2 modes), d(-w) = d(w)^*, so that the number
  /// of zeros is modes + (1/pi) times the phase that d gains from w = 0 to infinity. Every mode damped loses pi.
  package func unstablePoles() throws -> Int {
    let panels = try frequencyPanels()
    let highest = 100 * (panels.last ?? 0) + 100 * (junction.bosons.modeEnergies.max() ?? 0)
    let points = [0] + panels.dropFirst() + [0.1 * highest, highest]
    var phase = 0.0
    for i in 1..<points.count {
      phase += try gain(from: points[i - 1], try determinant(points[i - 1]), to: points[i], try determinant(points[i]))
    }
    return junction.bosons.count + Int((phase / Double.pi).rounded())
  }

  /// Phase gained between two frequencies, halving the interval until no step is larger than a quarter of a turn and halves
  /// agree with the whole.
  private func gain(
    from lower: Double, _ first: Scalar, to upper: Double, _ last: Scalar, depth: Int = 0
  ) throws -> Double {
    let middle = 0.5 * (lower + upper)
    let between = try determinant(middle)
    let (whole, halves) = ((last / first).phase, ((between / first).phase, (last / between).phase))
    let small = abs(halves.0) < 0.7 && abs(halves.1) < 0.7 && abs(whole - halves.0 - halves.1) < 0.1
    if (small && depth >= 1) || depth > 40 { return halves.0 + halves.1 }
    return try gain(from: lower, first, to: middle, between, depth: depth + 1)
      + gain(from: middle, between, to: upper, last, depth: depth + 1)
  }

  /// det D^-1(w) up to a positive factor.
  private func determinant(_ w: Double) throws -> Scalar {
    let green = try GeneralEigenproblem(try greensFunction(frequency: w)).values
    return green.reduce(.one) { $0 * (Scalar.one / ($1 / Scalar($1.length, 0))) }
  }
}
