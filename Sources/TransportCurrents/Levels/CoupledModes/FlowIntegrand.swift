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
  private let n: Int
  /// sqrt(W_m W_n) by packed element for rotating-wave modes, where <a_m^+ a_n> is that times the weight of D; nil otherwise.
  private let quantaScales: [Double]?
  private var algebra: SquareMatrices
  private let storage: UnsafeMutablePointer<Scalar>
  private let packed: UnsafeMutablePointer<Double>
  private var occupations: [Double]
  private var responses: [Double]
  /// 1, n_c: factor that makes E of L or of itself, by channel.
  private var emissionFactors: [Double]
  /// Moduli of the weights of E and of L in all flows at the last point, packed (summed over baths at level `landauer`), and of
  /// D: a change dE of the spectra changes the flows by at most sum |dE_i| spectral_i.
  package private(set) var moduli: (spectral: [Double], occupied: [Double], propagator: [Double])
  /// arg det D^-1 at the last point, poles of the baths' Pi on the real axis multiplied out.
  package private(set) var phase = 0.0
  /// Frobenius norms at the last point: D, A, N (dressed: total; otherwise summed over baths).
  package private(set) var norms = (propagator: 0.0, spectral: 0.0, occupied: 0.0)
  /// sum_p |dGamma_p|/|Gamma_p| at the last point, from the errors of the baths' Pi: what they change in every flow directly.
  package private(set) var broadeningError = 0.0
  /// Sum of the errors of the baths' Pi at the last point.
  package private(set) var selfEnergyError = 0.0
  /// Largest n_p at the last point.
  package var largestOccupation: Double { occupations.max() ?? 0 }
  /// n_p, and the larger one of |A~_p| and |A_p|, at the last point; with `light`.
  package private(set) var lightWeights: [(occupation: Double, norm: Double)]
  /// True where D diverges at w = 0: flows of single channels grow without limit there, and what cancels between them is counted as a whole.
  package var isFree = false

  package init(_ environment: BosonEnvironment, _ layout: FlowLayout) {
    self.environment = environment
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
  private func quanta(_ w: Double, _ i: Int) -> Double { quantaScales?[i] ?? w }

  deinit {
    storage.deallocate()
    packed.deallocate()
  }

  /// The matrices that are there once. After them Gamma_p and A_p of every bath, then D E^{ab} D^+ of every channel for exchange.
  private enum Work: Int, CaseIterable {
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
  private enum PackedWork: Int, CaseIterable {
    /// Lambda and E of all channels.
    case density, emission
    /// What E and Lambda are contracted with.
    case received, supplied
    /// Duals of Gamma_p and of a source.
    case broadening, source
  }

  private func matrix(_ work: Work) -> UnsafeMutablePointer<Scalar> { storage + work.rawValue * max(n * n, 1) }
  private func matrix(after i: Int) -> UnsafeMutablePointer<Scalar> { storage + (Work.allCases.count + i) * max(n * n, 1) }
  private func vector(_ work: PackedWork) -> UnsafeMutablePointer<Double> { packed + work.rawValue * max(n * n, 1) }
  private func vector(after i: Int) -> UnsafeMutablePointer<Double> {
    packed + (PackedWork.allCases.count + i) * max(n * n, 1)
  }
  private func gamma(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * p) }
  private func spectral(_ p: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * p + 1) }

  /// Writes all integrands at w > 0; `rows` are the interpolated spectra of the state. Returns false when D does not exist.
  package func evaluate(
    _ w: Double, rows: UnsafePointer<Double>, spectra: SpectraLayout, state: OperatingState,
    into flows: UnsafeMutablePointer<Double>
  ) -> Bool {
    for i in 0..<layout.count { flows[i] = 0 }
    setOccupations(w, spectra, state)
    environment.fillFreeInverse(at: Scalar(w, 0), into: matrix(.inverse))
    for p in 0..<layout.baths { environment.baths[p].subtract(at: w, from: matrix(.inverse), gamma: gamma(p)) }
    if layout.isDressed { addElectrons(rows, spectra) }
    guard let phase = algebra.invert(matrix(.inverse), into: matrix(.propagator)) else { return false }
    self.phase = phase + environment.phaseOfSurfaceStates(above: w)
    norms = (norm(matrix(.propagator)), 0, 0)
    resetModuli()
    (broadeningError, selfEnergyError) = (0, 0)
    for p in 0..<layout.baths {
      if environment.baths[p].error > 0 {
        let (size, error) = (norm(gamma(p)), environment.baths[p].error(at: w, floored: false))
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
    let d = matrix(.propagator)
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

  private func addModuli(_ spectral: UnsafePointer<Double>, _ occupied: UnsafePointer<Double>) {
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
    for i in 0..<block { matrix(.inverse)[i] = matrix(.inverse)[i] + Scalar(0, 0.5) * matrix(.density)[i] }
    if let row = spectra.dispersion { PackedHermitian.add(rows + row, times: Scalar(-1, 0), to: matrix(.inverse), size: n) }
  }

  private func norm(_ m: UnsafePointer<Scalar>) -> Double {
    var sum = 0.0
    for i in 0..<(n * n) { sum += m[i].rawStorage.x * m[i].rawStorage.x + m[i].rawStorage.y * m[i].rawStorage.y }
    return sum.squareRoot()
  }

  /// Emission minus absorption; nothing where they cancel to rounding and both grow without limit.
  @inline(__always)
  private func net(_ emitted: Double, _ absorbed: Double) -> Double {
    let result = emitted - absorbed
    return isFree && abs(result) <= 1e-12 * (abs(emitted) + abs(absorbed)) ? 0 : result
  }

  /// D X D^+.
  private func sandwich(_ x: UnsafePointer<Scalar>, into result: UnsafeMutablePointer<Scalar>) {
    algebra.multiply(matrix(.propagator), x, into: matrix(.product))
    algebra.multiplyByAdjoint(matrix(.product), matrix(.propagator), into: result)
  }

  // MARK: Light

  /// (1 + n_p) Tr[E A~_p] and n_p Tr[B A~_p] over 2 pi, A~_p = D^+ Gamma_p D, summed over channels.
  private func bookLight(
    _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    let prefactor = 1 / (2 * Double.pi)
    for p in 0..<layout.baths {
      algebra.multiply(gamma(p), matrix(.propagator), into: matrix(.product))
      algebra.multiplyAdjoint(matrix(.propagator), matrix(.product), into: matrix(.reversed))
      let received = vector(.received)
      PackedHermitian.dual(matrix(.reversed), into: received, size: n)
      lightWeights[p] = (occupations[p], max(norm(matrix(.reversed)), norm(spectral(p))))
      var (emitted, absorbed) = (0.0, 0.0)
      for (c, channel) in spectra.channels.enumerated() {
        let emission = emissionFactors[c] * PackedHermitian.dot(rows + channel.emission, received, count: block)
        emitted += emission
        absorbed +=
          channel.absorption.map { PackedHermitian.dot(rows + $0, received, count: block) }
          ?? emission + PackedHermitian.dot(rows + channel.density, received, count: block)
      }
      flows[layout.emission(p)] = prefactor * (1 + occupations[p]) * emitted
      flows[layout.absorption(p)] = prefactor * occupations[p] * absorbed
      flows[layout.bareEmission] += prefactor * emitted
      flows[layout.bareAbsorption] += prefactor * absorbed
    }
  }

  // MARK: Level dressed

  private func bookDressed(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    sandwich(matrix(.density), into: matrix(.spectral))
    sandwich(matrix(.emission), into: matrix(.occupied))
    for p in 0..<layout.baths {
      let occupation = occupations[p]
      for i in 0..<block {
        matrix(.spectral)[i] = matrix(.spectral)[i] + spectral(p)[i]
        matrix(.occupied)[i] = matrix(.occupied)[i] + spectral(p)[i].multiplied(by: occupation)
      }
    }
    let (a, occupied) = (vector(.received), vector(.supplied))
    PackedHermitian.dual(matrix(.spectral), into: a, size: n)
    PackedHermitian.dual(matrix(.occupied), into: occupied, size: n)
    norms.spectral = PackedHermitian.norm(dual: a, size: n)
    norms.occupied = PackedHermitian.norm(dual: occupied, size: n)
    addModuli(a, occupied)
    let prefactor = 1 / (2 * Double.pi)
    var (gross, allEmitted, allAbsorbed) = (0.0, 0.0, 0.0)
    for (c, channel) in spectra.channels.enumerated() {
      let factor = emissionFactors[c] * prefactor
      let emitted = factor * PackedHermitian.dot(rows + channel.emission, a, count: block)
      let absorbed = prefactor * PackedHermitian.dot(rows + channel.density, occupied, count: block)
      let emittedEnergy = factor * PackedHermitian.dot(rows + channel.emissionEnergy, a, count: block)
      let absorbedEnergy = prefactor * PackedHermitian.dot(rows + channel.densityEnergy, occupied, count: block)
      let at = layout.channel(c)
      flows[at] = net(emitted, absorbed)
      flows[at + 1] = w * flows[at]
      flows[at + 2] = net(emittedEnergy, absorbedEnergy)
      gross += abs(emitted) + abs(absorbed)
      allEmitted += emitted
      allAbsorbed += absorbed
    }
    let electrons = gross
    var whole = abs(allEmitted) + abs(allAbsorbed)
    flows[layout.total()] = net(allEmitted, allAbsorbed)
    flows[layout.total() + 1] = w * flows[layout.total()]
    let electronsTogether = whole
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      let (taken, given) = (
        bathTrace(vector(.broadening), matrix(.occupied)), occupations[p] * bathTrace(vector(.broadening), matrix(.spectral))
      )
      let at = layout.bath(p)
      flows[at] = prefactor * net(taken, given)
      flows[at + 1] = w * flows[at]
      gross += prefactor * (abs(taken) + abs(given))
      whole += prefactor * (abs(taken) + abs(given))
    }
    bookGross(w, (electrons, gross), together: (electronsTogether, whole), into: flows)
    if layout.options.population {
      // N_mn = <a_m^+ a_n> -> 2 w i D^<_mn; packed without the factor two of the dual.
      for i in 0..<block { flows[layout.populationStart + i] = 2 * quanta(w, i) * prefactor * (i < n ? 1 : 0.5) * occupied[i] }
    }
    if layout.options.exchange { bookExchange(w, rows, spectra, into: flows) }
  }

  /// Tr[X Y] for the dual weights of X and a full Hermitian Y.
  private func bathTrace(_ dual: UnsafePointer<Double>, _ y: UnsafePointer<Scalar>) -> Double {
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

  /// G_{x -> y} = Tr[L^y D E^x D^+] - Tr[L^x D E^y D^+], antisymmetric; E = n Gamma, L = Gamma for baths.
  private func bookExchange(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    let channels = layout.channels
    func occupied(_ c: Int) -> UnsafeMutablePointer<Scalar> { matrix(after: 2 * layout.baths + c) }
    for (c, channel) in spectra.channels.enumerated() {
      for i in 0..<block { matrix(.emission)[i] = .zero }
      PackedHermitian.add(rows + channel.emission, times: Scalar(emissionFactors[c], 0), to: matrix(.emission), size: n)
      sandwich(matrix(.emission), into: occupied(c))
    }
    for p in 0..<layout.baths { PackedHermitian.dual(gamma(p), into: vector(after: p), size: n) }
    let prefactor = w / (2 * Double.pi)
    /// Tr[L^y D E^x D^+]
    func flow(_ x: Int, _ y: Int) -> Double {
      let (source, factor) = x < channels ? (occupied(x), 1.0) : (spectral(x - channels), occupations[x - channels])
      if y >= channels { return factor * bathTrace(vector(after: y - channels), source) }
      PackedHermitian.dual(source, into: vector(.source), size: n)
      return factor * PackedHermitian.dot(rows + spectra.channels[y].density, vector(.source), count: block)
    }
    for x in 0..<(channels + layout.baths) {
      for y in (x + 1)..<max(channels + layout.baths, x + 1) {
        let net = prefactor * (flow(x, y) - flow(y, x))
        flows[layout.exchange(x, y)] = net
        flows[layout.exchange(y, x)] = -net
      }
    }
  }

  // MARK: Level landauer

  private func bookUndressed(
    _ w: Double, _ rows: UnsafePointer<Double>, _ spectra: SpectraLayout, into flows: UnsafeMutablePointer<Double>
  ) {
    let block = n * n
    let prefactor = 1 / (2 * Double.pi)
    let (received, supplied) = (vector(.received), vector(.supplied))
    var (gross, whole) = (0.0, 0.0)
    for p in 0..<layout.baths {
      PackedHermitian.dual(spectral(p), into: vector(after: p), size: n)
      guard !spectra.channels.isEmpty else { continue }
      setDirected(p)
      norms.spectral += PackedHermitian.norm(dual: received, size: n)
      norms.occupied += PackedHermitian.norm(dual: supplied, size: n)
      addModuli(received, supplied)
      var (allEmitted, allAbsorbed) = (0.0, 0.0)
      for (c, channel) in spectra.channels.enumerated() {
        let factor = emissionFactors[c] * prefactor
        let emitted = factor * PackedHermitian.dot(rows + channel.emission, received, count: block)
        let absorbed = prefactor * PackedHermitian.dot(rows + channel.density, supplied, count: block)
        let emittedEnergy = factor * PackedHermitian.dot(rows + channel.emissionEnergy, received, count: block)
        let absorbedEnergy = prefactor * PackedHermitian.dot(rows + channel.densityEnergy, supplied, count: block)
        let at = layout.channel(c, bath: p)
        flows[at] = net(emitted, absorbed)
        flows[at + 1] = w * flows[at]
        flows[at + 2] = net(emittedEnergy, absorbedEnergy)
        gross += abs(emitted) + abs(absorbed)
        allEmitted += emitted
        allAbsorbed += absorbed
        guard layout.options.exchange else { continue }
        flows[layout.exchange(c, layout.channels + p)] = flows[at + 1]
        flows[layout.exchange(layout.channels + p, c)] = -flows[at + 1]
      }
      whole += abs(allEmitted) + abs(allAbsorbed)
      flows[layout.total(bath: p)] = net(allEmitted, allAbsorbed)
      flows[layout.total(bath: p) + 1] = w * flows[layout.total(bath: p)]
    }
    let (electrons, electronsTogether) = (gross, whole)
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      for q in 0..<layout.baths where q != p {
        // Phonons from q to p count for p, and against q.
        let arriving = prefactor * occupations[q] * bathTrace(vector(.broadening), spectral(q))
        add(arriving, w, to: p, from: q, flows)
        gross += 2 * abs(arriving)
        whole += 2 * abs(arriving)
      }
      if layout.options.population { addPopulation(w, p, into: flows) }
    }
    bookGross(w, (electrons, gross), together: (electronsTogether, whole), into: flows)
  }

  /// Gross flows of the electrons and of all, channel by channel; energies of what channels do `together` where single ones diverge.
  private func bookGross(
    _ w: Double, _ single: (electrons: Double, all: Double), together: (electrons: Double, all: Double),
    into flows: UnsafeMutablePointer<Double>
  ) {
    let (at, energies) = (layout.grossStart, isFree ? together : single)
    (flows[at], flows[at + 1]) = (w * energies.electrons, single.electrons)
    (flows[at + 2], flows[at + 3]) = (w * energies.all, single.all)
  }

  /// What arrives in bath p: the reversed spectral function A~_p = D^+ Gamma_p D for emission, and
  /// n_p A~_p - sum_q (n_q - n_p) Im(K_pq - K_qp)/2 with K_pq = D Gamma_q D^+ Gamma_p D for absorption.
  ///
  /// For one bath, equal occupations or real spectra this is n_p A_p; see Theory.md section 3 for the general case.
  private func setDirected(_ p: Int) {
    let block = n * n
    let (propagated, reversed, loop, sum) = (matrix(.propagated), matrix(.reversed), matrix(.loop), matrix(.sum))
    algebra.multiply(gamma(p), matrix(.propagator), into: propagated)
    algebra.multiplyAdjoint(matrix(.propagator), propagated, into: reversed)
    PackedHermitian.dual(reversed, into: vector(.received), size: n)
    for i in 0..<block { sum[i] = reversed[i].multiplied(by: occupations[p]) }
    for q in 0..<layout.baths where q != p && occupations[q] != occupations[p] {
      let factor = 0.5 * (occupations[q] - occupations[p])
      algebra.multiply(gamma(p), matrix(.propagator), into: propagated)
      algebra.multiply(spectral(q), propagated, into: loop)
      subtractImaginary(loop, times: factor, from: sum)
      algebra.multiply(gamma(q), matrix(.propagator), into: propagated)
      algebra.multiply(spectral(p), propagated, into: loop)
      subtractImaginary(loop, times: -factor, from: sum)
    }
    PackedHermitian.dual(sum, into: vector(.supplied), size: n)
  }

  /// sum -= factor (K - K^+)/2i: Im Tr[L K] = Tr[L (K - K^+)/2i] for Hermitian L.
  private func subtractImaginary(
    _ k: UnsafePointer<Scalar>, times factor: Double, from sum: UnsafeMutablePointer<Scalar>
  ) {
    for j in 0..<n {
      for i in 0..<n {
        let difference = k[j * n + i] - k[i * n + j].conjugate
        sum[j * n + i] = sum[j * n + i] - Scalar(0, -0.5 * factor) * difference
      }
    }
  }

  private func add(_ rate: Double, _ w: Double, to p: Int, from q: Int, _ flows: UnsafeMutablePointer<Double>) {
    flows[layout.bath(p)] += rate
    flows[layout.bath(p) + 1] += w * rate
    flows[layout.bath(q)] -= rate
    flows[layout.bath(q) + 1] -= w * rate
    guard layout.options.exchange else { return }
    flows[layout.exchange(layout.channels + q, layout.channels + p)] += w * rate
    flows[layout.exchange(layout.channels + p, layout.channels + q)] -= w * rate
  }

  private func addPopulation(_ w: Double, _ p: Int, into flows: UnsafeMutablePointer<Double>) {
    let factor = occupations[p] / Double.pi
    let a = vector(after: p)
    for i in 0..<(n * n) { flows[layout.populationStart + i] += factor * quanta(w, i) * (i < n ? 1 : 0.5) * a[i] }
  }

  /// w Tr[Gamma_p D Gamma_q D^+] dn_q/dT_q/2 pi, heat into p; the diagonal is what q loses.
  private func bookConductance(_ w: Double, into flows: UnsafeMutablePointer<Double>) {
    for p in 0..<layout.baths {
      PackedHermitian.dual(gamma(p), into: vector(.broadening), size: n)
      for q in 0..<layout.baths where q != p {
        let rate = w / (2 * Double.pi) * responses[q] * bathTrace(vector(.broadening), spectral(q))
        flows[layout.conductance(p, q)] += rate
        flows[layout.conductance(q, q)] -= rate
      }
    }
  }
}
