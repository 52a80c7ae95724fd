import DataFiles
import Pairbath

/// Why something could not be done, with its place in the model: what interfaces for programs hand on of an error.
package struct FailureReport: Error, Sendable, Equatable {
  /// What the command's exit code would be.
  package var exitCode: Int32 = 65
  /// The kind of fault, for example "outOfRange".
  package var code = ""
  /// Everything in one line, as the command prints it.
  package var message = ""
  /// The file concerned, or the `--set` option.
  package var file = ""
  /// Line and column there; 0 where none applies.
  package var line = 0
  package var column = 0
  package var keyPath: [String] = []
  package var found = ""
  package var allowed = ""
  package var hint = ""

  /// A file that cannot be read or written, or is not what it should be.
  package init(_ error: FileError) {
    (exitCode, code, message) = (error.exitCode, error.code.rawValue, error.description)
    (file, keyPath, found, allowed, hint) = (error.file, error.keyPath, error.found, error.allowed, error.hint)
    if let place = error.line { (line, column) = (place, error.column ?? 0) }
  }

  /// A computation that failed, with its place in the model.
  package init(_ error: SolverError, _ header: ModelHeader) {
    let failure = CommandFailure(error, model: header.file, header: header)
    (exitCode, message, code) = (failure.exitCode, failure.message, "\(error.code)")
    (file, keyPath, found) = (header.option(at: error.keyPath) ?? header.file, error.keyPath, error.message)
    if !error.keyPath.isEmpty, let place = header.location(of: error.keyPath) { (line, column) = place }
    hint = error.advice.text(naming: \.modelName)
  }

  /// A fault of the call itself, or one that has words only.
  package init(_ failure: CommandFailure) {
    (exitCode, message, found) = (failure.exitCode, failure.message, failure.message)
    code = failure.exitCode == 64 ? "usage" : failure.exitCode == 130 ? "interrupted" : "failed"
  }

  /// An argument that makes no sense (64).
  package static func usage(_ argument: String, found: String, allowed: String) -> FailureReport {
    var failure = FailureReport(.usage("\(argument): found \(found); allowed: \(allowed)"))
    (failure.keyPath, failure.found, failure.allowed) = ([argument], found, allowed)
    return failure
  }

  /// A run that was ended before anything was finished.
  package static let interrupted = FailureReport(CommandFailure("interrupted; nothing was finished", exitCode: 130))
}
