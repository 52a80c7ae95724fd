import ComplexModule
import DenseMatrices
import JunctionModel

/// G(e), A_a(e) and the products M^k A_a at two energies, in buffers of its own: the explicit formulas without the cost of
/// making matrices, which for three orbitals is most of the cost.
struct TwinElectronWorkspace {
  let orbitals: Int
  let electrodes: Int
  let modes: Int
  private let electrons: TextbookTwin
  /// Sigma_a of wide bands; nil where it has to be asked for at each energy.
  private let constants: [Matrix?]
  private let overlap: [Scalar]
  private let hamiltonian: [Scalar]
  private let couplings: [Scalar]
  /// M^k+.
  private let adjoints: [Scalar]
  private let spin: Double
  private let size: Int
  private var inverse: [Scalar]
  private var gammas: [Scalar]
  private var scratch: [Scalar]
  /// G, one after the other for the two slots.
  private var green: [Scalar]
  /// A_a, [slot][electrode].
  private var spectral: [Scalar]

  init(_ electrons: TextbookTwin) {
    self.electrons = electrons
    (orbitals, electrodes) = (electrons.overlap.rows, electrons.junction.electrodes.count)
    modes = electrons.couplings.count
    couplings = electrons.couplings.flatMap(\.elements)
    adjoints = electrons.couplings.flatMap(\.adjoint.elements)
    (overlap, hamiltonian) = (electrons.overlap.elements, electrons.junction.conductor.hamiltonian.elements)
    spin = electrons.junction.conductor.spinDegeneracy
    constants = electrons.junction.electrodes.map { electrode in
      if case .wideBand(let gamma) = electrode.kind { return Scalar(0, -0.5) * gamma }
      return nil
    }
    size = orbitals * orbitals
    inverse = [Scalar](repeating: .zero, count: size)
    (scratch, green) = (inverse, inverse + inverse)
    gammas = [Scalar](repeating: .zero, count: size * electrodes)
    spectral = gammas + gammas
  }

  /// Computes G and every A_a = G Gamma_a G^+ at an energy into slot 0 or 1.
  mutating func fill(_ slot: Int, energy e: Double) throws {
    for i in 0..<size { inverse[i] = Scalar(e, 0) * overlap[i] - hamiltonian[i] }
    for a in 0..<electrodes {
      let sigma = try (constants[a] ?? electrons.selfEnergy(electrode: a, energy: e)).elements
      for j in 0..<orbitals {
        for i in 0..<orbitals {
          let (x, mirrored) = (sigma[i + j * orbitals], sigma[j + i * orbitals].conjugate)
          inverse[i + j * orbitals] -= x
          gammas[a * size + i + j * orbitals] = Scalar(0, 1) * (x - mirrored)
        }
      }
    }
    try invert(slot)
    for a in 0..<electrodes {
      Self.multiply(orbitals, green, slot * size, gammas, a * size, into: &scratch, 0)
      Self.multiplyAdjoint(orbitals, scratch, green, slot * size, into: &spectral, (slot * electrodes + a) * size)
    }
  }

  /// M^m A_a for every m, one after the other.
  mutating func coupled(_ slot: Int, electrode a: Int) -> [Scalar] { coupled(spectral, (slot * electrodes + a) * size) }

  /// M^m+ A_a for every m: the right factor of a trace.
  mutating func coupledRight(_ slot: Int, electrode a: Int) -> [Scalar] {
    coupled(spectral, (slot * electrodes + a) * size, adjoint: true)
  }

  /// M^m G for every m.
  mutating func coupledGreen(_ slot: Int) -> [Scalar] { coupled(green, slot * size) }

  /// M^m+ G^+ for every m, a right factor.
  mutating func coupledAdvanced(_ slot: Int) -> [Scalar] {
    var advanced = scratch
    for j in 0..<orbitals {
      for i in 0..<orbitals { advanced[i + j * orbitals] = green[slot * size + j + i * orbitals].conjugate }
    }
    return coupled(advanced, 0, adjoint: true)
  }

  /// M^m G^< for every m, or M^m+ G^< as a right factor; G^< = i sum_a f_a A_a.
  mutating func coupledLesser(_ slot: Int, occupations: [Double], isRight: Bool = false) -> [Scalar] {
    var lesser = [Scalar](repeating: .zero, count: size)
    for (a, f) in occupations.enumerated() {
      for i in 0..<size { lesser[i] += Scalar(0, f) * spectral[(slot * electrodes + a) * size + i] }
    }
    return coupled(lesser, 0, adjoint: isRight)
  }

  /// g_s tr[left_m right_n] of two lists of products, added to result[m + n modes] with a factor.
  mutating func addTraces(_ left: [Scalar], _ right: [Scalar], factor: Scalar, to result: inout [Scalar]) {
    let weight = factor * Scalar(spin, 0)
    let (modes, orbitals, size) = (modes, orbitals, size)
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        for n in 0..<modes {
          for m in 0..<modes {
            let (x, y) = (left.baseAddress! + m * size, right.baseAddress! + n * size)
            var sum = Scalar.zero
            for j in 0..<orbitals {
              for i in 0..<orbitals { sum += x[i + j * orbitals] * y[j + i * orbitals] }
            }
            result[m + n * modes] += weight * sum
          }
        }
      }
    }
  }

  private mutating func coupled(_ matrices: [Scalar], _ offset: Int, adjoint: Bool = false) -> [Scalar] {
    var result = [Scalar](repeating: .zero, count: size * modes)
    let left = adjoint ? adjoints : couplings
    for m in 0..<modes { Self.multiply(orbitals, left, m * size, matrices, offset, into: &result, m * size) }
    return result
  }

  private static func multiply(_ n: Int, _ a: [Scalar], _ ia: Int, _ b: [Scalar], _ ib: Int, into c: inout [Scalar], _ ic: Int) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          let (x, y, z) = (a.baseAddress! + ia, b.baseAddress! + ib, c.baseAddress! + ic)
          for j in 0..<n {
            for i in 0..<n {
              var sum = Scalar.zero
              for k in 0..<n { sum += x[i + k * n] * y[k + j * n] }
              z[i + j * n] = sum
            }
          }
        }
      }
    }
  }

  /// C = A B^+.
  private static func multiplyAdjoint(_ n: Int, _ a: [Scalar], _ b: [Scalar], _ ib: Int, into c: inout [Scalar], _ ic: Int) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        c.withUnsafeMutableBufferPointer { c in
          let (x, y, z) = (a.baseAddress!, b.baseAddress! + ib, c.baseAddress! + ic)
          for j in 0..<n {
            for i in 0..<n {
              var sum = Scalar.zero
              for k in 0..<n { sum += x[i + k * n] * y[j + k * n].conjugate }
              z[i + j * n] = sum
            }
          }
        }
      }
    }
  }

  /// Gauss-Jordan elimination with row pivoting of `inverse` into G.
  private mutating func invert(_ slot: Int) throws {
    let (n, offset) = (orbitals, slot * size)
    try inverse.withUnsafeMutableBufferPointer { inverse in
      try green.withUnsafeMutableBufferPointer { green in
        try TwinInverse.write(of: inverse.baseAddress!, order: n, into: green.baseAddress! + offset)
      }
    }
  }
}
