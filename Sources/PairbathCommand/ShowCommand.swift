import ArgumentParser
import Pairbath
import PairbathCommandSupport
import SystemFiles

/// Prints a result.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a result as a table.",
    discussion: """
      Numbers have as many digits as their error estimate justifies, with the error of the last digits in brackets; \
      --csv and --json print every digit. Large results are summarised first: name a variable for its rows. --baths prints the equivalent picture of a state: each electron-hole pair \
      channel as a bath with its temperature, chemical potential, pair density and energy current.
      """)

  @Argument(
    help: ArgumentHelp("Result file (NetCDF), or - for standard input.", valueName: "RESULT.nc"),
    completion: .file(extensions: ["nc"]))
  var path: String

  @Argument(help: ArgumentHelp("Variables to print (default: what was computed).", valueName: "VARIABLE"))
  var names: [String] = []

  @Flag(help: "Print comma-separated values.") var csv = false
  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "Print the electron-hole pairs as baths.") var baths = false
  @Flag(help: "Print every row, or with --baths every state.") var all = false

  @Option(help: ArgumentHelp("Print states with this axis value only (the nearest); may be repeated.", valueName: "NAME=VALUE"))
  var at: [String] = []

  func validate() throws {
    if [csv, json, baths].count(where: { $0 }) > 1 { throw ValidationError("Choose one of --csv, --json and --baths.") }
    if baths && !names.isEmpty {
      throw ValidationError("--baths prints fixed variables; leave out \(names.joined(separator: " ")).")
    }
  }

  func run() throws {
    let result = try readResult(path)
    if csv || json {
      _ = try StateTable(result, names: names)  // the same complaints about names
      return try export(try StateSelection.part(at, of: result))
    }
    if names.isEmpty && at.isEmpty && !all && !baths && result.stateCount > ResultOverview.mostStates {
      return Terminal.print(ResultOverview(result, path: path).text)
    }
    let states = try StateSelection.states(at, of: result)
    let hasStates = result.variable(ResultQuantity.chemicalPotential.name) != nil
    if baths && (result.modeEnergies.isEmpty && result.channelLabels.isEmpty || !result.channelLabels.isEmpty && !hasStates) {
      throw CommandFailure.usage("--baths: this result is not of a junction; it has no electron-hole pairs and no modes")
    }
    if baths { return try show(states, of: result) }
    let table = try StateTable(result, names: names, states: states)
    Terminal.print(table.text(rowLimit: all ? nil : 40, width: max(80, Terminal.width(otherwise: 120))))
  }

  private func export(_ result: TransportResult) throws(CommandFailure) {
    do {
      let table = try ResultTable(result, variables: names.isEmpty ? nil : names)
      let text = csv ? table.csv : table.json
      Terminal.print(text.hasSuffix("\n") ? text : text + "\n")
    } catch { throw CommandFailure(error) }
  }

  private func show(_ states: [Int], of result: TransportResult) throws {
    let shown = all ? states : Array(states.prefix(1))
    var lines: [String] = []
    for state in shown { lines += (lines.isEmpty ? [] : ["", ""]) + BathPicture(result, state: state).lines }
    lines.append("")
    if states.count > shown.count {
      let axes = result.axes.map { "--at \($0.name)=VALUE" }.joined(separator: " ")
      lines.append("This is 1 of \(states.count) states; choose one with \(axes), or print all with --all.")
    }
    lines += BathPicture.missing(in: result)
    while lines.last == "" { lines.removeLast() }
    Terminal.print(lines.joined(separator: "\n") + "\n")
  }
}

/// Reads a result file, or with "-" one that comes in at standard input, by way of a temporary file.
func readResult(_ path: String) throws(CommandFailure) -> TransportResult {
  guard path == StandardInput.path else {
    do { return try ResultFile.read(from: path) } catch { throw CommandFailure(error) }
  }
  let folder: ScratchFolder
  do { folder = try ScratchFolder() } catch { throw CommandFailure(error) }
  defer { folder.remove(["result.nc"]) }
  let copy = folder.file("result.nc")
  if let code = StandardInput.save(toNew: copy) {
    throw CommandFailure("\(StandardInput.name): found nothing that can be read (\(SystemCall.words(code)))", exitCode: 74)
  }
  do { return try ResultFile.read(from: copy) } catch { throw CommandFailure(error.moved(to: StandardInput.name)) }
}
