import ComplexModule
import DenseMatrices
import JunctionModel
import RealModule

/// The bands E_j(k) of a periodic lead cut into monotone pieces, and channels counted on them: how many rise through an energy.
///
/// Bands are eigenvalues of H(k) c = E S(k) c on a grid of k; extrema between its points by golden section. No wave equation at fixed
/// energy is solved, so that nothing is shared with the leads' surface Green's functions.
public struct TwinBlochBands: Sendable {
  /// Energy at the lower and the upper end of every piece on which a band rises with k.
  private let rising: [(low: Double, high: Double)]
  /// Extrema at which bands only cross, or a flat band lies: the number of channels is the same on both sides.
  private let crossings: [Double]
  /// Energies at which the number of channels changes or waves stand still, ascending.
  public let edges: [Double]
  private let resolution: Double
  /// Energies of all extrema, crossings of bands among them, ascending.
  public let extrema: [Double]

  /// Cuts the bands up; bands narrower than two points of the grid tell apart are lost. Cost: points + 60 per extremum eigenproblems.
  public init(_ lead: PeriodicLead, points: Int = 192) throws {
    let angles = (0..<points).map { 2 * Double.pi * (Double($0) + 0.137) / Double(points) }
    let bands = try angles.map { try Self.energies(lead, $0) }
    let step = 2 * Double.pi / Double(points)
    var (rising, all): ([(low: Double, high: Double)], [Extremum]) = ([], [])
    for band in 0..<lead.cellSize {
      // Extrema in order along the circle: a minimum is followed by a maximum.
      var turns: [Extremum] = []
      for i in 0..<points {
        let (left, middle, right) = (bands[(i + points - 1) % points][band], bands[i][band], bands[(i + 1) % points][band])
        let isMaximum = middle >= left && middle > right
        guard isMaximum || (middle <= left && middle < right) else { continue }
        let sign = isMaximum ? 1.0 : -1.0
        let peak = try Self.peak(from: angles[i] - step, to: angles[i] + step) { sign * (try Self.energies(lead, $0)[band]) }
        turns.append(Extremum(band: band, energy: sign * peak.value, wavenumber: peak.position, isMaximum: isMaximum))
      }
      for i in turns.indices { turns[i].height = abs(turns[i].energy - turns[(i + 1) % turns.count].energy) }
      all += turns.isEmpty ? [Extremum(band: band, energy: bands[0][band], wavenumber: 0, isMaximum: true)] : turns
      for (i, turn) in turns.enumerated() where !turn.isMaximum {
        let next = turns[(i + 1) % turns.count]
        if next.isMaximum { rising.append((turn.energy, next.energy)) }
      }
    }
    let sorted = all.sorted { $0.energy < $1.energy }
    let width = 1e-8 * ((sorted.last?.energy ?? 0) - (sorted.first?.energy ?? 0)) + 1e-300
    (self.rising, extrema, resolution) = (rising, sorted.map(\.energy), width)
    func changes(_ turn: Extremum) -> Bool {
      Self.count(rising, at: turn.energy - width) != Self.count(rising, at: turn.energy + width)
    }
    // Where one channel closes and another opens the number stays, and waves stand still all the same.
    func isStanding(_ turn: Extremum) -> Bool {
      turn.height > width && !all.contains { $0.crosses(turn, within: width) }
    }
    crossings = sorted.filter { !changes($0) && !isStanding($0) }.map(\.energy)
    edges = sorted.filter { changes($0) || isStanding($0) }.map(\.energy)
  }

  /// A maximum or minimum of a band.
  private struct Extremum {
    let band: Int
    let energy: Double
    let wavenumber: Double
    let isMaximum: Bool
    /// Energy to the next one; nothing but rounding on a flat band.
    var height = 0.0

    /// True when a neighbouring band turns the other way at the same wave number and energy: there the two cross.
    func crosses(_ other: Extremum, within width: Double) -> Bool {
      abs(band - other.band) == 1 && isMaximum != other.isMaximum && abs(energy - other.energy) <= width
        && abs(Double.cos(wavenumber - other.wavenumber) - 1) <= 1e-9
    }
  }

  /// Bands that rise through an energy. At a crossing of bands, known to the grid's accuracy only, as many as beside it.
  public func channels(at energy: Double) -> Int {
    let crossing = crossings.first { abs($0 - energy) <= resolution }
    return Self.count(rising, at: crossing.map { $0 + 2 * resolution } ?? energy)
  }

  private static func count(_ rising: [(low: Double, high: Double)], at energy: Double) -> Int {
    rising.count { $0.low < energy && energy < $0.high }
  }

  /// The lowest and the highest energy of all bands.
  public var range: ClosedRange<Double> { (extrema.first ?? 0)...(extrema.last ?? 0) }

  /// Distance to the nearest edge; crossings of bands are none.
  public func distanceFromEdge(_ energy: Double) -> Double { edges.reduce(.infinity) { min($0, abs($1 - energy)) } }

  private static func energies(_ lead: PeriodicLead, _ k: Double) throws -> [Double] {
    let phase = Scalar(Double.cos(k), Double.sin(k))
    func bloch(_ cell: Matrix, _ hop: Matrix?) -> Matrix {
      guard let hop else { return cell }
      let shifted = phase * hop
      return (cell + shifted + shifted.adjoint).hermitianPart
    }
    let h = bloch(lead.h00, lead.h01)
    guard lead.s00 != nil || lead.s01 != nil else { return try HermitianEigenproblem(h).values }
    let inverse = try LUFactorization(bloch(lead.s00 ?? .identity(lead.cellSize), lead.s01).choleskyFactor()).inverse
    return try HermitianEigenproblem((inverse * h * inverse.adjoint).hermitianPart).values
  }

  /// The largest value of a function with one maximum and where it is, by golden section.
  private static func peak(
    from: Double, to: Double, _ f: (Double) throws -> Double
  ) rethrows -> (position: Double, value: Double) {
    let ratio = 0.618_033_988_749_894_9
    var (a, b) = (from, to)
    var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
    var (fc, fd) = (try f(c), try f(d))
    for _ in 0..<40 {
      if fc > fd {
        (b, d, fd) = (d, c, fc)
        c = b - ratio * (b - a)
        fc = try f(c)
      } else {
        (a, c, fc) = (c, d, fd)
        d = a + ratio * (b - a)
        fd = try f(d)
      }
    }
    return (0.5 * (a + b), max(fc, fd))
  }
}
