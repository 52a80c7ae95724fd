import Pairbath
import TestKinds
import Testing

@Suite("Reference numbers in the data files", .tags(.golden))
struct TransmissionReferenceTests {
  @Test(
    "the transmission written into a data file by the program that made it is reproduced",
    arguments: [(Example.benzenedithiol, "au_bdt_au.nc"), (.sodiumHydrogen, "na2_h2_na2.nc")])
  func transmission(example: Example, file: String) throws {
    let data = try NetCDFFile(reading: example.path(of: file))
    let energies = try #require(try data.numbers(attribute: "transmission_energy_eV"))
    let references = try #require(try data.numbers(attribute: "transmission_reference"))
    try data.close()
    #expect(energies.count == references.count && !energies.isEmpty)
    let list = energies.map { "\($0)" }.joined(separator: ", ")
    let model = try example.model(["compute.observables=[transmission]", "compute.energies=[\(list)]", "V=0.0"])
    let result = try Example.run(model)
    #expect(result.energies == energies)
    let variable = try #require(result.variable("transmission"))
    let view = try #require(VariableView(variable, in: result))
    for (i, reference) in references.enumerated() {
      for pair in [["electrode": 0, "electrode2": 1], ["electrode": 1, "electrode2": 0]] {
        let value = view.value(pair.merging(["energy": i]) { a, _ in a })
        // 15 digits are written; the condition of H - ES (overlap of diffuse orbitals) costs some.
        #expect(abs(value / reference - 1) < 1e-9, "E = \(energies[i]) eV: \(value), reference \(reference)")
      }
    }
  }
}
