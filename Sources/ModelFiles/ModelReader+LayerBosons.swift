import DataFiles
import DenseMatrices
import JunctionModel

/// Bosons of a layer at a transverse wave vector q. K(q) is complex and Hermitian; coordinates are real, so that its real form
/// [[Re K, -Im K], [Im K, Re K]] of twice the size stands for q and -q together, and every number counts twice.
extension ModelReader {
  /// True for a model with `q_points`, whose coordinates are all doubled.
  var isOfLayerBosons: Bool { root.value.node["q_points"] != nil }

  /// The bosons of a layer.
  func layerBosons(_ section: ModelSection) throws(FileError) -> BosonSystem {
    try section.refuse(
      ["modes", "chain", "unit", "sum_rule", "project_out", "above", "gyration"],
      because: "with q_points the bosons are given by blocks, by a dynamical_matrix, or by a file")
    let (form, content) = try section.exactlyOne(of: ["blocks", "dynamical_matrix", "file"])
    let matrix: Matrix
    switch form {
    case "blocks":
      let name = "dynamical_matrix"
      let sums = try content.blochSums([(name, .energySquared)], hermitian: [name], of: .boson)
      guard let sum = sums[name] else {
        throw content.fail(.missingKey, found: "no block with the key dynamical_matrix", allowed: "one at least")
      }
      matrix = sum
    case "dynamical_matrix": matrix = try content.matrix(.energySquared)
    default: matrix = try data.read(content) { (file) throws(FileError) in try file.dynamicalMatrix(for: content) }
    }
    guard matrix.isSquare, form == "blocks" || form == "file" || !matrix.hasImaginaryPart else {
      throw content.fail(.invalidModel, found: "shape (\(matrix.rows), \(matrix.columns))", allowed: "a real symmetric matrix")
    }
    do { return try BosonSystem(dynamicalMatrix: matrix.realForm) } catch { throw located(error) }
  }

  /// The blocks of a periodic bath at the present wave vector.
  func layerLead(_ blocks: ModelValue) throws(FileError) -> PeriodicBosonLead {
    let names = ["K00", "K01", "coupling"].map { (name: $0, kind: NumberKind.energySquared) }
    let sums = try blocks.blochSums(names, hermitian: ["K00"], of: .boson)
    guard let inner = sums["K00"], let outer = sums["K01"] else {
      throw blocks.fail(
        .missingKey, found: "no block with \(sums["K00"] == nil ? "K00" : "K01")", allowed: "K00 and K01 in one block at least")
    }
    return PeriodicBosonLead(k00: inner, k01: outer, coupling: sums["coupling"])
  }

  /// A bath on the real and the imaginary parts of its coordinates, of which there are `count`.
  func doubled(_ bath: BosonBath, of count: Int) -> BosonBath {
    BosonBath(bath.name, bath.kind.realForm, coordinates: bath.coordinates + bath.coordinates.map { $0 + count })
  }
}

extension BosonBathKind {
  /// The same for real and imaginary parts.
  fileprivate var realForm: BosonBathKind {
    switch self {
    case .ohmic, .closed: return self
    case .chain(let lead):
      let zero = Matrix(rows: 1, columns: 1)
      func diagonal(_ x: Double) -> Matrix { zero.realForm + Matrix(diagonal: [x, x]) }
      return .periodic(
        PeriodicBosonLead(
          k00: diagonal(lead.onsite + 2 * lead.spring), k01: diagonal(-lead.spring), coupling: diagonal(-lead.coupling)))
    case .periodic(let lead):
      return .periodic(
        PeriodicBosonLead(k00: lead.k00.realForm, k01: lead.k01.realForm, coupling: lead.coupling?.realForm))
    case .table(let table):
      return .table(
        TabulatedBosonSelfEnergy(frequencies: table.frequencies, values: table.values.map(\.twice)))
    }
  }
}

extension Matrix {
  /// [[Re, -Im], [Im, Re]]: a complex matrix that acts on real and imaginary parts.
  var realForm: Matrix {
    var form = Matrix(rows: 2 * rows, columns: 2 * columns)
    for j in 0..<columns {
      for i in 0..<rows {
        let (re, im) = (Scalar(self[i, j].real, 0), Scalar(self[i, j].imaginary, 0))
        (form[i, j], form[i + rows, j + columns]) = (re, re)
        (form[i, j + columns], form[i + rows, j]) = (Scalar(-im.real, 0), im)
      }
    }
    return form
  }

  /// A matrix that acts on real and imaginary parts alike.
  fileprivate var twice: Matrix {
    var form = Matrix(rows: 2 * rows, columns: 2 * columns)
    for j in 0..<columns {
      for i in 0..<rows { (form[i, j], form[i + rows, j + columns]) = (self[i, j], self[i, j]) }
    }
    return form
  }
}
