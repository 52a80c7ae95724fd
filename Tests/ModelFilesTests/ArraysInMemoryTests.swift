import DataFiles
import DenseMatrices
import PairbathTestSupport
import SystemFiles
import Testing

@testable import ModelFiles

@Suite("Models with arrays in memory")
struct ArraysInMemoryTests {
  private static let text = """
    units: natural
    conductor: {file: memory}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, file: memory}
    bosons: {file: memory}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {file: memory}
    state: {chemical_potential: {L: V, R: 0}, temperature: 1}
    sweep: {V: {array: axis_V}}
    """

  private static let arrays = [
    NamedArray("hamiltonian", shape: [2, 2], values: [0.5, 0.1, 0.1, -0.5]),
    NamedArray("hamiltonian_imag", shape: [2, 2], values: [0, 0.2, -0.2, 0]),
    NamedArray("electrode_R_broadening", shape: [2, 2], values: [0, 0, 0, 0.5]),
    NamedArray("mode_energy", shape: [1], values: [1]),
    NamedArray("coupling", shape: [1, 2, 2], values: [0, 0.5, 0.5, 0], attributes: ["convention": "dimensionless"]),
    NamedArray("axis_V", shape: [3], values: [-0.1, 0.025, 0.3]),
  ]

  /// The same model with everything written out.
  private static let written = """
    units: natural
    conductor: {hamiltonian: [[0.5, 0.1+0.2i], [0.1-0.2i, -0.5]]}
    electrodes:
      L: {kind: wide-band, orbitals: [0], broadening: 0.5}
      R: {kind: wide-band, broadening: [[0, 0], [0, 0.5]]}
    bosons: {modes: [1]}
    baths: {ph: {kind: ohmic, friction: 0.02}}
    coupling: {convention: dimensionless, matrices: [[[0, 0.5], [0.5, 0]]]}
    state: {chemical_potential: {L: V, R: 0}, temperature: 1}
    sweep: {V: [-0.1, 0.025, 0.3]}
    """

  private func junction(_ model: ModelFile) throws -> ModelDocument {
    guard case .junction(let document) = model else { throw FileError(.invalidModel, in: "", found: "no junction") }
    return document
  }

  @Test("are the models with the same numbers in their text")
  func same() throws {
    let memory = try junction(ModelFile.read(text: Self.text, arrays: Self.arrays))
    let text = try junction(ModelFile.read(text: Self.written))
    #expect(memory.junction.conductor == text.junction.conductor)
    #expect(memory.junction.electrodes == text.junction.electrodes)
    #expect(memory.junction.coupling == text.junction.coupling)
    #expect(memory.axes == text.axes)
    #expect(memory.points == text.points)
  }

  @Test("have a hash that any change of a number changes, and is no file that an output must spare")
  func hashes() throws {
    let model = try ModelFile.read(text: Self.text, arrays: Self.arrays)
    let line = try #require(try model.header.inputHashes().first)
    #expect(line.hasSuffix("  memory"))
    var changed = Self.arrays
    changed[0] = NamedArray("hamiltonian", shape: [2, 2], values: [(0.5 as Double).nextUp, 0.1, 0.1, -0.5])
    #expect(try ModelFile.read(text: Self.text, arrays: changed).header.inputHashes() != [line])
    #expect(model.inputs.name(of: "memory") == nil)
  }

  @Test("are saved as a model file and a data file that say the same")
  func saved() throws {
    try withTemporaryFolder { folder in
      let parsed = try ParsedModel(Self.text, named: "memory.yaml", folder: ".")
      try parsed.save(in: folder, arrays: Self.arrays, overrides: ["baths.ph.friction=0.03"])
      let saved = try junction(ModelFile.read(file: folder + "/model.yaml"))
      let memory = try junction(parsed.model(arrays: Self.arrays, overrides: ["baths.ph.friction=0.03"]))
      #expect(saved.junction.conductor == memory.junction.conductor)
      #expect(saved.junction.electrodes == memory.junction.electrodes)
      #expect(saved.junction.baths == memory.junction.baths)
      #expect(saved.axes == memory.axes)
    }
  }

  @Test("name an array that is missing, of another shape, or not finite")
  func faults() throws {
    func error(_ arrays: [NamedArray], _ text: String = Self.text) -> String {
      do throws(FileError) {
        _ = try ModelFile.read(text: text, arrays: arrays)
        return ""
      } catch { return error.description }
    }
    #expect(error(Self.arrays.filter { $0.name != "mode_energy" }).contains("mode_energy"))
    var wrong = Self.arrays
    wrong[0] = NamedArray("hamiltonian", shape: [4], values: [1, 2, 3, 4])
    #expect(error(wrong).contains("memory: hamiltonian: found 1 dimensions"))
    wrong[0] = NamedArray("hamiltonian", shape: [2, 2], values: [0, .nan, 0, 0])
    #expect(error(wrong).contains("nan at index (0, 1)"))
    wrong = Self.arrays
    wrong[5] = NamedArray("axis_V", shape: [1, 3], values: [1, 2, 3])
    #expect(error(wrong).contains("one dimension"))
    wrong[5] = NamedArray("axis_W", shape: [3], values: [1, 2, 3])
    #expect(error(wrong).contains("axis_W"))
    // Without arrays the word is a file like any other.
    #expect(error([], Self.text.replacing("{array: axis_V}", with: "[0]")).contains("memory"))
  }

  @Test("a parsed model is read with changes as if its text were parsed again")
  func parsed() throws {
    let parsed = try ParsedModel(Self.written, named: "model.yaml", folder: ".")
    let changed = try parsed.model(overrides: ["V=0.7", "compute.tolerance=1e-6"], tolerance: 1e-5)
    let again = try ModelFile.read(text: Self.written, overrides: ["V=0.7", "compute.tolerance=1e-6"], tolerance: 1e-5)
    #expect(changed.header.text == again.header.text)
    #expect(try junction(changed).points == junction(again).points)
  }
}
