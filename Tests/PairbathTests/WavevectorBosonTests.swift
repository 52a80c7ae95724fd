import Pairbath
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

/// Layers with bosons of the transverse wave vector zero, and bosons of a layer by themselves.
@Suite("Wave vectors with bosons")
struct WavevectorBosonTests {
  private typealias Complex = (re: Double, im: Double)

  private static let wavevectors = [0.13, 0.38]
  private static let weights = [0.7, 0.3]
  private static let hamiltonian = [[[0.3, 0.2], [0.2, -0.25]], [[0.15, 0.05], [-0.12, 0.1]]]
  private static let couplings = [
    [[[0.1, 0.03], [0.03, -0.08]], [[0.02, 0.05], [0.01, -0.03]]],
    [[[0.05, 0.01], [0.01, 0.07]], [[0.0, 0.02], [0.03, 0.01]]],
  ]

  /// M(0) + M(1) e^(2 pi i k) + its adjoint, times a factor.
  private static func sum(_ blocks: [[[Double]]], _ k: Double, _ factor: Double = 1) -> [[Complex]] {
    let (c, s) = (Double.cos(2 * .pi * k), Double.sin(2 * .pi * k))
    return blocks[0].indices.map { i in
      blocks[0].indices.map { j in
        (factor * (blocks[0][i][j] + c * (blocks[1][i][j] + blocks[1][j][i])), factor * s * (blocks[1][i][j] - blocks[1][j][i]))
      }
    }
  }

  /// Two matrices side by side on the diagonal of one.
  private static func joint(_ a: [[Complex]], _ b: [[Complex]]) -> String {
    let n = a.count
    let rows = (0..<(2 * n)).map { i in
      (0..<(2 * n)).map { j in
        let element: Complex = i < n && j < n ? a[i][j] : i >= n && j >= n ? b[i - n][j - n] : (0, 0)
        return "\(element.re)\(element.im < 0 ? "-" : "+")\(abs(element.im))i"
      }.joined(separator: ", ")
    }
    return "[" + rows.map { "[\($0)]" }.joined(separator: ", ") + "]"
  }

  private static func blocks(_ key: String, _ matrices: [[[Double]]]) -> String {
    "[" + matrices.enumerated().map { "{R: [\($0)], \(key): \($1)}" }.joined(separator: ", ") + "]"
  }

  private static func model(_ first: String, _ second: String, _ electrons: String, _ level: String) -> String {
    """
    units: natural
    \(electrons)
    electrodes:
      L: {kind: wide-band, orbitals: [\(first)], broadening: 0.3}
      R: {kind: wide-band, orbitals: [\(second)], broadening: 0.4}
    bosons: {modes: [0.5, 0.8]}
    baths: {ph: {kind: ohmic, friction: 0.02}, q: {kind: ohmic, friction: 0.01}}
    state: {chemical_potential: {L: V/2, R: -V/2}, temperature: {L: 0.1, R: 0.12, ph: 0.08, q: 0.15}}
    sweep: {V: [0.3, 0.9, 1.6]}
    compute:
      level: \(level)
      observables: [energy_current, energy_current_channel, charge_current, electrode_heat_current, mode_population,
        effective_temperature, effective_chemical_potential, emission_rate, absorption_rate, quality_factor, damping_rate,
        electronic_damping, pair_density, emission, bath_particle_current, photon_rate, friction]
      frequencies: [0.4, 0.5]
      tolerance: 1e-10
    """
  }

  private static func layer(_ level: String) -> String {
    model(
      "0", "1",
      """
      conductor: {blocks: \(blocks("hamiltonian", hamiltonian))}
      coupling: {convention: dimensionless, matrices: [\(couplings.map { "{blocks: \(blocks("matrix", $0))}" }.joined(separator: ", "))]}
      k_points: {list: \(wavevectors), weights: \(weights)}
      """, level)
  }

  /// One junction of both wave vectors: a mode that electrons of both drive, each with the square root of its weight in M.
  private static func junction(_ level: String) -> String {
    let matrices = couplings.map { m in
      joint(sum(m, wavevectors[0], weights[0].squareRoot()), sum(m, wavevectors[1], weights[1].squareRoot()))
    }
    return model(
      "0, 2", "1, 3",
      """
      conductor: {hamiltonian: \(joint(sum(hamiltonian, wavevectors[0]), sum(hamiltonian, wavevectors[1])))}
      coupling: {convention: dimensionless, matrices: [\(matrices.joined(separator: ", "))]}
      """, level)
  }

