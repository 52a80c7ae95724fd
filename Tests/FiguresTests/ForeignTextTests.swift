import Foundation
import Testing
import TransportResults

import struct JunctionModel.SweepAxis

@testable import Figures

/// Names, titles and units are data. Whatever they hold, gnuplot must show it and never do it.
@Suite("Foreign text in figures")
struct ForeignTextTests {
  /// Pieces that have a meaning for gnuplot, a shell, a terminal or XML.
  private static let pieces: [String] = [
    "\n", "\r\n", "\r", "\u{0}", "\u{1B}[31m", "\u{7}", "\u{7F}", "\u{85}", "\u{9B}2J", "\u{2028}", "\u{2029}", "\u{FFFE}",
    "'", "''", "'\u{301}", "\"", "\"\u{301}", "`", "\\", "\\'", "\\\n", "{", "}", "@", "@ARG1", "$data", "$(", "%g", "%", "^",
    "_", "&",
    "~", "~/", "#", ";", "!", "|", "<", ">", "<!--", "]]>", "&lt;", "\u{202E}", "\u{1F600}", "é", "-", "PAIRBATH_END",
    "\nPAIRBATH_END\n",
    "EOD", " ", "\t", "1", "a", "L>R", "\\U+0041", "\\101", "hbar", "k_B", "eV2",
  ]

  private func foreign(_ generator: inout SeededGenerator, canary: String) -> String {
    let commands = [
      "`touch \(canary)`", "system('touch \(canary)')", "!touch \(canary)", "'.system('touch \(canary)').'",
      "; !touch \(canary)\n",
    ]
    return (0..<Int.random(in: 0...12, using: &generator)).map { _ in
      Int.random(in: 0..<5, using: &generator) == 0
        ? commands.randomElement(using: &generator)! : Self.pieces.randomElement(using: &generator)!
    }.joined()
  }

  /// A result whose every word is foreign.
  private func result(_ generator: inout SeededGenerator, canary: String) -> TransportResult {
    func word() -> String { foreign(&generator, canary: canary) }
    let (x, y) = (word() + "x", word() + "y")
    let xs = SyntheticResults.linspace(0, 1, 12)
    var result = TransportResult(
      title: word(), units: .electronVolt, axes: [SweepAxis(x, xs, unit: word()), SweepAxis(y, [1, 2, 3], unit: word())],
      electrodeNames: [word(), word()], bathNames: [word()])
    let values = (0..<36).map { sin(Double($0)) }
    result.variables = [
      ResultVariable(
        name: word() + "v", dimensions: [x, y], values: values, errors: values.map { abs($0) / 10 }, unit: word(),
        longName: word()),
      ResultVariable(
        name: word() + "w", dimensions: ["electrode", x], values: Array(values[..<24]), errors: nil, unit: word(),
        longName: word()),
    ]
    return result
  }

  private func specifications(_ result: TransportResult) -> [FigureSpecification] {
    let (x, y) = (result.axes[0].name, result.axes[1].name)
    var specifications = [
      FigureSpecification(result.variables[0].name, xAxis: x, showsTitle: true),
      FigureSpecification(result.variables[0].name, map: .init(x: x, y: y), showsTitle: true),
      FigureSpecification(result.variables[1].name, showsTitle: true),
    ]
    specifications[1].marks = [.init([x: 0.5, y: 2])]
    return specifications
  }

  private func script(_ specification: FigureSpecification, _ result: TransportResult) throws(FigureError) -> FigureScript {
    try FigureScript(specification, FigureLayout(specification, of: result), of: result)
  }

