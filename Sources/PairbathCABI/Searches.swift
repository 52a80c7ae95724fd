import CPairbath
import Pairbath
import PairbathCommandSupport
import Sweeps

/// The memory behind a `pairbath_optimum`.
private final class OptimumBox {
  let storage = CStorage()
  let record = UnsafeMutablePointer<pairbath_optimum>.allocate(capacity: 1)

  deinit { record.deallocate() }
}

extension ModelBox {
  fileprivate func optimize(
    _ search: pairbath_search, _ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?
  ) throws(CFailure) -> UnsafeMutablePointer<pairbath_optimum> {
    let optimization = try optimization(search)
    let monitoring = Monitoring()
    let total = Int(search.evaluations)
    let finding = optimization.run(
      evaluations: total, tolerance: search.tolerance,
      progress: { monitoring.ask(monitor, context, SweepProgress(stage: "search", done: $0, total: total)) },
      isCancelled: { monitoring.isEnded })
    guard let values = finding.values else {
      guard finding.ending != .stopped else { throw .interrupted }
      let reasons = OptimizationReport.failureNotes(finding).joined(separator: " ")
      throw CFailure(
        CommandFailure("no point inside the bounds had a value. \(reasons) Next: other bounds, or look with a run", exitCode: 70))
    }
    do throws(CommandFailure) {
      return record(finding, values, text: try optimization.rewritten(with: values).text)
    } catch { throw CFailure(error) }
  }

  private func optimization(_ search: pairbath_search) throws(CFailure) -> ModelOptimization {
    let names = CText.strings(search.names, count: search.count)
    guard !names.isEmpty, let lower = search.lower, let upper = search.upper else {
      throw .usage("over", found: "nothing", allowed: "names with the ends of their ranges")
    }
    guard search.evaluations >= 1, search.evaluations <= 10_000_000 else {
      throw .usage("evaluations", found: "\(search.evaluations)", allowed: "1 to 10000000")
    }
    guard search.tolerance >= 1e-12, search.tolerance < 1 else {
      throw .usage("tolerance", found: "\(search.tolerance)", allowed: "1e-12 to 1, for example 1e-4")
    }
    var bounds: [ClosedRange<Double>] = []
    for (i, name) in names.enumerated() {
      guard lower[i] < upper[i], (upper[i] - lower[i]).isFinite else {
        throw .usage(name, found: "the range \(lower[i]) to \(upper[i])", allowed: "finite ends, the lower one first")
      }
      bounds.append(lower[i]...upper[i])
    }
    do throws(CommandFailure) {
      return try ModelOptimization(
        text: text.text, file: text.file, folder: text.folder, arrays: arrays, overrides: overrides, over: names, bounds: bounds,
        objective: CText.string(search.objective) ?? "", maximize: search.maximize != 0)
    } catch { throw CFailure(error) }
  }

  private func record(
    _ finding: ModelOptimization.Finding, _ values: [Double], text: String
  ) -> UnsafeMutablePointer<pairbath_optimum> {
    let box = OptimumBox()
    let storage = box.storage
    box.record.initialize(
      to: pairbath_optimum(
        values: storage.list(values), count: Int64(values.count), objective: finding.objective.value,
        objective_error: finding.objective.error, unit: storage.text(finding.unit), evaluations: Int64(finding.evaluations),
        converged: finding.ending == .rested ? 1 : finding.ending == .stopped ? -1 : 0, model_text: storage.text(text),
        owner: Unmanaged.passRetained(box).toOpaque()))
    return box.record
  }
}

@_cdecl("pairbath_optimize")
public func optimizeModel(
  _ model: OpaquePointer?, _ search: UnsafePointer<pairbath_search>?, _ monitor: CMonitor?, _ context: UnsafeMutableRawPointer?,
  _ error: CFailurePlace?
) -> UnsafeMutablePointer<pairbath_optimum>? {
  reporting(to: error) { () throws(CFailure) in
    let box = try ModelBox.at(model)
    guard let search else { throw .usage("search", found: "NULL", allowed: "a pairbath_search") }
    return try box.optimize(search.pointee, monitor, context)
  }
}

@_cdecl("pairbath_optimum_free")
public func freeOptimum(_ optimum: UnsafeMutablePointer<pairbath_optimum>?) {
  guard let owner = optimum?.pointee.owner else { return }
  Unmanaged<OptimumBox>.fromOpaque(owner).release()
}
