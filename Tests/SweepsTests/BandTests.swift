import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Elastic transmission in closed form, and electrodes given in two ways.
@Suite("Electrodes and transmission")
struct BandTests {
  static func transmission(_ junction: Junction, _ energies: [Double]) throws -> [Double] {
    let point = OperatingPoint(
      chemicalPotentials: junction.electrodes.map { _ in 0 }, temperatures: junction.electrodes.map { _ in 0.1 },
      bathTemperatures: junction.baths.map { _ in 0.1 })
    let result = try SweepRunner(workers: 2).run(
      FastPath.request(junction, [point], ComputeSettings(observables: [.transmission], energies: energies)))
    let n = junction.electrodes.count
    let values = result.variable("transmission")!.values
    // Symmetric between two electrodes: unitarity.
    for i in energies.indices {
      #expect(abs(values[energies.count + i] - values[n * energies.count + i]) <= 1e-12 * (1 + values[energies.count + i]))
    }
    return Array(values[energies.count..<(2 * energies.count)])
  }

  @Test("a perfect chain transmits exactly one channel inside its band, its middle included, and none outside", .tags(.limit))
  func perfectChain() throws {
    let inside = (-19...19).map { 0.1 + 0.1 * Double($0) }
    let chain = ["L", "R"].map {
      Electrode($0, .chain(ChainLead(orbital: $0 == "L" ? 0 : 2, energy: 0.1, hopping: -1, coupling: -1)))
    }
    let periodic = ["L", "R"].map {
      Electrode(
        $0,
        .periodic(PeriodicLead(orbitals: [$0 == "L" ? 0 : 2], h00: Matrix(diagonal: [0.1]), h01: Matrix(diagonal: [-1]))))
    }
    for electrodes in [chain, periodic] {
      let junction = try Junction(conductor: .chain(sites: 3, energy: 0.1, hopping: -1), electrodes: electrodes)
      // 1e-12 for the closed form; the decimation's imaginary part of 1e-14 and its rounding leave 1e-10.
      for (e, t) in zip(inside, try Self.transmission(junction, inside)) { #expect(abs(t - 1) < 1e-10, "T(\(e)) = \(t)") }
      for t in try Self.transmission(junction, [-2, 2.2, 5]) { #expect(abs(t) < 1e-10) }
    }
  }

  @Test("one level between wide bands transmits as Breit and Wigner say, with spin in the current only", .tags(.limit))
  func breitWigner() throws {
    let (l, r, e0) = (0.3, 0.7, 0.2)
    let junction = try Junction(
      conductor: .levels([e0], spinDegeneracy: 2),
      electrodes: [.wideBand("L", orbitals: [0], broadening: l), .wideBand("R", orbitals: [0], broadening: r)])
    let energies = [-3, -0.1, 0.2, 0.4, 2]
    for (e, t) in zip(energies, try Self.transmission(junction, energies)) {
      let expected = l * r / ((e - e0) * (e - e0) + 0.25 * (l + r) * (l + r))
      #expect(abs(t - expected) < 1e-14 * (1 + expected))
    }
    // T = 0: I = g_s int de/2pi T(e), an arctangent.
    let point = OperatingPoint(chemicalPotentials: [0.8, -0.5], temperatures: [0, 0], bathTemperatures: [])
    let result = try SweepRunner(workers: 1).run(
      FastPath.request(junction, [point], ComputeSettings(observables: [.chargeCurrent], tolerance: 1e-10)))
    let h = 0.5 * (l + r)
    let expected = 2 / (2 * Double.pi) * l * r / h * (atan((0.8 - e0) / h) - atan((-0.5 - e0) / h))
    let current = result.reported("charge_current")
    #expect(abs(current[0].value - expected) <= current[0].error + 1e-15 && abs(current[0].value - expected) < 1e-10 * expected)
  }

  @Test("a chain, the same chain as a periodic lead, and its table carry the same currents", .tags(.law))
  func threeDescriptions() throws {
    let chain = ChainLead(orbital: 0, energy: 0.1, hopping: 1.5, coupling: 0.5)
    func sigma(_ e: Double) -> Matrix {
      let x = e - chain.energy
      let t2 = chain.hopping * chain.hopping
      // Retarded root of t^2 g^2 - x g + 1 = 0.
      let inside = 4 * t2 - x * x
      let g =
        inside >= 0
        ? Scalar(x / (2 * t2), -inside.squareRoot() / (2 * t2))
        : Scalar((x - (x > 0 ? 1 : -1) * (-inside).squareRoot()) / (2 * t2), 0)
      var m = Matrix(rows: 2, columns: 2)
      m[0, 0] = Scalar(chain.coupling * chain.coupling, 0) * g
      return m
    }
    // Well inside the band, where a spline with steps of 0.005 is good to (h/2)^4 f''''/24 = 1e-11.
    let grid = (0...1000).map { -2.4 + 0.005 * Double($0) }
    let lead = PeriodicLead(
      orbitals: [0], h00: Matrix(diagonal: [chain.energy]), h01: Matrix(diagonal: [chain.hopping]),
      couplingHamiltonian: Matrix(diagonal: [chain.coupling]))
    let kinds: [ElectrodeKind] = [
      .chain(chain), .periodic(lead), .table(TabulatedSelfEnergy(energies: grid, values: grid.map(sigma))),
    ]
    let points = [
      OperatingPoint(chemicalPotentials: [0.4, -0.3], temperatures: [0.03, 0.03], bathTemperatures: [0.05]),
      OperatingPoint(chemicalPotentials: [-0.2, 0.3], temperatures: [0.01, 0.025], bathTemperatures: [0.1]),
    ]
    let results = try kinds.map { kind in
      try FastPath.currents(
        Junction(
          conductor: Conductor(hamiltonian: Matrix(real: [[0.3, 0.2], [0.2, -0.2]])),
          electrodes: [Electrode("L", kind), .wideBand("R", orbitals: [1], broadening: 0.3)],
          bosons: BosonSystem(modes: [0.4]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
          coupling: Coupling(.massWeighted, [Matrix(real: [[0, 0.05], [0.05, 0.01]])])), points, tolerance: 1e-8)
    }
    var (periodic, table) = (Agreement(), Agreement())
    periodic.compare(results[0], results[1], tolerance: 1e-8, "periodic")
    table.compare(results[0], results[2], tolerance: 1e-8, "table")
    #expect(periodic.violations == [])
    #expect(table.violations == [])
    print("periodic \(periodic.worst), table \(table.worst)")
  }

  @Test("a ribbon whose bands cross at the chemical potentials carries one channel over any window, to 1e-9", .tags(.limit))
  func ribbon() throws {
    // Armchair graphene, five dimer lines: one channel up to the next subbands at 0.73 of the hopping, seventy temperatures away.
    let (h00, h01) = ArmchairRibbon.blocks(hopping: -2.7)
    let sides = [("L", h01.adjoint), ("R", h01)].map { name, hop in
      Electrode(name, .periodic(PeriodicLead(orbitals: Array(0..<10), h00: h00, h01: hop)))
    }
    let junction = try Junction(conductor: Conductor(hamiltonian: h00), electrodes: sides)
    for (left, right, temperature) in [(0.1, -0.1, 0.025852), (0.3, 0.05, 1e-3), (1e-3, -1e-3, 0.01), (0.2, -0.2, 0)] {
      let point = OperatingPoint(
        chemicalPotentials: [left, right], temperatures: [temperature, temperature], bathTemperatures: [])
      let result = try SweepRunner(workers: 2).run(
        FastPath.request(junction, [point], ComputeSettings(observables: [.chargeCurrent], tolerance: 1e-9)))
      let (current, exact) = (result.reported("charge_current")[0], (left - right) / (2 * Double.pi))
      #expect(abs(current.value - exact) <= current.error && current.error <= 1e-9 * exact, "\(current) for \(exact)")
    }
  }
}
