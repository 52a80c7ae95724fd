import DataFiles
import DenseMatrices
import ElectronSpectra
import Foundation
import TestKinds
import Testing

/// The whole published data set of a graphene constriction, where it is at hand: github.com/ydsbbt/sclmd,
/// examples/current-induced/grapheneLambda-r-0.3-ver2.nc. PAIRBATH_EXTERNAL_DATA names the file.
@Suite("A published wide-band calculation", .enabled(if: ProcessInfo.processInfo.environment["PAIRBATH_EXTERNAL_DATA"] != nil))
struct ExternalWideBandTests {
  static var path: String { ProcessInfo.processInfo.environment["PAIRBATH_EXTERNAL_DATA"] ?? "" }

  static func read() throws -> (forces: WideBandForces, populations: [Double]) {
    let file = try NetCDFFile(reading: path)
    func matrix(_ name: String) throws -> Matrix {
      let (values, shape) = try file.doubles(name)
      var m = Matrix(rows: shape[0], columns: shape[1])
      for i in 0..<shape[0] {
        for j in 0..<shape[1] { m[i, j] = Scalar(values[i * shape[1] + j], 0) }
      }
      return m
    }
    let forces = WideBandForces(
      modeEnergies: try file.doubles("hw").values, friction: try matrix("eta"), nonconservative: try matrix("xim"),
      emission: try matrix("xip"), renormalization: try matrix("zeta1"), berry: try matrix("zeta2"))
    return (forces, try file.doubles("nph").values)
  }

  @Test("all 400 x 36 occupations agree", .tags(.golden))
  func occupations() throws {
    let (forces, published) = try Self.read()
    let temperature = 4.2 * 8.6173423e-5
    #expect(published.count == 400 * 36)
    var worst = 0.0
    for i in 0..<400 {
      for k in 0..<36 {
        let n = forces.occupation(ofMode: k, bias: Double(i) / 400, temperature: temperature)
        let deviation = abs(n - published[i * 36 + k])
        worst = max(worst, deviation.isNaN ? .infinity : deviation)
      }
    }
    print("ExternalWideBand: largest deviation of an occupation \(worst)")
    #expect(worst < 1e-12)
  }

  @Test("the matrices have the symmetries of their definitions, and no motion grows up to 5 V", .tags(.law))
  func stability() throws {
    let forces = try Self.read().forces
    for m in [forces.friction, forces.emission, forces.renormalization] { #expect((m - m.adjoint).norm == 0) }
    for m in [forces.nonconservative, forces.berry] { #expect((m + m.adjoint).norm == 0) }
    var growth: [Double] = []
    for i in -50...50 { growth.append(try forces.fastestGrowth(bias: 0.1 * Double(i))) }
    print("ExternalWideBand: fastest growth \(growth.max()!) eV, at 0 V \(growth[50]), 1 V \(growth[60]), 5 V \(growth[100])")
    #expect(growth.allSatisfy { $0 < 0 })
    // The eigenproblem in double precision, with W as the unit: an independent solution with another scaling, eV.
    for (i, reference) in [(50, -2.04915168e-9), (60, -2.18303869e-9), (100, -2.57689616e-9)] {
      #expect(abs(growth[i] - reference) < 1e-15)
    }
  }
}
