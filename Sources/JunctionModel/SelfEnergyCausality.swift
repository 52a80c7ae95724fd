import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// Where a tabulated electron self-energy is not causal.
///
/// Sigma = A - i gamma with gamma = i(Sigma - Sigma^+)/2 >= 0. Kramers and Kronig: A(e) = const + (1/pi) P int gamma(e')/(e - e') de'. The
/// table knows gamma inside its window only; what lies outside adds (1/pi) int gamma(e')/(e - e') de' with gamma >= 0, which falls with e
/// everywhere inside. So the rest R = A - H[gamma of the window] of a causal table never rises: R(e_i) - R(e_j) is positive
/// semidefinite for every e_i < e_j. With an overlap S between conductor and electrode R may rise by at most S (e_j - e_i), because
/// e S - Sigma(e) is what must be causal. A missing, negated or foreign real part rises where the table covers the end of a band.
struct SelfEnergyCausality {
  /// The two energies compared, by number in the table.
  let (first, second): (Int, Int)
  /// By how much the rest rises between them, as an eigenvalue, and what the grid leaves open.
  let (rise, tolerance): (Double, Double)

  /// A rise below this fraction of the largest gamma is none.
  private static let negligible = 1e-3

  /// The largest violation, or nil for a causal table; `overlap` is that of the conductor, nil for an orthonormal one.
  ///
  /// Cost: O(points size^2) for each of at most 40 energies, and an eigenproblem for each pair of them.
  static func largest(in table: TabulatedSelfEnergy, overlap: Matrix?) throws(LinearAlgebraError) -> SelfEnergyCausality? {
    let size = table.values[0].rows
    let orbitals = (0..<size).filter { i in
      table.values.contains { m in (0..<size).contains { j in m[i, j] != .zero || m[j, i] != .zero } }
    }
    guard !orbitals.isEmpty else { return nil }
    let rests = Rests(table, orbitals, count: orbitals.count > 64 ? 8 : orbitals.count > 16 ? 16 : 40)
    let slope = overlap?.submatrix(rows: orbitals, columns: orbitals)
    var worst: SelfEnergyCausality?
    for (i, low) in rests.indices.enumerated() {
      for j in (i + 1)..<max(rests.indices.count, i + 1) {
        let high = rests.indices[j]
        var fall = rests.values[i] - rests.values[j]
        if let slope { fall = fall + Scalar(table.energies[high] - table.energies[low], 0) * slope }
        let tolerance = rests.tolerances[i] + rests.tolerances[j]
        // The norm bounds the eigenvalue: most pairs need no eigenproblem.
        guard fall.norm > tolerance else { continue }
        let rise = -(try HermitianEigenproblem(fall.hermitianPart).values.first ?? 0)
        guard rise > tolerance, rise - tolerance > (worst.map { $0.rise - $0.tolerance } ?? 0) else { continue }
        worst = SelfEnergyCausality(first: low, second: high, rise: rise, tolerance: tolerance)
      }
    }
    return worst
  }

  /// R at some energies of the table, and what each may be wrong by, as a norm.
  private struct Rests {
    let indices: [Int]
    private(set) var values: [Matrix]
    private(set) var tolerances: [Double]

    init(_ table: TabulatedSelfEnergy, _ orbitals: [Int], count: Int) {
      let energies = table.energies
      let last = energies.count - 1
      // At the ends of the table the unknown rest of a band matters as much as the table.
      let margin = 0.02 * (energies[last] - energies[0])
      let inside = energies.indices.filter { energies[$0] > energies[0] + margin && energies[$0] < energies[last] - margin }
      let step = max(1, (inside.count + count - 1) / count)
      let indices = stride(from: 0, to: inside.count, by: step).map { inside[$0] }
      self.indices = indices
      let sigmas = table.values.map { $0.submatrix(rows: orbitals, columns: orbitals) }
      let gammas = sigmas.map { (Scalar(0, 0.5) * ($0 - $0.adjoint)).hermitianPart }
      let (h0, h1) = (energies[1] - energies[0], energies[last] - energies[last - 1])
      let images = Images(energies, indices)
      let largest = gammas.reduce(0) { max($0, $1.largestMagnitude) }
      let floor = negligible * largest + 1e-9 * sigmas.reduce(0) { max($0, $1.largestMagnitude) }
      values = indices.map { sigmas[$0].hermitianPart }
      var squares = [Double](repeating: 0, count: indices.count)
      for column in orbitals.indices {
        for row in 0...column {
          let (real, imaginary) = (
            images(of: gammas.map { $0[row, column].real }), images(of: gammas.map { $0[row, column].imaginary })
          )
          for i in indices.indices {
            values[i][row, column] = values[i][row, column] - Scalar(real[i].value, imaginary[i].value)
            if row != column { values[i][column, row] = values[i][row, column].conjugate }
            let doubt = real[i].error + imaginary[i].error
            squares[i] += (row == column ? 1 : 2) * doubt * doubt
          }
        }
      }
      let (start, end) = (gammas[0].norm, gammas[last].norm)
      tolerances = indices.indices.map { i in
        let e = energies[indices[i]]
        // What gamma is given beyond the ends, without knowing it.
        let beyond = (start * h0 / (e - energies[0]) + end * h1 / (energies[last] - e)) / (2 * Double.pi)
        return floor + squares[i].squareRoot() + beyond
      }
    }
  }

  /// Hilbert transforms of functions on the table's grid, which fall to zero over one more interval at both ends.
  private struct Images {
    /// On the whole grid, on its even and on its odd points: what the halves differ by tells what the grid does not resolve.
    private let grids: [(points: [Int], transform: TabulatedHilbertTransform, weights: [TabulatedHilbertTransform.Weights])]

    init(_ energies: [Double], _ indices: [Int]) {
      let last = energies.count - 1
      let padded = [2 * energies[0] - energies[1]] + energies + [2 * energies[last] - energies[last - 1]]
      let even = Array(stride(from: 0, to: padded.count, by: 2)) + (padded.count % 2 == 0 ? [padded.count - 1] : [])
      let odd = [0] + Array(stride(from: 1, to: padded.count, by: 2)) + (padded.count % 2 == 1 ? [padded.count - 1] : [])
      grids = [Array(padded.indices), even, odd].map { points in
        let transform = TabulatedHilbertTransform(points: points.map { padded[$0] })
        return (points, transform, indices.map { transform.weights(at: energies[$0]) })
      }
    }

    /// The images with their errors: a kink is felt everywhere, most around it.
    func callAsFunction(of values: [Double]) -> [HilbertTransform.Value] {
      let padded = [0] + values + [0]
      let found = grids.map { grid in
        let samples = grid.points.map { padded[$0] }
        let curvatures = grid.transform.curvatures(of: samples)
        return grid.weights.map { grid.transform($0, samples, curvatures).value }
      }
      let differences = found[0].indices.map { max(abs(found[1][$0] - found[0][$0]), abs(found[2][$0] - found[0][$0])) }
      let worst = differences.max() ?? 0
      return found[0].indices.map { i in
        let around = differences[max(i - 2, 0)...min(i + 2, differences.count - 1)].max() ?? 0
        return HilbertTransform.Value(found[0][i], error: 3 * around + 0.3 * worst)
      }
    }
  }
}
