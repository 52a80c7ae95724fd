import Foundation
import Pairbath

/// `pairbath-bench [NAME ...]`: all comparisons, or those whose name contains a word.
let comparisons: [(name: String, run: () throws -> Row)] = [
  ("dots", Comparisons.doubleDotMap), ("molecule", Comparisons.moleculeSpectra),
  ("near-field", Comparisons.nearField),
]
let wanted = CommandLine.arguments.dropFirst()
do {
  for comparison in comparisons where wanted.isEmpty || wanted.contains(where: { comparison.name.contains($0) }) {
    print(try comparison.run().text)
  }
} catch {
  FileHandle.standardError.write(Data("pairbath-bench: \(error)\n".utf8))
  exit(70)
}
