/// Why a number could not be computed.
public struct SolverError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure, to match in a `catch`.
  public enum Code: Sendable, Equatable {
    /// The model lacks something this computation needs (exit code 65).
    case unsuitableModel
    /// A tolerance was not reached (exit code 70).
    case notConverged
    /// A matrix could not be factored (exit code 70).
    case linearAlgebra
    /// The result would not fit into memory (exit code 65).
    case tooLarge
    /// The user interrupted the computation (exit code 130).
    case interrupted
  }

  /// What kind of failure it is.
  public let code: Code
  /// What it is about; nil where no part of the computation can be named.
  package let subject: Subject?
  /// What happened, with the numbers concerned.
  public let message: String
  /// What to try next; may be empty.
  package let advice: SolverText

  /// An error with what happened and what to try.
  package init(_ code: Code, at subject: Subject? = nil, _ message: String, hint: SolverText = "") {
    (self.code, self.subject, self.message, advice) = (code, subject, message, hint)
  }

  /// What to try next in words; may be empty.
  public var hint: String { advice.text(naming: \.words) }

  /// What it is about, what happened, and the next step.
  public var description: String { description(naming: \.words) }

  /// The same in a language in which `name` names the parts of a computation.
  package func description(naming name: (Subject) -> String) -> String {
    let place = subject.map(name) ?? ""
    return (place.isEmpty ? "" : place + ": ") + message + (advice.isEmpty ? "" : ". " + advice.text(naming: name))
  }
}
