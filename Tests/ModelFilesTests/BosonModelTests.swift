import ComplexModule
import DenseMatrices
import JunctionModel
import Testing

@testable import DataFiles
@testable import ModelFiles

/// A chain of three coordinates between two heat baths: no electrons at all.
let phononChain = """
  units: natural
  bosons:
    chain: {sites: 3, spring: 0.25}
  baths:
    hot: {kind: chain, coordinates: [0], spring: 0.25}
    cold: {kind: chain, coordinates: [2], spring: 0.25, onsite: 0.04, coupling: 0.2}
  state:
    temperature: {hot: 1 + dT, cold: 1.0}
  sweep:
    dT: [0.0, 0.5]
  """

/// The double dot with one electron and two coordinates joined by a spring.
let electronsAndMatrix = """
  conductor: {energies: [0.1, -0.1]}
  electrodes:
    L: {kind: wide-band, orbitals: [0], broadening: 50 meV}
    R: {kind: wide-band, orbitals: [1], broadening: 0.05}
  bosons:
    dynamical_matrix: [[0.02, -0.01], [-0.01, 0.02]]
  baths:
    ph: {kind: drude, friction: 1 meV, cutoff: 0.1}
  coupling:
    convention: mass-weighted
    matrices: [[[0.001, 0], [0, 0]], [[0, 0], [0, 0.001]]]
  state:
    chemical_potential: 0
    temperature: 300
  compute: {level: dressed, renormalization: dynamic, cross_check: true, observables: [renormalized_energy, friction]}
  """

