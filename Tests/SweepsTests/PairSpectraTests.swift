import ComplexModule
import DenseMatrices
import Foundation
import JunctionModel
import PairbathTestSupport
import RealModule
import TestKinds
import Testing
import TransportResults

@testable import Sweeps

@Suite("Pair spectra as they are given")
struct PairSpectraTests {
  private static func request(
    _ spectra: GivenPairSpectra, biases: [Double], temperatures: [Double] = [0.1, 0.1], bath: Double? = nil,
    _ observables: [PairSpectraSettings.Observable] = PairSpectraSettings.Observable.allCases
  ) -> PairSpectraRequest {
    let points = biases.map {
      OperatingPoint(
        chemicalPotentials: [0.5 * $0, -0.5 * $0], temperatures: temperatures, bathTemperatures: bath.map { [$0] } ?? [])
    }
    return PairSpectraRequest(
      title: "", units: .natural, spectra: spectra, axes: [SweepAxis("V", biases)],
      points: OperatingPoints(points, electrodes: 2, baths: bath == nil ? 0 : 1),
      settings: PairSpectraSettings(observables: observables, tolerance: 1e-8))
  }

  private static func none(_ count: Int) -> [Matrix?] { [Matrix?](repeating: nil, count: count) }

  @Test("A junction whose levels are very wide has the populations of its constant kernels", .tags(.law))
  func wideBandLimit() throws {
    // Deviations fall with the square of energies over the width.
    let (width, modes) = (4e4, [0.7, 1.3])
    let couplings = [Matrix(real: [[1, 0.4], [0.4, -0.6]]), Matrix(real: [[0.2, -0.7], [-0.7, 0.5]])]
    let gammas = [Matrix(real: [[1, 0.2], [0.2, 0.4]]), Matrix(real: [[0.6, -0.3], [-0.3, 1.1]])].map { Scalar(width, 0) * $0 }
    let strength = 0.3 * width
    let junction = try Junction(
      conductor: Conductor(hamiltonian: Matrix(real: [[0.3, 0.1], [0.1, -0.2]])),
      electrodes: zip(["L", "R"], gammas).map { Electrode($0, .wideBand(broadening: $1)) }, bosons: BosonSystem(modes: modes),
      baths: [BosonBath("ph", .ohmic(friction: 1e-3), coordinates: [0, 1])],
      coupling: Coupling(.massWeighted, couplings.map { Scalar(strength, 0) * $0 }))
    let twin = try TextbookTwin(junction)
    let spectral = try twin.spectralFunctions(energy: 0, electrodes: [0, 1])
    let kernels = (0..<4).map { channel -> Matrix in
      var kernel = Matrix(rows: 2, columns: 2)
      for m in 0..<2 {
        for n in 0..<2 {
          let product = (strength * couplings[m] * spectral[channel / 2]) * (strength * couplings[n] * spectral[channel % 2])
          kernel[m, n] = Scalar(1 / (2 * Double.pi), 0) * product.trace
        }
      }
      return kernel
    }
    let spectra = try GivenPairSpectra(
      electrodes: ["L", "R"], modes: modes, kernels: kernels, renormalizations: Self.none(4), berryForces: Self.none(4),
      baths: [GivenPairSpectra.Bath(name: "ph", frictions: [1e-3, 1e-3])])
    let biases = [0, 0.9, 2.5]
    for temperatures in [[0.1, 0.1], [0.05, 0.3]] {
      let given = try SweepRunner(workers: 1).run(Self.request(spectra, biases: biases, temperatures: temperatures, bath: 0.2))
      let full = try FastPath.currents(
        junction,
        biases.map {
          OperatingPoint(chemicalPotentials: [0.5 * $0, -0.5 * $0], temperatures: temperatures, bathTemperatures: [0.2])
        }, tolerance: 1e-8)
      for state in biases.indices {
        for (a, b) in zip(given.numbers("mode_population", state: state), full.numbers("mode_population", state: state)) {
          #expect(abs(a - b) <= 1e-7 * abs(b), "\(a), \(b) at V = \(biases[state]), T = \(temperatures)")
        }
      }
    }
  }

  @Test("Pairs of unequal electrodes obey B - E = w - mu_ab, and at equal temperatures their number is that of bosons")
  func pairNumbers() throws {
    for (s, a, b) in [(0.3, 0.1, 0.02), (-0.7, 0.5, 0.04), (0, 0.2, 0.1), (2.0, 0.01, 0.4)] {
      let (forth, back) = (try PairSpectraState.pairs(s, a, b), try PairSpectraState.pairs(-s, b, a))
      #expect(abs(back - forth - s) <= 1e-14 * (back + forth), "\(s), \(a), \(b)")
      // Two temperatures that differ by nothing, by the rule of unequal ones.
      let nearly = try PairSpectraState.pairs(s, a, a * (1 + 1e-13))
      #expect(abs(nearly - (try PairSpectraState.pairs(s, a, a))) <= 1e-12 * nearly + 1e-15)
    }
    #expect(throws: SolverError.self) { try PairSpectraState.pairs(0.1, 0, 0.1) }
  }