  @Test("no script has a control byte but line feeds, and the quotes of every line are balanced")
  func scripts() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed)
    for _ in 0..<300 {
      let result = result(&generator, canary: "/nowhere")
      for specification in specifications(result) {
        let script = try script(specification, result)
        let name = Typography.escaped(foreign(&generator, canary: "/nowhere"))
        for text in [
          script.text(format: .svg, size: .column, output: "figure.svg", binaryFile: "figure.bin"),
          script.text(format: .pdf, size: .column, output: "./\(name).pdf", textFile: "./\(name).dat"),
        ] {
          #expect(!text.utf8.contains { ($0 < 32 && $0 != 10) || $0 == 127 }, "seed \(seed)")
          #expect(
            !text.unicodeScalars.contains { (0x80...0x9F).contains($0.value) || (0x2028...0x202E).contains($0.value) },
            "seed \(seed)")
          for line in text.utf8.split(separator: 10) {
            let quotes = line.count { $0 == UInt8(ascii: "'") }
            #expect(quotes.isMultiple(of: 2), "seed \(seed): \(String(line) ?? "")")
            // Outside the strings only our own words are left.
            let outside = line.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false).enumerated()
              .filter { $0.offset.isMultiple(of: 2) }.flatMap(\.element)
            #expect(!outside.contains { "`@!|#;".utf8.contains($0) }, "seed \(seed): \(String(line) ?? "")")
          }
        }
      }
    }
  }

  @Test("gnuplot draws what any words say and runs none of them", arguments: FigureFormat.allCases)
  func canary(format: FigureFormat) {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededGenerator(seed)
    withFigureFolder { folder in
      let canary = folder + "/canary-\(format.rawValue)"
      for round in 0..<2 {
        let result = result(&generator, canary: canary)
        for (number, specification) in specifications(result).enumerated() {
          let path = "\(folder)/foreign-\(round)-\(number).\(format.rawValue)"
          do { _ = try FigureRenderer().render(specification, of: result, to: path) } catch {
            Issue.record("seed \(seed): \(error)")
          }
          #expect(!FileManager.default.fileExists(atPath: canary), "seed \(seed): a command ran")
          guard format == .svg else { continue }
          let svg = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
          #expect(!svg.unicodeScalars.contains { $0.value < 32 && ![9, 10, 13].contains($0.value) }, "seed \(seed)")
        }
      }
    }
  }

  @Test("the attacks that once ran commands are words now")
  func knownAttacks() throws {
    try withFigureFolder { folder in
      let canary = folder + "/canary"
      for attack in [
        "V\nPAIRBATH_END\n!touch \(canary)\n", "x\r\n!touch \(canary)\r\n", "'\u{301}\nsystem('touch \(canary)')\n#",
        "`touch \(canary)`",
      ] {
        var result = SyntheticResults.junction(voltages: 5)
        result.title = attack
        result.axes[0] = SweepAxis(attack, result.axes[0].values, unit: attack)
        let old = result.variables[0]
        result.variables = [
          ResultVariable(
            name: "j", dimensions: [attack, "dT"], values: old.values, errors: old.errors, unit: attack, longName: attack)
        ]
        let specification = FigureSpecification("j", xAxis: attack, showsTitle: true)
        _ = try FigureRenderer().render(specification, of: result, to: folder + "/a.svg")
        for name in ["<touch canary|`touch canary`'", "''\"\\", "a\n!touch canary\n"] {
          _ = try FigureRenderer().writeScript(specification, of: result, for: "\(folder)/\(name).svg")
          try gnuplot("./\(name).gp", in: folder)
          #expect(!FileManager.default.fileExists(atPath: canary))
          #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name).svg"))
        }
      }
    }
  }

  @Test("very long words are cut before gnuplot sees them", arguments: FigureFormat.allCases)
  func long(format: FigureFormat) throws {
    try withFigureFolder { folder in
      var result = SyntheticResults.junction(voltages: 5)
      let old = result.variables[0]
      result.title = String(repeating: "&", count: 5000)
      result.variables = [
        ResultVariable(
          name: "j", dimensions: ["V", "dT"], values: old.values, errors: nil, unit: String(repeating: "{", count: 5000),
          longName: String(repeating: "\u{1F600}", count: 5000))
      ]
      let specification = FigureSpecification("j", xAxis: "V", showsTitle: true)
      _ = try FigureRenderer().render(specification, of: result, to: folder + "/long.\(format.rawValue)")
      #expect(Typography.escaped(result.title).utf8.count <= 2 * Typography.longestText + 3)
    }
  }

  private func gnuplot(_ script: String, in folder: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
