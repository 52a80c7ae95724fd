import ComplexModule
import DenseMatrices
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// A_c, G and P_ab = A_b Gamma_a G on panels over the whole axis of energies, for electrodes of any kind.
///
/// Rows: transmissions, A_c packed (N^2 numbers each), sum_c A_c packed, G and P_ab as complex matrices; where the Hamiltonian changes
/// with a voltage, the same of their derivatives behind them.
/// Cost: some thousand factorisations.
struct MeshTraceTable: Sendable {
  let electrodes: Int
  let size: Int
  let pairs: TracePairs
  /// Couplings by mode.
  let couplings: [Matrix]
  let table: EnergyTable
  let features: [PanelFeature]
  /// Weights of whole panels.
  let weights: [CauchyWeights]
  /// The same for energies far from a panel, and sum_c A_c at the nodes; by order of the derivative.
  let filled: [FilledPanels]
  /// True when bound states lie below the window: their electrons belong to the filled states.
  let hasFilledBoundStates: Bool
  /// What the integral over A misses of G in the window (Frobenius norm).
  private(set) var defect = 0.0
  /// Highest derivative that is tabulated.
  let order: Int

  /// Rows of one derivative, and its groups.
  var rowsPerOrder: Int { Self.rows(electrodes, size) }
  var groupsPerOrder: Int { 3 + electrodes * (electrodes - 1) }
  /// Rows of A_c, of the sum (c = electrodes), of G and of P_ab, and of their derivatives.
  func spectralRow(_ c: Int, order k: Int = 0) -> Int { k * rowsPerOrder + electrodes * electrodes + c * size * size }
  func greenRow(order k: Int = 0) -> Int { spectralRow(electrodes + 1, order: k) }
  func transferRow(_ index: Int, order k: Int = 0) -> Int { greenRow(order: k) + 2 * size * size * (1 + index) }

  private static func rows(_ n: Int, _ size: Int) -> Int { n * n + (n + 1) * size * size + 2 * size * size * (1 + n * (n - 1)) }

  /// The far end of the axis in units of the largest energy scale: what lies beyond is below 1e-11 of the whole.
  private static let farthest = 1e6
  private static let panelLimit = 4000
  private static let memoryLimit = 48_000_000

  /// `change`: how the Hamiltonian moves along the line of states whose derivatives up to `order` are wanted; nil where it stays.
  init(
    _ factors: SpectralFactors, _ direct: DirectGreensFunction, pairs: TracePairs,
    window: ClosedRange<Double>, margin: Double, tolerance: Double, change: ConductorChange? = nil, order: Int = 0
  ) throws(SolverError) {
    let n = factors.offsets.count - 1
    let size = factors.size
    let order = change == nil ? 0 : order
    (electrodes, self.size, self.pairs, couplings, self.order) = (n, size, pairs, factors.couplings, order)
    let scale = max(
      2 * direct.extent, abs(window.lowerBound) + margin, abs(window.upperBound) + margin)
    let range = -2 * scale...2 * scale
    let features: SpectralFeatures
    do { features = try direct.features(in: range) } catch {
      throw SolverError(.linearAlgebra, "the resonances of the conductor could not be found: \(error)")
    }
    let reach = (window.lowerBound - margin)...(window.upperBound + margin)
    try Self.check(features.boundStates, outside: reach)
    guard !direct.isLong || features.boundStates.isEmpty else {
      throw SolverError(
        .unsuitableModel, at: .electrodes,
        "the long conductor has levels where no electrode has states; their part of the second-order correction is not computed",
        hint: "Leave the correction out with \(part: .elasticCorrection): none")
    }
    hasFilledBoundStates = features.boundStates.contains { $0 < reach.lowerBound }
    self.features = features.resonances + features.edges.map { ($0, 0) }
    let rows = (order + 1) * Self.rows(n, size)
    var groups: [Range<Int>] = []
    var next = 0
    for _ in 0...order {
      for length in [n * n, (n + 1) * size * size] + [Int](repeating: 2 * size * size, count: 1 + n * (n - 1)) {
        groups.append(next..<(next + length))
        next += length
      }
    }
    let mesh = KernelMesh(features, shiftedBy: 0, window: range)
    var panels = Self.avoiding(features, mesh.panels(), reach)
    var end = range.upperBound
    while end < Self.farthest * scale {
      panels.append(Panel(end, 3 * end))
      panels.insert(Panel(-3 * end, -end), at: 0)
      end *= 3
    }
    let bound = features.boundStates
    let noise = { (panel: Panel) in
      let distance = bound.reduce(mesh.distance(from: panel)) { min($0, abs($1 - panel.center) - 0.5 * panel.length) }
      return 4.5e-16 * max(abs(panel.start), abs(panel.end)) / distance
    }
    let limit = min(Self.panelLimit, max(200, Self.memoryLimit / (16 * rows)))
    table = try EnergyTable(
      panels, rows: rows, groups: groups, tolerance: tolerance, limit: limit, noise: noise
    ) { (energy, row) throws(SolverError) in
      do {
        let sample = try direct.greensFunctionAndTransmissions(at: energy, offsets: factors.offsets)
        let jet = MatrixJet.greensFunction(sample.green, change, order: order)
        Self.fill(jet, sample.broadening, factors.offsets, into: row)
        return sample.transmissions.reduce(0) { max($0, $1.error) }
      } catch {
        throw SolverError(.linearAlgebra, "the Green's function at energy \(energy) could not be computed: \(error)")
      }
    }
    weights = table.panels.map { CauchyWeights($0) }
    let sums = (0...order).map { k in k * Self.rows(n, size) + n * n + n * size * size }
    filled = sums.map { [table] first in FilledPanels(table, rows: first..<(first + size * size)) }
    defect = sumRuleDefect(in: window)
    let hasBoth = hasFilledBoundStates && features.boundStates.contains { $0 > reach.upperBound }
    guard features.boundStates.isEmpty ? defect <= 1e-3 : !hasBoth else {
      throw SolverError(
        .unsuitableModel, at: .electrodes,
        "the electrodes do not reach every state of the conductor: "
          + (hasBoth ? "it has bound states below and above the bands" : "\(defect) of its spectral weight is missing"),
        hint:
          "Use wide-band electrodes or wider bands, or leave the second-order correction out with \(part: .elasticCorrection): none"
      )
    }
    if hasFilledBoundStates || !features.boundStates.isEmpty { defect = 0 }
  }

