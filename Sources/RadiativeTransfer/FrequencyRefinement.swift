import Quadrature
import RealModule
import TransportResults

/// Bisects photon-energy panels until the fluxes of all occupations of a window are integrated to its tolerance.
///
/// Watched are, for every occupation, the energy and the photons of all channels together, and of the interband channels of
/// body 1 and of body 2 each for itself: an interband flux is resolved relative to itself, however small beside the rest.
struct FrequencyRefinement {
  private let pair: RadiatingPair
  private let gap: Double
  private let window: RadiationWindow
  private let evaluationLimit: Int
  private var integrator: WaveVectorIntegrator
  private var drafts: [Draft] = []
  /// Relative error allowed per watched number: what is reported contains a factor 2, and temperatures between the watched ones.
  private let tolerance: Double
  /// Panels this narrow are not divided for the sake of soft photons.
  private let narrowest: Double

  /// Relative error of the wave-vector integrals at the photon energies that matter most.
  private let finest: Double
  private let importance: ThermalImportance
  /// True while photon energies that matter little are integrated with a larger relative error.
  private var isRelaxed = true

  /// Photon energies at which the cost of films is measured beforehand.
  private static let samples = 24

  /// Watched numbers per occupation.
  private static let watched = 6

  private struct Draft {
    let panel: SpectralPanel
    /// Kronrod values and errors of the watched numbers.
    var values: [Double]
    var errors: [Double]
    /// The part of the errors that comes from the wave-vector integrals.
    var inner: [Double]

    func isCoarse(_ metric: Int, allowed: Double, narrowest: Double) -> Bool {
      let width = panel.to - panel.from
      guard errors[metric] > allowed && errors[metric] > 2 * inner[metric] else { return false }
      return width > (FrequencyRefinement.isSoft(metric) ? narrowest : 1e-13 * panel.to)
    }
  }

  /// The watched numbers of all panels together.
  private struct Sums {
    var values: [Double]
    var errors: [Double]

