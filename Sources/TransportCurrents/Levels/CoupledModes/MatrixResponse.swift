import BosonPropagators
import ElectronSpectra
import JunctionModel
import Quadrature
import RealModule
import TransportResults

/// Inelastic part of the Onsager matrix with matrix boson propagators (level `landauer` with baths that couple the modes or
/// have structure, and bosons without electrons): the derivative of (17) of Theory.md at equilibrium.
///
/// Rate: n (1 + n) Tr[L^{ab} A~_p]/2 pi in Gram form; the term with X_pq, which tells baths apart that electrons drag bosons
/// towards, answers to temperature differences between baths only.
package final class MatrixResponse: Sendable {
  private let environment: BosonEnvironment
  private let mesh: SpectraMesh
  private let features: [PanelFeature]
  private let tolerance: Double
  private let unfelt: UnfeltMotions?
  private static let panelLimit = 600

  package init(
    _ prepared: PreparedJunction, environment: BosonEnvironment, hottest: Double, tolerance: Double
  ) throws(SolverError) {
    self.environment = environment
    self.tolerance = tolerance
    unfelt = UnfeltMotions(prepared.junction, environment)
    mesh = try SpectraMesh(
      prepared, highest: LandauerResponse.reach * hottest, breakpoints: environment.edges, renormalization: .none)
    let poles = try BosonSolver.poles(of: environment, panels: mesh.firstPanels)
    let bound = try BosonSolver.boundModes(poles, environment)
    features = BosonSolver.features(poles, bound: bound, environment) + environment.features
  }

  /// Number of first panels, whose kernels may be computed ahead in parallel.
  package var panelCount: Int { mesh.hasElectrons ? mesh.firstPanels.count : 0 }

  /// Computes the kernels of a first panel.
  package func prepare(panel: Int) throws(SolverError) { _ = try mesh.kernels(of: mesh.firstPanels[panel]) }

  /// The kernels of the first panels, to be handed on.
  package var panelRecords: any PieceRecords { mesh }

  /// Adds the response of an equilibrium; `mu` is measured from the reference energy.
  package func add(potential mu: Double, temperature t: Double, integrator: ResponseIntegrator, to matrix: inout OnsagerMatrix)
    throws(SolverError)
  {
    let scale = min(environment.highestFrequency, environment.freeFriction ?? t, t)
    let integrand = ResponseIntegrand(environment, unfelt: unfelt, lowest: 1e-5 * scale)
    let rule = KinkRule(features + [KinkRule.boseStep(at: 0, temperature: t)], edges: environment.edges)
    func piece(_ panel: Panel) throws(SolverError) -> Piece {
      try SolverError.checkInterruption("integrating over frequencies")
      let quadrature = try ResponseQuadrature(
        panel, integrand, temperature: t, rule: rule, tolerance: tolerance, hasElectrons: mesh.hasElectrons)
      return Piece(
        panel, spectra: try spectra(panel, mu, t, integrator), quadrature, integrand,
        OnsagerMatrix(electrodes: matrix.electrodes, baths: matrix.baths))
    }
    var refinement = PanelRefinement<Piece>(limit: Self.panelLimit)
    for panel in mesh.firstPanels where panel.start < LandauerResponse.reach * t { refinement.parts.append(try piece(panel)) }
    _ = try refinement.refine(to: RefinementRule(tolerance: tolerance)) { whole throws(SolverError) in
      guard whole.panel.length > 1e-10 * whole.panel.end, let (left, right) = whole.panel.bisected else { return nil }
      return (try piece(left), try piece(right))
    }
    try SolverError.checkInterruption("integrating over frequencies")
    for p in refinement.parts { matrix += p.matrix }
    if let first = mesh.firstPanels.first, mesh.hasElectrons, unfelt?.containsFreeMotions != true {
      addDivergences(try spectra(first, mu, t, integrator), to: &matrix)
    }
  }

  /// Makes infinite what has no integral down to w = 0: rates to second order in the couplings of electrons that feel a free motion u go as
  /// u^T L u n (1 + n)/w, or w^-2, because nothing bounds its amplitude. What is weighted with w is finite, once emission and absorption are
  /// added.
  private func addDivergences(_ spectra: [[[WeightedSums<SIMD4<Double>>]]], to matrix: inout OnsagerMatrix) {
    var (strengths, sizes) = (
      OnsagerMatrix(electrodes: matrix.electrodes, baths: matrix.baths),
      OnsagerMatrix(electrodes: matrix.electrodes, baths: matrix.baths)
    )
    let n = environment.count
    for k in 0..<environment.freeMotions.columns {
      let u = (0..<n).map { environment.freeMotions[$0, k].rawStorage.x }
      for (c, nodes) in spectra.enumerated() {
        guard let lowest = nodes.first else { continue }
        let (a, b) = (c / matrix.electrodes, c % matrix.electrodes)
        guard a != b else { continue }
        let (value, size) = Self.along(u, lowest)
        func moments(_ x: (Int) -> Double) -> RateMoments {
          RateMoments(one: Estimate(x(0)), e: Estimate(x(1)), ee: Estimate(x(2)))
        }
        let shares = matrix.shares(from: a, to: b, bath: 0)
        strengths.add(shares, moments { value[$0] })
        sizes.add(shares.map { $0.modulus }, moments { size[$0] })
      }
    }
    for x in 0..<matrix.order {
      for y in 0..<matrix.order where abs(strengths[x, y].value) > Self.vanishing * sizes[x, y].value {
        matrix[x, y] = Estimate(strengths[x, y].value > 0 ? .infinity : -.infinity, error: 0)
      }
    }
  }

  /// What is below this share of its terms is none.
  private static let vanishing = 1e-8

  /// u^T L u of a packed L and its energy moments, and the sum of the moduli of its terms with errors.
  private static func along(
    _ u: [Double], _ packed: [WeightedSums<SIMD4<Double>>]
  ) -> (value: SIMD4<Double>, size: SIMD4<Double>) {
    var (value, size) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
    func add(_ x: WeightedSums<SIMD4<Double>>, _ weight: Double) {
      value += weight * x.value
      for k in 0..<4 { size[k] += abs(weight) * (abs(x.value[k]) + x.error[k] / vanishing) }
    }
    var index = u.count
    for m in u.indices {
      add(packed[m], u[m] * u[m])
      for k in (m + 1)..<max(u.count, m + 1) {
        add(packed[index], 2 * u[m] * u[k])
        index += 2
      }
    }
    return (value, size)
  }

  /// L/w and its energy moments at the nodes of a panel, [channel][node][packed element]; empty for vanishing channels.
  private func spectra(
    _ panel: Panel, _ mu: Double, _ t: Double, _ integrator: ResponseIntegrator
  ) throws(SolverError) -> [[[WeightedSums<SIMD4<Double>>]]] {
    let kernels = try mesh.kernels(of: panel)
    guard let first = kernels.first else { return [] }
    var result = [[[WeightedSums<SIMD4<Double>>]]](repeating: [], count: first.pairs.channels)
    for kernel in kernels {
      let w = kernel.pairs.frequency
      let moments = integrator.equilibrium(kernel.pairs, potential: mu, temperature: t)
      for (c, packed) in moments.enumerated() where !packed.isEmpty {
        result[c].append(Self.withErrors(packed, modes: environment.count).map { (-Double.expMinusOne(-w / t) / w) * $0 })
      }
    }
    return result.map { $0.count == FrequencyWeights.order ? $0 : [] }
  }

  /// Off-diagonal elements are known as well as the geometric mean of their diagonals.
  private static func withErrors(
    _ packed: [WeightedSums<SIMD4<Double>>], modes n: Int
  ) -> [WeightedSums<SIMD4<Double>>] {
    var result = packed
    var index = n
    for m in 0..<n {
      for k in (m + 1)..<max(n, m + 1) {
        for i in [index, index + 1] { result[i].error += (packed[m].error * packed[k].error).squareRoot() }
        index += 2
      }
    }
    return result
  }

  /// The response from one frequency panel.
  private struct Piece: WatchedContribution {
    let panel: Panel
    var matrix: OnsagerMatrix
    /// Interpolation errors and sizes of the moments behind charges, electrode heats, boson heats.
    var doubts = SIMD4<Double>.zero
    var sizes = SIMD4<Double>.zero

    init(
      _ panel: Panel, spectra: [[[WeightedSums<SIMD4<Double>>]]], _ quadrature: ResponseQuadrature,
      _ integrand: ResponseIntegrand,
      _ zero: OnsagerMatrix
    ) {
      self.panel = panel
      matrix = zero
      let (electrodes, baths) = (zero.electrodes, zero.baths)
      for (c, nodes) in spectra.enumerated() where !nodes.isEmpty {
        let (a, b) = (c / electrodes, c % electrodes)
        let series = ResponseSeries(nodes)
        for p in 0..<baths {
          let (moments, doubts) = series.moments(quadrature, block: p)
          matrix.add(matrix.shares(from: a, to: b, bath: p), moments)
          self.doubts += doubts.watched(isInternal: a == b) { $0.error }
          sizes += moments.watched(isInternal: a == b) { abs($0.value) }
        }
        for (index, (p, q)) in ResponseIntegrand.pairs(baths).enumerated() {
          let (moments, _) = series.moments(quadrature, block: baths + index)
          for bath in [p, q] { addDrag(matrix.shares(from: a, to: b, bath: bath), moments, from: q, to: p) }
        }
      }
      for p in 0..<baths {
        for q in 0..<baths where q != p {
          let c = quadrature.transmissions[p * baths + q]
          matrix[matrix.bosonHeat(p), matrix.bosonHeat(q)] -= c
          matrix[matrix.bosonHeat(q), matrix.bosonHeat(q)] += c
        }
      }
    }

    /// dR = y (F_q - F_p) for the rate into either bath.
    private mutating func addDrag(_ shares: [ProcessShare], _ m: RateMoments, from q: Int, to p: Int) {
      for x in shares {
        let value = x.constant * m.one + x.electron * m.e + x.boson * m.w
        matrix[x.row, matrix.bosonHeat(q)] += value
        matrix[x.row, matrix.bosonHeat(p)] -= value
      }
    }
  }
}

