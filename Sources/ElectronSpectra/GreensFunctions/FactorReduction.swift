import ComplexModule
import DenseMatrices

/// Channels of the electrodes that the couplings cannot see, left out of wide-band spectral factors.
///
/// Gamma_a of a molecule has many channels, but M^k W_a(e) (and M^k+ W_a of rotating-wave modes) is dominated by few combinations Q_a of them. Dropping a
/// combination lowers X_kk by its squared weight, never raises it; the loss is measured at energies that were not used to
/// find Q_a.
package struct FactorReduction: Sendable {
  /// L Q, shape (N, columns).
  package let residues: Matrix
  package let offsets: [Int]
  /// Three times the largest relative loss of X_kk found in the check.
  package let error: Double

  /// Leaves out channels for energies in `window` to the relative tolerance, or nil when that does not pay.
  package init?(
    _ expansion: PoleExpansion, factors: SpectralFactors, window: ClosedRange<Double>, tolerance: Double
  ) throws(LinearAlgebraError) {
    guard expansion.poles.count > 24, !factors.couplings.isEmpty, window.upperBound > window.lowerBound else { return nil }
    let panels = KernelMesh(expansion.features, shiftedBy: 0, window: window).panels()
    let energies = Self.thinned(panels.map { $0.position(0.37).0 }, to: 16)
    let grams = try Self.columnGrams(factors, energies: energies)
    var cut = 0.3 * tolerance
    for _ in 0..<3 {
      let kept = grams.map { Self.leading($0, cut: cut) }
      var offsets = [0]
      for q in kept { offsets.append(offsets[offsets.count - 1] + q.columns) }
      guard 20 * offsets[offsets.count - 1] <= 19 * factors.columns else { return nil }
      var elements: [Scalar] = []
      for (a, q) in kept.enumerated() {
        elements += (expansion.residues.columns(factors.offsets[a]..<factors.offsets[a + 1]) * q).elements
      }
      let size = expansion.poles.count
      let residues = Matrix(rows: size, columns: elements.count / size, elements: elements)
      let loss = try Self.loss(expansion.with(residues), offsets: offsets, full: factors, window: window)
      if 3 * loss < tolerance {
        (self.residues, self.offsets, error) = (residues, offsets, 3 * loss)
        return
      }
      cut *= 0.1
    }
    return nil
  }

  private static func thinned(_ energies: [Double], to count: Int) -> [Double] {
    guard energies.count > count else { return energies }
    return (0..<count).map { energies[$0 * energies.count / count] }
  }

  /// sum over modes and energies of (M W_a)^+ (M W_a), each normalised to unit trace.
  private static func columnGrams(_ factors: SpectralFactors, energies: [Double]) throws(LinearAlgebraError) -> [Matrix] {
    let electrodes = factors.offsets.count - 1
    var grams = (0..<electrodes).map {
      let rank = factors.offsets[$0 + 1] - factors.offsets[$0]
      return Matrix(rows: rank, columns: rank)
    }
    for energy in energies {
      let w = try factors.matrix(at: energy)
      // Rotating-wave couplings act on final electrons by their adjoints.
      for m in factors.couplings + (factors.isRotatingWave ? factors.couplings.map(\.adjoint) : []) {
        let scattered = m * w
        for a in 0..<electrodes {
          let block = scattered.columns(factors.offsets[a]..<factors.offsets[a + 1])
          let gram = Matrix.product(block, .adjoint, block, .plain)
          let weight = gram.trace.rawStorage.x
          if weight > 0 { grams[a] = grams[a] + (1 / weight) * gram }
        }
      }
    }
    return grams
  }

  /// Eigenvectors of the largest eigenvalues, the rest adding up to less than `cut` of the trace.
  private static func leading(_ gram: Matrix, cut: Double) -> Matrix {
    guard gram.rows > 0, let problem = try? HermitianEigenproblem(gram.hermitianPart) else { return Matrix.identity(gram.rows) }
    let total = problem.values.reduce(0, +)
    var dropped = 0
    var sum = 0.0
    while dropped < gram.rows, sum + max(problem.values[dropped], 0) <= cut * total {
      sum += max(problem.values[dropped], 0)
      dropped += 1
    }
    return problem.vectors.columns(dropped..<gram.rows)
  }

  /// Largest relative difference of X_kk^{ab}(e, e') between the reduced and the full factors at scattered energies.
  private static func loss(
    _ reduced: PoleExpansion, offsets: [Int], full: SpectralFactors, window: ClosedRange<Double>
  ) throws(LinearAlgebraError) -> Double {
    let electrodes = full.offsets.count - 1
    let span = window.upperBound - window.lowerBound
    var worst = 0.0
    // Low-discrepancy points: no energy of the construction is hit.
    for i in 1...8 {
      let e = window.lowerBound + span * (Double(i) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
      let f = window.lowerBound + span * (Double(i) * 0.414_213_562_373_095).truncatingRemainder(dividingBy: 1)
      let (initial, final) = (try full.matrix(at: e), try full.matrix(at: f))
      let (fewer, fewerFinal) = (
        reduced.factors(at: Scalar(e, 0), offset: .zero), reduced.factors(at: Scalar(f, 0), offset: .zero)
      )
      for coupling in full.couplings {
        let y = Matrix.product(final, .adjoint, coupling * initial, .plain)
        let z = Matrix.product(fewerFinal, .adjoint, coupling * fewer, .plain)
        // What rounding leaves of a forbidden transition has no relative accuracy.
        let floor = 1e-24 * y.norm * y.norm
        for a in 0..<electrodes {
          for b in 0..<electrodes {
            let x = blockWeight(y, full.offsets, a, b)
            if x > floor { worst = max(worst, abs(x - blockWeight(z, offsets, a, b)) / x) }
          }
        }
      }
    }
    return worst
  }

  private static func blockWeight(_ y: Matrix, _ offsets: [Int], _ a: Int, _ b: Int) -> Double {
    var sum = 0.0
    for j in offsets[a]..<offsets[a + 1] {
      for i in offsets[b]..<offsets[b + 1] {
        let v = y[i, j].rawStorage
        sum += v.x * v.x + v.y * v.y
      }
    }
    return sum
  }
}
