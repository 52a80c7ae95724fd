import Pairbath
import Synchronization
import Testing

/// Every kind of computation polls, often, and ends with `.interrupted` wherever the token is set.
@Suite("Interruption")
struct InterruptionTests {
  private static let seed: UInt64 = 24_006

  /// A junction of two levels with what differs.
  private static func dot(
    level: String = "sharp", observables: String = "[energy_current]", more: String = "", bosons: String = "{modes: [1.0]}",
    baths: String = "{ph: {kind: ohmic, friction: 0.05}}", coupling: String = "[[[0.0, 0.1], [0.1, 0.0]]]",
    right: String = "{kind: wide-band, orbitals: [1], broadening: 0.5}", sweep: String = "{V: [0.7]}"
  ) -> String {
    """
    units: natural
    conductor: {hamiltonian: [[0.5, 0.2], [0.2, -0.5]]}
    electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.5}, R: \(right)}
    bosons: \(bosons)
    baths: \(baths)
    coupling: {convention: mass-weighted, matrices: \(coupling)}
    state: {chemical_potential: {L: V/2, R: -V/2}, temperature: 0.3}
    sweep: \(sweep)
    compute: {level: \(level), observables: \(observables), tolerance: 1e-5\(more)}

    """
  }

  private static let plain = ", elastic_correction: none"
  private static let chain = "{kind: chain, orbital: 1, energy: 0, hopping: -1, coupling: 0.5}"
  private static let bands = "{modes: [1.0]}"

  /// Names, models, and how often they must poll at least.
  static let models: [(name: String, text: String, polls: Int)] = [
    ("level sharp", dot(sweep: "{V: {from: 0, to: 1, points: 300}}"), 4),
    ("level landauer", dot(level: "landauer", more: plain), 3),
    ("level dressed", dot(level: "dressed"), 30),
    ("energy bands", dot(observables: "[energy_current, charge_current]", more: plain, right: chain), 20),
    ("elastic correction", dot(observables: "[charge_current]"), 20),
    ("elastic correction of bands", dot(observables: "[charge_current]", right: chain), 200),
    ("noise", dot(observables: "[charge_noise, heat_noise]"), 10),
    ("noise of level landauer", dot(level: "landauer", observables: "[charge_noise]"), 10),
    ("derivatives", dot(observables: "[conductance, iets]"), 20),
    ("spectra", dot(observables: "[emission]", more: ", frequencies: {from: 0.1, to: 2, points: 50}"), 20),
    (
      "light", dot(level: "landauer", observables: "[emission_spectrum]", more: ", frequencies: {from: 0.1, to: 2, points: 50}"),
      20
    ),
    ("forces", dot(level: "dressed", observables: "[friction, renormalization]"), 10),
    ("double integral", dot(level: "landauer", more: plain + ", cross_check: true"), 100),
    (
      "transmission",
      dot(observables: "[transmission]", more: ", energies: {from: -1, to: 1, points: 400}"), 300
    ),
    (
      "instabilities",
      dot(
        level: "dressed", bosons: "{dynamical_matrix: [[1.0]]}", coupling: "[[[0.0, 0.3], [0.3, 0.0]]]",
        sweep: "{V: [-6, 1]}"), 30
    ),
    (
      "linear response", dot(level: "landauer", observables: "[onsager_matrix]", more: plain, sweep: "{V: [0]}"), 3
    ),
    (
      "long conductor",
      """
      units: natural
      conductor: {chain: {sites: 600, energy: 0.0, hopping: -1.0}}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.5}, R: {kind: wide-band, orbitals: [599], broadening: 0.5}}
      state: {chemical_potential: 0, temperature: {L: 0.01, R: 0.02}}
      compute: {observables: [charge_current], tolerance: 1e-3}

      """, 200
    ),
    (
      "phonons in a lead",
      """
      bosons: {dynamical_matrix: [[0.012, -0.004], [-0.004, 0.012]]}
      baths: {l: {kind: periodic, coordinates: [0], K00: [[0.009]], K01: [[-0.004]]}, s: {kind: ohmic, coordinates: [1], friction: 0.001}}
      state: {temperature: {l: 300, s: 200}}
      compute: {tolerance: 1e-4, observables: [bath_energy_current, phonon_transmission]}

      """, 10
    ),
    (
      "terminals",
      """
      units: natural
      terminals: {particles: bosons, baths: [a, b], transmission: {a>b: {kind: lorentzian, energy: 1, width: 0.1, height: 1}}}
      state: {temperature: {a: 1, b: 2}}

      """, 20
    ),
    (
      "bodies",
      """
      bodies: {a: {kind: half-space, material: SiC}, b: {kind: half-space, material: SiC}}
      state: {temperature: {a: 400, b: 300}, gap: 100}
      compute: {tolerance: 1e-3}

      """, 100
    ),
  ]

  @Test("every kind of computation polls, and ends as soon as the token is set", arguments: models.indices)
  func interruption(index: Int) throws {
    let (name, text, least) = Self.models[index]
    let model = try ModelFile.read(text: text)
    let polls = Counter()
    _ = try model.run(workers: 1, isCancelled: { polls.exceeds(.max) })
    let count = polls.value
    #expect(count >= least, "\(name) polls \(count) times")
    var state = Self.seed &+ UInt64(index)
    // Fewer than before: the thread that waits polls by the clock.
    for limit in [0, 1] + (0..<4).map({ _ in Self.random(&state, below: max(1, count * 3 / 4)) }) {
      let counter = Counter()
      do {
        let part = try model.run(workers: 1, isCancelled: { counter.exceeds(limit) })
        // What is finished stays: then the result says itself that it was ended.
        #expect(part.isInterrupted, "\(name) went on after \(limit) of \(count) polls, seed \(Self.seed)")
        #expect(part.states(.notComputed) < part.stateCount || part.stateCount == 1, "\(name)")
      } catch { #expect(error.code == .interrupted, "\(name), \(limit) of \(count) polls, seed \(Self.seed): \(error)") }
    }
  }

  private static func random(_ state: inout UInt64, below count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func exceeds(_ limit: Int) -> Bool { count.wrappingAdd(1, ordering: .relaxed).oldValue >= limit }
  }
}
