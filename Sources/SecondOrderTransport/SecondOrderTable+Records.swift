import DenseMatrices
import TransportResults

extension SecondOrderTable: RecordedValue {
  /// Nothing is written of a table over the whole axis: there is one alone, which cannot be shared out.
  package func put(into writer: inout RecordWriter) {
    if case .poles(let table) = content { table.put(into: &writer) }
  }

  package init?(from reader: inout RecordReader) {
    guard let table = PoleTraceTable(from: &reader) else { return nil }
    self.init(content: .poles(table))
  }
}

extension PoleTraceTable: RecordedValue {
  func put(into writer: inout RecordWriter) {
    writer.put(electrodes)
    writer.put(poles.flatMap { [$0.rawStorage.x, $0.rawStorage.y] })
    pairs.put(into: &writer)
    table.put(into: &writer)
    writer.put(features.flatMap { [$0.position, $0.width] })
    writer.put(operators.map(Double.init))
    writer.put(relativeError)
  }

  init?(from reader: inout RecordReader) {
    guard let electrodes = reader.integer(), let poles = reader.numbers(), let pairs = TracePairs(from: &reader),
      let table = EnergyTable(from: &reader), let features = reader.numbers(), let operators = reader.numbers(),
      let relativeError = reader.number(), poles.count % 2 == 0, features.count % 2 == 0, electrodes > 0,
      operators.allSatisfy({ $0 >= 0 && $0 < Double(electrodes * electrodes) })
    else { return nil }
    self.init(
      electrodes: electrodes, poles: stride(from: 0, to: poles.count, by: 2).map { Scalar(poles[$0], poles[$0 + 1]) },
      pairs: pairs, table: table,
      features: stride(from: 0, to: features.count, by: 2).map { (features[$0], features[$0 + 1]) },
      operators: operators.map { Int($0) }, relativeError: relativeError)
    guard table.rows == firstRow(pairs.count) else { return nil }
  }
}

extension TracePairs: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    writer.put(list.flatMap { [Double($0.m), Double($0.n)] })
    writer.put(partners.map(Double.init))
  }

  package init?(from reader: inout RecordReader) {
    guard let numbers = reader.numbers(), let partners = reader.numbers(), numbers.count == 2 * partners.count,
      (numbers + partners).allSatisfy({ $0 >= 0 && $0 < 1e9 })
    else { return nil }
    self.init(
      list: stride(from: 0, to: numbers.count, by: 2).map { (m: Int(numbers[$0]), n: Int(numbers[$0 + 1])) },
      partners: partners.map { Int($0) })
  }
}
