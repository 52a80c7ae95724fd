import Pairbath
import Testing

extension TransportResult {
  /// One number of a variable; axes by their nearest value, labels by their words.
  func value(_ name: String, at axes: [String: Double] = [:], _ labels: [String: String] = [:]) throws -> Double {
    let (view, position) = try locate(name, axes, labels)
    return view.value(position)
  }

  /// The error estimate that belongs to `value`.
  func error(_ name: String, at axes: [String: Double] = [:], _ labels: [String: String] = [:]) throws -> Double {
    let (view, position) = try locate(name, axes, labels)
    return view.error(position) ?? 0
  }

  /// The values of a sweep axis.
  func axis(_ name: String) throws -> [Double] { try #require(axes.first { $0.name == name }).values }

  private func locate(
    _ name: String, _ axes: [String: Double], _ labels: [String: String]
  ) throws -> (VariableView, [String: Int]) {
    let found = self.variable(name)
    let variable = try #require(found, "no variable \(name)")
    let view = try #require(VariableView(variable, in: self))
    var position: [String: Int] = [:]
    for (axis, value) in axes {
      let index = try #require(self.index(of: value, in: axis))
      let found = try #require(coordinates(of: axis))[index]
      try #require(abs(found - value) < 1e-9, "\(axis) has no value \(value)")
      position[axis] = index
    }
    for (dimension, label) in labels {
      let words = self.labels(of: dimension)
      try #require(words.contains(label), "no \(dimension) \(label)")
      position[dimension] = words.firstIndex(of: label)
    }
    return (view, position)
  }
}
