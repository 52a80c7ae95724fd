import Quadrature
import TransportResults

extension [Panel] {
  /// Writes the panels down, as a `RecordedValue` does.
  package func put(into writer: inout RecordWriter) {
    writer.put(flatMap { [$0.start, $0.end, Double(Self.gradings.firstIndex(of: $0.grading) ?? 0)] })
  }

  /// Reads panels that were written down; nil where it is something else.
  package init?(from reader: inout RecordReader) {
    guard let numbers = reader.numbers(), numbers.count % 3 == 0 else { return nil }
    self = stride(from: 0, to: numbers.count, by: 3).map { i in
      Panel(numbers[i], numbers[i + 1], grading: Self.gradings[Int(Swift.min(Swift.max(numbers[i + 2], 0), 2))])
    }
  }

  private static let gradings: [Panel.Grading] = [.uniform, .towardStart, .towardEnd]
}
