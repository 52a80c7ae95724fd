import DenseMatrices
import JunctionModel
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Faulty models")
struct ModelFaultTests {
  /// One edit of the double dot and the error it must cause.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let code: FileError.Code
    /// Where the error points to: the first occurrence of this text.
    let place: String
    let words: [String]
    var testDescription: String { new }

    init(_ old: String, _ new: String, _ code: FileError.Code, at place: String, _ words: String...) {
      (self.old, self.new, self.code, self.place, self.words) = (old, new, code, place, words)
    }
  }

  static let keys: [Fault] = [
    Fault(
      "broadening: 0.25", "broadenning: 0.25", .unknownKey, at: "broadenning", "electrodes.R.broadenning",
      "did you mean 'broadening'"),
    Fault("title:", "titel:", .unknownKey, at: "titel", "'titel'", "did you mean 'title'"),
    Fault("  energies: [10.5, 9.5]\n", "", .missingKey, at: "conductor:", "exactly one of energies"),
    Fault("conductor:\n", "conductor:\n  file: x.nc\n", .invalidModel, at: "energies: [", "file and energies together"),
    Fault("kind: ohmic, friction: 0.02", "kind: ohmic", .missingKey, at: "{kind: ohmic}", "the key 'friction'"),
    Fault(
      "kind: wide-band, orbitals: [1]", "kind: wideband, orbitals: [1]", .unknownKey, at: "wideband", "'wideband'",
      "did you mean 'wide-band'"),
    Fault("{kind: wide-band, orbitals: [1], ", "{orbitals: [1], ", .missingKey, at: "{orbitals", "the key 'kind'"),
    Fault("orbitals: [1], ", "", .missingKey, at: "{kind: wide-band, broad", "the key 'orbitals'"),
    Fault("orbitals: [1]", "orbitals: []", .invalidModel, at: "[]", "no orbitals"),
    Fault("orbitals: [1]", "orbitals: [2]", .invalidModel, at: "2]", "orbital 2", "0 to 1"),
    Fault("orbitals: [1]", "orbitals: [-1]", .invalidModel, at: "-1]", "orbital -1"),
    Fault("orbitals: [1]", "orbitals: [0.5]", .wrongType, at: "0.5]", "'0.5'", "a whole number"),
    Fault("friction: 0.02", "friction: 0.02, coordinates: [1]", .invalidModel, at: "1]}", "mode 1", "0 to 0"),
    Fault(
      "convention: dimensionless", "convention: rotating-wav", .unknownKey, at: "rotating-wav", "did you mean 'rotating-wave'"),
    Fault("kind: ohmic", "kind: drude", .missingKey, at: "{kind: drude", "the key 'cutoff'"),
    Fault("kind: ohmic", "kind: ohm", .unknownKey, at: "ohm,", "'ohm'", "did you mean 'ohmic'"),
    Fault("level: landauer", "level: dresed", .unknownKey, at: "dresed", "did you mean 'dressed'"),
    Fault("level: landauer", "renormalization: half", .unknownKey, at: "half", "full, dynamic, none"),
    Fault("level: landauer", "cross_check: 1", .wrongType, at: "1\n", "true or false"),
    Fault("level: landauer", "observables: [emision_spectrum]", .unknownKey, at: "emision_spectrum", "emission_spectrum"),
    Fault("level: landauer", "observables: [heat]", .unknownKey, at: "heat]", "'heat'", "energy_current"),
    Fault("level: landauer", "tolerance: 2", .duplicateKey, at: "tolerance: 1e-6", "'tolerance' twice"),
    Fault("tolerance: 1e-6", "tolerance: 0", .outOfRange, at: "0", "between 0 and 1"),
    Fault("  L: {kind", "  R: {kind", .duplicateKey, at: "R: {kind: wide-band, orbitals: [1]", "'R' twice"),
    Fault("  L: {kind", "  2L: {kind", .outOfRange, at: "2L", "'2L'"),
    Fault("units: natural", "units: SI", .unknownKey, at: "SI", "'SI'", "natural, eV"),
    Fault("level: landauer", "level:", .wrongType, at: "level:", "found nothing"),
  ]

  static let numbers: [Fault] = [
    Fault("broadening: 0.25", "broadening: wide", .wrongType, at: "wide}", "found 'wide'", "electrodes.R.broadening"),
    Fault("broadening: 0.25", "broadening: {a: 1}", .wrongType, at: "{a", "a mapping with the keys a"),
    Fault("broadening: 0.25", "broadening: yes", .wrongType, at: "yes", "the boolean 'yes'"),
    Fault("broadening: 0.25", "broadening: .nan", .outOfRange, at: ".nan", "'.nan'", "a finite number"),
    Fault("broadening: 0.25", "broadening: -.inf", .outOfRange, at: "-.inf", "'-.inf'"),
    Fault("broadening: 0.25", "broadening: 1e999", .outOfRange, at: "1e999", "'1e999'"),
    Fault("broadening: 0.25", "broadening: 20 meV", .outOfRange, at: "20 meV", "units is natural"),
    Fault("broadening: 0.25", "broadening: -0.25", .invalidModel, at: "-0.25", "smallest eigenvalue -0.25"),
    Fault("broadening: 0.25", "broadening: [[1, 0], [0, 1]]", .invalidModel, at: "[[1, 0]", "shape (2, 2)", "shape (1, 1)"),
    Fault("modes: [1.0]", "modes: [-1.0]", .invalidModel, at: "-1.0", "a positive energy"),
    Fault("modes: [1.0]", "modes: [1.0, null]", .wrongType, at: "null", "found nothing"),
    Fault("modes: [1.0]", "modes: 1.0", .wrongType, at: "1.0", "found '1.0'", "a list of numbers"),
    Fault("friction: 0.02", "friction: -1", .invalidModel, at: "-1}", "baths.ph.friction"),
    Fault("energies: [10.5, 9.5]", "hamiltonian: [[1, 0.5], [0.25, 1]]", .invalidModel, at: "[[1, 0.5]", "= 0.25", "Hermitian"),
    Fault("energies: [10.5, 9.5]", "hamiltonian: [[1, 0.5]]", .invalidModel, at: "[[1, 0.5]", "shape (1, 2)"),
    Fault("energies: [10.5, 9.5]", "hamiltonian: [[1, 0], [0]]", .wrongType, at: "[0]]", "a row of 1", "2 as the first"),
    Fault("energies: [10.5, 9.5]", "hamiltonian: [[1, x], [0, 1]]", .wrongType, at: "x]", "conductor.hamiltonian.0.1", "'x'"),
    Fault(
      "energies: [10.5, 9.5]", "hamiltonian: [[1, 0], [0, 1]]\n  overlap: [[1, 2], [2, 1]]", .invalidModel, at: "[[1, 2]",
      "smallest eigenvalue -1.0", "positive definite"),
    Fault(
      "[[[0.0, 0.5], [0.5, 0.0]]]", "[[[0.0, 0.5], [0.1, 0.0]]]", .invalidModel, at: "[[0.0, 0.5]", "coupling.matrices.0",
      "Hermitian"),
    Fault("[[[0.0, 0.5], [0.5, 0.0]]]", "[[[0.0]]]", .invalidModel, at: "[[0.0]]]", "shape (1, 1)", "shape (2, 2)"),
    Fault("[[[0.0, 0.5], [0.5, 0.0]]]", "[[0.0, 0.5], [0.5, 0.0]]", .wrongType, at: "[[0.0, 0.5]", "one matrix"),
    Fault("[[[0.0, 0.5], [0.5, 0.0]]]", "[]", .invalidModel, at: "[]", "0 matrices", "one per mode, 1"),
  ]

  static let states: [Fault] = [
    Fault("R: mu - V/2}", "R: mu - W/2}", .badExpression, at: "W/2", "undefined name 'W'", "mu"),
    Fault("R: mu - V/2}", "R: muu - V/2}", .badExpression, at: "muu", "did you mean 'mu'"),
    Fault("R: mu - V/2}", "R: mu - V/}", .badExpression, at: "}\n", "the end where a number"),
    Fault("R: mu - V/2}", "R: mu - V/0}", .badExpression, at: "mu - V/0", "division by zero", "V = -3.0, dT = -0.5"),
    Fault("R: mu - V/2}", "R: mu - 1/V}", .badExpression, at: "mu - 1/V", "division by zero", "V = 0.0"),
    Fault("R: mu - V/2}", "R: log(V)}", .badExpression, at: "log(V)", "nan", "V = -3.0"),
    Fault("R: mu - V/2}", "R: sinh(V)}", .badExpression, at: "sinh", "unknown function 'sinh'", "did you mean 'sin'"),
    Fault("R: mu - V/2}", "R: \"mu - (V\"}", .badExpression, at: "\"}", "the end where", "closing parenthesis"),
    Fault("R: mu - V/2}", "R: 2 V}", .outOfRange, at: "2 V", "units is natural"),
    Fault("R: mu - V/2}", "R: .inf}", .outOfRange, at: ".inf", "'.inf'"),
    Fault(
      "ph: T - dT/2", "ph: T - 3*dT", .outOfRange, at: "T - 3*dT", "negative temperature -0.5", "dT = 0.5", "state.temperature.ph"
    ),
    Fault(", ph: T - dT/2", "", .missingKey, at: "{L: T + dT/2", "add 'ph'"),
    Fault("R: mu - V/2}", "Q: mu - V/2}", .unknownKey, at: "Q:", "the unknown name 'Q'", "L, R"),
    Fault("{mu: 10.0, T: 1.0}", "{mu: a, a: b + 1, b: a, T: 1}", .badExpression, at: "b + 1", "a -> b -> a"),
    Fault("{mu: 10.0, T: 1.0}", "{mu: 10, T: 1, pi: 3}", .outOfRange, at: "pi", "'pi'"),
    Fault("{mu: 10.0, T: 1.0}", "{mu: 10, T: 1, unused: 1 +}", .badExpression, at: "}", "the end"),
    Fault("dT: [-0.5, 0.0, 0.5]", "dT: []", .outOfRange, at: "[]", "an empty list"),
    Fault("points: 7", "points: 0", .outOfRange, at: "0}", "at least one point"),
    Fault("points: 7", "points: 1", .outOfRange, at: "1}", "one point between"),
    Fault("points: 7", "points: 7.5", .wrongType, at: "7.5", "a whole number"),
    Fault("points: 7", "points: 3000000000", .tooManyStates, at: "3000000000", "3000000000"),
    Fault("points: 7", "points: 1999999999", .tooManyStates, at: "[-0.5", "1999999999 x 3"),
    Fault(
      "compute:\n", "compute:\n  energies: {from: 0, to: 1, points: 10000001}\n", .tooManyStates, at: "{from: 0, to: 1,",
      "10000001 values", "10000000"),
    Fault("points: 7", "points: 7, spacing: logarithmic", .outOfRange, at: "3.0, points", "one sign"),
    Fault("dT: [-0.5, 0.0, 0.5]", "dT: 0.5", .wrongType, at: "0.5\ncompute", "a single value is [0.5]"),
    Fault("  dT: [-0.5", "  W: [1, 2]\n  dT: [-0.5", .invalidModel, at: "W:", "'W', which has no effect"),
    Fault("  dT: [-0.5", "  mode: [1, 2]\n  dT: [-0.5", .outOfRange, at: "mode: [", "'mode'", "rename"),
    Fault("  dT: [-0.5", "  energy_current: [1]\n  dT: [-0.5", .outOfRange, at: "energy_current", "rename"),
    Fault("  dT: [-0.5", "  V: [1, 2]\n  dT: [-0.5", .duplicateKey, at: "V: [1", "'V' twice"),
  ]

  @Test("unknown, missing, doubled and unsupported keys", arguments: keys)
  func keyFaults(_ fault: Fault) { check(fault) }

  @Test("numbers, matrices and physics", arguments: numbers)
  func numberFaults(_ fault: Fault) { check(fault) }

  @Test("states, expressions and sweeps", arguments: states)
  func stateFaults(_ fault: Fault) { check(fault) }

  private func check(_ fault: Fault) {
    let text = edited(doubleDot, fault.old, fault.new)
    let start = text.range(of: fault.new)?.lowerBound ?? text.startIndex
    guard let error = failure(text) else {
      Issue.record("no error")
      return
    }
    #expect(error.code == fault.code, "\(error)")
    let found = text.range(of: fault.place, range: start..<text.endIndex) ?? text.range(of: fault.place)
    let upTo = text[..<(found?.lowerBound ?? text.startIndex)]
    let line = upTo.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(error.line == line.count, "\(error)")
    #expect(error.column == (line.last?.count ?? 0) + 1, "\(error)")
    for word in fault.words { #expect(error.description.contains(word), "\(error) lacks \(word)") }
    #expect(error.exitCode == 65)
  }

  @Test("YAML faults have line and column")
  func syntax() {
    let open = failure("conductor: {energies: [1.0\nstate: 1\n")
    #expect(open?.code == .syntax && open?.line == 2)
    let tab = failure("conductor:\n\tenergies: [1]\n")
    #expect(tab?.code == .syntax && tab?.line == 2 && tab?.hint.contains("tabs") == true)
    let two = failure(doubleDot + "\n---\n" + doubleDot)
    #expect(two?.code == .syntax && two?.line == 26 && two?.found.contains("another document") == true)
    let nested = failure("title: " + String(repeating: "[", count: 200_000))
    #expect(nested?.code == .syntax)
    let letters = Array("abcdefghij")
    let bomb = letters.indices.map { i in
      let item = i == 0 ? "x" : "*\(letters[i - 1])"
      return "\(letters[i]): &\(letters[i]) [\(Array(repeating: item, count: 9).joined(separator: ", "))]"
    }.joined(separator: "\n")
    #expect(failure(bomb)?.found.contains("more than 2000000 values") == true)
  }

  @Test("Windows line ends and byte order marks do not matter")
  func lineEnds() throws {
    #expect(try ModelDocument.read(text: edited(doubleDot, "\n", "\r\n")).points.count == 21)
    #expect(try ModelDocument.read(text: "\u{feff}" + doubleDot).points.count == 21)
    let doubled = failure(edited(edited(doubleDot, "compute:", "state: {}\ncompute:"), "\n", "\r\n"))
    #expect(doubled?.code == .duplicateKey && doubled?.line == 23)
  }

  @Test("a key twice in one line is found there")
  func doubledKeyInLine() {
    let text = edited(doubleDot, "{mu: 10.0, T: 1.0}", "{mu: 10.0, T: 1.0, mu: 2}")
    expectFailure(text, .duplicateKey, at: "mu: 2", mentions: ["'mu' twice"])
  }

  @Test("anchors and aliases are followed")
  func aliases() throws {
    let text = edited(edited(doubleDot, "broadening: 0.5", "broadening: &g 0.5"), "broadening: 0.25", "broadening: *g")
    #expect(try ModelDocument.read(text: text).junction.electrodes[1].kind == .wideBand(broadening: Matrix(diagonal: [0, 0.5])))
  }

  @Test("an empty file, a list and a scalar are no models", arguments: ["", "# nothing\n", "- a\n- b\n", "hello", "{}", "~"])
  func notAMapping(text: String) {
    let error = failure(text)
    #expect(error?.code == .syntax)
    #expect(error?.line == 1)
    #expect(error?.description.contains("conductor") == true)
  }

  @Test("the message has file, line, column, key path, found, allowed and next")
  func message() {
    let error = failure(edited(singleLevel, "broadening: 0.05", "broadening: 0.05 mEV"))
    #expect(
      error?.description
        == "model.yaml:4:51: electrodes.R.broadening: found '0.05 mEV'; allowed: an energy: a number in eV, or with a unit "
        + "such as '50 meV'; next: did you mean 'eV'?" || error?.description.contains("did you mean 'meV'?") == true)
    #expect(error?.column == 51)
  }

  @Test("an electrode needs a state, and a model needs electrodes")
  func missingSections() {
    expectFailure(edited(singleLevel, "state:", "parameters:"), .missingKey, at: "conductor", mentions: ["'state'"])
    let none = failure("units: natural\nconductor: {energies: [1]}\nstate: {chemical_potential: 0, temperature: 1}\n")
    #expect(none?.code == .missingKey && none?.description.contains("'electrodes'") == true)
  }
}
