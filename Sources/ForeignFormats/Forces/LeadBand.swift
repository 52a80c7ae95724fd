import ComplexModule
import DataFiles
import DenseMatrices

/// The phonon bands of a lead, W^2(k) the eigenvalues of K00 + K01 e^{ik} + K01^T e^{-ik}.
struct LeadBand {
  private let inner: Matrix
  private let outer: Matrix

  init(_ inner: Matrix, _ outer: Matrix) { (self.inner, self.outer) = (inner, outer) }

  /// The highest energy at 17 wave numbers, eV. Throws `invalidData` where a lead is unstable.
  func highest(path: String, lead: String) throws(FileError) -> Double {
    var (top, bottom, worst) = (0.0, 0.0, 0.0)
    for point in 0...16 {
      let k = Double.pi * Double(point) / 16
      var bloch = inner
      for i in 0..<inner.rows {
        for j in 0..<inner.rows {
          bloch[i, j] += outer[i, j] * Scalar(length: 1, phase: k) + outer[j, i] * Scalar(length: 1, phase: -k)
        }
      }
      guard let problem = try? HermitianEigenproblem(bloch.hermitianPart), let last = problem.values.last else { continue }
      top = max(top, last)
      if problem.values[0] < bottom { (bottom, worst) = (problem.values[0], k) }
    }
    guard bottom >= -1e-6 * top else {
      throw FileError(
        .invalidData, in: path,
        found: "an imaginary mode of the lead \(lead) at the wave number \(Wording.digits(worst)) over the layer's length, "
          + "\(Wording.digits(1000 * (-bottom).squareRoot()))i meV",
        allowed: "a stable lead, W^2 >= 0 for every wave number",
        hint: "take principal layers of more atoms, so that no spring is cut, or mend the force constants (rotational sum rules)")
    }
    return top.squareRoot()
  }
}
