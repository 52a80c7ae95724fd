import ElectronSpectra
import JunctionModel
import Quadrature
import TransportResults

/// Traces of second order from the spectral factors and the mesh of a prepared junction.
extension PreparedJunction {
  /// What second-order traces are made of: rotating-wave couplings and their adjoints are two lists.
  private var traceFactors: SpectralFactors { factors.isRotatingWave ? factors.withAdjointCouplings : factors }

  /// Traces for second-order currents on panels of a window widened by `margin`; nil when an electrode depends on energy.
  func poleTraces(
    pairs: TracePairs, window: ClosedRange<Double>, margin: Double, parts: SecondOrderParts
  ) throws(SolverError) -> PoleTraceTable? {
    guard let expansion = factors.poles else { return nil }
    guard !expansion.hasBoundStates else {
      throw SolverError(
        .unsuitableModel, at: .electrodes,
        "a level of the conductor touches no electrode, so that its electrons have no steady occupation",
        hint: "Give every level a broadening")
    }
    let mesh = KernelMesh(
      features, shiftedBy: 0, window: (window.lowerBound - margin)...(window.upperBound + margin))
    let noise = { (panel: Panel) in
      4.5e-16 * max(abs(panel.start), abs(panel.end)) / mesh.distance(from: panel)
    }
    return try PoleTraceTable(
      traceFactors, compressed: try compressed.factors(), pairs: pairs, parts: parts, panels: mesh.panels(),
      tolerance: max(0.1 * kernelTolerance * expansion.orthogonality / Double(4 * factors.size), 1e-14),
      noise: noise)
  }

  /// The same for electrodes of any kind, on a mesh over the whole axis; with derivatives up to `order` where the Hamiltonian moves.
  func meshTraces(
    pairs: TracePairs, window: ClosedRange<Double>, margin: Double, change: ConductorChange? = nil, order: Int = 0
  ) throws(SolverError) -> MeshTraceTable {
    let isDirect = change != nil || factors.direct == nil
    let all = try isDirect ? SpectralFactors(junction, closedForms: false) : factors
    guard let direct = all.direct else {
      throw SolverError(.unsuitableModel, at: .electrodes, "the electrodes have no Green's function")
    }
    return try MeshTraceTable(
      all.isRotatingWave ? all.withAdjointCouplings : all, direct, pairs: pairs, window: window, margin: margin,
      // Occupations' derivatives multiply what interpolation leaves by 1/T and 1/T^2.
      tolerance: change == nil ? max(0.002 * kernelTolerance, 1e-13) : 1e-13, change: change, order: order)
  }
}
