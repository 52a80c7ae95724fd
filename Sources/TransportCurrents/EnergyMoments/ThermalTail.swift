import ElectronSpectra
import JunctionModel
import RealModule

/// The one bound of what lies beyond the ends of a kernel's window, where the occupations of a state decay over a temperature.
///
/// X is taken to stay as large as on the outermost panel (at the outermost node of a uniform grid); the rest is
/// int_d^inf (s + shift)^k exp(-s/T) ds, s from the Fermi step, shift its distance from the energy that powers are measured from.
package struct ThermalTail<Lanes: SIMD> where Lanes.Scalar == Double {
  /// The integrals of powers 0, 1, ... below the window and above it, per X.
  private let below: Lanes
  private let above: Lanes

  /// Nothing beyond.
  package init() { (below, above) = (.zero, .zero) }

  /// The tails of a process, powers up to `highest` measured from the initial electrode's chemical potential. Cost: two exponentials.
  package init(_ kernel: PanelKernel, _ state: ChannelState, _ process: OccupationWeights.Process, highest: Int) {
    guard let first = kernel.panels.first?.start ?? kernel.nodes.first, let last = kernel.panels.last?.end ?? kernel.nodes.last
    else {
      (below, above) = (.zero, .zero)
      return
    }
    let (lower, upper) = (min(state.initialPotential, state.finalStep), max(state.initialPotential, state.finalStep))
    let (initial, final) = (state.initialTemperature, state.finalTemperature)
    below = Self.powers(
      from: lower - first, shift: state.initialPotential - lower, temperature: process == .emission ? final : initial,
      highest: highest)
    above = Self.powers(
      from: last - upper, shift: upper - state.initialPotential, temperature: process == .emission ? initial : final,
      highest: highest)
  }

  /// Zero for a step outside the window: kernels are made with room around every step, and such a tail has no bound.
  /// I_0 = T exp(-d/T), I_k = u^k I_0 + k T I_(k-1) with u = d + shift.
  private static func powers(from d: Double, shift: Double, temperature t: Double, highest: Int) -> Lanes {
    guard t > 0, d > 0 else { return .zero }
    var result = Lanes.zero
    let decay = t * Double.exp(-d / t)
    var (power, previous) = (decay, 0.0)
    for k in 0...highest {
      previous = power + Double(k) * t * previous
      result[k] = previous
      power *= d + shift
    }
    return result
  }

  /// The error of a column's moments.
  package func error(_ kernel: PanelKernel, _ column: KernelColumn) -> Lanes {
    Self.peak(kernel, column, panel: 0, node: 0) * below
      + Self.peak(kernel, column, panel: kernel.panels.count - 1, node: kernel.count - 1) * above
  }

  /// The largest |X| on a panel, or |X| at a node of a uniform grid.
  private static func peak(_ kernel: PanelKernel, _ column: KernelColumn, panel: Int, node: Int) -> Double {
    let start = column.values
    if let grid = kernel.uniform { return abs(kernel.values[start + node]) / grid.spacing }
    let (half, weights) = (0.5 * kernel.panels[panel].length, PanelKernel.rule.weights)
    var largest = 0.0
    for (i, weight) in weights.enumerated() {
      largest = max(largest, abs(kernel.values[start + panel * weights.count + i]) / (weight * half))
    }
    return largest
  }
}
