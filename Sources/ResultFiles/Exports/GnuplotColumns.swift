import TransportResults

extension ResultTable {
  /// Columns for gnuplot under a commented header: axes first, then values and errors; an empty line where a slower axis moves on, so that
  /// `splot` and `pm3d` see the rows of a map. NaN is written `nan`, which gnuplot leaves out.
  package var gnuplot: String {
    let (columns, axes) = (columns, rowAxes)
    let names = axes.map(\.name) + columns.map(\.name)
    var text = "# \(result.title.split(whereSeparator: \.isNewline).joined(separator: " "))\n"
    for (number, name) in names.enumerated() { text += "# column \(number + 1): \(name)\n" }
    let count = axes.reduce(1) { $0 * $1.values.count }
    let fastest = axes.count > 1 ? axes[axes.count - 1].values.count : Int.max
    for state in 0..<count {
      if state > 0 && state % fastest == 0 { text += "\n" }
      let places = axes.positions(of: state)
      let numbers = zip(axes, places).map { "\($0.values[$1])" } + columns.map { "\($0.values[$0.offset + $0.index(of: state)])" }
      text += numbers.joined(separator: " ") + "\n"
    }
    return text
  }
}
