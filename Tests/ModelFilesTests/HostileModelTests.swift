import Testing

@testable import DataFiles
@testable import ModelFiles

/// Models and arrays that once ended the process or kept it busy: small ones, as a fuzzer or a slip makes them.
@Suite("Hostile models")
struct HostileModelTests {
  private static let smallest = "-9223372036854775808"

  @Test("the smallest whole number is no lattice vector of a model")
  func latticeVectorOfModel() {
    let text = """
      conductor:
        blocks:
          - {R: [0], hamiltonian: [[0]]}
          - {R: [\(Self.smallest)], hamiltonian: [[1]]}
      electrodes:
        L: {kind: wide-band, orbitals: [0], broadening: 0.1}
        R: {kind: wide-band, orbitals: [0], broadening: 0.1}
      k_points: {grid: [3]}
      state: {chemical_potential: 0, temperature: 300}
      """
    let error = failure(text)
    #expect(error?.code == .outOfRange && error?.line == 4, "\(String(describing: error))")
  }

  @Test("nor is it one of a data file, where a thousand blocks of one lattice vector are found at once, too")
  func latticeVectorOfData() {
    let text = """
      conductor: {file: memory}
      electrodes:
        L: {kind: wide-band, orbitals: [0], broadening: 0.1}
        R: {kind: wide-band, orbitals: [0], broadening: 0.1}
      k_points: {grid: [3]}
      state: {chemical_potential: 0, temperature: 300}
      """
    for (vectors, found) in [
      ([0, Double(Int.min)], "-9.223372036854776e+18"), ([0, 2e9], "2000000000.0"), ([1, 1], "R = [1] twice"),
    ] {
      let arrays = [
        NamedArray("hamiltonian", shape: [2, 1, 1], values: [0, 1]),
        NamedArray("hamiltonian_lattice_vector", shape: [2, 1], values: vectors),
      ]
      let error = #expect(throws: FileError.self) { try ModelFile.read(text: text, arrays: arrays) }
      #expect(error?.found == found && error?.keyPath == ["hamiltonian_lattice_vector"], "\(String(describing: error))")
    }
  }
}
