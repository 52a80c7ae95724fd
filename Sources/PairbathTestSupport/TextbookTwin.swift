import ComplexModule
import DenseMatrices
import JunctionModel

/// The slow, plain twin of the solvers: every number from the explicit formula by adaptive quadrature.
///
/// Nothing is cached, diagonalised or expanded: at each energy the Green's function is an explicit inverse, each Fermi
/// factor is evaluated where it stands. Derived from Theory.md (after Hu, Nian, Lü 2019) alone, as an independent check.
/// Units: hbar = k_B = e = 1, all energies. Costs milliseconds per channel and frequency; for tests only.
package struct TextbookTwin: Sendable {
  /// The junction all numbers are about.
  package let junction: Junction
  /// Relative tolerance of every integral, each spectrum of each channel by itself.
  package let tolerance: Double

  let overlap: Matrix
  /// Mass-weighted couplings M^k.
  let couplings: [Matrix]
  /// Where the spectral functions vary fast.
  let levels: [Level]
  /// Band edges and grid points of all self-energies.
  let edges: [Double]

  /// A resonance of the conductor: real part and half width of an eigenvalue of S^-1 (H + sum Sigma).
  struct Level: Sendable {
    let energy: Double
    let width: Double
  }

  /// The twin of a junction. Throws `LinearAlgebraError` when its levels cannot be found.
  package init(_ junction: Junction, tolerance: Double = 1e-11) throws {
    self.junction = junction
    self.tolerance = tolerance
    overlap = junction.conductor.overlap ?? Matrix.identity(junction.conductor.orbitals)
    couplings = junction.bosons.modeEnergies.indices.map { junction.massWeightedCoupling(mode: $0) }
    edges = Array(Set(junction.electrodes.flatMap { TwinSelfEnergy.edges(of: $0) })).sorted()
    levels = try Self.levels(of: junction, overlap: overlap)
  }

  /// True when an electrode has a band structure, that is, edges where the spectra have square roots.
  var hasStructuredElectrodes: Bool {
    junction.electrodes.contains {
      if case .wideBand = $0.kind { return false } else { return true }
    }
  }

  /// Retarded self-energy Sigma_a(e) of an electrode, shape (orbitals, orbitals), energy.
  package func selfEnergy(electrode: Int, energy: Double) throws -> Matrix {
    try TwinSelfEnergy.matrix(of: junction.electrodes[electrode], at: energy, orbitals: junction.conductor.orbitals)
  }

  /// Broadening Gamma_a = i (Sigma_a - Sigma_a^+), shape (orbitals, orbitals), energy.
  package func broadening(electrode: Int, energy: Double) throws -> Matrix {
    let sigma = try selfEnergy(electrode: electrode, energy: energy)
    return Scalar(0, 1) * (sigma - sigma.adjoint)
  }

  /// Retarded Green's function G(e) = [e S - H - sum_a Sigma_a(e)]^-1, shape (orbitals, orbitals), 1/energy.
  package func greensFunction(energy: Double) throws -> Matrix {
    var inverse = Scalar(energy, 0) * overlap - junction.conductor.hamiltonian
    for a in junction.electrodes.indices { inverse = inverse - (try selfEnergy(electrode: a, energy: energy)) }
    return try LUFactorization(inverse).inverse
  }

  /// Spectral functions A_a = G Gamma_a G^+ of the electrodes named, each of shape (orbitals, orbitals), 1/energy.
  package func spectralFunctions(energy: Double, electrodes: [Int]) throws -> [Matrix] {
    let green = try greensFunction(energy: energy)
    return try electrodes.map { a in
      Matrix.product(green * (try broadening(electrode: a, energy: energy)), .plain, green, .adjoint)
    }
  }

  /// Transmission Tr[Gamma_a G Gamma_b G^+] between two electrodes at an energy, without the spin factor.
  package func transmission(from a: Int, to b: Int, energy: Double) throws -> Double {
    let spectral = try spectralFunctions(energy: energy, electrodes: [b])[0]
    return ((try broadening(electrode: a, energy: energy)) * spectral).trace.rawStorage.x
  }

  /// tr[A B] of two square matrices without forming the product.
  static func traceOfProduct(_ a: Matrix, _ b: Matrix) -> Scalar {
    let n = a.rows
    var sum = Scalar.zero
    a.elements.withUnsafeBufferPointer { p in
      b.elements.withUnsafeBufferPointer { q in
        for j in 0..<n {
          for i in 0..<n { sum += p[i + j * n] * q[j + i * n] }
        }
      }
    }
    return sum
  }

  private static func levels(of junction: Junction, overlap: Matrix) throws -> [Level] {
    let h = junction.conductor.hamiltonian
    let lu = try LUFactorization(overlap)
    let bare = try GeneralEigenproblem(lu.solve(h)).values.map(\.rawStorage.x)
    let scale = max(h.largestMagnitude, 1e-300)
    func broadened(at energy: Double) throws -> [Level] {
      var effective = h
      for electrode in junction.electrodes {
        effective = effective + (try TwinSelfEnergy.matrix(of: electrode, at: energy, orbitals: h.rows))
      }
      return try GeneralEigenproblem(lu.solve(effective)).values.map {
        Level(energy: $0.rawStorage.x, width: max(abs($0.rawStorage.y), 1e-12 * scale))
      }
    }
    let constant = junction.electrodes.allSatisfy {
      if case .wideBand = $0.kind { return true } else { return false }
    }
    if constant { return try broadened(at: 0) }
    // Sigma depends on energy: follow each level to its own energy by two fixed-point steps, keep all candidates.
    let first = try bare.flatMap { try broadened(at: $0) }
    return try first
      + bare.flatMap { e in
        let nearest = try broadened(at: e).min { abs($0.energy - e) < abs($1.energy - e) }
        return try nearest.map { try broadened(at: $0.energy) } ?? []
      }
  }
}
