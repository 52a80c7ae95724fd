import Testing

/// The four kinds of tests that say whether numbers are right.
///
/// A target of its own, so that the twins and what benchmarks import do without the test library.
extension Tag {
  /// An identity that holds for every system: conservation, the second law, detailed balance, symmetry, an honest error.
  @Tag package static var law: Self

  /// A case whose answer is known in closed form, and the way there.
  @Tag package static var limit: Self

  /// The same number by an independent path: the textbook quadrature, another basis or method.
  @Tag package static var twin: Self

  /// Numbers that another program, a publication or many digits of arithmetic gave.
  @Tag package static var golden: Self
}
