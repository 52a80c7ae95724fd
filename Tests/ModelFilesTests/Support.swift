import Foundation
import Testing

@testable import DataFiles
@testable import ModelFiles

/// The double dot of the papers, as in Documentation of the model file; line numbers of tests are looked up in it.
let doubleDot = """
  title: Double dot
  units: natural
  conductor:
    energies: [10.5, 9.5]
    spin_degeneracy: 1
  electrodes:
    L: {kind: wide-band, orbitals: [0], broadening: 0.5}
    R: {kind: wide-band, orbitals: [1], broadening: 0.25}
  bosons:
    modes: [1.0]
  baths:
    ph: {kind: ohmic, friction: 0.02}
  coupling:
    convention: dimensionless
    matrices: [[[0.0, 0.5], [0.5, 0.0]]]
  parameters: {mu: 10.0, T: 1.0}
  state:
    chemical_potential: {L: mu + V/2, R: mu - V/2}
    temperature: {L: T + dT/2, R: T + dT/2, ph: T - dT/2}
  sweep:
    V: {from: -3.0, to: 3.0, points: 7}
    dT: [-0.5, 0.0, 0.5]
  compute:
    level: landauer
    tolerance: 1e-6
  """

/// A single level between two electrodes in eV and K, without bosons.
let singleLevel = """
  conductor: {energies: [0.1]}
  electrodes:
    L: {kind: wide-band, orbitals: [0], broadening: 50 meV}
    R: {kind: wide-band, orbitals: [0], broadening: 0.05}
  state:
    chemical_potential: 0
    temperature: 300
  """

/// The text with one piece replaced, which must occur.
func edited(_ text: String, _ old: String, _ new: String) -> String {
  precondition(text.contains(old), "'\(old)' is not in the model")
  return text.replacingOccurrences(of: old, with: new)
}

/// The error of reading a text; nil when it can be read.
func failure(_ text: String, overrides: [String] = [], folder: String = ".") -> FileError? {
  do {
    _ = try ModelDocument.read(text: text, folder: folder, overrides: overrides)
    return nil
  } catch {
    return error
  }
}

/// Line and column of the first occurrence of a piece of text, from 1.
func place(of piece: String, in text: String) -> (line: Int, column: Int) {
  for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
    if let range = line.range(of: piece) {
      return (number + 1, line.distance(from: line.startIndex, to: range.lowerBound) + 1)
    }
  }
  return (0, 0)
}

/// Checks code, place and the words of the error of a faulty text.
func expectFailure(
  _ text: String, _ code: FileError.Code, at piece: String, mentions words: [String],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let error = failure(text) else {
    Issue.record("no error", sourceLocation: sourceLocation)
    return
  }
  #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
  let expected = place(of: piece, in: text)
  #expect(error.line == expected.line, "\(error)", sourceLocation: sourceLocation)
  #expect(error.column == expected.column, "\(error)", sourceLocation: sourceLocation)
  for word in words { #expect(error.description.contains(word), "\(error) lacks \(word)", sourceLocation: sourceLocation) }
}
