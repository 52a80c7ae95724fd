import Testing

@testable import Figures

@Suite("Typography")
struct TypographyTests {
  @Test(
    "typesets sweep variables",
    arguments: [
      ("V", "{/:Italic V}"), ("dT", "Δ{/:Italic T}"), ("mu", "{/:Italic μ}"), ("T_ph", "{/:Italic T}_{ph}"),
      ("mu_L", "{/:Italic μ}_{L}"), ("e1", "{/:Italic e}_{1}"), ("dmu", "Δ{/:Italic μ}"), ("friction", "friction"),
      ("my_bias", "my bias"), ("d", "{/:Italic d}"), ("delta", "{/:Italic δ}"),
    ])
  func axes(name: String, expected: String) { #expect(Typography.axisSymbol(name) == expected) }

  @Test(
    "typesets units",
    arguments: [
      ("1", ""), ("eV", "eV"), ("eV2", "eV^{2}"), ("W K-1", "W K^{−1}"), ("s-1", "s^{−1}"),
      ("energy unit^2/hbar", "energy unit^2/{/:Italic ħ}"),
    ])
  func units(unit: String, expected: String) { #expect(UnitLabel.typeset(unit) == expected) }

  @Test(
    "chooses SI prefixes by the largest number",
    arguments: [
      ("A", 2e-6, "μA", 1e6), ("W", 9.99e-10, "pW", 1e12), ("W", 1e-9, "nW", 1e9), ("eV", 0.5, "eV", 1), ("eV", 0.02, "meV", 1e3),
      ("K", 300, "K", 1), ("K", 2e-5, "μK", 1e6), ("energy unit^2", 3e-5, "10^{−6} energy unit^2", 1e6), ("1", 0.5, "", 1),
      ("1", 0, "", 1),
    ])
  func prefixes(unit: String, largest: Double, text: String, factor: Double) {
    let label = UnitLabel(unit: unit, largest: largest)
    #expect(label.text == text)
    #expect(abs(label.factor / factor - 1) < 1e-12)
  }

  @Test(
    "typesets symbols as results write them",
    arguments: [
      ("*T*_{eff}", "{/:Italic T}_{eff}"), ("d*J*/dħ*ω*", "d{/:Italic J}/dħ{/:Italic ω}"), ("*q_{ω}*", "{/:Italic q_{ω}}"),
      ("d^{2}*I*/d*V*^{2}", "d^{2}{/:Italic I}/d{/:Italic V}^{2}"), ("Λ", "Λ"), ("η_{C}", "η_{C}"),
    ])
  func symbols(markup: String, expected: String) { #expect(Typography.symbol(markup) == expected) }

  @Test(
    "shows symbols that are no markup, and whatever another program put there, letter by letter",
    arguments: [
      ("*T", "*T"), ("a_b", "a\\_b"), ("*T*_{eff", "*T*\\_\\{eff"), ("T}", "T\\}"), ("x_{*y*}", "x\\_\\{*y*\\}"),
      ("@{/:Bold x}", "\\@\\{/:Bold x\\}"), ("{x}", "\\{x\\}"),
    ])
  func foreignSymbols(markup: String, expected: String) { #expect(Typography.symbol(markup) == expected) }

  @Test("has a symbol for every grid and none for names")
  func dimensions() {
    #expect(Typography.symbol("") == nil)
    let unit = UnitLabel(unit: "eV", largest: 1)
    #expect(Typography.axisSymbol("frequency", unit: unit) == "{/:Italic ħω} (eV)")
    #expect(Typography.axisSymbol("quanta", unit: UnitLabel(unit: "1", largest: 20)) == "{/:Italic n}")
    #expect(Typography.axisSymbol("V", unit: unit) == "{/:Italic V} (eV)")
  }

  @Test("protects characters with a meaning in enhanced text and in strings")
  func escapes() {
    #expect(Typography.escaped("a_b{c}^2") == "a\\_b\\{c\\}\\^2")
    #expect(Typography.quoted("''it's'") == "'\\047\\047it\\047s\\047'")
    #expect(Typography.fileName("./<it's|\n`\"\\é") == "\"./\\074it\\047s\\174\\012\\140\\042\\134é\"")
    #expect(Typography.label("L>R") == "L→R")
  }
}
