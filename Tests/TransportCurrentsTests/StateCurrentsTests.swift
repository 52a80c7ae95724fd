import Testing
import TransportResults

@testable import TransportCurrents

struct StateCurrentsTests {
  /// Every number of a state that flows or populations have.
  private static func numbers(_ currents: StateCurrents) -> [Estimate] {
    currents.reservoirEnergy + currents.populationMatrix + currents.thermalConductance + currents.channelEnergy
      + currents.bathEnergy + currents.population + currents.modePairDensity + currents.dampingRate + currents.inelasticCharge
      + currents.elasticCharge + [currents.energyCurrent, currents.entropyProduction]
  }

  @Test("a state after one without answers starts from zeros, also in flows that nobody writes")
  func resetAfterUnstableState() {
    let ways: [(inout StateCurrents) -> Void] = [
      { $0.forgetPopulations() }, { $0.forgetBosons() }, { $0.forgetEverything() }, { $0.forgetPopulation(ofMode: 0) },
    ]
    for forget in ways {
      var currents = StateCurrents(electrodes: 2, baths: 2, modes: 1)
      forget(&currents)
      #expect(currents.population.allSatisfy { $0.value.isNaN })
      currents.reset()
      #expect(currents.isStable && !currents.hasUnsteadyModes)
      #expect(Self.numbers(currents).allSatisfy { $0.value == 0 && $0.error == 0 })
    }
  }

  @Test("without a steady state elastic currents stay, and where bosons are bare all flows do")
  func whatStays() {
    var bare = StateCurrents(electrodes: 2, baths: 1, modes: 1)
    var dressed = bare
    bare.forgetPopulations()
    #expect(!bare.isStable && bare.energyCurrent.value == 0 && bare.inelasticCharge.allSatisfy { $0.value == 0 })
    dressed.forgetBosons()
    #expect(!dressed.isStable && dressed.energyCurrent.value.isNaN && dressed.inelasticCharge.allSatisfy { $0.value.isNaN })
    #expect(dressed.elasticCharge.allSatisfy { $0.value == 0 })
    dressed.forgetEverything()
    #expect(dressed.elasticCharge.allSatisfy { $0.value.isNaN })
  }
}
