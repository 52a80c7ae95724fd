import JunctionModel
import Quadrature
import RealModule
import SpecialFunctions

/// Weights at the nodes of a mesh that integrate a polynomial on every panel times the occupation of one bath, or times its
/// derivative with respect to temperature.
///
/// Bosons: n = 1/(exp((w - nu)/T) - 1). Fermions: h = f - theta(c - e) with a common step c, as large as what flows. Panels
/// short against T take the Gauss weights; on the others the moments of the occupation are integrated on pieces of the size
/// of T, the rest of the panel in closed form, so that T -> 0 and T = 0 cost nothing extra. Owns its buffers.
package final class OccupationQuadrature {
  private let mesh: TransmissionMesh
  private let isBosonic: Bool
  private let isResponse: Bool
  private let bands: TransmissionBands
  /// [panel * order + node], per unit of the integrand at the node.
  package let weights: UnsafeMutablePointer<Double>
  /// Panels with weights.
  package private(set) var active = 0..<0
  private let moments: UnsafeMutablePointer<Double>
  private let occupied: UnsafeMutablePointer<Double>
  private let empty: UnsafeMutablePointer<Double>
  private var known: (temperature: Double, potential: Double, step: Double)?

  package private(set) var temperature = 0.0
  package private(set) var potential = 0.0

  private static let order = TransmissionMesh.order
  private static let rule = TransmissionMesh.rule
  /// Lengths in T that 16 nodes resolve: the poles at i pi T (2 pi i T) lie outside the Bernstein ellipse with parameter 3.
  package static let (fermiLength, boseLength) = (4.5, 9.0)

  /// Weights of the occupations, or of their derivatives with respect to temperature.
  package enum Content: Sendable {
    case occupation
    case response
  }

  package init(_ mesh: TransmissionMesh, of content: Content, isBosonic: Bool, bands: TransmissionBands) {
    self.mesh = mesh
    self.isBosonic = isBosonic
    isResponse = content == .response
    self.bands = bands
    let count = max(mesh.energies.count, 1)
    weights = .allocate(capacity: count)
    weights.initialize(repeating: 0, count: count)
    moments = .allocate(capacity: Self.order)
    moments.initialize(repeating: 0, count: Self.order)
    occupied = .allocate(capacity: Self.order)
    occupied.initialize(repeating: 0, count: Self.order)
    empty = .allocate(capacity: Self.order)
    empty.initialize(repeating: 0, count: Self.order)
  }

  deinit {
    weights.deallocate()
    moments.deallocate()
    occupied.deallocate()
    empty.deallocate()
  }

  /// Sets the weights for a bath; nothing is done when it is the last one again. Cost: about 15 ns per node within reach.
  package func set(temperature t: Double, potential nu: Double, step c: Double) {
    if let known, known == (t, nu, c) { return }
    known = (t, nu, c)
    (temperature, potential) = (t, nu)
    for i in (active.lowerBound * Self.order)..<(active.upperBound * Self.order) { weights[i] = 0 }
    if isBosonic { setBosons() } else { setFermions(c) }
  }

  private func position(_ i: Int) -> Double { mesh.energies[i] }

  // MARK: Bosons

  private func bose(_ w: Double) -> Double {
    let x = (w - potential) / temperature
    let n = 1 / Double.expMinusOne(x)
    return isResponse ? x * n * (1 + n) / temperature : n
  }

  private func setBosons() {
    active = 0..<0
    guard temperature > 0 else { return }
    let cut = bands.range(potential: potential, temperature: temperature).upperBound
    var end = 0
    for (index, panel) in mesh.panels.enumerated() {
      guard panel.start < cut else { break }
      end = index + 1
      let distance = panel.start - potential
      // Where the band begins at nu = 0, w n is smooth.
      let touches = distance == 0
      if panel.length <= Self.boseLength * temperature && (touches || panel.length <= 3 * distance) {
        for i in (index * Self.order)..<((index + 1) * Self.order) { weights[i] = mesh.measures[i] * bose(position(i)) }
      } else {
        addBosons(panel, until: min(panel.end, cut), touches: touches)
        store(index, dividingByDistance: touches)
      }
    }
    active = 0..<end
  }

  private func addBosons(_ panel: Panel, until end: Double, touches: Bool) {
    clearMoments()
    var start = panel.start
    while start < end {
      let length = touches ? Self.boseLength * temperature : min(Self.boseLength * temperature, 3 * (start - potential))
      let next = end - start <= 1.25 * length ? end : start + length
      addPiece(panel, start, next) { touches ? ($0 - potential) * bose($0) : bose($0) }
      if next <= start { break }
      start = next
    }
  }

  // MARK: Fermions

  private func fermi(_ e: Double, _ step: Double) -> Double {
    let x = (e - potential) / temperature
    if isResponse {
      let small = Double.exp(-abs(x))
      return x * small / ((1 + small) * (1 + small) * temperature)
    }
    return e < step ? -1 / (1 + Double.exp(-x)) : 1 / (1 + Double.exp(x))
  }

  private func setFermions(_ step: Double) {
    let range = bands.range(potential: potential, temperature: temperature)
    let (low, high) = (range.lowerBound, range.upperBound)
    let (first, last) = isResponse ? (low, high) : (min(low, step), max(high, step))
    var (begin, end) = (mesh.panels.count, 0)
    for (index, panel) in mesh.panels.enumerated() where panel.end > first && panel.start < last {
      (begin, end) = (min(begin, index), index + 1)
      let isCut = step > panel.start && step < panel.end && !isResponse
      let isInside = panel.start >= low && panel.end <= high
      let isOutside = panel.end <= low || panel.start >= high
      if isInside && !isCut && temperature > 0 && panel.length <= Self.fermiLength * temperature {
        if isResponse { fillResponse(index, step) } else { fill(index, isBelow: panel.end <= step) }
      } else if isOutside && !isCut && temperature > 0 {
        let constant = isResponse ? 0 : (panel.end <= low ? 1.0 : 0) - (panel.end <= step ? 1.0 : 0)
        for i in (index * Self.order)..<((index + 1) * Self.order) { weights[i] = constant * mesh.measures[i] }
      } else {
        addFermions(panel, step, low, high)
        store(index, dividingByDistance: false)
      }
    }
    active = begin < end ? begin..<end : 0..<0
  }

  /// Gauss weights times f above the common step and f - 1 below it.
  private func fill(_ panel: Int, isBelow: Bool) {
    let at = panel * Self.order
    mesh.energies.withUnsafeBufferPointer { energies in
      FermiFunction.fill(
        energies: energies.baseAddress! + at, count: Self.order, chemicalPotential: potential, temperature: temperature,
        occupied: occupied, empty: empty)
    }
    for i in 0..<Self.order { weights[at + i] = mesh.measures[at + i] * (isBelow ? -empty[i] : occupied[i]) }
  }

  private func fillResponse(_ panel: Int, _ step: Double) {
    for i in (panel * Self.order)..<((panel + 1) * Self.order) { weights[i] = mesh.measures[i] * fermi(position(i), step) }
  }

  private func addFermions(_ panel: Panel, _ step: Double, _ low: Double, _ high: Double) {
    clearMoments()
    var start = panel.start
    while start < panel.end {
      // The next of the places where the integrand changes its form.
      var end = panel.end
      for place in [low, step, high] where place > start && place < end { end = place }
      if temperature == 0 && potential > start && potential < end { end = potential }
      addFermions(panel, from: start, to: end, step, low, high)
      start = end
    }
  }

  private func addFermions(_ panel: Panel, from start: Double, to end: Double, _ step: Double, _ low: Double, _ high: Double) {
    let middle = 0.5 * (start + end)
    if middle < low || middle > high || temperature == 0 {
      let constant = isResponse ? 0 : (middle < potential ? 1.0 : 0.0) - (middle < step ? 1.0 : 0.0)
      guard constant != 0 else { return }
      return addPiece(panel, start, end) { _ in constant }
    }
    let pieces = max(((end - start) / (Self.fermiLength * temperature)).rounded(.up), 1)
    for k in 0..<Int(pieces) {
      let (a, b) = (start + (end - start) * Double(k) / pieces, start + (end - start) * Double(k + 1) / pieces)
      addPiece(panel, a, b) { fermi($0, step) }
    }
  }

  // MARK: Moments

  private func clearMoments() { moments.update(repeating: 0, count: Self.order) }

  /// Adds int P_k(x) value dx over a piece of a panel, x from -1 to 1 on the panel.
  @inline(__always)
  private func addPiece(_ panel: Panel, _ a: Double, _ b: Double, _ value: (Double) -> Double) {
    let half = 0.5 * (b - a)
    let scale = half / (0.5 * panel.length)
    for i in 0..<Self.order {
      let x = Self.rule.nodes[i]
      let e = x < 0 ? a + half * (1 + x) : b - half * (1 - x)
      Self.rule.addLegendre(
        at: (e - panel.center) / (0.5 * panel.length), factor: scale * Self.rule.weights[i] * value(e), to: moments)
    }
  }

  /// Turns moments into weights of the panel's nodes.
  private func store(_ panel: Int, dividingByDistance: Bool) {
    let at = panel * Self.order
    let half = 0.5 * mesh.panels[panel].length
    Self.rule.productWeights(moments: moments, into: weights + at)
    for i in at..<(at + Self.order) {
      weights[i] *= dividingByDistance ? half / (position(i) - potential) : half
    }
  }
}

/// Where transmissions begin and end, and how far the tail of an occupation is followed.
package struct TransmissionBands: Sendable {
  /// The highest lower end and the lowest upper end of all transmissions; infinite ends do not count.
  package let highestBottom: Double
  package let lowestTop: Double

  /// Temperatures beyond which an occupation is 0 or 1: exp(-55) = 1e-24.
  private static let reach = 55.0
  /// Temperatures beyond which it is 0 in floating point.
  private static let farthest = 700.0

  package init(_ functions: [TransmissionFunction]) {
    let supports = functions.map(\.support)
    highestBottom = supports.reduce(-.infinity) { max($0, $1.lower) }
    lowestTop = supports.reduce(.infinity) { min($0, $1.upper) }
  }

  /// The energies where an occupation is neither 0 nor 1, widened to the bands when they lie outside: what little flows there is
  /// all that flows.
  package func range(potential nu: Double, temperature t: Double) -> ClosedRange<Double> {
    let low = max(min(nu, lowestTop), nu - Self.farthest * t) - Self.reach * t
    let high = min(max(nu, highestBottom), nu + Self.farthest * t) + Self.reach * t
    return low...high
  }
}
