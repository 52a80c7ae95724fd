import ComplexModule
import DenseMatrices
import TransportResults

/// R^+ G R, shape (columns, columns), with a bound of the error of every element: its blocks (a, b) have T_ab = Tr[Gamma_a G Gamma_b G^+]
/// as squared norms.
///
/// A computed G is the exact one of a matrix A + E. An element t_ij = r_i^+ G r_j then moves by u_i^+ E w_j with w_j = G r_j and
/// u_i = G^+ r_i: by at most |u_i| |E| |w_j|, however small t_ij itself is (an interference zero).
package struct TransmissionAmplitudes: Sendable {
  package let values: Matrix
  /// Bounds of |dt_ij|, [column of R on the right * columns + column on the left], as the elements of `values`.
  package let errors: [Double]
  /// Channels of every electrode that lie on their band edge to rounding, counted as closed: each may be open as well.
  private let edgeChannels: [Int]

  /// T_ab with its error, [a * electrodes + b]: d|t|^2 <= (2 |t| + |dt|) |dt|.
  package func transmissions(offsets: [Int]) -> [Estimate] {
    let electrodes = offsets.count - 1
    var result = [Estimate](repeating: Estimate(), count: electrodes * electrodes)
    for a in 0..<electrodes {
      for b in 0..<electrodes {
        var sum = Estimate()
        for j in offsets[b]..<offsets[b + 1] {
          for i in offsets[a]..<offsets[a + 1] {
            let (t, error) = (values[i, j].length, errors[j * values.rows + i])
            sum += Estimate(t * t, error: (2 * t + error) * error + 4 * t * t * .ulpOfOne)
          }
        }
        if !edgeChannels.isEmpty { sum += Estimate(0, error: Double(edgeChannels[a] + edgeChannels[b])) }
        result[a * electrodes + b] = sum
      }
    }
    return result
  }

  /// From R^+ G R, the norms of the columns of G^+ R and G R, and what the matrix behind G may be wrong by, as a 2-norm. `terms` bounds the
  /// rounding of the product itself.
  init(
    _ values: Matrix, left: [Double], right: [Double], perturbation: Double, terms: [Double], edgeChannels: [Int] = []
  ) {
    self.values = values
    self.edgeChannels = edgeChannels
    var errors = [Double](repeating: 0, count: values.rows * values.columns)
    for j in right.indices {
      for i in left.indices {
        let index = j * left.count + i
        errors[index] = left[i] * perturbation * right[j] + terms[index]
      }
    }
    self.errors = errors
  }
}

extension Matrix {
  /// Euclidean norms of the columns.
  var columnNorms: [Double] {
    (0..<columns).map { j in
      (0..<rows).reduce(0.0) { sum, i in
        let z = self[i, j].rawStorage
        return sum + z.x * z.x + z.y * z.y
      }.squareRoot()
    }
  }
}

extension PoleExpansion {
  /// The amplitudes from partial fractions P diag(1/(e - z)) L.
  ///
  /// The eigenvalues and eigenvectors are those of a matrix within N u |H_eff| (Frobenius) of H_eff = V Z V^-1; V^-1 in L is wrong by
  /// N u |V^-1| |V|, relative.
  func amplitudes(at energy: Double) -> TransmissionAmplitudes {
    let size = poles.count
    var w = Matrix(rows: size, columns: residues.columns)
    w.elements.withUnsafeMutableBufferPointer { fill(at: energy, into: $0.baseAddress!) }
    let unit = Double(max(size, 4)) * .ulpOfOne
    // Columns of G^+ R: V^-+ (P diag(1/(e - z)))^+, whose norms are those of the metric (V^+ V)^-1.
    var divided = projector.adjoint
    for k in 0..<size {
      let inverse = Self.inverse(energy, poles[k]).conjugate
      for i in 0..<divided.columns { divided[k, i] = divided[k, i] * inverse }
    }
    let image = dualMetric * divided
    let left = (0..<divided.columns).map { i in
      max((0..<size).reduce(0.0) { $0 + (divided[$1, i].conjugate * image[$1, i]).rawStorage.x }, 0).squareRoot()
    }
    let length = Double(size).squareRoot()
    // |V| <= sqrt(N) for columns of unit length.
    let right = w.columnNorms.map { length * $0 }
    let scale = poles.reduce(0.0) { ($0 * $0 + $1.length * $1.length).squareRoot() }
    let condition = length * max(dualMetric.trace.rawStorage.x, 0).squareRoot()
    let (rows, columns) = (divided.columnNorms, w.columnNorms)
    var terms = [Double](repeating: 0, count: rows.count * columns.count)
    for j in columns.indices {
      for i in rows.indices {
        // |P D| in `rows` times L; the denominators e - z round at the scale of the energy.
        terms[j * rows.count + i] = unit * condition * rows[i] * residueNorms[j] + unit * rows[i] * residueNorms[j]
      }
    }
    return TransmissionAmplitudes(
      projector * w, left: left, right: right, perturbation: unit * max(scale, abs(energy)), terms: terms)
  }
}

extension DirectGreensFunction {
  /// The amplitudes from an LU factorisation, with residuals: r - A w is what the solution misses. A self-energy of a periodic lead
  /// fulfils its own equation up to a residual only, which counts as well.
  func amplitudes(at energy: Double) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    if let long { return try longAmplitudes(long, at: energy) }
    let (matrix, r, values) = try assembled(at: energy)
    let (inverse, factorization) = try factored(matrix, at: energy)
    let w = factorization.solve(r)
    let u = factorization.solveAdjoint(r)
    let unit = Double(max(matrix.rows, 4)) * .ulpOfOne
    let residuals = (r - inverse * w).columnNorms
    let (left, right, norm) = (u.columnNorms, w.columnNorms, inverse.norm)
    let sizes = r.columnNorms
    var terms = selfEnergyErrors(values, left: u, right: w)
    for j in right.indices {
      for i in left.indices { terms[j * left.count + i] += left[i] * residuals[j] + unit * sizes[i] * right[j] }
    }
    return TransmissionAmplitudes(
      Matrix.product(r, .adjoint, w, .plain), left: left, right: right,
      perturbation: unit * norm, terms: terms, edgeChannels: values.map(\.edgeChannels))
  }

  /// Of a long conductor only the orbitals at electrodes are known: beside their norms, what the amplitudes lack to a unitary
  /// scattering matrix 1 - i R^+ G R measures their error.
  private func longAmplitudes(
    _ long: LongGreensFunction, at energy: Double
  ) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    let (w, r) = try long.factors(at: energy)
    let t = Matrix.product(r, .adjoint, w, .plain)
    let s = Matrix.identity(t.rows) - Scalar(0, 1) * t
    let defect = (Matrix.product(s, .adjoint, s, .plain) - Matrix.identity(t.rows)).norm
    let norms = w.columnNorms
    let values = try values(at: energy)
    return TransmissionAmplitudes(
      t, left: norms, right: norms,
      perturbation: Double(long.bandwidth + 4) * .ulpOfOne * (long.bound + abs(energy)) + values.reduce(0) { $0 + $1.error },
      terms: [Double](repeating: defect, count: norms.count * norms.count), edgeChannels: values.map(\.edgeChannels))
  }
}