  @Test(
    "Electrons of two wave vectors drive the bosons as those of one junction made of both: flows, spectra, populations",
    arguments: [("sharp", 1e-12), ("landauer", 1e-9)])
  func jointJunction(level: String, tolerance: Double) throws {
    let average = try ModelFile.read(text: Self.layer(level)).run()
    let whole = try ModelFile.read(text: Self.junction(level)).run()
    // Elastic currents have no coupling in them: the junction has the sum of both.
    let compared = average.variables.filter {
      $0.errors != nil && !["charge_current", "electrode_heat_current"].contains($0.name) && !$0.name.hasSuffix("_elastic")
    }
    #expect(compared.count > 20 && average.variable("parts_supply") == nil)
    for variable in compared {
      let twin = try #require(whole.variable(variable.name), "\(variable.name)")
      #expect(variable.dimensions == twin.dimensions)
      let largest = twin.values.map(abs).max() ?? 0
      for (x, y) in zip(variable.values, twin.values) {
        // Level sharp: rounding. Level landauer: frequency meshes differ, within the tolerance asked for; corrections alike.
        let allowed = variable.name.hasSuffix("_correction") ? 1e-8 : tolerance
        #expect(abs(x - y) <= allowed * largest, "\(variable.name): \(x), \(y)")
      }
    }
    #expect(average.variable("stable")?.values == whole.variable("stable")?.values)
  }

  @Test("A mode that one wave vector pumps and another damps is steady where their mean damps it")
  func steadiness() throws {
    // At k = 0 the level pair is inverted by the bias, at k = 1/2 it is far away.
    func text(_ points: String) -> String {
      """
      units: natural
      conductor: {blocks: [{R: [0], hamiltonian: [[0.25, 0], [0, -0.25]]}, {R: [1], hamiltonian: [[0, 0], [0, 0]]}]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.05}, R: {kind: wide-band, orbitals: [1], broadening: 0.05}}
      bosons: {modes: [0.5]}
      baths: {ph: {kind: ohmic, friction: 0.01}}
      coupling: {convention: dimensionless, matrices: [{blocks: [{R: [0], matrix: [[0, 0.02], [0.02, 0]]}, {R: [1], matrix: [[0, 0.01], [0.01, 0]]}]}]}
      k_points: \(points)
      state: {chemical_potential: {L: 1, R: -1}, temperature: 0.05}
      compute: {observables: [energy_current, mode_population], tolerance: 1e-8}
      """
    }
    let pumped = try ModelFile.read(text: text("{list: [[0.0]]}")).run()
    #expect(pumped.variable("status")?.values == [1] && pumped.variable("stable")?.values == [0])
    #expect(pumped.variable("mode_population")?.values[0].isNaN == true)
    let both = try ModelFile.read(text: text("{list: [[0.0], [0.5]], weights: [1, 9]}")).run()
    #expect(both.variable("status")?.values == [0] && both.variable("stable")?.values == [1])
    #expect((both.variable("mode_population")?.values[0] ?? 0) > 0)
  }

  @Test(
    "What electrons of all wave vectors share beyond lowest order is refused",
    arguments: [
      ("level: sharp", "level: dressed", "level dressed"), ("[energy_current,", "[photon_yield, energy_current,", "photon_yield"),
      ("level: sharp", "cross_check: true\n  level: landauer", "cross_check"),
    ])
  func refused(old: String, new: String, words: String) throws {
    let text = Self.layer("sharp").replacing(old, with: new)
    let error = try #require(throws: FileError.self) { try ModelFile.read(text: text) }
    #expect(error.description.contains(words) && error.description.contains("k_points"), "\(error)")
  }

  // MARK: Bosons alone

  /// A cubic lattice of springs between leads of the same lattice; `turn` moves its coordinates by a phase along the side.
  private static func cubic(_ points: String) -> String {
    let lead = "{kind: periodic, coordinates: [0], blocks: [{R: [0], K00: [[1.04]], K01: [[-0.25]]}, {R: [1], K00: [[-0.25]]}]}"
    return """
      units: natural
      bosons: {blocks: [{R: [0], dynamical_matrix: [[1.04]]}, {R: [1], dynamical_matrix: [[-0.25]]}]}
      baths: {a: \(lead), b: \(lead)}
      q_points: \(points)
      state: {temperature: {a: 0.3 + dT, b: 0.3}}
      sweep: {dT: [0.0, 0.1]}
      compute:
        observables: [phonon_transmission, bath_energy_current]
        frequencies: [0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.41]
        tolerance: 1e-9
      """
  }

