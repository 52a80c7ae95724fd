import Quadrature
import RealModule
import SpecialFunctions
import Testing

@testable import BosonPropagators
@testable import ElectronSpectra
@testable import TransportCurrents
@testable import TransportResults

@Suite("Frequency moments")
struct FrequencyMomentsTests {
  static let panel = Panel(0.4, 1.6)
  static let spectrum = ModeSpectrum(energy: 1, friction: 1e-4)
  static let rule = FrequencyWeights.rule

  /// int over the panel by plain adaptive quadrature.
  static func integral(resolving kink: [PanelFeature] = [], _ f: (Double) -> Double) -> Double {
    let panels = KinkRule(spectrum.poles + kink, breaks: [0.7]).panels(from: panel.start, to: panel.end, rho: 3)
    return AdaptivePanelQuadrature(tolerance: 1e-13).integrate(panels, count: 1) {
      (w: Double, sample: inout AdaptivePanelQuadrature.Sample) in
      sample.values[0] = f(w)
      sample.gross[0] = abs(f(w))
    }.values[0]
  }

  /// A pair spectrum that is a polynomial on the panel, and its e-moments.
  static func smooth(_ w: Double) -> Double { 2 + w - 0.3 * w * w * w }

  static func series(_ f: (Double) -> Double) -> [WeightedSums<SIMD8<Double>>] {
    rule.nodes.map { x in WeightedSums(SIMD8(repeating: f(panel.position(x).0)), error: .zero) }
  }

  @Test("moments of every power and density of a peak ten thousand times sharper than the panel are their integrals")
  func moments() {
    let t = 0.3
    let moments = FrequencyMoments(order: 4, Self.panel, Self.spectrum, temperature: t)
    let series = MomentSeries(Self.series(Self.smooth), highest: 4)
    for m in 0...4 {
      let spontaneous = Self.integral { Self.smooth($0) * Self.spectrum.weight($0) * .pow($0, m + 1) }
      let stimulated = Self.integral {
        Self.smooth($0) * Self.spectrum.weight($0) * BoseFunction.occupation($0, temperature: t) * .pow($0, m + 1)
      }
      for (density, exact) in [(FrequencyMoments.Density.spontaneous, spontaneous), (.stimulated, stimulated)] {
        let (value, doubt) = moments.integrate(series, electron: 2, boson: m, density)
        #expect(abs(value.value - exact) <= value.error + 2e-13 * abs(exact), "power \(m): \(value.value), \(exact)")
        #expect(value.error < 1e-11 * abs(exact) && doubt <= value.error)
      }
    }
  }

  @Test("order 1 is order 4 cut short: rates and energies of currents")
  func currents() {
    let four = FrequencyMoments(order: 4, Self.panel, Self.spectrum, temperature: 0.3)
    let one = FrequencyMoments(order: 1, Self.panel, Self.spectrum, temperature: 0.3)
    let values = Self.rule.nodes.map { Self.smooth(Self.panel.position($0).0) }
    let errors = [Double](repeating: 0, count: values.count)
    let series = MomentSeries(Self.series(Self.smooth), highest: 4)
    for density in [FrequencyMoments.Density.spontaneous, .stimulated] {
      let r = one.currents(values, errors: errors, density)
      let (rate, energy) = (
        four.integrate(series, electron: 0, boson: 0, density).moment,
        four.integrate(series, electron: 0, boson: 1, density).moment
      )
      #expect(abs(r.rate.value - rate.value) <= rate.error && abs(r.energy.value - energy.value) <= energy.error)
    }
  }

  @Test("the kink of an isothermal channel inside the panel costs no accuracy, T = 0 included")
  func kink() throws {
    for t in [0.0, 1e-5, 1e-3] {
      let channel = ChannelState(
        initialPotential: 0.7, initialTemperature: t, finalPotential: 0, finalTemperature: t, frequency: 0)
      let kink = try #require(IsothermalKink(Self.panel, channel))
      // L = (w - mu_ab) Lambda with a smooth Lambda.
      let density = Self.series { ($0 - 0.7) * Self.smooth($0) }
      let reduced = try #require(kink.reduced(density))
      let moments = FrequencyMoments(order: 4, Self.panel, Self.spectrum, temperature: nil, kink: kink)
      for m in 0...2 {
        let (value, _) = moments.integrate(MomentSeries(reduced, highest: 4), electron: 0, boson: m)
        let exact = Self.integral(resolving: [kink.feature]) { w in
          Self.smooth(w) * BoseFunction.occupationTimesFrequency(w - 0.7, temperature: t) * Self.spectrum.weight(w)
            * .pow(w, m + 1)
        }
        #expect(abs(value.value - exact) <= value.error + 1e-12 * abs(exact), "T = \(t), power \(m)")
      }
    }
    // Far away or smooth: no kink.
    let smooth = ChannelState(
      initialPotential: 0.7, initialTemperature: 2, finalPotential: 0, finalTemperature: 2, frequency: 0)
    #expect(IsothermalKink(Self.panel, smooth) == nil)
  }

  @Test("the response density is T^2 dn/dT times w |D|^2/pi: moments of linear response are derivatives of stimulated ones")
  func response() {
    let (t, step) = (0.3, 1e-4)
    let series = MomentSeries(Self.series(Self.smooth), highest: 2)
    let response = FrequencyMoments(responseOf: Self.spectrum, Self.panel, temperature: t)
    for m in 0...2 {
      func stimulated(_ temperature: Double) -> Double {
        FrequencyMoments(order: 2, Self.panel, Self.spectrum, temperature: temperature)
          .integrate(series, electron: 0, boson: m, .stimulated).moment.value
      }
      let derivative = t * t * (stimulated(t + step) - stimulated(t - step)) / (2 * step)
      let value = response.integrate(series, electron: 0, boson: m).moment.value
      #expect(abs(value - derivative) < 1e-6 * abs(value), "power \(m): \(value), \(derivative)")
    }
  }
}