    init(count: Int) { (values, errors) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count)) }

    init(_ drafts: [Draft], count: Int) {
      self.init(count: count)
      for draft in drafts {
        for m in 0..<count {
          values[m] += draft.values[m]
          errors[m] += draft.errors[m]
        }
      }
    }

    func open(_ tolerance: Double) -> [Int] { values.indices.filter { errors[$0] > tolerance * values[$0] } }
  }

  init(_ pair: RadiatingPair, gap: Double, window: RadiationWindow, evaluationLimit: Int) {
    self.pair = pair
    self.gap = gap
    self.window = window
    self.evaluationLimit = evaluationLimit
    tolerance = 0.35 * window.tolerance
    narrowest = 1e-7 * window.temperatures.lowerBound
    finest = 0.2 * window.tolerance
    integrator = WaveVectorIntegrator(TransmissionIntegrand(pair, gap: gap), tolerance: finest)
    importance = ThermalImportance(window, of: pair)
  }

  var evaluations: Int { integrator.evaluations }
  var panels: [SpectralPanel] { drafts.map(\.panel).sorted { $0.from < $1.from } }

  /// Throws `SolverError.notConverged` when the tolerance is not reached also with every wave-vector integral at its finest.
  mutating func run() throws(SolverError) {
    try refuseThickFilms()
    do { try refine() } catch {
      guard error.code == .notConverged && evaluations < evaluationLimit else { throw error }
      isRelaxed = false
      drafts = []
      try refine()
    }
  }

  /// Refuses films whose fringes cannot be resolved within the limit, before trying: eight panels per fringe (resonances of
  /// high finesse), each node at the measured cost of its wave-vector integral, at photon energies that matter.
  private mutating func refuseThickFilms() throws(SolverError) {
    let films = FilmFringes.films(of: pair)
    guard !films.isEmpty else { return }
    let (low, high) = (window.energies.lowerBound, window.energies.upperBound)
    let step = (high - low) / Double(Self.samples)
    var work = 0.0
    for i in 0..<Self.samples {
      let w = low + (Double(i) + 0.5) * step
      let weight = importance(w) * importance(w)
      guard weight > window.tolerance else { continue }
      try SolverError.checkInterruption("integrating over wave vectors")
      integrator.tolerance = min(1e-3, finest / importance(w))
      let densities = films.map { $0.density(at: w, visible: window.tolerance / weight) }
      guard let most = densities.indices.max(by: { densities[$0] < densities[$1] }), densities[most] * step > 2 else { continue }
      let before = integrator.evaluations
      _ = integrator.spectrum(at: w)
      work += 8 * densities[most] * step * Double(KronrodRule.count * (integrator.evaluations - before))
      if work > Double(evaluationLimit) { throw films[most].error(densities[most] * w, at: w, limit: evaluationLimit) }
    }
  }

  private mutating func refine() throws(SolverError) {
    let cuts = initialCuts
    var refinement = PanelRefinement<Draft>()
    for i in 1..<cuts.count { refinement.parts.append(try draft(cuts[i - 1], cuts[i])) }
    let (tolerance, narrowest) = (tolerance, narrowest)
    var total = Sums(count: window.occupations.count * Self.watched)
    let outcome = try refinement.refine(
      judge: { (parts: [Draft]) throws(SolverError) -> ((Draft) -> Bool)? in
        total = Sums(parts, count: total.values.count)
        let (open, values) = (total.open(tolerance), total.values)
        guard !open.isEmpty else { return nil }
        let share = 0.5 * tolerance / Double(parts.count)
        return { draft in open.contains { draft.isCoarse($0, allowed: share * values[$0], narrowest: narrowest) } }
      },
      halve: { whole throws(SolverError) in
        let middle = 0.5 * (whole.panel.from + whole.panel.to)
        return (try draft(whole.panel.from, middle), try draft(middle, whole.panel.to))
      })
    drafts = refinement.parts
    try SolverError.checkInterruption("integrating over wave vectors")
    guard outcome == .stalled, total.open(tolerance).contains(where: { !Self.isSoft($0) }) else { return }
    throw stalled(total)
  }

  /// Photon numbers of all channels together: they may diverge at w -> 0 while everything else converges.
  private static func isSoft(_ metric: Int) -> Bool { metric % watched == 1 }

  private func stalled(_ total: Sums) -> SolverError {
    let worst = total.open(tolerance).map { total.errors[$0] / total.values[$0] }.max() ?? 0
    return SolverError(
      .notConverged, at: .gap,
      "the spectra at \(gap) m reached a relative error of \(worst), more than \(tolerance)", hint: "Ask for a larger tolerance")
  }

  /// Octaves from the coldest temperature up, gaps, resonances.
  private var initialCuts: [Double] {
    let (low, high) = (window.energies.lowerBound, window.energies.upperBound)
    var cuts: Set<Double> = [low, high]
    let coldest = window.temperatures.lowerBound
    var cut = max(0.25 * coldest, 1e-6 * high)
    while cut < high {
      cuts.insert(cut)
      cut *= 1.7
    }
    for body in [pair.first, pair.second] {
      switch body.kind {
      case .blackBody(let gap): if let gap { cuts.insert(gap) }
      case .layers(let layers):
        for part in layers.flatMap(\.material.parts) {
          if let gap = part.interbandGap { cuts.insert(gap) }
          let energies = part.form.characteristicEnergies
          if energies.count <= 2000 { cuts.formUnion(energies) }
        }
      }
    }
    var sorted: [Double] = []
    for cut in cuts.filter({ $0 >= low && $0 <= high }).sorted() {
      if let last = sorted.last, cut - last <= 1e-9 * cut, cut < high { continue }
      sorted.append(cut)
    }
    return sorted
  }

  private mutating func draft(_ from: Double, _ to: Double) throws(SolverError) -> Draft {
    var propagating: [Channels] = []
    var evanescent: [Channels] = []
    var errors: [Channels] = []
    for node in KronrodRule.nodes {
      let w = 0.5 * (from + to) + 0.5 * (to - from) * node
      try SolverError.checkInterruption("integrating over wave vectors")
      integrator.tolerance = isRelaxed ? max(finest, min(1e-3, finest / importance(w))) : finest
      let spectrum = integrator.spectrum(at: w)
      let total = spectrum.propagating + spectrum.evanescent
      guard total.sum().isFinite else {
        throw SolverError(
          .unsuitableModel, at: .materials, "the transmission at \(w) eV is not a number",
          hint: "Look at eps(w) of the materials there")
      }
      guard spectrum.converged, evaluations <= evaluationLimit else { throw expensive(w) }
      propagating.append(spectrum.propagating)
      evanescent.append(spectrum.evanescent)
      errors.append(spectrum.error)
    }
    return watch(SpectralPanel(from: from, to: to, propagating: propagating, evanescent: evanescent, errors: errors))
  }

  private func expensive(_ w: Double) -> SolverError {
    let films = FilmFringes.films(of: pair)
    let counts = films.map { $0.density(at: w, visible: window.tolerance) * w }
    let hasFringes = gap.isFinite && integrator.integrand.hasFringes
    if let most = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[most] > 20,
      !hasFringes || counts[most] > w * gap / RadiationUnits.hbarC / Double.pi
    {
      return films[most].error(counts[most], at: w, limit: evaluationLimit)
    }
    let fringes = hasFringes ? Int(min(1e9, w * gap / RadiationUnits.hbarC / Double.pi)) : 0
    return SolverError(
      .notConverged, at: .gap,
      "the spectra at \(gap) m need more than \(evaluationLimit) evaluations of the transmission "
        + "(at \(w) eV, with \(fringes) interference fringes)",
      hint: fringes > 20
        ? "Use an infinite gap: the incoherent far field averages the fringes exactly" : "Ask for a larger tolerance")
  }

  private func watch(_ panel: SpectralPanel) -> Draft {
    let count = window.occupations.count * Self.watched
    var draft = Draft(
      panel: panel, values: [Double](repeating: 0, count: count), errors: [Double](repeating: 0, count: count),
      inner: [Double](repeating: 0, count: count))
    for (o, occupation) in window.occupations.enumerated() {
      var (kronrod, gauss, inner) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
      for i in 0..<KronrodRule.count {
        let w = panel.energy(i)
        let n = occupation(w)
        let weight = KronrodRule.weights[i] * n
        let numbers = Self.numbers(panel.propagating[i] + panel.evanescent[i], w)
        kronrod += weight * numbers
        gauss += KronrodRule.gaussWeights[i] * n * numbers
        inner += weight * Self.numbers(panel.errors[i], w)
      }
      for m in 0..<Self.watched {
        draft.values[o * Self.watched + m] = panel.half * kronrod[m]
        draft.inner[o * Self.watched + m] = panel.half * inner[m]
        draft.errors[o * Self.watched + m] = panel.half * (abs(kronrod[m] - gauss[m]) + inner[m])
      }
    }
    return draft
  }

  /// Energy and photons of all channels, of the interband channels of body 1, of body 2.
  private static func numbers(_ spectrum: Channels, _ w: Double) -> SIMD8<Double> {
    let channel = spectrum.lowHalf + spectrum.highHalf
    let (all, one, two) = (channel.sum(), channel[2] + channel[3], channel[1] + channel[3])
    return SIMD8(w * all, all, w * one, one, w * two, two, 0, 0)
  }
}
