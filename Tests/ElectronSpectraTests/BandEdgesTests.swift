import Cancellation
import ComplexModule
import DenseMatrices
import JunctionModel
import PairbathTestSupport
import TestKinds
import Testing

@testable import ElectronSpectra

/// Extrema of bands, against closed forms and energies on a dense grid of wave numbers.
@Suite("Band edges")
struct BandEdgesTests {
  static func edges(_ h00: [[Double]], _ h01: [[Double]]) throws -> [Double] {
    let lead = PeriodicLead(orbitals: Array(0..<h00.count), h00: Matrix(real: h00), h01: Matrix(real: h01))
    return try SurfaceGreensFunction(lead).bandStructure().edges
  }

  static func expect(_ found: [Double], _ expected: [Double], width: Double) {
    #expect(found.count == expected.count, "\(found) for \(expected)")
    // Energies at an extremum do not feel the rounding of k: that of eigenvalues.
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-14 * width, "\(found) for \(expected)") }
  }

  @Test("a chain has two edges, however many of its sites make a cell: crossings at the folds are none", arguments: 1...5)
  func folded(sites: Int) throws {
    var (h00, h01) = (
      [[Double]](repeating: [Double](repeating: 0, count: sites), count: sites),
      [[Double]](repeating: [Double](repeating: 0, count: sites), count: sites)
    )
    for i in 0..<(sites - 1) { (h00[i][i + 1], h00[i + 1][i]) = (-0.7, -0.7) }
    h01[sites - 1][0] = -0.7
    Self.expect(try Self.edges(h00, h01), [-1.4, 1.4], width: 1.4)
  }

  @Test("a gap of a dimerised chain opens two edges more, down to gaps of 1e-6", arguments: [0.5, 1e-2, 1e-4, 1e-6])
  func dimerised(gap: Double) throws {
    let t = (1 + 0.5 * gap, 1 - 0.5 * gap)
    Self.expect(try Self.edges([[0, t.0], [t.0, 0]], [[0, 0], [t.1, 0]]), [-2, -gap, gap, 2], width: 2)
  }

  @Test("springs to second neighbours put an edge inside the zone, at cos k = -t/4t'")
  func secondNeighbours() throws {
    let (t, u) = (1.0, 0.45)
    // E = 2 t cos q + 2 u cos 2q with two sites in a cell, k = 2q.
    let found = try Self.edges([[0, t], [t, 0]], [[u, 0], [t, u]])
    let inner = -t / (4 * u)
    let least = 2 * t * inner + 2 * u * (2 * inner * inner - 1)
    Self.expect(found, [least, -2 * t + 2 * u, 2 * t + 2 * u].sorted(), width: 3)
  }

  @Test("a shallow dip next to the zone's edge is not passed over", arguments: [1e-2, 1e-3, 1e-4])
  func dip(depth: Double) throws {
    // E = -2 t cos k + 2 u cos 2k with u = t/4 (1 + depth): a maximum at pi and a dip beside it, at cos k = t/(4u) seen from pi.
    let (t, u) = (1.0, -0.25 * (1 + depth))
    let inner = t / (4 * u)
    let top = -2 * t * inner + 2 * u * (2 * inner * inner - 1)
    Self.expect(
      try Self.edges([[0, -t], [-t, 0]], [[u, 0], [-t, u]]), [-2 * t + 2 * u, 2 * t + 2 * u, top].sorted(), width: 3)
  }

  @Test("bands that cross inside the zone have only the edges of each, flat bands one, narrow bands theirs")
  func crossing() throws {
    Self.expect(
      try Self.edges([[0.3, 0, 0], [0, -0.2, 0], [0, 0, 0.1]], [[0.5, 0, 0], [0, -0.4, 0], [0, 0, 0]]),
      [-1, -0.7, 0.1, 0.6, 1.3], width: 1)
    Self.expect(try Self.edges([[0.25]], [[1e-8]]), [0.25 - 2e-8, 0.25 + 2e-8], width: 0.25)
  }

  @Test("a phase of the hopping moves a band in k and leaves its edges", arguments: [0.1, 1, 2.5])
  func phase(phase: Double) throws {
    let hop = Scalar(length: 0.8, phase: phase)
    let lead = PeriodicLead(
      orbitals: [0], h00: Matrix(diagonal: [0.5]), h01: Matrix(rows: 1, columns: 1, elements: [hop]))
    Self.expect(try SurfaceGreensFunction(lead).bandStructure().edges, [-1.1, 2.1], width: 2)
  }

  @Test("bands of random leads lie between their edges and reach them", arguments: 1...60)
  func random(seed: UInt64) throws {
    let lead = RandomLeads.make(seed: seed)
    let (edges, ranges) = try SurfaceGreensFunction(lead).bandStructure()
    let bands = try TwinBlochBands(lead)
    let width = max(bands.range.upperBound - bands.range.lowerBound, 1e-300)
    // The grid's extrema are short of the true ones by the square of its step; the twin polishes them to 1e-9.
    for edge in bands.edges {
      #expect(edges.contains { abs($0 - edge) <= 1e-7 * width }, "no edge at \(edge): \(edges)")
    }
    for edge in edges {
      #expect(ranges.contains { $0.lowerBound - 1e-9 * width <= edge && edge <= $0.upperBound + 1e-9 * width })
    }
    let scale = max(abs(bands.range.lowerBound), abs(bands.range.upperBound))
    #expect(abs((edges.first ?? 0) - bands.range.lowerBound) <= 1e-7 * width + 1e-13 * scale)
    #expect(abs((edges.last ?? 0) - bands.range.upperBound) <= 1e-7 * width + 1e-13 * scale)
  }

  @Test("the search for the edges of a small cell ends when somebody wants it to end")
  func interruption() throws {
    let lead = RandomLeads.make(seed: 1)
    #expect(lead.cellSize < 9)
    let surface = try SurfaceGreensFunction(lead)
    let ended = CancellationToken { true }.perform { () -> LinearAlgebraError? in
      do throws(LinearAlgebraError) {
        _ = try surface.bandStructure()
        return nil
      } catch { return error }
    }
    #expect(ended?.code == .interrupted)
  }
}
