import ForeignFormats

/// What `pairbath import` says when it is done: what was understood, what was left out, and how to go on.
package struct ImportReport {
  private let imported: ImportedModel
  private let folder: String

  package init(_ imported: ImportedModel, folder: String) { (self.imported, self.folder) = (imported, folder) }

  package var text: String {
    let width = imported.understood.map(\.what.count).max() ?? 0
    var lines = imported.understood.map { $0.what.padding(to: width) + "  " + $0.value }
    for note in imported.leftOut { lines.append("left out: " + note) }
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    lines.append("wrote \(base)/model.yaml" + (imported.data == nil ? "" : " and \(base)/\(ImportedModel.dataFile)"))
    lines.append("next: pairbath run \(base)/model.yaml")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