  @Test("A lattice of springs conducts as many waves as there are at a frequency: the staircase, to 1e-8")
  func staircase() throws {
    let count = 23
    let model = try ModelFile.read(text: Self.cubic("{grid: [\(count)]}"))
    #expect(model.hiddenAxes.map(\.words) == ["23 q points, 12 by time reversal"])
    let result = try model.run()
    let transmission = try #require(result.variable("phonon_transmission"))
    for (i, w) in result.frequencies.enumerated() {
      let open = (0..<count).count { j in
        let x = w * w - 0.04 - 0.5 * (1 - Double.cos(2 * .pi * Double(j) / Double(count)))
        return x > 0 && x < 1
      }
      let found = transmission.values[result.frequencies.count + i]
      #expect(abs(found - Double(open) / Double(count)) < 1e-8, "w = \(w): \(found) for \(open) of \(count)")
    }
    #expect(result.variable("mode_energy") == nil && result.variable("bath_energy_current")?.values[0] == 0)
  }

  @Test("Springs that lean along the side, K(q) complex, conduct the same at q and -q and as one cell of twice the size does")
  func complexSprings() throws {
    // Two atoms in a cell, a spring from the second one to the first one of the next cell: K(q) is complex.
    let k = "[[0.9, -0.3], [-0.3, 0.8]]"
    let side = "[[0, 0], [-0.2, 0]]"
    let lead = "[{R: [0], K00: \(k), K01: [[-0.2, 0.05], [0, -0.15]]}, {R: [1], K00: \(side)}]"
    func text(_ points: String) -> String {
      """
      units: natural
      bosons: {blocks: [{R: [0], dynamical_matrix: \(k)}, {R: [1], dynamical_matrix: \(side)}]}
      baths:
        a: {kind: periodic, blocks: \(lead)}
        b: {kind: periodic, blocks: \(lead)}
        c: {kind: ohmic, coordinates: [0], friction: 0.1}
      q_points: \(points)
      state: {temperature: {a: 0.4, b: 0.3, c: 0.2}}
      compute: {observables: [phonon_transmission, bath_energy_current], frequencies: [0.6, 0.9, 1.1], tolerance: 1e-9}
      """
    }
    // A cell of two in a row has the waves q and q + 1/2 of the half as long reciprocal lattice vector: q = 0 of it is q = 0 and 1/2.
    let average = try ModelFile.read(text: text("{list: [[0.0], [0.5]]}")).run()
    func twice(_ a: [[Double]], _ b: [[Double]]) -> String {
      // [[A, B + B^T of the two bonds], ...]: bonds 1 -> 2 inside, 2 -> 1 around.
      let n = a.count
      let rows = (0..<(2 * n)).map { i in
        (0..<(2 * n)).map { j in
          let (p, q) = (i % n, j % n)
          return (i < n) == (j < n) ? a[p][q] : b[p][q] + b[q][p]
        }
      }
      return "\(rows)"
    }
    let (inner, next) = ([[0.9, -0.3], [-0.3, 0.8]], [[0.0, 0.0], [-0.2, 0.0]])
    let (outer, none) = ([[-0.2, 0.05], [0, -0.15]], [[0.0, 0.0], [0.0, 0.0]])
    let joined = "{kind: periodic, K00: \(twice(inner, next)), K01: \(twice(outer, none))}"
    let whole = try ModelFile.read(
      text: """
        units: natural
        bosons: {dynamical_matrix: \(twice(inner, next))}
        baths: {a: \(joined), b: \(joined), c: {kind: ohmic, coordinates: [0, 2], friction: 0.1}}
        state: {temperature: {a: 0.4, b: 0.3, c: 0.2}}
        compute: {observables: [phonon_transmission, bath_energy_current], frequencies: [0.6, 0.9, 1.1], tolerance: 1e-9}
        """
    ).run()
    for name in ["phonon_transmission", "bath_energy_current"] {
      let (a, b) = (try #require(average.variable(name)), try #require(whole.variable(name)))
      let largest = b.values.map(abs).max() ?? 0
      // The cell of two has both waves: twice the average.
      for (x, y) in zip(a.values, b.values) { #expect(abs(2 * x - y) <= 2e-8 * largest, "\(name): \(x), \(y)") }
    }
    let (plus, minus) = (
      try ModelFile.read(text: text("{list: [[0.2]]}")).run(), try ModelFile.read(text: text("{list: [[-0.2]]}")).run()
    )
    let (a, b) = (try #require(plus.variable("phonon_transmission")), try #require(minus.variable("phonon_transmission")))
    for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) <= 1e-11 * (a.values.map(abs).max() ?? 0)) }
  }
}
