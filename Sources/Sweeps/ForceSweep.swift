import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// Current-induced forces: the four parts of the electrons' self-energy of the bosons at the frequencies wanted, in the
/// normal modes, mass-weighted (Theory.md section 4).
struct ForceSweep {
  private let prepared: PreparedJunction
  private let request: SweepRequest
  private let readings: [ForceReading]
  private let frequencies: [Double]

  init(_ prepared: PreparedJunction, _ request: SweepRequest, _ needs: Needs) {
    self.prepared = prepared
    self.request = request
    readings = needs.forces.compactMap { if case .force(let reading) = $0.definition.source { reading } else { nil } }
    frequencies = request.frequencies
  }

  /// One set of columns per reading: component (mode, mode2, frequency), then the states.
  func run(
    _ work: ParallelWork, _ ledger: StateLedger
  ) throws(SolverError) -> [(ForceReading, ResultColumns)] {
    if let zero = frequencies.first(where: { $0 <= 0 }) {
      throw SolverError(
        .unsuitableModel, at: .frequencies, "forces are wanted at frequency \(zero)",
        hint: "Friction is a limit at zero frequency: ask for a small positive one")
    }
    let modes = prepared.junction.bosons.count
    let points = request.points
    let columns = try readings.map { _ throws(SolverError) in
      try ResultColumns(components: modes * modes * frequencies.count, missingAt: points.count)
    }
    let (kernels, all, wanted) = (prepared, frequencies, readings)
    let factors = readings.map { request.units.outputFactor(of: $0.quantity.quantity) }
    let renormalization = request.settings.renormalization
    try ledger.stage { stage throws(SolverError) in
      try ledger.run(
        StateStage("forces", columns, .frequencies(count: all.count, first: 0)), all.count, work, in: stage,
        prepare: { () throws(SolverError) in }, makeWorker: { $0 },
        body: { f, _, notes throws(SolverError) in
          let solver = try ForceSolver(kernels, frequency: all[f], renormalization: renormalization)
          for state in 0..<points.count {
            try SolverError.checkInterruption("computing forces")
            let parts = solver.parts(OperatingState(points, state: state, reference: kernels.referenceEnergy))
            if parts.error > 0 { notes.check("forces", error: parts.error / parts.scale, state: state) }
            for (o, reading) in wanted.enumerated() {
              for pair in 0..<(modes * modes) {
                columns[o].set(pair * all.count + f, state, reading.part(parts, pair), factor: factors[o])
              }
            }
          }
        })
      stage.note { $0.finish(0..<points.count) }
    }
    return Array(zip(readings, columns))
  }
}
