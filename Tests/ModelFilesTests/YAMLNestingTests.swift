import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Nesting and size of models")
struct YAMLNestingTests {
  @Test(
    "runaway nesting of any kind is refused before it is parsed",
    arguments: [
      String(repeating: "[", count: 1001), String(repeating: "{a: ", count: 1001), String(repeating: "- ", count: 1001),
      String(repeating: "? ", count: 1001), (0...1001).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
      (0...1001).map { String(repeating: " ", count: 2 * $0) + "- a:\n" }.joined(),
      (0...1001).map { String(repeating: " ", count: $0) + "- \r\n" }.joined(),
      String(repeating: "[\n", count: 1001),
    ])
  func refused(text: String) {
    #expect(!YAMLNesting.isBounded(text))
    #expect(throws: FileError.self) { try YAMLText(name: "m.yaml", override: nil).root(of: text) }
  }

  @Test("long and wide models are not nested: neither rows, nor lists, nor comments, nor blocks side by side")
  func allowed() {
    let texts = [
      String(repeating: "a: [1, [2, 3]]\n", count: 5000), String(repeating: "- - 1\n  - -2\n", count: 5000),
      (0..<5000).map { String(repeating: " ", count: $0 % 50) + "# a\n" }.joined(),
      (0..<500).map { String(repeating: " ", count: $0 % 40) + "a:\n" }.joined(),
      "[" + String(repeating: "1,\n          2, -3,\n", count: 3000) + "4]",
    ]
    for text in texts { #expect(YAMLNesting.isBounded(text)) }
  }

  @Test("twenty thousand parameters are read, each that uses the one before it, and numbers that use them")
  func manyParameters() throws {
    let count = 20_000
    let parameters = (0..<count).map { "  p\($0): " + ($0 % 100 == 0 ? "0.5" : "p\($0 - 1)") + "\n" }.joined()
    let text = """
      units: natural
      conductor: {energies: [10.5, p\(count - 1)]}
      electrodes:
        L: {kind: wide-band, orbitals: [0], broadening: p7}
        R: {kind: wide-band, orbitals: [1], broadening: 0.5}
      parameters:
      \(parameters)
      state: {chemical_potential: {L: p\(count - 1) + V, R: 10}, temperature: 1}
      sweep: {V: [0, 1]}
      compute: {observables: [charge_current]}
      """
    let document = try ModelDocument.read(text: text)
    #expect(document.points[0].chemicalPotentials == [0.5, 10] && document.points[1].chemicalPotentials == [1.5, 10])
  }
}
