import SystemFiles

/// Why a figure could not be made.
public struct FigureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of failure, to match in a `catch`.
  public enum Code: Sendable, Equatable {
    /// A variable, dimension or label that the result does not have.
    case unknownName
    /// The request cannot be drawn, for example a map of a variable with one axis.
    case unsuitable
    /// No gnuplot on this machine.
    case gnuplotMissing
    /// gnuplot stopped with an error; the message holds its words.
    case gnuplotFailed
    /// The figure could not be written.
    case cannotWrite
    /// The user interrupted the drawing.
    case interrupted
  }

  /// The kind of failure.
  public let code: Code
  /// What happened.
  public let message: String
  /// What to try next; may be empty.
  public let hint: String

  /// An error with what happened and what to try.
  public init(_ code: Code, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// A file that could not be written.
  init(_ error: OutputError) {
    self.init(
      .cannotWrite, "cannot write \(error.path): found \(error.found); allowed: \(error.allowed)",
      hint: error.hint.isEmpty ? "choose another place with --output; nothing was left behind" : error.hint)
  }

  /// The exit code of a command that stops with this error.
  package var exitCode: Int32 {
    switch code {
    case .unknownName, .unsuitable: return 64
    case .gnuplotFailed: return 70
    case .gnuplotMissing, .cannotWrite: return 74
    case .interrupted: return 130
    }
  }

  /// The message with its next step.
  public var description: String { message + (hint.isEmpty ? "" : "; next: \(hint)") }
}
