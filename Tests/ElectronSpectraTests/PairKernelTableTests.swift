import Foundation
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import ElectronSpectra
@testable import TransportCurrents

@Suite("Tables of pair kernels")
struct PairKernelTableTests {
  static let seed: UInt64 = 61_001

  static func prepared(_ junction: Junction, temperature: Double, tolerance: Double) throws -> PreparedJunction {
    let potentials = junction.electrodes.indices.map { 0.3 - 0.4 * Double($0) }
    let points = OperatingPoints(
      [
        OperatingPoint(
          chemicalPotentials: potentials, temperatures: potentials.map { _ in temperature }, bathTemperatures: [temperature])
      ], electrodes: junction.electrodes.count, baths: 1)
    return try PreparedJunction(junction, points: points, tolerance: tolerance, largestFrequency: 0.8)
  }

  static func table(_ prepared: PreparedJunction, _ pairs: ModePairs) throws -> PairKernelTable? {
    guard let builder = prepared.pairTableBuilder(pairs: pairs, upTo: 0.8) else { return nil }
    var worker = builder.makeWorker()
    for piece in 0..<builder.count { try builder.fill(piece, &worker) }
    return builder.table(tolerance: prepared.pairTableTolerance)
  }

  /// Largest deviation from kernels computed directly over the bound the table states, and the largest bound over the largest kernel.
  static func comparison(
    _ prepared: PreparedJunction, _ table: PairKernelTable, pairs: ModePairs
  ) throws -> (overBound: Double, bound: Double) {
    var direct = PairKernelSampler(
      prepared.factors, frequency: 0, pairs: pairs, spinDegeneracy: prepared.junction.conductor.spinDegeneracy)
    var read = TabulatedPairSampler(table.restricted(to: pairs))
    let bounds = pairs.bounds
    var (x, dx) = ([Double](repeating: 0, count: direct.channels * direct.columns), [0.0])
    dx = [Double](repeating: 0, count: direct.channels * direct.diagonals)
    var (y, dy) = (x, dx)
    var (worst, bound, largest) = (0.0, 0.0, 0.0)
    // In the core, and a few temperatures beyond it.
    let low = max(table.window.core.lowerBound - 5 * table.window.temperature, table.window.whole.lowerBound)
    let width = min(table.window.core.upperBound + 5 * table.window.temperature, table.window.whole.upperBound) - low
    for i in 0..<12 {
      let e = low + width * (Double(i) * 0.7548776662).truncatingRemainder(dividingBy: 1)
      let f = low + width * (0.3 + Double(i) * 0.5698402910).truncatingRemainder(dividingBy: 1)
      try direct.setInitial(e)
      try direct.finish(finalEnergy: f, values: &x, rounding: &dx)
      read.setInitial([e])
      read.finish(0, finalEnergies: [f], values: &y, rounding: &dy)
      for channel in 0..<direct.channels {
        for c in 0..<direct.columns {
          let (m, n) = (channel * direct.diagonals + bounds[c].0, channel * direct.diagonals + bounds[c].1)
          let allowed = ((dx[m] + dy[m]) * (dx[n] + dy[n])).squareRoot()
          let index = channel * direct.columns + c
          worst = max(worst, abs(x[index] - y[index]) / allowed)
          let weight = exp(-max(table.window.loss(e), table.window.loss(f)))
          (bound, largest) = (max(bound, weight * allowed), max(largest, abs(x[index])))
        }
      }
    }
    return (worst, bound / largest)
  }

