import Foundation
import Pairbath
import Testing

@Suite("The page of the library")
struct LibraryPageTests {
  private static func page() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Documentation/Library.md"), encoding: .utf8)
  }

  @Test("its example prints what it shows, within the errors it shows")
  func example() throws {
    // As on the page.
    let junction = try Junction(
      conductor: .levels([10.5, 9.5]),
      electrodes: [
        .wideBand("L", orbitals: [0], broadening: 0.5),
        .wideBand("R", orbitals: [1], broadening: 0.5),
      ],
      bosons: BosonSystem(modes: [1.0]),
      baths: [BosonBath("ph", .ohmic(friction: 0.02), coordinates: [0])],
      coupling: Coupling(.dimensionless, [Matrix(real: [[0, 0.5], [0.5, 0]])]))
    let biases = [-1.0, -0.5, 0.0, 0.5]
    let states = biases.map { v in
      OperatingPoint(chemicalPotentials: [10 + v / 2, 10 - v / 2], temperatures: [1, 1], bathTemperatures: [1])
    }
    let request = SweepRequest(
      title: "Two dots", units: .natural, junction: junction, axes: [SweepAxis("V", biases)],
      points: OperatingPoints(states, electrodes: 2, baths: 1),
      settings: ComputeSettings(level: .sharp, observables: [.energyCurrent]))
    let result = try SweepRunner().run(request)
    let current = try #require(result.variable("energy_current"))
    let errors = try #require(current.errors)
    let shown = try Self.page().split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
      .filter { $0.count == 3 }
    #expect(shown.map { $0[0] } == biases)
    for (row, (value, error)) in zip(shown, zip(current.values, errors)) {
      #expect(abs(row[1] - value) <= row[2] + error && row[2] < 1e-11, "\(row), \(value), \(error)")
    }
  }
}
