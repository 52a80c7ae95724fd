import JunctionModel
import RadiativeTransfer
import Sweeps
import TerminalTransport
import TransportCurrents
import TransportResults

/// The page Documentation/Observables.md, out of the definitions.
enum ObservablesPage {
  private static let width = 140

  static let text =
    ([
      "# Observables", "", "<!-- Written by `make pages` out of the definitions in the sources: change those. -->", "",
    ] + paragraph(introduction) + section("Junctions", junctions) + section("Terminals", terminals)
    + section("Two bodies", bodies) + section("Beside them", besides)).joined(separator: "\n") + "\n"

  private static let introduction =
    "What `compute.observables` may name, and the variables that each brings into the [result file](ResultFile.md). In brackets: the "
    + "dimensions before those of the sweep (complex numbers have `ri` behind it). Then the unit, in eV and SI units / in natural units; "
    + "what it is; and what a positive number means. Formulas are in [Theory](Theory.md), what stands in a file besides in "
    + "[Result file](ResultFile.md)."

  private static let junctions = Observable.allCases.flatMap { entry($0.rawValue, $0.definition.quantities) }
  private static let terminals = TerminalSettings.Observable.allCases.flatMap { entry($0.rawValue, [$0.quantity]) }
  private static let bodies = RadiationObservable.allCases.flatMap { entry($0.rawValue, [$0.quantity], natural: false) }
  private static let besides =
    paragraph("What comes with currents at levels `sharp` and `landauer`, with `cross_check`, and in every result:")
    + ResultCatalogue.companions.flatMap { entry($0.name, [$0]) }
    + ResultCatalogue.ofStates.flatMap {
      entry($0.name, [$0], natural: ![Quantity.length, .voltage].contains($0.quantity) && $0 != .bodyTemperature)
    }

  private static func section(_ title: String, _ lines: [String]) -> [String] { ["", "## " + title, ""] + lines }

  /// An observable with what it brings: in one line when that is one variable of its own name.
  private static func entry(_ name: String, _ quantities: [ResultQuantity], natural: Bool = true) -> [String] {
    if quantities.count == 1, quantities[0].name == name { return item(quantities[0], indent: "", natural: natural) }
    return ["- `\(name)` brings"] + quantities.flatMap { item($0, indent: "  ", natural: natural) }
  }

  private static func item(_ quantity: ResultQuantity, indent: String, natural: Bool) -> [String] {
    let names = quantity.dimensions.map(\.name) + (quantity.isComplex ? [StandardDimension.complexPart.name] : [])
    let dimensions = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    let units = [UnitSystem.electronVolt, .natural].prefix(natural ? 2 : 1).map { $0.label(of: quantity.quantity) }
    let unit = units.allSatisfy { $0 == units[0] } ? units[0] : units.joined(separator: " / ")
    let sign = quantity.sign.isEmpty ? "" : "; " + quantity.sign
    return wrapped("\(indent)- `\(quantity.name)`\(dimensions), \(unit): \(quantity.words)\(sign)", hanging: indent + "  ")
  }

  private static func paragraph(_ text: String) -> [String] { wrapped(text, hanging: "") }

  /// Lines of at most `width` characters, broken at blanks.
  private static func wrapped(_ text: String, hanging: String) -> [String] {
    var (lines, line) = ([String](), "")
    for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      if index > 0, line.count + 1 + word.count > width {
        lines.append(line)
        line = hanging + word
      } else {
        line += (index > 0 ? " " : "") + word
      }
    }
    return lines + [line]
  }
}
