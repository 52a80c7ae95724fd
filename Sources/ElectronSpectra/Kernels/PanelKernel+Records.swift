import Quadrature
import TransportResults

extension PanelKernel: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    writer.reserve(
      8 * (values.count + errors.count + reachBelow.count + reachAbove.count + 2 * nodes.count + 4 * panels.count + 32))
    writer.put(frequency)
    writer.put(uniform.map { [$0.start, $0.spacing, Double($0.count), $0.decay] } ?? [])
    panels.put(into: &writer)
    for numbers in [nodes, finalNodes, values, errors, reachBelow, reachAbove, vanishing.map { $0 ? 1 : 0 }] {
      writer.put(numbers)
    }
    for count in [channels, columns, diagonals, unresolvedPanels] { writer.put(count) }
    writer.put(tolerance)
  }

  package init?(from reader: inout RecordReader) {
    guard let frequency = reader.number(), let grid = reader.numbers(), let panels = [Panel](from: &reader) else { return nil }
    var arrays: [[Double]] = []
    for _ in 0..<7 {
      guard let numbers = reader.numbers() else { return nil }
      arrays.append(numbers)
    }
    var counts: [Int] = []
    for _ in 0..<4 {
      guard let count = reader.integer(), count >= 0 else { return nil }
      counts.append(count)
    }
    guard let tolerance = reader.number(), grid.isEmpty || grid.count == 4 else { return nil }
    let (nodes, channels, columns, diagonals) = (arrays[0].count, counts[0], counts[1], counts[2])
    guard arrays[1].count == nodes, arrays[2].count == channels * columns * nodes,
      arrays[3].count == channels * diagonals * nodes,
      arrays[6].count == channels
    else { return nil }
    self.init(
      frequency: frequency,
      uniform: grid.isEmpty ? nil : UniformGrid(start: grid[0], spacing: grid[1], count: Int(grid[2]), decay: grid[3]),
      panels: panels, nodes: arrays[0], finalNodes: arrays[1], channels: channels, columns: columns, diagonals: diagonals,
      values: arrays[2], errors: arrays[3], reachBelow: arrays[4], reachAbove: arrays[5], vanishing: arrays[6].map { $0 != 0 },
      unresolvedPanels: counts[3], tolerance: tolerance)
  }
}

extension DispersionKernel: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    writer.put(frequency)
    window.put(into: &writer)
    writer.put(filled)
    writer.put(error)
  }

  package init?(from reader: inout RecordReader) {
    guard let frequency = reader.number(), let window = PanelKernel(from: &reader), let filled = reader.numbers(),
      let error = reader.number(), filled.count == window.columns
    else { return nil }
    self.init(frequency: frequency, window: window, filled: filled, error: error)
  }
}
