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

  /// T_ab with its error, [a * electrodes + b]: d|t|^2 <= (2 |t| + |dt|) |dt|, at most what 0 <= T_ab <= channels leaves. `isUnitary` says that
  /// the errors hold for all of S = 1 - i R^+ G R: what does not pass comes back, |S_aa|^2, whose error is small where little does.
  package func transmissions(offsets: [Int], isUnitary: Bool = false) -> [Estimate] {
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
        if isUnitary, a != b {
          for other in [remainder(offsets, a, without: b, isRow: true), remainder(offsets, b, without: a, isRow: false)] {
            sum = Estimate(sum.value, error: min(sum.error, abs(other.value - sum.value) + other.error))
          }
        }
        if !edgeChannels.isEmpty { sum += Estimate(0, error: Double(edgeChannels[a] + edgeChannels[b])) }
        let most = Double(min(offsets[a + 1] - offsets[a], offsets[b + 1] - offsets[b]))
        result[a * electrodes + b] = Estimate(sum.value, error: min(sum.error, max(sum.value, most - sum.value)))
      }
    }
    return result
  }

  /// What the rows (or columns) of S that belong to an electrode leave for another one: its channels less all that goes elsewhere.
  private func remainder(_ offsets: [Int], _ a: Int, without b: Int, isRow: Bool) -> Estimate {
    let own = offsets[a]..<offsets[a + 1]
    var rest = Estimate(Double(own.count), error: Double(own.count) * .ulpOfOne)
    for c in 0..<(offsets.count - 1) where c != b {
      for j in offsets[c]..<offsets[c + 1] {
        for i in own {
          let index = isRow ? j * values.rows + i : i * values.rows + j
          let s = (i == j ? Scalar(1, 0) : .zero) - Scalar(0, 1) * values.elements[index]
          let (modulus, error) = (s.length, errors[index] + 2 * .ulpOfOne)
          rest += Estimate(-modulus * modulus, error: (2 * modulus + error) * error)
        }
      }
    }
    return rest
  }

  /// From R^+ G R and bounds of the errors of its elements.
  package init(_ values: Matrix, errors: [Double], edgeChannels: [Int] = []) {
    (self.values, self.errors, self.edgeChannels) = (values, errors, edgeChannels)
  }

  /// From R^+ G R, the norms of the columns of G^+ R and G R, and what the matrix behind G may be wrong by, as a 2-norm. `terms` bounds the
  /// rounding of the product itself.
  init(
    _ values: Matrix, left: [Double], right: [Double], perturbation: Double, terms: [Double], edgeChannels: [Int] = []
  ) {
    var errors = terms
    for j in right.indices { for i in left.indices { errors[j * left.count + i] += left[i] * perturbation * right[j] } }
    self.init(values, errors: errors, edgeChannels: edgeChannels)
  }
}

extension Matrix {
  /// sum_k |a_ki| |b_kj|: what rounds a scalar product of columns.
  package func overlap(_ i: Int, _ b: Matrix, _ j: Int) -> Double {
    (0..<rows).reduce(0.0) { $0 + (self[$1, i].lengthSquared * b[$1, j].lengthSquared).squareRoot() }
  }

  /// Euclidean norms of the columns.
  package var columnNorms: [Double] {
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
    let (rows, columns) = (divided.columnNorms, w.columnNorms)
    var terms = [Double](repeating: 0, count: rows.count * columns.count)
    for j in columns.indices {
      for i in rows.indices {
        // |P D| in `rows` times L; the denominators e - z round at the scale of the energy.
        terms[j * rows.count + i] = unit * condition * rows[i] * residueNorms[j] + unit * rows[i] * residueNorms[j]
      }
    }
    return TransmissionAmplitudes(
      projector * w, left: left, right: right, perturbation: unit * max(frobenius, abs(energy)), terms: terms)
  }
}

