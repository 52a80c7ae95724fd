import ArgumentParser
import DistributedSweeps
import Foundation
import PairbathCommandSupport

/// Kernels that are kept.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "List or remove the kernels that are kept for later runs.",
    discussion: """
      Kernels that took five seconds or more are kept, and found again by runs of the same junction, states and settings with the same \
      build of the program. PAIRBATH_CACHE is the folder, or off; PAIRBATH_CACHE_LIMIT its size in GiB (default 4): what was used longest \
      ago goes first.
      """)

  /// What is to be done.
  enum Action: String, ExpressibleByArgument, CaseIterable {
    case list
    case clear
  }

  @Argument(help: "list (default) or clear.") var action = Action.list

  func run() throws {
    guard let cache = KernelCache() else {
      Terminal.print("No kernels are kept (PAIRBATH_CACHE or PAIRBATH_CACHE_LIMIT say so, or there is no home folder).\n")
      return
    }
    switch action {
    case .clear:
      let bytes = cache.entries.reduce(0) { $0 + $1.bytes }
      let count = cache.clear()
      Terminal.print(
        "Removed \(NumberFormatting.count(count, "file")), \(NumberFormatting.bytes(bytes)), from \(cache.folder).\n")
    case .list: Terminal.print(list(cache))
    }
  }

  private func list(_ cache: KernelCache) -> String {
    let entries = cache.entries
    let total = NumberFormatting.bytes(entries.reduce(0) { $0 + $1.bytes })
    let head =
      "\(cache.folder): \(NumberFormatting.count(entries.count, "file")), \(total) of \(NumberFormatting.bytes(cache.limit))\n"
    guard !entries.isEmpty else { return head }
    let formatter = ISO8601DateFormatter()
    let table = TextTable([
      TextTable.Group("last used", [TextTable.Column(cells: entries.map { formatter.string(from: $0.used) })]),
      TextTable.Group("size", [TextTable.Column(cells: entries.map { NumberFormatting.bytes($0.bytes) })]),
      TextTable.Group("stage, time it took", [TextTable.Column(cells: entries.map(\.words))]),
    ])
    return head + table.lines.joined(separator: "\n") + "\n"
  }
}
