import ComplexModule
import DenseMatrices

/// The waves of a periodic lead at a real energy that leave the junction or decay away from it, and the self-energy T g T^+ they give
/// the cell before them. No broadening: retarded waves are told by their flux.
///
/// The deflating subspace of `WavePencil` in ordered Schur form: waves inside the unit circle, and of those near it the ones that
/// `UnitCircleWaves` keeps. With their a and s b, T g T^+ = -U [s b a^-1] U^+; nothing is diagonalised, so that defective waves (band
/// edges, nilpotent hoppings) need no care.
struct BlochModes: Sendable {
  /// T g T^+, shape (cell, cell).
  let selfEnergy: Matrix
  /// Waves that carry a current away.
  let openChannels: Int
  /// Channels on their band edge to rounding, counted as closed.
  let edgeChannels: Int
  /// Bound of the error of the self-energy from rounding, first order, as a norm: the pencil's backward error over the separation of
  /// the waves kept from the others.
  private(set) var error: Double
  /// 1/separation: what a residual of Dyson's equation is multiplied by in the self-energy.
  let amplification: Double
  /// States of a cell at this energy that nothing is joined to.
  let dark: Matrix
  /// R with i(S - S^+) = R R^+ for S = T g T^+, shape (cell, open channels), from the waves' fluxes: no rounding of S is in it.
  let broadening: Matrix
  /// Amplitudes a^-1 U^+ of the waves kept for a wave function before the lead, shape (r, cell).
  let amplitudes: Matrix
  /// What rounding turns the subspace of the waves kept by.
  private(set) var turned: Double
  /// Scale of the hopping.
  let scale: Double
  /// Waves of both directions share one l at this energy (a crossing of bands): they were told apart by a limit.
  let isCrossing: Bool
  /// A state bound to the surface lies at this energy: S is some 1e14 of its scale.
  let isPole: Bool
  /// The waves themselves where S is large; nil elsewhere.
  private(set) var waves: OutgoingWaves?

  /// Waves this near to the unit circle, in |log |l||, are classified together.
  private static let ring = 1e-4

  /// Finds the waves. `density` maps (u, u l) to u^+ S(k) u. Cost: about 600 r^3 flops + 20 N^2 (N + r). Throws `.singular` on a pole
  /// (a state bound to the surface at this very energy), `.notConverged` when the waves cannot be told apart.
  init(
    onsite: Matrix, hopping t: HoppingFactors, density: (Matrix, Matrix) -> Matrix
  ) throws(LinearAlgebraError) {
    let n = onsite.rows
    guard t.rank > 0 else {
      (selfEnergy, openChannels, edgeChannels) = (Matrix(rows: n, columns: n), 0, 0)
      (error, amplification, dark, turned, scale) = (0, 1, Matrix(rows: n, columns: 0), 0, 0)
      (isCrossing, isPole) = (false, false)
      (broadening, amplitudes) = (Matrix(rows: n, columns: 0), Matrix(rows: 0, columns: n))
      return
    }
    let pencil = try WavePencil(onsite: onsite, hopping: t)
    guard pencil.first.rows == 2 * t.rank else {
      throw LinearAlgebraError(.notConverged, routine: "waves of a lead", index: pencil.dark.columns)
    }
    let schur = try GeneralizedSchur(pencil.first, pencil.second)
    let (isInside, isNear) = Self.partition(zip(schur.alpha, schur.beta).map { Self.logarithm($0) - Self.logarithm($1) })
    let inside = try schur.subspace(isInside)
    var (chosen, sum) = (inside.basis, 1 / inside.separation)
    var fluxes = Matrix(rows: chosen.columns, columns: 0)
    var (open, standing, limitError) = (0, 0, 0.0)
    if isNear.contains(true) {
      let near = try schur.subspace(isNear)
      let circle = try UnitCircleWaves(
        near, waves: pencil.waves * near.basis, before: pencil.before * near.basis, ahead: pencil.ahead * near.basis,
        scale: t.scale, density: density)
      chosen = chosen.joined(with: near.basis * circle.kept)
      fluxes = Matrix(rows: inside.basis.columns, columns: circle.fluxFactor.columns).stacked(on: circle.fluxFactor)
      sum += 1 / near.separation + 1 / circle.separation
      (open, standing, limitError) = (circle.open, circle.standing, circle.limitError)
    }
    let before = try Self.lifted(pencil.before * chosen)
    amplitudes = try LUFactorization(before.matrix).solve(t.left.adjoint)
    (isCrossing, isPole) = (limitError > 0 && standing == 0, before.isLifted)
    selfEnergy = (-1.0) * (t.left * (pencil.ahead * chosen * amplitudes))
    broadening = t.scale.squareRoot() * Matrix.product(amplitudes, .adjoint, fluxes, .plain)
    (openChannels, edgeChannels, dark, amplification) = (open, standing, pencil.dark, sum)
    turned = 8 * Double(t.rank) * .ulpOfOne * sum + limitError
    scale = t.scale
    error = turned * (t.scale + selfEnergy.norm) * amplitudes.norm
    guard amplitudes.norm > OutgoingWaves.smallestGrowth else { return }
    waves = OutgoingWaves(
      shown: t.left, before: pencil.before * chosen, ahead: t.left * (pencil.ahead * chosen),
      flux: t.scale.squareRoot() * fluxes, broadening: broadening, amplitudes: amplitudes, scale: t.scale, turned: turned)
  }

  /// The matrix, with singular values lifted to 1e-14 of the largest: on a state bound to the surface S is infinite, and 1e14 of its
  /// scale keeps the wave function away from it as well.
  private static func lifted(_ u: Matrix) throws(LinearAlgebraError) -> (matrix: Matrix, isLifted: Bool) {
    let svd = try SingularValues(u)
    let least = 1e-14 * (svd.values.first ?? 0)
    guard let last = svd.values.last, last < least else { return (u, false) }
    return (svd.left * svd.rightAdjoint.scaledRows(svd.values.map { max($0, least) }), true)
  }

  /// The same with waves that are turned by so much more.
  func turned(by more: Double) -> BlochModes {
    var result = self
    result.turned += more
    result.waves?.turned += more
    result.error += more * (scale + selfEnergy.norm) * amplitudes.norm
    return result
  }

  private static func logarithm(_ z: Scalar) -> Double { Double.log(max(z.length, 1e-300)) }

  /// Marks of the waves inside the circle and of those near it; on both sides of the circle as many are left as belong there: waves
  /// come in pairs l, 1/l^*.
  private static func partition(_ sizes: [Double]) -> (inside: [Bool], near: [Bool]) {
    let order = sizes.indices.sorted { abs(sizes[$0]) < abs(sizes[$1]) }
    var count = sizes.count { abs($0) < ring }
    while count < sizes.count, 2 * order[count...].count(where: { sizes[$0] < 0 }) != sizes.count - count { count += 1 }
    var near = [Bool](repeating: false, count: sizes.count)
    for k in order.prefix(count) { near[k] = true }
    return (sizes.indices.map { !near[$0] && sizes[$0] < 0 }, near)
  }
}
