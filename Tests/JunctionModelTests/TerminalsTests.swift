import JunctionModel
import Testing

@Suite("Terminals")
struct TerminalsTests {
  static let perfect = TransmissionFunction(.constant(height: 1))

  static func path(
    _ transmissions: [Terminals.Transmission], particles: Terminals.Particles = .bosons, degeneracy: Double = 1,
    baths: [String] = ["a", "b"]
  ) -> [String]? {
    do {
      _ = try Terminals(particles, degeneracy: degeneracy, baths: baths, transmissions: transmissions)
      return nil
    } catch { return error.path }
  }

  static func fault(_ function: TransmissionFunction, _ particles: Terminals.Particles = .bosons) -> [String]? {
    path([.init(from: "a", to: "b", function)], particles: particles)
  }

  @Test("a pair given once holds both ways, given twice each way for itself")
  func reciprocity() throws {
    let once = try Terminals(.fermions, baths: ["a", "b"], transmissions: [.init(from: "a", to: "b", Self.perfect)])
    #expect(once.transmission(from: 1, to: 0, at: 0.3) == 1 && !once.isNonreciprocal)
    let twice = try Terminals(
      .fermions, baths: ["a", "b"],
      transmissions: [
        .init(from: "a", to: "b", Self.perfect), .init(from: "b", to: "a", TransmissionFunction(.constant(height: 0.5))),
      ])
    #expect(twice.transmission(from: 1, to: 0, at: 0.3) == 0.5 && twice.isNonreciprocal)
  }

  @Test("forms of the transmission have the values they should have")
  func values() {
    let lorentzian = TransmissionFunction(.lorentzian(energy: 1, width: 0.2, height: 0.8), from: 0.5)
    #expect(abs(lorentzian.value(1.1) - 0.4) < 1e-15 && lorentzian.value(0.4) == 0)
    let power = TransmissionFunction(.power(energy: 2, exponent: 3, height: 1, cutoff: nil))
    #expect(power.value(1) == 0.125 && power.value(-1) == 0)
    let table = TransmissionFunction(.table(energies: [0, 1, 3], values: [0, 1, 0]))
    #expect(table.value(0.25) == 0.25 && table.value(2) == 0.5 && table.value(4) == 0 && table.value(3) == 0)
  }

  @Test("every fault is named by its key path")
  func faults() {
    let at = ["terminals", "transmission", "a>b"]
    #expect(Self.path([.init(from: "a", to: "b", Self.perfect)], baths: ["a"]) == ["terminals", "baths"])
    #expect(Self.path([.init(from: "a", to: "b", Self.perfect)], baths: ["a", "a"]) == ["terminals", "baths"])
    #expect(Self.path([.init(from: "a", to: "b", Self.perfect)], degeneracy: 0) == ["terminals", "degeneracy"])
    #expect(Self.path([]) == ["terminals", "transmission"])
    #expect(Self.path([.init(from: "a", to: "c", Self.perfect)]) == ["terminals", "transmission", "a>c"])
    #expect(Self.path([.init(from: "a", to: "a", Self.perfect)]) == ["terminals", "transmission", "a>a"])
    #expect(Self.path(Array(repeating: .init(from: "a", to: "b", Self.perfect), count: 2)) == at)
    #expect(Self.fault(TransmissionFunction(.constant(height: -1))) == at + ["height"])
    #expect(Self.fault(TransmissionFunction(.constant(height: 1), from: -1)) == at + ["from"])
    #expect(Self.fault(TransmissionFunction(.constant(height: 1), from: 2, to: 1)) == at + ["to"])
    #expect(Self.fault(TransmissionFunction(.lorentzian(energy: 1, width: 0, height: 1))) == at + ["width"])
    #expect(Self.fault(TransmissionFunction(.lorentzian(energy: .nan, width: 1, height: 1))) == at + ["energy"])
    let power = TransmissionFunction.Shape.power(energy: 1, exponent: 1, height: 1, cutoff: nil)
    #expect(Self.fault(TransmissionFunction(power), .fermions) == at)
    #expect(Self.fault(TransmissionFunction(power, from: 0), .fermions) == nil)
    #expect(Self.fault(TransmissionFunction(.table(energies: [1], values: [1]))) == at + ["file"])
    #expect(Self.fault(TransmissionFunction(.table(energies: [1, 1], values: [1, 1]))) == at + ["file"])
    #expect(Self.fault(TransmissionFunction(.table(energies: [0, 1], values: [1, -1]))) == at + ["file"])
    #expect(Self.fault(TransmissionFunction(.table(energies: [-1, 1], values: [1, 1]))) == at + ["file"])
    #expect(Self.fault(TransmissionFunction(.table(energies: [0, 1], values: [1, .infinity]))) == at + ["file"])
  }
}
