import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// Spectra of what the bosons carry away, over frequencies and states (Theory.md section 9); streamed over frequencies.
struct LightSweep {
  private let prepared: PreparedJunction
  private let environment: BosonEnvironment
  private let request: SweepRequest
  private let variables: [LightReading]
  private let frequencies: [Double]
  /// States a worker treats together: bounds its memory.
  private static let block = 256

  init(_ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest, _ needs: Needs) {
    self.prepared = prepared
    self.environment = environment
    self.request = request
    variables = LightReading.readings(of: needs.light)
    frequencies = request.frequencies
  }

  /// One set of columns per variable: component (bath, frequency) or (frequency), then the states.
  func run(
    _ work: ParallelWork, _ ledger: StateLedger
  ) throws(SolverError) -> [(LightReading, ResultColumns)] {
    let (points, settings) = (request.points, request.settings)
    let (junction, count) = (prepared.junction, frequencies.count)
    let states = (0..<points.count).map { OperatingState(points, state: $0, reference: prepared.referenceEnergy) }
    let columns = try variables.map { (variable) throws(SolverError) in
      try ResultColumns(components: (variable.isPerBath ? junction.baths.count : 1) * count, missingAt: points.count)
    }
    let factors = variables.map { request.units.outputFactor(of: $0.quantity.quantity) }
    let (kernels, environment, wanted, all) = (prepared, environment, variables, frequencies)
    let wantsDispersion = request.hasDispersion
    let staticPart = wantsDispersion && settings.renormalization == .dynamic ? try kernels.staticDispersion() : nil
    try KernelStream(prepared: prepared, frequencies: frequencies).run(
      work, ledger, stage: "light", columns: columns,
      makeWorker: {
        LightSpectrumSolver(
          environment, electrodes: junction.electrodes.count, settings: settings, staticDispersion: staticPart)
      },
      body: { f, kernel, solver, notes throws(SolverError) in
        let dispersion = wantsDispersion ? try kernels.dispersion(at: all[f]) : nil
        for start in stride(from: 0, to: states.count, by: Self.block) {
          try SolverError.checkInterruption("computing light")
          let block = Array(states[start..<min(start + Self.block, states.count)])
          try solver.evaluate(kernel, dispersion: dispersion, states: block) { s in
            notes.check("spectra of the light", error: solver.relativeError, state: start + s)
            for (v, variable) in wanted.enumerated() {
              let numbers = variable.numbers(solver, all[f])
              for (i, number) in numbers.enumerated() {
                columns[v].set(i * count + f, start + s, number, factor: factors[v])
              }
            }
          }
        }
      })
    return Array(zip(variables, columns))
  }
}

extension LightReading {
  /// The variables of observables: a total brings its parts along, each variable once.
  static func readings(of observables: [Observable]) -> [LightReading] {
    var result: [LightReading] = []
    for reading in observables.flatMap(\.definition.lightReadings)
    where !result.contains(where: { $0.quantity.name == reading.quantity.name }) { result.append(reading) }
    return result
  }
}

extension ResultAssembly {
  /// Spectra of the light; NaN where they depend on populations and no steady state exists.
  mutating func addLight(_ found: [(LightReading, ResultColumns)]) {
    let isBare = request.level.abilities.contains(.bareFlows)
    let stable = isBare ? nil : result.variable(ResultQuantity.stable.name)?.values
    for (variable, columns) in found {
      var (values, errors) = columns.take()
      if let stable, !stable.isEmpty {
        for i in values.indices where stable[i % stable.count] == 0 { (values[i], errors[i]) = (.nan, .nan) }
      }
      append(variable.quantity, values, errors)
    }
  }
}
