import CPairbath
import Pairbath
import PairbathCommandSupport

/// Why a call could not do its work, with all that `pairbath_error` says.
struct CFailure: Error {
  var exitCode: Int32 = 65
  var code = ""
  var message = ""
  var file = ""
  var place: (line: Int, column: Int)?
  var keyPath: [String] = []
  var found = ""
  var allowed = ""
  var hint = ""

  init(_ error: FileError) {
    (exitCode, code, message) = (error.exitCode, error.code.rawValue, error.description)
    (file, keyPath, found, allowed, hint) = (error.file, error.keyPath, error.found, error.allowed, error.hint)
    if let line = error.line { place = (line, error.column ?? 0) }
  }

  /// A computation that failed, with its place in the model.
  init(_ error: SolverError, _ header: ModelHeader) {
    let failure = CommandFailure(error, model: header.file, header: header)
    (exitCode, message, code) = (failure.exitCode, failure.message, "\(error.code)")
    (file, keyPath, found) = (header.option(at: error.keyPath) ?? header.file, error.keyPath, error.message)
    place = error.keyPath.isEmpty ? nil : header.location(of: error.keyPath)
    hint = error.advice.text(naming: \.modelName)
  }

  /// A fault of the call itself, or one that has words only.
  init(_ failure: CommandFailure) {
    (exitCode, message, found) = (failure.exitCode, failure.message, failure.message)
    code = failure.exitCode == 64 ? "usage" : failure.exitCode == 130 ? "interrupted" : "failed"
  }

  /// An argument that makes no sense (64).
  static func usage(_ argument: String, found: String, allowed: String) -> CFailure {
    var failure = CFailure(.usage("\(argument): found \(found); allowed: \(allowed)"))
    (failure.keyPath, failure.found, failure.allowed) = ([argument], found, allowed)
    return failure
  }

  /// A run that was ended before anything was finished.
  static let interrupted = CFailure(CommandFailure("interrupted; nothing was finished", exitCode: 130))

  /// The structure of C, to be freed with `pairbath_error_free`.
  var record: UnsafeMutablePointer<pairbath_error> {
    let record = UnsafeMutablePointer<pairbath_error>.allocate(capacity: 1)
    record.initialize(
      to: pairbath_error(
        exit_code: exitCode, code: CText.copy(code), message: CText.copy(message), file: CText.copy(file),
        line: Int64(place?.line ?? 0), column: Int64(place?.column ?? 0), key_path: CText.copy(keyPath.joined(separator: ".")),
        found: CText.copy(found), allowed: CText.copy(allowed), hint: CText.copy(hint)))
    return record
  }
}

/// Where C wants the description of a failure; nil when it does not.
public typealias CFailurePlace = UnsafeMutablePointer<UnsafeMutablePointer<pairbath_error>?>

/// Runs a call of C: a failure becomes its description and nil.
func reporting<Value>(to place: CFailurePlace?, _ body: () throws(CFailure) -> Value) -> Value? {
  place?.pointee = nil
  do throws(CFailure) { return try body() } catch {
    place?.pointee = error.record
    return nil
  }
}

@_cdecl("pairbath_error_free")
public func freeError(_ error: UnsafeMutablePointer<pairbath_error>?) {
  guard let error else { return }
  let e = error.pointee
  for text in [e.code, e.message, e.file, e.key_path, e.found, e.allowed, e.hint] { CText.free(text) }
  error.deinitialize(count: 1)
  error.deallocate()
}

@_cdecl("pairbath_text_free")
public func freeText(_ text: UnsafeMutablePointer<CChar>?) { CText.free(text.map { UnsafePointer($0) }) }

@_cdecl("pairbath_abi")
public func interfaceVersion() -> Int32 { PAIRBATH_ABI }

@_cdecl("pairbath_version")
public func libraryVersion() -> UnsafePointer<CChar>? { versionText.text }

/// The version as a text that is never freed.
private let versionText = VersionText()

private struct VersionText: @unchecked Sendable {
  /// Written once, before anybody reads it.
  let text = UnsafePointer(CText.copy(PairbathVersion.current))
}
