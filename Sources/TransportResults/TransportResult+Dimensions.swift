extension TransportResult {
  /// The dimension of a name: an axis of the sweep, one of `dimensions`, or a second index or union of those. Nil for other names.
  public func dimension(_ name: String) -> ResultDimension? {
    if let axis = axes.first(where: { $0.name == name }) {
      let words = "sweep variable \(name)"
      if let labels = axis.labels { return ResultDimension(name, .labels(labels), longName: words, positions: axis.values) }
      return ResultDimension(name, .numbers(axis.values, unit: axis.unit), longName: words)
    }
    if let found = dimensions.first(where: { $0.name == name }) { return found }
    return StandardDimension(rawValue: name).map { composed($0) }
  }

  /// A second index or a union; empty for a dimension this result has nothing of.
  private func composed(_ standard: StandardDimension) -> ResultDimension {
    let parts = standard.parts.compactMap { part in dimensions.first { $0.name == part.rawValue } }
    let coordinates = parts.count == 1 ? parts[0].coordinates : .labels(parts.flatMap { $0.labels() })
    return ResultDimension(standard, coordinates, positions: parts.count == 1 ? parts[0].positions : nil)
  }

  /// Puts something at the indices of a dimension, or nothing.
  package mutating func set(_ standard: StandardDimension, _ coordinates: ResultDimension.Coordinates, positions: [Double]? = nil)
  {
    let new = ResultDimension(standard, coordinates, positions: positions)
    let old = dimensions.firstIndex { $0.name == new.name }
    switch (old, new.count) {
    case (let old?, 0): dimensions.remove(at: old)
    case (let old?, _): dimensions[old] = new
    case (nil, 0): break
    case (nil, _): dimensions.append(new)
    }
  }

  private func labels(_ standard: StandardDimension) -> [String] { dimension(standard.rawValue)?.labels() ?? [] }
  private func numbers(_ standard: StandardDimension) -> [Double] { dimension(standard.rawValue)?.numbers ?? [] }

  /// Length of a dimension by name; nil for a name that is no dimension.
  public func length(of dimension: String) -> Int? { self.dimension(dimension)?.count }

  /// Labels of dimension `electrode`.
  public var electrodeNames: [String] {
    get { labels(.electrode) }
    set { set(.electrode, .labels(newValue)) }
  }

  /// Labels of dimension `bath`.
  public var bathNames: [String] {
    get { labels(.bath) }
    set { set(.bath, .labels(newValue)) }
  }

  /// Channel labels "L>R": electron from L ends in R.
  public var channelLabels: [String] {
    get { labels(.channel) }
    set { set(.channel, .labels(newValue)) }
  }

  /// Mode energies, user's units.
  public var modeEnergies: [Double] {
    get { numbers(.mode) }
    set { set(.mode, .labels(newValue.indices.map { "\($0)" }), positions: newValue) }
  }

  /// Frequencies of spectra, user's units.
  public var frequencies: [Double] {
    get { numbers(.frequency) }
    set { set(.frequency, .numbers(newValue, unit: units.label(of: .energy))) }
  }

  /// Energies of the transmission, user's units.
  public var energies: [Double] {
    get { numbers(.energy) }
    set { set(.energy, .numbers(newValue, unit: units.label(of: .energy))) }
  }

  /// Number of instabilities located between the states of the sweep.
  public var instabilities: Int {
    get { labels(.instability).count }
    set { set(.instability, .labels((0..<newValue).map { "\($0)" })) }
  }

  /// Largest number of quanta of a distribution, either way; nil without one.
  public var largestQuanta: Int? {
    get { numbers(.quanta).last.map { Int($0) } }
    set { set(.quanta, .numbers(newValue.map { (-$0...$0).map { Double($0) } } ?? [], unit: "1")) }
  }

  /// Everything that exchanges heat: electrodes, then baths.
  public var terminalNames: [String] { labels(.terminal) }

  /// Everything that exchanges bosons: pair channels, then baths.
  public var reservoirNames: [String] { labels(.reservoir) }

  /// Every dimension besides the axes: those that results share in their order, unions and second indices included, then the others.
  package var everyDimension: [ResultDimension] {
    let standard = StandardDimension.allCases.map { standard in
      dimensions.first { $0.name == standard.rawValue } ?? composed(standard)
    }
    return standard + dimensions.filter { StandardDimension(rawValue: $0.name) == nil }
  }

  /// Dimensions that are not those of junctions.
  package var extraDimensions: [ResultDimension] {
    dimensions.filter { StandardDimension(rawValue: $0.name)?.isOfJunctions != true }
  }
}