  private static func check(_ boundStates: [Double], outside reach: ClosedRange<Double>) throws(SolverError) {
    guard let state = boundStates.first(where: { reach.contains($0) }) else { return }
    throw SolverError(
      .unsuitableModel, at: .electrodes,
      "a bound state at energy \(state) lies in the range of the second-order correction; its occupation is unknown",
      hint: "Widen the electrodes' bands, or leave the correction out with \(part: .elasticCorrection): none")
  }

  /// Half width of the gap around a bound state, of its distance to the nearest edge or to the energies of the electrons.
  private static let gap = 0.05

  /// Panels without the surroundings of bound states: G diverges there, which would pass for its size elsewhere, and nothing
  /// else lives there (A vanishes outside the bands). The rest is fine enough for G's pole.
  private static func avoiding(
    _ features: SpectralFeatures, _ panels: [Panel], _ reach: ClosedRange<Double>
  ) -> [Panel] {
    var result = panels
    for state in features.boundStates {
      let limits = features.edges + [reach.lowerBound, reach.upperBound]
      let d = gap * limits.reduce(Double.infinity) { min($0, abs($1 - state)) }
      guard d > 0 else { continue }
      result = result.flatMap { $0.excluding((state - d)...(state + d)) }
        .flatMap { $0.split(resolving: [(state, 0)], rho: boundStateRho) }
    }
    return result
  }

  private static let boundStateRho = 2.6

  /// Rows at one energy, from G with its derivatives and R there.
  private static func fill(_ green: MatrixJet, _ r: Matrix, _ offsets: [Int], into row: UnsafeMutablePointer<Double>) {
    let n = offsets.count - 1
    let size = r.rows
    let all = Array(0..<size)
    let broadening = (0..<n).map { r.submatrix(rows: all, columns: Array(offsets[$0]..<offsets[$0 + 1])) }
    let factors = broadening.map { green * $0 }
    let left = broadening.map { $0.adjoint * green }
    for k in green.orders {
      var index = k * rows(n, size) + n * n
      let total = index + n * size * size
      for i in 0..<(size * size) { row[total + i] = 0 }
      for w in factors {
        PackedMatrix.pack(w.square(order: k), into: row + index)
        for i in 0..<(size * size) { row[total + i] += row[index + i] }
        index += size * size
      }
      index = total + size * size
      store(green[k], into: row + index)
      index += 2 * size * size
    }
    for a in 0..<n {
      for b in 0..<n {
        let amplitude = broadening[a].adjoint * factors[b]
        let transfer = a == b ? nil : factors[b] * (amplitude.adjoint * left[a])
        for k in green.orders {
          let first = k * rows(n, size)
          row[first + a * n + b] = amplitude.squaredNorm(order: k)
          guard let transfer else { continue }
          let place = a * (n - 1) + (b < a ? b : b - 1)
          store(transfer[k], into: row + first + n * n + (n + 1) * size * size + 2 * size * size * (1 + place))
        }
      }
    }
  }

