import BosonPropagators
import ComplexModule
import DenseMatrices
import Quadrature
import RealModule

/// A pole z of D near the positive real axis: a normal mode as its baths and the electrons leave it.
package struct BosonPole: Sendable {
  /// z = renormalised energy - i damping/2; an unstable mode has Im z > 0.
  package let position: Scalar
  /// Shape in the normal modes, unit norm: D^-1(z) x = 0.
  package let shape: [Scalar]
  /// How well the position is known.
  package let error: Double
  /// False when it was found just outside the panel whose spectra it comes from.
  package let isInside: Bool

  package init(position: Scalar, shape: [Scalar], error: Double, isInside: Bool) {
    self.position = position
    self.shape = shape
    self.error = error
    self.isInside = isInside
  }

  /// A mode of independent modes, from the rates of a state.
  package init(mode: Int, of currents: StateCurrents) {
    position = Scalar(currents.renormalizedEnergy[mode].value, -0.5 * currents.dampingRate[mode].value)
    shape = currents.renormalizedEnergy.indices.map { Scalar($0 == mode ? 1 : 0, 0) }
    error = currents.dampingRate[mode].error
    isInside = true
  }

  package var energy: Double { position.rawStorage.x }
  /// The place where D varies fast.
  package var feature: PanelFeature { (energy, max(abs(position.rawStorage.y), 1e-14 * energy)) }
  /// The rate at which the mode's population relaxes, -2 Im z.
  package var damping: Double { -2 * position.rawStorage.y }
}

