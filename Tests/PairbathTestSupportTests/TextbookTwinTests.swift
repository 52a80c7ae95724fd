import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import Testing

@Suite("TextbookTwin")
struct TextbookTwinTests {
  @Test("gives the double dot of the paper")
  func doubleDotReference() throws {
    let twin = try TextbookTwin(doubleDot())
    let point = state([10, 10], [1.1, 1.1], bath: 0.9)
    let pair = try twin.spectra(of: PairChannel(from: 0, to: 1), at: point, frequency: 1)
    // References from scipy, twelve digits given.
    #expect(deviation(pair.emission[0, 0].rawStorage.x / 2, 0.149213392505) < 5e-12)
    #expect(deviation(pair.absorption[0, 0].rawStorage.x / 2, 0.370357351695) < 5e-12)
    #expect(pair.converged)
    let currents = try twin.sharpCurrents(at: point)
    #expect(deviation(currents.energyCurrent, 0.0427276154941) < 5e-12)
  }
}
