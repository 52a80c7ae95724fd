import DenseMatrices
import JunctionModel
import TransportCurrents
import TransportResults

/// What a junction and its computation consist of, in words.
struct JunctionDescription {
  typealias Row = ComputationDescription.Row
  let junction: Junction
  let points: OperatingPoints
  let units: UnitSystem
  let settings: ComputeSettings
  /// A number as text.
  let number: (Double) -> String

  init(_ request: SweepRequest, number: @escaping (Double) -> String) {
    (junction, points, units, settings) = (request.junction, request.points, request.units, request.settings)
    self.number = number
  }

  var description: ComputationDescription {
    let check: [Row] = settings.crossCheck ? [("cross check", "the energy current a second time, without the pair picture")] : []
    return ComputationDescription(
      parts: [("units", units.description)] + parts,
      wanted: [
        ("observables", settings.observables.map(\.rawValue).joined(separator: ", ")),
        ("level", settings.level.theory.describe(settings)), ("tolerance", number(settings.tolerance) + " (relative)"),
      ] + check)
  }

  private var parts: [Row] {
    junction.conductor.isEmpty ? [("electrons", "none: bosons alone")] + bosonRows : electronRows + bosonRows + pairRows
  }

  private var electronRows: [Row] {
    let conductor = junction.conductor
    let orbitals =
      counted(conductor.totalOrbitals, "orbital") + (conductor.overlap == nil ? "" : ", with an overlap matrix")
      + ", spin degeneracy \(number(conductor.spinDegeneracy))"
    let energies = units.outputFactor(of: .energy)
    let long = junction.bandwidth.map { bandwidth in
      [("long conductor", "\(conductor.orbitals) orbitals touched and kept, the others by a band of width \(bandwidth)")]
    }
    return [("conductor", orbitals)] + (long ?? [])
      + junction.electrodes.map {
        ("electrode \($0.name)", describe($0.kind, kept: conductor.whole?.kept, factor: energies))
      } + boundStateRows
  }

  private var pairRows: [Row] {
    let matrices = counted(nonzeroCouplings, "matrix that is not zero")
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

  private func describe(_ kind: ElectrodeKind, kept: [Int]?, factor: Double) -> String {
    switch kind {
    case .wideBand(let gamma):
      let orbitals = (0..<gamma.rows).filter { gamma[$0, $0].real != 0 }.map { kept?[$0] ?? $0 }
      let shown = orbitals.prefix(8).map(String.init).joined(separator: ", ") + (orbitals.count > 8 ? ", ..." : "")
      return "wide-band, \(counted(orbitals.count, "orbital")): \(shown), largest broadening "
        + number(gamma.largestMagnitude * factor)
    case .chain(let lead):
      return
        "chain at orbital \(kept?[lead.orbital] ?? lead.orbital), band \(number((lead.energy - 2 * abs(lead.hopping)) * factor)) to "
        + number((lead.energy + 2 * abs(lead.hopping)) * factor)
    case .periodic(let lead):
      let absorbs = lead.eta > 0 ? ", eta \(number(lead.eta * factor))" : ""
      let beside = lead.absorption.map { ", absorption on \(counted($0.orbitals.count, "orbital"))" } ?? ""
      return "periodic, \(counted(lead.cellSize, "orbital")) per cell" + absorbs + beside + bands(of: lead, factor: factor)
    case .table(let table):
      let ends = [table.energies.first, table.energies.last].map { number(($0 ?? 0) * factor) }
      return "table of \(table.energies.count) energies, \(ends[0]) to \(ends[1])"
    }
  }
}
