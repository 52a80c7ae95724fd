import JunctionModel

/// One named array of a result, with its error estimate, in the user's units.
public struct ResultVariable: Sendable, Equatable {
  /// Name in the result file, for example `energy_current`.
  public let name: String
  /// Names of the dimensions, slowest first; "sweep" dimensions are the axes' names.
  public let dimensions: [String]
  /// Values in row-major order. NaN where no steady state exists.
  public let values: [Double]
  /// Absolute numerical error estimate of each value; nil for exact input copied into the result.
  public let errors: [Double]?
  /// Unit in UDUNITS spelling.
  public let unit: String
  /// What it is, in words.
  public let longName: String
  /// What a positive number means; may be empty.
  public let signConvention: String
  /// Words for the codes 0, 1, 2, ... of a variable that names a kind; empty for numbers.
  public var flagMeanings: [String] = []

  /// A named array.
  public init(
    name: String, dimensions: [String], values: [Double], errors: [Double]?, unit: String, longName: String,
    signConvention: String = ""
  ) {
    self.name = name
    self.dimensions = dimensions
    self.values = values
    self.errors = errors
    self.unit = unit
    self.longName = longName
    self.signConvention = signConvention
  }
}

/// A dimension of a result beyond those that every result knows: its name and what stands at every index.
public struct ResultDimension: Sendable, Equatable {
  /// What stands at the indices.
  public enum Coordinates: Sendable, Equatable {
    case labels([String])
    /// Numbers in the user's units, with the unit in UDUNITS spelling.
    case numbers([Double], unit: String)
  }

  /// Name in the result file, for example `polarization`.
  public let name: String
  public let coordinates: Coordinates
  /// What it is, in words.
  public let longName: String

  /// A dimension with words at its indices.
  public init(_ name: String, labels: [String], longName: String) {
    self.init(name, .labels(labels), longName: longName)
  }

  /// A dimension with words or numbers at its indices.
  public init(_ name: String, _ coordinates: Coordinates, longName: String) {
    self.name = name
    self.coordinates = coordinates
    self.longName = longName
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
}

/// A self-contained result: labels, values with error estimates, and the model they came from.
///
/// Dimensions are the sweep axes (in the model's order, the first slowest) and `electrode`, `electrode2`, `bath`,
/// `bath2`, `channel`, `reservoir`, `reservoir2` (pair channels, then baths), `mode`, `mode2`, `frequency`, `energy`,
/// `instability` (places where a steady state is lost), `ri` (length 2: real and imaginary part), `terminal`, `terminal2`
/// (electrodes, then baths), `cumulant` (length 4: first to fourth), `quanta` (net numbers of quanta, from minus the largest).
public struct TransportResult: Sendable, Equatable {
  /// Title of the model; may be empty.
  public var title: String
  /// The user's units, those of all numbers here.
  public var units: UnitSystem
  /// Sweep axes in the user's units. Empty for a single state.
  public var axes: [SweepAxis]
  /// Labels of dimension `electrode`.
  public var electrodeNames: [String]
  /// Labels of dimension `bath`.
  public var bathNames: [String]
  /// Channel labels "L>R": electron from L ends in R.
  public var channelLabels: [String]
  /// Mode energies, user's units.
  public var modeEnergies: [Double]
  /// Frequencies of spectra, user's units.
  public var frequencies: [Double]
  /// Energies of the transmission, user's units.
  public var energies: [Double]
  /// Number of instabilities located between the states of the sweep.
  public var instabilities = 0
  /// Dimensions of models that are no junctions, for example the two bodies or the polarisations of radiation.
  public var extraDimensions: [ResultDimension] = []
  /// Largest number of quanta of a distribution, either way; nil without one.
  public var largestQuanta: Int?
  /// Everything computed, in the order of the file.
  public var variables: [ResultVariable]
  /// The level: "sharp", "landauer" or "dressed".
  public var level: String
  /// Relative tolerance that was asked for.
  public var tolerance: Double
  /// The model file's text as it was computed (after --set).
  public var modelText: String
  /// SHA-256 of `modelText`, hexadecimal.
  public var modelHash: String
  /// Version of the program that computed it.
  public var version: String

  /// An empty result to be filled.
  public init(
    title: String = "", units: UnitSystem = .natural, axes: [SweepAxis] = [], electrodeNames: [String] = [],
    bathNames: [String] = [], channelLabels: [String] = [], modeEnergies: [Double] = [], frequencies: [Double] = [],
    energies: [Double] = [], variables: [ResultVariable] = [], level: String = "sharp", tolerance: Double = 1e-8,
    modelText: String = "", modelHash: String = "", version: String = PairbathVersion.current
  ) {
    self.title = title
    self.units = units
    self.axes = axes
    self.electrodeNames = electrodeNames
    self.bathNames = bathNames
    self.channelLabels = channelLabels
    self.modeEnergies = modeEnergies
    self.frequencies = frequencies
    self.energies = energies
    self.variables = variables
    self.level = level
    self.tolerance = tolerance
    self.modelText = modelText
    self.modelHash = modelHash
    self.version = version
  }

  /// The variable of the given name, or nil.
  public func variable(_ name: String) -> ResultVariable? { variables.first { $0.name == name } }

  /// Everything that exchanges heat: electrodes, then baths.
  public var terminalNames: [String] { electrodeNames + bathNames }

  /// Everything that exchanges bosons: pair channels, then baths.
  public var reservoirNames: [String] { channelLabels + bathNames }

  /// Length of a dimension by name; nil for a name that is no dimension of this result.
  public func length(of dimension: String) -> Int? {
    if let axis = axes.first(where: { $0.name == dimension }) { return axis.values.count }
    switch dimension {
    case "electrode", "electrode2": return electrodeNames.count
    case "bath", "bath2": return bathNames.count
    case "reservoir", "reservoir2": return reservoirNames.count
    case "terminal", "terminal2": return terminalNames.count
    case "instability": return instabilities
    case "channel": return channelLabels.count
    case "mode", "mode2": return modeEnergies.count
    case "frequency": return frequencies.count
    case "energy": return energies.count
    case "ri": return 2
    case "cumulant": return 4
    case "quanta": return largestQuanta.map { 2 * $0 + 1 } ?? 0
    default: return extraDimension(dimension)?.count
    }
  }

  /// The dimension of that name beyond those that every result knows.
  public func extraDimension(_ name: String) -> ResultDimension? { extraDimensions.first { $0.name == name } }

  /// Number of states: the product of the axes' lengths.
  public var stateCount: Int { axes.reduce(1) { $0 * $1.values.count } }
}

/// The version of the package.
public enum PairbathVersion {
  /// Semantic version, as in `pairbath --version`.
  public static let current = "0.1.0"
}
