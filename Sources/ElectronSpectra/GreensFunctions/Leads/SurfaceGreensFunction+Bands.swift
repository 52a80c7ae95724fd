import ComplexModule
import DenseMatrices
import JunctionModel

extension SurfaceGreensFunction {
  /// Extrema of the bands E(k) of the infinite lead to about 1e-12 of the band width: all of them, ascending, and the
  /// range of each band.
  package func bandStructure() throws(LinearAlgebraError) -> (edges: [Double], ranges: [ClosedRange<Double>]) {
    let samples = 128
    let grid = (0...samples).map { Double.pi * Double($0) / Double(samples) }
    // Complex H01 breaks E(k) = E(-k); sample both signs then.
    let isReal = [lead.h00, lead.h01, lead.s00, lead.s01].allSatisfy { $0?.isReal ?? true }
    let momenta = isReal ? grid : grid.dropFirst().reversed().map { -$0 } + grid
    var bands: [[Double]] = []
    for k in momenta { bands.append(try bandEnergies(at: k)) }
    var edges: [Double] = []
    var ranges: [ClosedRange<Double>] = []
    for band in 0..<lead.cellSize {
      let first = edges.count
      edges += [bands[0][band], bands[momenta.count - 1][band]]
      for i in 1..<(momenta.count - 1) {
        let (left, middle, right) = (bands[i - 1][band], bands[i][band], bands[i + 1][band])
        if (middle - left) * (right - middle) <= 0 {
          edges.append(try extremum(of: band, from: momenta[i - 1], to: momenta[i + 1], maximum: middle >= left))
        }
      }
      let own = edges[first...]
      // Bands that touch must not leave a gap of a rounding unit between them.
      let margin = 1e-12 * scale
      ranges.append(((own.min() ?? 0) - margin)...((own.max() ?? 0) + margin))
    }
    let sorted = edges.sorted()
    let width = max((sorted.last ?? 0) - (sorted.first ?? 0), 1e-300)
    let distinct = sorted.enumerated().filter { $0.offset == 0 || $0.element - sorted[$0.offset - 1] > 1e-9 * width }
    return (distinct.map(\.element), ranges)
  }

  private func bandEnergies(at k: Double) throws(LinearAlgebraError) -> [Double] {
    let phase = Scalar(length: 1, phase: k)
    func bloch(_ onsite: Matrix?, _ hop: Matrix?) -> Matrix {
      var result = onsite ?? Matrix.identity(lead.cellSize)
      if let hop { result = result + phase * hop + phase.conjugate * hop.adjoint }
      return result.hermitianPart
    }
    let h = bloch(lead.h00, lead.h01)
    guard lead.s00 != nil || lead.s01 != nil else { return try HermitianEigenproblem(h).values }
    let inverse = try LUFactorization(bloch(lead.s00, lead.s01).choleskyFactor()).inverse
    return try HermitianEigenproblem((inverse * h * inverse.adjoint).hermitianPart).values
  }

  /// Golden-section search for an interior extremum of a band.
  private func extremum(of band: Int, from k1: Double, to k2: Double, maximum: Bool) throws(LinearAlgebraError) -> Double {
    let sign = maximum ? -1.0 : 1.0
    let ratio = 0.618_033_988_749_894_9
    var (a, b) = (k1, k2)
    var (c, d) = (b - ratio * (b - a), a + ratio * (b - a))
    var fc = sign * (try bandEnergies(at: c))[band]
    var fd = sign * (try bandEnergies(at: d))[band]
    for _ in 0..<60 {
      if fc < fd {
        (b, d, fd) = (d, c, fc)
        c = b - ratio * (b - a)
        fc = sign * (try bandEnergies(at: c))[band]
      } else {
        (a, c, fc) = (c, d, fd)
        d = a + ratio * (b - a)
        fd = sign * (try bandEnergies(at: d))[band]
      }
    }
    return sign * min(fc, fd)
  }
}