  @Test(
    "pair kernels from the table are those of the spectral functions, for any two energies, within the stated error", .tags(.twin)
  )
  func randomMolecules() throws {
    print("PairKernelTableTests seed \(Self.seed)")
    for i in 0..<8 {
      let junction = RandomMolecule.make(seed: Self.seed + UInt64(i), rotatingWave: i % 4 == 3)
      let pairs = ModePairs.all(count: junction.bosons.count)
      let tolerance = [1e-6, 1e-8][i % 2]
      let prepared = try Self.prepared(junction, temperature: 0.05, tolerance: tolerance)
      let table = try #require(try Self.table(prepared, pairs), "seed \(i)")
      let (overBound, bound) = try Self.comparison(prepared, table, pairs: pairs)
      #expect(overBound <= 1, "seed \(i): \(overBound)")
      // A twentieth of the tolerance for kernels, some of it lost where the basis is larger than one.
      #expect(bound <= tolerance, "seed \(i): \(bound)")
    }
  }

  @Test("kernels of some modes are read from the table of all pairs")
  func restriction() throws {
    let junction = RandomMolecule.make(seed: Self.seed + 20)
    let prepared = try Self.prepared(junction, temperature: 0, tolerance: 1e-7)
    let table = try #require(try Self.table(prepared, .all(count: junction.bosons.count)))
    #expect(try Self.comparison(prepared, table, pairs: .diagonal([0])).overBound <= 1)
    #expect(table.covers(table.window.whole, frequency: 0, pairs: .diagonal([0])))
    #expect(!table.covers(table.window.whole, frequency: 0.1, pairs: .diagonal([0])))
    #expect(
      !table.restricted(to: .diagonal([0])).covers(table.window.whole, frequency: 0, pairs: .all(count: junction.bosons.count)))
  }

  @Test("spectra are the same with and without the table: cold panels and warm grids", .tags(.twin), arguments: [0, 0.05])
  func spectra(temperature: Double) throws {
    for i in 0..<3 {
      let junction = RandomMolecule.make(seed: Self.seed + 30 + UInt64(i))
      let pairs = ModePairs.all(count: junction.bosons.count)
      let prepared = try Self.prepared(junction, temperature: temperature, tolerance: 1e-8)
      let state = OperatingState(
        OperatingPoints(
          [
            OperatingPoint(
              chemicalPotentials: junction.electrodes.indices.map { 0.3 - 0.4 * Double($0) },
              temperatures: junction.electrodes.map { _ in temperature }, bathTemperatures: [temperature])
          ], electrodes: junction.electrodes.count, baths: 1), state: 0, reference: prepared.referenceEnergy)
      let direct = try prepared.pairKernel(at: 0.21, pairs: pairs)
      let table = try #require(try Self.table(prepared, pairs))
      let read = try prepared.reading(table).pairKernel(at: 0.21, pairs: pairs)
      let electrodes = junction.electrodes.count
      for a in 0..<electrodes {
        for b in 0..<electrodes {
          let solver = SpectraSolver()
          let x = solver.spectra(direct, from: a, to: b, electrodes: electrodes, states: [state])
          let y = solver.spectra(read, from: a, to: b, electrodes: electrodes, states: [state])
          for m in 0..<junction.bosons.count {
            #expect(abs(x.emission[m] - y.emission[m]) <= x.emissionError[m] + y.emissionError[m], "\(i): \(a) \(b) \(m)")
            // The promise of the spectra.
            #expect(y.emissionError[m] <= 1e-8 * y.emission[m] + 1e-280)
          }
        }
      }
    }
  }

  @Test("small conductors and electrodes with band edges are sampled directly")
  func noTable() throws {
    let small = RandomJunctions.make(seed: Self.seed).junction
    let points = OperatingPoints(
      [
        OperatingPoint(
          chemicalPotentials: small.electrodes.map { _ in 0 }, temperatures: small.electrodes.map { _ in 0.1 },
          bathTemperatures: small.baths.map { _ in 0.1 })
      ], electrodes: small.electrodes.count, baths: small.baths.count)
    let prepared = try PreparedJunction(small, points: points, tolerance: 1e-6)
    #expect(prepared.pairTableBuilder(pairs: .all(count: 1), upTo: 1) == nil)
  }
}
