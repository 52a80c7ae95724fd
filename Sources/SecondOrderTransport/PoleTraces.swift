import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// The state-independent part of the traces when all electrodes are wide bands.
///
/// In the basis of the poles A_c(z) = sum_k |k> <y^c_k|/(z - z_k) + h.c. with y^c_kl = (L_c L_c^+)_kl/(z_k - z_l^*), so that
/// every trace is a sum over poles of tau^c_k(e) = <y^c_k| M^n O M^m |k> and its partner of the conjugate poles, which are
/// tabulated on panels of e. Cost per node and pair of modes: about 16 N^2 r n^3 flops.
struct PoleTraceTable: Sendable {
  let electrodes: Int
  let poles: [Scalar]
  let pairs: TracePairs
  let table: EnergyTable
  let features: [PanelFeature]
  /// Which operators are tabulated, a * electrodes + b.
  let operators: [Int]
  /// Relative error of the compressed factors.
  let relativeError: Double

  /// A table that was made elsewhere.
  init(
    electrodes: Int, poles: [Scalar], pairs: TracePairs, table: EnergyTable, features: [PanelFeature], operators: [Int],
    relativeError: Double
  ) {
    (self.electrodes, self.poles, self.pairs, self.table) = (electrodes, poles, pairs, table)
    (self.features, self.operators, self.relativeError) = (features, operators, relativeError)
  }

  /// Rows per pair: operator, electrode c, (tau, tau'), pole, (re, im).
  var pairRows: Int { 4 * operators.count * electrodes * poles.count }
  /// First row of a pair; the transmissions come before.
  func firstRow(_ pair: Int) -> Int { electrodes * electrodes + pair * pairRows }

  /// nil when an electrode depends on energy.
  /// `compressed` are factors with few channels, good in the panels; the inelastic part adds the operators A_a.
  init?(
    _ factors: SpectralFactors, compressed: SpectralFactors, pairs: TracePairs, parts: SecondOrderParts, panels: [Panel],
    tolerance: Double, noise: (Panel) -> Double
  ) throws(SolverError) {
    guard let expansion = factors.poles else { return nil }
    electrodes = factors.offsets.count - 1
    let n = electrodes * electrodes
    let diagonal = electrodes + 1
    operators = (0..<n).filter { parts == .correctionAndInelastic || $0 % diagonal != 0 }
    let builder = PoleTraceBuilder(factors, compressed, expansion, pairs: pairs, operators: operators)
    poles = expansion.poles
    relativeError = compressed.relativeError
    self.pairs = pairs
    features = expansion.features.resonances
    let size = 4 * electrodes * expansion.poles.count
    var groups = [0..<n]
    for g in 0..<(pairs.count * operators.count) { groups.append((n + g * size)..<(n + (g + 1) * size)) }
    let rows = n + pairs.count * operators.count * size
    table = try EnergyTable(
      panels, rows: rows, groups: groups, tolerance: tolerance, limit: max(40, 40_000_000 / (16 * rows)), noise: noise
    ) { (energy, row) throws(SolverError) in
      builder.fill(energy, into: row)
      return expansion.transmissions(at: energy, offsets: factors.offsets).reduce(0) { max($0, $1.error) }
    }
  }
}

/// Fills rows of a `PoleTraceTable`.
private struct PoleTraceBuilder {
  private let electrodes: Int
  private let expansion: PoleExpansion
  private let pairs: TracePairs
  private let couplings: [Matrix]
  private let duals: [Matrix]
  /// y^c, shape (N, N).
  private let kernels: [Matrix]
  private let residues: [Matrix]
  private let projectors: [Matrix]
  private let operators: [Int]

