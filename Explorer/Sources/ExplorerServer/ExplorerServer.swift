import Exploration
import Foundation

/// The server of the live page, in builds that have it (the package's trait `Explorer`).
package enum ExplorerServer {
  /// Whether this build has it.
  package static var isAvailable: Bool {
    #if Explorer
      true
    #else
      false
    #endif
  }

  /// How the server is started.
  package struct Options: Sendable {
    /// 0 for any that is free.
    package var port: UInt16
    /// The folder of the page's files.
    package var page: String

    package init(port: UInt16, page: String) { (self.port, self.page) = (port, page) }
  }

  /// Serves pages about a model on this machine only, until `isEnded`. `started` gets the address, which nobody can guess; it is called on
  /// another thread. Blocks the thread that calls. Throws a text that says why there is no server.
  package static func run(
    _ service: ExplorationService, _ options: Options, started: @escaping @Sendable (String) -> Void,
    isEnded: @escaping @Sendable () -> Bool
  ) throws(ExplorerFailure) {
    #if Explorer
      try LoopbackServer(service, options).run(started: started, isEnded: isEnded)
    #else
      throw ExplorerFailure("this pairbath was built without the explorer; next: make explorer")
    #endif
  }
}

/// Why there is no server, in words.
package struct ExplorerFailure: Error, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
