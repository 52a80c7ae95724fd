import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

/// A sweep variable may stand wherever a number may stand; every system of a sweep is computed as it would be by itself.
@Suite("Sweeps that change the system")
struct SystemSweepTests {
  private static let seed: UInt64 = 15_001

  /// Models; every number between `@` is a place where a sweep variable may stand.
  private static let models = [
    """
    units: natural
    conductor: {hamiltonian: [[@0.3@, 0.2], [0.2, @-0.4@]], spin_degeneracy: @2@}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: @0.2@}
      R: {kind: chain, orbital: 1, energy: @0.1@, hopping: @1.0@, coupling: @0.3@}
    bosons: {modes: [@0.5@, @0.7@]}
    baths: {ph: {kind: drude, friction: @0.02@, cutoff: @3@}}
    coupling: {convention: dimensionless, matrices: [[[@0.1@, 0], [0, @-0.1@]], [[0, 0.05], [0.05, @0.02@]]]}
    parameters: {T: 0.1, V: 0.6}
    state: {chemical_potential: {L: @V/2@, R: -V/2}, temperature: {L: @T@, R: T, ph: @0.08@}}
    sweep: {y: [0.02, 0.05]}
    compute:
      observables: [energy_current, charge_current, electrode_heat_current, mode_population, transmission, pair_density]
      energies: [0.1, 0.2]
      frequencies: [0.3]
      tolerance: 1e-5
      elastic_correction: none
    """,
    """
    units: natural
    terminals:
      particles: bosons
      degeneracy: @2@
      baths: [a, b]
      transmission: {a>b: {kind: power, energy: @0.3@, exponent: @2@, height: @0.8@, from: @0.2@, cutoff: @0.5@}}
    state: {temperature: {a: 1, b: @0.5@}, chemical_potential: {a: @0.1@}}
    sweep: {y: [0.02, 0.05]}
    compute: {observables: [bath_energy_current, bath_heat_current, thermal_conductance, entropy_production], tolerance: 1e-6}
    """,
    """
    materials: {metal: {background: {kind: constant, real: 1}, carriers: {kind: drude, plasma_energy: @9@, damping: @0.03@}}}
    bodies:
      hot: {kind: layers, layers: [{material: metal, thickness: @20@}], substrate: metal}
      cold: {kind: half-space, material: metal}
    state: {temperature: {hot: @400@, cold: 300}, gap: @50@}
    sweep: {y: [0.02, 0.05]}
    compute: {observables: [energy_flux], tolerance: 1e-3}
    """,
  ]

  private static func parts(_ model: String) -> [String] {
    model.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
  }

  /// A model with x at one place of the system and y at any other, each of which it changes by some per cent.
  ///
  /// Along a variable of the states alone, states share a mesh that depends on all of them: equal within errors, not in every bit.
  private static func drawn(_ model: String, _ generator: inout SplitMix64) -> String {
    var parts = parts(model)
    let all = Array(stride(from: 1, to: parts.count, by: 2)).shuffled(using: &generator)
    let first = all.firstIndex { !parts[..<$0].joined().contains("state:") } ?? 0
    let places = [all[first]] + all[..<first] + all[(first + 1)...]
    parts[places[0]] = "(\(parts[places[0]]))*(1 + x)"
    parts[places[1]] = "(\(parts[places[1]]))*(1 - y)"
    return parts.joined().replacing("sweep: {y:", with: "sweep: {x: [0.01, -0.03, 0.04], y:")
  }

