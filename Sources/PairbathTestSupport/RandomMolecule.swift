import DenseMatrices
import JunctionModel

/// Wide-band junctions with many orbitals, as they come from a density-functional code: what tables of pair kernels are made for.
package enum RandomMolecule {
  /// 25 to 40 orbitals, two or three electrodes of any rank that give every level a width, with or without overlap, 1 to 4 modes; Hermitian couplings, or
  /// any complex ones of rotating-wave modes.
  package static func make(seed: UInt64, rotatingWave: Bool = false) -> Junction {
    var random = SplitMix64(seed: seed &+ 0x01EC_41E5)
    do {
      let n = random.integer(25...40)
      var limits = RandomJunctions.Limits()
      limits.broadening = 1...20
      let electrodes = (0..<random.integer(2...3)).map { index -> Electrode in
        let electrode = RandomJunctions.electrode("E\(index)", n, 1, &random, limits, mayBeChain: false)
        guard index == 0, case .wideBand(let gamma) = electrode.kind else { return electrode }
        return Electrode("E0", .wideBand(broadening: gamma + 0.05 * Matrix.identity(n)))
      }
      let modes = random.integer(1...4)
      let couplings = (0..<modes).map { _ in
        0.1 * (rotatingWave ? RandomJunctions.general(n, n, &random) : RandomJunctions.hermitian(n, &random))
      }
      return try Junction(
        conductor: Conductor(
          hamiltonian: RandomJunctions.hermitian(n, &random),
          overlap: random.chance(0.5) ? RandomJunctions.overlapMatrix(n, &random) : nil,
          spinDegeneracy: random.chance(0.5) ? 1 : 2),
        electrodes: electrodes, bosons: BosonSystem(modes: (0..<modes).map { _ in random.uniform(0.05...0.6) }),
        baths: [BosonBath("bath", .ohmic(friction: 0.01), coordinates: Array(0..<modes))],
        coupling: Coupling(rotatingWave ? .rotatingWave : .dimensionless, couplings))
    } catch {
      fatalError("RandomMolecule made an invalid junction from seed \(seed): \(error)")
    }
  }
}
