import DataFiles
import Figures
import ModelFiles
import SystemFiles
import TransportResults

/// How a command ends when it cannot do its work: one message and the contract's exit code.
package struct CommandFailure: Error, Sendable, Equatable {
  package let message: String
  package let exitCode: Int32

  package init(_ message: String, exitCode: Int32) {
    self.message = message
    self.exitCode = exitCode
  }

  /// A fault of the command line (64).
  package static func usage(_ message: String) -> CommandFailure { CommandFailure(message, exitCode: 64) }

  /// A file that cannot be read or written (74), or is not what it should be (65).
  package init(_ error: FileError) { self.init(error.description, exitCode: error.exitCode) }

  /// A place where nothing can be written (74).
  package init(_ error: OutputError) { self.init(FileError(error)) }

  /// A figure that cannot be made.
  package init(_ error: FigureError) { self.init(error.description, exitCode: error.exitCode) }

  /// A computation that failed; key paths get the place in the model file they come from.
  package init(_ error: SolverError, model path: String, header: ModelHeader? = nil) {
    var message = error.description { $0 == .workers ? "--workers" : $0.modelName }
    if !error.keyPath.isEmpty {
      let place = header?.location(of: error.keyPath).map { ":\($0.line):\($0.column)" } ?? ""
      message = "\(header?.option(at: error.keyPath) ?? StandardInput.name(of: path) + place): \(message)"
    }
    self.init(message, exitCode: Self.exitCode(of: error.code))
  }

  /// The contract's exit codes for failed computations.
  package static func exitCode(of code: SolverError.Code) -> Int32 {
    switch code {
    case .unsuitableModel, .tooLarge: return 65
    case .notConverged, .linearAlgebra: return 70
    case .interrupted: return 130
    }
  }
}
