import ComplexModule
import DenseMatrices
import RealModule

/// The laws of Theory.md section 18 on plain arrays, so that they apply to the twin and to the fast solvers alike.
///
/// Each check returns one sentence per violation; no violation is an empty array. Channel (a, b) of N electrodes is at
/// index a N + b. `tolerance` is relative to the largest number of the kind unless stated otherwise.
package enum LawChecks {
  /// i (G - G^+) = sum_a A_a.
  package static func spectralSum(green: Matrix, spectral: [Matrix], tolerance: Double) -> [String] {
    let left = Scalar(0, 1) * (green - green.adjoint)
    let right = spectral.reduce(Matrix(rows: green.rows, columns: green.columns)) { $0 + $1 }
    let defect = (left - right).norm
    // Rounding of G enters with |G|, not with the possibly small difference.
    return report(defect, tolerance * max(right.norm, 1e-3 * green.norm), "i(G - G^+) - sum A")
  }

  /// Hermitian positive semidefinite spectra; `slack` is an absolute allowance for the smallest eigenvalue.
  package static func positive(_ spectra: [Matrix], tolerance: Double, slack: Double = 0, name: String) throws -> [String] {
    try spectra.enumerated().flatMap { index, s in
      let scale = s.norm
      let smallest = s.rows == 0 ? 0 : try HermitianEigenproblem(s.hermitianPart).values[0]
      return report(s.hermiticityDefect, tolerance * scale + slack, "\(name), channel \(index): Hermiticity")
        + report(-smallest, tolerance * scale + slack, "\(name), channel \(index): negative eigenvalue")
    }
  }

  /// L = B - E in every channel.
  package static func pairDensity(
    _ pair: [Matrix], emission: [Matrix], absorption: [Matrix], tolerance: Double
  ) -> [String] {
    pair.indices.flatMap { c in
      let scale = max(emission[c].norm, absorption[c].norm)
      return report((pair[c] - absorption[c] + emission[c]).norm, tolerance * scale, "L - B + E, channel \(c)")
    }
  }

  /// E = exp(-(w - mu_ab)/T) B in channels of equal temperature, [11:4]; channels where the larger one underflows are left out.
  package static func detailedBalance(
    emission: [Matrix], absorption: [Matrix], frequency: Double, chemicalPotentials: [Double], temperatures: [Double],
    tolerance: Double
  ) -> [String] {
    let n = temperatures.count
    return emission.indices.flatMap { c -> [String] in
      let (a, b) = (c / n, c % n)
      let temperature = temperatures[a]
      guard temperature > 0 && temperature == temperatures[b] else { return [] }
      let x = (frequency - chemicalPotentials[a] + chemicalPotentials[b]) / temperature
      let (large, small) = x >= 0 ? (absorption[c], emission[c]) : (emission[c], absorption[c])
      guard abs(x) < 600 else { return [] }
      let expected = Double.exp(-abs(x)) * large
      return report((small - expected).norm, tolerance * expected.norm, "detailed balance, channel \(c), (w-mu)/T = \(x)")
    }
  }

  /// E^{ab}_mn(-w) = B^{ba}_nm(w) and, with `antisymmetric`, L^{ab}_mn(-w) = -L^{ba}_nm(w).
  package static func reversal(
    atNegative negative: [Matrix], reversedAtPositive positive: [Matrix], electrodes n: Int, antisymmetric: Bool,
    tolerance: Double, name: String
  ) -> [String] {
    negative.indices.flatMap { c in
      let partner = positive[(c % n) * n + c / n]
      var transposed = Matrix(rows: partner.columns, columns: partner.rows)
      for i in 0..<partner.rows {
        for j in 0..<partner.columns { transposed[j, i] = partner[i, j] }
      }
      let defect = (negative[c] - (antisymmetric ? -1.0 : 1.0) * transposed).norm
      return report(defect, tolerance * partner.norm, "\(name)(-w), channel \(c)")
    }
  }

  /// sum_a I_a = 0, relative to the largest |I_a|, with an absolute allowance.
  package static func particleConservation(_ currents: [Double], tolerance: Double, slack: Double = 0) -> [String] {
    let largest = currents.map { abs($0) }.max() ?? 0
    return report(abs(currents.reduce(0, +)), tolerance * largest + slack, "sum of particle currents")
  }

  /// sum_a J^E_a = J, relative to the largest of them, with an absolute allowance.
  package static func energyConservation(
    electrodes: [Double], intoBosons: Double, tolerance: Double, slack: Double = 0
  ) -> [String] {
    let largest = (electrodes + [intoBosons]).map { abs($0) }.max() ?? 0
    return report(abs(electrodes.reduce(0, +) - intoBosons), tolerance * largest + slack, "electrode energy minus J")
  }

  /// -sum_a Q_a/T_a + sum_p J_p/T_p >= 0, relative to the largest term; baths at T = 0 may only take up heat.
  package static func secondLaw(
    electrodeHeats: [Double], temperatures: [Double], bathEnergies: [Double], bathTemperatures: [Double],
    tolerance: Double, slack: Double = 0
  ) -> [String] {
    let into = electrodeHeats.map { -$0 } + bathEnergies
    let scale = into.map { abs($0) }.max() ?? 0
    var (sum, largest) = (0.0, 0.0)
    var violations: [String] = []
    for (heat, temperature) in zip(into, temperatures + bathTemperatures) {
      if temperature == 0 {
        violations += report(-heat, tolerance * scale + slack, "heat \(-heat) leaving a bath at T = 0")
      } else {
        sum += heat / temperature
        largest = max(largest, (abs(heat) * tolerance + slack) / temperature)
      }
    }
    // With a bath at T = 0 that takes up heat the production is infinite, whatever the finite terms are.
    let frozen = zip(into, temperatures + bathTemperatures).contains { $0 > 0 && $1 == 0 }
    return frozen ? violations : violations + report(-sum, largest, "entropy production \(sum)")
  }

  /// Every current zero within an absolute allowance, as in equilibrium.
  package static func vanishing(_ values: [Double], slack: Double, name: String) -> [String] {
    report(values.map { abs($0) }.max() ?? 0, slack, name)
  }

  private static func report(_ defect: Double, _ allowed: Double, _ what: String) -> [String] {
    // Written so that NaN is a violation.
    defect <= allowed ? [] : ["\(what): \(defect), allowed \(allowed)"]
  }
}
