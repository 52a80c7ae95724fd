import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule

/// The electrons' spectra of one state at the nodes of one frequency panel, ready to be interpolated.
package struct PanelSpectra {
  package let panel: Panel
  /// [node * rows + row], rows as in `SpectraLayout`.
  package private(set) var values: [Double]
  /// Frobenius norms over a block: of the interpolation tail and of the kernels' error, by channel.
  package struct Doubts {
    package var densityEnergyTail = 0.0
    package var emissionEnergyTail = 0.0
    package var densityError = 0.0
    package var densityEnergyError = 0.0
    package var emissionError = 0.0
    package var emissionEnergyError = 0.0
    /// Interpolation tails of single elements, packed: of L and of E.
    package var densityTails: [Double] = []
    package var emissionTails: [Double] = []
    /// Kernel errors of single elements, packed: of L and of E.
    package var densityErrors: [Double] = []
    package var emissionErrors: [Double] = []
  }
  package private(set) var doubts: [Doubts]
  /// The same for Pi_e: interpolation tail and error, damping and dispersion together.
  package private(set) var selfEnergyTail = 0.0
  package private(set) var selfEnergyError = 0.0
  /// Interpolation tails and errors of single elements of Pi_e, packed.
  package private(set) var selfEnergyTails: [Double] = []
  package private(set) var selfEnergyErrors: [Double] = []
  /// The part of these that is the damping's.
  package private(set) var dampingErrors: [Double] = []
  /// The error of the Hermitian part of Pi_e where electrons feel one motion only, packed: nil where there are more, whose errors may mix them.
  package private(set) var commonShift: [Double]?

  private static let order = SpectraMesh.order
  private static let rule = SpectraMesh.rule

  package init(panel: Panel) {
    self.panel = panel
    values = []
    doubts = []
  }

  /// Contracts the kernels of a panel with a state. `isFree` says that D diverges at w = 0, `isSingle` that
  /// electrons feel one motion only. `equilibrium` is the packed static part to subtract from Pi_e, if any.
  package init(
    _ panel: Panel, _ kernels: [FrequencyKernels], _ state: OperatingState, _ layout: SpectraLayout, solver: SpectraSolver,
    weights: OccupationWeights, staticPart: [Double]?, isFree: Bool, isSingle: Bool = false
  ) {
    self.panel = panel
    values = [Double](repeating: 0, count: layout.rows * Self.order)
    doubts = [Doubts](repeating: Doubts(), count: layout.channels.count)
    let electrodes = state.chemicalPotentials.count
    let zeros = [Double](repeating: 0, count: layout.modes)
    var diagonals = layout.channels.map { _ in (density: zeros, emission: zeros) }
    var dispersionError = 0.0
    for (j, k) in kernels.enumerated() {
      for (c, channel) in layout.channels.enumerated() {
        let moments = solver.moments(
          k.pairs, from: channel.from, to: channel.to, electrodes: electrodes, states: [state], highest: 1)
        let (plain, weighted) = (moments[0], moments[1])
        store(plain, weighted, channel, layout, node: j)
        doubts[c].densityError = max(doubts[c].densityError, plain.densityError.reduce(0, +))
        doubts[c].emissionError = max(doubts[c].emissionError, plain.emissionError.reduce(0, +))
        for m in 0..<layout.modes {
          diagonals[c].density[m] = max(diagonals[c].density[m], plain.densityError[m])
          diagonals[c].emission[m] = max(diagonals[c].emission[m], plain.emissionError[m])
        }
        doubts[c].densityEnergyError = max(doubts[c].densityEnergyError, weighted.densityError.reduce(0, +))
        doubts[c].emissionEnergyError = max(doubts[c].emissionEnergyError, weighted.emissionError.reduce(0, +))
      }
      guard let row = layout.dispersion, let dispersion = k.dispersion else { continue }
      dispersion.value(
        chemicalPotentials: state.chemicalPotentials, temperatures: state.temperatures, weights: weights, into: &values,
        at: j * layout.rows + row)
      dispersionError = max(dispersionError, dispersion.error)
      if let staticPart { for i in 0..<layout.block { values[j * layout.rows + row + i] -= staticPart[i] } }
    }
    guard !kernels.isEmpty else { return }
    selfEnergyError = dispersionError + 0.5 * doubts.reduce(0) { $0 + $1.densityError }
    for c in doubts.indices {
      doubts[c].densityErrors = Self.elements(diagonals[c].density)
      doubts[c].emissionErrors = Self.elements(diagonals[c].emission)
    }
    setSelfEnergyErrors(dispersionError, layout)
    if isSingle, layout.dispersion != nil { setCommonShift(dispersionError, layout) }
    closeIsothermalGaps(layout)
    if isFree { closeReversedPairs(layout) }
    if staticPart != nil, state.isEquilibriumOfElectrons { closeStaticPart(layout) }
    assess(layout)
  }

  /// Off-diagonal elements are known as well as the geometric mean of their diagonals; packed.
  private static func elements(_ diagonals: [Double]) -> [Double] {
    var result = diagonals
    for (m, error) in diagonals.enumerated() {
      for other in diagonals[(m + 1)...] { result += [Double](repeating: (error * other).squareRoot(), count: 2) }
    }
    return result
  }

  /// The error of the Hermitian part is known as a norm; it belongs to the modes as the damping does, which the same couplings make.
  private mutating func setSelfEnergyErrors(_ dispersionError: Double, _ layout: SpectraLayout) {
    selfEnergyErrors = [Double](repeating: 0, count: layout.block)
    var sizes = [Double](repeating: 0, count: layout.modes)
    for (c, channel) in layout.channels.enumerated() {
      for i in 0..<layout.block { selfEnergyErrors[i] += 0.5 * doubts[c].densityErrors[i] }
      for m in sizes.indices {
        for j in 0..<Self.order { sizes[m] = max(sizes[m], abs(values[j * layout.rows + channel.density + m])) }
      }
    }
    dampingErrors = selfEnergyErrors
    let sum = sizes.reduce(0, +)
    let shares = Self.elements(sizes.map { sum > 0 ? $0 / sum : 1 })
    for i in 0..<layout.block { selfEnergyErrors[i] += dispersionError * shares[i] }
  }

  /// The shape of the one motion is that of the damping, where it is largest.
  private mutating func setCommonShift(_ dispersionError: Double, _ layout: SpectraLayout) {
    func damping(_ node: Int) -> [Double] {
      (0..<layout.block).map { i in layout.channels.reduce(0) { $0 + values[node * layout.rows + $1.density + i] } }
    }
    func trace(_ packed: [Double]) -> Double { packed.prefix(layout.modes).reduce(0, +) }
    let largest = (0..<Self.order).map(damping).max { abs(trace($0)) < abs(trace($1)) } ?? []
    let size = trace(largest)
    guard size != 0 else { return }
    commonShift = largest.map { dispersionError * $0 / size }
  }

  private mutating func store(
    _ plain: SpectraSolver.Block, _ weighted: SpectraSolver.Block, _ channel: SpectraLayout.Channel, _ layout: SpectraLayout,
    node: Int
  ) {
    let start = node * layout.rows
    for i in 0..<layout.block {
      values[start + channel.density + i] = plain.density[i]
      values[start + channel.densityEnergy + i] = weighted.density[i]
      guard !channel.isIsothermal else { continue }
      values[start + channel.emission + i] = plain.emission[i]
      values[start + channel.emissionEnergy + i] = weighted.emission[i]
    }
  }

  /// L of an isothermal channel vanishes at w = mu_ab, where n diverges: the interpolant is moved to vanish there too, by
  /// less than its error.
  private mutating func closeIsothermalGaps(_ layout: SpectraLayout) {
    for channel in layout.channels where channel.isIsothermal {
      let isInside = panel.start <= channel.bias && channel.bias <= panel.end
      let x = isInside ? panel.parameter(channel.bias) : (channel.bias - panel.center) / (0.5 * panel.length)
      guard abs(x) <= 1.2 else { continue }
      let weights = Self.interpolation(at: x)
      for first in [channel.density, channel.densityEnergy] {
        for i in first..<(first + layout.block) {
          var offset = 0.0
          for j in 0..<Self.order { offset += weights[j] * values[j * layout.rows + i] }
          for j in 0..<Self.order { values[j * layout.rows + i] -= offset }
        }
      }
    }
  }

  /// L_ab,mn(0) = -L_ba,nm(0): at w = 0 an electron that goes and one that comes back cancel, where n and perhaps D diverge. The
  /// interpolants of both are moved to cancel there too, by less than their errors, and stay zero where `closeIsothermalGaps` made them:
  /// by (1 - x)/(1 + x^2), x = w/mu_ab, which a panel resolves that is not much longer than mu_ab.
  private mutating func closeReversedPairs(_ layout: SpectraLayout) {
    guard panel.start == 0 else { return }
    let weights = Self.interpolation(at: -1)
    let nodes = (0..<Self.order).map { panel.position(Self.rule.nodes[$0]).0 }
    func atZero(_ row: Int) -> Double {
      (0..<Self.order).reduce(0) { $0 + weights[$1] * values[$1 * layout.rows + row] }
    }
    for channel in layout.channels where channel.from <= channel.to {
      guard let back = layout.channels.first(where: { $0.from == channel.to && $0.to == channel.from }) else { continue }
      if channel.isIsothermal && channel.bias != 0 && abs(channel.bias) < 0.02 * panel.end { continue }
      for (one, other) in [(channel.density, back.density), (channel.densityEnergy, back.densityEnergy)] {
        for i in 0..<layout.block {
          // Packed: the diagonal, then real and imaginary parts; L_ba,nm is the conjugate of L_ba,mn.
          let sign = i < layout.modes || (i - layout.modes) % 2 == 0 ? 1.0 : -1.0
          let offset = 0.5 * (atZero(one + i) + sign * atZero(other + i))
          for (row, target, part) in [(one, channel, offset), (other, back, sign * offset)] {
            for j in 0..<Self.order {
              let x = nodes[j] / target.bias
              let shape = target.isIsothermal ? (target.bias == 0 ? 0 : (1 - x) / (1 + x * x)) : 1
              values[j * layout.rows + row + i] -= part * shape
            }
            if channel.from == channel.to { break }
          }
        }
      }
    }
  }

  /// In equilibrium Pi_e less its static part vanishes at w = 0: the interpolant is moved to vanish there too, by less than its error.
  private mutating func closeStaticPart(_ layout: SpectraLayout) {
    guard panel.start == 0, let row = layout.dispersion else { return }
    let weights = Self.interpolation(at: -1)
    for i in row..<(row + layout.block) {
      var offset = 0.0
      for j in 0..<Self.order { offset += weights[j] * values[j * layout.rows + i] }
      for j in 0..<Self.order { values[j * layout.rows + i] -= offset }
    }
  }

  /// Largest element of any block at the nodes.
  package var selfEnergySize: Double { values.reduce(0) { max($0, abs($1)) } }

  /// Lagrange weights of the nodes at x (which may lie outside [-1, 1]).
  package static func interpolation(at x: Double) -> [Double] {
    var (legendre, result) = ([Double](repeating: 0, count: order), [Double](repeating: 0, count: order))
    rule.fillInterpolation(at: x, legendre: &legendre, into: &result)
    return result
  }

  /// Interpolation tails, by element and as Frobenius norms over a block.
  private mutating func assess(_ layout: SpectraLayout) {
    func norm(_ tails: [Double]) -> Double {
      tails.withUnsafeBufferPointer { PackedHermitian.norm($0.baseAddress!, size: layout.modes) }
    }
    selfEnergyTails = [Double](repeating: 0, count: layout.block)
    for (c, channel) in layout.channels.enumerated() {
      doubts[c].densityTails = tails(channel.density, layout)
      doubts[c].densityEnergyTail = norm(tails(channel.densityEnergy, layout))
      if channel.isIsothermal {
        doubts[c].emissionTails = doubts[c].densityTails
        doubts[c].emissionEnergyTail = doubts[c].densityEnergyTail
      } else {
        doubts[c].emissionTails = tails(channel.emission, layout)
        doubts[c].emissionEnergyTail = norm(tails(channel.emissionEnergy, layout))
      }
      for i in 0..<layout.block { selfEnergyTails[i] += 0.5 * doubts[c].densityTails[i] }
    }
    if let row = layout.dispersion {
      for (i, t) in tails(row, layout).enumerated() { selfEnergyTails[i] += t }
    }
    selfEnergyTail = norm(selfEnergyTails)
  }

  /// Twice the last two Legendre coefficients of every element of a block.
  private func tails(_ first: Int, _ layout: SpectraLayout) -> [Double] {
    values.withUnsafeBufferPointer { v in
      (first..<(first + layout.block)).map { row in
        Self.rule.interpolationError(of: v.baseAddress! + row, stride: layout.rows)
      }
    }
  }
}
