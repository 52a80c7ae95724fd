import JunctionModel
import Sweeps
import SystemFiles

/// What `check` understood of a computation of any kind and what it will cost, as lines of text.
package struct CheckReport {
  private let computation: any Computation
  private let plan: SweepPlan

  package init(_ computation: any Computation, plan: SweepPlan) { (self.computation, self.plan) = (computation, plan) }

  /// The report.
  package var text: String {
    let words = computation.description { NumberFormatting.short($0) }
    let title = computation.title
    let rows =
      [("title", title.isEmpty ? "(none)" : title)] + words.parts + sweep + [("states", "\(plan.states)")] + words.wanted + cost
    return Self.aligned(rows)
  }

  /// Names and values in two columns.
  private static func aligned(_ rows: [ComputationDescription.Row]) -> String {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { (PrintableText.line($0.name), PrintableText.line($0.value)) }.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n") + "\n"
  }

  /// The sweep variables with their ends.
  private var sweep: [ComputationDescription.Row] {
    computation.axes.map { axis in
      let ends = [axis.values.first, axis.values.last].map { NumberFormatting.short($0 ?? 0) }
      return ("sweep \(axis.name)", "\(NumberFormatting.count(axis.values.count, "point")), \(ends[0]) to \(ends[1])")
    }
  }

  /// Memory and time.
  private var cost: [ComputationDescription.Row] {
    [
      (
        "memory",
        "\(NumberFormatting.bytes(plan.peakBytes)) in all: \(NumberFormatting.bytes(plan.resultBytes)) result, "
          + "\(NumberFormatting.bytes(plan.workBytes)) work, \(NumberFormatting.bytes(plan.workerBytes)) for each worker"
      ),
      ("expected time", time),
    ]
  }

  /// The time, and why it was not measured where it should have been.
  private var time: String {
    let duration = NumberFormatting.duration(plan.seconds)
    return plan.timing == .abandoned
      ? "at least \(duration), counted from sizes: parts of the sweep take too long to run them" : duration
  }
}
