import Pairbath
import Testing

@Suite("Physics of the machine examples")
struct MachineExampleTests {
  @Test("bosons colder than the electrons are cooled between two biases, and the refrigerator obeys Carnot")
  func coolingWindow() throws {
    let result = try Example.coolingWindow.result()
    for temperature in [0.2, 0.3, 0.5] {
      let cooled = try result.axis("V").filter { try result.value("energy_current", at: ["T": temperature, "V": $0]) < 0 }
      // One window, which does not reach zero bias: heat comes in by itself there.
      let (first, last) = (try #require(cooled.first), try #require(cooled.last))
      #expect(cooled == (try result.axis("V").filter { $0 >= first && $0 <= last }))
      #expect(last < 0 && last >= -0.15)
      for v in cooled {
        let at = ["T": temperature, "V": v]
        #expect(try result.value("machine", at: at) == Double(MachineKind.refrigeratorDrivenByBias.rawValue))
        // T/(T_e - T) with T_e - T = 0.02.
        #expect(try abs(result.value("machine_bound", at: at) / (temperature / 0.02) - 1) < 1e-9)
        #expect(try result.value("machine_bound_ratio", at: at) < 1)
      }
    }
  }

  @Test("hot bosons make an engine up to the stall voltage, and beyond it the bias pumps heat into them")
  func heatEngine() throws {
    let result = try Example.heatEngine.result()
    for hot in try result.axis("T_ph") {
      let carnot = 1 - 0.2 / hot
      var stalled = false
      for v in try result.axis("V") where v > 0 {
        let at = ["T_ph": hot, "V": v]
        let isEngine = try result.value("machine", at: at) == Double(MachineKind.engineDrivenByHeat.rawValue)
        #expect(!(isEngine && stalled))
        stalled = stalled || !isEngine
        if isEngine {
          // Every quantum of 1 lifts one electron by V, but for the levels' tails.
          let efficiency = try result.value("machine_performance", at: at)
          #expect(efficiency <= v * (1 + 1e-9) && efficiency < carnot)
          #expect(v < carnot)
          if v < 0.9 * carnot { #expect(efficiency > 0.96 * v) }
        } else {
          #expect(v > 0.99 * carnot)
        }
      }
    }
  }

  @Test("the optimum marked in the map has no better neighbour")
  func optimum() throws {
    let model = try Example.coolingWindow.model(["T=0.3", "V={from: -1.65, to: -1.55, points: 101}"])
    let result = try Example.run(model)
    let currents = try #require(result.variable("energy_current")).values
    let best = try #require(currents.indices.min { currents[$0] < currents[$1] })
    #expect(try abs(result.axis("V")[best] + 1.598) < 2e-3)
  }
}