extension PoleExpansion {
  /// T_ab = sum |t_ij|^2, t = P diag(1/(e - z)) L, with errors for an integral over energies, [a * electrodes + b].
  ///
  /// t is a sum of N products: it rounds by N u times the sum of their moduli, and by as much again for every factor |V| |V^-1|/N that P
  /// and L = V^-1 R were lost by. The poles, vectors and residues are those of a matrix within N u |H_eff| (Frobenius), the same
  /// at all energies: that moves resonances, T by its slope, and fills an interference zero with the square of
  /// |G^+ r_i| N u |H_eff| |G r_j|. The square is counted; the displacement is that of the panels' own energies (`KernelMesh`).
  package func transmissions(at energy: Double, offsets: [Int]) -> [Estimate] {
    let (size, columns, electrodes) = (poles.count, residues.columns, offsets.count - 1)
    let unit = Double(max(size, 4)) * .ulpOfOne
    let scale = max(frobenius, abs(energy))
    var result = [Estimate](repeating: Estimate(), count: electrodes * electrodes)
    // By matrix products where they are large.
    let products = size * columns * columns > Self.largestLoops ? products(at: energy) : nil
    withUnsafeTemporaryAllocation(of: Scalar.self, capacity: max(size, 1)) { inverse in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: size + 2 * columns + 1) { buffer in
        let (moduli, left, right) = (buffer.baseAddress!, buffer.baseAddress! + size, buffer.baseAddress! + size + columns)
        for k in 0..<size {
          inverse[k] = Self.inverse(energy, poles[k])
          moduli[k] = inverse[k].lengthSquared
        }
        for i in 0..<columns {
          (left[i], right[i]) = (0, 0)
          for k in 0..<size {
            left[i] += moduli[k] * projectorSquares[k * columns + i]
            right[i] += moduli[k] * residueSquares[i * size + k]
          }
        }
        for k in 0..<size { moduli[k] = moduli[k].squareRoot() }
        for a in 0..<electrodes {
          for b in 0..<electrodes where b != a {
            var sum = Estimate()
            for j in offsets[b]..<offsets[b + 1] {
              for i in offsets[a]..<offsets[a + 1] {
                let index = j * columns + i
                let (t, terms) =
                  products.map { ($0.amplitudes.elements[index], $0.terms[index]) }
                  ?? amplitude(i, j, inverse.baseAddress!, moduli)
                let square = t.lengthSquared
                let error = unit * (1 + condition / Double(size)) * terms
                let coherent = unit * unit * condition * condition * scale * scale * left[i] * right[j]
                sum += Estimate(
                  square, error: (2 * square.squareRoot() + error) * error + coherent + 4 * square * .ulpOfOne)
              }
            }
            result[a * electrodes + b] = sum
          }
        }
      }
    }
    return result
  }

  private static var largestLoops: Int { 2000 }

  /// All t_ij and sums of moduli, as `amplitude`. Cost: 10 N columns^2 flops.
  private func products(at energy: Double) -> (amplitudes: Matrix, terms: [Double]) {
    let (size, columns) = (poles.count, residues.columns)
    var w = Matrix(rows: size, columns: columns)
    w.elements.withUnsafeMutableBufferPointer { fill(at: energy, into: $0.baseAddress!) }
    let (left, right) = (projectorSquares.map { $0.squareRoot() }, w.elements.map { $0.lengthSquared.squareRoot() })
    var terms = [Double](repeating: 0, count: columns * columns)
    terms.withUnsafeMutableBufferPointer {
      BLAS.multiply(left, rows: columns, right, rows: size, into: $0.baseAddress!, rows: columns, m: columns, n: columns, k: size)
    }
    return (projector * w, terms)
  }

  /// t_ij, and the sum of the moduli of what it is a sum of.
  @inline(__always)
  private func amplitude(
    _ i: Int, _ j: Int, _ inverse: UnsafePointer<Scalar>, _ moduli: UnsafePointer<Double>
  ) -> (Scalar, terms: Double) {
    let (size, columns) = (poles.count, residues.columns)
    var (t, terms) = (Scalar.zero, 0.0)
    for k in 0..<size {
      let (p, l) = (k * columns + i, j * size + k)
      t = t + projector.elements[p] * inverse[k] * residues.elements[l]
      terms += moduli[k] * (projectorSquares[p] * residueSquares[l]).squareRoot()
    }
    return (t, terms)
  }
}

