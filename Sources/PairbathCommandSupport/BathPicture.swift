import Figures
import JunctionModel
import TransportCurrents
import TransportResults

/// The equivalent picture of one state: every electron-hole pair channel as a bosonic bath beside the real boson baths.
///
/// A channel a>b has chemical potential mu_a - mu_b and, if T_a = T_b, that temperature (paper 2019-11, eq. 4 and Fig. 1b).
package struct BathPicture {
  private let result: TransportResult
  private let position: [String: Int]
  private let state: Int
  private static let mostModes = 4
  private static let channelCurrent = Observable.energyCurrentChannel.rawValue
  private static let current = Observable.energyCurrent.rawValue
  private static let bathCurrent = Observable.bathEnergyCurrent.rawValue
  private static let density = ObservableDefinition.modePairDensity.name

  package init(_ result: TransportResult, state: Int) {
    self.result = result
    self.state = state
    position = StateSelection.position(of: state, in: result)
  }

  /// The picture as lines of text.
  package var lines: [String] {
    var out = ["State \(state + 1) of \(result.stateCount): \(StateSelection.description(of: state, in: result))"]
    if let stable = view(ResultQuantity.stable.name), stable.value(position) == 0 {
      out.append("No steady state exists here: the energy currents are not defined.")
    }
    if !Self.hasBosonsAlone(result) {
      out += ["", "Electron-hole pairs as baths (a>b: an electron from a ends in b)"] + TextTable(pairGroups, indent: "  ").lines
    }
    out += ["", "Boson baths"] + (result.bathNames.isEmpty ? ["  none"] : TextTable(bathGroups, indent: "  ").lines)
    return out
  }

  /// What is not in the result and how to get it.
  package static func missing(in result: TransportResult) -> [String] {
    let needed = [ResultQuantity.chemicalPotential, .temperature, .bathTemperature].map(\.name)
    let wanted = (needed + [channelCurrent, current, bathCurrent, density]).filter { name in
      if name == ResultQuantity.bathTemperature.name { return !result.bathNames.isEmpty }
      return name == bathCurrent || !hasBosonsAlone(result)
    }
    let missing = wanted.filter { result.variable($0) == nil }
    let states = missing.filter { needed.contains($0) }
    let observables = missing.filter { !states.contains($0) }
    var notes: [String] = []
    if !states.isEmpty {
      notes.append("Not in this file: \(states.joined(separator: ", ")); pairbath run writes them, compute it again.")
    }
    if !observables.isEmpty {
      notes.append(
        "Not in this file: \(observables.joined(separator: ", ")); request them in the model with "
          + "compute: {observables: [\(observables.joined(separator: ", "))]}")
    }
    return notes
  }

  private static func hasBosonsAlone(_ result: TransportResult) -> Bool {
    result.electrodeNames.isEmpty && !result.bathNames.isEmpty
  }

  private var pairGroups: [TextTable.Group] {
    let pairs = result.channelLabels.map(electrodes)
    let channels = result.channelLabels.indices
    var groups = [TextTable.Group("pair", [column(result.channelLabels + ["total"])])]
    groups.append(TextTable.Group("temperature", [column(pairs.map(temperature), unit(of: ResultQuantity.temperature.name))]))
    groups.append(TextTable.Group("mu_a - mu_b", [column(pairs.map(potential), unit(of: ResultQuantity.chemicalPotential.name))]))
    if let density = view(Self.density) {
      let modes = result.modeEnergies.indices.prefix(Self.mostModes).map { mode in
        TextTable.Column(
          label: "w = \(NumberFormatting.short(result.modeEnergies[mode]))", unit: density.variable.unit,
          cells: channels.map { number(density, [.channel: $0, .mode: mode]) })
      }
      let more = result.modeEnergies.count - modes.count
      groups.append(TextTable.Group("pair density at the modes" + (more > 0 ? " (\(more) more)" : ""), modes))
    }
    let currents = view(Self.channelCurrent)
    let total = view(Self.current)
    if let currents {
      let cells = channels.map { number(currents, [.channel: $0]) } + (total.map { [number($0, [:])] } ?? [])
      groups.append(TextTable.Group("energy current", [column(cells, currents.variable.unit)]))
      if let total { groups.append(TextTable.Group("share", [column(channels.map { share(currents, $0, total) })])) }
    }
    return groups
  }

  private var bathGroups: [TextTable.Group] {
    let baths = result.bathNames.indices
    var groups = [TextTable.Group(StandardDimension.bath.name, [column(result.bathNames)])]
    if let temperature = view(ResultQuantity.bathTemperature.name) {
      groups.append(
        TextTable.Group("temperature", [column(baths.map { number(temperature, [.bath: $0]) }, temperature.variable.unit)]))
    }
    if let current = view(Self.bathCurrent) {
      groups.append(
        TextTable.Group("energy current into it", [column(baths.map { number(current, [.bath: $0]) }, current.variable.unit)]))
    }
    return groups
  }

  private func view(_ name: String) -> VariableView? { result.variable(name).flatMap { VariableView($0, in: result) } }

  private func unit(of name: String) -> String { result.variable(name)?.unit ?? "" }

  private func column(_ cells: [String], _ unit: String = "") -> TextTable.Column { TextTable.Column(unit: unit, cells: cells) }

  /// The state with indices of other dimensions.
  private func place(_ indices: [StandardDimension: Int]) -> [String: Int] {
    indices.reduce(into: position) { $0[$1.key.name] = $1.value }
  }

  private func number(_ view: VariableView, _ indices: [StandardDimension: Int]) -> String {
    let place = place(indices)
    return NumberFormatting.text(view.value(place), error: view.error(place))
  }

  /// Indices of the electrodes of "L>R"; names may contain ">" themselves.
  private func electrodes(_ label: String) -> (from: Int, to: Int)? {
    for (a, from) in result.electrodeNames.enumerated() where label.hasPrefix(from + ">") {
      if let b = result.electrodeNames.firstIndex(of: String(label.dropFirst(from.count + 1))) { return (a, b) }
    }
    return nil
  }

  private func temperature(_ pair: (from: Int, to: Int)?) -> String {
    guard let pair, let view = view(ResultQuantity.temperature.name) else { return "?" }
    let texts = [pair.from, pair.to].map { electrode in
      NumberFormatting.short(view.value(place([.electrode: electrode])))
    }
    return texts[0] == texts[1] ? texts[0] : texts.joined(separator: "/")
  }

  private func potential(_ pair: (from: Int, to: Int)?) -> String {
    guard let pair, let view = view(ResultQuantity.chemicalPotential.name) else { return "?" }
    let values = [pair.from, pair.to].map { view.value(place([.electrode: $0])) }
    let difference = values[0] - values[1]
    // Rounding of the two potentials is no bias.
    let isZero = abs(difference) <= 1e-14 * max(abs(values[0]), abs(values[1]))
    return NumberFormatting.short(isZero ? 0 : difference)
  }

  private func share(_ currents: VariableView, _ channel: Int, _ total: VariableView) -> String {
    let whole = total.value(position)
    let part = currents.value(place([.channel: channel]))
    guard whole.isFinite, part.isFinite, whole != 0 else { return "-" }
    return NumberFormatting.plain(100 * part / whole, decimals: 1) + " %"
  }
}
