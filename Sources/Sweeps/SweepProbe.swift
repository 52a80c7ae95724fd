import Dispatch
import Foundation
import Synchronization
import SystemFiles
import TransportResults

/// Finds out what a sweep will take by running parts of it: first the corners of its axes, then ever more states. Its stages tell what a
/// state costs and what all of them share (`StageClock`).
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
    DispatchQueue(label: "pairbath.probe").async {
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

  /// A part that was run: its states, and where the time went.
  private struct Part {
    let states: Double
    var times = StageClock()
  }

  /// Runs parts until they tell enough; `report` gets what is known after each.
  private func measured(_ report: (Double?) -> Void) -> Double? {
    let clock = ContinuousClock()
    let start = clock.now
    let deadline = start.advanced(by: .milliseconds(Int(1000 * limit)))
    let states = computation.stateCount
    var measured: [Part] = []
    var wanted = 1
    while let part = computation.thinned(to: wanted) {
      let begin = clock.now
      var found = Part(states: Double(part.stateCount))
      let result = try? runner.run(
        part,
        progress: {
          found.times.note($0, at: begin.duration(to: clock.now).inSeconds)
          if measured.isEmpty, let seconds = begun(found) { report(seconds) }
        },
        isCancelled: { ContinuousClock.now > deadline })
      let taken = begin.duration(to: clock.now).inSeconds
      // A part that was ended tells nothing, unless it is the only one and some of its states were done.
      guard let result, !result.isInterrupted else {
        if measured.isEmpty { return begun(found) }
        break
      }
      found.times.finish(at: taken)
      measured.append(found)
      report(extrapolated(measured))
      if part.stateCount == states { return taken }
      // Enough to tell, or more of it would take too long.
      if taken > 0.15, measured.count >= 2, Double(part.stateCount) >= 4 * measured[0].states { break }
      // Two parts of the first's length fit into the limit.
      if start.duration(to: clock.now).inSeconds > (measured.count == 1 ? 0.5 : 0.3) * limit { break }
      wanted = 6 * part.stateCount
    }
    return extrapolated(measured)
  }

  /// Seconds of all states from a part of which some states are done; nil where none is.
  private func begun(_ part: Part) -> Double? {
    part.times.shareOfStates.map {
      part.times.shared + part.times.joint + part.times.states / $0 * Double(computation.stateCount) / part.states
    }
  }

  /// Seconds of all states from those of parts; nil without any. What the last part spent on its states goes with their number, what it
  /// spent for several at once with the slope between the last two parts, and the rest is spent once.
  private func extrapolated(_ measured: [Part]) -> Double? {
    guard let last = measured.last else { return nil }
    let states = Double(computation.stateCount)
    let apart = last.times.shared + last.times.states * max(1, states / last.states)
    guard measured.count > 1 else { return apart + last.times.joint }
    let before = measured[measured.count - 2]
    let slope = max(last.times.joint - before.times.joint, 0) / (last.states - before.states)
    return apart + last.times.joint + slope * (states - last.states)
  }
}

extension SweepPlan {
  /// Seconds after which a part of a sweep is abandoned that is run to measure its time.
  static let probingLimit = 4.0
}
