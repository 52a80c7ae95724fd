import DenseMatrices
import JunctionModel
import TransportCurrents
import TransportResults

/// What a sweep will hold in memory, in bytes.
struct SweepMemory: Equatable {
  /// Values and errors of the result.
  var result = 0.0
  /// What all workers share: matrices, kernels, tables.
  var work = 0.0
  /// Buffers of one worker.
  var worker = 0.0
  /// The largest array that exists twice for a moment, when it passes into the result.
  var copy = 0.0

  /// What is still to be allocated.
  func sum(workers: Int) -> Double { result + work + worker * Double(workers) + copy }

  /// Throws `.tooLarge` when that does not fit into a budget.
  func require(_ budget: MemoryBudget, workers: Int, states: Int) throws(SolverError) {
    let bytes = sum(workers: workers)
    let addresses = bytes + MemoryBudget.reserved(by: workers)
    guard addresses <= budget.mappable else {
      let words = MemoryBudget(available: budget.mappable, source: .addressSpace).shortage(of: addresses)
      throw SolverError(
        .tooLarge, at: result >= work ? .sweep(nil) : .settings,
        "\(states) state\(states == 1 ? "" : "s") on \(workers) thread\(workers == 1 ? "" : "s") need \(words)",
        hint: workers > 1 ? "Raise the limit, or use \(part: .workers) 1" : "Raise the limit, or ask for less")
    }
    guard !budget.holds(bytes) else { return }
    let consumers: [(bytes: Double, advice: SolverText)] = [
      (result, "the result, so use fewer points, frequencies or observables, or several runs"),
      (work, "matrices and kernels, so use fewer modes, orbitals or frequencies, or \(part: .level): sharp"),
      (worker * Double(workers), "buffers of workers, so use \(part: .workers) 1"),
    ]
    let largest = consumers.max { $0.bytes < $1.bytes }!
    throw SolverError(
      .tooLarge, at: result >= work ? .sweep(nil) : .settings,
      "\(states) state\(states == 1 ? "" : "s") need \(budget.shortage(of: bytes))",
      hint: "The most, \(MemoryBudget.words(largest.bytes)), are " + largest.advice)
  }
}

extension SweepMemory {
  /// Of a junction's sweep. Within a factor of two of what is measured, but for structure in the spectra that only a run shows.
  init(_ request: SweepRequest, _ needs: Needs) {
    let junction = request.junction
    let frequencies = Double(request.settings.frequencies?.count ?? junction.bosons.count)
    let states = Double(request.points.count)
    let inputs = Double(2 * junction.electrodes.count + junction.baths.count + request.points.bathChemicalPotentials.count)
    addResult(request, needs, frequencies: frequencies, inputs: inputs)
    work = Self.matrices(junction) + Self.kernels(request, needs, frequencies: frequencies)
    work += 48 * (frequencies + Double(request.settings.energies.count))
    // The table of the states, as read and while windows are found; states apart, for spectra.
    work += states * (inputs + 4) * 8
    if !needs.spectra.isEmpty || !needs.light.isEmpty { work += states * (160 + 8 * inputs) }
    worker = Self.worker(request, needs)
  }

  private mutating func addResult(_ request: SweepRequest, _ needs: Needs, frequencies: Double, inputs: Double) {
    let junction = request.junction
    let (electrodes, baths) = (Double(junction.electrodes.count), Double(junction.baths.count))
    let (states, modes) = (Double(request.points.count), Double(junction.bosons.count))
    let channels = electrodes * electrodes
    let empty = ResultAssembly.empty(request)
    func count(_ quantities: [ResultQuantity]) -> Double {
      quantities.reduce(0.0) { $0 + Double(empty.components(of: $1)) * ($1.isComplex ? 2 : 1) }
    }
    var numbers = count(needs.variables.map(\.quantity))
    if request.hasModePairDensity { numbers += channels * modes }
    numbers += channels * modes * modes * frequencies * 2 * Double(needs.spectra.count)
    // Columns of these are copied one by one when they pass into the result.
    let light = LightReading.readings(of: needs.light).map { ($0.isPerBath ? baths : 1) * frequencies }
    let forces = needs.forces.map { _ in modes * modes * frequencies }
    let derivatives = needs.derivatives.map { _ in electrodes }
    let response = count(needs.linearResponse.flatMap(\.definition.quantities))
    let copied = light + forces + derivatives + [response]
    numbers += copied.reduce(0, +)
    // The states themselves and whether they are stable, without errors.
    result = states * (numbers * 16 + (inputs + 1) * 8)
    // Transmissions stand beside their copies in the result while these are made.
    let transmissions = needs.transmission ? 16 * channels * Double(request.settings.energies.count) : 0
    let phononTransmissions = needs.phononTransmission ? 16 * baths * baths * frequencies : 0
    result += transmissions + phononTransmissions
    copy = max(16 * states * (copied.max() ?? 0), transmissions, phononTransmissions)
    // Ratios of rectification hold their values and errors beside those they come from.
    result += Double(request.settings.rectifications.count) * states * 16
  }

