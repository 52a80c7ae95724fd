import Testing

@testable import DataFiles

@Suite("Faulty bosons and baths")
struct BosonFaultTests {
  /// The chain of coordinates with one piece replaced.
  private func expect(
    _ old: String, _ new: String, _ code: FileError.Code, at piece: String, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectFailure(edited(phononChain, old, new), code, at: piece, mentions: words, sourceLocation: sourceLocation)
  }

  @Test("exactly one way to give the bosons, and its keys")
  func forms() {
    let chain = "chain: {sites: 3, spring: 0.25}"
    expect(chain, chain + "\n  modes: [1]", .invalidModel, at: "modes", "chain and modes together")
    expect(chain, "project_out: [0]", .missingKey, at: "bosons", "exactly one of modes, dynamical_matrix, chain, file")
    expect(chain, "modes: [1, 1, 1]\n  project_out: [0]", .unknownKey, at: "project_out", "leave the modes out of the list")
    expect("sites: 3", "sites: 0", .outOfRange, at: "0,", "0 sites")
    expect("sites: 3, spring: 0.25", "sites: 3", .missingKey, at: "{sites", "'spring'")
    expect("sites: 3, spring: 0.25", "sites: 3, spring: -1", .invalidModel, at: "-1}", "bosons.chain.spring", "a positive number")
    expect("sites: 3, spring: 0.25", "sites: 3, spring: 1, onsite: -1", .invalidModel, at: "bosons", "1 imaginary mode")
    expect(chain, chain + "\n  project_out: [3]", .invalidModel, at: "3]", "mode 3", "0 to 2")
  }

  @Test("a dynamical matrix that is not symmetric, and one with imaginary modes, which are named")
  func dynamicalMatrix() {
    let chain = "chain: {sites: 3, spring: 0.25}"
    expect(
      chain, "dynamical_matrix: [[1, 0.5, 0], [0.25, 1, 0], [0, 0, 1]]", .invalidModel, at: "[[1, 0.5",
      "bosons.dynamical_matrix", "= 0.25", "a symmetric matrix")
    expect(
      chain, "dynamical_matrix: [[1, 0, 0], [0, -0.04, 0], [0, 0, 1]]", .invalidModel, at: "[[1, 0, 0]",
      "1 imaginary mode: 0 (W = 0.2i)", "bosons.project_out: [0]")
    expect(chain, "dynamical_matrix: [[1, 0]]", .invalidModel, at: "[[1, 0]]", "shape (1, 2)")
    let units = edited(electronsAndMatrix, "[[0.02,", "[[0.02 eV,")
    expectFailure(units, .wrongType, at: "0.02 eV", mentions: ["an energy (eV)", "a number in eV^2, or with a unit such as"])
  }

  @Test("a bath on a coordinate that does not exist learns how many there are")
  func missingCoordinate() {
    expect(
      "coordinates: [2]", "coordinates: [3]", .invalidModel, at: "3], spring", "baths.cold.coordinates.0", "coordinate 3",
      "there are 3 coordinates")
  }

  @Test("numbers and keys of the kinds of baths")
  func kinds() {
    expect("coordinates: [0], ", "", .invalidModel, at: "{kind: chain, spring", "3 coordinates", "exactly one for a chain")
    expect("onsite: 0.04", "onsite: -0.04", .invalidModel, at: "-0.04", "baths.cold.onsite")
    expect("onsite: 0.04", "on_site: 0.04", .unknownKey, at: "on_site", "did you mean 'onsite'")
    expect("{kind: chain, coordinates: [0], spring: 0.25}", "{friction: 1}", .missingKey, at: "{friction", "the key 'kind'")
    expect("{kind: chain, coordinates: [0], spring: 0.25}", "ohmic", .wrongType, at: "ohmic", "a mapping with the key kind")
    expect(
      "{kind: chain, coordinates: [0], spring: 0.25}", "{kind: drude, friction: 1, cutoff: 0}", .invalidModel, at: "0}",
      "baths.hot.cutoff", "a positive energy")
    expect(
      "{kind: chain, coordinates: [0], spring: 0.25}", "{kind: periodic, K00: [[1]]}", .missingKey, at: "{kind: periodic", "'K01'"
    )
    expect(
      "{kind: chain, coordinates: [0], spring: 0.25}", "{kind: table, friction: 1}", .unknownKey, at: "friction",
      "kind, coordinates, file")
  }

  @Test("a conductor needs electrodes and electrodes a conductor; without both there must be bosons and baths")
  func electrons() {
    expect("bosons:", "conductor: {energies: [0]}\nbosons:", .missingKey, at: "units", "'electrodes'")
    expect(
      "bosons:", "electrodes: {L: {kind: wide-band, orbitals: [0], broadening: 1}}\nbosons:", .missingKey, at: "units",
      "'conductor'")
    expect("bosons:", "coupling: {convention: dimensionless, matrices: []}\nbosons:", .unknownKey, at: "coupling", "no electrons")
    let bare = failure("units: natural\nbosons: {modes: [1]}\nstate: {temperature: 1}\n")
    #expect(bare?.code == .missingKey && bare?.hint.contains("bosons and baths") == true)
  }

  @Test("states of bosons alone: temperatures of all baths, chemical potentials by name only")
  func states() {
    expect(", cold: 1.0}", "}", .missingKey, at: "{hot: 1 + dT", "add 'cold'", "one value for each bath: hot, cold")
    expect("state:\n", "state:\n  chemical_potential: 0.125\n", .invalidModel, at: "0.125", "there are none", "name the bath")
    expect("state:\n", "state:\n  chemical_potential: {warm: 0}\n", .unknownKey, at: "warm", "values for the baths: hot, cold")
    let both = edited(electronsAndMatrix, "chemical_potential: 0", "chemical_potential: {L: 0, ph: -1 meV}")
    expectFailure(both, .missingKey, at: "{L: 0, ph", mentions: ["add 'R'"])
  }
}
