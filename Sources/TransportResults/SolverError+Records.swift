import Foundation

extension SolverError: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    writer.put(Self.codes.firstIndex(of: code) ?? 0)
    writer.put(message)
    let encoder = JSONEncoder()
    // Words and names: nothing that could not be encoded.
    writer.put([UInt8]((try? encoder.encode(subject.map { [$0] } ?? [])) ?? Data()))
    writer.put([UInt8]((try? encoder.encode(advice)) ?? Data()))
  }

  package init?(from reader: inout RecordReader) {
    guard let code = reader.integer(), Self.codes.indices.contains(code), let message = reader.words(),
      let subject = reader.raw(), let advice = reader.raw()
    else { return nil }
    let decoder = JSONDecoder()
    guard let place = try? decoder.decode([Subject].self, from: Data(subject)),
      let text = try? decoder.decode(SolverText.self, from: Data(advice))
    else { return nil }
    self.init(Self.codes[code], at: place.first, message, hint: text)
  }

  private static let codes: [Code] = [.unsuitableModel, .notConverged, .linearAlgebra, .tooLarge, .interrupted]
}
