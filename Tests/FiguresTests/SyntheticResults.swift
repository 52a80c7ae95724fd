import Foundation
import TransportResults

import struct JunctionModel.SweepAxis

/// Results made of elementary functions, with every kind of dimension a figure can meet.
enum SyntheticResults {
  static func linspace(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
    (0..<count).map { from + (to - from) * Double($0) / Double(max(count - 1, 1)) }
  }

  static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

  /// Two axes V and dT in eV units, currents, channels and 34 modes; unstable states at large V when asked for.
  static func junction(
    voltages: Int = 61, differences: [Double] = [-100, -50, 0, 50, 100], modes: Int = 34, unstable: Bool = false,
    relativeError: Double = 1e-8
  ) -> TransportResult {
    var result = TransportResult(
      title: "Molecule_1 between gold {tips}", units: .electronVolt,
      axes: [SweepAxis("V", linspace(-1, 1, voltages)), SweepAxis("dT", differences)],
      electrodeNames: ["L", "R"], bathNames: ["ph"], channelLabels: ["L>L", "L>R", "R>L", "R>R"],
      modeEnergies: (0..<modes).map { 0.01 + 0.18 * pow(Double($0) / Double(max(modes - 1, 1)), 1.3) },
      frequencies: linspace(0.01, 0.4, 79), energies: linspace(-2, 2, 201))
    let states = result.axes[0].values.flatMap { v in result.axes[1].values.map { (v, $0) } }
    func broken(_ v: Double) -> Bool { unstable && v > 0.7 }
    func add(_ name: String, _ labels: [String], _ unit: String, _ longName: String, _ f: (Int, Double, Double) -> Double) {
      let count = labels.reduce(1) { $0 * (result.length(of: $1) ?? 1) }
      let values = (0..<count).flatMap { k in states.map { broken($0.0) ? Double.nan : f(k, $0.0, $0.1) } }
      var variable = ResultVariable(
        name: name, dimensions: labels + ["V", "dT"], values: values, errors: values.map { abs($0) * relativeError },
        unit: unit, longName: longName)
      (variable.symbol, variable.title) = symbols[name] ?? ("", "")
      result.variables.append(variable)
    }
    add("energy_current", [], "W", "energy current, electrons to bosons") { _, v, d in
      3e-9 * (v * v - 0.1 + 0.003 * d * (1 + 0.4 * v))
    }
    add("energy_current_channel", ["channel"], "W", "energy current leaving each pair bath") { k, v, d in
      1e-9 * (v * v * [0.1, 1, 0.4, 0.2][k] + 0.001 * d * Double(k))
    }
    add("charge_current", ["electrode"], "A", "charge current out of the electrode") { k, v, d in
      (k == 0 ? 1 : -1) * 2e-6 * (tanh(2 * v) + 0.001 * d)
    }
    add("mode_population", ["mode"], "1", "mode population") { k, v, _ in
      1 / (exp(result.modeEnergies[k] / 0.026) - 1) + max(abs(v) - result.modeEnergies[k], 0) * (1 + 0.1 * Double(k % 5))
    }
    let stable = states.map { broken($0.0) ? 0.0 : 1 }
    result.variables.append(
      ResultVariable(
        name: "stable", dimensions: ["V", "dT"], values: stable, errors: nil, unit: "1", longName: "1 where a steady state exists"
      ))
    return result
  }

  /// Symbols and titles, as results have them.
  private static let symbols = [
    "energy_current": ("*J*", "Energy current"), "energy_current_channel": ("*J*", "Energy current"),
    "charge_current": ("*I*", "Current"), "mode_population": ("*N*", "Mode population"),
  ]

  /// Sixteen channels between four electrodes.
  static func manyChannels() -> TransportResult {
    var result = TransportResult(axes: [SweepAxis("mu", linspace(-2, 2, 81))], electrodeNames: ["a", "b", "c", "d"])
    result.channelLabels = result.electrodeNames.flatMap { a in result.electrodeNames.map { "\(a)>\($0)" } }
    let values = (0..<16).flatMap { k in result.axes[0].values.map { 1e-4 * exp(-pow($0 - 0.1 * Double(k), 2)) * Double(k) } }
    result.variables = [
      ResultVariable(
        name: "energy_current_channel", dimensions: ["channel", "mu"], values: values, errors: nil,
        unit: "energy unit^2/hbar", longName: "energy current leaving each pair bath")
    ]
    return result
  }

  /// A spectrum with complex values per channel, mode, mode2 and frequency at one state, and a transmission.
  static func spectra(modes: Int = 2) -> TransportResult {
    var result = junction(voltages: 1, differences: [0], modes: modes)
    result.axes = []
    result.variables = []
    let frequencies = result.frequencies
    var values: [Double] = []
    for channel in 0..<4 {
      for a in 0..<modes {
        for b in 0..<modes {
          for w in frequencies {
            let center = 0.1 + 0.06 * Double(channel)
            values += [(a == b ? 1 : 0.2) / (1 + pow((w - center) / 0.03, 2)), a == b ? 0 : 0.1]
          }
        }
      }
    }
    result.variables.append(
      ResultVariable(
        name: "emission", dimensions: ["channel", "mode", "mode2", "frequency", "ri"], values: values,
        errors: values.map { _ in 0 }, unit: "eV", longName: "emission spectrum"))
    let transmission = [0, 1, 1, 0].flatMap { t in result.energies.map { e in Double(t) / (1 + e * e * 20) } }
    result.variables.append(
      ResultVariable(
        name: "transmission", dimensions: ["electrode", "electrode2", "energy"], values: transmission, errors: nil,
        unit: "1", longName: "transmission"))
    return result
  }
}

/// A folder for figures: kept in PAIRBATH_FIGURES when that is set, temporary otherwise.
func withFigureFolder(_ body: (String) throws -> Void) rethrows {
  if let kept = ProcessInfo.processInfo.environment["PAIRBATH_FIGURES"] {
    try body(kept)
    return
  }
  let folder = NSTemporaryDirectory() + "pairbath-figures-\(UInt64.random(in: 0...UInt64.max))"
  try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
