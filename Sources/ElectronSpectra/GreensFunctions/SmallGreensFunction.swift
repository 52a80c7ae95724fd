import ComplexModule
import DenseMatrices
import JunctionModel

/// W(e) = G(e) R(e) for few orbitals between wide bands and chains, the electrodes whose self-energies are closed forms: nothing but
/// numbers changes with the energy, and no matrix is made for it.
struct SmallGreensFunction: Sendable {
  private let size: Int
  private let columns: Int
  /// -H - sum of the constant self-energies, and S where it is not 1.
  private let constant: [Scalar]
  private let overlap: [Scalar]?
  /// R with the chains' columns empty.
  private let broadening: [Scalar]
  private let chains: [(lead: ChainLead, column: Int)]
  private let algebra: SquareMatrices

  /// nil where a self-energy is no closed form, or where matrices are too large for loops.
  init?(_ hamiltonian: Matrix, overlap: Matrix?, _ selfEnergies: [ElectrodeSelfEnergy]) {
    let (size, columns) = (hamiltonian.rows, selfEnergies.reduce(0) { $0 + $1.rank })
    guard size > 0, size <= 8 else { return nil }
    var constant = (-1.0) * hamiltonian
    var broadening = Matrix(rows: size, columns: columns)
    var chains: [(lead: ChainLead, column: Int)] = []
    var column = 0
    for selfEnergy in selfEnergies {
      switch selfEnergy.closedForm {
      case .constant(let sigma, let factor):
        constant = constant - sigma.embedded(rows: selfEnergy.orbitals, columns: selfEnergy.orbitals, size: size)
        for j in 0..<factor.columns {
          for (i, orbital) in selfEnergy.orbitals.enumerated() { broadening[orbital, column + j] = factor[i, j] }
        }
      case .chain(let lead): chains.append((lead, column))
      case nil: return nil
      }
      column += selfEnergy.rank
    }
    (self.size, self.columns, self.chains) = (size, columns, chains)
    (self.constant, self.overlap, self.broadening) = (constant.elements, overlap?.elements, broadening.elements)
    algebra = SquareMatrices(size: size)
  }

  /// Writes W, column-major; false where the energy hits a bound state. Cost: 8 N^3 + 8 N^2 columns flops.
  func fill(at energy: Double, into factors: UnsafeMutablePointer<Scalar>) -> Bool {
    var algebra = algebra
    let (size, columns) = (size, columns)
    return withUnsafeTemporaryAllocation(of: Scalar.self, capacity: 2 * size * size + size * columns) { buffer in
      let a = buffer.baseAddress!
      let (inverse, r) = (a + size * size, a + 2 * size * size)
      for i in 0..<(size * size) { a[i] = constant[i] }
      if let overlap {
        for i in 0..<(size * size) { a[i] += overlap[i].multiplied(by: energy) }
      } else {
        for i in 0..<size { a[i * size + i] += Scalar(energy, 0) }
      }
      for i in 0..<(size * columns) { r[i] = broadening[i] }
      for (lead, column) in chains {
        let sigma = ElectrodeSelfEnergy.chainSelfEnergy(lead, at: energy)
        a[lead.orbital * size + lead.orbital] -= sigma
        r[column * size + lead.orbital] = Scalar(max(-2 * sigma.rawStorage.y, 0).squareRoot(), 0)
      }
      guard algebra.invert(a, into: inverse) != nil else { return false }
      SmallProducts.multiply(inverse, r, into: factors, rows: size, inner: size, columns: columns)
      return true
    }
  }
}
