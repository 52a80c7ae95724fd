import ElectronSpectra
import Quadrature
import TransportResults

extension EnergyTable: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    writer.reserve(8 * (values.count + tails.count + sizes.count + roundings.count + 3 * panels.count + 2 * groups.count + 8))
    panels.put(into: &writer)
    writer.put(rows)
    writer.put(groups.flatMap { [Double($0.lowerBound), Double($0.upperBound)] })
    for numbers in [values, tails, sizes, roundings] { writer.put(numbers) }
  }

  package init?(from reader: inout RecordReader) {
    guard let panels = [Panel](from: &reader), let rows = reader.integer(), rows >= 0, let ends = reader.numbers(),
      ends.count % 2 == 0, let values = reader.numbers(), let tails = reader.numbers(), let sizes = reader.numbers(),
      let roundings = reader.numbers()
    else { return nil }
    var groups: [Range<Int>] = []
    for i in stride(from: 0, to: ends.count, by: 2) {
      guard ends[i] >= 0, ends[i] <= ends[i + 1], ends[i + 1] <= Double(rows) else { return nil }
      groups.append(Int(ends[i])..<Int(ends[i + 1]))
    }
    guard values.count == panels.count * Self.order * rows, tails.count == panels.count * groups.count,
      sizes.count == tails.count, roundings.count == panels.count
    else { return nil }
    self.init(
      panels: panels, rows: rows, values: values, groups: groups, tails: tails, sizes: sizes, roundings: roundings)
  }
}
