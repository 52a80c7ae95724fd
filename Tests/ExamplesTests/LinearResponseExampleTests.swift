import Pairbath
import PairbathTestSupport
import TestKinds
import Testing

@Suite("Linear response of the examples")
struct LinearResponseExampleTests {
  private static let observables =
    "compute.observables=[onsager_matrix, linear_conductance, seebeck, figure_of_merit]"

  @Test("the current of a hot or cold spot turns where the vibration is as warm as the electrons")
  func turningPoint() throws {
    let result = try Example.hotSpotColdSpot.result()
    for electrons in try result.axis("T_e") {
      for vibration in try result.axis("T_ph") where vibration != electrons {
        let at = ["T_e": electrons, "T_ph": vibration]
        let current = try result.value("charge_current", at: at, ["electrode": "L"])
        #expect(current * (electrons - vibration) > 0, "\(at)")
      }
      let at = ["T_e": electrons, "T_ph": electrons]
      let (current, error) = (
        try result.value("charge_current", at: at, ["electrode": "L"]),
        try result.error("charge_current", at: at, ["electrode": "L"])
      )
      #expect(abs(current) <= error)
    }
  }

  @Test("the slope at the turning point is the Onsager matrix element of charge and boson heat", .tags(.law))
  func slope() throws {
    let result = try Example.hotSpotColdSpot.result()
    let response = try Example.run(try Example.hotSpotColdSpot.model(["T_e=300", "T_ph=300", Self.observables]))
    let element = try response.value("onsager_matrix_charge_heat", ["electrode": "L", "terminal": "ph"])
    func current(_ t: Double) throws -> Double {
      try result.value("charge_current", at: ["T_e": 300, "T_ph": t], ["electrode": "L"])
    }
    // Central differences at 5 and 10 K, extrapolated: what is left is of fourth order in 10/300.
    let fine = (try current(305) - current(295)) / 10
    let coarse = (try current(310) - current(290)) / 20
    #expect(abs((4 * fine - coarse) / 3 / (element / 90_000) - 1) < 1e-6)
    #expect(try response.value("figure_of_merit_boson", ["electrode": "L", "electrode2": "R", "bath": "ph"]) > 40)
  }

  @Test("unequal electrodes drive the current of linear response at first, and turn it back far from equilibrium")
  func unequal() throws {
    let result = try Example.unequalElectrodes.result()
    let response = try Example.run(try Example.unequalElectrodes.model(["dT=0", Self.observables]))
    let pair = ["electrode": "L", "electrode2": "R"]
    let slope = -(try response.value("linear_conductance_pair", pair)) * (try response.value("seebeck_electrode", pair))
    func current(_ difference: Double) throws -> Double {
      try result.value("charge_current", at: ["dT": difference], ["electrode": "L"])
    }
    let fine = (try current(10) - current(-10)) / 20
    let coarse = (try current(20) - current(-20)) / 40
    // What is left is of fourth order in 10/300, with the levels several T away.
    #expect(abs((4 * fine - coarse) / 3 / slope - 1) < 1e-5)
    #expect(try current(200) > 0 && current(400) < 0 && current(-400) < current(-200))
  }
}
