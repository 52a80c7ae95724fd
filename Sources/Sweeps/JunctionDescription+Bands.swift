import ElectronSpectra
import JunctionModel

/// Bands of periodic leads, and states of the conductor that no band takes up, in words.
extension JunctionDescription {
  /// Orbitals up to which bound states are looked for.
  private static let largest = 64
  private static let listed = 4

  /// "bands -2 to -0.4, 0.4 to 2": the energies at which a lead conducts.
  func bands(of lead: PeriodicLead, factor: Double) -> String {
    let merged = Self.bands(of: lead)
    let words = merged.prefix(Self.listed).map {
      "\(number($0.lowerBound * factor)) to \(number($0.upperBound * factor))"
    }
    guard !words.isEmpty else { return "" }
    let more = merged.count > Self.listed ? ", and \(merged.count - Self.listed) above" : ""
    return ", \(merged.count == 1 ? "band" : "bands") " + words.joined(separator: ", ") + more
  }

  private static func bands(of lead: PeriodicLead) -> [ClosedRange<Double>] {
    guard let surface = try? SurfaceGreensFunction(lead), let ranges = try? surface.bandStructure().ranges else { return [] }
    return ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
      guard let last = merged.last, range.lowerBound <= last.upperBound else { return merged.append(range) }
      merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
    }
  }

  /// A row that names the bound states at energies of the sweep; none where every level has a width.
  var boundStateRows: [Row] {
    guard junction.conductor.totalOrbitals <= Self.largest, let found = try? boundStates, !found.isEmpty else { return [] }
    let bands = junction.electrodes.flatMap { electrode in
      switch electrode.kind {
      case .periodic(let lead): return Self.bands(of: lead)
      case .chain(let lead): return [(lead.energy - 2 * abs(lead.hopping))...(lead.energy + 2 * abs(lead.hopping))]
      case .wideBand, .table: return []
      }
    }
    let factor = units.outputFactor(of: .energy)
    let words = found.prefix(Self.listed).map { energy in
      number(energy * factor) + (bands.contains { $0.contains(energy) } ? " (within a band that does not reach it)" : "")
    }
    let more = found.count > Self.listed ? ", and \(found.count - Self.listed) more" : ""
    return [("bound states", "at \(words.joined(separator: ", "))\(more): they carry no current")]
  }

  private var boundStates: [Double] {
    get throws {
      guard junction.electrodes.contains(where: { if case .wideBand = $0.kind { false } else { true } }) else { return [] }
      let prepared = try PreparedJunction(junction, points: points, tolerance: settings.tolerance)
      return prepared.features.boundStates.map { $0 + prepared.referenceEnergy }.sorted()
    }
  }
}
