/// A dimension of a result: its name and what stands at every index.
public struct ResultDimension: Sendable, Equatable {
  /// What stands at the indices.
  package enum Coordinates: Sendable, Equatable {
    case labels([String])
    /// Numbers in the user's units, with the unit in UDUNITS spelling.
    case numbers([Double], unit: String)
  }

  /// Name in the result file, for example `polarization`.
  public let name: String
  package let coordinates: Coordinates
  /// What it is, in words.
  public let longName: String
  /// Numbers of labelled indices along an axis, in the user's units: the energies of modes; nil for plain names.
  public let positions: [Double]?

  /// A dimension with words at its indices.
  public init(_ name: String, labels: [String], longName: String) {
    self.init(name, .labels(labels), longName: longName)
  }

  /// A dimension with words or numbers at its indices.
  package init(_ name: String, _ coordinates: Coordinates, longName: String, positions: [Double]? = nil) {
    (self.name, self.coordinates, self.longName, self.positions) = (name, coordinates, longName, positions)
  }

  /// One of the dimensions that results share.
  package init(_ standard: StandardDimension, _ coordinates: Coordinates, positions: [Double]? = nil) {
    self.init(standard.rawValue, coordinates, longName: standard.words, positions: positions)
  }

  /// True when numbers stand at the indices.
  public var isNumeric: Bool {
    if case .numbers = coordinates { return true }
    return false
  }

  /// Number of indices.
  public var count: Int {
    switch coordinates {
    case .labels(let labels): return labels.count
    case .numbers(let numbers, _): return numbers.count
    }
  }

  /// The numbers at the indices, those of modes included; nil for plain names.
  public var numbers: [Double]? {
    if case .numbers(let numbers, _) = coordinates { return numbers }
    return positions
  }

  /// The words at the indices; numbers as `text` writes them.
  public func labels(_ text: (Double) -> String = { "\($0)" }) -> [String] {
    switch coordinates {
    case .labels(let labels): return labels
    case .numbers(let numbers, _): return numbers.map(text)
    }
  }
}
