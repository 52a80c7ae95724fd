import Pairbath
import PairbathTestSupport
import RealModule
import TestKinds
import Testing

/// Transverse wave vectors: every number of a layer is the average over those of single wave vectors.
@Suite("Wave vectors")
struct WavevectorTests {
  /// A square lattice with hopping -1 between leads of the same lattice.
  private static func square(_ points: String, observables: String = "[transmission]") -> String {
    """
    units: natural
    conductor: {blocks: [{R: [0], hamiltonian: [[0.0]]}, {R: [1], hamiltonian: [[-1.0]]}]}
    electrodes:
      L: {kind: periodic, orbitals: [0], blocks: [{R: [0], H00: [[0.0]], H01: [[-1.0]]}, {R: [1], H00: [[-1.0]]}]}
      R: {kind: periodic, orbitals: [0], blocks: [{R: [0], H00: [[0.0]], H01: [[-1.0]]}, {R: [1], H00: [[-1.0]]}]}
    k_points: \(points)
    state: {chemical_potential: {L: 0.3, R: -0.1}, temperature: 0.05}
    compute: {level: sharp, observables: \(observables), energies: [-3.1, -1.7, -0.3, 0.0, 1.1, 2.9, 4.2], tolerance: 1e-9}
    """
  }

  @Test("A square lattice conducts as many waves as there are at an energy: the staircase of channels, to 1e-8")
  func staircase() throws {
    let count = 23
    let result = try ModelFile.read(text: Self.square("{grid: [\(count)], shift: [0.25]}")).run()
    #expect(result.axes.isEmpty)
    let transmission = try #require(result.variable("transmission"))
    #expect(transmission.dimensions == ["electrode", "electrode2", "energy"])
    for (i, energy) in result.energies.enumerated() {
      let open = (0..<count).count { j in abs(energy + 2 * Double.cos(2 * Double.pi * (Double(j) + 0.25) / Double(count))) < 2 }
      let found = transmission.values[result.energies.count + i]
      #expect(abs(found - Double(open) / Double(count)) < 1e-8, "e = \(energy): \(found) for \(open) of \(count)")
    }
  }

  @Test("Averages are weighted means of runs at single wave vectors")
  func weightedMeans() throws {
    let observables = "[charge_current, electrode_heat_current]"
    func model(_ points: String) -> String {
      Self.square(points, observables: observables).replacing("L: 0.3", with: "L: 0.3 + V").replacing(
        "state:", with: "parameters: {V: 0}\nstate:")
    }
    let whole = try ModelFile.read(text: model("{list: [[0.1], [0.37]], weights: [3, 1]}")).run()
    let parts = try ["[[0.1]]", "[[0.37]]"].map { try ModelFile.read(text: model("{list: \($0)}")).run() }
    for name in ["charge_current", "electrode_heat_current"] {
      let mean = try #require(whole.variable(name))
      let (a, b) = (try #require(parts[0].variable(name)), try #require(parts[1].variable(name)))
      for i in mean.values.indices {
        let right = (3 * a.values[i] + b.values[i]) / 4
        // Three roundings; both wave vectors differ by a shift of all energies, and are computed together.
        #expect(
          abs(mean.values[i] - right)
            <= 1e-15 * (abs(a.values[i]) + abs(b.values[i])) + (mean.errors?[i] ?? 0) + (a.errors?[i] ?? 0) + (b.errors?[i] ?? 0),
          "\(name): \(mean.values[i]), \(right)")
        #expect((mean.errors?[i] ?? 1) <= 1e-10)
      }
    }
    #expect(whole.variable("status")?.values == [0])
  }

