import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// Finds the narrow resonances of a long conductor without diagonalising it, and misses none.
///
/// theta(e) = arg det[e S - H - Sigma(e)], followed continuously (`BandedLU.dissipativePhase`), falls by pi at every level as e
/// rises past it, within the level's width; the sum over all levels is -pi times the integrated density of states (Friedel). It is
/// put on Gauss panels until it is smooth; where it falls between two neighbouring nodes, the fall is bisected down to its width.
/// Panels agree where they meet, so that no fall hides between them. Theory.md section 15.
package struct LevelSearch: ~Copyable {
  private let green: LongGreensFunction
  private var band: BandedLU
  private var evaluations = 0
  package private(set) var features = SpectralFeatures()

  private static let rule = PanelKernel.rule
  /// Evaluations of theta after which the search gives up.
  package static let limit = 40_000
  /// A panel is smooth when the last two Legendre coefficients of theta fall below this; a hidden fall by pi leaves over 0.2.
  private static let smooth = 0.05
  /// Fall between neighbouring energies that is looked into.
  private static let fall = 1.0
  /// Falls of a panel that are bisected one by one, rather than the panel halved.
  private static let few = 4 * Double.pi

  package init(_ green: LongGreensFunction) {
    self.green = green
    band = BandedLU(size: green.size, bandwidth: green.bandwidth)
    features.isComplete = false
    features.edges = green.edges
  }

  /// An energy and theta there.
  private struct Sample {
    let energy: Double
    let phase: Double
  }

  /// A panel as the search left it: theta at its ends and at its outermost nodes.
  private struct Searched {
    let panel: Panel
    let start: Double
    let end: Double
    let first: Sample
    let last: Sample
  }

  /// Looks through a window. Throws `tooManyLevels` when it holds more structure than `limit` evaluations resolve.
  package mutating func search(_ window: ClosedRange<Double>) throws(LinearAlgebraError) {
    let corners =
      [window.lowerBound] + features.edges.filter { $0 > window.lowerBound && $0 < window.upperBound } + [window.upperBound]
    let first = Panel.between(corners, edges: features.edges)
    var pending = Array(first.reversed())
    var previous: Searched?
    while let panel = pending.popLast() {
      guard try green.isOpen(at: panel.position(0).0) else {
        try closeRun(&previous)
        try searchGap(panel)
        continue
      }
      let samples = try sampled(panel)
      let phases = samples.map(\.phase)
      let isSmooth = phases.withUnsafeBufferPointer { p in
        let n = Self.rule.order
        return abs(Self.rule.coefficient(n - 1, of: p.baseAddress!)) + abs(Self.rule.coefficient(n - 2, of: p.baseAddress!))
          <= Self.smooth
      }
      let drop = phases[0] - phases[phases.count - 1]
      if !isSmooth, drop > Self.few, let (left, right) = panel.bisected {
        pending += [right, left]
        continue
      }
      // A panel that had to be halved says how fine the structure is there.
      if isSmooth && !first.contains(panel) { features.resonances.append((panel.center, panel.length)) }
      let searched = try isSmooth ? ends(samples, of: panel) : resolve(panel, samples)
      if let previous {
        if abs(previous.end - searched.start) > 0.5 { try locate(previous.last, searched.first) }
      } else {
        let outermost = try sample(Self.startOf(panel))
        if abs(outermost.phase - searched.start) > 0.5 + 1e-4 * abs(drop) { try locate(outermost, searched.first) }
      }
      previous = searched
    }
    try closeRun(&previous)
  }

  /// Looks between the last node of neighbouring panels and their end, where no other panel follows.
  private mutating func closeRun(_ previous: inout Searched?) throws(LinearAlgebraError) {
    guard let last = previous else { return }
    previous = nil
    let outermost = try sample(Self.endOf(last.panel))
    let drop = abs(last.first.phase - last.last.phase)
    if abs(outermost.phase - last.end) > 0.5 + 1e-4 * drop { try locate(last.last, outermost) }
  }

  /// Just inside an edge, where the self-energy is that of the panel.
  private static let inside = 6e-5

  private static func startOf(_ panel: Panel) -> Double { panel.position(panel.grading == .towardStart ? inside - 1 : -1).0 }

  private static func endOf(_ panel: Panel) -> Double { panel.position(panel.grading == .towardEnd ? 1 - inside : 1).0 }

  private mutating func sample(_ energy: Double) throws(LinearAlgebraError) -> Sample {
    Sample(energy: energy, phase: try phase(energy))
  }

  private mutating func phase(_ energy: Double) throws(LinearAlgebraError) -> Double {
    try LinearAlgebraError.checkInterruption("level search")
    evaluations += 1
    guard evaluations <= Self.limit else {
      throw LinearAlgebraError(.tooManyLevels, routine: "level search", index: features.resonances.count)
    }
    try green.assemble(at: energy, into: &band)
    return band.dissipativePhase()
  }

  private mutating func sampled(_ panel: Panel) throws(LinearAlgebraError) -> [Sample] {
    var result: [Sample] = []
    for x in Self.rule.nodes { result.append(try sample(panel.position(x).0)) }
    return result
  }

  /// The ends of a smooth panel from the polynomial through its nodes.
  private func ends(_ samples: [Sample], of panel: Panel) -> Searched {
    let phases = samples.map(\.phase)
    var (start, end) = (0.0, 0.0)
    phases.withUnsafeBufferPointer { p in
      for k in 0..<Self.rule.order {
        let c = Self.rule.coefficient(k, of: p.baseAddress!)
        end += c
        start += k.isMultiple(of: 2) ? c : -c
      }
    }
    return Searched(panel: panel, start: start, end: end, first: samples[0], last: samples[samples.count - 1])
  }

  /// Finds every fall of a panel with few of them, between its nodes and towards its ends.
  private mutating func resolve(_ panel: Panel, _ samples: [Sample]) throws(LinearAlgebraError) -> Searched {
    let all = [try sample(Self.startOf(panel))] + samples + [try sample(Self.endOf(panel))]
    for (a, b) in zip(all, all.dropFirst()) { try locate(a, b) }
    return Searched(
      panel: panel, start: all[0].phase, end: all[all.count - 1].phase, first: samples[0], last: samples[samples.count - 1])
  }

  /// Bisects a fall down to where it is gentle, which is its width, or to rounding: a bound state.
  private mutating func locate(_ a: Sample, _ b: Sample) throws(LinearAlgebraError) {
    guard a.phase - b.phase > Self.fall else { return }
    let length = b.energy - a.energy
    let middle = 0.5 * (a.energy + b.energy)
    guard length > 1e-14 * max(green.bound, abs(middle)), middle > a.energy, middle < b.energy else {
      features.boundStates.append(middle)
      return
    }
    let c = try sample(middle)
    if max(a.phase - c.phase, c.phase - b.phase) <= Self.fall {
      try verify(a, b)
      features.resonances.append((middle, 0.5 * length / Double.tan(0.5 * min(a.phase - b.phase, 3.0))))
    } else {
      try locate(a, c)
      try locate(c, b)
    }
  }

  /// Holds the fall between two energies against the phase, modulo 2 pi, of an elimination with exchanges.
  private mutating func verify(_ a: Sample, _ b: Sample) throws(LinearAlgebraError) {
    var difference = b.phase - a.phase
    for (sample, sign) in [(a, 1.0), (b, -1.0)] {
      try green.assemble(at: sample.energy, into: &band)
      try band.factor()
      difference += sign * band.phase
    }
    difference -= (difference / (2 * Double.pi)).rounded() * 2 * Double.pi
    guard abs(difference) <= 0.3 else {
      throw LinearAlgebraError(.notConverged, routine: "phase of the determinant", index: features.resonances.count)
    }
  }

  /// In an energy range where no electrode has states nothing flows; that levels are bound there is noted.
  private mutating func searchGap(_ panel: Panel) throws(LinearAlgebraError) {
    let (low, high) = (panel.position(Self.inside - 1).0, panel.position(1 - Self.inside).0)
    if try phase(low) - phase(high) > Self.fall { features.boundStates.append(panel.center) }
  }
}

extension LongGreensFunction {
  /// Band edges, and every resonance too narrow to be seen by panels between them. Cost: some 16 eliminations of 8 N b^2 flops per panel,
  /// some 40 per narrow resonance.
  package func features(in window: ClosedRange<Double>) throws(LinearAlgebraError) -> SpectralFeatures {
    var search = LevelSearch(self)
    if window.upperBound > window.lowerBound { try search.search(window) }
    return search.features
  }
}
