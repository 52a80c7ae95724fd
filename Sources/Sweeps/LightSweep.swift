import BosonPropagators
import ElectronSpectra
import JunctionModel
import TransportCurrents
import TransportResults

/// Spectra of what the bosons carry away, over frequencies and states (Theory.md section 13); streamed over frequencies.
struct LightSweep {
  private let prepared: PreparedJunction
  private let environment: BosonEnvironment
  private let request: SweepRequest
  private let variables: [LightVariable]
  private let frequencies: [Double]
  /// States a worker treats together: bounds its memory.
  private static let block = 256

  init(_ prepared: PreparedJunction, _ environment: BosonEnvironment, _ request: SweepRequest, _ needs: Needs) {
    self.prepared = prepared
    self.environment = environment
    self.request = request
    variables = LightVariable.variables(of: needs.light)
    frequencies = request.settings.frequencies ?? request.junction.bosons.modeEnergies
  }

  /// One set of columns per variable: component (bath, frequency) or (frequency), then the states.
  func run(
    _ work: ParallelWork, _ progress: (SweepProgress) -> Void, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws(SolverError) -> [(LightVariable, ResultColumns)] {
    let (points, settings) = (request.points, request.settings)
    let (junction, count) = (prepared.junction, frequencies.count)
    let states = (0..<points.count).map { OperatingState(points, state: $0, reference: prepared.referenceEnergy) }
    let columns = variables.map {
      ResultColumns(components: ($0.isPerBath ? junction.baths.count : 1) * count, states: points.count)
    }
    let factors = variables.map { request.units.outputFactor(of: $0.quantity) }
    let (kernels, environment, wanted, all) = (prepared, environment, variables, frequencies)
    let wantsDispersion = settings.level == .dressed && settings.renormalization != .none
    let staticPart = wantsDispersion && settings.renormalization == .dynamic ? try kernels.staticDispersion() : nil
    try KernelStream(prepared: prepared, frequencies: frequencies).run(
      work, stage: "light", progress: progress, isCancelled: isCancelled,
      makeWorker: {
        LightSpectrumSolver(
          environment, electrodes: junction.electrodes.count, settings: settings, staticDispersion: staticPart)
      },
      body: { f, kernel, solver throws(SolverError) in
        let dispersion = wantsDispersion ? try kernels.dispersion(at: all[f]) : nil
        for start in stride(from: 0, to: states.count, by: Self.block) {
          let block = Array(states[start..<min(start + Self.block, states.count)])
          try solver.evaluate(kernel, dispersion: dispersion, states: block, tolerance: settings.tolerance) { s in
            for (v, variable) in wanted.enumerated() {
              let numbers = variable.numbers(solver, frequency: all[f])
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

/// A variable over the frequencies of light.
struct LightVariable: Sendable {
  let observable: Observable
  let isPerBath: Bool
  let quantity: Quantity
  let longName: String
  let sign: String

  /// The variables of observables: a total brings its parts along, each variable once.
  static func variables(of observables: [Observable]) -> [LightVariable] {
    var result: [LightVariable] = []
    for observable in observables {
      let family: [Observable]
      switch observable {
      case .energyCurrentSpectrum: family = [observable, .bathEnergyCurrentSpectrum]
      case .emissionSpectrum: family = [observable, .bathEmissionSpectrum, .bathAbsorptionSpectrum]
      default: family = [observable]
      }
      for member in family where !result.contains(where: { $0.observable == member }) { result.append(LightVariable(member)) }
    }
    return result
  }

  private init(_ observable: Observable) {
    self.observable = observable
    switch observable {
    case .energyCurrentSpectrum:
      (isPerBath, quantity) = (false, .powerSpectrum)
      (longName, sign) = ("energy current from electrons to bosons per energy of the boson", "positive from the electrons")
    case .bathEnergyCurrentSpectrum:
      (isPerBath, quantity) = (true, .powerSpectrum)
      (longName, sign) = (
        "energy current from electrons into each boson bath per energy of the boson", "positive into the bath"
      )
    case .emissionSpectrum:
      (isPerBath, quantity, sign) = (false, .rateSpectrum, "never negative")
      longName = "bosons emitted by the electrons per time and energy, absorption not subtracted"
    case .bathEmissionSpectrum:
      (isPerBath, quantity, sign) = (true, .rateSpectrum, "never negative")
      longName = "bosons emitted by the electrons into each bath per time and energy"
    case .bathAbsorptionSpectrum:
      (isPerBath, quantity, sign) = (true, .rateSpectrum, "never negative")
      longName = "bosons of each bath absorbed by the electrons per time and energy"
    default:
      (isPerBath, quantity, sign) = (false, .energy, "")
      longName = "chemical potential of the emitted bosons, w - T ln(B/E), at the mean electrode temperature"
    }
  }

  /// The numbers of the state the solver has just computed, internal units.
  func numbers(_ solver: LightSpectrumSolver, frequency w: Double) -> [Estimate] {
    func total(_ parts: [Estimate]) -> Estimate { parts.reduce(Estimate()) { $0.adding($1) } }
    switch observable {
    case .energyCurrentSpectrum: return [total(solver.net).scaled(by: w)]
    case .bathEnergyCurrentSpectrum: return solver.net.map { $0.scaled(by: w) }
    case .emissionSpectrum: return [total(solver.emission)]
    case .bathEmissionSpectrum: return solver.emission
    case .bathAbsorptionSpectrum: return solver.absorption
    default: return [solver.chemicalPotential]
    }
  }
}

extension Estimate {
  fileprivate func adding(_ other: Estimate) -> Estimate { Estimate(value + other.value, error: error + other.error) }
  fileprivate func scaled(by factor: Double) -> Estimate { Estimate(factor * value, error: abs(factor) * error) }
}

extension ResultAssembly {
  /// Spectra of the light; NaN where no steady state exists.
  mutating func addLight(_ found: [(LightVariable, ResultColumns)]) {
    let stable = result.variable("stable")?.values
    for (variable, columns) in found {
      var (values, errors) = columns.take()
      if let stable, !stable.isEmpty {
        for i in values.indices where stable[i % stable.count] == 0 { (values[i], errors[i]) = (.nan, .nan) }
      }
      append(
        ResultVariable(
          name: variable.observable.rawValue, dimensions: (variable.isPerBath ? ["bath"] : []) + ["frequency"] + axisNames,
          values: values, errors: errors, unit: unit(of: variable.quantity), longName: variable.longName,
          signConvention: variable.sign))
    }
  }
}
