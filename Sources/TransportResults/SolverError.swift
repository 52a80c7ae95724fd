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
  /// Key path of the model concerned, in the words of the model file; may be empty.
  public let path: [String]
  /// What happened, with the numbers concerned.
  public let message: String
  /// What to try next; may be empty.
  public let hint: String

  /// An error with what happened and what to try.
  public init(_ code: Code, at path: [String] = [], _ message: String, hint: String = "") {
    self.code = code
    self.path = path
    self.message = message
    self.hint = hint
  }

  /// Key path, what happened, and the next step.
  public var description: String {
    (path.isEmpty ? "" : path.joined(separator: ".") + ": ") + message + (hint.isEmpty ? "" : ". \(hint)")
  }
}
