import Quadrature

/// A state-independent kernel X(e) on panels of Gauss nodes or on a uniform grid, one or more columns per channel.
///
/// Built once per junction and frequency; every state then costs one product of occupation weights with the stored
/// values. `values` and `errors` contain the Jacobian, the Gauss weight and 1/2pi, so that
/// int de/2pi X(e) g(e) = sum_i values_i g(e_i) wherever g is smooth on the panel.
package struct PanelKernel: Sendable {
  /// The boson energy w.
  package let frequency: Double
  /// The grid when the nodes are equidistant (no panels then), nil otherwise.
  package let uniform: UniformGrid?
  /// Panels in ascending order; none when the window is empty.
  package let panels: [Panel]
  /// e_i, `order` per panel.
  package let nodes: [Double]
  /// e_i - w: the energy of the final electron.
  package let finalNodes: [Double]
  /// Number of channels, in the order (from, to) = (0, 0), (0, 1), ....
  package let channels: Int
  /// Columns of a channel.
  package let columns: Int
  /// Number of leading columns that are diagonal, hence non-negative; `errors` has one row for each.
  package let diagonals: Int
  /// [(channel * columns + column) * nodes + i].
  package let values: [Double]
  /// Error bound of the diagonal columns, [(channel * diagonals + column) * nodes + i], same weighting as `values`.
  package let errors: [Double]
  /// Largest integral of a panel and all panels below (above) it over the channel's diagonal columns: [channel * panels + p].
  package let reachBelow: [Double]
  package let reachAbove: [Double]
  /// Channels whose kernel vanishes to rounding, by structure or symmetry.
  package let vanishing: [Bool]
  /// Panels that could not be refined to the tolerance: their error is in `errors`.
  package let unresolvedPanels: Int

  /// Relative accuracy the panels were refined to; weights that cannot change that much are left out.
  package let tolerance: Double

  /// Gauss nodes per panel.
  package static let order = 16
  package static let rule = GaussLegendreRule(order: order)

  /// Number of nodes.
  package var count: Int { nodes.count }
}

/// What is put on panels: a function of energy with several columns per channel.
package protocol KernelSampler {
  var channels: Int { get }
  var columns: Int { get }
  /// Leading columns that are non-negative; a column (m, n) behind them is bounded by the geometric mean of its diagonals.
  var diagonals: Int { get }
  /// Diagonal columns that bound a column.
  func bounds(of column: Int) -> (Int, Int)
  /// Writes X at some energies, [i * channels * columns + channel * columns + column], and the rounding error of the diagonal columns,
  /// [i * channels * diagonals + channel * diagonals + column].
  mutating func sample(
    at energies: [Double], values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>) throws
}

/// A kernel sampler that takes one energy at a time.
package protocol PointSampler: KernelSampler {
  /// Writes X (channel * columns + column) and the rounding error of the diagonal columns (channel * diagonals + column).
  mutating func sample(at energy: Double, values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>) throws
}

extension PointSampler {
  package mutating func sample(
    at energies: [Double], values: UnsafeMutablePointer<Double>, rounding: UnsafeMutablePointer<Double>
  ) throws {
    for (i, energy) in energies.enumerated() {
      try sample(at: energy, values: values + i * channels * columns, rounding: rounding + i * channels * diagonals)
    }
  }
}
