import DenseMatrices
import JunctionModel

/// The bosons and their baths in words.
extension JunctionDescription {
  var bosonRows: [Row] {
    let baths = junction.baths.enumerated().map { ("bath \($1.name)", describe($1) + supply($0)) }
    guard junction.bosons.count > 0 else { return [("modes", "none")] }
    return [("modes", modes)] + baths + [("reservoirs", reservoirs)]
  }

  /// What the bosons exchange energy with.
  private var reservoirs: String {
    let pairs = junction.channels.count
    let names = junction.baths.map(\.name)
    let parts =
      (pairs > 0 ? ["the electron-hole pairs of \(counted(pairs, "channel"))"] : [])
      + (names.isEmpty ? [] : [(names.count == 1 ? "the bath " : "the baths ") + names.joined(separator: ", ")])
    return parts.joined(separator: "; ")
  }

  private var modes: String {
    let bosons = junction.bosons
    let values = bosons.modeEnergies
    guard let low = values.min(), let high = values.max() else { return "none" }
    let range = low == high ? energy(low) : "\(plain(low)) to \(energy(high))"
    let turned = bosons.gyration.map { ["gyration up to \(energy($0.largestMagnitude))"] } ?? []
    guard bosons.modeVectors != nil else { return (["\(values.count) at \(range)"] + turned).joined(separator: ", ") }
    var parts = ["\(values.count) at \(range)", "from a dynamical matrix of \(count(bosons.coordinates))"] + turned
    if !bosons.projectedOut.isEmpty { parts.append("left out: \(list(bosons.projectedOut))") }
    if !bosons.zeroModes.isEmpty { parts.append("at zero energy: \(list(bosons.zeroModes))") }
    return parts.joined(separator: ", ")
  }

  private func describe(_ bath: BosonBath) -> String {
    let all = bath.coordinates.count == junction.bosons.coordinates
    let places = all ? "all coordinates" : (bath.coordinates.count == 1 ? "coordinate " : "coordinates ") + list(bath.coordinates)
    switch bath.kind {
    case .ohmic(let friction): return "ohmic, friction \(energy(friction)), \(places)"
    case .closed(let bath):
      let numbers = zip(bath.form.parameters, bath.numbers).map { "\($0.key) \(energy($1))" }
      return ([bath.word] + numbers + [places]).joined(separator: ", ")
    case .chain(let lead): return describe(lead) + ", \(places)"
    case .periodic(let lead):
      let joined = lead.coupling == nil ? "joined as its cells are" : "coupling of its own"
      return "periodic harmonic lead, \(count(lead.cellSize)) per cell, \(joined), \(places)"
    case .table(let table): return describe(table) + ", \(places)"
    }
  }

  private func describe(_ lead: HarmonicChainLead) -> String {
    let top = (lead.onsite + 4 * lead.spring).squareRoot()
    return "harmonic chain, spring \(squared(lead.spring)), onsite \(squared(lead.onsite)), coupling \(squared(lead.coupling)), "
      + "band \(plain(lead.onsite.squareRoot())) to \(energy(top))"
  }

  private func describe(_ table: TabulatedBosonSelfEnergy) -> String {
    let largest = table.values.reduce(0) { max($0, ($1 - $1.adjoint).largestMagnitude) }
    let ends = "\(plain(table.frequencies.first ?? 0)) to \(energy(table.frequencies.last ?? 0))"
    let bottom = BosonBathKind.table(table).bandBottom.map { "band from \(energy($0))" } ?? "no dissipation"
    return "table of \(table.frequencies.count) frequencies, \(ends), \(bottom), largest Gamma \(squared(largest))"
  }

  /// The chemical potential of a bath that is supplied with particles in some state.
  private func supply(_ bath: Int) -> String {
    let values = points.bathChemicalPotentials
    guard values.indices.contains(bath),
      let low = values[bath].min(), let high = values[bath].max(), low != 0 || high != 0
    else { return "" }
    return ", chemical potential " + (low == high ? energy(low) : "\(plain(low)) to \(energy(high))")
  }

  // MARK: Numbers

  private func plain(_ value: Double) -> String { number(value * units.outputFactor(of: .energy)) }

  private func energy(_ value: Double) -> String { plain(value) + unit(of: .energy) }

  private func squared(_ value: Double) -> String {
    number(value * units.outputFactor(of: .massWeightedSpectrum)) + unit(of: .massWeightedSpectrum)
  }

  private func unit(of quantity: Quantity) -> String { units == .natural ? "" : " " + units.label(of: quantity) }

  private func count(_ coordinates: Int) -> String { counted(coordinates, "coordinate") }

  /// At most eight indices.
  private func list(_ indices: [Int]) -> String {
    indices.prefix(8).map(String.init).joined(separator: ", ") + (indices.count > 8 ? ", ..." : "")
  }
}
