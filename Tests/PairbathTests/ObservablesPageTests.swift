import Foundation
import Sweeps
import Testing
import TransportResults

@Suite("Page of observables")
struct ObservablesPageTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Documentation/Observables.md")

  /// With PAIRBATH_WRITE_PAGES in the environment the page is written first: `make pages`.
  @Test("Documentation/Observables.md says what the definitions say")
  func upToDate() throws {
    if ProcessInfo.processInfo.environment["PAIRBATH_WRITE_PAGES"] != nil {
      try ObservablesPage.text.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    let found = (try? String(contentsOf: Self.page, encoding: .utf8)) ?? ""
    #expect(found == ObservablesPage.text, "make pages writes it; it should be:\n\(ObservablesPage.text)")
  }

  @Test("every variable is on the page with words, and no line is longer than 160 characters")
  func complete() {
    for quantity in ResultCatalogue.computed + ResultCatalogue.ofStates {
      #expect(ObservablesPage.text.contains("- `\(quantity.name)`") && !quantity.words.isEmpty, "\(quantity.name)")
    }
    for line in ObservablesPage.text.split(separator: "\n") { #expect(line.count <= 160, "\(line)") }
  }
}
