import DenseMatrices
import JunctionModel
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

/// A level below the bands of all electrodes: full, without width, and yet part of every virtual process.
struct BoundStateTests {
  /// Two levels between chains and a deep one; with `probe` a further wide-band electrode of that broadening touches it.
  private func junction(probe: Double?) throws -> Junction {
    var electrodes = [
      Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: -1.2, coupling: -0.8))),
      Electrode("R", .chain(ChainLead(orbital: 1, energy: 0.1, hopping: -1.3, coupling: -0.7))),
    ]
    if let probe { electrodes.append(Electrode("probe", .wideBand(broadening: Matrix(diagonal: [0, 0, probe])))) }
    return try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.2, -0.5, -0.3], [-0.5, -0.1, 0.2], [-0.3, 0.2, -4]])),
      electrodes: electrodes, bosons: BosonSystem(modes: [0.4]),
      baths: [BosonBath("ph", .ohmic(friction: 0.3), coordinates: [0])],
      coupling: Coupling(
        .dimensionless, [Matrix(real: [[0.1, 0.03, 0.08], [0.03, -0.05, 0.06], [0.08, 0.06, 0.1]])]))
  }

  /// The elastic corrections of charge and heat leaving L at V = 0.6.
  private func corrections(probe: Double?) throws -> (charge: Estimate, heat: Estimate) {
    let potentials = [0.3, -0.3] + (probe == nil ? [] : [0])
    let point = OperatingPoint(
      chemicalPotentials: potentials, temperatures: potentials.map { _ in 0.05 }, bathTemperatures: [0.2])
    let result = try SweepRunner(workers: 1).run(
      SweepRequest(
        title: "", units: .natural, junction: junction(probe: probe), axes: [],
        points: OperatingPoints([point], electrodes: potentials.count, baths: 1),
        settings: ComputeSettings(level: .sharp, observables: [.chargeCurrent, .electrodeHeatCurrent], tolerance: 1e-8)))
    func read(_ name: String) throws -> Estimate {
      let variable = try #require(result.variable(name))
      return Estimate(variable.values[0], error: try #require(variable.errors)[0])
    }
    return (try read("charge_current_correction"), try read("electrode_heat_current_correction"))
  }

  @Test("a bound state below the bands counts as the limit of a resonance whose width goes to zero", .tags(.limit))
  func limit() throws {
    let bound = try corrections(probe: nil)
    // A reference run of the wide-band probe, extrapolated linearly from 2e-3 and 1e-3: the square of the probe's width over
    // distances, 2e-11, is left.
    #expect(abs(bound.charge.value - -0.0022657471) < 5e-11 + bound.charge.error, "\(bound.charge)")
    let probes = try [2e-3, 1e-3, 5e-4].map { try corrections(probe: $0) }
    func compare(_ part: ((charge: Estimate, heat: Estimate)) -> Estimate) {
      // Extrapolation to zero width from a parabola through three widths: the cube of width over distances, 1e-10, is left.
      let weights = [1.0 / 3, -2, 8.0 / 3]
      let expected = zip(weights, probes).reduce(0) { $0 + $1.0 * part($1.1).value }
      let error = zip(weights, probes).reduce(part(bound).error) { $0 + abs($1.0) * part($1.1).error }
      let found = part(bound).value
      #expect(error < 1e-7 * abs(found))
      #expect(abs(found - expected) < error + 1e-10 * abs(found), "\(part(bound)) against \(expected)")
    }
    compare(\.charge)
    compare(\.heat)
  }
}
