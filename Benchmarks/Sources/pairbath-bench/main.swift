import Foundation
import Pairbath

/// `pairbath-bench [NAME ...]`: all comparisons, or those whose name contains a word; `leads` is beside sisl and kwant,
/// `long` time and memory against length.
let comparisons: [(name: String, run: () throws -> Row)] = [
  ("dots", Comparisons.doubleDotMap), ("molecule", Comparisons.moleculeSpectra),
  ("near-field", Comparisons.nearField),
]
let wanted = CommandLine.arguments.dropFirst()
do {
  if wanted.first == "long-run" {
    print(try LongConductors.line(Array(wanted.dropFirst())))
    exit(0)
  }
  for comparison in comparisons where wanted.isEmpty || wanted.contains(where: { comparison.name.contains($0) }) {
    print(try comparison.run().text)
  }
  if wanted.isEmpty || wanted.contains(where: { "leads".contains($0) }) { print(try Leads.table()) }
  if wanted.isEmpty || wanted.contains(where: { "long".contains($0) }) { print(try LongConductors.table()) }
} catch {
  FileHandle.standardError.write(Data("pairbath-bench: \(error)\n".utf8))
  exit(70)
}
