import DenseMatrices
import JunctionFiles
import JunctionModel
import Sweeps
import TransportSolvers

/// What `check` understood of a model, as lines of text.
package struct CheckReport {
  private let junction: Junction
  private let title: String
  private let units: UnitSystem
  private let axes: [SweepAxis]
  private let settings: ComputeSettings
  private let plan: SweepPlan

  package init(_ document: ModelDocument, plan: SweepPlan) {
    self.init(
      title: document.title, units: document.units, junction: document.junction, axes: document.axes,
      settings: document.settings, plan: plan)
  }

  package init(
    title: String, units: UnitSystem, junction: Junction, axes: [SweepAxis], settings: ComputeSettings, plan: SweepPlan
  ) {
    (self.title, self.units, self.junction, self.axes, self.settings, self.plan) = (title, units, junction, axes, settings, plan)
  }

  /// The report.
  package var text: String {
    let rows = [("title", title.isEmpty ? "(none)" : title), ("units", unitText)] + parts + work
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in name + String(repeating: " ", count: width - name.count + 2) + value }
      .joined(separator: "\n") + "\n"
  }

  private var unitText: String {
    units == .natural ? "natural (hbar = k_B = e = 1, one energy unit)" : "energies eV, temperatures K, currents A, power W"
  }

  private var parts: [(String, String)] {
    let conductor = junction.conductor
    let orbitals =
      NumberFormatting.count(conductor.orbitals, "orbital") + (conductor.overlap == nil ? "" : ", with an overlap matrix")
      + ", spin degeneracy \(NumberFormatting.short(conductor.spinDegeneracy))"
    let energies = units.outputFactor(of: .energy)
    return [("conductor", orbitals)]
      + junction.electrodes.map { ("electrode \($0.name)", Self.describe($0.kind, factor: energies)) }
      + [("modes", modes)]
      + junction.baths.map { ("bath \($0.name)", describe($0)) }
      + [
        (
          "coupling",
          "\(junction.coupling.convention.rawValue), \(NumberFormatting.count(nonzeroCouplings, "matrix that is not zero"))"
            .replacing("matrix that is not zeros", with: "matrices that are not zero")
        )
      ]
      + [
        (
          "channels",
          "\(junction.channels.count): " + junction.channels.prefix(9).map(junction.label).joined(separator: " ")
            + (junction.channels.count > 9 ? " ..." : "")
        )
      ]
  }

  private var modes: String {
    let values = junction.bosons.modeEnergies.map { $0 * units.outputFactor(of: .energy) }
    guard let low = values.min(), let high = values.max() else { return "none" }
    let range = low == high ? NumberFormatting.short(low) : "\(NumberFormatting.short(low)) to \(NumberFormatting.short(high))"
    return "\(values.count) at \(range)" + (units == .natural ? "" : " " + units.label(of: .energy))
  }

  private var nonzeroCouplings: Int { junction.coupling.matrices.count { $0.largestMagnitude > 0 } }

  private func describe(_ bath: BosonBath) -> String {
    let all = bath.coordinates.count == junction.bosons.count
    let coordinates = all ? "all coordinates" : "coordinates " + bath.coordinates.map(String.init).joined(separator: ", ")
    switch bath.kind {
    case .ohmic(let friction):
      return "ohmic, friction \(NumberFormatting.short(friction * units.outputFactor(of: .energy))), \(coordinates)"
    case .drude: return "drude, \(coordinates)"
    case .chain: return "harmonic chain, \(coordinates)"
    case .periodic: return "periodic harmonic lead, \(coordinates)"
    case .table: return "tabulated, \(coordinates)"
    }
  }

  private static func describe(_ kind: ElectrodeKind, factor: Double) -> String {
    switch kind {
    case .wideBand(let gamma):
      let orbitals = (0..<gamma.rows).filter { gamma[$0, $0].real != 0 }
      let shown = orbitals.prefix(8).map(String.init).joined(separator: ", ") + (orbitals.count > 8 ? ", ..." : "")
      return "wide-band, \(NumberFormatting.count(orbitals.count, "orbital")): \(shown), largest broadening "
        + NumberFormatting.short(gamma.largestMagnitude * factor)
    case .chain(let lead):
      return
        "chain at orbital \(lead.orbital), band \(NumberFormatting.short((lead.energy - 2 * abs(lead.hopping)) * factor)) to "
        + NumberFormatting.short((lead.energy + 2 * abs(lead.hopping)) * factor)
    case .periodic(let lead):
      return "periodic, \(NumberFormatting.count(lead.cellSize, "orbital")) per cell"
    case .table(let table):
      let ends = [table.energies.first, table.energies.last].map { NumberFormatting.short(($0 ?? 0) * factor) }
      return "table of \(table.energies.count) energies, \(ends[0]) to \(ends[1])"
    }
  }

  private var work: [(String, String)] {
    let sweep = axes.map { axis in
      let ends = [axis.values.first, axis.values.last].map { NumberFormatting.short($0 ?? 0) }
      return ("sweep \(axis.name)", "\(NumberFormatting.count(axis.values.count, "point")), \(ends[0]) to \(ends[1])")
    }
    return sweep + [
      ("states", "\(plan.states)"), ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
      ("level", settings.level.rawValue), ("tolerance", NumberFormatting.short(settings.tolerance) + " (relative)"),
      ("memory", "\(NumberFormatting.bytes(plan.resultBytes)) result, \(NumberFormatting.bytes(plan.workBytes)) work"),
      ("expected time", NumberFormatting.duration(plan.seconds)),
    ]
  }
}
