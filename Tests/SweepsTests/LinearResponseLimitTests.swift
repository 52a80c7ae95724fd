import DenseMatrices
import JunctionModel
import Sweeps
import TestKinds
import Testing
import TransportResults

/// Linear response in limits everybody knows.
@Suite("Limits of linear response", .tags(.limit))
struct LinearResponseLimitTests {
  /// One level between two wide bands, no bosons.
  static func level(_ energy: Double, broadening: Double) throws -> Junction {
    try Junction(
      conductor: .levels([energy]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: broadening),
        .wideBand("R", orbitals: [0], broadening: broadening),
      ])
  }

  static let all: [Observable] = [
    .onsagerMatrix, .linearConductance, .seebeck, .peltier, .linearThermalConductance, .figureOfMerit,
  ]

  static func run(_ junction: Junction, mu: Double = 0, t: Double, tolerance: Double = 1e-9) throws -> TransportResult {
    try OnsagerNumbers.compute(
      junction, potential: mu, temperature: t, level: junction.conductor.isEmpty ? .landauer : .sharp, tolerance: tolerance,
      observables: all)
  }

  @Test("a perfect electron channel has the quanta of conductance and of thermal conductance")
  func perfectChannel() throws {
    let lead = ElectrodeKind.chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 1))
    let junction = try Junction(
      conductor: .levels([0]), electrodes: [Electrode("L", lead), Electrode("R", lead)])
    for t in [0.001, 0.02] {
      // exp(-2/T) of the electrons beyond the band is below 1e-40.
      let result = try Self.run(junction, mu: 0.1, t: t)
      let conductance = result.numbers("linear_conductance_pair")[1]
      let thermal = result.numbers("linear_thermal_conductance_pair")[1]
      #expect(abs(conductance * 2 * Double.pi - 1) < 1e-9)
      #expect(abs(thermal / (Double.pi * t / 6) - 1) < 1e-9)
      #expect(abs(thermal / (conductance * t) - Double.pi * Double.pi / 3) < 3e-9)
      #expect(result.reported("seebeck_electrode")[1].error < 1e-8)
      #expect(abs(result.numbers("seebeck_electrode")[1]) < 1e-8)
    }
  }

  @Test("in SI units a spin-degenerate channel conducts 2e^2/h, and 2 x 0.9464 pW/K at 1 K")
  func siUnits() throws {
    let lead = ElectrodeKind.chain(ChainLead(orbital: 0, energy: 0, hopping: 1, coupling: 1))
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(diagonal: [0]), spinDegeneracy: 2),
      electrodes: [Electrode("L", lead), Electrode("R", lead)])
    let kelvin = PhysicalConstants.boltzmannInElectronVolts
    var request = FastPath.request(
      junction, [OnsagerNumbers.equilibrium(junction, 0.1, kelvin)], ComputeSettings(observables: Self.all))
    request.units = .electronVolt
    let result = try SweepRunner(workers: 1).run(request)
    // CODATA 2018: conductance quantum; pi^2 k_B^2/3h.
    #expect(abs(result.numbers("linear_conductance_pair")[1] / 7.748091729e-5 - 1) < 1e-9)
    #expect(abs(result.numbers("linear_thermal_conductance_pair")[1] / (2 * 9.464311e-13) - 1) < 1e-6)
    // Onsager element = conductance times T = 1 K; forces in V/K.
    #expect(abs(result.numbers("onsager_matrix_charge_charge")[0] / 7.748091729e-5 - 1) < 1e-9)
    #expect(abs(result.numbers("onsager_matrix_heat_heat")[0] / (2 * 9.464311e-13) - 1) < 1e-6)
  }

  @Test("a perfect boson channel has the quantum of thermal conductance")
  func perfectBosonChannel() throws {
    // The band ends at 2 (k)^(1/2) = 1.9; exp(-1.9/T) (1.9/T)^2 is below 1e-12 at T = 0.05.
    let junction = try HarmonicChainTests.chain(sites: 3, onsite: 0)
    let result = try Self.run(junction, t: 0.05)
    let thermal = result.numbers("linear_thermal_conductance")
    #expect(abs(thermal[0] / (Double.pi * 0.05 / 6) - 1) < 1e-9)
    #expect(abs(thermal[1] / (-Double.pi * 0.05 / 6) - 1) < 1e-9)
  }

  @Test("bosons alone have the thermal conductance of the Landauer formula at every temperature")
  func landauerBosons() throws {
    let junction = try HarmonicChainTests.chain(sites: 2, onsite: 0.2)
    for t in [0.1, 1.0] {
      let point = OnsagerNumbers.equilibrium(junction, 0, t)
      let result = try SweepRunner(workers: 1).run(
        FastPath.request(
          junction, [point],
          ComputeSettings(
            level: .landauer, observables: [.thermalConductance, .linearThermalConductance], tolerance: 1e-9)))
      // Heat into a bath against heat leaving it.
      for (a, b) in zip(result.reported("thermal_conductance"), result.reported("linear_thermal_conductance")) {
        #expect(abs(a.value + b.value) <= a.error + b.error + 2e-9 * abs(a.value))
      }
    }
  }

  @Test("a level much wider than T obeys Wiedemann and Franz and has Mott's Seebeck coefficient")
  func mott() throws {
    let (gamma, energy) = (1.0, 0.7)
    let junction = try Self.level(energy, broadening: gamma)
    for t in [1e-3, 1e-5] {
      let result = try Self.run(junction, t: t)
      let conductance = result.numbers("linear_conductance_pair")[1]
      let thermal = result.numbers("linear_thermal_conductance_pair")[1]
      let seebeck = result.numbers("seebeck_electrode")[1]
      // T = gamma^2/((e - energy)^2 + gamma^2): d ln T/de at e = 0.
      let slope = 2 * energy / (energy * energy + gamma * gamma)
      // Sommerfeld's next term is of relative size (pi T)^2.
      let next = 12 * (Double.pi * t) * (Double.pi * t) + 1e-9
      #expect(abs(thermal / (conductance * t) / (Double.pi * Double.pi / 3) - 1) < next)
      #expect(abs(seebeck / (-Double.pi * Double.pi / 3 * t * slope) - 1) < next)
    }
  }

  @Test("carriers above the chemical potential make the Seebeck coefficient negative, below positive")
  func sign() throws {
    #expect(try Self.run(Self.level(0.5, broadening: 0.1), t: 0.1).numbers("seebeck_electrode")[1] < 0)
    #expect(try Self.run(Self.level(-0.5, broadening: 0.1), t: 0.1).numbers("seebeck_electrode")[1] > 0)
  }

  @Test("a level much narrower than T has S = -e/T and a figure of merit that grows without bound")
  func deltaLevel() throws {
    var last = 0.0
    for gamma in [1e-2, 1e-4, 1e-6] {
      let result = try Self.run(Self.level(2.4, broadening: gamma), t: 1, tolerance: 1e-8)
      let (seebeck, merit) = (result.reported("seebeck_electrode")[1], result.reported("figure_of_merit_electrode")[1])
      #expect(abs(seebeck.value + 2.4) < 3 * gamma)
      #expect(merit.value > 5 * last && merit.error < 0.1 * merit.value)
      last = merit.value
    }
    // 2.4^2 over the variance of the level: about gamma T.
    #expect(last > 1e5)
  }

  @Test("without elastic current the double dot has the boson Seebeck coefficient of one quantum per electron")
  func doubleDot() throws {
    let junction = try Junction(
      conductor: .levels([0.5, -0.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 1e-3), .wideBand("R", orbitals: [1], broadening: 1e-3),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.1], [0.1, 0]])]))
    let result = try Self.run(junction, t: 0.5)
    // Every electron from R to L takes a quantum W out of the bath: at zero current mu_L - mu_R = W dT/T.
    let seebeck = result.numbers("seebeck_boson")
    #expect(abs(seebeck[1] - 1 / 0.5) < 0.02)
    #expect(abs(seebeck[2] + 1 / 0.5) < 0.02)
    #expect(result.numbers("figure_of_merit_boson")[1] > 50)
  }

  @Test("a voltage probe that is not connected changes nothing")
  func openProbe() throws {
    func make(_ probe: Bool) throws -> Junction {
      var electrodes = [
        Electrode.wideBand("L", orbitals: [0], broadening: 0.3), .wideBand("R", orbitals: [0], broadening: 0.5),
      ]
      if probe { electrodes.append(.wideBand("P", orbitals: [1], broadening: 0.2)) }
      return try Junction(conductor: .levels([0.4, 0.1]), electrodes: electrodes)
    }
    let (two, three) = (try Self.run(make(false), t: 0.2), try Self.run(make(true), t: 0.2))
    for name in ["linear_conductance_pair", "seebeck_electrode", "figure_of_merit_electrode"] {
      #expect(abs(two.numbers(name)[1] / three.numbers(name)[1] - 1) < 1e-10)
      #expect(three.numbers(name)[2].isNaN)
    }
  }

  @Test("a probe in series divides the voltage: its conductances add up as resistances")
  func series() throws {
    // L - P and P - R conduct through levels of their own, L - R not at all.
    let hamiltonian = Matrix(real: [[0.3, 0, 0], [0, 0.1, 0], [0, 0, 0]])
    var (left, right) = (Matrix(rows: 3, columns: 3), Matrix(rows: 3, columns: 3))
    left[0, 0] = Scalar(0.4, 0)
    right[1, 1] = Scalar(0.2, 0)
    let probe = Matrix(diagonal: [0.3, 0.5, 0.1])
    let junction = try Junction(
      conductor: Conductor(hamiltonian: hamiltonian),
      electrodes: [
        Electrode("L", .wideBand(broadening: left)), Electrode("R", .wideBand(broadening: right)),
        Electrode("P", .wideBand(broadening: probe)),
      ])
    let g = try Self.run(junction, t: 0.1).numbers("linear_conductance_pair")
    #expect(abs(1 / g[1] - (1 / g[2] + 1 / g[5])) < 1e-10 / g[1])
  }

  @Test("states out of equilibrium are refused with their numbers, and left out of a sweep")
  func nonequilibrium() throws {
    let junction = try Self.level(0.5, broadening: 0.1)
    func point(_ bias: Double, _ difference: Double, _ t: Double = 0.1) -> OperatingPoint {
      OperatingPoint(chemicalPotentials: [bias, 0], temperatures: [t + difference, t], bathTemperatures: [])
    }
    func run(_ points: [OperatingPoint], _ level: ComputeSettings.Level = .sharp) throws -> TransportResult {
      try SweepRunner(workers: 1).run(
        FastPath.request(junction, points, ComputeSettings(level: level, observables: [.seebeck])))
    }
    for bad in [point(0.2, 0), point(0, 0.05)] {
      #expect {
        _ = try run([bad])
      } throws: { error in
        guard let error = error as? SolverError else { return false }
        return error.code == .unsuitableModel && error.message.contains("L \(bad.chemicalPotentials[0])")
          && error.message.contains("L \(bad.temperatures[0])")
      }
    }
    #expect(throws: SolverError.self) { try run([point(0, 0, 0)]) }
    #expect(throws: SolverError.self) { try run([point(0, 0)], .dressed) }
    let mixed = try run([point(0.2, 0), point(0, 0)])
    #expect(mixed.numbers("seebeck_electrode", state: 0).allSatisfy { $0.isNaN })
    #expect(mixed.numbers("seebeck_electrode", state: 1)[1] < 0)
  }
}
