import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Searches for the best values of a model's numbers.
struct OptimizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "optimize", abstract: "Find the numbers of a model that make one number of its state largest.",
    discussion: """
      Searches inside bounds without derivatives: DIRECT looks around, a simplex polishes. The same command always does the \
      same. The result is the model file with the values found. Names are parameters, sweep variables, or key paths such as \
      electrodes.L.broadening; bounds are in the unit the file uses. Objectives are variables of the result with a label, \
      charge_current:L, photocurrent:cell, bath_heat_current:cold (two bodies and terminals too), and cooling_power, power, \
      efficiency, coefficient_of_performance, or products such as power*efficiency. Control-C writes the best so far.

        pairbath optimize dot.yaml --maximize cooling_power --over V,T --bounds V=-4:0,T=0.1:0.5
        pairbath optimize dot.yaml --minimize effective_temperature:0 --over conductor.energies.0 \\
          --bounds conductor.energies.0=10:11 --set V=-1
      """)

  @OptionGroup var model: ModelOptions

  @Option(help: ArgumentHelp("What to make largest.", valueName: "NUMBER")) var maximize: String?
  @Option(help: ArgumentHelp("What to make smallest.", valueName: "NUMBER")) var minimize: String?
  @Option(help: ArgumentHelp("What may change, joined by commas.", valueName: "NAME,NAME")) var over: [String] = []
  @Option(help: ArgumentHelp("Bounds of each, joined by commas.", valueName: "NAME=LOW:HIGH")) var bounds: [String] = []
  @Option(help: ArgumentHelp("Most evaluations.", valueName: "n")) var evaluations: Int = 300
  @Option(help: ArgumentHelp("The search rests when values move by less than this part of their ranges.", valueName: "x"))
  var tolerance: Double = 1e-4

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Model file with the values found (default: MODEL-optimum.yaml, in this folder); - is standard output.",
      valueName: "FILE.yaml"),
    completion: .file(extensions: ["yaml", "yml"]))
  var output: String?

  @Flag(help: "Replace an existing output that no search wrote (never what the command reads).") var force = false
  @Flag(help: "Print errors only.") var quiet = false

  func validate() throws {
    guard (maximize == nil) != (minimize == nil) else {
      throw ValidationError("Choose one of --maximize and --minimize, for example --maximize cooling_power.")
    }
    if evaluations < 1 || evaluations > 10_000_000 {
      throw ValidationError("--evaluations: found \(evaluations); allowed: 1 to 10000000.")
    }
    if !(tolerance >= 1e-12 && tolerance < 1) {
      throw ValidationError("--tolerance: found \(tolerance); allowed: 1e-12 to 1, for example 1e-4.")
    }
    if over.isEmpty { throw ValidationError("--over: found nothing; allowed: names joined by commas, for example --over V,T.") }
  }

  func run() throws {
    Terminal.ignoreBrokenPipes()
    let path = output ?? OutputFile.stem(of: model.path) + "-optimum.yaml"
    let names = try SearchOptions.names(over)
    let box = try SearchOptions.bounds(bounds, for: names)
    let (text, folder) = try readText()
    try outputs(text, folder).check(path, for: .model)
    let search = try ModelOptimization(
      text: text, file: StandardInput.name(of: model.path), folder: folder, overrides: model.overrides, over: names, bounds: box,
      objective: maximize ?? minimize ?? "", maximize: maximize != nil)
    try checkDataFiles(text, path: path)
    let clock = ContinuousClock()
    let start = clock.now
    let finding = runSearch(search) { start.duration(to: clock.now).inSeconds }
    try write(search, finding, to: path, seconds: start.duration(to: clock.now).inSeconds)
    if finding.ending == .stopped { throw ExitCode(130) }
  }

  /// What must not be overwritten: the model, and its data if it can be read at all; if not, the search says why.
  private func outputs(_ text: String, _ folder: String) -> OutputGuard {
    let found = try? ModelFile.read(text: text, named: model.path, folder: folder, overrides: model.overrides)
    var inputs = found?.inputs ?? InputFiles()
    if model.path != StandardInput.path { inputs.insert(model.path) }
    return OutputGuard(inputs: inputs, force: force)
  }

  private func readText() throws(CommandFailure) -> (text: String, folder: String) {
    do { return try ModelDocument.source(of: model.path) } catch { throw CommandFailure(error) }
  }

  /// Data files are named relative to the model file, so a model elsewhere must find them too.
  private func checkDataFiles(_ text: String, path: String) throws(CommandFailure) {
    do {
      _ = try ModelFile.read(text: text, named: path, folder: ModelDocument.folder(of: path), overrides: model.overrides)
    } catch {
      throw CommandFailure(
        "--output: in the folder of '\(path)' the model does not find its data files (\(error)); next: choose the model's folder",
        exitCode: 64)
    }
  }

  private func runSearch(_ search: ModelOptimization, _ seconds: () -> Double) -> ModelOptimization.Finding {
    var reporter = ProgressReporter(.standard(quiet: quiet))
    let finding = search.run(
      evaluations: evaluations, tolerance: tolerance,
      progress: { done in
        let step = SweepProgress(stage: "search", done: done, total: evaluations)
        if let text = reporter.report(step, at: seconds()) { Terminal.printProgress(text) }
      }, isCancelled: { Interruption.isRequested })
    if let text = reporter.finish() { Terminal.printProgress(text) }
    return finding
  }

  private func write(
    _ search: ModelOptimization, _ finding: ModelOptimization.Finding, to path: String, seconds: Double
  ) throws(CommandFailure) {
    guard let values = finding.values else {
      guard finding.ending != .stopped else {
        throw CommandFailure("interrupted before any point had a value; nothing was written", exitCode: 130)
      }
      let reasons = OptimizationReport.failureNotes(finding).joined(separator: " ")
      throw CommandFailure(
        "no point inside the bounds had a value; nothing was written. \(reasons) Next: other bounds, or look with pairbath run",
        exitCode: 70)
    }
    let report = OptimizationReport(search, finding, tolerance: tolerance)
    let rewriting = try search.rewritten(with: values)
    do { try ModelDocument.write(report.comments + rewriting.text, to: path) } catch { throw CommandFailure(error) }
    guard !quiet else { return }
    let words = report.text(seconds: seconds, path: path, keepsComments: rewriting.keepsComments)
    // A model on standard output stays alone there.
    if (try? OutputTarget(path))?.isStandardOutput == true { Terminal.printError(words) } else { Terminal.print(words) }
  }
}
