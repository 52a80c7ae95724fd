import Foundation
import JunctionModel
import TransportSolvers

extension SweepPlan {
  /// Estimates memory and time of a request; throws `.tooLarge` when it does not fit into the machine's memory.
  static func estimate(_ request: SweepRequest, workers: Int) throws(SolverError) -> SweepPlan {
    let needs = Needs(request)
    let junction = request.junction
    let (electrodes, modes) = (junction.electrodes.count, junction.bosons.count)
    let channels = electrodes * electrodes
    let frequencies = request.settings.frequencies?.count ?? modes
    let states = Double(request.points.count)
    func components(_ dimension: String?) -> Double {
      switch dimension {
      case "electrode": return Double(electrodes)
      case "bath": return Double(junction.baths.count)
      case "channel": return Double(channels)
      case "mode": return Double(modes)
      default: return 1
      }
    }
    // Value and error, each once while computing and once as the result is handed over.
    var numbers = needs.variables.reduce(0) { $0 + components($1.dimension) }
    if needs.bosonCurrents { numbers += Double(channels * modes) }
    var resultBytes = states * numbers * 16
    let spectrumNumbers = Double(channels * modes * modes * frequencies) * 2
    resultBytes += states * spectrumNumbers * Double(needs.spectra.count) * 16
    let nodes = 400.0
    let kernelColumns = needs.spectra.isEmpty ? 1.0 : Double(modes * modes)
    let workBytes =
      nodes * 8 * Double(channels) * (kernelColumns * Double(workers) + 2 * Double(needs.bosonCurrents ? modes : 0))
      + Double(junction.conductor.orbitals * junction.conductor.orbitals * (modes + 6)) * 16
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard 2 * resultBytes + workBytes < 0.9 * memory else {
      throw SolverError(
        .tooLarge, at: ["sweep"],
        "\(request.points.count) states need about \(gibibytes(2 * resultBytes + workBytes)) of memory, this machine has "
          + gibibytes(memory), hint: "Use fewer points, fewer observables, or several runs")
    }
    return SweepPlan(
      states: request.points.count, resultBytes: Int(resultBytes), workBytes: Int(workBytes),
      seconds: seconds(request, needs, workers: workers, nodes: nodes))
  }

  private static func gibibytes(_ bytes: Double) -> String {
    String(format: "%.3g GiB", bytes / 1_073_741_824)
  }

  /// A rough count of floating-point work at 5 GF/s per worker for small matrices and 30 GF/s for large ones.
  private static func seconds(_ request: SweepRequest, _ needs: Needs, workers: Int, nodes: Double) -> Double {
    let junction = request.junction
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let electrodes = Double(junction.electrodes.count)
    let columns = min(n, electrodes * n / 3 + 1)
    let perMode = 8 * n * columns * (n + columns)
    let frequencies = Double(request.settings.frequencies?.count ?? junction.bosons.count)
    let rate = (n > 16 ? 3e10 : 5e8) * Double(workers)
    var work = 100 * n * n * n / 3e10 + 0.02
    if needs.populations { work += modes * nodes * perMode / rate }
    if !needs.spectra.isEmpty {
      work += frequencies * nodes * modes * perMode / rate
      work += Double(request.points.count) * frequencies * electrodes * electrodes * nodes * modes * modes * 4 / (2e10)
    }
    let frequencyNodes = request.settings.level == .landauer ? 150.0 : 0
    if needs.bosonCurrents { work += frequencyNodes * nodes * modes * perMode / rate }
    let perState = modes * electrodes * electrodes * 3e-6 * (1 + frequencyNodes) + 2e-6
    return work + Double(request.points.count) * perState / Double(workers)
  }
}
