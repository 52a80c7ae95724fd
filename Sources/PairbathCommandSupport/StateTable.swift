import Figures
import JunctionModel
import SystemFiles
import TransportCurrents
import TransportResults

/// A result as text tables: states as rows, variables and their labels as columns.
///
/// Variables with many labels and spectra get a table of their own, with labels and frequencies as rows.
package struct StateTable {
  private let result: TransportResult
  private let views: [VariableView]
  private let states: [Int]
  private let hidden: [String]

  /// Most columns of one variable before its labels become rows.
  private static let mostColumns = 8
  static let inputs = Set((ResultQuantity.ofStates + [ObservableDefinition.modePairDensity]).map(\.name))

  /// - Parameters:
  ///   - names: variables wanted; what was computed when empty.
  ///   - states: indices of the states wanted.
  package init(_ result: TransportResult, names: [String] = [], states: [Int]? = nil) throws(CommandFailure) {
    let all = result.variables.map(\.name)
    for name in names where !all.contains(name) {
      throw .usage(NameComplaint.words(ofVariable: name, in: result))
    }
    let shown = names.isEmpty ? Self.computed(in: result) : names
    var views: [VariableView] = []
    for name in shown {
      guard let variable = result.variable(name), let view = VariableView(variable, in: result) else {
        throw CommandFailure("the shape of '\(name)' does not fit its dimensions", exitCode: 65)
      }
      views.append(view)
    }
    self.result = result
    self.views = views
    self.states = states ?? Array(0..<result.stateCount)
    hidden = names.isEmpty ? all.filter { !shown.contains($0) } : []
  }

  /// Names of what was computed: neither the states themselves nor that all of them are done.
  static func computed(in result: TransportResult) -> [String] {
    // What is true of every state need not stand in a row of each.
    let isUniform = result.states(.done) == result.stateCount
    let flags: Set = isUniform ? [ResultQuantity.stable.name, ResultQuantity.status.name] : []
    return result.variables.map(\.name).filter { !inputs.contains($0) && !flags.contains($0) }
  }

  /// The tables, each at most `rowLimit` rows long and about `width` characters wide.
  package func text(rowLimit: Int?, width: Int = 120) -> String {
    var out = [heading]
    for block in blocks(width: width, rowLimit: rowLimit) { out += [""] + block.lines }
    out += [""] + notes
    return out.joined(separator: "\n") + "\n"
  }

  private var heading: String { Self.heading(of: result) }

  /// Title, number of states, level and tolerance.
  static func heading(of result: TransportResult) -> String {
    let title = result.title.isEmpty ? "" : PrintableText.line(result.title) + " | "
    return title + "\(NumberFormatting.count(result.stateCount, "state")), level \(result.level), relative tolerance "
      + NumberFormatting.short(result.tolerance)
  }

  private var notes: [String] {
    var notes: [String] = []
    if views.contains(where: { $0.variable.errors != nil }) {
      notes.append("In brackets: numerical error estimate in units of the last digits; without: below the digits shown.")
    }
    if views.contains(where: { $0.variable.values.contains(where: \.isNaN) }) {
      let isUnstable = result.variable(ResultQuantity.stable.name)?.values.contains(0) ?? false
      notes.append(
        isUnstable
          ? "NaN: no steady state exists there (variable 'stable' is 0)."
          : result.dimensions.contains { $0.name == StandardDimension.body.rawValue }
            ? "NaN: not defined there (no power is delivered, no heat comes from the hotter body, or its temperature is 0)."
            : "NaN: not defined there (no equilibrium, an electrode against itself, a ratio to something that is zero).")
    }
    if !hidden.isEmpty { notes.append("Not shown: \(hidden.joined(separator: ", ")); name them to see them.") }
    return notes
  }

  /// Variables that share their rows, as many beside each other as fit.
  private func blocks(width: Int, rowLimit: Int?) -> [TableBlock] {
    var blocks: [TableBlock] = []
    for view in views {
      let block = TableBlock(view, states: states, of: result, mostColumns: Self.mostColumns, rowLimit: rowLimit)
      if let last = blocks.indices.last, let joined = blocks[last].joined(with: block, width: width) {
        blocks[last] = joined
      } else {
        blocks.append(block)
      }
    }
    return blocks
  }
}
