import JunctionModel
import TransportResults

extension TransportResult {
  /// True for sweep axes and the grids of spectra: dimensions with a number for every index.
  package func isNumeric(_ dimension: String) -> Bool { self.dimension(dimension)?.isNumeric == true }

  /// The number belonging to every index of a dimension; modes have their energies; nil for names.
  package func coordinates(of dimension: String) -> [Double]? { self.dimension(dimension)?.numbers }

  /// The words for every index of a dimension: names of electrodes, baths and channels, numbers otherwise.
  package func labels(of dimension: String) -> [String] {
    self.dimension(dimension)?.labels { DecimalText.general($0, digits: 6) } ?? []
  }

  /// Index of the coordinate nearest to a value.
  package func index(of value: Double, in dimension: String) -> Int? {
    guard let coordinates = coordinates(of: dimension) else { return nil }
    return coordinates.indices.min { abs(coordinates[$0] - value) < abs(coordinates[$1] - value) }
  }
}

/// Access to one variable of a result by the names of its dimensions.
package struct VariableView: Sendable {
  package let variable: ResultVariable
  package let lengths: [Int]
  private let strides: [Int]

  /// Nil when the shape of the variable does not fit the result.
  package init?(_ variable: ResultVariable, in result: TransportResult) {
    let lengths = variable.dimensions.compactMap { result.length(of: $0) }
    guard lengths.count == variable.dimensions.count, lengths.reduce(1, *) == variable.values.count else { return nil }
    if let errors = variable.errors, errors.count != variable.values.count { return nil }
    var strides = [Int](repeating: 1, count: lengths.count)
    for i in lengths.indices.dropLast().reversed() { strides[i] = strides[i + 1] * lengths[i + 1] }
    self.variable = variable
    self.lengths = lengths
    self.strides = strides
  }

  /// Length of a dimension of this variable; 0 if it is none.
  package func length(of dimension: String) -> Int {
    variable.dimensions.firstIndex(of: dimension).map { lengths[$0] } ?? 0
  }

  /// Position in the arrays; dimensions not named count as 0.
  package func offset(_ position: [String: Int]) -> Int {
    zip(variable.dimensions, strides).reduce(0) { $0 + (position[$1.0] ?? 0) * $1.1 }
  }

  /// The value at a position.
  package func value(_ position: [String: Int]) -> Double { variable.values[offset(position)] }

  /// The error estimate at a position; nil for exact numbers.
  package func error(_ position: [String: Int]) -> Double? { variable.errors.map { $0[offset(position)] } }
}

/// Every combination of indices of some dimensions, the last varying fastest; one empty combination for none.
package func positions(of dimensions: [(name: String, indices: [Int])]) -> [[String: Int]] {
  dimensions.reduce([[:]]) { partial, dimension in
    partial.flatMap { position in
      dimension.indices.map { index in
        var next = position
        next[dimension.name] = index
        return next
      }
    }
  }
}
