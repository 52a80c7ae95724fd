import Foundation
import Pairbath

/// Time and memory against length: chains and ribbons with one local mode between leads of their own kind, long path and dense path.
///
/// Every run is a process of its own (`pairbath-bench long-run KIND ORBITALS PATH`), so that its peak memory is its own.
enum LongConductors {
  static let ribbonWidth = 10
  /// What a run prints.
  struct Run {
    let seconds: Double
    /// Peak resident memory, bytes.
    let memory: Double
    let energyCurrent: Double
  }

  /// `dense` holds every orbital in dense matrices; else the model file's own choice.
  static func request(kind: String, orbitals: Int, dense: Bool) throws -> SweepRequest {
    let width = kind == "chain" ? 1 : ribbonWidth
    let cells = max(orbitals / width, 1)
    var request = SweepRequest(try ModelDocument.read(text: model(cells: cells, width: width)))
    if dense { request.junction = try denseJunction(cells: cells, width: width, bosons: request.junction) }
    return request
  }

  /// The orbital the mode couples to, in the middle.
  private static func site(cells: Int, width: Int) -> Int { cells / 2 * width + width / 2 }

  /// Equal cells between leads of the same cells.
  private static func model(cells: Int, width: Int) -> String {
    let inner = (0..<width).map { row in (0..<width).map { abs($0 - row) == 1 ? -1.0 : 0 } }
    let outer = (0..<width).map { row in (0..<width).map { $0 == row ? -1.0 : 0 } }
    let last = (cells - 1) * width
    return """
      units: natural
      conductor: {periodic: {cells: \(cells), H00: \(inner), H01: \(outer)}}
      electrodes:
        L: {kind: periodic, orbitals: \(Array(0..<width)), H00: \(inner), H01: \(outer)}
        R: {kind: periodic, orbitals: \(Array(last..<(last + width))), H00: \(inner), H01: \(outer)}
      bosons: {modes: [0.1]}
      baths:
        ph: {kind: ohmic, friction: 0.01}
      coupling:
        convention: dimensionless
        matrices: [{orbitals: [\(site(cells: cells, width: width))], matrix: [[0.05]]}]
      state:
        chemical_potential: {L: 0.3, R: 0.15}
        temperature: 0.002
      compute: {level: sharp, observables: [energy_current], tolerance: 1e-8}
      """
  }

  /// The same junction with the matrices written out; bosons, baths and leads of `bosons`.
  private static func denseJunction(cells: Int, width: Int, bosons junction: Junction) throws -> Junction {
    let size = cells * width
    var hamiltonian = Matrix(rows: size, columns: size)
    for i in 0..<size {
      for j in [i + 1, i + width] where j < size && (j == i + width || j % width != 0) {
        hamiltonian[i, j] = Scalar(-1, 0)
        hamiltonian[j, i] = Scalar(-1, 0)
      }
    }
    var coupling = Matrix(rows: size, columns: size)
    let site = site(cells: cells, width: width)
    coupling[site, site] = Scalar(0.05, 0)
    let electrodes = [("L", 0), ("R", size - width)].map { name, first in
      Electrode(name, .periodic(lead(orbitals: Array(first..<(first + width)))))
    }
    return try Junction(
      conductor: Conductor(hamiltonian: hamiltonian), electrodes: electrodes, bosons: junction.bosons, baths: junction.baths,
      coupling: Coupling(.dimensionless, [coupling]))
  }

  /// A lead of the conductor's own cells.
  private static func lead(orbitals: [Int]) -> PeriodicLead {
    var inner = Matrix(rows: orbitals.count, columns: orbitals.count)
    for i in 0..<(orbitals.count - 1) {
      inner[i, i + 1] = Scalar(-1, 0)
      inner[i + 1, i] = Scalar(-1, 0)
    }
    return PeriodicLead(orbitals: orbitals, h00: inner, h01: (-1.0) * Matrix.identity(orbitals.count))
  }

  /// One run in this process.
  static func run(kind: String, orbitals: Int, dense: Bool) throws -> Run {
    var energy = 0.0
    let time = try seconds {
      energy = try SweepRunner(workers: 1).run(request(kind: kind, orbitals: orbitals, dense: dense))
        .variable("energy_current")!.values[0]
    }
    return Run(seconds: time, memory: peakMemory(), energyCurrent: energy)
  }

  /// The largest resident set of this process, from the kernel; 0 where there is no /proc.
  private static func peakMemory() -> Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first ?? line.split(separator: "\t").dropFirst().first
    else { return 0 }
    return 1024 * (Double(kilobytes.filter(\.isNumber)) ?? 0)
  }

  /// The table of Documentation/Performance.md, one line per chain; up to 300 orbitals the matrices are dense. Ribbons by `long-run`.
  static func table() throws -> String {
    var lines = ["# kind orbitals path seconds MiB energy_current"]
    let program = CommandLine.arguments[0]
    for orbitals in [1, 10, 100, 300, 1000, 3000, 10_000, 30_000, 100_000] {
      let (output, _) = try runProgram(program, ["long-run", "chain", "\(orbitals)", "default"])
      lines.append(output.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    return lines.joined(separator: "\n")
  }

  /// `long-run KIND ORBITALS PATH`.
  static func line(_ arguments: [String]) throws -> String {
    guard arguments.count == 3, let orbitals = Int(arguments[1]) else {
      throw BenchmarkError(message: "long-run takes a kind, a number of orbitals and a path")
    }
    let result = try run(kind: arguments[0], orbitals: orbitals, dense: arguments[2] == "dense")
    return String(
      format: "%@ %d %@ %.4f %.1f %.15g", arguments[0], orbitals, arguments[2], result.seconds, result.memory / 1_048_576,
      result.energyCurrent)
  }
}
