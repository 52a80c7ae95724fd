import Foundation
import Pairbath
import Testing

/// One call of the command in a README.
struct ReadmeCommand {
  let words: [String]

  var subcommand: String { words.count > 1 ? words[1] : "" }
  /// The first argument, a model or a result.
  var file: String { words.count > 2 ? words[2] : "" }

  /// Values of an option, one per occurrence.
  func values(of options: String...) -> [String] {
    zip(words, words.dropFirst()).filter { options.contains($0.0) }.map(\.1)
  }

  /// Variables named behind the result.
  var variables: [String] { Array(words.dropFirst(3).prefix { !$0.hasPrefix("-") && $0 != "|" }) }

  /// Splits at blanks outside single quotes.
  init(_ line: String) {
    var words: [String] = []
    var (word, quoted) = ("", false)
    for character in line {
      if character == "'" {
        quoted.toggle()
      } else if character == " " && !quoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else {
        word.append(character)
      }
    }
    self.words = word.isEmpty ? words : words + [word]
  }

  /// The commands in the `sh` blocks of a text.
  static func all(in text: String) -> [ReadmeCommand] {
    text.components(separatedBy: "```sh\n").dropFirst().flatMap { block in
      (block.components(separatedBy: "```").first ?? "").split(separator: "\n").filter { $0.hasPrefix("pairbath ") }
        .map { ReadmeCommand(String($0)) }
    }
  }
}

@Suite("READMEs of the examples")
struct ReadmeTests {
  @Test("commands name files that exist or were just made, and figures that are here", arguments: Example.all)
  func commands(example: Example) throws {
    let commands = ReadmeCommand.all(in: try example.readme())
    #expect(commands.contains { $0.subcommand == "run" } && commands.contains { $0.subcommand == "plot" })
    var results: Set<String> = []
    var figures: Set<String> = []
    for command in commands {
      switch command.subcommand {
      case "optimize":
        #expect(throws: Never.self, "\(command.words)") {
          let model = try ModelDocument.source(of: example.path(of: command.file)).text
          for name in command.values(of: "--over").flatMap({ $0.split(separator: ",").map(String.init) }) {
            _ = try ModelParameter.named(name, in: model, file: command.file, overrides: command.values(of: "--set"))
          }
        }
      case "run", "check", "linear-response":
        #expect(FileManager.default.fileExists(atPath: example.path(of: command.file)), "\(command.words)")
        #expect(throws: Never.self, "\(command.words)") {
          try ModelFile.read(file: example.path(of: command.file), overrides: command.values(of: "--set"))
        }
        if command.subcommand == "run" {
          results.insert(command.values(of: "-o", "--output").first ?? command.file.replacing(".yaml", with: ".nc"))
        }
      case "plot", "show":
        let others = command.variables.filter { $0.hasSuffix(".nc") }
        #expect(results.isSuperset(of: [command.file] + others), "\(command.words)")
        for variable in command.variables where !others.contains(variable) {
          let known =
            Observable.allCases.map(\.rawValue) + TerminalSettings.Observable.allCases.map(\.rawValue)
            + RadiationObservable.allCases.map(\.rawValue)
          #expect(known.contains { variable.hasPrefix($0) }, "\(variable)")
        }
        figures.formUnion(command.values(of: "-o", "--output"))
      default: Issue.record("pairbath has no \(command.subcommand)")
      }
    }
    for script in try example.readme().matches(of: /\ngnuplot (\S+)\n/).map({ String($0.1) }) {
      let text = try String(contentsOfFile: example.path(of: script), encoding: .utf8)
      figures.formUnion(text.matches(of: /set output "([^"]+)"/).map { String($0.1) })
    }
    let present = try FileManager.default.contentsOfDirectory(atPath: example.folder.path)
      .filter { $0.hasSuffix(".svg") || $0.hasSuffix(".png") }
    #expect(figures == Set(present))
  }

  @Test("pictures in the text exist", arguments: Example.all)
  func pictures(example: Example) throws {
    let names = try example.readme().matches(of: /!\[[^\]]+\]\(([^)]+)\)/).map { String($0.1) }
    #expect(!names.isEmpty)
    for name in names { #expect(FileManager.default.fileExists(atPath: example.path(of: name)), "\(name)") }
  }

  @Test("the index names every example with a picture")
  func index() throws {
    let text = try String(contentsOf: Example.root.appending(path: "README.md"), encoding: .utf8)
    let folders = try FileManager.default.contentsOfDirectory(at: Example.root, includingPropertiesForKeys: [.isDirectoryKey])
      .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }.map(\.lastPathComponent)
    #expect(Set(folders) == Set(Example.all.map(\.name)))
    for folder in folders { #expect(text.contains("(\(folder)/README.md)")) }
    let pictures = text.matches(of: /src="([^"]+)"/).map { String($0.1) }
    #expect(pictures.count == folders.count)
    for picture in pictures {
      #expect(FileManager.default.fileExists(atPath: Example.root.appending(path: picture).path), "\(picture)")
    }
  }
}
