import DataFiles

/// Atoms named on the command line: "1-12,20", counted from 1; "12-1" counts down, so that an order can be said.
package enum AtomSelection {
  /// Indices from 0 in the order named. Throws `outOfRange` for what is no list, for atoms that are not there, and for atoms named twice.
  package static func atoms(_ text: String, count: Int, option: ImportOption) throws(FileError) -> [Int] {
    var atoms: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.filter { $0 != " " }) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
        throw FileError(
          .outOfRange, in: option.flag, found: "'\(part)'", allowed: "atoms and ranges of atoms, for example 1-12,20")
      }
      guard (1...count).contains(first), (1...count).contains(last) else {
        throw FileError(
          .outOfRange, in: option.flag, found: "atom \((1...count).contains(first) ? last : first)",
          allowed: "atoms 1 to \(count)")
      }
      atoms += stride(from: first - 1, through: last - 1, by: first <= last ? 1 : -1)
    }
    var seen: Set<Int> = []
    if let twice = atoms.first(where: { !seen.insert($0).inserted }) {
      throw FileError(.outOfRange, in: option.flag, found: "atom \(twice + 1) twice", allowed: "every atom once")
    }
    return atoms
  }

  /// "1-4, 7" for indices from 0, at most eight pieces.
  package static func words(_ atoms: [Int]) -> String {
    var pieces: [(first: Int, last: Int)] = []
    for atom in atoms.sorted() {
      if let last = pieces.last, atom == last.last + 1 {
        pieces[pieces.count - 1].last = atom
      } else {
        pieces.append((atom, atom))
      }
    }
    let words = pieces.prefix(8).map { $0.first == $0.last ? "\($0.first + 1)" : "\($0.first + 1)-\($0.last + 1)" }
    return words.joined(separator: ", ") + (pieces.count > 8 ? ", ..." : "")
  }
}
