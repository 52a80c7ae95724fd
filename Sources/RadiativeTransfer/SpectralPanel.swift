import Quadrature

/// An interval of photon energies with the spectra at its Gauss-Kronrod nodes.
struct SpectralPanel: Sendable {
  let from: Double
  let to: Double
  /// Phi_ij at the nodes, eV^2.
  let propagating: [Channels]
  let evanescent: [Channels]
  /// Bounds of the errors of Phi, both zones.
  let errors: [Channels]

  /// Photon energy of a node.
  @inline(__always) func energy(_ i: Int) -> Double { 0.5 * (from + to) + 0.5 * (to - from) * KronrodRule.nodes[i] }
  var half: Double { 0.5 * (to - from) }
}
