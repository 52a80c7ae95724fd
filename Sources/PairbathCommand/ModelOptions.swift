import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// The model file and changes to it, common to run and check.
struct ModelOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Model file (YAML), or - for standard input.", valueName: "MODEL.yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var path: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Change a parameter or a key of the model, for example V=0.3 or sweep.T.points=11; may be repeated.",
      valueName: "key=value"))
  var overrides: [String] = []

  func validate() throws {
    for override in overrides {
      guard let sign = override.firstIndex(of: "="), sign != override.startIndex else {
        throw ValidationError("--set: found '\(override)'; allowed: key=value, for example --set V=0.3.")
      }
    }
  }

  /// Says what is doubtful about a model, on standard error.
  func printNotes(of model: ModelFile) {
    for note in model.notes { Terminal.printError("pairbath: note: \(note)\n") }
  }

  /// Reads a model of any kind.
  func readAny(tolerance: Double? = nil) throws(CommandFailure) -> ModelFile {
    do { return try ModelFile.read(file: path, overrides: overrides, tolerance: tolerance) } catch {
      throw CommandFailure(error)
    }
  }

  /// Reads the model of a junction; a failure has the file, line and column where the fault is.
  func read(tolerance: Double? = nil) throws(CommandFailure) -> ModelDocument {
    do { return try ModelDocument.read(file: path, overrides: overrides, tolerance: tolerance) } catch {
      throw CommandFailure(error)
    }
  }
}
