import BosonPropagators
import ElectronSpectra
import Quadrature
import Synchronization
import TransportResults

/// Panels of boson frequencies whose pair kernels are computed once, on demand, and shared by all states and workers.
///
/// A state descends from the first panels to their halves only where its own spectra need it. Kernels depend on the
/// frequency alone, so that the numbers do not depend on which worker computed them first.
package final class FrequencyMesh: Sendable {
  private let prepared: PreparedJunction
  /// First panels in ascending order; they cover (0, largest frequency].
  package let firstPanels: [Panel]
  private let cache = Mutex<[PanelKey: [PanelKernel]]>([:])

  private let sums = Mutex<[PanelKey: [PoleSumKernel?]]>([:])
  /// Channels whose kernels vanish at every frequency, found at two of them.
  private let vanishing = Mutex<[Bool]?>(nil)
  private let probes: [Double]

  package init(_ prepared: PreparedJunction, highest: Double, modes: [Double]) {
    self.prepared = prepared
    probes = [modes.first ?? highest, 0.37 * highest]
    guard highest > 0 else {
      firstPanels = []
      return
    }
    let rule = KinkRule(prepared.pairFeatures(upTo: highest, mostResonances: 40), breaks: modes)
    firstPanels = rule.panels(from: 0, to: highest, rho: 2, longerThan: 1e-14 * highest)
  }

  /// The pair kernels (diagonal in the modes) at the nodes of a panel.
  package func kernels(of panel: Panel) throws(SolverError) -> [PanelKernel] {
    let key = PanelKey(panel)
    if let found = cache.withLock({ $0[key] }) { return found }
    let modes = Array(prepared.junction.bosons.modeEnergies.indices)
    var result: [PanelKernel] = []
    for node in FrequencyWeights.rule.nodes {
      result.append(try prepared.pairKernel(at: panel.position(node).0, pairs: .diagonal(modes)))
    }
    cache.withLock { $0[key] = result }
    return result
  }

  /// Pole sums at the nodes of a panel, [node * modes + mode], nil where there is none; and the channels that vanish.
  package func poleSums(of panel: Panel) throws(SolverError) -> (kernels: [PoleSumKernel?], vanishing: [Bool]) {
    let vanishing = try vanishingChannels()
    let modes = prepared.junction.bosons.modeEnergies.indices
    // Large conductors and electrodes with band edges have none anywhere.
    guard PoleSumKernel.mayExist(prepared) else {
      return ([PoleSumKernel?](repeating: nil, count: FrequencyWeights.order * modes.count), vanishing)
    }
    let key = PanelKey(panel)
    if let found = sums.withLock({ $0[key] }) { return (found, vanishing) }
    let made = FrequencyWeights.rule.nodes.flatMap { node in
      modes.map { PoleSumKernel(prepared, mode: $0, frequency: panel.position(node).0, vanishing: vanishing) }
    }
    sums.withLock { $0[key] = made }
    return (made, vanishing)
  }

  private func vanishingChannels() throws(SolverError) -> [Bool] {
    if let known = vanishing.withLock({ $0 }) { return known }
    let modes = Array(prepared.junction.bosons.modeEnergies.indices)
    var found: [Bool]?
    for probe in probes where probe > 0 {
      let kernel = try prepared.pairKernel(at: probe, pairs: .diagonal(modes))
      found = found.map { zip($0, kernel.vanishing).map { $0 && $1 } } ?? kernel.vanishing
    }
    let result = found ?? []
    vanishing.withLock { $0 = result }
    return result
  }
}

extension PreparedJunction {
  /// Where pair spectra peak: a filled and an empty resonance differ by the frequency; widths add. None with more than
  /// `mostResonances`: then halving decides.
  package func pairFeatures(upTo highest: Double, mostResonances: Int) -> [PanelFeature] {
    guard resonances.count <= mostResonances else { return [] }
    return resonances.flatMap { r in
      resonances.map { (r.position - $0.position, r.width + $0.width) }.filter { $0.0 > 0 && $0.0 < highest }
    }
  }
}

/// A panel as the key of a cache.
package struct PanelKey: Hashable {
  package let start: Double
  package let end: Double

  package init(_ panel: Panel) { (start, end) = (panel.start, panel.end) }
}