  init(
    _ factors: SpectralFactors, _ compressed: SpectralFactors, _ expansion: PoleExpansion, pairs: TracePairs,
    operators: [Int]
  ) {
    self.expansion = expansion
    self.operators = operators
    self.pairs = pairs
    electrodes = factors.offsets.count - 1
    couplings = factors.couplings
    duals = factors.dualCouplings()
    let (poles, offsets) = (expansion.poles, factors.offsets)
    let size = poles.count
    let all = Array(0..<size)
    let full = (0..<electrodes).map { c in
      expansion.residues.submatrix(rows: all, columns: Array(offsets[c]..<offsets[c + 1]))
    }
    residues = (0..<electrodes).map { c in
      let (source, few) = (compressed.poles ?? expansion, compressed.offsets)
      return source.residues.submatrix(rows: all, columns: Array(few[c]..<few[c + 1]))
    }
    projectors = (0..<electrodes).map { c in
      expansion.projector.submatrix(rows: Array(offsets[c]..<offsets[c + 1]), columns: all)
    }
    kernels = full.map { l in
      var y = Matrix.product(l, .plain, l, .adjoint)
      for j in 0..<size {
        for i in 0..<size where y[i, j] != .zero { y[i, j] = y[i, j] / (poles[i] - poles[j].conjugate) }
      }
      return y
    }
  }

  private func propagated(_ m: Matrix, _ inverse: [Scalar]) -> Matrix {
    var result = m
    for j in 0..<m.columns { for k in 0..<m.rows { result[k, j] = inverse[k] * m[k, j] } }
    return result
  }

  /// Rows m_ik d_k.
  private func scaled(_ m: Matrix, _ inverse: [Scalar]) -> Matrix {
    var result = m
    for k in 0..<m.columns { for i in 0..<m.rows { result[i, k] = m[i, k] * inverse[k] } }
    return result
  }

  func fill(_ energy: Double, into row: UnsafeMutablePointer<Double>) {
    let inverse = expansion.poles.map { PoleExpansion.inverse(energy, $0) }
    let factors = residues.map { propagated($0, inverse) }
    let n = electrodes
    // O_ab = W_b (R_a^+ W_b)^+ R_a^+ G and O_aa = W_a W_a^+: columns times rows.
    var parts: [(channels: Matrix, rows: Matrix, isDirect: Bool)] = []
    let outgoing = projectors.map { scaled($0, inverse) }
    for a in 0..<n {
      for b in 0..<n {
        let amplitude = projectors[a] * factors[b]
        row[a * n + b] = amplitude.norm * amplitude.norm
        guard operators.contains(a * n + b) else { continue }
        parts.append(
          a == b
            ? (factors[b], factors[b].adjoint, true)
            : (factors[b], Matrix.product(amplitude, .adjoint, outgoing[a], .plain), false))
      }
    }
    let size = expansion.poles.count
    var index = n * n
    for (m, k) in pairs.list {
      for part in parts {
        let right = couplings[k] * part.channels
        let rows = part.rows * (part.isDirect ? couplings[m] : duals[m])
        for c in 0..<n {
          store(rows, kernels[c] * right, sign: 1, into: row + index)
          store(rows * kernels[c], right, sign: -1, into: row + index + 2 * size)
          index += 4 * size
        }
      }
    }
  }

  /// sum_beta left[beta, k] right[k, beta] for every pole k.
  private func store(_ left: Matrix, _ right: Matrix, sign: Double, into row: UnsafeMutablePointer<Double>) {
    for k in 0..<right.rows {
      var sum = Scalar.zero
      for beta in 0..<left.rows { sum = sum + left[beta, k] * right[k, beta] }
      row[2 * k] = sign * sum.rawStorage.x
      row[2 * k + 1] = sign * sum.rawStorage.y
    }
  }
}

/// Traces from a table of poles, with the filled states in closed form (digamma functions).
final class PoleTraces: SecondOrderTraces {
  private let source: PoleTraceTable
  private let n: Int
  private let size: Int
  private var lines: [ReservoirLine] = []
  private var order = 0
  /// Lambda_c(z_k), [c * poles + k].
  private var atPoles: [FilledLogarithm.Value]
  private var atEnergy: [FilledLogarithm.Value]
  private var inverse: [Scalar]
  private var rows: [Double]
  private var firstPair = 0
  private var panel = 0
  private var measures = false
  /// True when nobody asks for the operators A_a.
  private var isDiagonalLeftOut = false
  private var hasFilled = true
  /// [coefficient * tailRows + row].
  private var tails: [Double] = []
  private var tailRows = 0
  /// Largest |Lambda| and derivatives at the poles and at z.
  private var atAllPoles = (1.0, 0.0, 0.0)
  private var largest = (1.0, 0.0, 0.0)

