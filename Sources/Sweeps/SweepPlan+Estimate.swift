import DenseMatrices
import Foundation
import JunctionModel
import TransportCurrents
import TransportResults

extension SweepPlan {
  /// Estimates memory and time of a request.
  static func estimate(_ request: SweepRequest, workers: Int, memory budget: MemoryBudget) -> SweepPlan {
    let needs = request.needs
    let memory = SweepMemory(request, needs)
    return SweepPlan(
      states: request.points.count, memory: memory, workers: workers, budget: budget,
      seconds: seconds(request, needs, workers: workers))
  }

  /// A count of floating-point work at the rates measured on one core: 4e10 flop/s in BLAS, 5e8 in small matrices.
  private static func seconds(_ request: SweepRequest, _ needs: Needs, workers: Int) -> Double {
    let junction = request.junction
    let (n, modes) = (Double(junction.conductor.orbitals), Double(junction.bosons.count))
    let electrodes = Double(junction.electrodes.count)
    let columns = junction.electrodes.reduce(0.0) { $0 + Double($1.touchedOrbitals.count) }
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
    let frequencyNodes = request.level.typicalFrequencies
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