  private static func store(_ m: Matrix, into row: UnsafeMutablePointer<Double>) {
    for (i, z) in m.elements.enumerated() { (row[2 * i], row[2 * i + 1]) = (z.rawStorage.x, z.rawStorage.y) }
  }

  /// Largest ||G(z) - int A/(z - e)|| / ||G|| at some energies of the window.
  private func sumRuleDefect(in window: ClosedRange<Double>) -> Double {
    var worst = 0.0
    var h = [Double](repeating: 0, count: 16)
    var (legendre, weights16) = (h, h)
    let square = size * size
    let span = window.upperBound - window.lowerBound
    for fraction in [0.113, 0.4371, 0.8039] {
      let z = window.lowerBound + fraction * span
      var sum = [Double](repeating: 0, count: square)
      for (p, w) in weights.enumerated() {
        w.fill(at: z, into: &h)
        for i in 0..<16 {
          let first = (p * 16 + i) * table.rows + spectralRow(electrodes)
          for r in 0..<square { sum[r] += h[i] * table.values[first + r] / (2 * Double.pi) }
        }
      }
      let p = table.panel(containing: z)
      table.fillWeights(panel: p, x: table.panels[p].parameter(z), legendre: &legendre, into: &weights16)
      var green = [Double](repeating: 0, count: 2 * square)
      table.interpolate(panel: p, weights: weights16, range: greenRow()..<(greenRow() + 2 * square), into: &green)
      var hermitian = [Double](repeating: 0, count: square)
      PackedMatrix.packHermitianPart(green, size: size, into: &hermitian)
      var (difference, norm) = (0.0, 0.0)
      for r in 0..<square { difference += (hermitian[r] - sum[r]) * (hermitian[r] - sum[r]) }
      for g in green { norm += g * g }
      if norm > 0 { worst = max(worst, (difference / norm).squareRoot()) }
    }
    return worst
  }
}

/// Hermitian matrices as N^2 real numbers: column by column the diagonal, then (re, im) below it.
enum PackedMatrix {
  static func pack(_ m: Matrix, into row: UnsafeMutablePointer<Double>) {
    var index = 0
    for j in 0..<m.columns {
      row[index] = m[j, j].rawStorage.x
      index += 1
      for i in (j + 1)..<max(m.rows, j + 1) {
        (row[index], row[index + 1]) = (m[i, j].rawStorage.x, m[i, j].rawStorage.y)
        index += 2
      }
    }
  }

  /// Packed Hermitian part of a complex matrix given as (re, im).
  static func packHermitianPart(_ m: [Double], size: Int, into row: inout [Double]) {
    var index = 0
    for j in 0..<size {
      row[index] = m[2 * (j * size + j)]
      index += 1
      for i in (j + 1)..<max(size, j + 1) {
        let (lower, upper) = (2 * (j * size + i), 2 * (i * size + j))
        row[index] = 0.5 * (m[lower] + m[upper])
        row[index + 1] = 0.5 * (m[lower + 1] - m[upper + 1])
        index += 2
      }
    }
  }

  /// Adds factor times the packed matrix to a full one, column-major.
  @inline(__always)
  static func add(
    _ row: UnsafePointer<Double>, size: Int, factor: Scalar, to m: UnsafeMutablePointer<Scalar>
  ) {
    var index = 0
    for j in 0..<size {
      m[j * size + j] = m[j * size + j] + factor.multiplied(by: row[index])
      index += 1
      for i in (j + 1)..<max(size, j + 1) {
        let z = Scalar(row[index], row[index + 1])
        m[j * size + i] = m[j * size + i] + factor * z
        m[i * size + j] = m[i * size + j] + factor * z.conjugate
        index += 2
      }
    }
  }
}
