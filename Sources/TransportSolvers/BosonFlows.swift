import JunctionModel

/// What is integrated over boson frequencies, and where each number stands in the vector of integrands.
struct FlowLayout: Sendable {
  /// Further results besides currents.
  struct Options: Sendable {
    /// Energy between every pair of reservoirs.
    var exchange = false
    /// d(heat into p)/dT_q.
    var conductance = false
    /// The population matrix.
    var population = false
    /// Gross emission into every bath and absorption from it, Theory.md section 13.
    var light = false
  }

  let isDressed: Bool
  let channels: Int
  let baths: Int
  let modes: Int
  let options: Options
  /// Channel blocks of (rate, boson energy, electron energy): per channel when dressed, per (channel, bath) otherwise.
  let channelStart = 0
  /// Per bath (particles, energy): all of it when dressed, from the other baths otherwise.
  let bathStart: Int
  let exchangeStart: Int
  let conductanceStart: Int
  let populationStart: Int
  /// Per bath (emission, absorption), then both summed over baths without the baths' occupations.
  let lightStart: Int
  /// Gross flows, moduli of what the currents are differences of: energy and rate of the electrons, then of everything.
  let grossStart: Int
  let count: Int

  init(isDressed: Bool, channels: Int, baths: Int, modes: Int, options: Options) {
    self.isDressed = isDressed
    self.channels = channels
    self.baths = baths
    self.modes = modes
    self.options = options
    bathStart = channels * (isDressed ? 1 : baths) * 3
    exchangeStart = bathStart + 2 * baths
    let reservoirs = channels + baths
    conductanceStart = exchangeStart + (options.exchange ? reservoirs * reservoirs : 0)
    populationStart = conductanceStart + (options.conductance ? baths * baths : 0)
    lightStart = populationStart + (options.population ? modes * modes : 0)
    grossStart = lightStart + (options.light ? 2 * baths + 2 : 0)
    count = grossStart + 4
  }

  func channel(_ c: Int, bath p: Int = 0) -> Int { channelStart + 3 * (isDressed ? c : c * baths + p) }
  func bath(_ p: Int) -> Int { bathStart + 2 * p }
  func exchange(_ x: Int, _ y: Int) -> Int { exchangeStart + x * (channels + baths) + y }
  func conductance(_ p: Int, _ q: Int) -> Int { conductanceStart + p * baths + q }
  func emission(_ p: Int) -> Int { lightStart + 2 * p }
  func absorption(_ p: Int) -> Int { lightStart + 2 * p + 1 }
  /// Tr[E sum A~_p]/2 pi and Tr[B sum A~_p]/2 pi.
  var bareEmission: Int { lightStart + 2 * baths }
  var bareAbsorption: Int { lightStart + 2 * baths + 1 }
}

/// The integrals over one frequency panel and what is not known about them.
struct PanelFlows {
  /// Integrals, as in `FlowLayout`.
  var values: [Double]
  /// Errors of the quadrature at given spectra.
  var quadrature: [Double]
  /// Error by channel from interpolated spectra and from the kernels: (rate, energy, electron energy).
  var channelErrors: [(rate: Double, energy: Double, electron: Double)]
  /// The part of it, and of the damping's own interpolation, that smaller panels would remove.
  var doubt = 0.0
  var rateDoubt = 0.0
  /// Error of the gross emission into all baths from spectra and kernels.
  var emissionError = 0.0
  /// Effect of the error of Pi_e on the electrons' flows: energy, rate; and on everything.
  var sensitivity = 0.0
  var rateSensitivity = 0.0
  var totalSensitivity = 0.0
  var totalRateSensitivity = 0.0
  /// Effect of interpolating Pi_e between nodes, element by element; part of the sensitivities in the end.
  var dressingError = 0.0
  var dressingRateError = 0.0
  var totalDressingError = 0.0
  var totalDressingRateError = 0.0
  /// Phase of det D^-1 at the first and last point, and its change between them.
  var firstPhase = 0.0
  var lastPhase = 0.0
  var phaseChange = 0.0
  /// Intervals that could not be resolved.
  var unresolved = 0

  init(_ layout: FlowLayout) {
    values = [Double](repeating: 0, count: layout.count)
    quadrature = values
    channelErrors = [(rate: Double, energy: Double, electron: Double)](repeating: (0, 0, 0), count: layout.channels)
  }
}
