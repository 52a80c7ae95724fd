import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel

/// Two levels whose broadenings and detunings are `scale` times the sizes given here, between two electrodes, and the
/// textbook wide-band matrices of this junction: everything bosons feel is flat up to (their energies)/scale.
struct FlatBandJunction {
  let conductor: Conductor
  let electrodes: [Electrode]
  /// M^k, mass-weighted, so large that eta is of the order of their elements squared.
  let couplings: [Matrix]
  /// X^{LL}, X^{LR}, X^{RL}, X^{RR} at energy 0.
  let kernels: [Matrix]

  init(
    hamiltonian: Matrix, left: Matrix, right: Matrix, couplings unscaled: [Matrix], scale: Double, spinDegeneracy: Double = 1
  ) throws {
    conductor = Conductor(hamiltonian: scale * hamiltonian, spinDegeneracy: spinDegeneracy)
    electrodes = [
      Electrode("L", .wideBand(broadening: scale * left)), Electrode("R", .wideBand(broadening: scale * right)),
    ]
    couplings = unscaled.map { scale * $0 }
    // A_a at energy 0 in units of 1/scale: scale drops out of M A M A.
    let green = try LUFactorization(Scalar(0, 0.5) * (left + right) - hamiltonian).inverse
    let spectral = [left, right].map { green * Matrix.product($0, .plain, green, .adjoint) }
    kernels = [(0, 0), (0, 1), (1, 0), (1, 1)].map { (a, b) in
      var x = Matrix(rows: unscaled.count, columns: unscaled.count)
      for (m, first) in unscaled.enumerated() {
        for (n, second) in unscaled.enumerated() {
          x[m, n] = Scalar(spinDegeneracy, 0) * (first * spectral[a] * second * spectral[b]).trace
        }
      }
      return x
    }
  }

  /// eta, xim and xip from X^{ab}.
  func forces(modeEnergies: [Double]) -> WideBandForces {
    func map(_ m: Matrix, _ f: (Scalar) -> Double) -> Matrix {
      Matrix(rows: m.rows, columns: m.columns, elements: m.elements.map { Scalar(f($0) / (2 * Double.pi), 0) })
    }
    let sum = kernels.reduce(Matrix(rows: modeEnergies.count, columns: modeEnergies.count), +)
    return WideBandForces(
      modeEnergies: modeEnergies, friction: map(sum) { 0.5 * $0.rawStorage.x },
      nonconservative: map(kernels[1]) { $0.rawStorage.y }, emission: map(kernels[1]) { $0.rawStorage.x })
  }

  func junction(modes: [Double], baths: [BosonBath]) throws -> Junction {
    try Junction(
      conductor: conductor, electrodes: electrodes, bosons: BosonSystem(modes: modes), baths: baths,
      coupling: Coupling(.massWeighted, couplings))
  }

  /// Complex H, detuned levels, unequal electrodes; couplings that make frictions of about `friction`, energies.
  static func generic(friction: Double, modes: Int, scale: Double, spinDegeneracy: Double = 1) throws -> FlatBandJunction {
    let m = friction.squareRoot()
    let all = [
      Matrix([[Scalar(0.7, 0), Scalar(0.5, 0.3)], [Scalar(0.5, -0.3), Scalar(-0.4, 0)]]),
      Matrix([[Scalar(0.2, 0), Scalar(0.6, -0.5)], [Scalar(0.6, 0.5), Scalar(0.9, 0)]]),
      Matrix([[Scalar(-0.5, 0), Scalar(0.1, 0.8)], [Scalar(0.1, -0.8), Scalar(0.3, 0)]]),
    ]
    return try FlatBandJunction(
      hamiltonian: Matrix([[Scalar(0.3, 0), Scalar(0.2, 0.15)], [Scalar(0.2, -0.15), Scalar(-0.25, 0)]]),
      left: Matrix(real: [[1.1, 0.2], [0.2, 0.3]]), right: Matrix(real: [[0.2, -0.1], [-0.1, 0.8]]),
      couplings: all.prefix(modes).map { m * $0 }, scale: scale, spinDegeneracy: spinDegeneracy)
  }
}
