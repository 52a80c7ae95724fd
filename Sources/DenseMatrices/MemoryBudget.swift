/// How much memory this process may still take, and who says so: what is asked before a large array is allocated, because a failed
/// allocation ends the process.
///
/// A value of a moment; the least of the limit of the address space, the limit of the control group and what the machine has free.
package struct MemoryBudget: Sendable, Equatable {
  /// Who grants the memory.
  package enum Source: Sendable, Equatable, CaseIterable {
    /// RLIMIT_AS less what is mapped (`ulimit -v`).
    case addressSpace
    /// The limit of a control group (container, batch job) less what it uses.
    case controlGroup
    /// What the machine has available.
    case machine
    /// A number given by the caller.
    case caller

    /// In words, behind "... GiB are available".
    package var words: String {
      switch self {
      case .addressSpace: return "below the limit of the address space (ulimit -v)"
      case .controlGroup: return "below the limit of the control group (container or batch job)"
      case .machine: return "on this machine"
      case .caller: return "in the budget given"
      }
    }
  }

  /// Bytes that may still be taken.
  package let available: Double
  /// Whose limit is the narrowest.
  package let source: Source
  /// Bytes of addresses that may still be mapped, touched or not; infinite without a limit.
  package let mappable: Double
  /// Bytes the process holds now.
  package let resident: Double
  /// The most bytes it ever held.
  package let highWater: Double

  /// A budget of a given size, of a process that holds nothing yet.
  package init(
    available: Double, source: Source = .caller, mappable: Double = .infinity, resident: Double = 0, highWater: Double = 0
  ) {
    self.available = available
    self.mappable = mappable
    self.source = source
    self.resident = resident
    self.highWater = highWater
  }

  /// Part of what is available that one computation may plan to take: other processes and the allocator want some too.
  package static let usable = 0.9

  /// The budget of one of several processes that begin at the same time on one machine.
  package func shared(among processes: Int) -> MemoryBudget {
    guard source != .addressSpace else { return self }
    return MemoryBudget(
      available: available / Double(max(processes, 1)), source: source, mappable: mappable, resident: resident,
      highWater: highWater)
  }

  /// True when `bytes` more fit.
  package func holds(_ bytes: Double) -> Bool { bytes <= Self.usable * available }

  /// Addresses that threads reserve beside what they use: a stack each, and a buffer of the linear algebra library for all but one. The
  /// library would wait for ever for a buffer that cannot be mapped.
  package static func reserved(by threads: Int) -> Double {
    Double(threads + 1) * 9 * 1_048_576 + Double(max(threads - 1, 0)) * 129 * 1_048_576
  }

  /// "1.5 GiB of memory; 0.2 GiB are available on this machine": what is needed and what there is, for messages.
  package func shortage(of bytes: Double) -> String {
    "about \(Self.words(bytes)) of memory; \(Self.words(max(available, 0))) are available \(source.words)"
  }

  /// A number of bytes in GiB or MiB, three digits.
  package static func words(_ bytes: Double) -> String {
    let gibibytes = bytes / 1_073_741_824
    return gibibytes >= 1 ? short(gibibytes) + " GiB" : short(bytes / 1_048_576) + " MiB"
  }

  private static func short(_ value: Double) -> String {
    guard value >= 0.01, value < 1e15 else { return "\(value)" }
    let scale = value < 10 ? 100.0 : value < 100 ? 10 : 1
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
