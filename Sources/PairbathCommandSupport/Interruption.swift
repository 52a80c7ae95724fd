import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Whether the user pressed control-C.
package enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// True after the first SIGINT since `watch`.
  package static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// From now on the first SIGINT (or SIGTERM) only sets the flag; a second one ends the process at once.
  package static func watch() {
    flag.store(false, ordering: .relaxed)
    let handler: @convention(c) (Int32) -> Void = { number in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
    signal(SIGINT, handler)
    signal(SIGTERM, handler)
  }
}