  @Test("Every value of a swept number gives the bits of a run with --set", arguments: Array(models.indices))
  func bitsOfSingleRuns(index: Int) throws {
    var generator = SplitMix64(seed: Self.seed + UInt64(index))
    for _ in 0..<(index == 2 ? 2 : 6) {
      let text = Self.drawn(Self.models[index], &generator)
      let note = Comment(rawValue: "seed \(Self.seed), model \(index):\n\(text)")
      let whole = try ModelFile.read(text: text).run(workers: 2)
      try #require(whole.axes.map(\.name) == ["x", "y"], note)
      for (i, x) in whole.axes[0].values.enumerated() {
        let alone = try ModelFile.read(text: text, overrides: ["x=\(x)"]).run(workers: 1)
        for variable in alone.variables {
          let twin = try #require(whole.variable(variable.name), note)
          let axis = twin.dimensions.firstIndex(of: "x")
          let here = try #require(axis.map { Self.slice(twin.values, of: twin, in: whole, axis: $0, at: i) }, note)
          #expect(Self.bits(here) == Self.bits(variable.values), "\(variable.name) at x = \(x); \(note)")
          guard let errors = variable.errors, let all = twin.errors, let axis else { continue }
          #expect(
            Self.bits(Self.slice(all, of: twin, in: whole, axis: axis, at: i)) == Self.bits(errors), "\(variable.name); \(note)")
        }
      }
    }
  }

  private static func bits(_ values: [Double]) -> [UInt64] { values.map { $0.isNaN ? 0 : $0.bitPattern } }

  private static func slice(
    _ values: [Double], of variable: ResultVariable, in result: TransportResult, axis: Int, at index: Int
  ) -> [Double] {
    let lengths = variable.dimensions.map { result.length(of: $0) ?? 1 }
    let behind = lengths[(axis + 1)...].reduce(1, *)
    let block = behind * lengths[axis]
    var slice: [Double] = []
    for start in stride(from: index * behind, to: values.count, by: block) { slice += values[start..<(start + behind)] }
    return slice
  }

  @Test("A gate that shifts all levels is a shift of the chemical potentials, to 1e-12")
  func commonShift() throws {
    func model(_ shift: String, _ potential: String) -> String {
      """
      units: natural
      conductor: {energies: [0.3 - \(shift), 0.1 - \(shift)]}
      electrodes: {L: {kind: wide-band, broadening: [[0.2, 0.1], [0.1, 0.3]]}, R: {kind: wide-band, orbitals: [1], broadening: 0.3}}
      bosons: {modes: [0.4]}
      baths: {ph: {kind: ohmic, friction: 0.02}}
      coupling: {convention: dimensionless, matrices: [[[0.1, 0.02], [0.02, -0.1]]]}
      state: {chemical_potential: {L: V/2 + \(potential), R: -V/2 + \(potential)}, temperature: 0.1}
      sweep: {g: [-0.5, 0.2, 1.0], V: [0.1, 0.7]}
      compute: {observables: [energy_current, charge_current], tolerance: 1e-10}
      """
    }
    let moved = try ModelFile.read(text: model("g", "0")).run()
    let shifted = try ModelFile.read(text: model("0", "g")).run()
    for name in ["energy_current", "charge_current", "charge_current_inelastic"] {
      let (a, b) = (try #require(moved.variable(name)), try #require(shifted.variable(name)))
      let largest = a.values.map(abs).max() ?? 0
      for (x, y) in zip(a.values, b.values) { #expect(abs(x - y) <= 1e-12 * largest, "\(name): \(x) and \(y)") }
    }
  }

  @Test("Energies of modes that are swept are a variable, and a file gives it back")
  func sweptModes() throws {
    let text = """
      units: natural
      conductor: {energies: [0.3]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [0], broadening: 0.3}}
      bosons: {modes: [w, 2*w]}
      baths: {ph: {kind: ohmic, friction: 0.02}}
      coupling: {convention: dimensionless, matrices: [[[0.1]], [[0.05]]]}
      state: {chemical_potential: {L: 0.5, R: 0}, temperature: 0.1}
      sweep: {w: [0.2, 0.3, 0.5]}
      compute: {observables: [energy_current, mode_population], tolerance: 1e-6}
      """
    let result = try ModelFile.read(text: text).run()
    let energies = try #require(result.variable("mode_energy"))
    #expect(energies.dimensions == ["mode", "w"] && energies.values == [0.2, 0.3, 0.5, 0.4, 0.6, 1.0])
    try withTemporaryFolder { folder in
      try ResultFile.write(result, to: folder + "/result.nc")
      #expect(try ResultFile.read(from: folder + "/result.nc").variable("mode_energy")?.values == energies.values)
    }
  }

  @Test("A junction that makes no sense is named with its place before anything is computed")
  func invalidSystem() throws {
    let text = """
      units: natural
      conductor: {hamiltonian: [[0.3, 0.1], [0.1, 0.2]], overlap: [[1, s], [s, 1]]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [1], broadening: 0.3}}
      state: {chemical_potential: {L: 0.5, R: 0}, temperature: 0.1}
      sweep: {s: [0.1, 0.5, 1.2, 0.3]}
      compute: {observables: [charge_current]}
      """
    let error = try #require(throws: FileError.self) { try ModelFile.read(text: text) }
    #expect(error.description.contains("s = 1.2") && error.description.contains("overlap"), "\(error)")
  }

  @Test("Files are an axis with their names and weights, and averages are those of statistics")
  func filesAsAxis() throws {
    try withTemporaryFolder { folder in
      let energies = [0.1, 0.3, -0.2]
      for (i, e) in energies.enumerated() {
        let file = try NetCDFFile(creating: folder + "/s\(i).nc")
        try file.defineDimension("orbital", length: 1)
        try file.defineVariable("hamiltonian", over: ["orbital", "orbital"])
        try file.write([e], to: "hamiltonian")
        try file.close()
      }
      func text(_ conductor: String, _ sweep: String, _ more: String = "") -> String {
        """
        units: eV
        conductor: {\(conductor)}
        electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [0], broadening: 0.3}}
        state: {chemical_potential: {L: 0.5, R: 0}, temperature: 300}
        sweep: {\(sweep)}
        compute: {observables: [charge_current], tolerance: 1e-9\(more)}
        """
      }
      let result = try ModelFile.read(
        text: text("file: s", "s: {files: \"s*.nc\", weights: [1, 2, 1]}", ", average: [s]"), folder: folder
      ).run()
      #expect(result.axes[0].labels == ["s0.nc", "s1.nc", "s2.nc"])
      let plain = try ModelFile.read(text: text("energies: [e]", "e: \(energies)")).run()
      let (x, y) = (try #require(result.variable("charge_current")), try #require(plain.variable("charge_current")))
      #expect(x.values == y.values && x.errors == y.errors)
      let mean = try #require(result.variable("charge_current_mean")?.values[0])
      #expect(abs(mean - (x.values[0] + 2 * x.values[1] + x.values[2]) / 4) < 1e-15 * abs(mean))
      let squares = zip([1.0, 2.0, 1.0], x.values).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      let spread = (squares / (4 - 6.0 / 4)).squareRoot()
      let found = try #require(result.variable("charge_current_standard_deviation")?.values[0])
      #expect(abs(found - spread) < 1e-12 * spread)
      let file = try NetCDFFile(creating: folder + "/s3.nc")
      try file.defineDimension("orbital", length: 2)
      try file.defineVariable("hamiltonian", over: ["orbital", "orbital"])
      try file.write([0, 0.1, 0.1, 0], to: "hamiltonian")
      try file.close()
      let error = try #require(throws: FileError.self) {
        try ModelFile.read(text: text("file: s", "s: {files: \"s*.nc\"}"), folder: folder)
      }
      #expect(error.description.contains("2 orbitals at s = s3.nc"), "\(error)")
    }
  }

  @Test(
    "Counts, indices and settings are not swept, and the message says what is",
    arguments: [
      ("orbitals: [0], broadening: 0.2", "orbitals: [n], broadening: 0.2"), ("tolerance: 1e-6", "tolerance: 1e-6*n"),
    ])
  func notSwept(old: String, new: String) throws {
    let text = """
      units: natural
      conductor: {energies: [0.3]}
      electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 0.2}, R: {kind: wide-band, orbitals: [0], broadening: 0.3}}
      state: {chemical_potential: {L: 0.5 + n, R: 0}, temperature: 0.1}
      sweep: {n: [0, 1]}
      compute: {observables: [charge_current], tolerance: 1e-6}
      """
    let error = try #require(throws: FileError.self) { try ModelFile.read(text: text.replacing(old, with: new)) }
    #expect(error.description.contains("the sweep variable 'n'") && error.description.contains("may be swept"), "\(error)")
  }
}
