import ComplexModule
import DenseMatrices
import JunctionModel

/// The integrand of the second-order currents at one energy, from the electrons' matrices at e and at e - w.
///
/// Writing S^> = -i s^>, S^< = i s^< with s^>, s^< Hermitian and positive, A_a = G Gamma_a G^+, and inserting
/// Sigma_a^< = i f_a Gamma_a, Sigma_a^> = -i (1 - f_a) Gamma_a into Tr[Sigma_a^< dG^> - Sigma_a^> dG^<], the three terms of dG^<>
/// become, with f_a (1 - f_b) - (1 - f_a) f_b = f_a - f_b,
///
///     f_a Tr[G^+ Gamma_a G s^>] - (1 - f_a) Tr[G^+ Gamma_a G s^<] + sum_b (f_a - f_b) 2 Re Tr[Gamma_a G S^r A_b],
///
/// in which nothing cancels below the Fermi energies. The inelastic part has A_a in place of G^+ Gamma_a G and no third term.
final class TwinSecondOrderPoint {
  let pad: TwinMatrixPad
  let electrodes: Int
  let modes: Int
  private let electrons: TextbookTwin
  private let states: [Occupancy]
  /// Sigma_a of wide bands; nil where it has to be asked for at each energy.
  private let constants: [Matrix?]

  // Slots at e: G, Gamma_a, A_a; at e - w: G, sum (1 - f) A, sum f A; and scratch.
  let green = 0
  let shiftedGreen = 1
  let shiftedGreater = 2
  let shiftedLesser = 3
  /// s^>.
  let greater = 4
  /// s^<.
  let lesser = 5
  /// S^r.
  let retarded = 6
  let scratch = [7, 8, 9]
  private let inverse = 10
  private let hamiltonian = 11
  private let overlap = 12
  private let first = 13

  func gamma(_ a: Int) -> Int { first + a }
  func spectral(_ a: Int) -> Int { first + electrodes + a }
  /// M^k.
  func coupling(_ k: Int) -> Int { first + 2 * electrodes + k }
  /// M^k+.
  func adjointCoupling(_ k: Int) -> Int { first + 2 * electrodes + 4 * modes + k }
  /// Three lists of combinations of the M^k, for the caller.
  func combination(_ list: Int, _ k: Int) -> Int { first + 2 * electrodes + (1 + list) * modes + k }

  /// Buffers for one junction and state.
  init(_ electrons: TextbookTwin, states: [Occupancy]) {
    self.electrons = electrons
    self.states = states
    (electrodes, modes) = (electrons.junction.electrodes.count, electrons.couplings.count)
    pad = TwinMatrixPad(order: electrons.overlap.rows, slots: first + 2 * electrodes + 5 * modes)
    constants = electrons.junction.electrodes.map { electrode in
      if case .wideBand(let gamma) = electrode.kind { return Scalar(0, -0.5) * gamma }
      return nil
    }
    pad.store(electrons.junction.conductor.hamiltonian, in: hamiltonian)
    pad.store(electrons.overlap, in: overlap)
    for k in 0..<modes {
      pad.store(electrons.couplings[k], in: coupling(k))
      pad.store(electrons.couplings[k].adjoint, in: adjointCoupling(k))
    }
  }

  /// G, Gamma_a and A_a at e.
  func fill(energy e: Double) throws {
    try solve(e, into: green)
    for a in 0..<electrodes { makeSpectral(a, green) }
  }

  /// G, G~^> = sum (1 - f_a) A_a and G~^< = sum f_a A_a at another energy; destroys Gamma_a and A_a of `fill(energy:)`.
  func fillShifted(energy e: Double) throws {
    try solve(e, into: shiftedGreen)
    pad.clear(shiftedGreater)
    pad.clear(shiftedLesser)
    for (a, state) in states.enumerated() {
      makeSpectral(a, shiftedGreen)
      let x = FermiFactors.reduced(e, from: state.mu, temperature: state.temperature)
      pad.add(Scalar(FermiFactors.occupation(-x), 0), spectral(a), to: shiftedGreater)
      pad.add(Scalar(FermiFactors.occupation(x), 0), spectral(a), to: shiftedLesser)
    }
  }

  /// Sets s^>, s^< and S^r to zero.
  func clearSelfEnergies() { for slot in [greater, lesser, retarded] { pad.clear(slot) } }

  /// Adds factor M^k X R to a slot.
  func addSandwich(_ k: Int, _ x: Int, _ right: Int, factor: Scalar = .one, to slot: Int) {
    addSandwich(left: coupling(k), x, right, factor: factor, to: slot)
  }

  /// Adds factor L X R to a slot.
  func addSandwich(left: Int, _ x: Int, _ right: Int, factor: Scalar = .one, to slot: Int) {
    pad.multiply(left, x, into: scratch[0])
    pad.multiply(scratch[0], right, into: scratch[1])
    pad.add(factor, scratch[1], to: slot)
  }

  /// For every electrode the inelastic part, the correction (the rest) and the gross inelastic flow, in and out added up; then e
  /// times the same: six lists, one after the other. Uses s^>, s^<, S^r and what `fill(energy:)` left.
  func currents(energy e: Double) -> [Double] {
    var result = [Double](repeating: 0, count: TwinSecondOrder.lists * electrodes)
    for (a, state) in states.enumerated() {
      let x = FermiFactors.reduced(e, from: state.mu, temperature: state.temperature)
      let (f, hole) = (FermiFactors.occupation(x), FermiFactors.occupation(-x))
      func flows(_ slot: Int) -> (out: Double, back: Double) {
        (f * pad.trace(slot, greater).rawStorage.x, hole * pad.trace(slot, lesser).rawStorage.x)
      }
      let (out, back) = flows(spectral(a))
      let inelastic = out - back
      pad.multiply(gamma(a), green, into: scratch[0])
      pad.multiply(adjointOf: green, scratch[0], into: scratch[1])
      let direct = flows(scratch[1])
      var correction = (direct.out - out) - (direct.back - back)
      pad.multiply(scratch[0], retarded, into: scratch[2])
      for b in 0..<electrodes where b != a {
        correction += 2 * difference(a, b, e) * pad.trace(scratch[2], spectral(b)).rawStorage.x
      }
      for (list, value) in [inelastic, correction, out + back].enumerated() {
        result[list * electrodes + a] = value
        result[(list + 3) * electrodes + a] = e * value
      }
    }
    return result
  }

  /// f_a - f_b at an energy, without cancellation.
  func difference(_ a: Int, _ b: Int, _ e: Double) -> Double {
    PairWeights(energy: e, frequency: 0, from: states[b], to: states[a]).pair
  }

  private func solve(_ e: Double, into slot: Int) throws {
    pad.clear(inverse)
    pad.add(Scalar(e, 0), overlap, to: inverse)
    pad.add(Scalar(-1, 0), hamiltonian, to: inverse)
    let n = pad.order
    for a in 0..<electrodes {
      let sigma = try (constants[a] ?? electrons.selfEnergy(electrode: a, energy: e)).elements
      let (target, broadening) = (pad[inverse], pad[gamma(a)])
      for j in 0..<n {
        for i in 0..<n {
          let (x, mirrored) = (sigma[i + j * n], sigma[j + i * n].conjugate)
          target[i + j * n] -= x
          broadening[i + j * n] = Scalar(0, 1) * (x - mirrored)
        }
      }
    }
    try pad.invert(inverse, into: slot)
  }

  private func makeSpectral(_ a: Int, _ green: Int) {
    pad.multiply(green, gamma(a), into: scratch[0])
    pad.multiply(scratch[0], adjointOf: green, into: spectral(a))
  }
}
