import ComplexModule
import DenseMatrices
import JunctionModel

/// The bands E_n(k) of an infinite periodic lead at one wave number, ascending, with their slopes dE_n/dk.
///
/// [H(k) - E_n S(k)] u_n = 0 and dE_n/dk = u_n^+ (dH/dk - E_n dS/dk) u_n with u_n^+ S u_n = 1. Where bands meet, the slopes are the
/// eigenvalues of that matrix between them: ascending on the right of k, where the lowest branch is the one that falls most, and
/// descending on the left.
struct BlochStates: Sendable {
  let wavenumber: Double
  let energies: [Double]
  /// Slopes of the n-th lowest band for k from below and from above; they differ where bands cross.
  let slopes: [(below: Double, above: Double)]

  /// Cost: one Hermitian eigenproblem of a cell, with overlap two more products and a triangular inverse.
  init(of lead: PeriodicLead, at k: Double, scale: Double) throws(LinearAlgebraError) {
    wavenumber = k
    let phase = Scalar(length: 1, phase: k)
    let h = Self.bloch(lead.h00, lead.h01, phase)
    var slope = Self.derivative(lead.h01, phase)
    let vectors: Matrix
    if lead.s00 != nil || lead.s01 != nil {
      let s = Self.bloch(
        lead.s00 ?? .identity(lead.cellSize), lead.s01 ?? Matrix(rows: lead.cellSize, columns: lead.cellSize), phase)
      let inverse = try LUFactorization(s.choleskyFactor()).inverse
      let problem = try HermitianEigenproblem((inverse * h * inverse.adjoint).hermitianPart)
      (energies, vectors) = (problem.values, Matrix.product(inverse, .adjoint, problem.vectors, .plain))
    } else {
      let problem = try HermitianEigenproblem(h)
      (energies, vectors) = (problem.values, problem.vectors)
    }
    slope = Matrix.product(vectors, .adjoint, slope * vectors, .plain)
    if let s01 = lead.s01 {
      let overlap = Matrix.product(vectors, .adjoint, Self.derivative(s01, phase) * vectors, .plain)
      for j in 0..<slope.columns {
        let energy = 0.5 * energies[j]
        for i in 0..<slope.rows { slope[i, j] -= overlap[i, j].multiplied(by: energy + 0.5 * energies[i]) }
      }
    }
    slopes = try Self.slopes(slope, energies, together: 1e-10 * scale)
  }

  private static func bloch(_ onsite: Matrix, _ hop: Matrix, _ phase: Scalar) -> Matrix {
    (onsite + phase * hop + phase.conjugate * hop.adjoint).hermitianPart
  }

  /// d/dk (e^ik X + e^-ik X^+).
  private static func derivative(_ hop: Matrix, _ phase: Scalar) -> Matrix {
    let turned = Scalar(0, 1) * phase
    return turned * hop + turned.conjugate * hop.adjoint
  }

  private static func slopes(
    _ slope: Matrix, _ energies: [Double], together: Double
  ) throws(LinearAlgebraError) -> [(below: Double, above: Double)] {
    var result: [(below: Double, above: Double)] = []
    while result.count < energies.count {
      let first = result.count
      var last = first
      while last + 1 < energies.count, energies[last + 1] - energies[last] <= together { last += 1 }
      if first == last {
        result.append((slope[first, first].rawStorage.x, slope[first, first].rawStorage.x))
      } else {
        let block = slope.submatrix(rows: Array(first...last), columns: Array(first...last))
        let values = try HermitianEigenproblem(block.hermitianPart).values
        result += zip(values.reversed(), values).map { ($0, $1) }
      }
    }
    return result
  }
}
