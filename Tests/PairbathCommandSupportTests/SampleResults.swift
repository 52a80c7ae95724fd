import TransportResults

import struct JunctionModel.SweepAxis

/// Small results with known numbers.
enum SampleResults {
  /// A double dot over V (3) and dT (2): everything the picture of baths needs; the last state unstable.
  static func dot(modes: [Double] = [1], extraAxes: Int = 0, withPairs: Bool = true) -> TransportResult {
    var result = TransportResult(
      title: "Double dot", units: .natural,
      axes: [SweepAxis("V", [-1, 0, 1]), SweepAxis("dT", [0, 0.5])] + (0..<extraAxes).map { SweepAxis("p\($0)", [1, 2]) },
      electrodeNames: ["L", "R"], bathNames: ["ph"], channelLabels: ["L>L", "L>R", "R>L", "R>R"], modeEnergies: modes)
    let count = result.stateCount
    let states = (0..<count).map { state in
      let v = result.axes[0].values[state / (count / 3)]
      return (v: v, dT: result.axes[1].values[state / (count / 6) % 2], isLast: state == count - 1)
    }
    let axes = result.axes.map(\.name)
    func add(
      _ name: String, _ labels: [String], _ unit: String, exact: Bool = false, _ f: (Int, Double, Double) -> Double
    ) {
      let columns = labels.reduce(1) { $0 * (result.length(of: $1) ?? 1) }
      let values = (0..<columns).flatMap { k in states.map { !exact && $0.isLast ? .nan : f(k, $0.v, $0.dT) } }
      result.variables.append(
        ResultVariable(
          name: name, dimensions: labels + axes, values: values, errors: exact ? nil : values.map { abs($0) * 1e-5 },
          unit: unit, longName: name))
    }
    add("energy_current", [], "energy unit^2/hbar") { _, v, d in 0.123456789 * v + 0.05 + d }
    if withPairs {
      add("energy_current_channel", ["channel"], "energy unit^2/hbar") { k, v, d in
        (0.123456789 * v + 0.05 + d) * [0.1, 0.4, 0.3, 0.2][k]
      }
      add("mode_pair_density", ["channel", "mode"], "energy unit") { k, v, _ in 0.01 * Double(k + 1) + 0.001 * v }
    }
    add("bath_energy_current", ["bath"], "energy unit^2/hbar") { _, v, d in 0.123456789 * v + 0.05 + d }
    add("mode_population", ["mode"], "1") { k, v, _ in Double(k) + 0.5 + v * v }
    add("chemical_potential", ["electrode"], "energy unit", exact: true) { k, v, _ in 10 + (k == 0 ? v / 2 : -v / 2) }
    add("temperature", ["electrode"], "energy unit", exact: true) { k, _, d in k == 0 ? 1 + d : 1 }
    add("bath_temperature", ["bath"], "energy unit", exact: true) { _, _, d in 1 - d / 2 }
    result.variables.append(
      ResultVariable(
        name: "stable", dimensions: axes, values: states.map { $0.isLast ? 0 : 1 }, errors: nil, unit: "1", longName: "stable"))
    return result
  }

  /// One state without axes.
  static func single() -> TransportResult {
    var result = TransportResult(title: "", electrodeNames: ["tip", "surface"])
    result.variables = [
      ResultVariable(
        name: "charge_current", dimensions: ["electrode"], values: [1.5e-6, -1.5e-6], errors: [0, 2e-12], unit: "A",
        longName: "current"),
      ResultVariable(name: "energy_current", dimensions: [], values: [0], errors: [0], unit: "W", longName: "J"),
    ]
    return result
  }
}
