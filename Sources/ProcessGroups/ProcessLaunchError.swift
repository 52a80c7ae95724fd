/// Several processes were started that cannot find each other.
package struct ProcessLaunchError: Error, Sendable, Equatable {
  /// What is the case.
  package let found: String
  /// What to do.
  package let hint: String

  /// An error in these words.
  package init(found: String, hint: String) {
    self.found = found
    self.hint = hint
  }
}
