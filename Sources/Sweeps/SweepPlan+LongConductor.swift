import JunctionModel
import TransportCurrents

extension SweepPlan {
  /// Banded factorisations of a long conductor, 16 N b^2 + 32 N b c flops each at 2e9 flop/s per worker, on the nodes of some
  /// 20 panels per kernel; 0 for other conductors. Structure in the transmission makes for many more panels.
  static func longConductorSeconds(_ request: SweepRequest, _ needs: Needs, workers: Int) -> Double {
    let junction = request.junction
    guard let bandwidth = junction.bandwidth else { return 0 }
    let (n, b) = (Double(junction.conductor.totalOrbitals), Double(bandwidth + 1))
    let columns = junction.electrodes.reduce(0.0) { $0 + Double($1.touchedOrbitals.count) }
    // Modes of one energy share their energies.
    let modes = needs.populations || needs.bosonCurrents ? Set(junction.bosons.modeEnergies).count : 0
    let energies = 320.0 * Double(1 + 2 * modes)
    return energies * (16 * n * b * b + 32 * n * b * columns) / (2e9 * Double(workers))
  }
}
