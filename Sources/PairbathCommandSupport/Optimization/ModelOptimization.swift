import BoundedSearch
import Figures
import Pairbath

/// A search for the numbers of a model that make an objective largest or smallest.
package struct ModelOptimization: Sendable {
  /// What was found.
  package struct Finding: Sendable {
    /// The best values, in the order of the parameters; nil when no point had a value.
    package let values: [Double]?
    /// The objective there, with its numerical error; not an error of where the maximum lies.
    package let objective: Estimate
    package let unit: String
    package let evaluations: Int
    package let ending: BoundedSearch.Ending
    /// Why points had no value: a sentence and how often.
    package let failures: [(reason: String, count: Int)]
  }

  /// The model's text and its name.
  let text: String
  let file: String
  private let parsed: ParsedModel
  private let arrays: [NamedArray]
  /// Changes behind `--set`.
  let overrides: [String]
  package let parameters: [ModelParameter]
  package let bounds: [ClosedRange<Double>]
  package let objective: ObjectiveProduct
  /// +1 to maximize, -1 to minimize.
  let sign: Double

  /// Checks everything that can be checked without computing. Throws failures with the place and the nearest name.
  package init(
    text: String, file: String, folder: String, arrays: [NamedArray] = [], overrides: [String], over names: [String],
    bounds: [ClosedRange<Double>], objective name: String, maximize: Bool
  ) throws(CommandFailure) {
    (self.text, self.file, self.arrays, self.bounds) = (text, file, arrays, bounds)
    sign = maximize ? 1 : -1
    var parameters: [ModelParameter] = []
    let model: ModelFile
    var kept: [String] = []
    do {
      parsed = try ParsedModel(text, named: file, folder: folder)
      model = try parsed.model(arrays: arrays, overrides: overrides)
      for override in overrides { kept.append(try ModelRewriting.keepingSweeps(override, in: text, file: file)) }
      for name in names { parameters.append(try ModelParameter.named(name, in: text, file: file, overrides: overrides)) }
    } catch { throw CommandFailure(error) }
    (self.parameters, self.overrides) = (parameters, kept)
    for (i, parameter) in parameters.enumerated() {
      if let twin = parameters[..<i].first(where: { $0.keyPath == parameter.keyPath }) {
        throw .usage("--over: found '\(parameter.name)' and '\(twin.name)', which are the same number; allowed: each once")
      }
    }
    let searched = SearchedModel(model)
    objective = try ObjectiveProduct(name, of: searched)
    guard model.hiddenAxes.isEmpty else {
      throw .usage(
        "found k_points, averages over wave vectors; allowed: models without them; next: compute the averages with run, or give one wave vector as numbers"
      )
    }
    let free = searched.axes.filter { axis in
      axis.values.count > 1 && !parameters.contains { $0.keyPath == ["sweep", axis.name] }
    }
    guard free.isEmpty else {
      let names = free.map(\.name)
      throw .usage(
        "the model sweeps \(names.joined(separator: ", ")), and a search needs one state; next: fix "
          + names.map { "--set \($0)=..." }.joined(separator: " ") + ", or name \(names.count == 1 ? "it" : "them") in --over")
    }
    do { _ = try SweepRunner().plan(searched.computing(objective.wanted).computation) } catch {
      throw CommandFailure(error, model: file, header: model.header)
    }
  }

  /// Searches. `progress` gets the evaluations done, about ten times a second while one takes longer; `isCancelled` is polled between
  /// pieces of work.
  package func run(
    evaluations: Int, tolerance: Double, progress: (Int) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> Finding {
    var best: (value: Estimate, unit: String)?
    var failures: [(reason: String, count: Int)] = []
    var done = 0
    let search = BoundedSearch(bounds: bounds, evaluations: evaluations, tolerance: tolerance)
    let outcome = search.maximize { point in
      guard !isCancelled() else { return .stop }
      let trial = evaluate(rounded(point), { progress(done) }, isCancelled)
      if case .interrupted = trial { return .stop }
      done += 1
      progress(done)
      switch trial {
      case .reading(let reading):
        if best.map({ sign * reading.value.value > sign * $0.value.value }) ?? true { best = reading }
        return .value(sign * reading.value.value)
      case .failure(let reason):
        if let i = failures.firstIndex(where: { $0.reason == reason }) {
          failures[i].count += 1
        } else if failures.count < 20 {
          failures.append((reason, 1))
        }
        return .undefined
      case .interrupted: return .stop
      }
    }
    return Finding(
      values: outcome.point.map(rounded), objective: best?.value ?? Estimate(.nan, error: .nan), unit: best?.unit ?? "",
      evaluations: outcome.evaluations, ending: outcome.ending, failures: failures)
  }

  /// The model with the values found, comments kept where possible.
  package func rewritten(with values: [Double]) throws(CommandFailure) -> ModelRewriting {
    do { return try ModelRewriting(of: text, file: file, changes: overrides + changes(values)) } catch {
      throw CommandFailure(error)
    }
  }

  private enum Trial {
    case reading((value: Estimate, unit: String))
    case failure(String)
    case interrupted
  }

  private func changes(_ values: [Double]) -> [String] { zip(parameters, values).map { $0.override($1) } }

  /// Twelve digits: what is written into the file is what was computed.
  private func rounded(_ values: [Double]) -> [Double] {
    zip(bounds, values).map { range, value in
      let short = Double(DecimalText.general(value, digits: 12)) ?? value
      return min(max(short, range.lowerBound), range.upperBound)
    }
  }

  private func evaluate(
    _ values: [Double], _ progress: () -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) -> Trial {
    let computation: any Computation
    do {
      let model = try parsed.model(arrays: arrays, overrides: overrides + changes(values))
      computation = SearchedModel(model).computing(objective.wanted).computation
    } catch { return .failure("the model is not valid there (\(error.found))") }
    do {
      let result = try SweepRunner().run(computation, progress: { _ in progress() }, isCancelled: isCancelled)
      guard !result.isInterrupted else { return .interrupted }
      guard result.states(.noSteadyState) == 0 else { return .failure("no steady state") }
      guard result.states(.notComputed) == 0 else { return .failure(result.shortfalls.first?.message ?? "not computed") }
      guard result.states(.toleranceMissed) == 0 else { return .failure("the tolerance was not reached") }
      guard let reading = objective.reading(in: result), reading.value.value.isFinite else {
        return .failure("\(objective.text) is not defined there")
      }
      return .reading(reading)
    } catch {
      guard error.code != .interrupted else { return .interrupted }
      return .failure(error.message)
    }
  }
}
