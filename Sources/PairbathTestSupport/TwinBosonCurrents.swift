import DenseMatrices
import JunctionModel

/// Every current of one state from the twin of general bosons; signs as in Theory.md section 3.
///
/// The baths of a mode are numbered pair channels first, in the junction's channel order, then the boson baths.
package struct TwinBosonCurrents: Sendable {
  /// Net energy per time from bath x to bath y through the bosons, [x][y], antisymmetric.
  package var energyFlows: [[Double]]
  /// Net bosons per time from bath x to bath y.
  package var particleFlows: [[Double]]
  /// J, energy per time from the electrons to the boson baths.
  package var energyCurrent = 0.0
  /// R^{ab}: net emissions per time of each channel.
  package var channelRates: [Double]
  /// The energy of the same.
  package var channelEnergyCurrents: [Double]
  /// I_a, electrons per time leaving each electrode in inelastic processes: sum_b (R^{ab} - R^{ba}).
  package var electrodeParticleCurrents: [Double]
  /// Q_a = J^E_a - mu_a I_a.
  package var electrodeHeatCurrents: [Double]
  /// J^E_a, energy per time leaving each electrode.
  package var electrodeEnergyCurrents: [Double]
  /// Energy per time into each boson bath, from channels and other baths.
  package var bathEnergyCurrents: [Double]
  /// Bosons per time into each boson bath.
  package var bathParticleCurrents: [Double]
  /// The part of `bathEnergyCurrents` that comes from other boson baths.
  package var bosonHeatCurrents: [Double]
  /// N_mn = int_0^inf dw/2pi 2w [iD^<]_mn, shape (modes, modes), normal modes.
  package var populations: Matrix
  /// -sum Q_a/T_a + sum (J_p - nu_p I_p)/T_p.
  package var entropyProduction = 0.0
  /// Absolute error bounds of one energy flow, particle flow, heat flow of a channel, element of the populations.
  package var errors = (energy: 0.0, particle: 0.0, heat: 0.0, population: 0.0)
  /// True when every integral reached its tolerance.
  package var converged = true
}

/// The numbers integrated over frequency, packed into one vector.
struct TwinFlowLayout {
  let channels: Int
  let baths: Int
  let modes: Int

  /// Pairs x < y of baths of any kind.
  var pairs: [(Int, Int)] { (0..<baths).flatMap { x in ((x + 1)..<max(baths, x + 1)).map { (x, $0) } } }
  var energies: Range<Int> { 0..<pairs.count }
  var particles: Range<Int> { energies.upperBound..<(2 * pairs.count) }
  var initialHeats: Range<Int> { particles.upperBound..<(particles.upperBound + channels) }
  var finalHeats: Range<Int> { initialHeats.upperBound..<(initialHeats.upperBound + channels) }
  var populations: Range<Int> { finalHeats.upperBound..<(finalHeats.upperBound + 2 * modes * modes) }
  var count: Int { populations.upperBound }
  /// Numbers that share an error target.
  var groups: [Range<Int>] {
    [energies, particles, initialHeats.lowerBound..<finalHeats.upperBound, populations].filter { !$0.isEmpty }
  }

  /// The antisymmetric table of a range of the vector.
  func table(_ values: [Double], _ range: Range<Int>) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: baths), count: baths)
    for (i, (x, y)) in pairs.enumerated() {
      result[x][y] = values[range.lowerBound + i]
      result[y][x] = -values[range.lowerBound + i]
    }
    return result
  }
}

extension TwinBosons {
  var layout: TwinFlowLayout {
    let channels = electrons == nil ? 0 : junction.channels.count
    return TwinFlowLayout(channels: channels, baths: channels + baths.count, modes: junction.bosons.count)
  }

