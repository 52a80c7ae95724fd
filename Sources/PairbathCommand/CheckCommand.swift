import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// Reads a model and says what it understood.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a model and print what it means and what it will cost.",
    discussion: "The expected time comes from running a few states of the sweep, for about a second; nothing is written.")

  @OptionGroup var model: ModelOptions
  @OptionGroup var accuracy: ToleranceOption

  func run() throws {
    let document = try model.readAny(tolerance: accuracy.tolerance)
    model.printNotes(of: document)
    let computation = document.computation
    let plan: SweepPlan
    do { plan = try SweepRunner().measuredPlan(computation) } catch {
      throw CommandFailure(error, model: model.path, header: document.header)
    }
    Terminal.print(CheckReport(computation, plan: plan).text)
    // A part of the sweep may still be running on its thread, which the libraries' exit handlers would wait for or pull away from.
    if plan.timing == .abandoned { Terminal.leave(0) }
  }
}