  /// Couplings in their several bases, the matrices of the conductor and of the bosons; band factors of a long conductor.
  private static func matrices(_ junction: Junction) -> Double {
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let coordinates = Double(junction.bosons.modeVectors?.rows ?? 0)
    var bytes = 16 * n * n * (5 * modes + 12) + 16 * coordinates * coordinates * 6
    for electrode in junction.electrodes {
      if case .table(let table) = electrode.kind { bytes += 2 * 16 * n * n * Double(table.values.count) }
      if case .periodic(let lead) = electrode.kind { bytes += 16 * Double(lead.cellSize * lead.cellSize) * 24 }
    }
    if let bandwidth = junction.bandwidth {
      let size = Double(junction.conductor.totalOrbitals)
      bytes += 16 * size * (3 * Double(bandwidth) + 1)
    }
    return bytes
  }

  /// Kernels at the mode energies, of a group of frequencies, or of all panels of frequencies; a table of energy pairs.
  private static func kernels(_ request: SweepRequest, _ needs: Needs, frequencies: Double) -> Double {
    let junction = request.junction
    guard needs.pairKernels, !junction.conductor.isEmpty else { return 0 }
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let channels = Double(junction.electrodes.count * junction.electrodes.count)
    let nodes = 8 * typicalNodes * channels
    let isTabulated = n >= 25
    var bytes = 0.0
    let (level, wantsModePairs) = (request.levelRequest, request.levelRequest.wantsModePairs)
    if wantsModePairs {
      let isMatrix = level.hasMatrices
      let kept = isMatrix ? keptFrequencies(orbitals: junction.conductor.orbitals) : 0
      // As many at a time as `KernelStream` takes: a gibibyte at a thousand nodes each, a quarter of it from a table.
      let together = max(1, (isTabulated ? 0x1p28 : 0x1p30) / (8000 * channels * modes * modes))
      let group = needs.spectraOfPairs ? 2 * min(frequencies, together) : 0
      let withDispersion = isMatrix && request.hasDispersion
      bytes = nodes * modes * modes * (max(kept, group) + (withDispersion ? kept / channels : 0))
    } else {
      bytes = nodes * 2 * modes
    }
    if isTabulated { bytes += 8 * 700 * channels * ((wantsModePairs ? modes * modes : modes) + modes) }
    return bytes
  }

  /// All panels of frequencies are kept, sixteen nodes on each: about eight, and more where differences of few levels break them.
  private static func keptFrequencies(orbitals: Int) -> Double {
    let pairs = orbitals <= 12 ? Double(orbitals * (orbitals - 1) / 2) : 0
    return 16 * min(8 + 3.5 * pairs, 60)
  }

  /// Factors, M^k W and the amplitudes of one worker; a band factorisation of a long conductor.
  private static func worker(_ request: SweepRequest, _ needs: Needs) -> Double {
    let junction = request.junction
    var bytes = 262_144.0
    guard !junction.conductor.isEmpty else { return bytes }
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let columns = junction.electrodes.reduce(0.0) { $0 + Double($1.touchedOrbitals.count) }
    if needs.pairKernels { bytes += 16 * (n * columns * (2 + modes) + columns * columns * modes * 2) }
    if let bandwidth = junction.bandwidth {
      bytes += 16 * Double(junction.conductor.totalOrbitals) * (3 * Double(bandwidth) + 1 + columns)
    }
    return bytes
  }

  private static let typicalNodes = 160.0
}