  /// All currents: the frequency integral of the flows between every pair of baths, Theory.md sections 3 and 4.
  package func currents(tolerance outer: Double = 1e-9) throws -> TwinBosonCurrents {
    let layout = self.layout
    let structured = baths.contains(where: \.isStructured) || (electrons?.hasStructuredElectrodes ?? false)
    let quadrature = TwinQuadrature(tolerance: outer, groups: layout.groups, smoothsEdges: structured, panelLimit: 4000)
    var converged = true
    let outcome = try quadrature.integrate(try frequencyPanels(), components: layout.count) { w in
      let state = try spectra(frequency: w)
      converged = converged && state.converged
      return state.vector(layout)
    }
    var result = assembled(outcome.values, layout)
    let bounds = layout.groups.map { group in group.map { outcome.errors[$0] }.max() ?? 0 }
    result.errors = (bounds[0], bounds[0], 0, bounds.last ?? 0)
    if layout.groups.count >= 3 { result.errors.particle = bounds[1] }
    if layout.groups.count == 4 { result.errors.heat = bounds[2] }
    result.converged = converged && outcome.converged
    return result
  }

  /// Currents of electrodes and baths from the flows.
  private func assembled(_ values: [Double], _ layout: TwinFlowLayout) -> TwinBosonCurrents {
    let channels = Array(0..<layout.channels)
    let bosonBaths = Array(layout.channels..<layout.baths)
    let energies = layout.table(values, layout.energies)
    let particles = layout.table(values, layout.particles)
    func into(_ flows: [[Double]], _ y: Int, from sources: [Int]) -> Double { sources.reduce(0) { $0 + flows[$1][y] } }
    let zeros = junction.electrodes.map { _ in 0.0 }
    let elements = (0..<(layout.modes * layout.modes)).map {
      Scalar(values[layout.populations.lowerBound + 2 * $0], values[layout.populations.lowerBound + 2 * $0 + 1])
    }
    var result = TwinBosonCurrents(
      energyFlows: energies, particleFlows: particles, channelRates: channels.map { particles[$0].reduce(0, +) },
      channelEnergyCurrents: channels.map { energies[$0].reduce(0, +) }, electrodeParticleCurrents: zeros,
      electrodeHeatCurrents: zeros, electrodeEnergyCurrents: zeros,
      bathEnergyCurrents: bosonBaths.map { into(energies, $0, from: channels + bosonBaths) },
      bathParticleCurrents: bosonBaths.map { into(particles, $0, from: channels + bosonBaths) },
      bosonHeatCurrents: bosonBaths.map { into(energies, $0, from: bosonBaths) },
      populations: Matrix(rows: layout.modes, columns: layout.modes, elements: elements))
    result.energyCurrent = result.channelEnergyCurrents.reduce(0, +)
    for c in channels {
      let (a, b) = (junction.channels[c].from, junction.channels[c].to)
      result.electrodeParticleCurrents[a] += result.channelRates[c]
      result.electrodeParticleCurrents[b] -= result.channelRates[c]
      result.electrodeHeatCurrents[a] += values[layout.initialHeats.lowerBound + c]
      result.electrodeHeatCurrents[b] -= values[layout.finalHeats.lowerBound + c]
    }
    for a in junction.electrodes.indices {
      result.electrodeEnergyCurrents[a] =
        result.electrodeHeatCurrents[a] + point.chemicalPotentials[a] * result.electrodeParticleCurrents[a]
    }
    result.entropyProduction = entropyProduction(result)
    return result
  }

  private func entropyProduction(_ currents: TwinBosonCurrents) -> Double {
    // A flow that vanishes produces nothing, at whatever temperature.
    func entropy(_ heat: Double, _ temperature: Double) -> Double { heat == 0 ? 0 : heat / temperature }
    let electrodes = zip(currents.electrodeHeatCurrents, point.temperatures).reduce(0) { $0 + entropy(-$1.0, $1.1) }
    return bathHeats(currents).enumerated().reduce(electrodes) { $0 + entropy($1.element, point.bathTemperatures[$1.offset]) }
  }

  /// J_p - nu_p I_p of each boson bath.
  package func bathHeats(_ currents: TwinBosonCurrents) -> [Double] {
    let nus = point.bathChemicalPotentials
    return baths.indices.map { p in
      currents.bathEnergyCurrents[p] - (nus.isEmpty ? 0 : nus[p] * currents.bathParticleCurrents[p])
    }
  }
}
