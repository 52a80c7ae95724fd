import DataFiles
import DenseMatrices
import JunctionModel

extension ModelReader {
  /// The coupling of electrons and bosons; none where one of them is missing.
  func coupling(of bosons: BosonSystem, orbitals size: Int) throws(FileError) -> LocalCoupling {
    let none = LocalCoupling(convention: .dimensionless, matrices: [])
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
    return LocalCoupling(
      convention: convention,
      matrices: try matrices(
        content, convention == .massWeighted ? .plain : .energy, orbitals: size, isHermitian: convention != .rotatingWave))
  }

  private func couplingAdvice(_ bosons: BosonSystem) -> String {
    guard bosons.modeVectors != nil else { return "give one matrix per mode, \(bosons.count)" }
    return "give one matrix per coordinate (mass-weighted, \(bosons.coordinates)) or per mode (dimensionless, \(bosons.count))"
  }

  private func matrices(
    _ value: ModelValue, _ kind: NumberKind, orbitals size: Int, isHermitian: Bool
  ) throws(FileError) -> [[LocalMatrix]] {
    let words = "a list of matrices, one per mode: [[[0.0, 0.1], [0.1, 0.0]]], or {orbitals: [...], matrix: [[...]]}"
    var matrices: [[LocalMatrix]] = []
    for item in try value.list(allowed: words) {
      if item.node["blocks"] != nil {
        matrices.append([LocalMatrix(try bloch(item, kind, isHermitian: isHermitian))])
        continue
      }
      if item.node.isMapping {
        matrices.append([try local(item, kind, orbitals: size)])
        continue
      }
      if case .sequence(let rows) = item.node.content, rows.first?.isMapping == true {
        var blocks: [LocalMatrix] = []
        for block in try item.list(allowed: words) { blocks.append(try local(block, kind, orbitals: size)) }
        matrices.append(blocks)
        continue
      }
      if case .sequence(let rows) = item.node.content, rows.first?.isScalar == true {
        throw value.fail(.wrongType, found: "one matrix", allowed: words, hint: "put the matrix into another pair of brackets")
      }
      matrices.append([LocalMatrix(try item.matrix(kind))])
    }
    return matrices
  }

  /// `{blocks: [{R: [0], matrix: [[...]]}, ...]}`: the sum at the present wave vector of electrons.
  private func bloch(_ value: ModelValue, _ kind: NumberKind, isHermitian: Bool) throws(FileError) -> Matrix {
    let section = try ModelSection(value, keys: ["blocks"])
    let blocks = try section.required("blocks")
    guard let sum = try blocks.blochSums([("matrix", kind)], hermitian: isHermitian ? ["matrix"] : [])["matrix"] else {
      throw blocks.fail(.missingKey, found: "no block with the key matrix", allowed: "one at least")
    }
    return sum
  }

  /// `{orbitals: [...], matrix: [[...]]}`.
  private func local(_ value: ModelValue, _ kind: NumberKind, orbitals size: Int) throws(FileError) -> LocalMatrix {
    let section = try ModelSection(value, keys: ["orbitals", "matrix"])
    let orbitals = try section.required("orbitals").orbitals(below: size)
    let content = try section.required("matrix")
    let matrix = try content.matrix(kind)
    guard matrix.rows == orbitals.count && matrix.columns == orbitals.count else {
      throw content.fail(
        .invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))",
        allowed: "shape (\(orbitals.count), \(orbitals.count)), one row per orbital listed")
    }
    return LocalMatrix(matrix, on: orbitals)
  }

  private func coupling(
    file value: ModelValue, convention word: String?, section: ModelSection
  ) throws(FileError) -> LocalCoupling {
    let (inFile, matrices) = try data.read(value) { (file) throws(FileError) in
      if let sparse = try file.sparseCoupling() { return sparse }
      let (convention, matrices) = try file.coupling(for: value)
      return (convention, matrices.map { [LocalMatrix($0)] })
    }
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
    guard let kept = try modesOfFile(), let last = kept.last, last < matrices.count else {
      return LocalCoupling(convention: convention, matrices: matrices)
    }
    return LocalCoupling(convention: convention, matrices: kept.map { matrices[$0] })
  }
}

/// Couplings as they were read: a sum of local matrices each.
struct LocalCoupling {
  let convention: Coupling.Convention
  let matrices: [[LocalMatrix]]
}
