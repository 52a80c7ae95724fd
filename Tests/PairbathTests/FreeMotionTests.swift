import Pairbath
import Testing

@Suite("Free motions and far fields")
struct FreeMotionTests {
  private static func heat(_ matrix: String, _ rule: String) throws -> Double {
    let text = """
      bosons:
        dynamical_matrix: \(matrix)
        \(rule)
      baths: {a: {kind: ohmic, coordinates: [0], friction: 1 meV}, b: {kind: ohmic, coordinates: [2], friction: 1 meV}}
      state: {temperature: {a: 310 K, b: 300 K}}
      compute: {observables: [bath_energy_current], tolerance: 1e-7}
      """
    let result = try ModelFile.read(text: text).run(workers: 1)
    return try #require(result.variable("bath_energy_current")?.values.last)
  }

  @Test("the sum rule gives the heat of the molecule without rounding, project_out a ninth of it")
  func trimer() throws {
    // Springs k between masses m, M, m: K00 = k/m, K01 = -k/sqrt(m M), K11 = 2 k/M, with the ratio r = sqrt(M/m).
    let (ratio, coupling) = (0.86642, 0.029009)
    let exact = try Self.heat(
      "[[\(coupling * ratio), \(-coupling), 0], [\(-coupling), \(2 * coupling / ratio), \(-coupling)], [0, \(-coupling), \(coupling * ratio)]]",
      "")
    let rounded = "[[0.025134, -0.029009, 0.0], [-0.029009, 0.066962, -0.029009], [0.0, -0.029009, 0.025134]]"
    #expect(throws: FileError.self) { try Self.heat(rounded, "") }
    let mended = try Self.heat(rounded, "sum_rule: 1")
    #expect(abs(mended / exact - 1) < 1e-4, "\(mended), \(exact)")
    let held = try Self.heat(rounded, "project_out: [0]")
    #expect(abs(exact / held - 9.2) < 0.1, "\(held)")
  }

  @Test("a gap without end in a sweep is the far field")
  func farField() throws {
    func fluxes(_ gap: String) throws -> [Double] {
      let text = """
        bodies: {a: {kind: half-space, material: Au}, b: {kind: half-space, material: SiC}}
        state: {temperature: {a: 400 K, b: 300 K}, gap: \(gap.hasPrefix("[") ? "d" : gap)}
        \(gap.hasPrefix("[") ? "sweep: {d: \(gap)}" : "")
        compute: {observables: [energy_flux], tolerance: 1e-5}
        """
      return try #require(try ModelFile.read(text: text).run(workers: 1).variable("energy_flux")?.values)
    }
    let sweep = try fluxes("[1 um, infinite]")
    #expect(sweep == [try fluxes("1 um")[0], try fluxes("infinite")[0]])
  }
}
