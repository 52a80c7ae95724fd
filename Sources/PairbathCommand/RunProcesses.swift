import ArgumentParser
import MessagePassing
import Pairbath
import PairbathCommandSupport
import ProcessGroups
import SystemFiles

/// The processes that compute one model together: this one alone, or all that an MPI launcher started.
struct RunProcesses {
  /// nil for this process alone.
  let group: (any ProcessGroup)?

  /// True in the process that speaks and writes.
  var isRoot: Bool { (group?.rank ?? 0) == 0 }

  /// Joins the processes that were started together. Throws where several were started that know nothing of each other.
  static func start() throws(CommandFailure) -> RunProcesses {
    let group: (any ProcessGroup)?
    do throws(ProcessLaunchError) { group = try MessagePassing.start() } catch {
      throw CommandFailure("\(error.found); next: \(error.hint)", exitCode: 64)
    }
    if group == nil, !MessagePassing.isAvailable, let launch = ProcessLaunch.ofThisProcess, let count = launch.count, count > 1 {
      throw CommandFailure(
        "\(launch.launcher) started \(count) processes, and this pairbath was built without MPI: each would compute the whole model; next: "
          + "build with 'make mpi', or use --part",
        exitCode: 64)
    }
    if let group, group.rank != 0 {
      Terminal.silence()
      // The root decides when they end.
      Interruption.waitsForOthers()
    }
    return RunProcesses(group: group)
  }

  /// Runs the work of this process and leaves the others as its end demands. Does not return where there are others.
  func leaving(_ body: () throws -> Void) throws {
    guard let group else { return try body() }
    do { try body() } catch let code as ExitCode {
      leave(group, code.rawValue)
    } catch {
      leave(group, failing: error)
    }
    leave(group, 0)
  }

  /// A result that is whole, whatever became of its states: all processes come to an end together.
  private func leave(_ group: any ProcessGroup, _ code: Int32) -> Never {
    // Others may be anywhere.
    if code == 130 { group.abort(code) }
    group.finish()
    Terminal.leave(isRoot ? code : 0)
  }

  private func leave(_ group: any ProcessGroup, failing error: any Error) -> Never {
    let failure = error as? CommandFailure
    let code = failure?.exitCode ?? 70
    if !isRoot {
      // Most failures are everybody's, and the root tells of them; so it does of the end of an interrupted run.
      Interruption.pause(seconds: code == 130 ? 60 : 3)
      Terminal.speak()
      Terminal.printError("pairbath: error: in process \(group.rank): \(failure?.message ?? "\(error)")\n")
    } else {
      let words = code != 130 && Interruption.isRequested ? "interrupted; nothing was written" : failure?.message ?? "\(error)"
      Terminal.printError("pairbath: error: \(words)\n")
    }
    group.abort(Interruption.isRequested ? 130 : code)
  }

  /// Throws for a model that only one process could read.
  func requireFile(_ path: String) throws(CommandFailure) {
    guard group != nil, path == StandardInput.path else { return }
    throw .usage("a model from standard input reaches one process only; next: write it to a file that all can read")
  }

  /// The threads of this process, and the share of memory that is its own.
  func runner(_ workers: Int?) -> SweepRunner { SweepRunner(workers: workers, sharing: group?.ranksOnNode ?? 1) }

  /// What the root exchanged with the others; nil for one process.
  var traffic: String? {
    guard let traffic = group?.traffic else { return nil }
    return
      "pairbath: process 0 took \(traffic.claims) claims, received \(traffic.messagesReceived) messages of together "
      + "\(NumberFormatting.bytes(traffic.bytesReceived)), and sent \(traffic.broadcasts) broadcasts of together "
      + "\(NumberFormatting.bytes(traffic.bytesBroadcast))\n"
  }

  /// How many processes there are and what they need; nil for one.
  func words(_ runner: SweepRunner, _ plan: SweepPlan) -> String? {
    guard let group else { return nil }
    let each = NumberFormatting.bytes(plan.peakBytes)
    let node = NumberFormatting.bytes(plan.peakBytes * group.ranksOnNode)
    return
      "pairbath: \(group.count) processes, \(group.ranksOnNode) of them on this machine, \(NumberFormatting.count(runner.workers, "thread")) "
      + "each; memory at most about \(each) per process, \(node) on this machine\n"
  }
}
