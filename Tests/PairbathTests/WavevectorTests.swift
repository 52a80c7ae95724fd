import Pairbath
import RealModule
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
        // Three roundings.
        #expect(
          abs(mean.values[i] - right) <= 1e-15 * (abs(a.values[i]) + abs(b.values[i])), "\(name): \(mean.values[i]), \(right)")
      }
    }
    #expect(whole.variable("status")?.values == [0])
  }

  @Test(
    "What cannot be averaged, or lacks wave vectors, is refused with its place",
    arguments: [
      ("k_points: {grid: [3]}", "", "k_points"), ("{grid: [3]}", "{grid: [3, 2]}", "components"),
      ("[transmission]", "[seebeck]", "no average over wave vectors"), ("{grid: [3]}", "{grid: [0]}", "counts from 1"),
      (
        "state:",
        "bosons: {modes: [1]}\nbaths: {p: {kind: ohmic, friction: 1}}\ncoupling: {convention: dimensionless, matrices: [[[1]]]}\nstate:",
        "bosons"
      ),
      ("{R: [1], hamiltonian: [[-1.0]]}", "{R: [0], hamiltonian: [[-1.0]]}", "twice"),
    ])
  func refused(old: String, new: String, words: String) throws {
    let text = Self.square("{grid: [3]}").replacing(old, with: new)
    let error = try #require(throws: FileError.self) { try ModelFile.read(text: text).run() }
    #expect(error.description.contains(words), "\(error)")
  }
}
