import ComplexModule
import DenseMatrices
import JunctionModel
import TransportCurrents
import TransportResults

/// Where a steady state is lost between two states of a sweep.
struct Instability: Sendable {
  /// Values of all axes, the last one at the threshold, user's units; and how well that one is known.
  let axisValues: [Double]
  let error: Double
  /// Energy of the mode that becomes unstable, internal units, and its shape in the normal modes.
  let energy: Double
  let shape: [Scalar]
}

/// Follows the least damped mode along the last axis of a sweep and finds where its damping changes sign.
struct InstabilitySearch {
  private let solvers: Deferred<StateSolvers>
  private let request: SweepRequest

  init(_ solvers: Deferred<StateSolvers>, _ request: SweepRequest) {
    self.solvers = solvers
    self.request = request
  }

  /// All places along the last axis where `stable` changes between two known values; none without axes or without the model's expressions.
  func run(
    stable: [Double], _ work: ParallelWork
  ) throws(SolverError) -> [Instability] {
    guard let axis = request.axes.last, axis.values.count > 1, request.pointAt != nil else { return [] }
    // Of averaged rates, single junctions do not decide.
    guard !request.settings.keepsModeRates else { return [] }
    let changes = (1..<max(stable.count, 1)).filter { $0 % axis.values.count != 0 && abs(stable[$0] - stable[$0 - 1]) == 1 }
    let found = Slots<Instability?>(count: changes.count)
    let places = request
    let records = SlotRecords(slots: found, put: { $0.put(into: &$1) }, read: { Instability?.read(from: &$0) })
    try work.run(
      changes.count, stage: PieceStage("instabilities", key: "instabilities", role: .results, records: records),
      prepare: { () throws(SolverError) in try solvers.value() }, makeWorker: { MarginWorker($0) },
      body: { index, worker throws(SolverError) in
        let state = changes[index]
        let search = LostStability(places)
        found.set(index, try search.locate(between: state - 1, and: state, stableFirst: stable[state - 1] == 1, &worker))
      })
    return found.all.compactMap { $0 }
  }
}

/// Looks for one of them.
private struct LostStability {
  let request: SweepRequest
  /// The threshold is known to this fraction of the interval between two states.
  private static let resolution = 1e-9

  init(_ request: SweepRequest) { self.request = request }

  /// Regula falsi (Illinois) on the damping where it changes sign, halving on stability alone otherwise.
  func locate(
    between first: Int, and second: Int, stableFirst: Bool, _ worker: inout MarginWorker
  ) throws(SolverError) -> Instability? {
    var (a, b) = (request.axisValues(ofState: first), request.axisValues(ofState: second))
    let last = a.count - 1
    let interval = abs(b[last] - a[last])
    guard var low = try margin(a, true, &worker), var high = try margin(b, true, &worker) else { return nil }
    // A static instability has no pole near the real axis: the sign then says only whether the state is stable.
    let followsPole = (low.value > 0) == stableFirst && (high.value > 0) != stableFirst
    if !followsPole { (low, high) = (StabilityMargin(stable: stableFirst), StabilityMargin(stable: !stableFirst)) }
    var (fa, fb) = (low.value, high.value)
    var best = high.pole ?? low.pole
    for step in 0..<200 where abs(b[last] - a[last]) > Self.resolution * interval {
      var x = fa == fb || step % 4 == 3 ? 0.5 * (a[last] + b[last]) : (a[last] * fb - b[last] * fa) / (fb - fa)
      if !(min(a[last], b[last])...max(a[last], b[last])).contains(x) { x = 0.5 * (a[last] + b[last]) }
      var c = a
      c[last] = x
      guard let middle = try margin(c, followsPole, &worker) else { return nil }
      if middle.pole != nil { best = middle.pole }
      if (middle.value > 0) == (fa > 0) {
        (a, fa) = (c, middle.value)
        fb *= 0.5
      } else {
        (b, fb) = (c, middle.value)
        fa *= 0.5
      }
      if middle.value == 0 { b = c }
      if abs(middle.value) < 1e-13 * (middle.pole?.energy ?? 0) { (a, b) = (c, c) }
    }
    var values = b
    values[last] = 0.5 * (a[last] + b[last])
    let slope = abs(high.value - low.value) / interval
    // The damping is known to the tolerance of the run, relative to what it is a difference of.
    let doubt = slope > 0 ? request.settings.tolerance * max(abs(low.value), abs(high.value)) / slope : 0
    return Instability(
      axisValues: values, error: abs(b[last] - a[last]) + doubt, energy: best?.energy ?? 0,
      shape: best?.shape ?? [Scalar](repeating: .zero, count: request.junction.bosons.count))
  }

  private func margin(
    _ values: [Double], _ followsPole: Bool, _ worker: inout MarginWorker
  ) throws(SolverError) -> StabilityMargin? {
    guard let point = request.pointAt?(values) else { return nil }
    return try worker.margin(point, followsPole: followsPole)
  }
}

/// One worker's buffers for margins.
struct MarginWorker {
  private let level: (any LevelWorker)?
  private let reference: Double
  private var currents: StateCurrents

  init(_ solvers: StateSolvers) {
    level = solvers.level.makeWorker(StateIntegrator(), capacity: 1)
    reference = solvers.prepared.referenceEnergy
    let junction = solvers.prepared.junction
    currents = StateCurrents(
      electrodes: junction.electrodes.count, baths: junction.baths.count, modes: junction.bosons.count)
  }

  /// The margin of a state: the damping of the pole nearest to the axis, or stability as the whole state shows it.
  mutating func margin(_ point: OperatingPoint, followsPole: Bool) throws(SolverError) -> StabilityMargin? {
    guard let level else { return nil }
    let points = OperatingPoints(
      [point], electrodes: point.chemicalPotentials.count, baths: point.bathTemperatures.count)
    currents.reset()
    return try level.block(points, 0..<1).margin(
      OperatingState(points, state: 0, reference: reference), followsPole: followsPole, &currents)
  }
}

extension Instability? {
  func put(into writer: inout RecordWriter) {
    guard let self else { return writer.put(0) }
    writer.put(1)
    writer.put(self.axisValues)
    writer.put(self.error)
    writer.put(self.energy)
    writer.put(self.shape.flatMap { [$0.real, $0.imaginary] })
  }

  static func read(from reader: inout RecordReader) -> Instability?? {
    guard let has = reader.integer() else { return nil }
    guard has == 1 else { return .some(nil) }
    guard let values = reader.numbers(), let error = reader.number(), let energy = reader.number(),
      let flat = reader.numbers(), flat.count % 2 == 0
    else { return nil }
    let shape = stride(from: 0, to: flat.count, by: 2).map { Scalar(flat[$0], flat[$0 + 1]) }
    return .some(Instability(axisValues: values, error: error, energy: energy, shape: shape))
  }
}