/// Finds the poles of D whose real part lies in a frequency panel: solutions of the nonlinear eigenproblem
/// T(z) x = [z^2 - W^2 - sum Pi(z)] x = 0 (rotating-wave: 2W(z - W)), by successive linear problems T(z) x = s T'(z) x, z -> z - s
/// (Ruhe, SIAM J. Numer. Anal. 10, 674 (1973)).
///
/// The electrons' self-energy off the real axis is the interpolating polynomial of the panel, exact near the axis.
package struct PoleSearch {
  package let environment: BosonEnvironment
  package let spectra: SpectraLayout
  package let isDressed: Bool

  private static let steps = 30
  /// How far outside the panel, in half lengths, a pole may be found.
  private static let margin = 1.02

  /// Poles in a panel, ascending in energy. Cost: about 10 eigenproblems of order n for every pole.
  package func poles(in panel: PanelSpectra) throws(LinearAlgebraError) -> [BosonPole] {
    var result: [BosonPole] = []
    for guess in try guesses(panel) {
      guard let pole = try refine(guess, panel) else { continue }
      let x = (pole.energy - panel.panel.center) / (0.5 * panel.panel.length)
      guard abs(x) <= Self.margin, pole.energy > 0 else { continue }
      let placed = BosonPole(position: pole.position, shape: pole.shape, error: pole.error, isInside: abs(x) <= 1)
      if !result.contains(where: { Self.same($0, placed) }) { result.append(placed) }
    }
    return result.sorted { $0.energy < $1.energy }
  }

  /// Adds the poles of one more panel. Of two that are one pole seen from neighbouring panels the one inside its panel stays.
  package static func merge(_ poles: [BosonPole], into result: inout [BosonPole]) {
    for pole in poles {
      if let index = result.firstIndex(where: { same($0, pole) || isShadow($0, pole) }) {
        if pole.isInside && !result[index].isInside { result[index] = pole }
      } else {
        result.append(pole)
      }
    }
  }

  /// True when one of the two was found outside its panel and the other is close enough to be what it shows.
  private static func isShadow(_ a: BosonPole, _ b: BosonPole) -> Bool {
    !(a.isInside && b.isInside) && (a.position - b.position).length <= 1e-2 * a.position.length
      && overlap(a.shape, b.shape) > 0.5
  }

  /// Two results are one pole when they agree in position and shape.
  package static func same(_ a: BosonPole, _ b: BosonPole) -> Bool {
    let distance = (a.position - b.position).length
    guard distance <= 1e-7 * a.position.length + 1e-3 * min(abs(a.damping), abs(b.damping)) else { return false }
    return overlap(a.shape, b.shape) > 0.5
  }

  private struct Guess {
    let position: Scalar
    let shape: [Scalar]
  }

  /// Roots of the eigenvalues of W^2 + Pi at three points of the panel that fall near it, with their eigenvectors.
  private func guesses(_ panel: PanelSpectra) throws(LinearAlgebraError) -> [Guess] {
    let p = panel.panel
    var found: [Guess] = []
    let spread = 0.75 * p.length
    for x in [0.0, -0.8, 0.8] {
      let w = Scalar(p.center + 0.5 * x * p.length, 0)
      let t = inverse(at: w, panel)
      for (z, shape) in try roots(of: t, near: w) {
        guard z.rawStorage.x > p.start - spread, z.rawStorage.x < p.end + spread else { continue }
        let clamped = Scalar(min(max(z.rawStorage.x, p.start), p.end), min(max(z.rawStorage.y, -p.length), p.length))
        let guess = Guess(position: clamped, shape: shape)
        let isKnown = found.contains {
          ($0.position - clamped).length < 1e-9 * clamped.length && Self.overlap($0.shape, guess.shape) > 0.99
        }
        if !isKnown { found.append(guess) }
      }
    }
    return found
  }

  /// Solutions z, Re z >= 0, of D^-1(z) x = 0 with what varies slowly held at w: z^2 x = (W^2 + Pi(w)) x, for rotating-wave modes
  /// z x = (W + (2W)^-1 Pi(w)) x. With gyration z^2 x = (W^2 + Pi(w)) x + i z G x, linear in (x, z x).
  private func roots(of inverse: Matrix, near w: Scalar) throws(LinearAlgebraError) -> [(Scalar, [Scalar])] {
    let k = squares(inverse, at: w)
    guard environment.gyration.isEmpty else { return try gyratedRoots(of: k, near: w) }
    let problem = try GeneralEigenproblem(k)
    return problem.values.indices.map { index in
      let root = environment.isRotatingWave ? problem.values[index] : Scalar.sqrt(problem.values[index])
      let z = root.rawStorage.x < 0 ? Scalar(-1, 0) * root : root
      return (z, (0..<k.rows).map { problem.vectors[$0, index] })
    }
  }

  private func gyratedRoots(of k: Matrix, near w: Scalar) throws(LinearAlgebraError) -> [(Scalar, [Scalar])] {
    let n = environment.count
    var linear = Matrix(rows: 2 * n, columns: 2 * n)
    for j in 0..<n {
      linear[j, n + j] = .one
      for i in 0..<n {
        let turn = Scalar(0, environment.gyration[j * n + i])
        linear[n + i, j] = k[i, j] - w * turn
        linear[n + i, n + j] = turn
      }
    }
    let problem = try GeneralEigenproblem(linear)
    return problem.values.indices.filter { problem.values[$0].rawStorage.x > 0 }.map { index in
      let x = (0..<n).map { problem.vectors[$0, index] }
      let norm = x.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
      return (problem.values[index], x.map { $0.multiplied(by: 1 / max(norm, 1e-300)) })
    }
  }

  /// W^2 + Pi(w) = w^2 - D^-1; of rotating-wave modes W + (2W)^-1 Pi(w) = w - (2W)^-1 D^-1, whose eigenvalues are energies.
  private func squares(_ inverse: Matrix, at w: Scalar) -> Matrix {
    var k = (-1.0) * inverse
    for (i, energy) in environment.modeEnergies.enumerated() {
      if environment.isRotatingWave {
        for j in 0..<environment.count { k[i, j] = k[i, j].multiplied(by: 0.5 / energy) }
      }
      k[i, i] = k[i, i] + (environment.isRotatingWave ? w : w * w)
    }
    return k
  }

  private static func overlap(_ a: [Scalar], _ b: [Scalar]) -> Double {
    var sum = Scalar.zero
    for (x, y) in zip(a, b) { sum = sum + x.conjugate * y }
    return sum.length
  }

  private func refine(_ guess: Guess, _ panel: PanelSpectra) throws(LinearAlgebraError) -> BosonPole? {
    var z = guess.position
    var shape = guess.shape
    let p = panel.panel
    for step in 0..<Self.steps {
      let t = inverse(at: z, panel)
      let delta = 1e-4 * max(min(p.length, z.length), 1e-300)
      let slope =
        Scalar(0.5 / delta, 0) * (inverse(at: z + Scalar(delta, 0), panel) - inverse(at: z - Scalar(delta, 0), panel))
      let problem: GeneralEigenproblem
      do { problem = try GeneralEigenproblem(try LUFactorization(slope).solve(t)) } catch { return nil }
      guard let nearest = Self.next(problem, like: shape) else { return nil }
      var move = problem.values[nearest]
      // Far steps are not to be trusted.
      let limit = 0.5 * max(p.length, 1e-300)
      if move.length > limit { move = move.multiplied(by: limit / move.length) }
      z = z - move
      guard z.rawStorage.x.isFinite, z.rawStorage.y.isFinite, z.rawStorage.x > p.start - p.length,
        z.rawStorage.x < p.end + p.length
      else { return nil }
      shape = (0..<environment.count).map { problem.vectors[$0, nearest] }
      if move.length <= 2e-15 * z.length || (step > 3 && move.length <= 1e-12 * z.length) {
        return BosonPole(position: z, shape: shape, error: error(at: z, move: move.length, panel), isInside: true)
      }
      // Near a double root the steps shrink slowly: what is left of them is the error.
      if step == Self.steps - 1, move.length <= 1e-6 * z.length {
        return BosonPole(position: z, shape: shape, error: error(at: z, move: 10 * move.length, panel), isInside: true)
      }
    }
    return nil
  }

  /// The nearest root; of several equally near ones (nearly degenerate modes) the one that continues the shape.
  private static func next(_ problem: GeneralEigenproblem, like shape: [Scalar]) -> Int? {
    guard let smallest = problem.values.map(\.length).min() else { return nil }
    func vector(_ k: Int) -> [Scalar] { shape.indices.map { problem.vectors[$0, k] } }
    let near = problem.values.indices.filter { problem.values[$0].length <= 20 * smallest + 1e-3 * problem.values[$0].length }
    return near.max { overlap(vector($0), shape) < overlap(vector($1), shape) }
  }

  /// dz = dPi/2z, 2W for rotating-wave modes; off the axis the error of the interpolating polynomial grows like its highest terms.
  private func error(at z: Scalar, move: Double, _ panel: PanelSpectra) -> Double {
    let y = abs(z.rawStorage.y) / (0.5 * panel.panel.length)
    let growth = Double.pow(y + (1 + y * y).squareRoot(), SpectraMesh.order)
    let uncertainty = isDressed ? panel.selfEnergyTail * growth + panel.selfEnergyError : 0
    let lowest = environment.isRotatingWave ? environment.modeEnergies.min() ?? z.length : z.length
    return move + 4e-15 * z.length + uncertainty / (2 * lowest)
  }

  /// D^-1(z).
  package func inverse(at z: Scalar, _ panel: PanelSpectra) -> Matrix {
    let n = environment.count
    var t = Matrix(rows: n, columns: n)
    let rows = isDressed && spectra.rows > 0 ? panel.extrapolated(at: z, rows: spectra.rows) : []
    t.elements.withUnsafeMutableBufferPointer { out in
      guard let base = out.baseAddress else { return }
      environment.fillInverse(at: z, into: base)
      guard !rows.isEmpty else { return }
      // D^-1 -= (Hermitian part) - i Lambda/2
      for channel in spectra.channels { add(rows, channel.density, times: Scalar(0, 0.5), to: base) }
      if let row = spectra.dispersion { add(rows, row, times: Scalar(-1, 0), to: base) }
    }
    return t
  }

  /// Adds a packed matrix whose entries are continued to complex frequencies: Hermitian on the axis only.
  private func add(_ rows: [Scalar], _ first: Int, times scale: Scalar, to matrix: UnsafeMutablePointer<Scalar>) {
    let n = environment.count
    for m in 0..<n { matrix[m * n + m] = matrix[m * n + m] + scale * rows[first + m] }
    var index = first + n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        let (re, im) = (rows[index], Scalar(0, 1) * rows[index + 1])
        matrix[k * n + m] = matrix[k * n + m] + scale * (re + im)
        matrix[m * n + k] = matrix[m * n + k] + scale * (re - im)
        index += 2
      }
    }
  }
}

extension PanelSpectra {
  /// The interpolating polynomials at a complex frequency.
  package func extrapolated(at z: Scalar, rows: Int) -> [Scalar] {
    let order = SpectraMesh.order
    let rule = SpectraMesh.rule
    let x = (z - Scalar(panel.center, 0)).multiplied(by: 2 / panel.length)
    // P_k(x) of a complex argument, then Lagrange weights w_j sum_k (k + 1/2) P_k(x_j) P_k(x).
    var legendre: [Scalar] = [Scalar(1, 0), x]
    for k in 1..<(order - 1) {
      let next = (x * legendre[k]).multiplied(by: Double(2 * k + 1)) - legendre[k - 1].multiplied(by: Double(k))
      legendre.append(next.multiplied(by: 1 / Double(k + 1)))
    }
    var result = [Scalar](repeating: .zero, count: rows)
    for j in 0..<order {
      var weight = Scalar.zero
      for k in 0..<order { weight = weight + legendre[k].multiplied(by: (Double(k) + 0.5) * rule.legendreAtNodes[k * order + j]) }
      weight = weight.multiplied(by: rule.weights[j])
      for r in 0..<rows { result[r] = result[r] + weight.multiplied(by: values[j * rows + r]) }
    }
    return result
  }
}
