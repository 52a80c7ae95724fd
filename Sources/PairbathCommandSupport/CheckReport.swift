import DenseMatrices
import JunctionModel
import ModelFiles
import Sweeps
import SystemFiles
import TransportCurrents
import TransportResults

/// What `check` understood of a model, as lines of text.
package struct CheckReport {
  let junction: Junction
  private let title: String
  let units: UnitSystem
  private let axes: [SweepAxis]
  private let settings: ComputeSettings
  private let plan: SweepPlan
  let points: OperatingPoints?

  package init(_ document: ModelDocument, plan: SweepPlan) {
    self.init(
      title: document.title, units: document.units, junction: document.junction, axes: document.axes,
      settings: document.settings, plan: plan, points: document.points)
  }

  package init(
    title: String, units: UnitSystem, junction: Junction, axes: [SweepAxis], settings: ComputeSettings, plan: SweepPlan,
    points: OperatingPoints? = nil
  ) {
    (self.title, self.units, self.junction, self.axes, self.settings, self.plan) = (title, units, junction, axes, settings, plan)
    self.points = points
  }

  /// The report.
  package var text: String {
    Self.aligned([("title", title.isEmpty ? "(none)" : title), ("units", unitText)] + parts + work)
  }

  /// Names and values in two columns.
  static func aligned(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { (PrintableText.line($0.0), PrintableText.line($0.1)) }.map { name, value in
      name + String(repeating: " ", count: width - name.count + 2) + value
    }.joined(separator: "\n") + "\n"
  }

  /// The sweep variables with their ends.
  static func sweepRows(_ axes: [SweepAxis]) -> [(String, String)] {
    axes.map { axis in
      let ends = [axis.values.first, axis.values.last].map { NumberFormatting.short($0 ?? 0) }
      return ("sweep \(axis.name)", "\(NumberFormatting.count(axis.values.count, "point")), \(ends[0]) to \(ends[1])")
    }
  }

  /// Memory and time.
  static func costRows(_ plan: SweepPlan) -> [(String, String)] {
    [
      (
        "memory",
        "\(NumberFormatting.bytes(plan.peakBytes)) in all: \(NumberFormatting.bytes(plan.resultBytes)) result, "
          + "\(NumberFormatting.bytes(plan.workBytes)) work, \(NumberFormatting.bytes(plan.workerBytes)) for each worker"
      ),
      ("expected time", time(plan)),
    ]
  }

  /// The time, and why it was not measured where it should have been.
  private static func time(_ plan: SweepPlan) -> String {
    let duration = NumberFormatting.duration(plan.seconds)
    return plan.timing == .abandoned
      ? "at least \(duration), counted from sizes: parts of the sweep take too long to run them" : duration
  }

  private var unitText: String {
    units == .natural ? "natural (hbar = k_B = e = 1, one energy unit)" : "energies eV, temperatures K, currents A, power W"
  }

  private var parts: [(String, String)] {
    junction.conductor.isEmpty ? [("electrons", "none: bosons alone")] + bosonRows : electronRows + bosonRows + pairRows
  }

  private var electronRows: [(String, String)] {
    let conductor = junction.conductor
    let orbitals =
      NumberFormatting.count(conductor.totalOrbitals, "orbital") + (conductor.overlap == nil ? "" : ", with an overlap matrix")
      + ", spin degeneracy \(NumberFormatting.short(conductor.spinDegeneracy))"
    let energies = units.outputFactor(of: .energy)
    let long = junction.bandwidth.map { bandwidth in
      [("long conductor", "\(conductor.orbitals) orbitals touched and kept, the others by a band of width \(bandwidth)")]
    }
    return [("conductor", orbitals)] + (long ?? [])
      + junction.electrodes.map {
        ("electrode \($0.name)", Self.describe($0.kind, kept: conductor.whole?.kept, factor: energies))
      }
  }

  private var pairRows: [(String, String)] {
    let matrices = NumberFormatting.count(nonzeroCouplings, "matrix that is not zero")
      .replacing("matrix that is not zeros", with: "matrices that are not zero")
    let channels = junction.channels
    return [
      ("coupling", "\(junction.coupling.convention.rawValue), \(matrices)"),
      (
        "channels",
        "\(channels.count): " + channels.prefix(9).map(junction.label).joined(separator: " ") + (channels.count > 9 ? " ..." : "")
      ),
    ]
  }

  private var nonzeroCouplings: Int { junction.coupling.matrices.count { $0.largestMagnitude > 0 } }

  private static func describe(_ kind: ElectrodeKind, kept: [Int]?, factor: Double) -> String {
    switch kind {
    case .wideBand(let gamma):
      let orbitals = (0..<gamma.rows).filter { gamma[$0, $0].real != 0 }.map { kept?[$0] ?? $0 }
      let shown = orbitals.prefix(8).map(String.init).joined(separator: ", ") + (orbitals.count > 8 ? ", ..." : "")
      return "wide-band, \(NumberFormatting.count(orbitals.count, "orbital")): \(shown), largest broadening "
        + NumberFormatting.short(gamma.largestMagnitude * factor)
    case .chain(let lead):
      return
        "chain at orbital \(kept?[lead.orbital] ?? lead.orbital), band \(NumberFormatting.short((lead.energy - 2 * abs(lead.hopping)) * factor)) to "
        + NumberFormatting.short((lead.energy + 2 * abs(lead.hopping)) * factor)
    case .periodic(let lead):
      return "periodic, \(NumberFormatting.count(lead.cellSize, "orbital")) per cell"
    case .table(let table):
      let ends = [table.energies.first, table.energies.last].map { NumberFormatting.short(($0 ?? 0) * factor) }
      return "table of \(table.energies.count) energies, \(ends[0]) to \(ends[1])"
    }
  }

  private var work: [(String, String)] {
    let check = settings.crossCheck ? [("cross check", "the energy current a second time, without the pair picture")] : []
    return Self.sweepRows(axes) + [
      ("states", "\(plan.states)"), ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
      ("level", settings.level.theory.describe(settings)),
      ("tolerance", NumberFormatting.short(settings.tolerance) + " (relative)"),
    ] + check + Self.costRows(plan)
  }
}
