import Testing

@testable import TransportCurrents

struct StateCurrentsTests {
  @Test("a state after an unstable one starts from zeros, also in flows that nobody writes")
  func resetAfterUnstableState() {
    var currents = StateCurrents(electrodes: 2, baths: 2, modes: 1)
    currents.markUnstable()
    #expect(currents.reservoirEnergy.allSatisfy { $0.value.isNaN })
    currents.reset()
    #expect(currents.isStable)
    let numbers =
      currents.reservoirEnergy + currents.populationMatrix + currents.thermalConductance + currents.channelEnergy
      + currents.bathEnergy + currents.population + [currents.energyCurrent, currents.entropyProduction]
    #expect(numbers.allSatisfy { $0.value == 0 && $0.error == 0 })
  }
}