  @Test("One mode is a damped oscillator: its pole is sqrt(W^2 - eta^2/4) - i eta/2")
  func oneMode() throws {
    let (w, k) = (0.8, 0.02)
    let spectra = try GivenPairSpectra(
      electrodes: ["L", "R"], modes: [w], kernels: [k, k, k, k].map { Matrix(diagonal: [$0]) }, renormalizations: Self.none(4),
      berryForces: Self.none(4), baths: [GivenPairSpectra.Bath(name: "ph", frictions: [0.1])])
    let result = try SweepRunner(workers: 1).run(Self.request(spectra, biases: [0.4], bath: 0.1))
    let eta = 2 * k + 0.1
    #expect(abs(result.numbers("mode_pole_energy")[0] - (w * w - eta * eta / 4).squareRoot()) < 1e-14)
    #expect(abs(result.numbers("mode_pole_damping")[0] - eta) < 1e-14)
    #expect(abs(result.numbers("electronic_damping")[0] - 2 * k) < 1e-15)
    // What leaves the pair baths arrives in the boson bath.
    let channels = result.numbers("energy_current_channel").reduce(0, +)
    let (n, bath) = (result.numbers("mode_population")[0], 1 / Double.expMinusOne(w / 0.1))
    #expect(abs(channels - w * 0.1 * (n - bath)) < 1e-15 && channels == result.numbers("energy_current")[0])
  }

  @Test("Two equal modes run away beyond the bias at which the nonconservative force beats the friction")
  func runaway() throws {
    // lambda^2 + lambda eta + W^2 +- i V x = 0 has a growing root where V x > eta W.
    let (w, eta, x) = (1.0, 0.02, 0.01)
    let cross = Matrix([[Scalar(x, 0), Scalar(0, x)], [Scalar(0, -x), Scalar(x, 0)]])
    let own = Matrix(diagonal: [eta - x, eta - x])
    let spectra = try GivenPairSpectra(
      electrodes: ["L", "R"], modes: [w, w], kernels: [own, cross, cross.transpose, own], renormalizations: Self.none(4),
      berryForces: Self.none(4), baths: [])
    let result = try SweepRunner(workers: 1).run(
      Self.request(spectra, biases: [1.9, 2.1], [.modePole]))
    let critical = eta * w / x
    for (state, bias) in [1.9, 2.1].enumerated() {
      let slowest = result.numbers("mode_pole_damping", state: state).min() ?? 0
      #expect((slowest < 0) == (bias > critical), "\(slowest) at V = \(bias)")
    }
    // The motion that runs away stays with one mode, and the state with it has no populations.
    let path = try SweepRunner(workers: 1).run(
      Self.request(spectra, biases: (0...24).map { 0.1 * Double($0) }, [.modePole, .modePopulation]))
    let damping = (0...24).map { path.numbers("mode_pole_damping", state: $0)[0] }
    #expect(zip(damping, damping.dropFirst()).allSatisfy { $0 >= $1 - 1e-12 }, "\(damping)")
    #expect(path.variable("status")?.values == (0...24).map { 0.1 * Double($0) > critical ? 1 : 0 })
    let populations = path.numbers("mode_population", state: 24)
    #expect(populations.allSatisfy { $0.isNaN })
  }

  @Test("Poles stand with their modes, in the order in which these are given")
  func order() throws {
    let spectra = try GivenPairSpectra(
      electrodes: ["L", "R"], modes: [0.9, 0.3], kernels: [0.01, 0, 0, 0.02].map { Matrix(diagonal: [$0, 0.5 * $0]) },
      renormalizations: Self.none(4), berryForces: Self.none(4), baths: [])
    let result = try SweepRunner(workers: 1).run(Self.request(spectra, biases: [0.2], [.modePole, .electronicDamping]))
    for (pole, alone) in zip(result.numbers("mode_pole_damping"), result.numbers("electronic_damping")) {
      #expect(abs(pole - alone) < 1e-14)
    }
    #expect(result.numbers("mode_pole_energy")[0] > 0.8)
  }

  @Test("Kernels that are not positive, not Hermitian or not each other's transposes are refused with their channel")
  func refused() {
    func make(_ kernels: [Matrix]) throws(ModelError) {
      _ = try GivenPairSpectra(
        electrodes: ["L", "R"], modes: [1], kernels: kernels, renormalizations: Self.none(4), berryForces: Self.none(4), baths: []
      )
    }
    let one = Matrix(diagonal: [1])
    let negative = #expect(throws: ModelError.self) { try make([one, Matrix(diagonal: [-1]), Matrix(diagonal: [-1]), one]) }
    #expect(negative?.path == ["pair_spectra", "kernels", "L>R"])
    #expect(throws: ModelError.self) { try make([one, one, Matrix(diagonal: [2]), one]) }
    #expect(throws: ModelError.self) { try make([Matrix([[Scalar(1, 1)]]), one, one, one]) }
  }
}
