import JunctionModel
import Testing

@testable import ElectronSpectra
@testable import TransportCurrents
@testable import TransportResults

@Suite("Energy moments")
struct EnergyMomentsTests {
  /// The double dot with two electrode temperatures, one of them possibly zero.
  static let points: [OperatingPoint] = [
    OperatingPoint(chemicalPotentials: [10.3, 9.8], temperatures: [0.6, 0.6], bathTemperatures: [0.5]),
    OperatingPoint(chemicalPotentials: [10.3, 9.8], temperatures: [0.9, 0.2], bathTemperatures: [0.5]),
    OperatingPoint(chemicalPotentials: [10.4, 9.1], temperatures: [1e-6, 1e-6], bathTemperatures: [0.5]),
    OperatingPoint(chemicalPotentials: [10.4, 9.1], temperatures: [0, 0], bathTemperatures: [0.5]),
  ]

  static func kernel(_ points: [OperatingPoint]) throws -> (PanelKernel, [OperatingState]) {
    let junction = try SharpSolverTests.doubleDot()
    let all = OperatingPoints(points, electrodes: 2, baths: 1)
    let prepared = try PreparedJunction(junction, points: all, tolerance: 1e-11)
    let states = points.indices.map { OperatingState(all, state: $0, reference: prepared.referenceEnergy) }
    return (try prepared.pairKernel(at: 1, pairs: .diagonal([0])), states)
  }

  static func agree(_ a: Estimate, _ b: Estimate, _ words: String) {
    #expect(abs(a.value - b.value) <= a.error + b.error, "\(words): \(a.value) +- \(a.error), \(b.value) +- \(b.error)")
    #expect(a.error < 1e-7 * max(abs(a.value), 1e-3) && b.error < 1e-7 * max(abs(b.value), 1e-3), "\(words): errors say nothing")
  }

  @Test("the first two powers are the same at orders 1 and 4: one with e from the reference, the other from mu_a")
  func orders() throws {
    for (i, point) in Self.points.enumerated() {
      let (kernel, states) = try Self.kernel([point])
      for (a, b) in [(0, 1), (1, 0)] {
        let currents = StateIntegrator().integrate(kernel, from: a, to: b, electrodes: 2, point: states[0])[0]
        let moments = EnergyMoments<FourthOrder>().spectra(kernel, from: a, to: b, electrodes: 2, point: states[0])[0]
        let mu = states[0].chemicalPotentials[a]
        for (name, m, value, valueError, energy, energyError) in [
          (
            "emission", moments.emission, currents.emission, currents.emissionError, currents.emissionEnergy,
            currents.emissionEnergyError
          ),
          (
            "absorption", moments.absorption, currents.absorption, currents.absorptionError, currents.absorptionEnergy,
            currents.absorptionEnergyError
          ),
          (
            "density", moments.density, currents.density, currents.densityError, currents.densityEnergy,
            currents.densityEnergyError
          ),
        ] {
          let words = "state \(i), \(a)>\(b), \(name)"
          Self.agree(m[0], Estimate(value, error: valueError), words)
          Self.agree(m[1] + mu * m[0], Estimate(energy, error: energyError), words + ", energy")
        }
      }
    }
  }

  @Test("linear response takes the absorption moments of an equilibrium; the emission is n/(1 + n) of it at every power")
  func equilibrium() throws {
    let point = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.4, 0.4], bathTemperatures: [0.4])
    let (kernel, states) = try Self.kernel([point])
    let mu = states[0].chemicalPotentials[0]
    let response = ResponseIntegrator().equilibrium(kernel, potential: mu, temperature: 0.4)
    for (a, b) in [(0, 1), (1, 0)] {
      let moments = EnergyMoments<FourthOrder>().spectra(kernel, from: a, to: b, electrodes: 2, point: states[0])[0]
      let ratio = 0.0820849986238988  // exp(-1/0.4)
      for k in 0...2 {
        Self.agree(response[2 * a + b][0][k], moments.absorption[k], "\(a)>\(b), power \(k)")
        Self.agree(moments.emission[k], ratio * moments.absorption[k], "\(a)>\(b), power \(k), detailed balance")
      }
    }
    // The dots have no pairs within one electrode.
    #expect(response[0].isEmpty && response[3].isEmpty)
  }

  @Test("a window cut short is paid for: the moments of a narrow kernel and a wide one differ by less than their errors")
  func tail() throws {
    let cold = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.05, 0.05], bathTemperatures: [0.05])
    let warm = OperatingPoint(chemicalPotentials: [10, 10], temperatures: [0.25, 0.25], bathTemperatures: [0.25])
    let (narrow, states) = try Self.kernel([cold])
    let (wide, _) = try Self.kernel([cold, warm])
    // The narrow window serves the cold state; read at three times its temperature it ends too early.
    var state = states[0]
    state.temperatures = [0.15, 0.15]
    let one = EnergyMoments<FourthOrder>().spectra(narrow, from: 0, to: 1, electrodes: 2, point: state)[0]
    let other = EnergyMoments<FourthOrder>().spectra(wide, from: 0, to: 1, electrodes: 2, point: state)[0]
    for k in 0...4 {
      let (a, b) = (one.absorption[k], other.absorption[k])
      #expect(abs(a.value - b.value) <= a.error + b.error, "power \(k): \(a.value - b.value) against \(a.error)")
    }
    let (short, long) = (one.absorption[4], other.absorption[4])
    #expect(short.error > 1e3 * long.error, "the cut is not seen: \(short.error), \(long.error)")
    #expect(long.error < 1e-6 * long.value)
  }
}
