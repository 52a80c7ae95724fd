import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Optical tables as bodies")
struct OpticalSourceTests {
  private static func imported(_ text: String, _ check: (ImportedModel, String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try text.write(to: folder + "/Glass.yml")
      let imported = try ImportFormats.read("optical", ImportRequest(files: [folder + "/Glass.yml"]))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      try check(imported, folder + "/out/model.yaml")
    }
  }

  @Test("a table over all of the thermal spectrum gives the flux between grey half-spaces of normal reflection")
  func wide() throws {
    let rows: [String] = (0...200).map { (step: Int) -> String in
      let share: Double = Double(200 - step) / 200
      let wavelength: Double = 0.2 * pow(1e4, share)
      return "        \(wavelength) 2.0 0.1"
    }
    try Self.imported("DATA:\n  - type: tabulated nk\n    data: |\n" + rows.joined(separator: "\n") + "\n") { imported, model in
      #expect(imported.leftOut.isEmpty && imported.model.contains("d: [1 um, infinite]"))
      let result = try ModelFile.read(file: model, overrides: ["sweep.d=[infinite]", "compute.tolerance=1e-4"]).run()
      let flux = try #require(result.variable("energy_flux")).values[0]
      let difference: Double = pow(400.0, 4) - pow(300.0, 4)
      let blackBody: Double = 5.670374419e-8 * difference
      // Between 1/(2/e - 1) with the emissivity at normal incidence, e = 1 - |(n - 1)/(n + 1)|^2 = 0.888, and that of the averaged one,
      // some per cent lower.
      #expect(flux < 0.80 * blackBody && flux > 0.70 * blackBody, "\(flux / blackBody)")
    }
  }

  @Test("what a table does not cover is told, and stands in the error of the flux")
  func narrow() throws {
    try Self.imported("DATA:\n  - type: tabulated nk\n    data: |\n        2.0 2.0 0.1\n        15.0 2.0 0.1\n") {
      imported, model in
      #expect(imported.leftOut.contains { $0.contains("does not cover") })
      let result = try ModelFile.read(file: model).run()
      let (flux, error) = (
        try #require(result.variable("energy_flux")).values[0], try #require(result.variable("energy_flux")?.errors)[0]
      )
      #expect(error > 0.005 * flux && error < flux, "\(flux) \(error)")
    }
  }

  @Test("a file of another name and a gain are no material")
  func faults() {
    #expect(throws: FileError.self) { try ImportFormats.read("optical", ImportRequest(files: ["table.txt"])) }
    let error = #expect(throws: FileError.self) {
      try Self.imported("DATA:\n  - type: tabulated nk\n    data: |\n        2.0 2.0 0.1\n        15.0 2.0 -0.1\n") { _, _ in }
    }
    #expect(error?.line == 5)
  }
}
