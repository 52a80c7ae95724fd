import ModelFiles
import Sweeps
import TransportResults

extension ModelDocument {
  /// The computation of the junction, or of one junction after another where the sweep changes it. `change` makes requests others.
  package func computation(_ change: @escaping @Sendable (inout SweepRequest) -> Void) -> any Computation {
    let isAveraged = !hiddenAxes.isEmpty
    let adapt: @Sendable (inout SweepRequest) -> Void = { request in
      change(&request)
      // Populations follow from averages.
      if isAveraged { _ = AveragedModes(request.junction, &request.settings) }
    }
    var whole = SweepRequest(self)
    whole.changingAxes = []
    adapt(&whole)
    let (rectifications, observables) = (whole.settings.rectifications, whole.settings.observables)
    let checked = computation(whole, adapt)
    guard !spins.isEmpty else { return checked }
    // Ratios of sums over spin channels are of the sums.
    whole.settings.rectifications = []
    return computation(whole, adapt).summed(
      over: spins, observables: observables, rectifications: rectifications, checked: checked)
  }

  /// The computation of a request, or of one junction after another where the sweep changes it.
  private func computation(
    _ whole: SweepRequest, _ adapt: @escaping @Sendable (inout SweepRequest) -> Void
  ) -> any Computation {
    let sweep: SystemSweep<SweepRequest>? = sweep(whole.settings.rectifications, whole: whole) {
      var request = SweepRequest($0)
      adapt(&request)
      request.settings.rectifications = []
      return request
    }
    return sweep ?? whole
  }

  /// The computation the model asks for.
  package var computation: any Computation { computation { _ in } }
}

extension RadiationDocument {
  /// The computation the model asks for.
  package var computation: any Computation {
    let sweep: SystemSweep<RadiationRequest>? = sweep { RadiationRequest($0) }
    return sweep ?? RadiationRequest(self)
  }
}

extension TerminalDocument {
  /// The computation the model asks for.
  package var computation: any Computation {
    let whole = TerminalRequest(self)
    let sweep: SystemSweep<TerminalRequest>? = sweep(settings.rectifications, whole: whole) {
      var request = TerminalRequest($0)
      request.settings.rectifications = []
      return request
    }
    return sweep ?? whole
  }
}

extension PairSpectraDocument {
  /// The computation the model asks for.
  package var computation: any Computation {
    let sweep: SystemSweep<PairSpectraRequest>? = sweep { PairSpectraRequest($0) }
    return sweep ?? PairSpectraRequest(self)
  }
}

extension ModelContent {
  /// The computation of one system after another, where the sweep changes the system; nil where it changes states only. `whole` has all
  /// states of the first system.
  fileprivate func sweep<Request: Computation>(
    _ rectifications: [Rectification] = [], whole: Request? = nil, _ request: @escaping @Sendable (Self) -> Request
  ) -> SystemSweep<Request>? {
    guard !systemAxes.isEmpty else { return nil }
    return SystemSweep(
      whole ?? request(self), systemAxes: systemAxes, rectifications: rectifications,
      system: { index throws(SolverError) in
        do throws(FileError) { return request(try system(index)) } catch {
          try SolverError.checkInterruption("reading a system")
          throw SolverError(.unsuitableModel, at: .states, "\(error)")
        }
      })
  }
}

extension ModelFile {
  /// The computation the model describes, whatever its kind.
  package var computation: any Computation {
    var computation: any Computation =
      switch self {
      case .junction(let document): document.computation
      case .bodies(let document): document.computation
      case .terminals(let document): document.computation
      case .pairSpectra(let document): document.computation
      }
    for axis in hiddenAxes { computation = computation.averagedOut(axis, modes: averagedModes) }
    return averages.isEmpty ? computation : computation.averaged(over: averages)
  }

  /// Populations of modes that follow from averages over wave vectors; nil where there are none.
  private var averagedModes: AveragedModes? {
    guard case .junction(let document) = self else { return nil }
    var settings = document.settings
    return AveragedModes(document.junction, &settings)
  }

  /// What the computation of the model will cost. Throws `SolverError` when it cannot be done.
  package func plan(workers: Int? = nil) throws(SolverError) -> SweepPlan { try SweepRunner(workers: workers).plan(computation) }

  /// The same with the time found by running parts of a junction's sweep, for about a second. Throws as `plan`.
  public func measuredPlan(workers: Int? = nil) throws(SolverError) -> SweepPlan {
    try SweepRunner(workers: workers).measuredPlan(computation)
  }

  /// Computes every state of the model. `progress` is called from the calling thread; `isCancelled` is polled between
  /// pieces of work. Throws `SolverError`; after cancellation with code `.interrupted`.
  public func run(
    workers: Int? = nil, progress: (SweepProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(SolverError) -> TransportResult {
    // What the data files are now: they may change while it runs.
    let hashes = (try? header.inputHashes()) ?? []
    var result = try SweepRunner(workers: workers).run(computation, progress: progress, isCancelled: isCancelled)
    result.inputHashes = hashes
    return result
  }
}
