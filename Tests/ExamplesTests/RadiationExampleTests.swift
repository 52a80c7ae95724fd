import Foundation
import Pairbath
import Testing

@Suite("Physics of the examples of radiation between two bodies")
struct RadiationExampleTests {
  @Test("plates 1 nm apart exchange a hundred times more than 10 nm apart, by evanescent p waves")
  func nearField() throws {
    let result = try Example.nearField.result()
    func coefficient(_ d: Double) throws -> Double {
      try result.value("heat_transfer_coefficient", at: ["d": d], ["body": "hot"])
    }
    // 1/d^2 up to the s waves and the retardation at 10 nm, less than a percent.
    #expect(try abs(coefficient(1) / coefficient(10) / 100 - 1) < 0.01)
    let share = try result.value("energy_flux_part", at: ["d": 1], ["polarization": "p", "zone": "evanescent"])
    #expect(try share > 0.99 * result.value("energy_flux", at: ["d": 1]))
  }

  @Test("reverse bias cools the colder object in the near field, and zero bias warms it")
  func photonicCooling() throws {
    let result = try Example.photonicCooling.result()
    for d in [10.0, 100] {
      let cooling = try result.value("heat_flux", at: ["d": d, "V": -0.2], ["body": "object"])
      #expect(cooling > 0)
      #expect(try result.value("heat_flux", at: ["d": d, "V": 0], ["body": "object"]) < 0)
      // The diode passes on the object's heat and the work of the bias.
      let work = try result.value("electrical_power", at: ["d": d, "V": -0.2], ["body": "diode"])
      let heat = try result.value("heat_flux", at: ["d": d, "V": -0.2], ["body": "diode"])
      #expect(work < 0 && abs(heat + cooling - work) < 1e-12 * abs(heat), "rounding")
    }
  }

  @Test("the flux of a diode in surroundings of its temperature follows e^(V/T) - 1 below saturation of its photons")
  func negativeLuminescence() throws {
    let result = try Example.negativeLuminescence.result()
    for temperature in [300.0, 350, 400] {
      let (reverse, forward) = (
        try result.value("energy_flux", at: ["T": temperature, "V": -0.15]),
        try result.value("energy_flux", at: ["T": temperature, "V": 0.05])
      )
      let beta = 11604.518 / temperature
      let expected = (exp(0.05 * beta) - 1) / (exp(-0.15 * beta) - 1)
      // Bose and Boltzmann differ by n ~ e^(-(E_g - V)/T) < 2e-4 at 400 K.
      #expect(abs(forward / reverse / expected - 1) < 2e-4, "\(temperature)")
    }
  }

  @Test("the hot cell delivers in reverse bias, the cold one in forward bias, both below Carnot's efficiency")
  func thermoradiative() throws {
    let result = try Example.thermoradiativeCell.result()
    #expect(try result.value("electrical_power", at: ["V": 0.05], ["body": "hot"]) > 200)
    #expect(try result.value("efficiency", at: ["V": 0.05]) < 0.5)
    let cold = try ModelFile.read(
      file: Example.thermoradiativeCell.path(of: "model.yaml"), overrides: ["VH=0", "VC=V", "sweep.V=[0.086]"]
    ).run()
    #expect(try abs(cold.value("electrical_power", at: ["V": 0.086], ["body": "cold"]) / 757.1408742 - 1) < 1e-8)
  }
}
