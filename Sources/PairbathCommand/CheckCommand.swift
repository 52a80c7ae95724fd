import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// Reads a model and says what it understood.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a model and print what it means, without computing.")

  @OptionGroup var model: ModelOptions

  func run() throws {
    let document = try model.read()
    do {
      let plan = try SweepRunner().plan(SweepRequest(document))
      Terminal.print(CheckReport(document, plan: plan).text)
    } catch { throw CommandFailure(error, model: model.path, document: document) }
  }
}
