import BosonPropagators
import ElectronSpectra
import Quadrature

/// Pair spectra of one channel and mode at the nodes of a frequency panel, one row of numbers for each kind; reused from panel to panel.
package struct NodeSeries {
  package enum Row: Int {
    case emission, density, emissionEnergy, densityEnergy

    package var errors: Int { rawValue + 4 }
  }

  /// [row * order + node], the errors' rows behind the values'.
  private var numbers = [Double](repeating: 0, count: 8 * FrequencyWeights.order)

  /// Stores the integrals at a node.
  @inline(__always)
  package mutating func set(_ node: Int, _ r: ChannelIntegrals) {
    let n = FrequencyWeights.order
    numbers.withUnsafeMutableBufferPointer { x in
      x[node] = r.emission
      x[n + node] = r.density
      x[2 * n + node] = r.emissionEnergy
      x[3 * n + node] = r.densityEnergy
      x[4 * n + node] = r.emissionError
      x[5 * n + node] = r.densityError
      x[6 * n + node] = r.emissionEnergyError
      x[7 * n + node] = r.densityEnergyError
    }
  }

  /// Values and error bounds of a row.
  @inline(__always)
  package func with<Result>(_ row: Row, _ body: (UnsafePointer<Double>, UnsafePointer<Double>) -> Result) -> Result {
    numbers.withUnsafeBufferPointer { x in
      body(x.baseAddress! + row.rawValue * FrequencyWeights.order, x.baseAddress! + row.errors * FrequencyWeights.order)
    }
  }

  /// Bound of the interpolation error of values at the nodes: twice the last two Legendre coefficients.
  @inline(__always)
  package static func tail(_ values: UnsafePointer<Double>) -> Double { FrequencyWeights.rule.interpolationError(of: values) }
}

/// Energy moments at the nodes of a frequency panel: [power][node] values and errors, and the interpolation error of each power.
package struct MomentSeries {
  package let values: [[Double]]
  package let errors: [[Double]]
  package let tails: [Double]

  /// The powers 0 ... highest of moments at all nodes.
  package init<Lanes: SIMD<Double>>(_ nodes: [WeightedSums<Lanes>], highest: Int) {
    values = (0...highest).map { k in nodes.map { $0.value[k] } }
    errors = (0...highest).map { k in nodes.map { $0.error[k] } }
    tails = values.map { NodeSeries.tail($0) }
  }
}
