import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// Reads a model and says what it understood.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate a model and print what it means, without computing.")

  @OptionGroup var model: ModelOptions

  func run() throws {
    let document = try model.readAny()
    do { Terminal.print(document.report(try document.plan())) } catch {
      throw CommandFailure(error, model: model.path, header: document.header)
    }
  }
}
