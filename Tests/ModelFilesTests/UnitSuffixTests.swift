import JunctionModel
import Testing

@testable import DataFiles
@testable import ModelFiles

@Suite("Units of numbers")
struct UnitSuffixTests {
  @Test(
    "energies in the units people use (NIST CODATA 2018)",
    arguments: [
      ("50 meV", 0.05), ("250 mV", 0.25), ("1 Ha", 27.211386245988), ("1 hartree", 27.211386245988), ("2 Ry", 27.211386245988),
      ("8065.543937 cm-1", 1.0), ("241.798924 THz", 1.0), ("1000 GHz", 0.004135667696), ("96.48533212 kJ/mol", 1.0),
      ("23.06054783 kcal/mol", 1.0), ("600 nm", 2.066403307), ("0.6 um", 2.066403307), ("6000 angstrom", 2.066403307),
      ("1.602176634e-19 J", 1.0),
    ])
  func energies(text: String, expected: Double) throws {
    let model = try ModelDocument.read(text: edited(singleLevel, "[0.1]", "[\(text)]"))
    let level = model.junction.conductor.hamiltonian[0, 0].rawStorage.x
    #expect(abs(level / expected - 1) < 1e-9, "\(level)")
  }

  @Test("wavelengths stand for energies in the state, in parameters, in a sweep and in a grid of energies too")
  func wavelengths() throws {
    let text =
      edited(singleLevel, "chemical_potential: 0", "chemical_potential: {L: lam, R: green}")
      + "\nparameters: {green: 500 nm}\nsweep: {lam: [400 nm, 1 um]}\n"
      + "compute: {observables: [transmission], energies: {from: 1 um, to: 500 nm, points: 3}}\n"
    let model = try ModelDocument.read(text: text)
    let hc = 1239.8419843320026
    #expect(model.axes[0].unit == "nm")
    for (found, expected) in [
      (model.points[0].chemicalPotentials[0], hc / 400), (model.points[1].chemicalPotentials[0], hc / 1000),
      (model.points[0].chemicalPotentials[1], hc / 500), (model.settings.energies[0], hc / 1000),
      (model.settings.energies[2], hc / 500),
    ] { #expect(abs(found / expected - 1) < 1e-12, "\(found), \(expected)") }
  }

  @Test("a wavelength of zero and a temperature in nanometres are refused")
  func refused() {
    expectFailure(
      edited(singleLevel, "[0.1]", "[0 nm]"), .outOfRange, at: "0 nm", mentions: ["a wavelength above zero"])
    expectFailure(
      edited(singleLevel, "temperature: 300", "temperature: 300 nm"), .badExpression, at: "300 nm", mentions: ["a length"])
  }

  @Test(
    "force constants over masses, times hbar^2",
    arguments: [
      // hbar^2 eV/(angstrom^2 u) = (15.633302 THz)^2, the factor of phonopy for VASP; 521.470918 cm-1 each.
      ("eV/angstrom^2/amu", 0.0646541498), ("eV/(angstrom^2 u)", 0.0646541498), ("eV/A**2/amu", 0.0646541498),
      // The factor of phonopy for Quantum ESPRESSO is 108.97077 THz, with its Ry/bohr^2/amu.
      ("Ry/bohr^2/amu", 0.4506651), ("Ha/bohr^2/amu", 0.6373367), ("cm-2", 1.239841984e-4), ("meV2", 1e-3),
      ("THz2", 4.135667696e-3),
      ("N/m/amu", 0.01615262),
    ])
  func springs(unit: String, energy: Double) throws {
    let factor = try #require(ForceConstantUnit.factor(of: unit))
    #expect(abs(factor.squareRoot() / energy - 1) < 1e-4, "\(factor.squareRoot())")
  }

  @Test("springs of a model carry their unit, or the matrix has one for all")
  func springKeys() throws {
    func model(_ bosons: String, _ spring: String) -> String {
      """
      bosons: \(bosons)
      baths: {a: {kind: chain, coordinates: [0], spring: \(spring)}, b: {kind: ohmic, coordinates: [1], friction: 1 meV}}
      state: {temperature: 300}
      """
    }
    let factor = try #require(ForceConstantUnit.factor(of: "eV/angstrom^2/amu"))
    let first = try ModelDocument.read(
      text: model("{dynamical_matrix: [[2, -1], [-1, 2]], unit: eV/angstrom^2/amu}", "1 eV/angstrom^2/amu"))
    let second = try ModelDocument.read(text: model("{chain: {sites: 2, spring: 1 eV/angstrom^2/amu}}", "\(factor)"))
    #expect(abs(first.junction.bosons.modeEnergies[0] - factor.squareRoot()) < 1e-15)
    #expect(
      first.junction.bosons.modeEnergies == second.junction.bosons.modeEnergies && first.junction.baths == second.junction.baths)
    expectFailure(
      model("{dynamical_matrix: [[2, -1], [-1, 2]], unit: eV/angstrom}", "1"), .outOfRange, at: "eV/angstrom}",
      mentions: ["Ry/bohr^2/amu"])
    expectFailure(model("{modes: [0.1, 0.2], unit: eV2}", "1"), .unknownKey, at: "unit", mentions: ["the key 'unit'"])
  }
}
