import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

/// Levels that follow a voltage, H = H_0 + V P: what derivatives of currents owe to the change of H.
@Suite("Voltage profiles")
struct VoltageProfileTests {
  private static let seed: UInt64 = 15_002

  /// A number of the model that varies with V, about `scale` in size.
  private static func drawn(_ scale: Double, _ generator: inout SplitMix64) -> String {
    let (a, b) = (Double.random(in: -scale...scale, using: &generator), Double.random(in: -scale...scale, using: &generator))
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return "\"\(a) + \(b)*V\""
    case 1: return "\"\(a) + \(b)*V^2\""
    case 2: return "\"\(a)*exp(\(b)*V)\""
    default: return "\(a)"
    }
  }

  /// A junction of a few levels whose H follows V in numbers of its own and through profiles.
  private static func model(_ generator: inout SplitMix64, bosons: Bool, level: String = "sharp") -> String {
    let size = Int.random(in: 1...3, using: &generator)
    func number(_ scale: Double) -> Double { Double.random(in: -scale...scale, using: &generator) }
    var h = [[String]](repeating: [String](repeating: "0", count: size), count: size)
    for i in 0..<size {
      h[i][i] = drawn(0.4, &generator)
      for j in 0..<i {
        let off = drawn(0.2, &generator)
        (h[i][j], h[j][i]) = (off, off)
      }
    }
    let shares = (0..<size).map { _ in "\(number(0.6))" }.joined(separator: ", ")
    let complex = size > 1 ? "- {value: 0.3*V, matrix: \(Self.hermitian(size, &generator))}" : ""
    let overlap = Bool.random(using: &generator) && size > 1
    let s = (0..<size).map { i in
      "[" + (0..<size).map { j in i == j ? "1" : abs(i - j) == 1 ? "0.1" : "0" }.joined(separator: ", ") + "]"
    }.joined(separator: ", ")
    let lead =
      Bool.random(using: &generator)
      ? "{kind: wide-band, orbitals: [\(size - 1)], broadening: 0.3}"
      : "{kind: chain, orbital: \(size - 1), energy: 0.1, hopping: -1, coupling: 0.5}"
    let rows = h.map { "[\($0.joined(separator: ", "))]" }.joined(separator: ", ")
    let part = """
      bosons: {modes: [0.35]}
      baths: {ph: {kind: ohmic, friction: 0.02}}
      coupling: {convention: dimensionless, matrices: [\(Self.hermitian(size, &generator, scale: 0.08))]}
      """
    let gate = Bool.random(using: &generator)
    return """
      units: natural
      conductor:
        hamiltonian: [\(rows)]
        \(overlap ? "overlap: [\(s)]" : "spin_degeneracy: 2")
        potentials:
          - {value: V/2, diagonal: [\(shares)]}
          \(complex)
      electrodes:
        L: {kind: wide-band, broadening: \(Self.positive(size, &generator))}
        R: \(lead)
      \(bosons ? part : "")
      state:
        chemical_potential: {L: "\(gate ? "0.2" : "0.1 + V/2")", R: "\(gate ? "-0.2" : "-V/2")"}
        temperature: 0.1
      sweep: {V: [0.3]}
      compute: {level: \(level), observables: [conductance, iets], tolerance: 1e-9}
      """
  }

  private static func hermitian(_ size: Int, _ generator: inout SplitMix64, scale: Double = 1) -> String {
    var rows = [[String]](repeating: [String](repeating: "0", count: size), count: size)
    for i in 0..<size {
      rows[i][i] = "\(Double.random(in: -scale...scale, using: &generator))"
      for j in 0..<i {
        let (x, y) = (Double.random(in: -scale...scale, using: &generator), Double.random(in: 0...scale, using: &generator))
        (rows[i][j], rows[j][i]) = ("\(x)+\(y)i", "\(x)-\(y)i")
      }
    }
    return "[" + rows.map { "[\($0.joined(separator: ", "))]" }.joined(separator: ", ") + "]"
  }

  private static func positive(_ size: Int, _ generator: inout SplitMix64) -> String {
    let rows = (0..<size).map { i in
      "[" + (0..<size).map { i == $0 ? "\(Double.random(in: 0.2...0.4, using: &generator))" : "0.05" }.joined(separator: ", ")
        + "]"
    }
    return "[\(rows.joined(separator: ", "))]"
  }

  /// First and second derivative from symmetric differences with steps 0.08 to 0.01, extrapolated to 0: the error is of order h^8 times
  /// derivatives whose scale is pi T = 0.3.
  private static func richardson(_ f: (Double) -> Double, at v: Double) -> (first: Double, second: Double) {
    let steps = [0.08, 0.04, 0.02, 0.01]
    func extrapolated(_ values: [Double]) -> Double {
      var row = values
      var factor = 4.0
      while row.count > 1 {
        row = zip(row, row.dropFirst()).map { (factor * $1 - $0) / (factor - 1) }
        factor *= 4
      }
      return row[0]
    }
    let center = f(v)
    return (
      extrapolated(steps.map { (f(v + $0) - f(v - $0)) / (2 * $0) }),
      extrapolated(steps.map { (f(v + $0) - 2 * center + f(v - $0)) / ($0 * $0) })
    )
  }

  private static func compare(_ text: String, parts: [String]) throws {
    let found = try ModelFile.read(text: text).run()
    let steps = [0.0, 0.01, -0.01, 0.02, -0.02, 0.04, -0.04, 0.08, -0.08].map { 0.3 + $0 }
    let currents = try ModelFile.read(
      text: text,
      overrides: ["sweep.V=[\(steps.map { "\($0)" }.joined(separator: ","))]", "compute.observables=[charge_current]"],
      tolerance: 1e-11
    ).run()
    for part in parts {
      let all = try #require(currents.variable("charge_current" + part))
      for electrode in 0..<2 {
        let values = Dictionary(
          uniqueKeysWithValues: steps.indices.map {
            (Int((1000 * steps[$0]).rounded()), all.values[electrode * steps.count + $0])
          })
        let scale = all.values.map(abs).max() ?? 0
        let right = richardson({ values[Int((1000 * $0).rounded())] ?? .nan }, at: 0.3)
        for (name, value) in [("conductance", right.first), ("iets", right.second)] {
          let variable = try #require(found.variable(name + part))
          let ours = variable.values[electrode]
          // 1e-7 of what the current is, over its scale of voltage; differences of 1e-11 over h^2 = 1e-4 leave as much.
          let allowed = 1e-7 * max(abs(value), scale) + 2 * (variable.errors?[electrode] ?? 0)
          #expect(abs(ours - value) <= allowed, "\(name)\(part): \(ours) and \(value); seed \(seed)\n\(text)")
        }
      }
    }
  }

  @Test("dI/dV and d2I/dV2 of elastic currents contain the change of H: differences of currents, to 1e-7", .tags(.twin))
  func elasticDerivatives() throws {
    var generator = SplitMix64(seed: Self.seed)
    for _ in 0..<12 { try Self.compare(Self.model(&generator, bosons: false), parts: [""]) }
  }

  @Test("The same of inelastic currents and of the elastic correction, level by level", .tags(.twin))
  func inelasticDerivatives() throws {
    var generator = SplitMix64(seed: Self.seed + 1)
    for _ in 0..<5 {
      let text = Self.model(&generator, bosons: true)
      try Self.compare(text, parts: ["_elastic", "_inelastic", "_correction", ""])
    }
    var text = Self.model(&generator, bosons: true)
    text = text.replacing("tolerance: 1e-9", with: "tolerance: 1e-9, elastic_correction: dynamic")
    try Self.compare(text, parts: ["_correction"])
  }

  @Test("A profile in a basis with overlap is (P S + S P)/2: equal shares are a shift of all energies")
  func commonProfile() throws {
    func model(_ profile: String, _ shift: String) -> String {
      """
      units: natural
      conductor:
        hamiltonian: [[0.3, 0.2], [0.2, -0.4]]
        overlap: [[1, 0.2i], [-0.2i, 1]]
        \(profile)
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [1], broadening: 0.3}}
      state: {chemical_potential: {L: 0.3 - \(shift), R: -0.2 - \(shift)}, temperature: 0.1}
      sweep: {V: [-0.4, 0.1]}
      compute: {observables: [charge_current, conductance], tolerance: 1e-10}
      """
    }
    let a = try ModelFile.read(text: model("potentials: [{value: V, diagonal: [1, 1]}]", "0")).run()
    let b = try ModelFile.read(text: model("spin_degeneracy: 1", "V")).run()
    for name in ["charge_current", "conductance"] {
      for (x, y) in zip(try #require(a.variable(name)).values, try #require(b.variable(name)).values) {
        #expect(abs(x - y) <= 1e-11, "\(name): \(x) and \(y)")
      }
    }
  }

  @Test("Profiles of chains stay sparse, those written out and in expressions are the same numbers")
  func forms() throws {
    func model(_ conductor: String) -> String {
      """
      units: natural
      conductor: {\(conductor)}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [2], broadening: 0.3}}
      state: {chemical_potential: {L: V/2, R: -V/2}, temperature: 0.1}
      sweep: {V: [0.4]}
      compute: {observables: [charge_current, conductance, iets], tolerance: 1e-10}
      """
    }
    let forms = [
      "chain: {sites: 3, energy: 0.1, hopping: -0.3}, potentials: [{value: V, diagonal: [0.5, 0, -0.5]}]",
      "energies: [0.1, 0.1, 0.1], potentials: [{value: V, diagonal: [0.5, 0, -0.5]}, "
        + "{value: -0.3, matrix: [[0, 1, 0], [1, 0, 1], [0, 1, 0]]}]",
      "hamiltonian: [[0.1 + V/2, -0.3, 0], [-0.3, 0.1, -0.3], [0, -0.3, 0.1 - V/2]]",
    ]
    let results = try forms.map { try ModelFile.read(text: model($0)).run() }
    for name in ["charge_current", "conductance", "iets"] {
      let first = try #require(results[0].variable(name)).values
      for other in results.dropFirst() {
        for (x, y) in zip(first, try #require(other.variable(name)).values) {
          #expect(abs(x - y) <= 1e-11, "\(name): \(x), \(y)")
        }
      }
    }
  }

  @Test(
    "A voltage that electrodes or couplings use, too, is refused; so are profiles of other sizes",
    arguments: [
      ("broadening: 0.2 + V/10", "electrodes, bosons or couplings depend on 'V'"),
      ("broadening: 0.2, orbitals: [0]", ""),
    ])
  func refused(lead: String, words: String) throws {
    let shares = words.isEmpty ? "[1, 2]" : "[1]"
    let text = """
      units: natural
      conductor: {energies: [0.1], potentials: [{value: V, diagonal: \(shares)}]}
      electrodes: {L: {kind: wide-band, \(words.isEmpty ? "" : "orbitals: [0], ")\(lead)}, R: {kind: wide-band, orbitals: [0], broadening: 0.3}}
      state: {chemical_potential: {L: V/2, R: -V/2}, temperature: 0.1}
      sweep: {V: [0.4]}
      compute: {observables: [conductance]}
      """
    do {
      _ = try ModelFile.read(text: text).run()
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains(words.isEmpty ? "2 numbers" : words), "\(error)")
    }
  }
}
