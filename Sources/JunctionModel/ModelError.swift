/// Why a description is not a junction: where, what was found, what is allowed, what to do next.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, to match in a `catch`.
  public enum Code: Sendable, Equatable {
    case wrongShape
    case notHermitian
    case notPositiveDefinite
    case notPositiveSemidefinite
    case notFinite
    case outOfRange
    case missing
    case duplicate
    case inconsistent
  }

  /// The kind of fault.
  public let code: Code
  /// Key path of the offending part in the words of the model file, for example `["electrodes", "L", "broadening"]`.
  public let path: [String]
  /// What was found there.
  public let found: String
  /// What is allowed there.
  public let allowed: String
  /// What to try next; may be empty.
  public let hint: String

  /// An error at a key path.
  public init(_ code: Code, at path: [String], found: String, allowed: String, hint: String = "") {
    self.code = code
    self.path = path
    self.found = found
    self.allowed = allowed
    self.hint = hint
  }

  /// The key path, what was found, what is allowed, and the next step.
  public var description: String {
    "\(path.joined(separator: ".")): found \(found); allowed: \(allowed)" + (hint.isEmpty ? "" : ". \(hint)")
  }
}
