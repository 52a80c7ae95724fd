extension TransportResult {
  /// Writes down the variables, and the dimensions that have their lengths from what was computed.
  package func putNumbers(into writer: inout RecordWriter) {
    writer.put(modeEnergies)
    writer.put(instabilities)
    writer.put(variables.count)
    for variable in variables { variable.put(into: &writer) }
  }

  /// Reads what `putNumbers` wrote; false, with the result in pieces, where the bytes are something else.
  package mutating func readNumbers(from reader: inout RecordReader) -> Bool {
    guard let energies = reader.numbers(), let found = reader.count(of: 0), let count = reader.count(of: 8) else { return false }
    if energies != modeEnergies { modeEnergies = energies }
    instabilities = found
    variables = []
    for _ in 0..<count {
      guard let variable = ResultVariable(from: &reader) else { return false }
      variables.append(variable)
    }
    return true
  }
}

extension ResultVariable: RecordedValue {
  package func put(into writer: inout RecordWriter) {
    for words in [name, unit, longName, signConvention, symbol, title] { writer.put(words) }
    for list in [dimensions, flagMeanings] {
      writer.put(list.count)
      for words in list { writer.put(words) }
    }
    writer.put(values)
    writer.put(errors == nil ? 0 : 1)
    if let errors { writer.put(errors) }
  }

  package init?(from reader: inout RecordReader) {
    var words: [String] = []
    for _ in 0..<6 {
      guard let next = reader.words() else { return nil }
      words.append(next)
    }
    guard let dimensions = Self.list(&reader), let meanings = Self.list(&reader), let values = reader.numbers(),
      let hasErrors = reader.integer()
    else { return nil }
    var errors: [Double]?
    if hasErrors == 1 {
      guard let found = reader.numbers(), found.count == values.count else { return nil }
      errors = found
    }
    self.init(
      name: words[0], dimensions: dimensions, values: values, errors: errors, unit: words[1], longName: words[2],
      signConvention: words[3])
    (symbol, title, flagMeanings) = (words[4], words[5], meanings)
  }

  private static func list(_ reader: inout RecordReader) -> [String]? {
    guard let count = reader.count(of: 8) else { return nil }
    var list: [String] = []
    for _ in 0..<count {
      guard let words = reader.words() else { return nil }
      list.append(words)
    }
    return list
  }
}
