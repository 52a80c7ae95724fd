import Foundation
import Testing
import TransportResults

@testable import TransportCurrents

@Suite("BosonLevel")
struct BosonLevelTests {
  @Test("every word has a type of its own", arguments: ComputeSettings.Level.allCases)
  func words(level: ComputeSettings.Level) { #expect(level.theory.word == level) }

  @Test("messages list the levels that can do something, in the order of the words")
  func lists() {
    #expect(LevelAbilities.secondOrder.levels == "levels sharp and landauer")
    #expect(LevelAbilities.doubleIntegral.levels == "level landauer")
    #expect(LevelAbilities([]).levels == "levels sharp, landauer and dressed")
  }

  @Test("electrons dress bosons at level dressed alone, and as the settings say")
  func dressing() {
    var settings = ComputeSettings()
    settings.renormalization = .dynamic
    #expect(ComputeSettings.Level.allCases.map { $0.theory.dressing(settings) } == [nil, nil, .dynamic])
    #expect(ComputeSettings.Level.allCases.map { $0.theory.describe(settings).hasPrefix($0.rawValue) } == [true, true, true])
  }

  @Test("no source outside the folder of the levels asks which level it has before it")
  func noQuestions() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let sources = root.appending(path: "Sources")
    let question = /\blevel\s*(==|!=)|switch\s+(\w+\.)*level\b/
    var files = 0
    for case let path as String in FileManager.default.enumerator(atPath: sources.path)! where path.hasSuffix(".swift") {
      guard !path.hasPrefix("TransportCurrents/Levels/"), !path.hasPrefix("PairbathTestSupport/") else { continue }
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      #expect(text.firstMatch(of: question) == nil, "\(path)")
      files += 1
    }
    #expect(files > 100)
  }
}
