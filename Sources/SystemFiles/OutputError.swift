/// An error that can say that something could not be written.
package protocol WriteFailure: Error {
  /// The same fault as an error of this type.
  init(_ error: OutputError)
}

/// Why something could not be written: what was found, what is allowed, what to do next.
package struct OutputError: WriteFailure, Sendable, Equatable {
  /// The path as given.
  package let path: String
  /// What was found there.
  package let found: String
  /// What is allowed there.
  package let allowed: String
  /// What to try next; may be empty.
  package let hint: String

  package init(
    _ path: String, found: String, allowed: String = "a folder that can be written, with enough room", hint: String = ""
  ) {
    (self.path, self.found, self.allowed, self.hint) = (path, found, allowed, hint)
  }

  package init(_ error: OutputError) { self = error }

  /// An error in the system's words for an error number.
  package init(_ path: String, code: Int32) { self.init(path, found: SystemCall.words(code)) }
}