@Suite("Models with bosons in full")
struct BosonModelTests {
  @Test("bosons alone need neither conductor nor electrodes nor chemical potentials")
  func bosonsAlone() throws {
    let model = try ModelDocument.read(text: phononChain)
    #expect(model.junction.conductor.isEmpty && model.junction.electrodes.isEmpty && model.junction.coupling.matrices.isEmpty)
    #expect(model.junction.bosons == (try .chain(sites: 3, spring: 0.25)))
    #expect(
      model.junction.baths == [
        BosonBath("hot", .chain(HarmonicChainLead(spring: 0.25)), coordinates: [0]),
        BosonBath("cold", .chain(HarmonicChainLead(spring: 0.25, onsite: 0.04, coupling: 0.2)), coordinates: [2]),
      ])
    #expect(model.settings.observables == [.bathEnergyCurrent])
    #expect(model.points.count == 2 && model.points.chemicalPotentials.isEmpty && model.points.bathChemicalPotentials.isEmpty)
    #expect(model.points[1].bathTemperatures == [1.5, 1])
  }

  @Test("a dynamical matrix, a Drude bath and level dressed are read as written")
  func electronsAndBosons() throws {
    let model = try ModelDocument.read(text: electronsAndMatrix)
    #expect(model.junction.bosons.dynamicalMatrix == Matrix(real: [[0.02, -0.01], [-0.01, 0.02]]))
    #expect(model.junction.baths == [BosonBath("ph", .drude(friction: 0.001, cutoff: 0.1), coordinates: [0, 1])])
    #expect(model.junction.coupling.matrices.count == 2)
    #expect(model.settings.level == .dressed && model.settings.renormalization == .dynamic && model.settings.crossCheck)
    #expect(model.settings.observables == [.renormalizedEnergy, .friction])
    let plain = try ModelDocument.read(text: edited(electronsAndMatrix, "renormalization: dynamic, cross_check: true, ", ""))
    #expect(plain.settings.renormalization == .full && !plain.settings.crossCheck)
  }

  @Test("couplings are one per coordinate when mass-weighted, one per mode when dimensionless")
  func couplings() throws {
    let one = edited(electronsAndMatrix, "[[0.02, -0.01], [-0.01, 0.02]]", "[[0.02, -0.01], [-0.01, 0.02]]\n  project_out: [0]")
    let model = try ModelDocument.read(text: one)
    #expect(model.junction.bosons.count == 1 && model.junction.bosons.projectedOut == [0])
    let perMode = edited(
      edited(one, "convention: mass-weighted", "convention: dimensionless"), "[[[0.001, 0], [0, 0]], [[0, 0], [0, 0.001]]]",
      "[[[0.001, 0], [0, 0]]]")
    #expect(try ModelDocument.read(text: perMode).junction.coupling.matrices.count == 1)
    let tooFew = edited(one, "[[[0.001, 0], [0, 0]], [[0, 0], [0, 0.001]]]", "[[[0.001, 0], [0, 0]]]")
    expectFailure(tooFew, .invalidModel, at: "[[[0.001", mentions: ["1 matrices", "one per coordinate, 2"])
  }

  @Test("a periodic bath is read inline, with and without a coupling of its own")
  func periodicBath() throws {
    let text = edited(
      phononChain, "{kind: chain, coordinates: [0], spring: 0.25}",
      "{kind: periodic, coordinates: [0], K00: [[0.5, -0.25], [-0.25, 0.5]], K01: [[0, 0], [-0.25, 0]], coupling: [[-0.25, 0]]}")
    guard case .periodic(let lead) = try ModelDocument.read(text: text).junction.baths[0].kind else {
      Issue.record("no periodic bath")
      return
    }
    #expect(lead.k00 == Matrix(real: [[0.5, -0.25], [-0.25, 0.5]]) && lead.k01[1, 0] == Scalar(-0.25, 0))
    #expect(lead.coupling == Matrix(real: [[-0.25, 0]]))
    let narrow = edited(text, ", coupling: [[-0.25, 0]]", "")
    expectFailure(narrow, .invalidModel, at: "[0], K00", mentions: ["1 coordinates", "2, as in a cell"])
  }

  @Test("boson baths named under chemical_potential get one, the others stay at zero")
  func bathPotentials() throws {
    let text = edited(phononChain, "state:", "state:\n  chemical_potential: {cold: -0.1 + dT/10}")
    let points = try ModelDocument.read(text: text).points
    #expect(points.bathChemicalPotentials == [[0, 0], [-0.1, -0.05]])
    #expect(points[1].bathChemicalPotentials == [0, -0.05])
    let mixed = edited(electronsAndMatrix, "chemical_potential: 0", "chemical_potential: {L: 0.1, R: -0.1, ph: -5 meV}")
    let model = try ModelDocument.read(text: mixed)
    #expect(model.points[0].chemicalPotentials == [0.1, -0.1] && model.points[0].bathChemicalPotentials == [-0.005])
    #expect(try ModelDocument.read(text: electronsAndMatrix).points.bathChemicalPotentials.isEmpty)
  }

  @Test("the limit of condensation is the band's bottom, at level sharp the lowest mode the bath touches")
  func condensationLimits() throws {
    let gapped = edited(phononChain, "state:", "state:\n  chemical_potential: {cold: 0.19}")
    let landauer = gapped + "\ncompute: {level: landauer}"
    #expect(throws: Never.self) { try ModelDocument.read(text: landauer) }
    expectFailure(
      edited(landauer, "0.19", "0.200"), .outOfRange, at: "0.200",
      mentions: ["state.chemical_potential.cold", "0.2 of the bosons of 'cold' at dT = 0.0", "condense", "energies below 0.2"])
    let sharp = gapped + "\ncompute: {level: sharp}"
    // The lowest mode of the chain of three is at 2 sqrt(0.25) sin(pi/8) = 0.3827.
    #expect(throws: Never.self) { try ModelDocument.read(text: edited(sharp, "0.19", "0.38")) }
    expectFailure(edited(sharp, "0.19", "0.39"), .outOfRange, at: "0.39", mentions: ["the lowest mode the bath touches"])
    let ohmic = edited(
      landauer, "{kind: chain, coordinates: [2], spring: 0.25, onsite: 0.04, coupling: 0.2}", "{kind: ohmic, friction: 1}")
    expectFailure(edited(ohmic, "0.19", "1e-9"), .outOfRange, at: "1e-9", mentions: ["0, or negative energies"])
    #expect(throws: Never.self) { try ModelDocument.read(text: edited(ohmic, "0.19", "0")) }
  }

  @Test("condensation is reported with the state where it happens")
  func condensationState() {
    let text = edited(phononChain, "state:", "state:\n  chemical_potential: {hot: dT - 0.05}") + "\ncompute: {level: landauer}"
    expectFailure(text, .outOfRange, at: "dT - 0.05", mentions: ["0.45", "at dT = 0.5", "'hot'"])
  }

  @Test("the state at any values of the sweep variables is that of a sweep through them")
  func pointsBetween() throws {
    let model = try ModelDocument.read(text: doubleDot)
    #expect(try model.point(at: [3, -0.5]) == model.points[18])
    let between = try model.point(at: [0.3, 0.25])
    #expect(between.chemicalPotentials == [10.15, 9.85] && between.temperatures == [1.125, 1.125])
    #expect(between.bathTemperatures == [0.875])
    let kelvin = try ModelDocument.read(text: edited(singleLevel, "temperature: 300", "temperature: T\nsweep: {T: [4, 300]}"))
    #expect(try kelvin.point(at: [100]).temperatures[0] == 100 * PhysicalConstants.boltzmannInElectronVolts)
    #expect(try ModelDocument.read(text: singleLevel).point(at: []) == ModelDocument.read(text: singleLevel).points[0])
    #expect(throws: FileError.self) { try model.point(at: [0, 3]) }  // T - dT/2 < 0
    let supplied = edited(phononChain, "state:", "state:\n  chemical_potential: {cold: -dT}")
    #expect(try ModelDocument.read(text: supplied).point(at: [0.125]).bathChemicalPotentials == [0, -0.125])
  }
}
