import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import Testing
import TransportResults

/// A value with the error the solver reports for it.
struct Reported {
  let value: Double
  let error: Double
}

/// The fast path as a user calls it: whole requests through `SweepRunner`, numbers by variable name.
enum FastPath {
  static let everyCurrent: [Observable] = [
    .energyCurrent, .bathEnergyCurrent, .chargeCurrent, .electrodeHeatCurrent, .entropyProduction, .modePopulation,
  ]
  static let everySpectrum: [Observable] = [.emission, .absorption, .pairDensity, .powerSpectrum]

  /// Without the second-order elastic correction, which has tests of its own (`SecondOrderTests`, `ConductanceTests`): the laws
  /// and twins here are those of the elastic and inelastic processes, in ranges where perturbation theory is not what is asked about.
  static func request(_ junction: Junction, _ points: [OperatingPoint], _ settings: ComputeSettings) -> SweepRequest {
    var settings = settings
    settings.elasticCorrection = .none
    return SweepRequest(
      title: "", units: .natural, junction: junction, axes: [SweepAxis("x", points.indices.map(Double.init))],
      points: OperatingPoints(points, electrodes: junction.electrodes.count, baths: junction.baths.count), settings: settings)
  }

  static func currents(
    _ junction: Junction, _ points: [OperatingPoint], level: ComputeSettings.Level = .sharp, tolerance: Double = 1e-9,
    workers: Int = 2
  ) throws -> TransportResult {
    try SweepRunner(workers: workers).run(
      request(junction, points, ComputeSettings(level: level, observables: everyCurrent, tolerance: tolerance)))
  }

  static func spectra(
    _ junction: Junction, _ point: OperatingPoint, frequencies: [Double], tolerance: Double = 1e-9
  ) throws -> FastSpectra {
    let result = try SweepRunner(workers: 2).run(
      request(
        junction, [point], ComputeSettings(observables: everySpectrum, tolerance: tolerance, frequencies: frequencies)))
    return FastSpectra(result: result, channels: junction.channels.count, modes: junction.bosons.count)
  }
}

/// Pair spectra of one state as matrices in the modes, in the junction's own convention.
struct FastSpectra {
  let result: TransportResult
  let channels: Int
  let modes: Int

  /// One matrix per channel at a frequency (by index), with the largest error of its elements.
  func matrices(_ name: String, frequency f: Int) -> [Matrix] {
    let variable = result.variable(name)!
    let frequencies = result.frequencies.count
    return (0..<channels).map { c in
      var m = Matrix(rows: modes, columns: modes)
      for i in 0..<modes {
        for j in 0..<modes {
          let index = 2 * (((c * modes + i) * modes + j) * frequencies + f)
          m[i, j] = Scalar(variable.values[index], variable.values[index + 1])
        }
      }
      return m
    }
  }

  func error(_ name: String, channel c: Int, mode m: Int, frequency f: Int) -> Double {
    result.variable(name)!.errors![2 * (((c * modes + m) * modes + m) * result.frequencies.count + f)]
  }
}

extension TransportResult {
  /// The numbers of a variable at one state, component by component.
  func reported(_ name: String, state: Int = 0) -> [Reported] {
    let variable = self.variable(name)!
    let states = stateCount
    return stride(from: state, to: variable.values.count, by: states).map {
      Reported(value: variable.values[$0], error: variable.errors?[$0] ?? 0)
    }
  }

  func numbers(_ name: String, state: Int = 0) -> [Double] { reported(name, state: state).map(\.value) }

  func isStable(state: Int = 0) -> Bool { variable("stable")!.values[state] == 1 }
}

/// Where two computations of one current differ by more than they say.
struct Agreement {
  private(set) var violations: [String] = []
  private(set) var worst = 0.0
  private(set) var worstWhere = ""

  static let names = [
    "energy_current", "energy_current_channel", "bath_energy_current", "charge_current_elastic", "charge_current_inelastic",
    "electrode_heat_current_elastic", "electrode_heat_current_inelastic", "mode_population",
  ]

  /// Compares every current of two results at their states; `map[name dimension]` permutes components of the second.
  mutating func compare(
    _ a: TransportResult, _ b: TransportResult, factor: Double = 1, electrodes: [Int]? = nil, tolerance: Double,
    only: [String] = Agreement.names, _ what: @autoclosure () -> String
  ) {
    for state in 0..<a.stateCount {
      guard a.isStable(state: state) == b.isStable(state: state) else {
        violations.append("stability differs at state \(state): \(what())")
        continue
      }
      guard a.isStable(state: state) else { continue }
      for name in only {
        let (x, y) = (a.reported(name, state: state), b.reported(name, state: state))
        let scaling = name.hasPrefix("mode_") || name.hasSuffix("elastic") && !name.hasSuffix("inelastic") ? 1 : factor
        let scale = x.reduce(0) { max($0, abs($1.value)) } * scaling
        for i in x.indices {
          let j = electrodes.map { Self.permuted(i, name: name, $0) } ?? i
          compare(
            scaling * x[i].value, scaling * x[i].error, y[j], scale: scale, tolerance: tolerance,
            "\(name)[\(i)] state \(state): \(what())")
        }
      }
    }
  }

  private static func permuted(_ i: Int, name: String, _ p: [Int]) -> Int {
    if name == "energy_current_channel" { return p[i / p.count] * p.count + p[i % p.count] }
    return name.hasPrefix("charge") || name.hasPrefix("electrode") ? p[i] : i
  }

  /// |x - y| must not exceed both errors, and not tolerance times scale either.
  mutating func compare(
    _ x: Double, _ error: Double, _ y: Reported, scale: Double, tolerance: Double, _ what: @autoclosure () -> String
  ) {
    if x == y.value { return }
    let deviation = abs(x - y.value)
    if deviation / scale > worst { (worst, worstWhere) = (deviation / scale, what()) }
    // 4e-15: the last digits of numbers computed in two orders of operations.
    if !(deviation <= error + y.error + 4e-15 * scale) {
      violations.append("not covered: \(x) (\(error)) and \(y.value) (\(y.error)), \(what())")
    } else if !(deviation <= tolerance * scale + 1e-290) {
      violations.append("outside tolerance: \(x) and \(y.value), relative \(deviation / scale), \(what())")
    }
  }
}
