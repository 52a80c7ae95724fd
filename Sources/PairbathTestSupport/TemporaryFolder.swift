import Foundation

/// Calls `body` with a fresh folder that is removed afterwards.
package func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/pairbath-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}

/// The names in a folder, hidden ones included.
package func contents(of folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Equality that takes NaN for NaN.
package func same(_ a: [Double]?, _ b: [Double]?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return a.count == b.count && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
}
