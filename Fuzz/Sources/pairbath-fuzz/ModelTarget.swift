@testable import DataFiles
@testable import ModelFiles
@testable import Pairbath
@testable import PairbathCommandSupport
@testable import Sweeps
@testable import TransportResults

/// Models: their text, their checks, and the plan of what would be computed.
struct ModelTarget: FuzzTarget {
  let name = "model"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    guard let text = String(validating: input, as: UTF8.self) else { return "no text" }
    _ = folder.unpack([], alone: "none")
    return try Self.checked(try ModelFile.read(text: Self.small(text), folder: folder.path))
  }

  /// What a model asks for honestly may take long: where it says how many of something, whole numbers keep three digits.
  static func small(_ text: String) -> String {
    let keys = ["sites", "cells", "grid", "quanta"]
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      guard keys.contains(where: { line.contains($0) }) else { return String(line) }
      var (digits, isFraction) = (0, false)
      return line.filter { character in
        digits = character.isNumber ? digits + 1 : 0
        if digits == 0 { isFraction = character == "." }
        return digits <= 3 || isFraction
      }
    }.joined(separator: "\n")
  }

  /// What `pairbath check` says without running a part.
  static func checked(_ model: ModelFile) throws(FileError) -> String {
    let computation = model.computation
    do throws(SolverError) {
      let plan = try SweepRunner(workers: 1).plan(computation)
      let report = CheckReport(computation, plan: plan).text
      require(!report.isEmpty && !report.contains("nan"), report)
      return "a model of \(computation.stateCount) states"
    } catch {
      return "no plan: \(error)"
    }
  }
}

/// Arithmetic, where models have it: of parameters, of states over a sweep with its derivatives, and as a change behind `--set`.
struct ExpressionTarget: FuzzTarget {
  let name = "expression"

  private static let model = """
    conductor: {hamiltonian: [[0.2, 0.1], [0.1, a]]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.1}
      R: {kind: wide-band, orbitals: [1], broadening: 0.1}
    parameters: {a: 0.5, b: a/2, x: 0}
    state:
      chemical_potential: {L: V/2, R: -V/2}
      temperature: {L: 300 K + T, R: 300 K}
    sweep: {V: {from: 0, to: 1, points: 3}, T: [0, 10]}
    compute: {observables: [charge_current], tolerance: 1e-6}

    """

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    guard let text = String(validating: input, as: UTF8.self) else { return "no text" }
    if let expression = try? ExpressionParser.parse(text) { _ = expression.names.count + (expression.literal == nil ? 0 : 1) }
    let line = text.replacing("\n", with: " ")
    _ = try? ModelFile.read(text: Self.model, overrides: ["parameters.x=\(line)", "parameters.a=b + x"])
    _ = try? ModelFile.read(text: Self.model, overrides: ["parameters.a=\(line)"])
    _ = try? ModelFile.read(text: Self.model, overrides: [line])
    return try ModelTarget.checked(try ModelFile.read(text: Self.model, overrides: ["state.chemical_potential.L=\(line)"]))
  }
}

/// A model with the arrays it names, in memory: what stands behind `@@ memory`.
struct ArraysTarget: FuzzTarget {
  let name = "arrays"

  func run(_ input: [UInt8], in folder: InputFolder) throws(FileError) -> String {
    guard let text = String(validating: input, as: UTF8.self) else { return "no text" }
    let parts = text.split(separator: "@@ memory\n", maxSplits: 1, omittingEmptySubsequences: false)
    let arrays = parts.count > 1 ? DatasetText(String(parts[1])).arrays : []
    return try ModelTarget.checked(try ModelFile.read(text: String(parts[0]), folder: folder.path, arrays: arrays))
  }
}
