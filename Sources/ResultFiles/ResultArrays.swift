import DataFiles
import TransportResults

/// A result as a program in memory sees it: the variables and attributes of its result file, without the file.
package struct ResultArrays: Sendable {
  /// The value of an attribute.
  package enum Attribute: Sendable, Equatable {
    case text(String)
    case numbers([Double])
  }

  /// What a variable holds, row-major.
  package enum Contents: Sendable, Equatable {
    case doubles([Double])
    /// Whole numbers.
    case integers([Double])
    case strings([String])
  }

  /// A variable with its dimensions, slowest first.
  package struct Variable: Sendable {
    package let name: String
    package let dimensions: [String]
    package let shape: [Int]
    package fileprivate(set) var contents: Contents
    package fileprivate(set) var attributes: [(name: String, value: Attribute)] = []
  }

  /// In the order of the file.
  package fileprivate(set) var variables: [Variable] = []
  /// Attributes of the whole.
  package fileprivate(set) var attributes: [(name: String, value: Attribute)] = []

  /// The arrays of a result, without attributes where it is not `described`. They share its numbers; nothing large is copied.
  package init(_ result: TransportResult, described: Bool = true) {
    let sink = ArraySink()
    // Nothing that a sink in memory does can fail.
    try? ResultWriter(result: result, file: sink).write(describing: described)
    self = sink.arrays
  }

  fileprivate init() {}
}

/// Collects what a `ResultWriter` writes.
private final class ArraySink: ResultSink {
  var arrays = ResultArrays()
  private var lengths: [String: Int] = [:]
  private var places: [String: Int] = [:]

  func defineDimension(_ name: String, length: Int) { lengths[name] = length }

  func defineVariable(_ name: String, _ type: NetCDFFile.NumberType, over dimensions: [String]) {
    define(name, type == .int ? .integers([]) : .doubles([]), dimensions)
  }

  func defineStringVariable(_ name: String, over dimensions: [String]) { define(name, .strings([]), dimensions) }

  private func define(_ name: String, _ contents: ResultArrays.Contents, _ dimensions: [String]) {
    places[name] = arrays.variables.count
    arrays.variables.append(
      .init(name: name, dimensions: dimensions, shape: dimensions.map { lengths[$0] ?? 0 }, contents: contents))
  }

  func write(_ values: [Double], to variable: String) {
    guard let place = places[variable] else { return }
    if case .integers = arrays.variables[place].contents {
      arrays.variables[place].contents = .integers(values)
    } else {
      arrays.variables[place].contents = .doubles(values)
    }
  }

  func write(_ strings: [String], to variable: String) {
    guard let place = places[variable] else { return }
    arrays.variables[place].contents = .strings(strings)
  }

  func write(attribute: String, _ text: String, of variable: String?) { add(attribute, .text(text), variable) }

  func write(attribute: String, _ numbers: [Double], of variable: String?) { add(attribute, .numbers(numbers), variable) }

  private func add(_ name: String, _ value: ResultArrays.Attribute, _ variable: String?) {
    guard let variable else { return arrays.attributes.append((name, value)) }
    guard let place = places[variable] else { return }
    arrays.variables[place].attributes.append((name, value))
  }
}
