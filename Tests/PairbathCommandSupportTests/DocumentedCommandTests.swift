import Foundation
import Testing

@testable import PairbathCommandSupport

/// The pages and what they show.
private enum Page {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ name: String) throws -> String { try String(contentsOf: root.appending(path: name), encoding: .utf8) }

  /// The fenced blocks of a kind, in order.
  static func blocks(of name: String, _ kind: String) throws -> [String] {
    try text(name).components(separatedBy: "```\(kind)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
  }

  /// The command lines of a page: indented, or between backticks, without placeholders in capitals.
  static func commands(of name: String) throws -> [String] {
    let text = try text(name).replacing("\\\n", with: " ")
    let indented = text.split(separator: "\n").filter { $0.hasPrefix("    pairbath ") }.map { String($0.dropFirst(4)) }
    let inline = text.matches(of: /`(pairbath (?:run|check|show|plot|linear-response|optimize) [^`]+)`/).map { String($0.1) }
    return (inline + indented).filter { $0.firstMatch(of: /[A-Z]{4,}|\[|\| -|\.\.\./) == nil || $0.contains("'mu={") }
  }
}

@Suite("Commands of the pages", .enabled(if: CommandRunner.exists))
struct DocumentedCommandTests {
  private static func model() throws -> String { try #require(try Page.blocks(of: "Documentation/FirstRun.md", "yaml").first) }

  @Test(
    "every command of the first run and of the command line's page does what it says",
    arguments: ["Documentation/FirstRun.md", "Documentation/CommandLine.md"])
  func commands(page: String) throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(try Self.model(), to: "dot.yaml")
      #expect(try pairbath("pairbath run dot.yaml --quiet").code == 0)
      let commands = try Page.commands(of: page)
      #expect(commands.count > 5, "\(commands)")
      let draws = try pairbath("command -v gnuplot").code == 0
      for command in commands where draws || !command.contains("plot") {
        let run = try pairbath(command)
        #expect(run.code == 0, "\(command): \(run.errors)")
      }
    }
  }

  @Test("the first run shows what the command prints")
  func output() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(try Self.model(), to: "dot.yaml")
      let shown = try Page.blocks(of: "Documentation/FirstRun.md", "").filter { !$0.isEmpty }
      func isShown(_ text: String) -> Bool { shown.contains { $0 == text } }
      let summary = try pairbath("pairbath run dot.yaml").output
      // The time and the error estimates are the machine's; names, values and units are not.
      let rows = { (text: String) in
        text.split(separator: "\n").compactMap { line in
          line.firstMatch(of: /^[a-z_]+ {2,}[-0-9.e]+ ?(e? ?energy unit[^ ]*)?/).map { String($0.0) }
        }
      }
      let table = try #require(shown.first { $0.contains("worst error estimate") })
      #expect(rows(summary) == rows(table) && rows(table).count == 9)
      #expect(isShown(try pairbath("pairbath show dot.nc energy_current charge_current --at dT=0.5").output))
      #expect(isShown(try pairbath("pairbath show dot.nc --baths --at mu=10 --at dT=0.5").output))
      let cold = try pairbath(
        "pairbath run dot.yaml --set V=-0.5 --set mu=10 --set dT=0 -o cold.nc && pairbath show cold.nc energy_current")
      #expect(cold.output.contains("-0.09873160853"))
      #expect(try Page.text("Documentation/FirstRun.md").contains("−0.09873160853"))
    }
  }

  @Test("the optimum of the first run is where it says")
  func optimum() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(try Self.model(), to: "dot.yaml")
      let command = try #require(try Page.commands(of: "Documentation/FirstRun.md").first { $0.contains("--maximize power") })
      let found = try pairbath(command)
      #expect(found.output.contains("0.18696") && found.output.contains("0.01308308355"), "\(found.output)")
    }
  }

  @Test("the page of the result file shows the numbers of the file")
  func numbers() throws {
    try CommandRunner.inFolder { pairbath in
      try pairbath.write(try Self.model(), to: "dot.yaml")
      _ = try pairbath("pairbath run dot.yaml --quiet")
      func current(_ variable: String, _ mu: Int, _ dT: Double, column: Int = 2) throws -> Double {
        let rows = try pairbath("pairbath show dot.nc \(variable) --csv --at mu=\(mu) --at dT=\(dT)").output.split(
          separator: "\n")
        return try #require(Double(rows[1].split(separator: ",")[column]))
      }
      let shown = try #require(try Page.blocks(of: "Documentation/ResultFile.md", "").first { $0.contains("+-") })
        .split { " \n[]".contains($0) }.compactMap { Double($0) }
      let ratios = try [10, 11, 12].map { mu in
        let (a, b) = (try current("energy_current", mu, 0.5), try current("energy_current", mu, -0.5))
        return (a + b) / (a - b)
      }
      let expected = try [current("energy_current", 10, 0.5), current("energy_current_channel", 10, 0.5, column: 4)] + ratios
      #expect(shown.count == 6, "\(shown)")
      for (found, right) in zip([shown[0], shown[2], shown[3], shown[4], shown[5]], expected) {
        #expect(abs(found / right - 1) < 1e-7, "\(found), \(right)")
      }
    }
  }
}
