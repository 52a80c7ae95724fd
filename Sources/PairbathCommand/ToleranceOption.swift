import ArgumentParser

/// The relative tolerance, instead of the model's.
struct ToleranceOption: ParsableArguments {
  @Option(help: ArgumentHelp("Relative tolerance, instead of the model's.", valueName: "x"))
  var tolerance: Double?

  func validate() throws {
    guard let tolerance, !(tolerance > 0 && tolerance < 1) else { return }
    throw ValidationError("--tolerance: found \(tolerance); allowed: a number between 0 and 1, for example 1e-8.")
  }
}