  init(_ source: PoleTraceTable) {
    self.source = source
    n = source.electrodes
    size = source.poles.count
    atPoles = [FilledLogarithm.Value](repeating: .init(), count: n * size)
    atEnergy = [FilledLogarithm.Value](repeating: .init(), count: n)
    inverse = [Scalar](repeating: .zero, count: size)
    rows = []
  }

  var table: EnergyTable { source.table }
  var derivatives: TraceDerivatives { .none }
  var features: [PanelFeature] { source.features }

  func load(_ line: StateLine) {
    lines = line.electrodes
    order = line.order
    withUnsafeTemporaryAllocation(of: FilledLogarithm.Value.self, capacity: 4) { buffer in
      for first in stride(from: 0, to: n, by: 4) {
        let last = min(first + 4, n)
        for k in 0..<size {
          // Poles lie in the lower half plane.
          FilledLogarithm.values(
            at: source.poles[k].conjugate, lines[first..<last], order: order, into: buffer.baseAddress!)
          for c in first..<last { atPoles[c * size + k] = buffer[c - first].conjugate }
        }
      }
    }
    atAllPoles = Self.largest(atPoles, from: (1, 0, 0))
  }

  func setInitial(
    panel: Int, weights: UnsafePointer<Double>, pairs: Range<Int>, measures: Bool, parts: SecondOrderParts
  ) {
    self.panel = panel
    self.measures = measures
    isDiagonalLeftOut = parts == .correction
    firstPair = pairs.lowerBound
    let range = source.firstRow(pairs.lowerBound)..<source.firstRow(pairs.upperBound)
    if rows.count < range.count { rows = [Double](repeating: 0, count: range.count) }
    rows.withUnsafeMutableBufferPointer {
      table.interpolate(panel: panel, weights: weights, range: range, into: $0.baseAddress!)
    }
    if measures { setTails(range) }
  }

