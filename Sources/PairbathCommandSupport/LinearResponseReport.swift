import Figures
import JunctionModel
import ResultFiles
import SystemFiles
import TransportCurrents
import TransportResults

/// The coefficients of linear response of a result in tables, one set per equilibrium.
package struct LinearResponseReport {
  private let result: TransportResult
  /// States that are equilibria.
  package let states: [Int]

  /// Every observable the report prints.
  package static let observables: [Observable] = [
    .onsagerMatrix, .linearConductance, .seebeck, .peltier, .linearThermalConductance, .figureOfMerit,
  ]

  /// - Parameter states: indices of the equilibria.
  package init(_ result: TransportResult, states: [Int]) {
    self.result = result
    self.states = states
  }

  /// All tables.
  package var text: String {
    var lines = [heading]
    for state in states { lines += ["", ""] + tables(state) }
    return (lines + [""] + notes).joined(separator: "\n") + "\n"
  }

  /// Comma-separated values of the equilibria only.
  package var csv: String {
    get throws(CommandFailure) {
      do {
        let rows = try ResultTable(result).csv.split(separator: "\n")
        return ([rows[0]] + states.map { rows[$0 + 1] }).joined(separator: "\n") + "\n"
      } catch { throw CommandFailure(error) }
    }
  }

  /// JSON of all states, null where a state is no equilibrium.
  package var json: String {
    get throws(CommandFailure) {
      do { return try ResultTable(result).json } catch { throw CommandFailure(error) }
    }
  }

  private var heading: String {
    let count = result.stateCount
    let left = count - states.count
    return (result.title.isEmpty ? "" : PrintableText.line(result.title) + " | ")
      + "linear response, level \(result.level), relative tolerance "
      + NumberFormatting.short(result.tolerance)
      + (left > 0 ? "; \(states.count) of \(NumberFormatting.count(count, "state")) are equilibria, the others are left out" : "")
  }

  private var notes: [String] {
    let units =
      result.units == .electronVolt
      ? "charge currents in A, heat currents in W, forces dmu/eT in V/K and dT/T^2 in 1/K"
      : "every number in the model's energy unit with hbar = k_B = e = 1"
    return [
      "Onsager matrix: \(units); currents leave the reservoir.",
      "Between two electrodes: the other electrodes are open (no charge current) and keep their temperature, as the bosons do.",
      "Seebeck: difference of mu/e per temperature difference; Peltier: T times Seebeck; kappa without charge currents.",
      "In brackets: numerical error estimate in units of the last digits; without: below the digits shown.",
    ]
  }

  private func tables(_ state: Int) -> [String] {
    var lines = [place(state), ""]
    lines += onsager(state).lines
    if !result.electrodeNames.isEmpty { lines += [""] + conductances(state).lines }
    if result.electrodeNames.count > 1 {
      lines += [""] + pairs(state).lines
      if !result.bathNames.isEmpty { lines += [""] + bosonPairs(state).lines }
    }
    return lines + [""] + thermal(state).lines
  }

  /// "mu = 0.1 eV, T = 300 K (V = 0)".
  private func place(_ state: Int) -> String {
    let axes = result.axes.isEmpty ? "" : " (" + StateSelection.description(of: state, in: result) + ")"
    var parts: [String] = []
    if let mu = result.variable(ResultQuantity.chemicalPotential.name) {
      parts.append("mu = \(NumberFormatting.short(mu.values[state], digits: 8)) \(mu.unit)")
    }
    if let t = result.variable(ResultQuantity.temperature.name) ?? result.variable(ResultQuantity.bathTemperature.name) {
      parts.append("T = \(NumberFormatting.short(t.values[state], digits: 8)) \(t.unit)")
    }
    return "Equilibrium at " + parts.joined(separator: ", ") + axes
  }

  /// The text of one number, by indices of the leading dimensions.
  private func cell(_ quantity: ResultQuantity, _ indices: [Int], _ state: Int) -> String {
    guard let variable = result.variable(quantity.name), let view = VariableView(variable, in: result) else { return "" }
    var position = StateSelection.position(of: state, in: result)
    for (dimension, index) in zip(variable.dimensions, indices) { position[dimension] = index }
    return NumberFormatting.text(view.value(position), error: view.error(position))
  }

  private func unit(_ quantity: ResultQuantity) -> String { result.variable(quantity.name)?.unit ?? "" }

  private func onsager(_ state: Int) -> TextTable {
    let (electrodes, terminals) = (result.electrodeNames, result.terminalNames)
    let labels = electrodes.map { "charge \($0)" } + terminals.map { "heat \($0)" }
    func entry(_ x: Int, _ y: Int) -> String {
      let n = electrodes.count
      switch (x < n, y < n) {
      case (true, true): return cell(.onsagerChargeCharge, [x, y], state)
      case (true, false): return cell(.onsagerChargeHeat, [x, y - n], state)
      case (false, true): return cell(.onsagerHeatCharge, [x - n, y], state)
      case (false, false): return cell(.onsagerHeatHeat, [x - n, y - n], state)
      }
    }
    let columns = labels.indices.map { y in
      TextTable.Column(label: labels[y], cells: labels.indices.map { entry($0, y) })
    }
    return TextTable([
      TextTable.Group("Onsager matrix", [TextTable.Column(label: "current", cells: labels)]), TextTable.Group("force", columns),
    ])
  }

  private func conductances(_ state: Int) -> TextTable {
    let names = result.electrodeNames
    let columns = names.indices.map { b in
      TextTable.Column(
        label: names[b], unit: unit(.linearConductance),
        cells: names.indices.map { cell(.linearConductance, [$0, b], state) })
    }
    return TextTable([
      TextTable.Group("conductance matrix", [TextTable.Column(label: "current of", cells: names)]),
      TextTable.Group("voltage of", columns),
    ])
  }

  /// Every two electrodes once.
  private var electrodePairs: [(Int, Int)] {
    let n = result.electrodeNames.count
    return (0..<n).flatMap { a in ((a + 1)..<max(n, a + 1)).map { (a, $0) } }
  }

  private func name(_ pair: (Int, Int)) -> String { "\(result.electrodeNames[pair.0]) to \(result.electrodeNames[pair.1])" }

  private func pairs(_ state: Int) -> TextTable {
    let wanted: [(String, ResultQuantity)] = [
      ("G", .linearConductancePair), ("Seebeck", .seebeckElectrode), ("Peltier", .peltierElectrode),
      ("kappa", .linearThermalConductancePair), ("ZT", .figureOfMeritElectrode),
    ]
    return TextTable(
      [TextTable.Group("between electrodes", [TextTable.Column(cells: electrodePairs.map(name))])]
        + wanted.map { label, variable in
          TextTable.Group(
            label,
            [
              TextTable.Column(
                unit: unit(variable), cells: electrodePairs.map { cell(variable, [$0.0, $0.1], state) })
            ])
        })
  }

  private func bosonPairs(_ state: Int) -> TextTable {
    let rows = electrodePairs.flatMap { pair in result.bathNames.indices.map { (pair, $0) } }
    let wanted: [(String, ResultQuantity)] = [
      ("Seebeck", .seebeckBoson), ("Peltier", .peltierBoson), ("ZT", .figureOfMeritBoson),
    ]
    let thermal = ResultQuantity.linearThermalConductanceBoson
    return TextTable(
      [
        TextTable.Group("boson terminal", [TextTable.Column(cells: rows.map { result.bathNames[$0.1] })]),
        TextTable.Group("voltage, current", [TextTable.Column(cells: rows.map { name($0.0) })]),
      ]
        + wanted.map { label, variable in
          TextTable.Group(
            label,
            [TextTable.Column(unit: unit(variable), cells: rows.map { cell(variable, [$0.0.0, $0.0.1, $0.1], state) })])
        } + [
          TextTable.Group(
            "kappa to electrodes",
            [TextTable.Column(unit: unit(thermal), cells: rows.map { cell(thermal, [$0.1], state) })])
        ])
  }

  private func thermal(_ state: Int) -> TextTable {
    let names = result.terminalNames
    let variable = ResultQuantity.linearThermalConductance
    let columns = names.indices.map { y in
      TextTable.Column(label: names[y], unit: unit(variable), cells: names.indices.map { cell(variable, [$0, y], state) })
    }
    return TextTable([
      TextTable.Group("thermal conductance", [TextTable.Column(label: "heat leaving", cells: names)]),
      TextTable.Group("temperature of, no charge current", columns),
    ])
  }
}
