import DenseMatrices
import Foundation
import JunctionModel
import TransportCurrents
import TransportResults

extension SweepPlan {
  /// Estimates memory and time of a request; throws `.tooLarge` when it does not fit into the machine's memory.
  static func estimate(_ request: SweepRequest, workers: Int) throws(SolverError) -> SweepPlan {
    let needs = Needs(request)
    let junction = request.junction
    let (electrodes, modes) = (junction.electrodes.count, junction.bosons.count)
    let channels = electrodes * electrodes
    let frequencies = request.settings.frequencies?.count ?? modes
    let states = Double(request.points.count)
    // Value and error.
    let empty = ResultAssembly.empty(request)
    let readings = needs.variables.map(\.quantity) + needs.linearResponse.flatMap(\.definition.quantities)
    var numbers = readings.reduce(0) { $0 + Double(empty.components(of: $1) * ($1.isComplex ? 2 : 1)) }
    if needs.bosonCurrents && request.route.usesSharp { numbers += Double(channels * modes) }
    let inputs = Double(2 * electrodes + junction.baths.count + request.points.bathChemicalPotentials.count)
    // The states themselves and whether they are stable, without errors.
    var resultBytes = states * (numbers * 16 + (inputs + 1) * 8)
    let spectrumNumbers = Double(channels * modes * modes * frequencies) * 2
    resultBytes += states * spectrumNumbers * Double(needs.spectra.count) * 16
    let light = LightReading.readings(of: needs.light).reduce(0) { $0 + ($1.isPerBath ? junction.baths.count : 1) }
    resultBytes += states * Double(light * frequencies) * 16
    let work = workBytes(request, needs, frequencies: frequencies)
    let worker = workerBytes(request, needs)
    // The table of the states, as read and while windows are found.
    let tableBytes = states * (inputs + 4) * 8
    let workBytes = work + tableBytes
    let peakBytes = Double(programBytes) + resultBytes + workBytes + worker * Double(workers)
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard peakBytes < 0.9 * memory else {
      throw SolverError(
        .tooLarge, at: ["sweep"],
        "\(request.points.count) states need about \(gibibytes(peakBytes)) of memory, this machine has "
          + gibibytes(memory), hint: "Use fewer points, fewer observables, or several runs")
    }
    return SweepPlan(
      states: request.points.count, resultBytes: Int(resultBytes), workBytes: Int(workBytes), workerBytes: Int(worker),
      peakBytes: Int(peakBytes), seconds: seconds(request, needs, workers: workers))
  }

  /// Couplings in their several bases, the matrices of the conductor, and the stored kernels.
  private static func workBytes(_ request: SweepRequest, _ needs: Needs, frequencies: Int) -> Double {
    let junction = request.junction
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let channels = Double(junction.electrodes.count * junction.electrodes.count)
    let matrices = 16 * n * n * (5 * modes + 12)
    let nodes = 8 * typicalNodes * channels
    let allPairs = needs.modePairs(request) && !junction.conductor.isEmpty
    let isTabulated = n >= 25
    let columns = allPairs ? modes * modes : modes
    // Kernels at the mode energies, or of a group of frequencies; a table of energy pairs while it is filled.
    var kernels = needs.pairKernels ? nodes * 2 * columns * (allPairs ? Double(min(frequencies, isTabulated ? 7 : 34)) : 1) : 0
    if isTabulated && needs.pairKernels { kernels += 8 * 700 * channels * (columns + modes) }
    return matrices + kernels
  }

  /// Factors, M^k W and the amplitudes of one worker.
  private static func workerBytes(_ request: SweepRequest, _ needs: Needs) -> Double {
    let junction = request.junction
    guard needs.pairKernels, !junction.conductor.isEmpty else { return 4096 }
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let columns = junction.electrodes.reduce(0.0) { $0 + Double($1.orbitalCount) }
    return 16 * (n * columns * (2 + modes) + columns * columns * modes * 2) + 4096
  }

  private static let typicalNodes = 160.0

  private static func gibibytes(_ bytes: Double) -> String {
    String(format: "%.3g GiB", bytes / 1_073_741_824)
  }

  /// A count of floating-point work at the rates measured on one core: 4e10 flop/s in BLAS, 5e8 in small matrices.
  private static func seconds(_ request: SweepRequest, _ needs: Needs, workers: Int) -> Double {
    let junction = request.junction
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let electrodes = Double(junction.electrodes.count)
    let columns = junction.electrodes.reduce(0.0) { $0 + Double($1.orbitalCount) }
    let scatter = 8 * n * n * columns
    let project = 8 * n * columns * columns
    let frequencies = Double(request.settings.frequencies?.count ?? junction.bosons.count)
    let rate = (n > 16 ? 4e10 : 5e8) * Double(workers)
    let nodes = n > 16 ? 200.0 : 500.0
    var work = 200 * n * n * n / 3e10 + 0.02 + longConductorSeconds(request, needs, workers: workers)
    if needs.populations { work += modes * nodes * (scatter + project) / rate }
    if !needs.spectra.isEmpty || !needs.light.isEmpty {
      work += nodes * modes * scatter / rate
      work += frequencies * nodes * (modes * project + 2 * modes * modes * columns * columns) / rate
      work += Double(request.points.count) * frequencies * electrodes * electrodes * nodes * modes * modes * 4 / 2e10
    }
    let frequencyNodes = request.settings.level == .landauer ? 150.0 : 0
    if needs.bosonCurrents { work += frequencyNodes * nodes * modes * (scatter + project) / rate }
    // A thousand scattering matrices and the traces of four cumulants; moments of every pair kernel.
    let traces = 8 * n * columns * columns + 40 * electrodes * columns * columns * columns
    let cumulants = 1e3 * traces / 2e9 + modes * electrodes * electrodes * 4e-5 * max(frequencyNodes, 1)
    let perState =
      modes * electrodes * electrodes * (frequencyNodes > 0 ? 5e-6 * frequencyNodes : 5e-7) + 1e-6
      + (needs.fluctuations ? cumulants : 0)
    return work + Double(request.points.count) * perState / Double(workers)
  }
}

extension Electrode {
  /// Orbitals of the conductor the electrode touches.
  fileprivate var orbitalCount: Int {
    switch kind {
    case .wideBand(let gamma):
      return (0..<gamma.rows).count { i in (0..<gamma.columns).contains { gamma[i, $0] != .zero } }
    case .chain: return 1
    case .periodic(let lead): return lead.orbitals.count
    case .table(let table): return table.values.first.map { m in (0..<m.rows).count { m[$0, $0] != .zero } } ?? 0
    }
  }
}
