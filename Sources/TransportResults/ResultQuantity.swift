import JunctionModel

/// A quantity that results contain: the one place for its name, shape, unit, words and symbol.
///
/// Columns, files, tables, figures, objectives and the documentation's table of observables derive from it; what computes it
/// stands with its observable (`ObservableDefinition`).
package struct ResultQuantity: Sendable, Equatable {
  /// Name in model files and results, for example `energy_current`.
  package let name: String
  /// Dimensions before those of the sweep, slowest first; complex numbers have `ri` behind the sweep besides.
  package let dimensions: [StandardDimension]
  /// What kind of quantity it is: gives the unit.
  package let quantity: Quantity
  /// What it is, in words.
  package let words: String
  /// What a positive number means; may be empty.
  package let sign: String
  /// Symbol in figures: letters between stars are italic, `_{}` and `^{}` are indices, for example `*T*_{eff}`; may be empty.
  package let symbol: String
  /// Short name for axes and tables, for example "Energy current".
  package let title: String
  /// True for numbers with a trailing dimension `ri`.
  package let isComplex: Bool
  /// Words for the codes 0, 1, 2, ... of a quantity that names a kind; empty for numbers.
  package let flagMeanings: [String]

  /// A quantity of a name, shape and unit.
  package init(
    _ name: String, _ dimensions: [StandardDimension], _ quantity: Quantity, _ words: String, sign: String = "",
    symbol: String = "", title: String, isComplex: Bool = false, flagMeanings: [String] = []
  ) {
    (self.name, self.dimensions, self.quantity, self.words) = (name, dimensions, quantity, words)
    (self.sign, self.symbol, self.title) = (sign, symbol, title)
    (self.isComplex, self.flagMeanings) = (isComplex, flagMeanings)
  }

  /// A quantity with one number per state.
  package init(
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
