import Quadrature
import TransportResults

extension GapSpectra {
  /// Writes down what has been computed: the gap and its panels.
  package func put(into writer: inout RecordWriter) {
    writer.put(gap)
    writer.put(evaluations)
    writer.put(panels.count)
    for panel in panels {
      writer.put(panel.from)
      writer.put(panel.to)
      for channels in [panel.propagating, panel.evanescent, panel.errors] {
        writer.put(channels.flatMap { c in c.indices.map { c[$0] } })
      }
    }
  }

  /// Reads the spectra of a pair for a window; nil where the bytes are something else.
  package init?(from reader: inout RecordReader, _ pair: RadiatingPair, _ window: RadiationWindow) {
    guard let gap = reader.number(), let evaluations = reader.integer(), let count = reader.count(of: 16) else { return nil }
    var panels: [SpectralPanel] = []
    for _ in 0..<count {
      guard let from = reader.number(), let to = reader.number(), let propagating = Self.channels(&reader),
        let evanescent = Self.channels(&reader), let errors = Self.channels(&reader)
      else { return nil }
      panels.append(SpectralPanel(from: from, to: to, propagating: propagating, evanescent: evanescent, errors: errors))
    }
    self.init(pair, gap: gap, window: window, panels: panels, evaluations: evaluations)
  }

  private static func channels(_ reader: inout RecordReader) -> [Channels]? {
    let width = Channels.scalarCount
    guard let flat = reader.numbers(), flat.count == width * KronrodRule.count else { return nil }
    return stride(from: 0, to: flat.count, by: width).map { Channels(flat[$0..<($0 + width)]) }
  }
}
