import JunctionModel

/// A quantity that results contain: the one place for its name, shape, unit, words and symbol.
///
/// Columns, files, tables, figures, objectives and the documentation's table of observables derive from it; what computes it
/// stands with its observable (`ObservableDefinition`).
public struct ResultQuantity: Sendable, Equatable {
  /// Name in model files and results, for example `energy_current`.
  public let name: String
  /// Dimensions before those of the sweep, slowest first; complex numbers have `ri` behind the sweep besides.
  public let dimensions: [StandardDimension]
  /// What kind of quantity it is: gives the unit.
  public let quantity: Quantity
  /// What it is, in words.
  public let words: String
  /// What a positive number means; may be empty.
  public let sign: String
  /// Symbol in figures: letters between stars are italic, `_{}` and `^{}` are indices, for example `*T*_{eff}`; may be empty.
  public let symbol: String
  /// Short name for axes and tables, for example "Energy current".
  public let title: String
  /// True for numbers with a trailing dimension `ri`.
  public let isComplex: Bool
  /// Words for the codes 0, 1, 2, ... of a quantity that names a kind; empty for numbers.
  public let flagMeanings: [String]

  /// A quantity of a name, shape and unit.
  public init(
    _ name: String, _ dimensions: [StandardDimension], _ quantity: Quantity, _ words: String, sign: String = "",
    symbol: String = "", title: String, isComplex: Bool = false, flagMeanings: [String] = []
  ) {
    (self.name, self.dimensions, self.quantity, self.words) = (name, dimensions, quantity, words)
    (self.sign, self.symbol, self.title) = (sign, symbol, title)
    (self.isComplex, self.flagMeanings) = (isComplex, flagMeanings)
  }

  /// A quantity with one number per state.
  public init(
    _ name: String, _ quantity: Quantity, _ words: String, sign: String = "", symbol: String = "", title: String,
    flagMeanings: [String] = []
  ) {
    self.init(name, [], quantity, words, sign: sign, symbol: symbol, title: title, flagMeanings: flagMeanings)
  }

  /// The same in the unit of another kind of quantity.
  package func with(quantity: Quantity) -> ResultQuantity {
    ResultQuantity(
      name, dimensions, quantity, words, sign: sign, symbol: symbol, title: title, isComplex: isComplex,
      flagMeanings: flagMeanings)
  }

  /// The same with other words.
  package func with(words: String) -> ResultQuantity {
    ResultQuantity(
      name, dimensions, quantity, words, sign: sign, symbol: symbol, title: title, isComplex: isComplex,
      flagMeanings: flagMeanings)
  }
}
