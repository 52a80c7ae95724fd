import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Level sharp with a mode above the band of its only bath: nothing brings it to a steady population.
@Suite("A mode outside the bands of all its baths, level sharp")
struct UnsteadyModeTests {
  /// A level between two electrodes with one mode in the chain's band and one above it; `coupling` of the latter.
  static func junction(coupling: Double, isDouble: Bool = true) throws -> Junction {
    // The chain's band ends at 2 root(1) = 2.
    let bath = BosonBath("ph", .chain(HarmonicChainLead(spring: 1, coupling: 0.2)), coordinates: [0])
    let high = BosonBath("far", .chain(HarmonicChainLead(spring: 1, coupling: 0.2)), coordinates: [isDouble ? 1 : 0])
    return try Junction(
      conductor: .levels([0.3]),
      electrodes: [.wideBand("L", orbitals: [0], broadening: 0.4), .wideBand("R", orbitals: [0], broadening: 0.6)],
      bosons: BosonSystem(modes: isDouble ? [0.8, 3] : [0.8]), baths: isDouble ? [bath, high] : [bath],
      coupling: Coupling(
        .massWeighted, [Matrix(diagonal: [0.1])] + (isDouble ? [Matrix(diagonal: [coupling])] : [])))
  }

  static func run(
    _ junction: Junction, _ observables: [Observable], bias: Double, _ correction: ComputeSettings.ElasticCorrection = .full
  ) throws -> TransportResult {
    let point = OperatingPoint(
      chemicalPotentials: [0.5 * bias, -0.5 * bias], temperatures: [0.3, 0.3],
      bathTemperatures: [Double](repeating: 0.3, count: junction.baths.count))
    var settings = ComputeSettings(level: .sharp, observables: observables, tolerance: 1e-8)
    settings.elasticCorrection = correction
    return try SweepRunner(workers: 1).run(
      SweepRequest(
        title: "", units: .natural, junction: junction, axes: [],
        points: OperatingPoints([point], electrodes: 2, baths: junction.baths.count), settings: settings))
  }

  @Test("noise is that of the mode in the band alone, as the flows are", .tags(.limit))
  func noise() throws {
    let wanted: [Observable] = [.chargeNoise, .chargeCumulants, .chargeCurrent, .energyCurrent]
    let found = try Self.run(try Self.junction(coupling: 0.1), wanted, bias: 4, .none)
    let alone = try Self.run(try Self.junction(coupling: 0.1, isDouble: false), wanted, bias: 4, .none)
    #expect(found.variable("status")?.values == [1] && alone.variable("status")?.values == [0])
    for name in ["charge_noise", "charge_cumulants", "charge_current", "energy_current"] {
      for (x, y) in zip(found.reported(name), alone.reported(name)) {
        // Both state their errors; the same sums in another order for the last digits.
        #expect(abs(x.value - y.value) <= x.error + y.error + 4e-15 * abs(y.value), "\(name): \(x), \(y)")
      }
    }
  }

  @Test("the elastic correction goes with the population, and does not exist; elastic and inelastic currents stay", .tags(.law))
  func correction() throws {
    let found = try Self.run(try Self.junction(coupling: 0.1), [.chargeCurrent, .machine, .entropyProduction], bias: 1)
    #expect(found.variable("status")?.values == [1] && found.shortfalls.isEmpty)
    for name in ["charge_current", "charge_current_correction", "machine_power", "entropy_production"] {
      #expect(found.numbers(name).allSatisfy { $0.isNaN }, "\(name)")
    }
    for name in ["charge_current_elastic", "charge_current_inelastic"] {
      #expect(found.numbers(name).allSatisfy { $0.isFinite }, "\(name)")
    }
  }

  @Test("a mode that no electron meets takes nothing away, wherever it lies", .tags(.limit))
  func idle() throws {
    let found = try Self.run(try Self.junction(coupling: 0), [.chargeCurrent, .linearConductance, .seebeck], bias: 0.0)
    let alone = try Self.run(
      try Self.junction(coupling: 0, isDouble: false), [.chargeCurrent, .linearConductance, .seebeck], bias: 0.0)
    for name in ["charge_current_correction", "linear_conductance", "seebeck_electrode"] {
      for (x, y) in zip(found.reported(name), alone.reported(name)) {
        #expect(
          abs(x.value - y.value) <= x.error + y.error + 4e-15 * abs(y.value) || x.value.isNaN && y.value.isNaN,
          "\(name): \(x), \(y)")
      }
    }
  }

  @Test("linear response with the correction does not exist, without it is that of the mode in the band", .tags(.limit))
  func response() throws {
    let wanted: [Observable] = [.linearConductance, .seebeck, .linearThermalConductance]
    let full = try Self.run(try Self.junction(coupling: 0.1), wanted, bias: 0)
    #expect(full.variable("status")?.values == [1] && full.shortfalls.isEmpty)
    #expect(full.numbers("linear_conductance").allSatisfy { $0.isNaN })
    let rest = try Self.run(try Self.junction(coupling: 0.1), [.linearConductance], bias: 0, .none)
    let alone = try Self.run(try Self.junction(coupling: 0.1, isDouble: false), [.linearConductance], bias: 0, .none)
    #expect(rest.variable("status")?.values == [1])
    for (x, y) in zip(rest.reported("linear_conductance"), alone.reported("linear_conductance")) {
      #expect(abs(x.value - y.value) <= x.error + y.error + 4e-15 * abs(y.value), "\(x), \(y)")
    }
  }
}
