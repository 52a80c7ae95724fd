import DataFiles
import DenseMatrices
import ForeignFormats
import Foundation
import Pairbath
import PairbathTestSupport
import Testing

@Suite("Phonon junctions out of force constants")
struct PhononJunctionTests {
  /// Reads a ring through phonopy's file.
  private static func imported(
    _ ring: SpringRing, rows: [Int]? = nil, _ left: String, _ device: String, _ right: String,
    _ check: (ImportedModel, String) throws -> Void = { _, _ in }
  ) throws {
    try withTemporaryFolder { folder in
      try ring.phonopy(rows: rows ?? [0]).write(to: folder + "/p.yaml")
      let options: [ImportOption: String] = [.left: left, .device: device, .right: right]
      let imported = try ImportFormats.read("phonopy", ImportRequest(files: [folder + "/p.yaml"], options: options))
      try ImportFolder(folder + "/out", force: false).write(imported) { _ in }
      try check(imported, folder + "/out/model.yaml")
    }
  }

  private static func fault(_ ring: SpringRing, _ left: String, _ device: String, _ right: String) -> FileError? {
    do { try imported(ring, left, device, right) } catch { return error as? FileError }
    return nil
  }

  /// Thermal conductance of open channels from 0 to W (eV), W/K: (k_B^2 T/h) int_0^{W/k_B T} x^2 e^x/(e^x - 1)^2, by Simpson's rule.
  private static func conductance(upTo edges: [Double], temperature: Double) -> Double {
    let boltzmann = 1.380649e-23
    var sum = 0.0
    for edge in edges {
      let top = edge / (8.617333262145179e-5 * temperature)
      let steps = 4000
      for step in 0...steps {
        let x: Double = top * Double(step) / Double(steps)
        let grown: Double = expm1(x)
        let value: Double = x == 0 ? 1 : x * x * exp(x) / (grown * grown)
        let weight: Double = step == 0 || step == steps ? 1 : step % 2 == 1 ? 4 : 2
        sum += value * weight * top / Double(3 * steps)
      }
    }
    return boltzmann * boltzmann * temperature / 6.62607015e-34 * sum
  }

  @Test(
    "a chain of one atom per cell has an open channel for each direction up to 2 sqrt(k/m), and the conductance of its closed form"
  )
  func chain() throws {
    let ring = SpringRing()
    try Self.imported(ring, "1-2", "3-5", "7,6") { imported, model in
      let edges: [Double] = ring.springs.map { (spring: Double) -> Double in
        2 * (SpringRing.factor * spring / 12.011).squareRoot()
      }.sorted()
      let energies: [Double] = [0.5 * edges[0], 0.5 * (edges[0] + edges[1]), 0.5 * (edges[1] + edges[2]), 1.02 * edges[2]]
      let result = try ModelFile.read(file: model, overrides: ["compute.frequencies=\(energies)"]).run()
      let transmission = try #require(result.variable("phonon_transmission")).values
      // (bath, bath2, frequency): from R to L. 1e-6: the tolerance of the model.
      for (found, open) in zip(transmission[4..<8], [3.0, 2, 1, 0]) { #expect(abs(found - open) < 1e-6, "\(transmission)") }
      let conductance = try #require(result.variable("thermal_conductance")).values
      let expected = Self.conductance(upTo: edges, temperature: 300)
      #expect(abs(conductance[1] / expected - 1) < 1e-6, "\(conductance) \(expected)")
      #expect(imported.understood.contains { $0.what == "left layer" && $0.value == "1 atoms (2): C, behind it 1" })
      #expect(imported.leftOut.isEmpty)
    }
  }

  @Test("the order in which the atoms of a lead are named does not matter, compact and full constants are the same junction")
  func order() throws {
    var ring = SpringRing()
    (ring.basis, ring.cells, ring.far) = ([("C", 12.0), ("O", 16.0)], 6, [1.5, 0.5, 0.3])
    var models: [String: [Double]] = [:]
    for (left, right, rows) in [
      ("1-4", "9-12", [0, 1]), ("2,4,3,1", "12,11,10,9", [0, 1]), ("4,3,2,1", "9,11,10,12", Array(0..<12)),
    ] {
      try Self.imported(ring, rows: rows, left, "5-8", right) { imported, _ in
        let data = try #require(imported.data)
        for variable in data.variables where variable.name.hasSuffix("K00") || variable.name == "dynamical_matrix" {
          let invariant = [variable.values.reduce(0, +), variable.values.reduce(0) { $0 + $1 * $1 }]
          if let known = models[variable.name] {
            for (a, b) in zip(known, invariant) { #expect(abs(a - b) < 1e-12) }
          }
          models[variable.name] = invariant
        }
        #expect(imported.leftOut.isEmpty)
      }
    }
  }

  @Test("springs beyond the neighbouring layer are told with their size, and refused where they are many")
  func farSprings() throws {
    var ring = SpringRing()
    ring.far = [0.5, 0, 0]
    try Self.imported(ring, "1-2", "3-5", "6-7") { imported, model in
      #expect(
        imported.leftOut.contains { $0.contains("beyond the neighbouring layer of the left lead") && $0.contains("0.5 eV") })
      #expect(throws: Never.self) { try ModelFile.read(file: model) }
    }
    ring.far = [5, 0, 0]
    let error = Self.fault(ring, "1-2", "3-5", "6-7")
    #expect(error?.found.contains("coupling beyond the neighbouring layer") == true, "\(String(describing: error))")
    #expect(error?.hint.contains("principal layers of more atoms") == true)
  }

  @Test("selections that overlap, do not exist, do not split or do not cover are told")
  func selections() {
    var ring = SpringRing()
    ring.cells = 9
    #expect(Self.fault(ring, "1-2", "2-5", "6-7")?.found.contains("atoms 2") == true)
    #expect(Self.fault(ring, "1-2", "3-5", "9-10")?.found == "atom 10")
    #expect(Self.fault(ring, "1-3", "4-5", "6-7")?.found == "3 atoms")
    #expect(Self.fault(ring, "1,1", "3-5", "6-7")?.found == "atom 1 twice")
    #expect(Self.fault(ring, "one", "3-5", "6-7")?.file == "--left")
    #expect(Self.fault(ring, "1-2", "3-5", "7-8")?.found.contains("none of --device, --left, --right") == true)
    let alone = #expect(throws: FileError.self) {
      try withTemporaryFolder { folder in
        try ring.phonopy(rows: [0]).write(to: folder + "/p.yaml")
        _ = try ImportFormats.read("phonopy", ImportRequest(files: [folder + "/p.yaml"], options: [.device: "1-3"]))
      }
    }
    #expect(alone?.file == "--left" && alone?.hint.contains("--right") == true)
  }

  @Test("an unstable lead is told with its wave number, before anything runs")
  func unstable() {
    var ring = SpringRing()
    ring.springs = [20, 8, -0.2]
    let error = Self.fault(ring, "1-2", "3-5", "6-7")
    #expect(error?.found.contains("imaginary") == true, "\(String(describing: error))")
  }
}
