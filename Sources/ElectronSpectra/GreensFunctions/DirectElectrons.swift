import ComplexModule
import DenseMatrices
import JunctionModel
import TransportResults

/// Spectral functions of the electrons by one LU factorisation per energy, for `DirectDoubleIntegral` alone.
package struct DirectElectrons: Sendable {
  private let conductor: Conductor
  private let electrodes: [ElectrodeSelfEnergy]
  /// Mass-weighted couplings M^k of the normal modes.
  package let couplings: [Matrix]
  /// M^k+.
  package let adjoints: [Matrix]
  /// Levels of the conductor with half widths.
  package let levels: [(position: Double, width: Double)]
  /// Band edges of the electrodes.
  package let edges: [Double]

  package init(_ junction: Junction) throws(SolverError) {
    guard junction.conductor.whole == nil else {
      throw SolverError(
        .unsuitableModel, at: .crossCheck,
        "the direct double integral holds every orbital in dense matrices; a long conductor has too many",
        hint: "Shorten the conductor for the check, or leave cross_check out")
    }
    conductor = junction.conductor
    couplings = junction.bosons.modeEnergies.indices.map { junction.massWeightedCoupling(mode: $0) }
    adjoints = couplings.map(\.adjoint)
    let size = conductor.orbitals
    do throws(LinearAlgebraError) {
      var prepared: [ElectrodeSelfEnergy] = []
      for electrode in junction.electrodes { prepared.append(try ElectrodeSelfEnergy(electrode, conductorSize: size)) }
      electrodes = prepared
      edges = prepared.flatMap(\.edges)
      levels = try Self.levels(junction.conductor, prepared)
    } catch {
      throw Self.failure(error)
    }
  }

  /// sum_a weight(a) A_a(e), A_a = (G R_a)(G R_a)^+ with Gamma_a = R_a R_a^+.
  package func sum(at energy: Double, _ weight: (Int) -> Double) throws(SolverError) -> Matrix {
    do throws(LinearAlgebraError) {
      let size = conductor.orbitals
      var inverse = Scalar(energy, 0) * (conductor.overlap ?? Matrix.identity(size)) - conductor.hamiltonian
      var factors: [Matrix] = []
      for electrode in electrodes {
        let value = try electrode.evaluate(at: energy)
        let (sigma, factor) = (value.sigma, value.factor)
        inverse = inverse - sigma.embedded(rows: electrode.orbitals, columns: electrode.orbitals, size: size)
        factors.append(Self.rows(electrode.orbitals, of: factor, size: size))
      }
      let green = try LUFactorization(inverse)
      var result = Matrix(rows: size, columns: size)
      for (a, factor) in factors.enumerated() {
        let f = weight(a)
        guard f != 0 else { continue }
        let wave = green.solve(factor)
        result = result + f * Matrix.product(wave, .plain, wave, .adjoint)
      }
      return result
    } catch {
      throw Self.failure(error)
    }
  }

  /// tr[A B].
  package static func traceOfProduct(_ a: Matrix, _ b: Matrix) -> Scalar {
    var sum = Scalar.zero
    for j in 0..<a.rows {
      for i in 0..<a.rows { sum += a[i, j] * b[j, i] }
    }
    return sum
  }

  /// Eigenvalues of S^-1 (H + sum Sigma), Sigma at each bare level: where to look, no more.
  private static func levels(
    _ conductor: Conductor, _ electrodes: [ElectrodeSelfEnergy]
  ) throws(LinearAlgebraError) -> [(position: Double, width: Double)] {
    let size = conductor.orbitals
    let overlap = try LUFactorization(conductor.overlap ?? Matrix.identity(size))
    let bare = try GeneralEigenproblem(overlap.solve(conductor.hamiltonian)).values.map(\.rawStorage.x)
    let constant = electrodes.allSatisfy(\.isConstant)
    var result: [(position: Double, width: Double)] = []
    for energy in constant ? Array(bare.prefix(1)) : bare {
      var h = conductor.hamiltonian
      for electrode in electrodes {
        let sigma = try electrode.evaluate(at: energy).sigma
        h = h + sigma.embedded(rows: electrode.orbitals, columns: electrode.orbitals, size: size)
      }
      result += try GeneralEigenproblem(overlap.solve(h)).values.map { ($0.rawStorage.x, abs($0.rawStorage.y)) }
    }
    return result
  }

  /// A factor on some orbitals as rows of the whole conductor.
  private static func rows(_ orbitals: [Int], of factor: Matrix, size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: factor.columns)
    for (i, orbital) in orbitals.enumerated() {
      for k in 0..<factor.columns { result[orbital, k] = factor[i, k] }
    }
    return result
  }

  private static func failure(_ error: LinearAlgebraError) -> SolverError {
    SolverError(.linearAlgebra, at: .conductor, "the Green's function of the direct check: \(error)")
  }
}
