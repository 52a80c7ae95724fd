import JunctionModel
import RadiativeTransfer
import RealModule
import TestKinds
import Testing

@Suite("Material")
struct MaterialTests {
  static func code(_ work: () throws -> Void) -> (ModelError.Code, [String])? {
    do { try work() } catch let error as ModelError { return (error.code, error.path) } catch { return nil }
    return nil
  }

  @Test(
    "built-in materials absorb, and their interband share is one number between 0 and 1", .tags(.law),
    arguments: Material.builtInNames)
  func passive(_ name: String) throws {
    let material = try #require(Material.builtIn(name))
    for i in 0...400 {
      let w = 1e-5 * Double.exp(Double(i) * Double.log(1e6) / 400)
      #expect(material.permittivity(at: w).imaginary >= 0)
      let share = material.interbandFraction(at: w)
      #expect(share >= 0 && share <= 1)
      if let gap = material.interbandGap, w < gap { #expect(share == 0) }
    }
    #expect(Material.builtIn("unobtainium") == nil)
  }

  @Test("the direct gap obeys Kramers and Kronig", .tags(.law))
  func kramersKronig() throws {
    // eps(0) - 1 = (2/pi) int Im eps/w dw; Im eps = A (w - E)^{1/2}/w^2 gives A E^{-3/2}/4.
    let (gap, amplitude) = (0.36, 0.61)
    let material = try Material(
      "gap",
      [DielectricPart("background", .constant(real: 1)), DielectricPart("edge", .criticalPoint(gap: gap, amplitude: amplitude))])
    // w = E (1 + x^2/(1 - x)^2) on 4000 midpoints: the integrand vanishes at both ends.
    let count = 4000
    for z in [1e-6, 0.1, 0.3] {
      var sum = 0.0
      for i in 0..<count {
        let x = (Double(i) + 0.5) / Double(count)
        let w = gap * (1 + x * x / ((1 - x) * (1 - x)))
        let slope = gap * 2 * x / ((1 - x) * (1 - x) * (1 - x))
        sum += slope * w * material.permittivity(at: w).imaginary / (w * w - z * z)
      }
      let expected = 1 + 2 / Double.pi * sum / Double(count)
      // Second-order error of the midpoint rule.
      #expect(abs(material.permittivity(at: z).real - expected) < 1e-6)
    }
    let below = material.permittivity(at: gap * (1 - 1e-12)).real
    let above = material.permittivity(at: gap * (1 + 1e-12)).real
    #expect(abs(below - above) < 1e-5)
  }

  @Test("absorption edges give back alpha = 2 w Im n", .tags(.limit))
  func absorption() throws {
    let material = try #require(Material.builtIn("Si"))
    for (nanometre, perCentimetre) in [(800.0, 850.0), (900, 306), (1000, 64)] {
      let w = 2 * Double.pi * RadiationUnits.hbarC / (nanometre * 1e-9)
      let alpha = w * material.permittivity(at: w).imaginary / (3.6 * RadiationUnits.hbarC) / 100
      // Green, Sol. Energy Mater. Sol. Cells 92, 1305 (2008), by one square law.
      #expect(abs(alpha / perCentimetre - 1) < 0.1)
    }
  }

  @Test("tables are reproduced at their points, monotone between them and unknown outside")
  func table() throws {
    let energies = [0.01, 0.02, 0.05, 0.1, 0.3]
    let table = try PermittivityTable(energies: energies, real: [9, 8, 3, 4, 4], imaginary: [0, 0.1, 2, 0, 0])
    let material = try Material("table", [DielectricPart("data", .table(table), interbandGap: 0.04)])
    for (i, w) in energies.enumerated() {
      #expect(material.permittivity(at: w).real == table.real[i] && material.permittivity(at: w).imaginary == table.imaginary[i])
    }
    for i in 1..<energies.count {
      for j in 1..<10 {
        let value = material.permittivity(at: energies[i - 1] + 0.1 * Double(j) * (energies[i] - energies[i - 1]))
        // Rounding of the Hermite basis.
        #expect(value.real >= min(table.real[i - 1], table.real[i]) - 1e-14)
        #expect(value.real <= max(table.real[i - 1], table.real[i]) + 1e-14)
        #expect(value.imaginary >= 0)
      }
    }
    #expect(material.permittivity(at: 0.009).real.isNaN && material.permittivity(at: 0.31).real.isNaN)
    #expect(material.interbandFraction(at: 0.03) == 0 && material.interbandFraction(at: 0.06) == 1)
    #expect(material.range == 0.01...0.3)
  }

  @Test("gain, missing backgrounds and misplaced gaps are refused with their place")
  func refusals() throws {
    func form(_ form: DielectricForm, gap: Double? = nil) -> (ModelError.Code, [String])? {
      Self.code {
        _ = try Material("m", [DielectricPart("background", .constant(real: 1)), DielectricPart("p", form, interbandGap: gap)])
      }
    }
    #expect(form(.constant(real: 2, imaginary: -0.1))?.1 == ["materials", "m", "p", "imaginary"])
    #expect(form(.drude(plasmaEnergy: 9, damping: -0.1))?.1 == ["materials", "m", "p", "damping"])
    #expect(form(.polarPhonon(highFrequency: 6.7, longitudinal: 0.09, transverse: 0.1, damping: 1e-3))?.1.last == "longitudinal")
    #expect(form(.criticalPoint(gap: 0, amplitude: 1))?.1.last == "gap_energy")
    #expect(form(.lorentz(strength: .nan, resonance: 1, damping: 1))?.0 == .outOfRange)
    #expect(form(.drude(plasmaEnergy: 9, damping: 0.1), gap: 0.3)?.0 == .inconsistent)
    #expect(Self.code { _ = try Material("m", [DielectricPart("p", .drude(plasmaEnergy: 9, damping: 0.1))]) }?.0 == .missing)
    #expect(Self.code { _ = try Material("m", []) }?.0 == .missing)
    let table = Self.code {
      _ = try PermittivityTable(energies: [0.1, 0.2], real: [1, 1], imaginary: [0, -1e-9], at: ["data"])
    }
    #expect(table?.1 == ["data", "row 1"])
    #expect(Self.code { _ = try PermittivityTable(energies: [0.2, 0.1], real: [1, 1], imaginary: [0, 0]) }?.0 == .outOfRange)
  }
}
