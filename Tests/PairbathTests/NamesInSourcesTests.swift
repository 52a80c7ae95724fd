import Foundation
import Sweeps
import Testing
import TransportResults

/// Names of dimensions and of variables have one place each: everything else takes them from there.
@Suite("Names in the sources")
struct NamesInSourcesTests {
  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Sources")

  /// Where names are defined, and the textbook twins, which shall not depend on that.
  private static let definitions = [
    "TransportResults/", "TransportCurrents/Observables/", "TerminalTransport/TerminalSettings.swift",
    "RadiativeTransfer/RadiationSettings.swift", "PairbathTestSupport/",
  ]
  /// Where results are read, shown and drawn: no exception.
  private static let readers = ["Figures/", "ResultFiles/", "PairbathCommandSupport/", "PairbathCommand/", "Pairbath/"]
  /// Where keys of model files and data files stand that are called like a dimension.
  private static let models = ["JunctionModel/", "ModelFiles/", "ForeignFormats/"]
  /// Keys of model files, and of the paths of errors, that are called like a variable or a dimension.
  private static let keys: Set<String> = [
    "friction", "transmission", "absorption", "renormalization", "quanta", "mode_energy", "chemical_potential", "temperature",
    "bias", "gap",
  ]
  /// Words of a language that happen to be names.
  private static let words: [String: Set<String>] = [
    "Sweeps/JunctionDescription+Bosons.swift": ["channel"], "PairbathCommandSupport/TableBlock.swift": ["energy"],
    "PairbathCommandSupport/BathPicture.swift": ["temperature"], "Sweeps/Radiation/RadiationDescription.swift": ["gap"],
    "Figures/Typography.swift": ["temperature", "bias"],
    "PairbathCommandSupport/Optimization/Objective.swift": ["efficiency"],
    // Variables of data files, and what leaves for other programs.
    "ResultFiles/Exports/VibratingStructure.swift": ["mode_energy", "mode_population"],
    "ResultFiles/Exports/TransmissionText.swift": ["transmission"],
  ]

  private static let dimensions = Set(StandardDimension.allCases.map(\.name))
  private static let variables = Set((ResultCatalogue.computed + ResultCatalogue.ofStates).map(\.name))

  private struct Literal: Hashable, CustomStringConvertible {
    let file: String
    let line: Int
    let word: String
    var description: String { "\(file):\(line): \"\(word)\"" }
  }

  /// Every string of the sources, outside comments, that is a name and nothing else.
  private static func literals() throws -> [Literal] {
    let enumerator = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var found: [Literal] = []
    for case let url as URL in enumerator where url.pathExtension == "swift" {
      let file = String(url.path.dropFirst(sources.path.count + 1))
      for (index, line) in try String(contentsOf: url, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated() where line.utf8.contains(UInt8(ascii: "\"")) && !line.drop(while: { $0 == " " }).hasPrefix("//")
      {
        // What stands between two quotes; between two strings there is never a name alone.
        for part in line.split(separator: "\"", omittingEmptySubsequences: false).dropFirst().dropLast() {
          let word = String(part)
          if variables.contains(word) || dimensions.contains(word) {
            found.append(Literal(file: file, line: index + 1, word: word))
          }
        }
      }
    }
    return found
  }

  private static func stands(_ literal: Literal, in places: [String]) -> Bool { places.contains { literal.file.hasPrefix($0) } }

  private static func isAllowed(_ literal: Literal) -> Bool {
    if stands(literal, in: definitions) || words[literal.file]?.contains(literal.word) == true { return true }
    if stands(literal, in: readers) { return false }
    return keys.contains(literal.word) || stands(literal, in: models) && !variables.contains(literal.word)
  }

  @Test("no string repeats the name of a dimension or of a variable")
  func literalsOutside() throws {
    let outside = try Self.literals().filter { !Self.isAllowed($0) }
    #expect(
      outside.isEmpty,
      "take these from StandardDimension, Observable or ResultQuantity: \(outside.map(\.description).joined(separator: ", "))")
  }

  @Test("the search sees the definitions, and no exception is left over")
  func exceptions() throws {
    let all = try Self.literals()
    let defined = Set(all.filter { Self.stands($0, in: Self.definitions) }.map(\.word))
    for name in ["energy_current", "machine_power", "bath_heat_current", "energy_flux_part", "stable", "ri"] {
      #expect(defined.contains(name), "\(name)")
    }
    for (file, words) in Self.words {
      for word in words { #expect(all.contains { $0.file == file && $0.word == word }, "\(file): \(word)") }
    }
  }

  @Test("variables of one name agree in everything but their words and dimensions")
  func sameNames() {
    for (name, quantities) in Dictionary(grouping: ResultCatalogue.computed, by: \.name) {
      #expect(quantities.allSatisfy { $0.freedom == quantities[0].freedom && $0.symbol == quantities[0].symbol }, "\(name)")
    }
    #expect(StandardDimension.allCases.allSatisfy { !$0.words.isEmpty && $0.base.base == $0.base })
  }
}
