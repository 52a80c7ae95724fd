import DenseMatrices
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

@Suite("Closed lowest-order expansion", .tags(.limit))
struct TwinLowestOrderExpansionTests {
  /// One level between two wide bands, one mode of energy 1, M in proportion to the width.
  static func level(width: Double, energy: Double, left: Double = 0.5) throws -> Junction {
    try Junction(
      conductor: .levels([energy]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: left * width),
        .wideBand("R", orbitals: [0], broadening: (1 - left) * width),
      ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("p", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(diagonal: [0.05 * width])]))
  }

  static func population(_ temperature: Double) -> Double {
    temperature > 0 ? 1 / Double.expMinusOne(1 / temperature) : 0
  }

  /// The twin's current minus the expansion's, times the width.
  static func defect(_ junction: Junction, width: Double, bias: Double, temperature: Double, bath: Double) throws -> Double {
    let point = state([0.5 * bias, -0.5 * bias], [temperature, temperature], bath: bath)
    let twin = try TwinSecondOrder(junction, at: point, level: .sharp).currents()[0].total.value
    let closed = try TwinLowestOrderExpansion(junction, energy: 0)
      .current(bias: bias, temperature: temperature, population: population(bath))
    #expect(abs(twin - closed) < 0.02 * abs(closed))
    return width * (twin - closed)
  }

  /// Factor of ln(width) in the defect: electrons far below see A(e) = A + e dA/de, R_c grows by -(dA/de) (W/pi) ln(width), hence
  /// I by g_s V/(2 pi)^2 2 Re Tr[Gamma_L G M (dA/de) M G Gamma_R G^+] ln(width).
  static func logarithm(_ junction: Junction, width: Double, bias: Double) throws -> Double {
    let twin = try TextbookTwin(junction)
    let h = 1e-4 * width
    func total(_ e: Double) throws -> Matrix {
      let all = try twin.spectralFunctions(energy: e, electrodes: [0, 1])
      return all[0] + all[1]
    }
    let slope = (0.5 / h) * (try total(h) - total(-h))
    let (g, m) = (try twin.greensFunction(energy: 0), junction.massWeightedCoupling(mode: 0))
    let (left, right) = (try twin.broadening(electrode: 0, energy: 0), try twin.broadening(electrode: 1, energy: 0))
    let trace = (left * g * m * slope * m * g * right * g.adjoint).trace.rawStorage.x
    return width * bias / (4 * Double.pi * Double.pi) * 2 * trace
  }

  @Test("a broad level on resonance: the twin reaches the expansion, the deviation falls as 1/Gamma")
  func onResonance() throws {
    for (bias, temperature, bath) in [(1.7, 0.0, 0.0), (0.6, 0.2, 0.5), (2.5, 0.1, 0.4)] {
      let d = try [400.0, 800, 1600].map {
        try Self.defect(Self.level(width: $0, energy: 0), width: $0, bias: bias, temperature: temperature, bath: bath)
      }
      // Gamma times the deviation is beta + gamma/Gamma: what is missing halves.
      #expect(abs((d[2] - d[1]) / (d[1] - d[0]) - 0.5) < 0.03, "\(d)")
    }
  }

  @Test("a broad level beside the window: the deviation is (alpha ln Gamma + beta)/Gamma with the alpha of deep electrons")
  func offResonance() throws {
    for (position, left) in [(0.4, 0.5), (-0.9, 0.2), (2.0, 0.5)] {
      for (bias, temperature) in [(1.7, 0.0), (0.8, 0.15)] {
        let widths = [4000.0, 8000]
        let junctions = try widths.map { try Self.level(width: $0, energy: position * $0, left: left) }
        let d = try zip(junctions, widths).map {
          try Self.defect($0, width: $1, bias: bias, temperature: temperature, bath: 0.3)
        }
        let expected = try Self.logarithm(junctions[0], width: widths[0], bias: bias) * Double.log(2)
        #expect(deviation(d[1] - d[0], expected) < 0.02, "\(position) \(bias): \(d), \(expected)")
      }
    }
  }

  @Test("dI/dV steps at eV = W: down near perfect transmission, up in tunnelling, not at all at one half")
  func stepAtThreshold() throws {
    let width = 2000.0
    func step(_ energy: Double) throws -> (twin: Double, closed: Double, transmission: Double) {
      let junction = try Self.level(width: width, energy: energy)
      let (threshold, h) = (1.0, 0.05)
      // Second difference across the threshold over h: the jump of dI/dV at T = 0.
      let twin = try [threshold - h, threshold, threshold + h].map { v in
        try TwinSecondOrder(junction, at: state([0.5 * v, -0.5 * v], [0, 0], bath: 0), level: .sharp).currents()[0].total.value
      }
      let expansion = try TwinLowestOrderExpansion(junction, energy: 0)
      let jump = expansion.symmetric / (4 * Double.pi)
      return ((twin[0] - 2 * twin[1] + twin[2]) / h, jump, expansion.transmission)
    }
    let perfect = try step(0)
    #expect(abs(perfect.transmission - 1) < 1e-12)
    #expect(perfect.twin < 0 && deviation(perfect.twin, perfect.closed) < 0.01)
    let tunnelling = try step(5 * width)
    #expect(tunnelling.transmission < 0.02)
    #expect(tunnelling.twin > 0 && deviation(tunnelling.twin, tunnelling.closed) < 0.1)
    let half = try step(0.5 * width)
    #expect(abs(half.transmission - 0.5) < 1e-12)
    #expect(abs(half.closed) < 1e-12 * abs(perfect.closed))
    #expect(abs(half.twin) < 0.02 * abs(perfect.twin))
  }

  @Test("several levels: the expansion holds for matrices")
  func matrices() throws {
    func junction(_ s: Double) throws -> Junction {
      try Junction(
        conductor: Conductor(hamiltonian: s * GoldenNumberTests.hamiltonian),
        electrodes: [
          Electrode("L", .wideBand(broadening: s * GoldenNumberTests.left)),
          Electrode("R", .wideBand(broadening: s * GoldenNumberTests.right)),
        ], bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
        coupling: Coupling(.massWeighted, [s * GoldenNumberTests.coupling]))
    }
    let (bias, widths) = (1.6, [8000.0, 16000])
    let d = try widths.map { try Self.defect(junction($0), width: $0, bias: bias, temperature: 0.1, bath: 0.4) }
    let expected = try Self.logarithm(junction(widths[0]), width: widths[0], bias: bias) * Double.log(2)
    #expect(deviation(d[1] - d[0], expected) < 0.02, "\(d), \(expected)")
  }

  @Test("the asymmetric integral reaches its limit of zero temperature, and is even in the bias")
  func asymmetricIntegral() {
    for bias in [0.3, 1.6, 2.2] {
      let cold = TwinLowestOrderExpansion.asymmetricIntegral(bias: bias, mode: 1, temperature: 0)
      let d = [0.02, 0.01].map {
        TwinLowestOrderExpansion.asymmetricIntegral(bias: bias, mode: 1, temperature: $0) - cold
      }
      // The next order is T^2 away from the threshold.
      #expect(abs(d[1]) < 1e-3 && abs(d[0] / d[1] - 4) < 0.3, "\(bias): \(d)")
      let mirrored = TwinLowestOrderExpansion.asymmetricIntegral(bias: -bias, mode: 1, temperature: 0.01)
      #expect(abs(mirrored - (cold + d[1])) < 1e-12)
    }
  }
}
