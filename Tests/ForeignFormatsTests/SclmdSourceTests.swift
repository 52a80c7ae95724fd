import DataFiles
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import RealModule
import Testing

@Suite("sclmd's wide-band files")
struct SclmdSourceTests {
  private static func write(_ path: String, asymmetric: Bool = false) throws {
    let file = try NetCDFFile(creating: path)
    try file.defineDimension("NPh", length: 2)
    try file.defineVariable("hw", over: ["NPh"])
    for name in ["eta", "xip", "xim", "zeta1", "zeta2"] { try file.defineVariable(name, over: ["NPh", "NPh"]) }
    try file.write([0.15, 0.06], to: "hw")
    try file.write([3e-4, 1e-5, asymmetric ? 2e-5 : 1e-5, 2e-4], to: "eta")
    try file.write([1e-4, 2e-6, 2e-6, 5e-5], to: "xip")
    try file.write([0, 3e-6, -3e-6, 0], to: "xim")
    try file.write([1e-6, 0, 0, 2e-6], to: "zeta1")
    try file.write([0, 4e-6, -4e-6, 0], to: "zeta2")
    try file.close()
  }

  @Test("Occupations against the bias are n_B + [(w+V)(n(w+V)-n(w)) + (w-V)(n(w-V)-n(w))] x_p/(2 w eta), with sclmd's k_B")
  func occupations() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder + "/Lambda.nc")
      let imported = try ImportFormats.read("sclmd", ImportRequest(files: [folder + "/Lambda.nc"]))
      try ImportFolder(folder + "/out", force: false).write(imported) { (_) throws(FileError) in }
      let result = try ModelFile.read(file: folder + "/out/model.yaml").run()
      let population = try #require(result.variable("mode_population")).values
      let t = 4.2 * 8.6173423e-5
      func times(_ x: Double) -> Double { x == 0 ? t : x / Double.expMinusOne(x / t) }
      for (k, (w, ratio)) in [(0.15, 1e-4 / 3e-4), (0.06, 5e-5 / 2e-4)].enumerated() {
        for i in 0..<400 {
          let v = Double(i) / 400
          let n = 1 / Double.expMinusOne(w / t)
          let expected = n + (times(w + v) - (w + v) * n + times(w - v) - (w - v) * n) * ratio / (2 * w)
          // Rounding of w - V over T.
          #expect(abs(population[k * 400 + i] - expected) <= 1e-12 * expected + 1e-15, "mode \(k), V = \(v)")
        }
      }
    }
  }

  @Test("A friction matrix that is not symmetric is an error with its elements")
  func asymmetric() throws {
    try withTemporaryFolder { folder in
      try Self.write(folder + "/Lambda.nc", asymmetric: true)
      let error = #expect(throws: FileError.self) {
        try ImportFormats.read("sclmd", ImportRequest(files: [folder + "/Lambda.nc"]))
      }
      #expect(error?.keyPath == ["eta"] && error?.found.contains("(0, 1)") == true)
    }
  }
}
