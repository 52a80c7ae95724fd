import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The coupling of electrons and bosons; none where one of them is missing.
  func coupling(of bosons: BosonSystem) throws(FileError) -> Coupling {
    let none = Coupling(.dimensionless, [])
    if isWithoutElectrons {
      try root.refuse(["coupling"], because: "there are no electrons to couple to")
      return none
    }
    guard let value = try root.optional("coupling") else {
      guard bosons.count == 0 else { throw root.missing("coupling", hint: couplingAdvice(bosons)) }
      return none
    }
    let section = try ModelSection(value, keys: ["convention", "matrices", "file"])
    let words = Coupling.Convention.allCases.map(\.rawValue)
    let word = try section.optional("convention")?.word(of: words)
    let (form, content) = try section.exactlyOne(of: ["matrices", "file"])
    if form == "file" { return try coupling(file: content, convention: word, section: section) }
    guard let convention = Coupling.Convention(rawValue: word ?? "") else { throw section.missing("convention") }
    return Coupling(convention, try matrices(content, convention == .massWeighted ? .plain : .energy))
  }

  private func couplingAdvice(_ bosons: BosonSystem) -> String {
    guard bosons.modeVectors != nil else { return "give one matrix per mode, \(bosons.count)" }
    return "give one matrix per coordinate (mass-weighted, \(bosons.coordinates)) or per mode (dimensionless, \(bosons.count))"
  }

  private func matrices(_ value: ModelValue, _ kind: NumberKind) throws(FileError) -> [Matrix] {
    let words = "a list of matrices, one per mode: [[[0.0, 0.1], [0.1, 0.0]]]"
    var matrices: [Matrix] = []
    for item in try value.list(allowed: words) {
      if case .sequence(let rows) = item.node.content, rows.first?.isScalar == true {
        throw value.fail(.wrongType, found: "one matrix", allowed: words, hint: "put the matrix into another pair of brackets")
      }
      matrices.append(try item.matrix(kind))
    }
    return matrices
  }

  private func coupling(
    file value: ModelValue, convention word: String?, section: ModelSection
  ) throws(FileError) -> Coupling {
    let (inFile, matrices) = try data.read(value) { (file) throws(FileError) in try file.coupling() }
    if let word, let inFile, word != inFile {
      throw section.value.fail(
        .invalidModel, found: "'\(word)', and '\(inFile)' in the data file", allowed: "the convention of the data file",
        hint: "leave the key out", at: section.position(of: "convention"), key: "convention")
    }
    guard let name = word ?? inFile else {
      throw section.missing("convention", hint: "the data file's coupling has no attribute 'convention'")
    }
    guard let convention = Coupling.Convention(rawValue: name) else {
      throw value.fail(
        .invalidData, found: "the convention '\(name)' in the data file",
        allowed: Coupling.Convention.allCases.map(\.rawValue).joined(separator: ", "))
    }
    guard let kept = try modesOfFile(), let last = kept.last, last < matrices.count else { return Coupling(convention, matrices) }
    return Coupling(convention, kept.map { matrices[$0] })
  }
}
