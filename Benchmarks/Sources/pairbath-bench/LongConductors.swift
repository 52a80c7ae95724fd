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

  /// `dense` holds every orbital in dense matrices.
  static func request(kind: String, orbitals: Int, dense: Bool) throws -> SweepRequest {
    let width = kind == "chain" ? 1 : ribbonWidth
    let cells = max(orbitals / width, 1)
    var inner = Matrix(rows: width, columns: width)
    for i in 0..<(width - 1) {
      inner[i, i + 1] = Scalar(-1, 0)
      inner[i + 1, i] = Scalar(-1, 0)
    }
    let outer = (-1.0) * Matrix.identity(width)
    let (first, last) = (Array(0..<width), Array(((cells - 1) * width)..<(cells * width)))
    let site = cells / 2 * width + width / 2
    let hamiltonian = try WholeConductor.cells(cells, inner, outer)
    let parts = JunctionParts(
      .sparse(hamiltonian: hamiltonian, overlap: nil, spinDegeneracy: 1),
      electrodes: [
        .init("L", .periodic(PeriodicLead(orbitals: first, h00: inner, h01: outer))),
        .init("R", .periodic(PeriodicLead(orbitals: last, h00: inner, h01: outer))),
      ], couplings: [[LocalMatrix(Matrix(diagonal: [0.05]), on: [site])]])
    let electrons: (conductor: Conductor, electrodes: [Electrode], coupling: Coupling)
    if dense {
      let all = JunctionParts(
        .dense(Conductor(hamiltonian: hamiltonian.dense)), electrodes: parts.electrodes, couplings: parts.couplings,
        needsAllLevels: true)
      electrons = try all.reduced()
    } else {
      electrons = try parts.reduced()
    }
    let junction = try Junction(
      conductor: electrons.conductor, electrodes: electrons.electrodes, bosons: BosonSystem(modes: [0.1]),
      baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])], coupling: electrons.coupling)
    let point = OperatingPoint(chemicalPotentials: [0.3, 0.15], temperatures: [0.002, 0.002], bathTemperatures: [0.002])
    return SweepRequest(
      title: "", units: .natural, junction: junction, axes: [], points: OperatingPoints([point], electrodes: 2, baths: 1),
      settings: ComputeSettings(level: .sharp, observables: [.energyCurrent], tolerance: 1e-8))
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
