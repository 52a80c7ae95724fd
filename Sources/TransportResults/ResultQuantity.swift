import JunctionModel

/// A quantity that results contain: the one place for its name, shape, unit, words, symbol and where it may be missing.
///
/// Columns, files, tables, figures, objectives, the last check of a result (`Freedom`) and the documentation's list of observables
/// derive from it; what computes it stands with its observable (`ObservableDefinition`).
package struct ResultQuantity: Sendable, Equatable {
  /// Which numbers of a quantity, or their error estimates, may be NaN or infinite where there is a steady state.
  package enum Freedom: Sendable, Equatable {
    /// None.
    case finite
    /// Linear response: finite at equilibria, NaN elsewhere.
    case equilibrium
    /// May be infinite, with any error.
    case unbounded
    /// A ratio or a logarithm: NaN where it is not defined, infinite where its denominator may vanish within its error.
    case ratio
  }

  /// Name in model files and results, for example `energy_current`.
  package let name: String
  /// Dimensions before those of the sweep, slowest first; complex numbers have `ri` behind the sweep besides.
  package let dimensions: [StandardDimension]
  /// What kind of quantity it is: gives the unit.
  package private(set) var quantity: Quantity
  /// What it is, in words.
  package private(set) var words: String
  /// What a positive number means; may be empty.
  package private(set) var sign: String
  /// Symbol in figures: letters between stars are italic, `_{}` and `^{}` are indices, for example `*T*_{eff}`; may be empty.
  package let symbol: String
  /// Short name for axes and tables, for example "Energy current".
  package let title: String
  /// Where it may be NaN or infinite.
  package let freedom: Freedom
  /// True for numbers with a trailing dimension `ri`.
  package let isComplex: Bool
  /// Words for the codes 0, 1, 2, ... of a quantity that names a kind; empty for numbers.
  package let flagMeanings: [String]

  /// A quantity of a name, shape and unit.
  package init(
    _ name: String, _ dimensions: [StandardDimension], _ quantity: Quantity, _ words: String, sign: String = "",
    symbol: String = "", title: String, freedom: Freedom = .finite, isComplex: Bool = false, flagMeanings: [String] = []
  ) {
    (self.name, self.dimensions, self.quantity, self.words) = (name, dimensions, quantity, words)
    (self.sign, self.symbol, self.title, self.freedom) = (sign, symbol, title, freedom)
    (self.isComplex, self.flagMeanings) = (isComplex, flagMeanings)
  }

  /// A quantity with one number per state.
  package init(
    _ name: String, _ quantity: Quantity, _ words: String, sign: String = "", symbol: String = "", title: String,
    freedom: Freedom = .finite, flagMeanings: [String] = []
  ) {
    self.init(
      name, [], quantity, words, sign: sign, symbol: symbol, title: title, freedom: freedom, flagMeanings: flagMeanings)
  }

  /// The same in the unit of another kind of quantity.
  package func with(quantity: Quantity) -> ResultQuantity {
    var copy = self
    copy.quantity = quantity
    return copy
  }

  /// The same with other words.
  package func with(words: String) -> ResultQuantity {
    var copy = self
    copy.words = words
    return copy
  }

  /// The same with another meaning of positive numbers.
  package func with(sign: String) -> ResultQuantity {
    var copy = self
    copy.sign = sign
    return copy
  }
}
