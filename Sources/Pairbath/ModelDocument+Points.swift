import DataFiles
import JunctionModel
import ModelFiles
import Sweeps

extension ModelDocument {
  /// The computation of states at any values of the sweep variables, one row for each state, in the user's units, along an axis `point`;
  /// nil where a variable changes the junction itself, or where averages over variables are wanted. Throws `FileError` where an expression
  /// has no value.
  package func computation(at rows: [[Double]]) throws(FileError) -> (any Computation)? {
    guard systemAxes.isEmpty, hiddenAxes.isEmpty, averages.isEmpty, spins.isEmpty else { return nil }
    var points: [OperatingPoint] = []
    points.reserveCapacity(rows.count)
    for row in rows { points.append(try point(at: row)) }
    var request = SweepRequest(self)
    request.axes = [SweepAxis("point", rows.indices.map { Double($0) })]
    request.points = OperatingPoints(points, electrodes: junction.electrodes.count, baths: junction.baths.count)
    request.settings.rectifications = []
    request.pointAt = nil
    request.derivativesAlong = nil
    request.lineAt = { place, name in
      self.line(at: rows[Int(place[0])], along: name).map { StateDerivatives(first: $0.first, second: $0.second) }
    }
    return request
  }
}

extension ModelFile {
  /// Number of variables of the sweep.
  package var computationAxisCount: Int { content.axes.count }
}
