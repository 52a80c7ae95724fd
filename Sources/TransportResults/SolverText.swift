/// Advice that names parts of a computation: in the words of physics here, in those of its own language by whoever passes it on.
///
///     let advice: SolverText = "Add \(part: .energies), for example from -1 to 1"
///     advice.text { $0.words }
package struct SolverText: Sendable, Equatable, Codable, ExpressibleByStringInterpolation {
  fileprivate enum Piece: Sendable, Equatable, Codable {
    case words(String)
    case part(SolverError.Subject)
  }

  fileprivate var pieces: [Piece]

  /// Words that name no part.
  package init(_ words: String) { pieces = words.isEmpty ? [] : [.words(words)] }

  /// A literal.
  package init(stringLiteral value: String) { self.init(value) }

  /// A literal with values and, behind `part:`, parts of the computation.
  package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  /// Collects the pieces of a literal.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var pieces: [Piece] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    /// Words between interpolations.
    package mutating func appendLiteral(_ literal: String) { if !literal.isEmpty { pieces.append(.words(literal)) } }

    /// A value as text.
    package mutating func appendInterpolation(_ value: some Any) { pieces.append(.words("\(value)")) }

    /// A part of the computation.
    package mutating func appendInterpolation(part: SolverError.Subject) { pieces.append(.part(part)) }
  }

  /// True when there is nothing to say.
  package var isEmpty: Bool { pieces.isEmpty }

  /// The parts it names, in their order.
  package var parts: [SolverError.Subject] { pieces.compactMap { if case .part(let part) = $0 { part } else { nil } } }

  /// The text, its parts named by `name`.
  package func text(naming name: (SolverError.Subject) -> String) -> String {
    pieces.map {
      switch $0 {
      case .words(let words): words
      case .part(let part): name(part)
      }
    }.joined()
  }

  /// One text after another.
  package static func + (first: SolverText, second: SolverText) -> SolverText {
    var result = first
    result.pieces += second.pieces
    return result
  }
}
