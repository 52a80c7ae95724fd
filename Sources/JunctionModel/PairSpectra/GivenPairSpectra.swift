import DenseMatrices

/// Modes and the electron-hole pairs that act on them, given by what they do instead of by a conductor: kernels K^{ab} of wide bands,
///     L^{ab}_{mn}(w) = K^{ab}_{mn} (w - mu_ab),   K^{ab}_{mn} = X^{ab}_{mn}/2 pi   (mass-weighted, an energy),
/// so that the electronic friction is sum_ab K^{ab}/2, and what renormalises the modes,
///     Re Pi_{mn}(w) = sum_ab mu_ab (R^{ab}_{mn} - i w B^{ab}_{mn}),
/// R symmetric (springs, energy^2 per energy), B antisymmetric (a Berry force, an energy per energy).
package struct GivenPairSpectra: Sendable, Equatable {
  /// A boson bath that damps modes by themselves: Pi = -i w friction.
  package struct Bath: Sendable, Equatable {
    package let name: String
    /// By mode; 0 where it is not attached.
    package let frictions: [Double]

    package init(name: String, frictions: [Double]) { (self.name, self.frictions) = (name, frictions) }
  }

  /// Names of the electrodes, at least one.
  package let electrodes: [String]
  /// W_k > 0.
  package let modes: [Double]
  /// K^{ab} of every ordered pair, [a * electrodes + b], shape (modes, modes).
  package let kernels: [Matrix]
  /// R^{ab} and B^{ab} of every ordered pair; nil where there is none.
  package let renormalizations: [Matrix?]
  package let berryForces: [Matrix?]
  package let baths: [Bath]

  /// What negative eigenvalues of a kernel may be, relative to the largest: the rounding of a file in single precision.
  private static let positivity = 1e-6

  /// Checks and freezes the spectra. Throws `ModelError` for shapes, modes and frictions out of range, and kernels that are not Hermitian,
  /// not positive, or not each other's transposes: X^{ba}_{mn} = X^{ab}_{nm}.
  package init(
    electrodes: [String], modes: [Double], kernels: [Matrix], renormalizations: [Matrix?], berryForces: [Matrix?], baths: [Bath]
  ) throws(ModelError) {
    let (n, count) = (electrodes.count, modes.count)
    guard count > 0, modes.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ModelError(
        .outOfRange, at: ["pair_spectra", "modes"], found: "\(modes.first { !($0 > 0) } ?? 0)",
        allowed: "one mode or more, energies above 0")
    }
    for (channel, kernel) in kernels.enumerated() {
      let path = ["pair_spectra", "kernels", "\(electrodes[channel / n])>\(electrodes[channel % n])"]
      try Self.check(kernel, count, at: path)
      let reverse = kernels[channel % n * n + channel / n]
      guard reverse.rows == count else { continue }
      let difference = (kernel - reverse.transpose).largestMagnitude
      guard difference <= 1e-9 * kernel.largestMagnitude else {
        throw ModelError(
          .inconsistent, at: path,
          found: "a kernel that differs by \(difference) from the transpose of that of the reverse channel",
          allowed: "K of b>a is the transpose of K of a>b: both are g_s tr[M A_a M A_b]/2 pi", hint: "Give one of them only")
      }
    }
    for (word, matrices, sign) in [("renormalization", renormalizations, 1.0), ("berry", berryForces, -1.0)] {
      for (channel, matrix) in matrices.enumerated() {
        guard let matrix else { continue }
        let path = ["pair_spectra", word, "\(electrodes[channel / n])>\(electrodes[channel % n])"]
        guard matrix.rows == count, matrix.columns == count,
          matrix.elements.allSatisfy({ $0.rawStorage.y == 0 && $0.rawStorage.x.isFinite })
        else {
          throw ModelError(
            .wrongShape, at: path, found: "\(matrix.rows) by \(matrix.columns)", allowed: "real numbers, \(count) by \(count)")
        }
        let defect = (matrix - Scalar(sign, 0) * matrix.transpose).largestMagnitude
        guard defect <= 1e-9 * matrix.largestMagnitude else {
          throw ModelError(
            .inconsistent, at: path,
            found: "elements that differ by \(defect) from those \(sign > 0 ? "" : "minus ")across the diagonal",
            allowed: sign > 0 ? "a symmetric matrix" : "an antisymmetric matrix")
        }
      }
    }
    for bath in baths {
      guard bath.frictions.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
        throw ModelError(
          .outOfRange, at: ["pair_spectra", "baths", bath.name, "friction"], found: "\(bath.frictions.first { !($0 >= 0) } ?? 0)",
          allowed: "frictions from 0")
      }
    }
    (self.electrodes, self.modes, self.kernels, self.baths) = (electrodes, modes, kernels, baths)
    (self.renormalizations, self.berryForces) = (renormalizations, berryForces)
  }

  private static func check(_ kernel: Matrix, _ count: Int, at path: [String]) throws(ModelError) {
    guard kernel.rows == count, kernel.columns == count else {
      throw ModelError(
        .wrongShape, at: path, found: "\(kernel.rows) by \(kernel.columns)", allowed: "\(count) by \(count), as many as modes")
    }
    guard kernel.elements.allSatisfy({ $0.rawStorage.x.isFinite && $0.rawStorage.y.isFinite }) else {
      throw ModelError(.notFinite, at: path, found: "infinite numbers or NaN", allowed: "finite numbers")
    }
    let scale = kernel.largestMagnitude
    guard (kernel - kernel.adjoint).largestMagnitude <= 1e-9 * scale else {
      throw ModelError(.notHermitian, at: path, found: "a matrix that is not Hermitian", allowed: "a Hermitian matrix")
    }
    guard scale > 0, let lowest = try? HermitianEigenproblem(kernel.hermitianPart).values.first else { return }
    guard lowest >= -positivity * scale else {
      throw ModelError(
        .notPositiveSemidefinite, at: path, found: "the negative eigenvalue \(lowest)", allowed: "eigenvalues from 0",
        hint: "A kernel is g_s tr[M A_a M A_b]/2 pi, which is positive")
    }
  }

  /// mu_a - mu_b of every channel.
  package func biases(_ potentials: [Double]) -> [Double] { potentials.flatMap { a in potentials.map { a - $0 } } }
}

extension Matrix {
  /// The transpose, without conjugation.
  package var transpose: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for j in 0..<columns {
      for i in 0..<rows { result[j, i] = self[i, j] }
    }
    return result
  }
}
