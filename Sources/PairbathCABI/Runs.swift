import CPairbath
import ModelFiles
import Pairbath
import PairbathCommandSupport
import Sweeps
import Synchronization

/// What `pairbath_monitor` is: told how far a run is; other than 0 ends it.
public typealias CMonitor = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int64, Int64) -> Int32

/// Asks a monitor of C about ten times a second, on the thread that called, and remembers that it wants an end.
final class Monitoring: Sendable {
  private let ended = Atomic<Bool>(false)

  /// True once the monitor wanted an end.
  var isEnded: Bool { ended.load(ordering: .relaxed) }

  func ask(_ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?, _ step: SweepProgress) {
    guard let monitor else { return }
    let answer = step.stage.withCString { monitor(context, $0, Int64(step.done), Int64(step.total)) }
    if answer != 0 { ended.store(true, ordering: .relaxed) }
  }
}

extension ModelBox {
  /// Computes every state; what the monitor ended keeps what is finished.
  func run(workers: Int?, _ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?) throws(CFailure) -> ResultBox {
    try run(model.computation, workers: workers, monitor, context)
  }

  /// The same of other states than those of the sweep, one for each row of values of its variables.
  func run(
    at rows: [[Double]], workers: Int?, _ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?
  ) throws(CFailure) -> ResultBox {
    guard case .junction(let document) = model else {
      throw .usage("model", found: "no junction", allowed: "a junction; other models are swept")
    }
    let computation: (any Computation)?
    do throws(FileError) { computation = try document.computation(at: rows) } catch { throw CFailure(error) }
    guard let computation else {
      throw .usage(
        "model", found: "variables that change the junction itself, or averages",
        allowed: "variables of the states; sweep the others")
    }
    return try run(computation, workers: workers, described: false, monitor, context)
  }

  private func run(
    _ computation: any Computation, workers: Int?, described: Bool = true, _ monitor: CMonitor?,
    _ context: UnsafeMutableRawPointer?
  ) throws(CFailure) -> ResultBox {
    let header = model.header
    let hashes: [String]
    do throws(FileError) { hashes = try header.inputHashes() } catch { throw CFailure(error) }
    let monitoring = Monitoring()
    do throws(SolverError) {
      var result = try SweepRunner(workers: workers).run(
        computation, progress: { monitoring.ask(monitor, context, $0) }, isCancelled: { monitoring.isEnded })
      result.inputHashes = hashes
      let reservations = computation.reservations(about: result)
      let shortfalls = result.shortfalls.map { CFailure($0, header).message }
      let code = StatusReport(result).exitCode()
      return ResultBox(
        result, notes: model.notes + StatusReport(result).lines + shortfalls + reservations,
        exitCode: code == 0 && !reservations.isEmpty ? 1 : code, inputs: model.inputs, described: described)
    } catch { throw error.code == .interrupted ? .interrupted : CFailure(error, header) }
  }
}

@_cdecl("pairbath_run")
public func runModel(
  _ model: OpaquePointer?, _ workers: Int32, _ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?, _ error: CFailurePlace?
) -> OpaquePointer? {
  reporting(to: error) { () throws(CFailure) in
    guard workers >= 0 else { throw .usage("workers", found: "\(workers)", allowed: "1 or more, or 0 for all cores") }
    return try ModelBox.at(model).run(workers: workers == 0 ? nil : Int(workers), monitor, context).pointer
  }
}

@_cdecl("pairbath_run_at")
public func runModelAt(
  _ model: OpaquePointer?, _ values: UnsafePointer<Double>?, _ count: Int64, _ workers: Int32, _ monitor: CMonitor?,
  _ context: UnsafeMutableRawPointer?, _ error: CFailurePlace?
) -> OpaquePointer? {
  reporting(to: error) { () throws(CFailure) in
    let box = try ModelBox.at(model)
    guard workers >= 0 else { throw .usage("workers", found: "\(workers)", allowed: "1 or more, or 0 for all cores") }
    guard count > 0, count < 1_000_000_000, let values else {
      throw .usage("values", found: "\(count) rows", allowed: "1 to 1000000000 rows of numbers")
    }
    let columns = box.model.computationAxisCount
    let rows = (0..<Int(count)).map { row in (0..<columns).map { values[row * columns + $0] } }
    return try box.run(at: rows, workers: workers == 0 ? nil : Int(workers), monitor, context).pointer
  }
}

@_cdecl("pairbath_model_plan")
public func planModel(
  _ model: OpaquePointer?, _ workers: Int32, _ seconds: UnsafeMutablePointer<Double>?, _ bytes: UnsafeMutablePointer<Int64>?,
  _ error: CFailurePlace?
) -> Int32 {
  let done: Void? = reporting(to: error) { () throws(CFailure) in
    let box = try ModelBox.at(model)
    do throws(SolverError) {
      let plan = try box.model.measuredPlan(workers: workers > 0 ? Int(workers) : nil)
      seconds?.pointee = plan.seconds
      bytes?.pointee = Int64(plan.peakBytes)
    } catch { throw CFailure(error, box.model.header) }
  }
  return done == nil ? -1 : 0
}
