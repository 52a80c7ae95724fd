import ArgumentParser
import Pairbath
import PairbathCommandSupport

/// Linear response of a model.
struct LinearResponseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "linear-response",
    abstract: "Conductance, Seebeck, Peltier, thermal conductance and ZT near equilibrium.",
    discussion: """
      Prints the Onsager matrix over charge, electrode heats and boson heats, and what follows from it, at every state of \
      the model that is an equilibrium: one chemical potential, one temperature for electrodes and baths. Levels sharp and \
      landauer; no finite differences are taken.

        pairbath linear-response dot.yaml --set V=0 --set dT=0
        pairbath linear-response dot.yaml --set dT=0 --csv --output dot.csv
        pairbath linear-response dot.yaml --set 'mu={from: 8, to: 12, points: 81}' --set dT=0 -o dot.nc

      A sweep gives one set of tables per state; states of it that are no equilibria are left out. Over many states, the \
      same numbers are observables of 'pairbath run': onsager_matrix, linear_conductance, seebeck, peltier, \
      linear_thermal_conductance, figure_of_merit.
      """)

  @OptionGroup var model: ModelOptions

  @OptionGroup var accuracy: ToleranceOption

  @Flag(help: "Print comma-separated values, one row per state.") var csv = false
  @Flag(help: "Print JSON.") var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write to a file instead; a name ending in .nc makes a result file (NetCDF), - is standard output.", valueName: "FILE"),
    completion: .file())
  var output: String?

  @Flag(help: "Replace an existing output of another kind (never what the command reads).") var force = false

  @Option(help: ArgumentHelp("Number of threads; the numbers do not depend on it (default: all cores).", valueName: "n"))
  var workers: Int?

  func validate() throws {
    if csv && json { throw ValidationError("Choose one of --csv and --json.") }
    if let output, output.hasSuffix(".nc"), csv || json {
      throw ValidationError("--output: '\(output)' is a NetCDF file; leave out --csv and --json, or choose another ending.")
    }
    if let workers, workers < 1 { throw ValidationError("--workers: found \(workers); allowed: 1 or more.") }
  }

  func run() throws {
    Terminal.ignoreBrokenPipes()
    let document = try model.read(tolerance: accuracy.tolerance)
    if let output {
      try OutputGuard(inputs: document.inputs, force: force).check(output, for: output.hasSuffix(".nc") ? .result : .text)
    }
    guard document.hiddenAxes.isEmpty else {
      throw CommandFailure(
        FileError(
          .notSupported, in: document.file, at: [document.hiddenAxes[0].name == "k point" ? "k_points" : "q_points"],
          found: "wave vectors, over which coefficients are no averages",
          allowed: "a model without k_points", hint: "run averages transmission, conductance and onsager_matrix"))
    }
    let computation = document.computation { request in
      request.settings.rectifications = []
      request.settings.observables = LinearResponseReport.observables
      request.settings.crossCheck = false
    }
    let result = try model.compute(computation, of: document.header, runner: SweepRunner(workers: workers), progress: .standard())
    let states = (0..<document.points.count).filter { document.points.isEquilibrium($0) }
    try write(result, LinearResponseReport(result, states: states))
    try model.end(with: result, document.header)
  }

  private func write(_ result: TransportResult, _ report: LinearResponseReport) throws {
    if let output, output.hasSuffix(".nc") {
      do { try ResultFile.write(result, to: output) } catch { throw CommandFailure(error) }
      return
    }
    let text = csv ? try report.csv : json ? try report.json : report.text
    guard let output else { return Terminal.print(text) }
    do { try TextResultFile.write(text, to: output) } catch { throw CommandFailure(error) }
  }
}
