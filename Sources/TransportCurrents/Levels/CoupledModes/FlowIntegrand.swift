import BosonPropagators
import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule
import SpecialFunctions

/// All flows per unit frequency at one boson energy, Theory.md sections 3 and 4.
///
/// With Lambda = sum L^{ab}, i D^< = D (sum E^{ab} + sum n_p Gamma_p) D^+ = N and the spectral function
/// A = i(D - D^+) = D (Lambda + sum Gamma_p) D^+ a pair channel emits at the rate Tr[E A] - Tr[L N], a bath takes up
/// Tr[Gamma_p N] - n_p Tr[Gamma_p A]; both over 2 pi. Level `landauer`: D without Lambda, and every channel's flow into
/// every bath apart, Tr[E A~_p] - n_p Tr[L A~_p] with A~_p = D^+ Gamma_p D (`setDirected`).
///
/// Owns its matrices: nothing is allocated per point. Cost: 16 n^3 (3 + baths) flops and 4 n^2 per channel.
package final class FlowIntegrand {
  package let environment: BosonEnvironment
  package let layout: FlowLayout
  let n: Int
  /// sqrt(W_m W_n) by packed element for rotating-wave modes, where <a_m^+ a_n> is that times the weight of D; nil otherwise.
  private let quantaScales: [Double]?
  var algebra: SquareMatrices
  private let storage: UnsafeMutablePointer<Scalar>
  private let packed: UnsafeMutablePointer<Double>
  var occupations: [Double]
  var responses: [Double]
  /// 1, n_c: factor that makes E of L or of itself, by channel.
  var emissionFactors: [Double]
  /// Moduli of the weights of E and of L in all flows at the last point, packed (summed over baths at level `landauer`), and of
  /// D: a change dE of the spectra changes the flows by at most sum |dE_i| spectral_i.
  package private(set) var moduli: (spectral: [Double], occupied: [Double], propagator: [Double])
  /// arg det D^-1 at the last point, poles of the baths' Pi on the real axis multiplied out.
  package private(set) var phase = 0.0
  /// Frobenius norms at the last point: D, A, N (dressed: total; otherwise summed over baths).
  package internal(set) var norms = (propagator: 0.0, spectral: 0.0, occupied: 0.0)
  /// sum_p |dGamma_p|/|Gamma_p| at the last point, from the errors of the baths' Pi: what they change in every flow directly.
  package private(set) var broadeningError = 0.0
  /// Sum of the errors of the baths' Pi at the last point.
  package private(set) var selfEnergyError = 0.0
  /// Largest n_p at the last point.
  package var largestOccupation: Double { occupations.max() ?? 0 }
  /// n_p, and the larger one of |A~_p| and |A_p|, at the last point; with `light`.
  package internal(set) var lightWeights: [(occupation: Double, norm: Double)]
  /// True where D diverges at w = 0: flows of single channels grow without limit there, and what cancels between them is counted as a whole.
  package var isFree = false
  /// D and Gamma below this frequency are those at it: of a junction that moves freely, whose transmissions are constant there, D^-1 would
  /// be the rounding of its springs.
  package var lowest = 0.0
  /// Motions that are taken out of D before it meets the electrons' spectra.
  let unfelt: UnfeltMotions?
  /// False where electrons feel some free motion.
  var isDeafToFreeMotions: Bool { unfelt?.containsFreeMotions == true }

  package init(_ environment: BosonEnvironment, _ layout: FlowLayout, unfelt: UnfeltMotions? = nil) {
    (self.environment, self.unfelt) = (environment, unfelt)
    self.layout = layout
    n = environment.count
    quantaScales = environment.isRotatingWave ? Self.quantaScales(environment.modeEnergies) : nil
    algebra = SquareMatrices(size: n)
    let square = max(n * n, 1)
    let matrices = Work.allCases.count + 2 * layout.baths + layout.channels
    storage = .allocate(capacity: square * matrices)
    storage.initialize(repeating: .zero, count: square * matrices)
    let vectors = PackedWork.allCases.count + layout.baths
    packed = .allocate(capacity: square * vectors)
    packed.initialize(repeating: 0, count: square * vectors)
    occupations = [Double](repeating: 0, count: layout.baths)
    responses = occupations
    lightWeights = occupations.map { _ in (0, 0) }
    emissionFactors = [Double](repeating: 0, count: layout.channels)
    let zeros = [Double](repeating: 0, count: n * n)
    moduli = (zeros, zeros, zeros)
  }

  private static func quantaScales(_ energies: [Double]) -> [Double] {
    var result = energies
    for (m, energy) in energies.enumerated() {
      for other in energies[(m + 1)...] { result += [Double](repeating: (energy * other).squareRoot(), count: 2) }
    }
    return result
  }

  /// What makes quanta of the weight of D: w, or sqrt(W_m W_n) of rotating-wave modes.
  @inline(__always)
  func quanta(_ w: Double, _ i: Int) -> Double { quantaScales?[i] ?? w }

  /// The largest of them.
  func largestQuanta(_ w: Double) -> Double { quantaScales?.max() ?? w }

  deinit {
    storage.deallocate()
    packed.deallocate()
  }

  /// The matrices that are there once. After them Gamma_p and A_p of every bath, then D E^{ab} D^+ of every channel for exchange.
  enum Work: Int, CaseIterable {
    /// D^-1, D, and products on the way.
    case inverse, propagator, product
    /// Lambda and E of all channels.
    case density, emission
    /// A and N.
    case spectral, occupied
    /// Gamma_p D, A~_p, K_pq and the sum over them.
    case propagated, reversed, loop, sum
  }

  /// The packed matrices that are there once. After them the dual of A_p or Gamma_p of every bath.
  enum PackedWork: Int, CaseIterable {
    /// Lambda and E of all channels.
    case density, emission
    /// What E and Lambda are contracted with.
    case received, supplied
    /// Duals of Gamma_p and of a source.
    case broadening, source
  }

  func matrix(_ work: Work) -> UnsafeMutablePointer<Scalar> { storage + work.rawValue * max(n * n, 1) }
  func matrix(after i: Int) -> UnsafeMutablePointer<Scalar> { storage + (Work.allCases.count + i) * max(n * n, 1) }
  func vector(_ work: PackedWork) -> UnsafeMutablePointer<Double> { packed + work.rawValue * max(n * n, 1) }
  func vector(after i: Int) -> UnsafeMutablePointer<Double> {
    packed + (PackedWork.allCases.count + i) * max(n * n, 1)
  }
  func gamma(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * p) }
  func spectral(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * p + 1) }

  /// Writes all integrands at w > 0; `rows` are the interpolated spectra of the state. Returns false when D does not exist.
  package func evaluate(
    _ w: Double, rows: UnsafePointer<Double>, spectra: SpectraLayout, state: OperatingState,
    into flows: UnsafeMutablePointer<Double>
  ) -> Bool {
    for i in 0..<layout.count { flows[i] = 0 }
    setOccupations(w, spectra, state)
    let at = max(w, lowest)
    environment.fillFreeInverse(at: Scalar(at, 0), into: matrix(.inverse))
    for p in 0..<layout.baths { environment.baths[p].subtract(at: at, from: matrix(.inverse), gamma: gamma(p)) }
    if layout.isDressed { addElectrons(rows, spectra) }
    guard let phase = algebra.invert(matrix(.inverse), into: matrix(.propagator)) else { return false }
    self.phase = phase + environment.phaseOfSurfaceStates(above: w)
    norms = (norm(matrix(.propagator)), 0, 0)
    resetModuli()
    (broadeningError, selfEnergyError) = (0, 0)
    for p in 0..<layout.baths {
      if environment.baths[p].error > 0 {
        let (size, error) = (norm(gamma(p)), environment.baths[p].error(at: at, floored: false))
        if size > 0 { broadeningError += min(2 * error / size, 1) }
        selfEnergyError += error
      }
      sandwich(gamma(p), into: spectral(p))
    }
    if layout.isDressed {
      bookDressed(w, rows, spectra, into: flows)
    } else {
      bookUndressed(w, rows, spectra, into: flows)
    }
    if layout.options.conductance { bookConductance(w, into: flows) }
    if layout.options.light { bookLight(rows, spectra, into: flows) }
    return true
  }

  private func resetModuli() {
    let d = felt(matrix(.propagator))
    for i in 0..<(n * n) { (moduli.spectral[i], moduli.occupied[i]) = (0, 0) }
    for m in 0..<n { moduli.propagator[m] = d[m * n + m].length }
    var index = n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        // Real and imaginary part of dPi_mk act through both elements of D.
        let both = d[k * n + m].length + d[m * n + k].length
        (moduli.propagator[index], moduli.propagator[index + 1]) = (both, both)
        index += 2
      }
    }
  }

  func addModuli(_ spectral: UnsafePointer<Double>, _ occupied: UnsafePointer<Double>) {
    for i in 0..<(n * n) {
      moduli.spectral[i] += abs(spectral[i])
      moduli.occupied[i] += abs(occupied[i])
    }
  }

  private func setOccupations(_ w: Double, _ spectra: SpectraLayout, _ state: OperatingState) {
    for p in 0..<layout.baths {
      let (x, t) = (w - state.bathPotentials[p], state.bathTemperatures[p])
      occupations[p] = BoseFunction.occupation(x, temperature: t)
      // dn/dT = x n (n + 1)/T^2
      responses[p] = t > 0 && x < 700 * t ? x * occupations[p] * (1 + occupations[p]) / (t * t) : 0
    }
    for (c, channel) in spectra.channels.enumerated() {
      guard channel.isIsothermal else {
        emissionFactors[c] = 1
        continue
      }
      let x = w - channel.bias
      emissionFactors[c] = x == 0 ? 0 : BoseFunction.occupation(x, temperature: channel.temperature)
    }
  }

  /// D^-1 -= Pi_e = (Hermitian part) - i Lambda/2; Lambda and E of all channels.
  private func addElectrons(_ rows: UnsafePointer<Double>, _ spectra: SpectraLayout) {
    let block = n * n
    let (lambda, emission) = (vector(.density), vector(.emission))
    for i in 0..<block { (lambda[i], emission[i]) = (0, 0) }
    for (c, channel) in spectra.channels.enumerated() {
      let factor = emissionFactors[c]
      for i in 0..<block {
        lambda[i] += rows[channel.density + i]
        emission[i] += factor * rows[channel.emission + i]
      }
    }
    for i in 0..<block { (matrix(.density)[i], matrix(.emission)[i]) = (.zero, .zero) }
    PackedHermitian.add(lambda, times: Scalar(1, 0), to: matrix(.density), size: n)
    PackedHermitian.add(emission, times: Scalar(1, 0), to: matrix(.emission), size: n)
    unfelt?.remove(from: matrix(.density))
    unfelt?.remove(from: matrix(.emission))
    for i in 0..<block { matrix(.inverse)[i] = matrix(.inverse)[i] + Scalar(0, 0.5) * matrix(.density)[i] }
    guard let row = spectra.dispersion else { return }
    for i in 0..<block { matrix(.loop)[i] = .zero }
    PackedHermitian.add(rows + row, times: Scalar(-1, 0), to: matrix(.loop), size: n)
    unfelt?.remove(from: matrix(.loop))
    for i in 0..<block { matrix(.inverse)[i] = matrix(.inverse)[i] + matrix(.loop)[i] }
  }

  /// A matrix as the electrons' spectra meet it: without the free motions they do not feel. Overwrites `loop` where there are any.
  func felt(_ x: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar> {
    guard let unfelt else { return x }
    let result = matrix(.loop)
    for i in 0..<(n * n) { result[i] = x[i] }
    unfelt.remove(from: result)
    return result
  }

  func norm(_ m: UnsafePointer<Scalar>) -> Double {
    var sum = 0.0
    for i in 0..<(n * n) { sum += m[i].rawStorage.x * m[i].rawStorage.x + m[i].rawStorage.y * m[i].rawStorage.y }
    return sum.squareRoot()
  }

  /// Emission minus absorption; nothing where they cancel to rounding and both grow without limit.
  @inline(__always)
  func net(_ emitted: Double, _ absorbed: Double) -> Double {
    let result = emitted - absorbed
    return isFree && abs(result) <= 1e-12 * (abs(emitted) + abs(absorbed)) ? 0 : result
  }

  /// Rate, boson energy and electron energy of a channel, Tr[E A] - Tr[L N] with `weights` the packed duals of A and N and E in units of
  /// `factor`; returns what was emitted and absorbed.
  @inline(__always)
  func book(
    _ channel: SpectraLayout.Channel, factor: Double, _ w: Double, _ rows: UnsafePointer<Double>,
    weights: (spectral: UnsafeMutablePointer<Double>, occupied: UnsafeMutablePointer<Double>), at: Int,
    into flows: UnsafeMutablePointer<Double>
  ) -> (emitted: Double, absorbed: Double) {
    let (block, prefactor) = (n * n, 1 / (2 * Double.pi))
    let emitted = factor * PackedHermitian.dot(rows + channel.emission, weights.spectral, count: block)
    let absorbed = prefactor * PackedHermitian.dot(rows + channel.density, weights.occupied, count: block)
    let emittedEnergy = factor * PackedHermitian.dot(rows + channel.emissionEnergy, weights.spectral, count: block)
    let absorbedEnergy = prefactor * PackedHermitian.dot(rows + channel.densityEnergy, weights.occupied, count: block)
    flows[at] = net(emitted, absorbed)
    flows[at + 1] = w * flows[at]
    flows[at + 2] = net(emittedEnergy, absorbedEnergy)
    return (emitted, absorbed)
  }

  /// D X D^+.
  func sandwich(_ x: UnsafePointer<Scalar>, into result: UnsafeMutablePointer<Scalar>) {
    algebra.multiply(matrix(.propagator), x, into: matrix(.product))
    algebra.multiplyByAdjoint(matrix(.product), matrix(.propagator), into: result)
  }

  /// Tr[X Y] for the dual weights of X and a full Hermitian Y.
  func bathTrace(_ dual: UnsafePointer<Double>, _ y: UnsafePointer<Scalar>) -> Double {
    var sum = 0.0
    for m in 0..<n { sum += dual[m] * y[m * n + m].rawStorage.x }
    var index = n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        sum += dual[index] * y[k * n + m].rawStorage.x + dual[index + 1] * y[k * n + m].rawStorage.y
        index += 2
      }
    }
    return sum
  }

  /// Gross flows of the electrons and of all, channel by channel; energies of what channels do `together` where single ones diverge.
  func bookGross(
    _ w: Double, _ single: (electrons: Double, all: Double), together: (electrons: Double, all: Double),
    into flows: UnsafeMutablePointer<Double>
  ) {
    let (at, energies) = (layout.grossStart, isFree ? together : single)
    (flows[at], flows[at + 1]) = (w * energies.electrons, single.electrons)
    (flows[at + 2], flows[at + 3]) = (w * energies.all, single.all)
  }
}
