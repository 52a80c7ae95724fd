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

  /// `count` anchors, each a list with the one before it as often as `copies` says.
  private static func anchors(_ count: Int, copies: Int) -> String {
    (1..<count).reduce("a0: &a0 [1]\n") { text, i in
      text + "a\(i): &a\(i) [" + Array(repeating: "*a\(i - 1)", count: copies).joined(separator: ", ") + "]\n"
    }
  }

  @Test(
    "aliases neither put lists into each other without bound nor multiply in keys",
    arguments: [
      anchors(2000, copies: 1), anchors(40, copies: 2) + "? *a39\n: 1\n", anchors(40, copies: 2) + "*a39 : 1\n",
      anchors(40, copies: 2) + "*a39: 1\n", anchors(40, copies: 2) + "[*a39, 1]: 1\n", anchors(40, copies: 2) + "{*a39 : 1}: 1\n",
      anchors(40, copies: 2) + "b: {? [*a39] : 1}\n",
    ])
  func aliases(text: String) {
    #expect(YAMLNesting.fault(in: text)?.contains("aliases") == true)
    let error = #expect(throws: FileError.self) { try YAMLText(name: "m.yaml", override: nil).root(of: text) }
    #expect(error?.found.contains("aliases") == true)
  }

  @Test("aliases that repeat a matrix are fine, whatever multiplies, stands in brackets or looks like an alias")
  func ordinaryAliases() throws {
    let uses = (0..<500).map { "b\($0): *m\n" }.joined()
    let products = (0..<5000).map { "c\($0): 2 *x + a & b [*y]: 1\n" }.joined()
    for text in [
      "m: &m [[1, 2], [3, 4]]\n" + uses, products, "m: &m {a: [*m, 1], b: *m}\n? [1]\n: 2\n", Self.anchors(100, copies: 1),
    ] { #expect(YAMLNesting.fault(in: text) == nil) }
    let root = try YAMLText(name: "m.yaml", override: nil).root(of: "m: &m [[1, 2], [3, 4]]\nb: {c: *m, d: *m}\n")
    #expect(root["b"]?["d"]?.summary == "a list of 2")
  }

  @Test("parameters may stand in any order: twenty thousand, each that uses the next one; a circle is named")
  func descendingParameters() throws {
    func text(last: String) -> String {
      let parameters = (0..<20_000).map { "  p\($0): " + ($0 == 19_999 ? last : "p\($0 + 1) + 1") + "\n" }.joined()
      return """
        units: natural
        conductor: {energies: [p0]}
        electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 1}, R: {kind: wide-band, orbitals: [0], broadening: 1}}
        parameters:
        \(parameters)
        state: {chemical_potential: {L: p0 + V, R: 10}, temperature: 1}
        sweep: {V: [0, 1]}
        compute: {observables: [charge_current]}
        """
    }
    let document = try ModelDocument.read(text: text(last: "0.5"))
    #expect(document.points[0].chemicalPotentials == [19_999.5, 10])
    let error = #expect(throws: FileError.self) { try ModelDocument.read(text: text(last: "p19998")) }
    #expect(error?.found == "parameters that need each other: p19998 -> p19999 -> p19998")
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
