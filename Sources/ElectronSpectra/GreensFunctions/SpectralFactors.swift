import ComplexModule
import DenseMatrices
import JunctionModel
import TransportResults

/// The electrons of a junction as spectral factors: A_a(e) = W_a(e) W_a(e)^+, W_a = G R_a, Gamma_a = R_a R_a^+.
///
/// The factors of all electrodes stand side by side, shape (size, columns); electrode a owns the columns
/// `offsets[a] ..< offsets[a + 1]`. The couplings are given in the basis of the rows, so that
/// tr[M^m A_a(e) M^n+ A_b(e')] = tr[Y^m Y^n+] with Y^m = W_b(e')^+ M^m W_a(e), whatever that basis is.
package struct SpectralFactors: Sendable {
  private enum Form: Sendable {
    /// Wide bands only: W = diag(1/(e - z)) L in the basis of the poles z.
    case poles(PoleExpansion)
    /// Any electrodes: one LU factorisation per energy.
    case direct(DirectGreensFunction)
  }

  private let form: Form
  /// Rows of the factors.
  package let size: Int
  /// First column of every electrode, and the number of columns at the end.
  package let offsets: [Int]
  /// M^k, mass-weighted, shape (size, size), in the basis of the rows.
  package let couplings: [Matrix]
  /// Frobenius norms of `couplings`.
  package let couplingNorms: [Double]
  /// True when the couplings need not be Hermitian: M^n on the right of a trace stands for its adjoint.
  package let isRotatingWave: Bool

  /// Relative error of X that compression leaves.
  package let relativeError: Double

  package var columns: Int { offsets[offsets.count - 1] }

  /// Prepares the factors. Cost: one general eigenproblem when every electrode is wide-band, little otherwise; `isIntegrated` false leaves
  /// band edges of periodic leads out. Without `closedForms` G is computed by factorisation even for wide bands.
  package init(_ junction: Junction, isIntegrated: Bool = true, closedForms: Bool = true) throws(SolverError) {
    do {
      var selfEnergies: [ElectrodeSelfEnergy] = []
      for electrode in junction.electrodes {
        selfEnergies.append(
          try ElectrodeSelfEnergy(
            electrode, conductorSize: junction.conductor.orbitals, needsEdges: isIntegrated))
      }
      var offsets = [0]
      for selfEnergy in selfEnergies { offsets.append(offsets[offsets.count - 1] + selfEnergy.rank) }
      self.offsets = offsets
      size = junction.conductor.orbitals
      isRotatingWave = junction.isRotatingWave
      let bare = junction.bosons.modeEnergies.indices.map { junction.massWeightedCoupling(mode: $0) }
      if closedForms, junction.conductor.whole == nil, selfEnergies.allSatisfy(\.isConstant),
        let poles = try PoleExpansion(junction.conductor, selfEnergies)
      {
        form = .poles(poles)
        couplings = bare.map { poles.transformed($0) }
      } else {
        form = .direct(DirectGreensFunction(junction.conductor, selfEnergies))
        couplings = bare
      }
      couplingNorms = couplings.map(\.norm)
      relativeError = 0
    } catch {
      throw SolverError(.linearAlgebra, "the Green's function could not be prepared: \(error)")
    }
  }

  /// The same factors with few channels per electrode, for pair kernels in a window of energies only; self when that does not pay.
  package func compressed(for window: ClosedRange<Double>, tolerance: Double) throws(LinearAlgebraError) -> SpectralFactors {
    guard case .poles(let expansion) = form,
      let reduction = try FactorReduction(expansion, factors: self, window: window, tolerance: tolerance)
    else { return self }
    return SpectralFactors(expansion.with(reduction.residues), reduction, of: self)
  }

  /// The same factors with the couplings M^1 ... M^n, M^1+ ... M^n+: what second-order traces of rotating-wave modes need.
  package var withAdjointCouplings: SpectralFactors { SpectralFactors(self, couplings: couplings + couplings.map(\.adjoint)) }

  private init(_ other: SpectralFactors, couplings: [Matrix]) {
    form = other.form
    size = other.size
    offsets = other.offsets
    self.couplings = couplings
    couplingNorms = couplings.map(\.norm)
    isRotatingWave = false
    relativeError = other.relativeError
  }

  private init(_ expansion: PoleExpansion, _ reduction: FactorReduction, of full: SpectralFactors) {
    form = .poles(expansion)
    size = full.size
    offsets = reduction.offsets
    couplings = full.couplings
    couplingNorms = full.couplingNorms
    isRotatingWave = full.isRotatingWave
    relativeError = reduction.error
  }

  /// The factors at an energy as a matrix.
  package func matrix(at energy: Double) throws(LinearAlgebraError) -> Matrix {
    var w = Matrix(rows: size, columns: columns)
    var failure: LinearAlgebraError?
    w.elements.withUnsafeMutableBufferPointer { buffer in
      do throws(LinearAlgebraError) { try fill(at: energy, into: buffer.baseAddress!) } catch { failure = error }
    }
    if let failure { throw failure }
    return w
  }

  /// The solver by factorisation, for electrodes that depend on energy; nil when all are wide-band.
  package var direct: DirectGreensFunction? { if case .direct(let direct) = form { direct } else { nil } }

  /// Poles of the Green's function when all electrodes are wide-band, nil otherwise.
  package var poles: PoleExpansion? { if case .poles(let expansion) = form { expansion } else { nil } }

  /// Writes the factors at an energy, column-major, `size * columns` numbers. Cost: size * columns divisions for wide
  /// bands, one LU factorisation of order N otherwise.
  package func fill(at energy: Double, into factors: UnsafeMutablePointer<Scalar>) throws(LinearAlgebraError) {
    switch form {
    case .poles(let expansion): expansion.fill(at: energy, into: factors)
    case .direct(let direct): try direct.fill(at: energy, into: factors)
    }
  }

  /// Couplings as G needs them on the right: (V^+ V)^-1 M^k in the pole basis, M^k itself otherwise.
  package func dualCouplings() -> [Matrix] { dual(couplings) }

  /// The same of their adjoints, M^k+.
  package func dualAdjoints() -> [Matrix] { dual(couplings.map(\.adjoint)) }

  private func dual(_ matrices: [Matrix]) -> [Matrix] {
    guard case .poles(let expansion) = form else { return matrices }
    return matrices.map { expansion.dualMetric * $0 }
  }

  /// G(e) X in the basis of the rows, X from `dualCouplings`. Cost: a division per row, or one LU factorisation.
  package func applyGreensFunction(
    at energy: Double, to x: UnsafePointer<Scalar>, columns: Int, into result: UnsafeMutablePointer<Scalar>
  ) throws(LinearAlgebraError) {
    switch form {
    case .poles(let expansion):
      for k in 0..<size {
        let inverse = PoleExpansion.inverse(energy, expansion.poles[k])
        for j in 0..<columns { result[j * size + k] = x[j * size + k] * inverse }
      }
    case .direct(let direct):
      let block = Matrix(
        rows: size, columns: columns, elements: Array(UnsafeBufferPointer(start: x, count: size * columns)))
      let applied = try direct.apply(at: energy, to: block)
      applied.elements.withUnsafeBufferPointer { result.update(from: $0.baseAddress!, count: $0.count) }
    }
  }

  /// The lowest energy with electron states that a self-energy describes, nil when wide bands reach down without end.
  package var lowestEnergy: Double? {
    guard case .direct(let direct) = form else { return nil }
    if let edge = direct.lowestEdge { return max(edge, direct.lowestKnown) }
    return direct.lowestKnown > -.infinity ? direct.lowestKnown : nil
  }

  /// The matrix R^+ G R, shape (columns, columns): its blocks (a, b) have Tr[Gamma_a G Gamma_b G^+] as squared norm.
  package func transmissionAmplitudes(at energy: Double) throws(LinearAlgebraError) -> Matrix {
    switch form {
    case .poles(let expansion):
      var w = Matrix(rows: size, columns: columns)
      w.elements.withUnsafeMutableBufferPointer { expansion.fill(at: energy, into: $0.baseAddress!) }
      return expansion.projector * w
    case .direct(let direct):
      let (w, r) = try direct.factors(at: energy)
      return Matrix.product(r, .adjoint, w, .plain)
    }
  }

  /// The same with a bound of the error of every element. Cost: one more solve, or a product of shapes (N, N) and (N, columns).
  package func boundedAmplitudes(at energy: Double) throws(LinearAlgebraError) -> TransmissionAmplitudes {
    switch form {
    case .poles(let expansion): return expansion.amplitudes(at: energy)
    case .direct(let direct): return try direct.amplitudes(at: energy)
    }
  }

  /// T_ab for kernels, no spin factor, [a * electrodes + b], with what differs from one energy to the next: a resonance that all energies
  /// see at a slightly other place keeps its integral, and is not counted. Cost: as `transmissionAmplitudes` with wide bands,
  /// otherwise as `boundedAmplitudes`.
  package func sampledTransmissions(at energy: Double) throws(LinearAlgebraError) -> [Estimate] {
    switch form {
    case .poles(let expansion): return expansion.transmissions(at: energy, offsets: offsets)
    case .direct(let direct): return try direct.sampledTransmissions(at: energy, offsets: offsets)
    }
  }

  /// Where the factors vary fast inside a window of energies.
  package func features(in window: ClosedRange<Double>) throws(LinearAlgebraError) -> SpectralFeatures {
    switch form {
    case .poles(let expansion): return expansion.features
    case .direct(let direct): return try direct.features(in: window)
    }
  }
}

/// Where a spectral function varies fast: resonances (position, half width) and square-root band edges.
package struct SpectralFeatures: Sendable {
  package var resonances: [(position: Double, width: Double)] = []
  package var edges: [Double] = []
  /// Energies outside all bands at which a state is bound: no electrons arrive there.
  package var boundStates: [Double] = []
  /// False when resonances that are not narrow are left out.
  package var isComplete = true
}
