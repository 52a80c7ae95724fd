import DataFiles
import DenseMatrices
import JunctionModel

extension ModelValue {
  /// A matrix from a list of rows of equal length; entries are numbers (with units when energies) or complex numbers.
  func matrix(_ kind: NumberKind) throws(FileError) -> Matrix {
    let words = "a matrix as a list of rows, for example [[1.0, 0.5i], [-0.5i, 2.0]]"
    guard case .sequence(let rows) = node.content, !rows.isEmpty else { throw wrongType(allowed: words) }
    var elements: [[Scalar]] = []
    for (i, row) in rows.enumerated() {
      guard case .sequence(let items) = row.content else { throw child(row, "\(i)").wrongType(allowed: words) }
      if let first = elements.first, items.count != first.count {
        throw child(row, "\(i)").fail(
          .wrongType, found: "a row of \(items.count)", allowed: "rows of equal length, \(first.count) as the first one")
      }
      var values: [Scalar] = []
      values.reserveCapacity(items.count)
      for (j, item) in items.enumerated() { values.append(try entry(item, row: i, column: j, kind: kind)) }
      elements.append(values)
    }
    return Matrix(elements)
  }

  private func element(_ item: ModelNode, _ row: Int, _ column: Int) -> ModelValue {
    ModelValue(node: item, path: path + ["\(row)", "\(column)"], file: file, units: units, scope: scope)
  }

  private func entry(_ item: ModelNode, row: Int, column: Int, kind: NumberKind) throws(FileError) -> Scalar {
    if case .scalar(let text, _, _) = item.content, let (re, im) = NumberText.complex(text), re.isFinite && im.isFinite {
      if scope?.derivative != nil { return .zero }
      _ = try element(item, row, column).within(kind.limits, max(abs(re), abs(im)))
      return Scalar(re, im)
    }
    let value = element(item, row, column)
    return Scalar(try value.number(kind), 0)
  }
}
