import Dispatch
import Foundation
import Synchronization
import TransportResults

/// Finds out what a sweep will take by running parts of it: first the corners of its axes, then ever more states, until what a state costs
/// and what all of them share can be told apart.
///
/// Cost: about half a second, at most `limit`.
struct SweepProbe<Request: Computation>: Sendable {
  let runner: SweepRunner
  let computation: Request
  /// Seconds after which a part is abandoned.
  var limit = SweepPlan.probingLimit

  /// Seconds the whole sweep will take, or nil when its first part took longer than the limit or failed.
  ///
  /// The parts run on a thread of their own: not every piece of work can be broken off, and nobody is to wait for it.
  func seconds() -> Double? {
    let outcome = Outcome()
    let finished = DispatchSemaphore(value: 0)
    let probe = self
    DispatchQueue.global().async {
      let seconds = probe.measured { outcome.store($0) }
      outcome.store(seconds)
      finished.signal()
    }
    _ = finished.wait(timeout: .now() + .milliseconds(Int(1000 * limit)))
    return outcome.seconds
  }

  /// What has been found so far.
  private final class Outcome: Sendable {
    private let found = Mutex<Double?>(nil)

    func store(_ seconds: Double?) { found.withLock { $0 = seconds } }

    var seconds: Double? { found.withLock { $0 } }
  }

  /// Runs parts until they tell enough; `report` gets what is known after each.
  private func measured(_ report: (Double?) -> Void) -> Double? {
    let clock = ContinuousClock()
    let start = clock.now
    let states = computation.stateCount
    var measured: [(states: Double, seconds: Double)] = []
    var wanted = 1
    while true {
      guard let part = computation.thinned(to: wanted) else { break }
      let begin = clock.now
      let deadline = start.advanced(by: .milliseconds(Int(1000 * limit)))
      // A part that was ended tells nothing, even where it has finished some states.
      guard let result = try? runner.run(part, isCancelled: { ContinuousClock.now > deadline }), !result.isInterrupted else {
        break
      }
      let taken = begin.duration(to: clock.now).seconds
      measured.append((Double(part.stateCount), taken))
      report(extrapolated(measured))
      if part.stateCount == states { return taken }
      // Enough to tell, or more of it would take too long.
      if taken > 0.15, measured.count >= 2, Double(part.stateCount) >= 4 * measured[0].states { break }
      // One part alone cannot tell; two parts of the first's length fit into the limit.
      if start.duration(to: clock.now).seconds > (measured.count == 1 ? 0.5 : 0.3) * limit { break }
      wanted = 6 * part.stateCount
    }
    return extrapolated(measured)
  }

  /// Seconds of all states from those of parts; nil without any.
  private func extrapolated(_ measured: [(states: Double, seconds: Double)]) -> Double? {
    let states = computation.stateCount
    guard let last = measured.last else { return nil }
    guard measured.count > 1 else { return last.seconds * max(1, Double(states) / last.states) }
    // The first part also pays for what the process does once.
    let before = measured[measured.count - 2]
    let slope = max(last.seconds - before.seconds, 0) / (last.states - before.states)
    return last.seconds + slope * (Double(states) - last.states)
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + 1e-18 * Double(components.attoseconds) }
}

extension SweepPlan {
  /// Seconds after which a part of a sweep is abandoned that is run to measure its time.
  static let probingLimit = 5.0
}
