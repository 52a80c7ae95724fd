import Foundation
import JunctionModel
import Testing
import TransportResults

@testable import PairbathCommandSupport
@testable import Sweeps

@Suite("ProgressReporter")
struct ProgressReporterTests {
  @Test("writes lines at most once per second and about every tenth")
  func lines() {
    var reporter = ProgressReporter(.lines)
    let reports = (0...1000).compactMap { i in
      reporter.report(SweepProgress(stage: "states", done: i, total: 1000), at: Double(i) * 0.02)
    }
    #expect(reports.count >= 9 && reports.count <= 10)
    #expect(reports.first == "states: 10 % (100/1000), 2 s so far, about 18 s left\n")
    var quick = ProgressReporter(.lines)
    let early = (0...10).compactMap { quick.report(SweepProgress(stage: "s", done: $0, total: 10), at: 0.01) }
    #expect(early.isEmpty)
    let rest = quick.finish()
    #expect(rest == nil)
  }

  @Test("repaints a bar within the terminal's width and removes it")
  func bar() throws {
    for width in [5, 20, 40, 80, 200] {
      var reporter = ProgressReporter(.bar(width: width))
      _ = reporter.report(SweepProgress(stage: "pair kernel", done: 0, total: 50), at: 0)
      let report = reporter.report(SweepProgress(stage: "pair kernel", done: 25, total: 50), at: 10)
      let text = try #require(report)
      #expect(text.hasPrefix("\r") && text.hasSuffix("\u{1B}[K"))
      #expect(text.count - 4 < width)
      let endings = [reporter.finish(), reporter.finish()]
      #expect(endings == ["\r\u{1B}[K", nil])
    }
  }

  @Test("keeps silent when asked, and survives nonsense")
  func silent() {
    var quiet = ProgressReporter(.silent)
    let nothing = quiet.report(SweepProgress(stage: "s", done: 1, total: 1), at: 5)
    #expect(nothing == nil)
    var bar = ProgressReporter(.bar(width: 80))
    let odd = bar.report(SweepProgress(stage: "s", done: 3, total: 0), at: 0)
    #expect(odd?.contains("100 %") == true)
  }
}

@Suite("Reports")
struct ReportTests {
  @Test("the summary counts unstable states and shows the worst errors")
  func summary() {
    let text = RunSummary(SampleResults.dot(), seconds: 75, path: "my dot.nc").text
    #expect(text.contains("Double dot: 6 states, V (3) x dT (2), level sharp, 1 min 15 s"))
    #expect(text.contains("No steady state in 1 of 6 states (status 1)"))
    #expect(text.contains("pairbath show 'my dot.nc' --baths"))
    #expect(text.contains("1e-05"))
    let piped = RunSummary(SampleResults.dot(), seconds: 1, path: "-").text
    #expect(piped.contains("Written to standard output.") && !piped.contains("pairbath show"))
    #expect(RunSummary(TransportResult(), seconds: 0, path: "a.nc").text.contains("Nothing with an error estimate"))
  }

  @Test("the worst error leaves out zeros and NaN")
  func worst() {
    let variable = ResultVariable(
      name: "J", dimensions: ["V"], values: [0, .nan, 2, -4], errors: [1e-3, .nan, 1e-2, 1e-2], unit: "W", longName: "J")
    let worst = WorstError(variable)
    #expect(worst.largest == 4 && worst.toValue == 5e-3 && worst.toLargest == 2.5e-3)
    let zero = WorstError(ResultVariable(name: "J", dimensions: [], values: [0], errors: [0], unit: "W", longName: "J"))
    #expect(zero.toLargest == nil && zero.toValue == nil)
    let nothing = ResultVariable(name: "J", dimensions: [], values: [.nan], errors: [.nan], unit: "W", longName: "J")
    #expect(WorstError(nothing).largest == nil)
  }

  @Test("check prints parts, states and cost")
  func check() throws {
    let junction = try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5),
        Electrode("R", .chain(ChainLead(orbital: 1, energy: 0, hopping: 1, coupling: 0.5))),
      ])
    let point = OperatingPoint(chemicalPotentials: [0, 0], temperatures: [1, 1], bathTemperatures: [])
    let request = SweepRequest(
      title: "", units: .electronVolt, junction: junction, axes: [SweepAxis("V", [0, 1, 2])],
      points: OperatingPoints([point, point, point], electrodes: 2, baths: 0), settings: ComputeSettings())
    let text = CheckReport(request, plan: SweepPlan(states: 3, resultBytes: 24, workBytes: 2048, seconds: 0.5)).text
    #expect(text.contains("electrode L  ") && text.contains("wide-band, 1 orbital: 0, largest broadening 0.5"))
    #expect(text.contains("chain at orbital 1, band -2 to 2"))
    #expect(text.contains("3 points, 0 to 2"))
    #expect(text.contains("24 B result, 2 KiB work"))
    #expect(text.contains("modes") && text.contains("none"))
  }

  @Test("errors keep to the contract's exit codes")
  func codes() {
    #expect(CommandFailure(SolverError(.notConverged, "x"), model: "m.yaml").exitCode == 70)
    #expect(CommandFailure(SolverError(.linearAlgebra, "x"), model: "m.yaml").exitCode == 70)
    #expect(CommandFailure(SolverError(.tooLarge, "x"), model: "m.yaml").exitCode == 65)
    #expect(CommandFailure(SolverError(.interrupted, "x"), model: "m.yaml").exitCode == 130)
    let failure = CommandFailure(SolverError(.unsuitableModel, at: .baths, "no bath", hint: "Add one"), model: "m.yaml")
    #expect(failure.message == "m.yaml: baths: no bath. Add one")
    let crowded = SolverError(.tooLarge, at: .settings, "too much", hint: "Use \(part: .workers) 1, or \(part: .level): sharp")
    #expect(
      CommandFailure(crowded, model: "m.yaml").message == "m.yaml: compute: too much. Use --workers 1, or compute.level: sharp")
  }

  @Test("output paths are checked before work starts")
  func outputs() throws {
    #expect(OutputFile.stem(of: "a/b.c/model.yaml") == "model")
    #expect(OutputFile.stem(of: ".hidden") == ".hidden")
    #expect(OutputFile.inserting("J", into: "a.b/fig.svg") == "a.b/fig-J.svg")
    #expect(OutputFile.inserting("J", into: "a.b/fig") == "a.b/fig-J")
    try OutputFile.check("result.nc")
    try OutputFile.check(NSTemporaryDirectory() + "/x.nc")
    for path in ["/nowhere/x.nc", NSTemporaryDirectory(), "/dev/null/x.nc"] {
      do {
        try OutputFile.check(path)
        Issue.record("accepted \(path)")
      } catch { #expect(error.exitCode == 74) }
    }
    #expect(OutputFile.isSame("/tmp", "/tmp/.") && !OutputFile.isSame("/tmp", "/nowhere"))
  }
}
