import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import TransportCurrents
import TransportResults

/// The complete charge and energy currents to second order in the coupling, Theory.md section 3: the elastic correction (Fock
/// diagram), and with derivatives along a line of states the elastic and inelastic parts too. Levels `sharp` and `landauer`.
package final class SecondOrderSolver: Sendable {
  /// How the bosons enter.
  enum Bosons: Sendable {
    /// Each mode a delta function, populated by its baths in these shares.
    case sharp([ModeDamping])
    case baths(BosonEnvironment, features: [PanelFeature])
  }

  package let prepared: PreparedJunction
  let bosons: Bosons
  package let tolerance: Double
  /// True to leave the quasi-static shift out.
  package let isDynamic: Bool
  private let tables: [SecondOrderTable]

  /// Independent pieces of the preparation.
  package static func tableCount(_ prepared: PreparedJunction, level: any BosonLevel, moves: Bool = false) -> Int {
    !level.hasWidths && prepared.factors.poles != nil && !moves ? max(prepared.junction.bosons.count, 1) : 1
  }

  /// True where some mode lies outside the bands of all its baths (level `sharp`) or electrons feel a free motion: neither has a steady
  /// population.
  package var hasUnsteadyModes: Bool {
    if case .sharp(let dampings) = bosons { dampings.contains(where: \.isOutsideBands) } else { feelsFreeMotion }
  }
  /// True where electrons feel a motion without any spring: nothing bounds its amplitude, and to second order the currents have no value.
  let feelsFreeMotion: Bool

  /// One of the tables. Cost: nodes of the energy window times (see `PoleTraceTable`, `MeshTraceTable`). `change` is how the Hamiltonian
  /// moves along the lines of states whose derivatives up to `order` are wanted. Throws `SolverError.unsuitableModel` when electrons have
  /// no steady occupation.
  package static func table(
    _ index: Int, _ prepared: PreparedJunction, environment: BosonEnvironment, level: any BosonLevel,
    points: OperatingPoints, tolerance: Double, parts: SecondOrderParts, change: ConductorChange? = nil,
    derivatives order: Int = 2
  ) throws(SolverError) -> SecondOrderTable {
    let junction = prepared.junction
    let modes = junction.bosons.count
    let highest = highestFrequency(junction, level, points)
    let isPart = tableCount(prepared, level: level, moves: change != nil) > 1
    let pairs: TracePairs
    if junction.isRotatingWave {
      guard level.abilities.contains(.rotatingWaveSecondOrder) else { throw rotatingWaveTails }
      pairs = .rotatingWave(isPart ? [index] : Array(0..<modes), of: modes)
    } else {
      pairs =
        isPart
        ? TracePairs(mode: index)
        : !level.hasWidths || environment.isDiagonal ? .diagonal(modes) : .all(modes)
    }
    let window = StateExtremes(points).window(
      reference: prepared.referenceEnergy, reach: SecondOrderIntegrator.reach(tolerance: tolerance))
    // From the self-energies few orbitals cost less than from the traces at many frequencies.
    let isSmall =
      level.hasWidths && order == 0 && junction.conductor.orbitals <= Self.fewOrbitals && environment.edges.isEmpty
      && environment.features.allSatisfy { $0.width > 0 } && !junction.isRotatingWave
      && prepared.factors.poles?.hasBoundStates == false
    if change == nil, !isSmall, let table = try prepared.poleTraces(pairs: pairs, window: window, margin: highest, parts: parts) {
      return SecondOrderTable(content: .poles(table))
    }
    return SecondOrderTable(
      content: .mesh(try prepared.meshTraces(pairs: pairs, window: window, margin: highest, change: change, order: order)))
  }

  private static let fewOrbitals = 12

  /// A(w) of a rotating-wave mode falls off as 1/w only, and the correction has no scale beyond which it is known.
  package static let rotatingWaveTails = SolverError(
    .unsuitableModel, at: .elasticCorrection,
    "the second-order elastic correction of rotating-wave modes is computed at level sharp only: the far tail of a broadened mode, "
      + "where the rotating-wave approximation fails, would contribute to it",
    hint: "Use \(part: .elasticCorrection): none (currents are then the elastic and inelastic parts), or level: sharp")

  private static func highestFrequency(
    _ junction: Junction, _ level: any BosonLevel, _ points: OperatingPoints
  ) -> Double {
    let mode = junction.bosons.highestEnergy
    return !level.hasWidths ? mode : max(mode, LandauerSolver.highestFrequency(points))
  }

  /// The solver over all its tables.
  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, level: any BosonLevel, points: OperatingPoints,
    tolerance: Double, isDynamic: Bool = false, tables: [SecondOrderTable]
  ) throws(SolverError) {
    self.prepared = prepared
    self.isDynamic = isDynamic
    self.tolerance = tolerance
    let junction = prepared.junction
    feelsFreeMotion =
      level.hasWidths && environment.freeMotions.columns > 0 && junction.coupling.matrices.contains { $0.largestMagnitude > 0 }
      && UnfeltMotions(junction, environment)?.containsFreeMotions != true
    if !level.hasWidths {
      bosons = .sharp(junction.bosons.modeEnergies.indices.map { ModeDamping(junction, environment, mode: $0) })
    } else {
      let top = max(Self.highestFrequency(junction, level, points), environment.highestFrequency)
      bosons = .baths(environment, features: try environment.breakpoints(upTo: 2 * top))
    }
    self.tables = tables
  }

  /// One worker's traces of every table.
  package func makeTraces() -> [(traces: any SecondOrderTraces, pairs: TracePairs)] {
    tables.map { table in
      switch table.content {
      case .poles(let poles): return (PoleTraces(poles), poles.pairs)
      case .mesh(let mesh):
        return (
          MeshTraces(mesh, reach: SecondOrderIntegrator.reach(tolerance: tolerance)), mesh.pairs
        )
      }
    }
  }
}

/// Traces that workers share: for all modes, or for one mode at level `sharp`.
package struct SecondOrderTable: Sendable {
  enum Content: Sendable {
    case poles(PoleTraceTable)
    case mesh(MeshTraceTable)
  }
  let content: Content
}

/// Currents leaving every electrode, with derivatives: [electrode * 3 + order].
package struct SecondOrderCurrents: Sendable {
  package var particles: [Estimate]
  package var energy: [Estimate]
  /// Sums of moduli, by order.
  package var grossRate = [0.0, 0.0, 0.0]
  package var grossEnergy = [0.0, 0.0, 0.0]

  package init(electrodes: Int) {
    particles = [Estimate](repeating: Estimate(), count: 3 * electrodes)
    energy = particles
  }
}
