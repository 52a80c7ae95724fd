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
  public package(set) var errors: [Double]?
  /// Unit in UDUNITS spelling.
  public let unit: String
  /// What it is, in words.
  public let longName: String
  /// What a positive number means; may be empty.
  public let signConvention: String
  /// Words for the codes 0, 1, 2, ... of a variable that names a kind; empty for numbers.
  public var flagMeanings: [String] = []
  /// Symbol in figures, as in `ResultQuantity`; may be empty.
  public var symbol = ""
  /// Short name for axes, for example "Energy current"; may be empty.
  public var title = ""

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

  /// The array of a quantity of a model in the given units, over `sweep` behind the quantity's own dimensions.
  package init(
    _ quantity: ResultQuantity, units: UnitSystem, sweep: [String], values: [Double], errors: [Double]?
  ) {
    self.init(
      name: quantity.name,
      dimensions: quantity.dimensions.map(\.rawValue) + sweep
        + (quantity.isComplex ? [StandardDimension.complexPart.rawValue] : []),
      values: values, errors: errors, unit: units.label(of: quantity.quantity), longName: quantity.words,
      signConvention: quantity.sign)
    (flagMeanings, symbol, title) = (quantity.flagMeanings, quantity.symbol, quantity.title)
  }
}

extension ResultVariable {
  /// The same quantity over other dimensions with other numbers.
  package func over(_ dimensions: [String], values: [Double], errors: [Double]?) -> ResultVariable {
    var variable = ResultVariable(
      name: name, dimensions: dimensions, values: values, errors: errors, unit: unit, longName: longName,
      signConvention: signConvention)
    (variable.flagMeanings, variable.symbol, variable.title) = (flagMeanings, symbol, title)
    return variable
  }
}

/// A self-contained result: labels, values with error estimates, and the model they came from.
///
/// Dimensions are the sweep axes (in the model's order, the first slowest) and those of `dimensions`.
public struct TransportResult: Sendable, Equatable {
  /// Title of the model; may be empty.
  public var title: String
  /// The user's units, those of all numbers here.
  public var units: UnitSystem
  /// Sweep axes in the user's units. Empty for a single state.
  public var axes: [SweepAxis]
  /// The other dimensions, in the order of the file.
  public var dimensions: [ResultDimension] = []
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
  /// SHA-256 and name of every data file of the model, a line for each as `sha256sum` writes them; names as in the model.
  public var inputHashes: [String] = []
  /// Version of the program that computed it.
  public var version: String
  /// What fell short of what was asked for: tolerances missed, states that could not be computed, a run that was ended.
  package var shortfalls: [SolverError] = []

  /// An empty result to be filled.
  package init(
    title: String = "", units: UnitSystem = .natural, axes: [SweepAxis] = [], electrodeNames: [String] = [],
    bathNames: [String] = [], channelLabels: [String] = [], modeEnergies: [Double] = [], frequencies: [Double] = [],
    energies: [Double] = [], variables: [ResultVariable] = [], level: String = "sharp", tolerance: Double = 1e-8,
    modelText: String = "", modelHash: String = "", version: String = PairbathVersion.current
  ) {
    (self.title, self.units, self.axes, self.variables) = (title, units, axes, variables)
    (self.level, self.tolerance) = (level, tolerance)
    (self.modelText, self.modelHash, self.version) = (modelText, modelHash, version)
    self.electrodeNames = electrodeNames
    self.bathNames = bathNames
    self.channelLabels = channelLabels
    self.modeEnergies = modeEnergies
    self.frequencies = frequencies
    self.energies = energies
    set(.cumulant, .labels(["1", "2", "3", "4"]))
    set(.complexPart, .labels(["re", "im"]))
  }

  /// The variable of the given name, or nil.
  public func variable(_ name: String) -> ResultVariable? { variables.first { $0.name == name } }

  /// Number of states: the product of the axes' lengths.
  public var stateCount: Int { axes.reduce(1) { $0 * $1.values.count } }
}

/// The version of the package.
package enum PairbathVersion {
  /// Semantic version, as in `pairbath --version`.
  package static let current = "0.1.0"
}