  @Test(
    "What cannot be averaged, or lacks wave vectors, is refused with its place",
    arguments: [
      ("k_points: {grid: [3]}", "", "k_points"), ("{grid: [3]}", "{grid: [3, 2]}", "components"),
      ("[transmission]", "[seebeck]", "no average over wave vectors"), ("{grid: [3]}", "{grid: [0]}", "counts from 1"),
      ("level: sharp", "rectification: {of: charge_current, over: V}", "rectification"),
      ("k_points: {grid: [3]}", "q_points: {grid: [3]}", "bosons alone"),
      ("k_points:", "sweep: {k1: [1, 2]}\nk_points:", "k1"),
      ("{R: [1], hamiltonian: [[-1.0]]}", "{R: [0], hamiltonian: [[-1.0]]}", "twice"),
    ])
  func refused(old: String, new: String, words: String) throws {
    let text = Self.square(words == "k1" ? "{grid: [3], resolved: true}" : "{grid: [3]}").replacing(old, with: new)
    let error = try #require(throws: FileError.self) { try ModelFile.read(text: text).run() }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test("With real matrices k and -k conduct alike, and one of them stands for both")
  func timeReversal() throws {
    let layer = """
      units: natural
      conductor: {blocks: [{R: [0, 0], hamiltonian: [[0.1, 0.4], [0.4, -0.2]], overlap: [[1, 0.1], [0.1, 1]]},
        {R: [1, 0], hamiltonian: [[0.2, 0.3], [-0.1, 0.15]]}, {R: [1, -1], hamiltonian: [[0.05, -0.1], [0.2, 0.1]]}]}
      electrodes:
        L: {kind: wide-band, broadening: [[0.3, 0.1], [0.1, 0.2]]}
        R: {kind: periodic, orbitals: [1], blocks: [{R: [0, 0], H00: [[0]], H01: [[-1]]}, {R: [0, 1], H00: [[0.2]], H01: [[0.1]]}]}
      k_points: {grid: [5, 4], shift: [0.5, 0]}
      state: {chemical_potential: {L: 0.6, R: -0.4}, temperature: {L: 0.1, R: 0.05}}
      compute: {observables: [charge_current, electrode_heat_current, transmission, charge_noise], energies: [0.3], tolerance: 1e-10}
      """
    let reduced = try ModelFile.read(text: layer)
    let whole = try ModelFile.read(text: layer.replacing("shift", with: "time_reversal: false, shift"))
    #expect(reduced.hiddenAxes.map(\.words) == ["20 k points, 11 by time reversal"])
    #expect(whole.hiddenAxes.map(\.words) == ["20 k points"])
    let (a, b) = (try reduced.run(), try whole.run())
    for variable in a.variables where variable.errors != nil {
      let twin = try #require(b.variable(variable.name))
      let largest = twin.values.map(abs).max() ?? 0
      // Sums of 20 numbers in another order, each known to 1e-10 of the gross flow and far better in fact.
      for (x, y) in zip(variable.values, twin.values) { #expect(abs(x - y) <= 1e-12 * largest, "\(variable.name): \(x), \(y)") }
    }
  }

  @Test(
    "What is complex, has three electrodes, bosons or is wanted by wave vector keeps k and -k",
    arguments: [
      ("hamiltonian: [[-1.0]]", "hamiltonian: [[-1.0+0.2i]]"), ("H01: [[-1.0]]}, {R: [1], H00: [[-1.0]]}", "H01: [[-1.0i]]}"),
      ("k_points:", "  C: {kind: wide-band, orbitals: [0], broadening: 0.1}\nk_points:"),
      ("{grid: [8]}", "{grid: [8], resolved: true}"),
    ])
  func notReduced(old: String, new: String) throws {
    let text = Self.square("{grid: [8]}").replacing(old, with: new).replacing(
      "L: 0.3,", with: new.contains("C:") ? "C: 0, L: 0.3," : "L: 0.3,")
    #expect(try ModelFile.read(text: Self.square("{grid: [8]}")).hiddenAxes.map(\.words) == ["8 k points, 5 by time reversal"])
    #expect(try ModelFile.read(text: text).hiddenAxes.map(\.words) == ["8 k points"])
  }

  @Test("Numbers of single wave vectors come along by their components, and their mean is the average")
  func resolved() throws {
    let text = Self.square("{grid: [8], shift: [0.5], resolved: true}", observables: "[transmission, charge_current]")
    let result = try ModelFile.read(text: text).run()
    let (mean, all) = (try #require(result.variable("transmission")), try #require(result.variable("transmission_resolved")))
    #expect(
      all.dimensions == ["electrode", "electrode2", "energy", "k1"] && mean.dimensions == ["electrode", "electrode2", "energy"])
    #expect(result.dimension("k1")?.numbers == (0..<8).map { (Double($0) + 0.5) / 8 })
    for i in mean.values.indices {
      let sum = all.values[(8 * i)..<(8 * i + 8)].reduce(0, +)
      #expect(abs(sum / 8 - mean.values[i]) <= 4e-15 * abs(mean.values[i]))
    }
    let current = try #require(result.variable("charge_current_resolved"))
    #expect(current.dimensions == ["electrode", "k1"])
    try withTemporaryFolder { folder in
      try ResultFile.write(result, to: folder + "/result.nc")
      let read = try ResultFile.read(from: folder + "/result.nc")
      #expect(read.variable("transmission_resolved")?.values == all.values && read.dimension("k1") == result.dimension("k1"))
    }
  }
}