  /// The last two Legendre coefficients of the rows: what interpolation leaves out, as functions of z.
  private func setTails(_ range: Range<Int>) {
    if tails.count < 2 * range.count { tails = [Double](repeating: 0, count: 2 * range.count) }
    let (order, rule) = (EnergyTable.order, EnergyTable.rule)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: order) { weights in
      for (part, degree) in [order - 1, order - 2].enumerated() {
        for i in 0..<order {
          weights[i] = 2 * (Double(degree) + 0.5) * rule.weights[i] * rule.legendreAtNodes[degree * order + i]
        }
        tails.withUnsafeMutableBufferPointer {
          table.interpolate(
            panel: panel, weights: weights.baseAddress!, range: range, into: $0.baseAddress! + part * range.count)
        }
      }
    }
    tailRows = range.count
  }

  /// Bound of what interpolation leaves in the traces of an operator: the two coefficients' traces, and rounding of the sum.
  private func doubt(_ row: Int, _ rows: UnsafePointer<Double>) -> Double {
    var (result, rounding) = (0.0, 0.0)
    for c in 0..<n {
      let first = row + c * 4 * size
      tails.withUnsafeBufferPointer { t in
        for part in 0..<2 {
          let (retarded, advanced, _) = sums(t.baseAddress! + part * tailRows + first, c, wanted: .unfilled)
          result += retarded.length + advanced.length
        }
      }
      for k in 0..<size {
        let modulus = inverse[k].length
        let p = first + 2 * k
        rounding += modulus * (abs(rows[p]) + abs(rows[p + 1]) + abs(rows[p + 2 * size]) + abs(rows[p + 2 * size + 1]))
      }
    }
    return result + 2e-16 * rounding
  }

  func setFinal(_ z: Double, wanted: FinalTraces) {
    for k in 0..<size { inverse[k] = PoleExpansion.inverse(z, source.poles[k]) }
    hasFilled = wanted == .all
    largest = (1, 0, 0)
    if hasFilled { setLogarithms(z) }
  }

  private func setLogarithms(_ z: Double) {
    atEnergy.withUnsafeMutableBufferPointer { buffer in
      for first in stride(from: 0, to: n, by: 4) {
        withUnsafeTemporaryAllocation(of: FilledLogarithm.Value.self, capacity: 4) { four in
          let last = min(first + 4, n)
          FilledLogarithm.values(at: Scalar(z, 0), lines[first..<last], order: order, into: four.baseAddress!)
          for c in first..<last { buffer[c] = four[c - first] }
        }
      }
    }
    largest = Self.largest(atEnergy, from: atAllPoles)
  }

  private static func largest(
    _ values: [FilledLogarithm.Value], from start: (Double, Double, Double)
  ) -> (Double, Double, Double) {
    values.reduce(start) { (max($0.0, $1.value.length), max($0.1, $1.first.length), max($0.2, $1.second.length)) }
  }

  func fill(pair: Int, into result: inout TraceValues) {
    let operators = n * n
    let prefactor = 1 / (2 * Double.pi)
    rows.withUnsafeBufferPointer { r in
      var row = r.baseAddress! + (pair - firstPair) * source.pairRows
      for x in source.operators {
        guard !(isDiagonalLeftOut && x % (n + 1) == 0) else {
          row += 4 * n * size
          continue
        }
        let start = row - r.baseAddress!
        var spectralSize = 0.0
        var green = Scalar.zero
        var filled = (Scalar.zero, Scalar.zero, Scalar.zero)
        for c in 0..<n {
          let (retarded, advanced, weighted) = sums(row, c, wanted: hasFilled ? .all : .unfilled)
          row += 4 * size
          let spectral = retarded + advanced
          result.spectral[c * operators + x] = spectral
          spectralSize += spectral.length
          green = green + retarded
          guard hasFilled else { continue }
          let here = atEnergy[c]
          filled.0 = filled.0 + here.value * spectral - weighted.0
          if order > 0 { filled.1 = filled.1 + here.first * spectral - weighted.1 }
          if order > 1 { filled.2 = filled.2 + here.second * spectral - weighted.2 }
        }
        result.green[x] = Scalar(0, -1) * green
        if hasFilled {
          result.filled[x] = Scalar(prefactor, 0) * filled.0
          result.filled[operators + x] = Scalar(prefactor, 0) * filled.1
          result.filled[2 * operators + x] = Scalar(prefactor, 0) * filled.2
        }
        guard measures else { continue }
        let doubt = doubt(start, r.baseAddress!) + source.relativeError * (spectralSize + green.length)
        result.doubts[x] = doubt * largest.0
        result.doubts[operators + x] = doubt * largest.1
        result.doubts[2 * operators + x] = doubt * largest.2
      }
    }
  }

  /// sum tau/(z - z_k), sum tau'/(z - z_k^*), and when wanted the sum with Lambda(z_k) by order of derivative.
  @inline(__always)
  private func sums(
    _ row: UnsafePointer<Double>, _ c: Int, wanted: FinalTraces
  ) -> (Scalar, Scalar, (Scalar, Scalar, Scalar)) {
    var (retarded, advanced) = (Scalar.zero, Scalar.zero)
    var weighted = (Scalar.zero, Scalar.zero, Scalar.zero)
    for k in 0..<size {
      let p = Scalar(row[2 * k], row[2 * k + 1]) * inverse[k]
      let q = Scalar(row[2 * (size + k)], row[2 * (size + k) + 1]) * inverse[k].conjugate
      retarded = retarded + p
      advanced = advanced + q
      guard wanted == .all else { continue }
      let at = atPoles[c * size + k]
      weighted.0 = weighted.0 + p * at.value + q * at.value.conjugate
      if order > 0 { weighted.1 = weighted.1 + p * at.first + q * at.first.conjugate }
      if order > 1 { weighted.2 = weighted.2 + p * at.second + q * at.second.conjugate }
    }
    return (retarded, advanced, weighted)
  }
}
