import JunctionModel

/// What is integrated over boson frequencies, and where each number stands in the vector of integrands.
package struct FlowLayout: Sendable {
  /// Further results besides currents.
  package struct Options: Sendable {
    /// Energy between every pair of reservoirs.
    package var exchange = false
    /// d(heat into p)/dT_q.
    package var conductance = false
    /// The population matrix.
    package var population = false
    /// Gross emission into every bath and absorption from it, Theory.md section 9.
    package var light = false
  }

  package let isDressed: Bool
  package let channels: Int
  package let baths: Int
  package let modes: Int
  package let options: Options
  /// Channel blocks of (rate, boson energy, electron energy): per channel when dressed, per (channel, bath) otherwise.
  package let channelStart = 0
  /// (rate, boson energy) from all electrons: in all when dressed, into every bath otherwise.
  package let totalStart: Int
  /// Per bath (particles, energy): all of it when dressed, from the other baths otherwise.
  package let bathStart: Int
  package let exchangeStart: Int
  package let conductanceStart: Int
  package let populationStart: Int
  /// Per bath (emission, absorption), then both summed over baths without the baths' occupations.
  package let lightStart: Int
  /// Gross flows, moduli of what the currents are differences of: energy and rate of the electrons, then of everything.
  package let grossStart: Int
  package let count: Int

  package init(isDressed: Bool, channels: Int, baths: Int, modes: Int, options: Options) {
    self.isDressed = isDressed
    self.channels = channels
    self.baths = baths
    self.modes = modes
    self.options = options
    totalStart = channels * (isDressed ? 1 : baths) * 3
    bathStart = totalStart + 2 * (isDressed ? 1 : baths)
    exchangeStart = bathStart + 2 * baths
    let reservoirs = channels + baths
    conductanceStart = exchangeStart + (options.exchange ? reservoirs * reservoirs : 0)
    populationStart = conductanceStart + (options.conductance ? baths * baths : 0)
    lightStart = populationStart + (options.population ? modes * modes : 0)
    grossStart = lightStart + (options.light ? 2 * baths + 2 : 0)
    count = grossStart + 4
  }

  package func channel(_ c: Int, bath p: Int = 0) -> Int { channelStart + 3 * (isDressed ? c : c * baths + p) }
  package func total(bath p: Int = 0) -> Int { totalStart + 2 * (isDressed ? 0 : p) }
  package func bath(_ p: Int) -> Int { bathStart + 2 * p }
  /// Flows without a factor w: rates of channels, also times an electron's energy, of all of them, and of baths.
  package var rates: [Int] {
    let channels = stride(from: channelStart, to: totalStart, by: 3).flatMap { [$0, $0 + 2] }
    return channels + stride(from: totalStart, to: exchangeStart, by: 2)
  }
  package func exchange(_ x: Int, _ y: Int) -> Int { exchangeStart + x * (channels + baths) + y }
  package func conductance(_ p: Int, _ q: Int) -> Int { conductanceStart + p * baths + q }
  package func emission(_ p: Int) -> Int { lightStart + 2 * p }
  package func absorption(_ p: Int) -> Int { lightStart + 2 * p + 1 }
  /// Tr[E sum A~_p]/2 pi and Tr[B sum A~_p]/2 pi.
  package var bareEmission: Int { lightStart + 2 * baths }
  package var bareAbsorption: Int { lightStart + 2 * baths + 1 }
}

/// The integrals over one frequency panel and what is not known about them.
package struct PanelFlows {
  /// Integrals, as in `FlowLayout`.
  package var values: [Double]
  /// Errors of the quadrature at given spectra.
  package var quadrature: [Double]
  /// Error by channel from interpolated spectra and from the kernels: (rate, energy, electron energy).
  package var channelErrors: [(rate: Double, energy: Double, electron: Double)]
  /// The part of it, and of the damping's own interpolation, that smaller panels would remove.
  package var doubt = 0.0
  package var rateDoubt = 0.0
  /// Error of the gross emission into all baths from spectra and kernels.
  package var emissionError = 0.0
  /// Effect of the errors of Pi_e and of the baths' Pi on the electrons' flows: energy, rate; and on everything.
  package var sensitivity = 0.0
  package var rateSensitivity = 0.0
  package var totalSensitivity = 0.0
  package var totalRateSensitivity = 0.0
  /// What D is not known to, in the numbers that belong to no channel: the light of all baths, what every bath loses per temperature, the
  /// population matrix (Frobenius norm).
  package var light = Dressing()
  package var conductances: [Dressing]
  package var population = Dressing()
  /// Phase of det D^-1 at the first and last point, and its change between them.
  package var firstPhase = 0.0
  package var lastPhase = 0.0
  package var phaseChange = 0.0
  /// The first point itself.
  package var firstFrequency = 0.0
  /// Intervals that could not be resolved.
  package var unresolved = 0
  /// Infinite, with the sign of the integrand, where an integral down to w = 0 does not exist.
  package var divergences: [Double] = []

  package init(_ layout: FlowLayout) {
    values = [Double](repeating: 0, count: layout.count)
    quadrature = values
    channelErrors = [(rate: Double, energy: Double, electron: Double)](repeating: (0, 0, 0), count: layout.channels)
    conductances = [Dressing](repeating: Dressing(), count: layout.options.conductance ? layout.baths : 0)
  }

  /// What an error of D makes of an integral.
  package struct Dressing: Sendable {
    package var error = 0.0

    /// Takes in the gross value at a node, and the share of it that is not known there.
    mutating func add(_ gross: Double, unknown share: Double) { error += share * gross }

    static func += (a: inout Dressing, b: Dressing) { a.error += b.error }
  }
}
