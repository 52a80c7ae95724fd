import Quadrature

/// What principal values over many panels need of each, in arrays without gaps: the energies z of a table pass all of them thousands of
/// times.
struct FilledPanels: Sendable {
  private static let order = EnergyTable.order

  /// Rows per node.
  let width: Int
  /// Middle of a panel's nodes, and the distance from it beyond which the Gauss rule resolves 1/(z - e).
  private(set) var centers: [Double] = []
  private(set) var reaches: [Double] = []
  /// Energies of the nodes and Gauss weights, [panel * order + node].
  private(set) var nodes: [Double] = []
  private(set) var gauss: [Double] = []
  /// Numbers at the nodes, [(panel * order + node) * width + row].
  private(set) var values: [Double] = []

  var count: Int { centers.count }

  /// No panels yet.
  init(width: Int) { self.width = width }

  /// Some rows of all panels of a table.
  init(_ table: EnergyTable, rows: Range<Int>) {
    self.init(width: rows.count)
    for (p, panel) in table.panels.enumerated() {
      let numbers = (0..<Self.order).flatMap { i in
        let first = (p * Self.order + i) * table.rows
        return table.values[(first + rows.lowerBound)..<(first + rows.upperBound)]
      }
      append(panel, CauchyWeights(panel), from: -1, to: 1, numbers)
    }
  }

  /// Adds a piece of a panel with its rows at the nodes.
  mutating func append(_ panel: Panel, _ rule: CauchyWeights, from low: Double, to high: Double, _ numbers: [Double]) {
    let (first, last) = (rule.nodes[0], rule.nodes[Self.order - 1])
    centers.append(0.5 * (first + last))
    reaches.append(0.85 * (last - first) * (panel.grading == .uniform ? 1 : 1.6))
    nodes += rule.nodes
    gauss += EnergyTable.rule.weights.map { $0 * 0.25 * (high - low) * panel.length }
    values += numbers
  }

  /// Adds numbers to those of a piece.
  mutating func add(_ numbers: [Double], to piece: Int) {
    let first = piece * Self.order * width
    for i in numbers.indices { values[first + i] += numbers[i] }
  }

  /// Adds P int p(e)/(z - e) de over the first `panels`, row by row; `near` gives the weights of panels near z. Cost: 16 divisions and
  /// 32 flops per row and panel.
  func addIntegrals(
    at z: Double, panels: Int, into sum: UnsafeMutablePointer<Double>, near: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let (width, order) = (width, Self.order)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: order) { weights in
      let weights = weights.baseAddress!
      centers.withUnsafeBufferPointer { centers in
        reaches.withUnsafeBufferPointer { reaches in
          nodes.withUnsafeBufferPointer { nodes in
            gauss.withUnsafeBufferPointer { gauss in
              values.withUnsafeBufferPointer { values in
                for p in 0..<panels {
                  if abs(z - centers[p]) > reaches[p] {
                    for i in 0..<order { weights[i] = gauss[p * order + i] / (z - nodes[p * order + i]) }
                  } else {
                    near(p, weights)
                  }
                  var from = values.baseAddress! + p * order * width
                  for i in 0..<order {
                    let weight = weights[i]
                    for r in 0..<width { sum[r] += weight * from[r] }
                    from += width
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
