import Foundation
import Testing

@testable import ModelFiles

@Suite("Expressions")
struct ExpressionTests {
  private func value(_ text: String, x: Double = 0) throws -> Double {
    let program = try ExpressionProgram(
      try ExpressionParser.parse(text), registers: ["x": (0, .free)], boltzmann: (2, .free))
    var registers = [x]
    var stack = [Double](repeating: 0, count: program.stackSize)
    return try registers.withUnsafeMutableBufferPointer { registers in
      try stack.withUnsafeMutableBufferPointer { try program.value(registers, stack: $0) }
    }
  }

  @Test(
    "precedence and associativity are those of mathematics",
    arguments: [
      ("1 + 2*3", 7.0), ("(1+2)*3", 9), ("2 - 3 - 4", -5), ("16/4/2", 2), ("-2^2", -4), ("2^3^2", 512), ("2^-1", 0.5),
      ("--3", 3), ("+3", 3), ("2*-3", -6), ("1e3 - 1E-3", 999.999), (".5 + 5.", 5.5), ("x*x", 9), ("-x^2/x", -3),
    ])
  func precedence(text: String, expected: Double) throws { #expect(try value(text, x: 3) == expected) }

  @Test("functions and constants")
  func functions() throws {
    #expect(try value("sqrt(16) + abs(-2) + min(3, 1, 2) + max(1, x)", x: 5) == 12)
    #expect(try value("exp(0) + log(1) + cos(0) + sin(0) + tan(0)") == 2)
    #expect(try value("2*pi") == 2 * Double.pi)
    #expect(try value("kB") == 2)
  }

  @Test("units behind numbers become eV and K")
  func units() throws {
    #expect(try ExpressionParser.parse("50 meV") == .number(0.05, .energy))
    #expect(try ExpressionParser.parse("300K").literal?.dimension == .temperature)
    #expect(try abs(value("2 cm-1 - 1 cm-1") - 1.239841984e-4) < 1e-12)  // digits of the literal
  }

  @Test(
    "faults say where they are",
    arguments: [
      ("1 +", 3, "the end"), ("1 + * 2", 4, "'*'"), ("(1", 2, "the end"), ("1)", 1, "')'"), ("2 x", 2, "'x'"),
      ("sqrt(1, 2)", 0, "2 argument"),
      ("min(1)", 0, "1 argument"), ("foo(1)", 0, "'foo'"), ("1 $ 2", 2, "'$'"), ("", 0, "the end"),
      ("sqrt", 0, "without arguments"),
      ("5 \u{e9}", 2, "'\u{e9}'"),
    ])
  func faults(text: String, offset: Int, word: String) throws {
    let fault = try #require(throws: ExpressionFault.self) { try ExpressionParser.parse(text) }
    #expect(fault.offset == offset)
    #expect(fault.found.contains(word), "\(fault.found)")
  }

  @Test("absurd depth and length are refused instead of exhausting the stack")
  func limits() {
    #expect(throws: ExpressionFault.self) { try ExpressionParser.parse(String(repeating: "(", count: 3000) + "1") }
    #expect(throws: ExpressionFault.self) { try ExpressionParser.parse(String(repeating: "-", count: 3000) + "1") }
    #expect(throws: ExpressionFault.self) { try ExpressionParser.parse(String(repeating: "1+", count: 9000) + "1") }
    #expect(throws: ExpressionFault.self) { try ExpressionParser.parse(String(repeating: "2^", count: 2000) + "1") }
  }

  @Test(
    "complex entries",
    arguments: [
      ("1.0-0.5i", 1.0, -0.5), ("0.5i", 0, 0.5), ("-i", 0, -1), ("i", 0, 1), ("+j", 0, 1), ("(1, -2)", 1, -2),
      ("1e-3+2e-1i", 1e-3, 0.2),
      ("-1.5 + 2 i", -1.5, 2), ("3", 3, 0), ("-1-i", -1, -1),
    ])
  func complex(text: String, re: Double, im: Double) throws {
    let number = try #require(NumberText.complex(text))
    #expect(number.real == re && number.imaginary == im)
  }

  @Test(
    "texts that are no numbers",
    arguments: ["", "i1", "1+", "(1)", "(1,2,3)", "0x10", "1_000", "1+2", "abc", "1i2", "nan", "1e", "--1"])
  func notComplex(text: String) { #expect(NumberText.complex(text) == nil) }

  @Test("a parameter shared by many others is evaluated once, not once per path")
  func sharedParameters() throws {
    var names = ["p0: V"]
    for i in 1...60 { names.append("p\(i): p\(i - 1)/2 + p\(i - 1)/2") }
    let text =
      edited(singleLevel, "chemical_potential: 0", "chemical_potential: p60")
      + "\nparameters: {\(names.joined(separator: ", "))}\nsweep: {V: [0.25, 0.5]}"
    #expect(try ModelDocument.read(text: text).points.chemicalPotentials[0] == [0.25, 0.5])
  }

  @Test("many states are evaluated in reasonable time")
  func manyStates() throws {
    let text = edited(doubleDot, "points: 7", "points: 33334")
    let start = Date()
    let model = try ModelDocument.read(text: text)
    #expect(model.points.count == 100_002)
    #expect(Date().timeIntervalSince(start) < 10)  // 0.1 s in a release build; generous for busy machines and debug builds
  }
}
