import CPairbath
import Pairbath
import PairbathCommandSupport

/// Why a call could not do its work, with all that `pairbath_error` says.
typealias CFailure = FailureReport

extension FailureReport {
  /// The structure of C, to be freed with `pairbath_error_free`.
  var record: UnsafeMutablePointer<pairbath_error> {
    let record = UnsafeMutablePointer<pairbath_error>.allocate(capacity: 1)
    record.initialize(
      to: pairbath_error(
        exit_code: exitCode, code: CText.copy(code), message: CText.copy(message), file: CText.copy(file),
        line: Int64(line), column: Int64(column), key_path: CText.copy(keyPath.joined(separator: ".")),
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
