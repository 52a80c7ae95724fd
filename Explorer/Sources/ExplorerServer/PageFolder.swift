import Foundation

/// The files of the page: those that lie in one folder, and nothing else.
struct PageFolder: Sendable {
  private let folder: String
  private let names: Set<String>

  /// The plotting library, which is put there when the page is assembled.
  static let library = "plotly.min.js"

  /// The files of a folder.
  init(_ folder: String) throws(ExplorerFailure) {
    self.folder = folder
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    names = Set(found.filter { Self.kinds[Self.ending($0)] != nil })
    for needed in ["index.html", Self.library] where !names.contains(needed) {
      throw ExplorerFailure("\(folder): found no \(needed); allowed: the files of the page; next: make explorer")
    }
  }

  /// A file and its kind; nil for names that are none of the page's.
  func file(_ name: String) -> (bytes: Data, kind: String)? {
    let name = name.isEmpty ? "index.html" : name
    guard names.contains(name), let kind = Self.kinds[Self.ending(name)],
      let bytes = FileManager.default.contents(atPath: folder + "/" + name)
    else { return nil }
    return (bytes, kind)
  }

  private static func ending(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? "" }

  private static let kinds = [
    "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml", "png": "image/png", "ico": "image/x-icon", "webmanifest": "application/manifest+json",
  ]
}
