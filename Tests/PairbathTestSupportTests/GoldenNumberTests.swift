import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

/// Reference numbers of independent programs (Python, mpmath), written once and not committed.
///
/// A, C, D, E, G, H: section 2 and 3 of Theory.md in 30-digit arithmetic, composite Gauss-Legendre quadrature with
/// breakpoints graded towards every mu and level (G: tanh-sinh, panels ending at the band edges), degree doubled until the
/// estimate of the relative error was below 1e-25; 17 digits given. B, F: closed form of the double dot's L by residues and the
/// digamma function in 36- to 40-digit arithmetic, E = n L; F then integrated over w by tanh-sinh, 18 digits given.
@Suite("Golden numbers", .tags(.golden))
struct GoldenNumberTests {
  static let hamiltonian = Matrix([[Scalar(0.3, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(-0.4, 0)]])
  static let left = Matrix([[Scalar(0.4, 0), Scalar(0.1, 0.05)], [Scalar(0.1, -0.05), Scalar(0.1, 0)]])
  static let right = Matrix([[Scalar(0.05, 0), Scalar(0, 0.02)], [Scalar(0, -0.02), Scalar(0.6, 0)]])
  static let coupling = Matrix([[Scalar(0.1, 0), Scalar(0.3, 0.2)], [Scalar(0.3, -0.2), Scalar(-0.2, 0)]])

  /// Two orbitals with complex H, Gamma and (mass-weighted) M, one mode of energy 1.
  static func complexJunction() throws -> Junction {
    try Junction(
      conductor: Conductor(hamiltonian: hamiltonian),
      electrodes: [Electrode("L", .wideBand(broadening: left)), Electrode("R", .wideBand(broadening: right))],
      bosons: BosonSystem(modes: [1]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [coupling]))
  }

  /// Compares J, I_a and Q_a; each relative to its largest element.
  static func compare(
    _ junction: Junction, _ point: OperatingPoint, energy: Double, particles: [Double], heats: [Double],
    tolerance: Double
  ) throws {
    let currents = try TextbookTwin(junction).sharpCurrents(at: point)
    #expect(currents.converged)
    #expect(deviation(currents.energyCurrent, energy) < tolerance)
    for (values, references) in [(currents.inelasticParticleCurrents, particles), (currents.inelasticHeatCurrents, heats)] {
      let scale = references.map { abs($0) }.max()!
      for (value, reference) in zip(values, references) { #expect(abs(value - reference) < tolerance * scale) }
    }
  }

  @Test("A: T = 0 and a bias of exactly the mode's energy")
  func zeroTemperatureResonantBias() throws {
    let junction = try Self.complexJunction()
    let point = state([0.5, -0.5], [0, 0], bath: 0.3)
    let spectra = try TextbookTwin(junction).spectra(at: point, frequency: 1)
    #expect(spectra.allSatisfy { $0.emission[0, 0] == .zero })
    let absorption = spectra.map { $0.absorption[0, 0].rawStorage.x }
    let expected = [0.02706115129660606, 0, 0.034036503234469447, 0.08136813727164146]
    // Tolerance of this and the following comparisons: that of the twin, 1e-11, times a few.
    for (value, reference) in zip(absorption, expected) { #expect(abs(value - reference) < 5e-13) }
    try Self.compare(
      junction, point, energy: -0.0026351688505334004, particles: [0.00062956820700337905, -0.00062956820700337905],
      heats: [-0.0010580183304436752, -0.0022067187270931042], tolerance: 5e-11)
  }

  @Test("B: levels of width 1e-6 half a width off resonance, and beside a broad level")
  func narrowLevels() throws {
    // Energies near 1 are known to 1e-16, a detuning of 5e-7 therefore to 1e-9: that bounds both programs.
    for (gamma, mus, emission, absorption, tolerance) in [
      (1e-6, [0.1, 0.1], 4522.64253554737058, 671219.666192272371, 2e-9),
      (0.5, [0.15, 0.05], 0.0355825618559684418, 3.20304014259765038, 1e-9),
    ] {
      let junction = try Junction(
        conductor: .levels([0.7, -0.3000005]),
        electrodes: [
          .wideBand("L", orbitals: [0], broadening: 1e-6), .wideBand("R", orbitals: [1], broadening: gamma),
        ], bosons: BosonSystem(modes: [1]), baths: [],
        coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
      let point = OperatingPoint(chemicalPotentials: mus, temperatures: [0.2, 0.2], bathTemperatures: [])
      let pair = try TextbookTwin(junction).spectra(of: PairChannel(from: 0, to: 1), at: point, frequency: 1)
      #expect(deviation(pair.emission[0, 0].rawStorage.x, emission) < tolerance)
      #expect(deviation(pair.absorption[0, 0].rawStorage.x, absorption) < tolerance)
    }
  }

  @Test("C: temperatures 0.01 and 2")
  func unequalTemperatures() throws {
    let junction = try Self.complexJunction()
    let point = state([0.3, -0.4], [0.01, 2], bath: 0.5)
    let spectra = try TextbookTwin(junction).spectra(at: point, frequency: 1)
    let references = [
      (1.1732906464664736e-45, 0.03153942699099063), (0.02187883216669749, 0.052609875952108709),
      (0.0022204729681552685, 0.019554182613935097), (0.02124283468590043, 0.035023513396610515),
    ]
    for (pair, (emission, absorption)) in zip(spectra, references) {
      #expect(deviation(pair.emission[0, 0].rawStorage.x, emission) < 5e-11)
      #expect(deviation(pair.absorption[0, 0].rawStorage.x, absorption) < 5e-11)
    }
    try Self.compare(
      junction, point, energy: 0.015362880900381692, particles: [0.0087807200199387484, -0.0087807200199387484],
      heats: [-0.0079805760353043398, 0.017196952921728908], tolerance: 5e-11)
  }

  @Test("D: temperatures of ten mode energies")
  func hot() throws {
    try Self.compare(
      Self.complexJunction(), state([2, -2], [10, 10], bath: 8), energy: 0.054640229199387872,
      particles: [0.081126018348439381, -0.081126018348439381],
      heats: [-0.14129514410879324, -0.12856870008557641], tolerance: 5e-10)
  }

  @Test("E: three electrodes, overlap, two modes, spin, three temperatures")
  func threeTerminals() throws {
    let overlap = Matrix([[Scalar(1, 0), Scalar(0.2, 0.1)], [Scalar(0.2, -0.1), Scalar(1.1, 0)]])
    let second = Matrix([[Scalar(0.2, 0), Scalar(0, 0.1)], [Scalar(0, -0.1), Scalar(0, 0)]])
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Self.hamiltonian, overlap: overlap, spinDegeneracy: 2),
      electrodes: [
        Electrode("L", .wideBand(broadening: Self.left)), Electrode("R", .wideBand(broadening: Self.right)),
        Electrode("C", .wideBand(broadening: Matrix(diagonal: [0.02, 0.01]))),
      ], bosons: BosonSystem(modes: [1, 0.6]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0, 1])],
      coupling: Coupling(.massWeighted, [Self.coupling, second]))
    try Self.compare(
      junction, state([0.7, -0.6, 0.1], [0.1, 0.5, 1], bath: 0.4), energy: 0.076016130233588221,
      particles: [0.099022578394973114, -0.098053361008441354, -0.00096921738653175963],
      heats: [-0.04592542764611134, -0.0079957634524132791, 0.0018864215892200238], tolerance: 5e-11)
  }

