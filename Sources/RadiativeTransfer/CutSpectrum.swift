import Quadrature
import RealModule

/// What bounds the spectra where tables do not reach: below their beginning and above their end.
///
/// Propagating waves carry at most w^2/4pi per polarisation, a black body's. Evanescent waves have no such bound that is of any use
/// (1/d^2); they are continued as twice the largest value of the nearest octave inside, which holds unless a resonance lies outside.
struct CutSpectrum: Sendable {
  /// A node of the quadrature over the photon energies cut off.
  struct Node: Sendable {
    let energy: Double
    /// Weight of the quadrature over 2pi.
    let weight: Double
    /// Bound per polarisation, eV^2.
    let propagating: Double
    /// Bounds of s and p, eV^2.
    let evanescent: SIMD2<Double>
  }

  let nodes: [Node]
  /// True when evanescent waves of vanishing photon energy are cut off: the number of their photons may diverge.
  let hasSoftEvanescent: Bool

  /// Nodes below and above the panels of a window; none without tables.
  init(_ window: RadiationWindow, gaps: [Double], panels: [SpectralPanel]) {
    var nodes: [Node] = []
    let (low, high) = (window.energies.lowerBound, window.energies.upperBound)
    let coldest = window.temperatures.lowerBound
    var isSoft = false
    if low > 0 {
      let evanescent = Self.continued(panels) { $0 <= 2 * low }
      isSoft = evanescent.sum() > 0
      nodes += Self.nodes(Self.cuts(from: 0, to: low, scale: coldest, gaps), evanescent)
    }
    if high < window.wanted {
      let evanescent = Self.continued(panels) { $0 >= 0.5 * high }
      nodes += Self.nodes(Self.cuts(from: high, to: window.wanted, scale: coldest, gaps), evanescent)
    }
    self.nodes = nodes
    hasSoftEvanescent = isSoft
  }

  /// Twice the largest evanescent spectrum at the nodes chosen.
  private static func continued(_ panels: [SpectralPanel], _ isNear: (Double) -> Bool) -> SIMD2<Double> {
    var largest = SIMD2<Double>.zero
    for panel in panels {
      for i in 0..<KronrodRule.count where isNear(panel.energy(i)) {
        let spectrum = panel.evanescent[i]
        let error = panel.errors[i]
        largest.x = max(largest.x, (spectrum.lowHalf + error.lowHalf).sum())
        largest.y = max(largest.y, (spectrum.highHalf + error.highHalf).sum())
      }
    }
    return 2 * largest
  }

  /// Pieces that grow from half the coldest temperature, cut at the gap energies.
  private static func cuts(from: Double, to: Double, scale: Double, _ gaps: [Double]) -> [Double] {
    var cuts = [from]
    var width = 0.5 * scale
    while let last = cuts.last, last + width < to {
      cuts.append(last + width)
      width *= 1.3
    }
    cuts += gaps.filter { $0 > from && $0 < to }
    cuts.append(to)
    return cuts.sorted()
  }

  private static func nodes(_ cuts: [Double], _ evanescent: SIMD2<Double>) -> [Node] {
    var nodes: [Node] = []
    for i in 1..<cuts.count where cuts[i] > cuts[i - 1] {
      let (center, half) = (0.5 * (cuts[i] + cuts[i - 1]), 0.5 * (cuts[i] - cuts[i - 1]))
      for k in 0..<KronrodRule.count {
        let w = center + half * KronrodRule.nodes[k]
        // A per cent for the quadrature.
        nodes.append(
          Node(
            energy: w, weight: 1.01 * half * KronrodRule.weights[k] / (2 * Double.pi), propagating: w * w / (4 * Double.pi),
            evanescent: evanescent))
      }
    }
    return nodes
  }
}

/// The fluxes of one state that the spectra outside tables may carry.
struct CutFluxes {
  /// Bounds in the order of `FluxSum`: energy by part (s, p propagating, s, p evanescent), photons, interband photons of body 1
  /// and of body 2, energy.
  private(set) var bounds = [Double](repeating: 0, count: 8)
  /// Evanescent energy both bodies send together, which the share of a black body's radiation knows nothing of.
  private(set) var grossEvanescent = 0.0

  /// Adds a node. `n`: occupations of (1, rest), (1, interband), (2, rest), (2, interband), equal to rest below the gaps.
  mutating func add(_ node: CutSpectrum.Node, _ n: SIMD4<Double>, interband: (Bool, Bool)) {
    let one = SIMD2(n[0], interband.0 ? n[1] : n[0])
    let two = SIMD2(n[2], interband.1 ? n[3] : n[2])
    func largest(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double {
      max(max(abs(a[0] - b[0]), abs(a[0] - b[1])), max(abs(a[1] - b[0]), abs(a[1] - b[1])))
    }
    let (w, net) = (node.energy, node.weight * largest(one, two))
    let evanescent = node.evanescent.sum()
    let all = 2 * node.propagating + evanescent
    bounds[0] += net * w * node.propagating
    bounds[1] += net * w * node.propagating
    bounds[2] += net * w * node.evanescent.x
    bounds[3] += net * w * node.evanescent.y
    bounds[4] += net * all
    if interband.0 { bounds[5] += node.weight * largest(SIMD2(n[1], n[1]), two) * all }
    if interband.1 { bounds[6] += node.weight * largest(one, SIMD2(n[3], n[3])) * all }
    bounds[7] += net * w * all
    grossEvanescent += node.weight * w * (one.max() + two.max()) * evanescent
  }
}