/// Packed spectra of one channel at the nodes of a frequency panel.
private struct ResponseSeries {
  /// [power of e][element]: values and errors at the nodes, and the interpolation tail.
  private let values: [[[Double]]]
  private let errors: [[[Double]]]
  private let tails: [[Double]]

  init(_ nodes: [[WeightedSums<SIMD4<Double>>]]) {
    let elements = nodes[0].indices
    values = (0...2).map { k in elements.map { i in nodes.map { $0[i].value[k] } } }
    errors = (0...2).map { k in elements.map { i in nodes.map { $0[i].error[k] } } }
    tails = values.map { $0.map { NodeSeries.tail($0) } }
  }

  /// Moments of Tr[L G] for a block of numbers, and what interpolation adds to their errors.
  func moments(_ q: ResponseQuadrature, block: Int) -> (RateMoments, RateMoments) {
    let n = FrequencyWeights.order
    func sum(_ power: Int, _ j: Int) -> (Estimate, Estimate) {
      var (total, error, doubt) = (0.0, 0.0, 0.0)
      for i in values[power].indices {
        let at = (block * values[power].count + i) * 3 + j
        for node in 0..<n {
          let weight = q.weights[at * n + node]
          total += weight * values[power][i][node]
          error += abs(weight) * (errors[power][i][node] + q.relativeErrors[block] * abs(values[power][i][node]))
        }
        doubt += tails[power][i] * q.norms[at]
      }
      return (Estimate(total, error: error + doubt), Estimate(0, error: doubt))
    }
    let all = RateMoments.powers.map { sum($0.e, $0.w) }
    return (RateMoments(all.map(\.0)), RateMoments(all.map(\.1)))
  }
}