  @Test("G: a chain with its band edges inside the window and a level outside its band")
  func chainElectrode() throws {
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[1.2, 0.3], [0.3, -0.2]])),
      electrodes: [
        Electrode("L", .chain(ChainLead(orbital: 0, energy: 0, hopping: 0.5, coupling: 0.4))),
        .wideBand("R", orbitals: [1], broadening: 0.3),
      ], bosons: BosonSystem(modes: [0.7]), baths: [BosonBath("ph", .ohmic(friction: 0.01), coordinates: [0])],
      coupling: Coupling(.massWeighted, [Matrix(real: [[0, 0.5], [0.5, 0.1]])]))
    try Self.compare(
      junction, state([0.4, -0.3], [0.1, 0.3], bath: 0.2), energy: 0.0077402108753197056,
      particles: [0.01131967317266756, -0.01131967317266756],
      heats: [-0.00089079952409835744, 0.00070723917855077095], tolerance: 5e-11)
  }

  @Test("H: rates of 1e-21 and 1e-45 to full relative accuracy")
  func frozen() throws {
    let junction = try Self.complexJunction()
    let point = state([0.1, -0.1], [0.01, 0.02], bath: 0.01)
    let emission = try TextbookTwin(junction).spectra(at: point, frequency: 1).map { $0.emission[0, 0].rawStorage.x }
    let references = [
      1.1719445513905404e-45, 1.1153803536179597e-20, 5.6917224084853735e-30, 1.3640823876302744e-23,
    ]
    // exp(-100) multiplies the rounding of mu, e and T by 100.
    for (value, reference) in zip(emission, references) { #expect(deviation(value, reference) < 1e-10) }
    try Self.compare(
      junction, point, energy: 5.583722182873811e-21, particles: [5.5769017652439372e-21, -5.5769017652439372e-21],
      heats: [3.0544612266441674e-23, 4.4377972175585819e-21], tolerance: 1e-10)
  }

  @Test("rates that underflow converge to numbers, whatever is left of them")
  func underflow() throws {
    // exp(-720) is a denormal number, exp(-1000) is zero.
    for w in [7.2, 10] {
      let point = state([0.1, 0.1], [0.01, 0.012], bath: 0.01)
      for pair in try TextbookTwin(Self.complexJunction()).spectra(at: point, frequency: w) {
        #expect(pair.converged && pair.emission[0, 0].rawStorage.x >= 0 && pair.emission[0, 0].rawStorage.x < 1e-200)
      }
    }
  }
}
