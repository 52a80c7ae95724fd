import DenseMatrices

extension SurfaceGreensFunction {
  /// Extrema of the bands E(k) of the infinite lead, ascending, to rounding, and the range of each band (see `BandEdges`).
  package func bandStructure() throws(LinearAlgebraError) -> (edges: [Double], ranges: [ClosedRange<Double>]) {
    try BandEdges.find(lead, scale: scale)
  }
}