extension DirectGreensFunction {
  /// The amplitudes from an LU factorisation: what it rounds, element by element, what the energy itself rounds, and the product R^+ W. A
  /// self-energy of a periodic lead fulfils its own equation up to a residual only, which counts as well. Next to a pole of a self-energy
  /// the same from the lead's waves, where that is known better.
  func amplitudes(at energy: Double) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    if let long { return try longAmplitudes(long, at: energy) }
    let (matrix, r, values) = try assembled(at: energy)
    return try amplitudes(at: energy, try factored(matrix, at: energy).factorization, r, values)
  }

  private func amplitudes(
    at energy: Double, _ factorization: LUFactorization, _ r: Matrix, _ values: [ElectrodeSelfEnergy.Value]
  ) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    let joined = joinedAmplitudes(at: energy, factorization, r, values)
    guard values.contains(where: { $0.waves != nil }) else { return joined }
    let matched = try matchedAmplitudes(at: energy, values)
    return matched.errors.reduce(0, +) < joined.errors.reduce(0, +) ? matched : joined
  }

  private func joinedAmplitudes(
    at energy: Double, _ factorization: LUFactorization, _ r: Matrix, _ values: [ElectrodeSelfEnergy.Value]
  ) -> TransmissionAmplitudes {
    let w = factorization.solve(r)
    let u = factorization.solveAdjoint(r)
    let unit = Double(max(r.rows, 4)) * .ulpOfOne
    var terms = selfEnergyErrors(values, left: u, right: w)
    let (step, product) = (abs(energy) * .ulpOfOne, unit)
    for (index, bound) in factorization.roundingBounds(left: u, right: w).enumerated() {
      let (i, j) = (index % u.columns, index / u.columns)
      terms[index] += bound + step * u.overlap(i, w, j) + product * r.overlap(i, w, j)
    }
    return TransmissionAmplitudes(
      Matrix.product(r, .adjoint, w, .plain), errors: terms, edgeChannels: values.map(\.edgeChannels))
  }

  /// T_ab for kernels, [a * electrodes + b]: as `amplitudes`. Of a long conductor the amplitudes are as good, relative to themselves, as
  /// the whole scattering matrix is unitary; where they vanish the square of what rounding leaves counts.
  func sampledTransmissions(at energy: Double, offsets: [Int]) throws(LinearAlgebraError) -> [Estimate] {
    guard let long else { return try amplitudes(at: energy).transmissions(offsets: offsets) }
    let (w, r) = try long.factors(at: energy)
    let (t, defect) = Self.unitarity(w, r)
    let (norms, electrodes) = (w.columnNorms, offsets.count - 1)
    let floor = Self.longPerturbation(long, energy)
    var result = [Estimate](repeating: Estimate(), count: electrodes * electrodes)
    for a in 0..<electrodes {
      for b in 0..<electrodes where b != a {
        for j in offsets[b]..<offsets[b + 1] {
          for i in offsets[a]..<offsets[a + 1] {
            let (square, left) = (t[i, j].lengthSquared, floor * norms[i] * norms[j])
            result[a * electrodes + b] += Estimate(square, error: (2 + defect) * defect * square + left * left)
          }
        }
      }
    }
    return result
  }

  /// G(e), R and T_ab as `sampledTransmissions` has them, from one set of self-energies and one factorisation: the self-energies of periodic
  /// leads cost more than all else.
  package func greensFunctionAndTransmissions(
    at energy: Double, offsets: [Int]
  ) throws(LinearAlgebraError) -> (green: Matrix, broadening: Matrix, transmissions: [Estimate]) {
    guard long == nil else {
      let (green, r) = try greensFunction(at: energy)
      return (green, r, try sampledTransmissions(at: energy, offsets: offsets))
    }
    let (matrix, r, values) = try assembled(at: energy)
    let factorization = try factored(matrix, at: energy).factorization
    let transmissions = try amplitudes(at: energy, factorization, r, values).transmissions(offsets: offsets)
    return (factorization.inverse, r, transmissions)
  }

  /// R^+ G R and |s^+ s - 1| of s = 1 - i R^+ G R.
  private static func unitarity(_ w: Matrix, _ r: Matrix) -> (amplitudes: Matrix, defect: Double) {
    let t = Matrix.product(r, .adjoint, w, .plain)
    let s = Matrix.identity(t.rows) - Scalar(0, 1) * t
    return (t, (Matrix.product(s, .adjoint, s, .plain) - Matrix.identity(t.rows)).norm)
  }

  /// What the matrix of a long conductor may be wrong by, as a 2-norm.
  private static func longPerturbation(_ long: LongGreensFunction, _ energy: Double) -> Double {
    Double(long.bandwidth + 4) * .ulpOfOne * (long.bound + abs(energy))
  }

  /// Of a long conductor only the orbitals at electrodes are known: beside their norms, what the amplitudes lack to a unitary
  /// scattering matrix 1 - i R^+ G R measures their error.
  private func longAmplitudes(
    _ long: LongGreensFunction, at energy: Double
  ) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    let (w, r) = try long.factors(at: energy)
    let (t, defect) = Self.unitarity(w, r)
    let norms = w.columnNorms
    let values = try values(at: energy)
    return TransmissionAmplitudes(
      t, left: norms, right: norms,
      perturbation: Self.longPerturbation(long, energy) + values.reduce(0) { $0 + $1.error },
      terms: [Double](repeating: defect, count: norms.count * norms.count), edgeChannels: values.map(\.edgeChannels))
  }
}
