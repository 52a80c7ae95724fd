import JunctionModel
import RealModule
import TransportResults

/// Landauer currents between `Terminals`, Theory.md section 11:
/// I_p = g sum_q int dw/2 pi tau_{q -> p} (n_q - n_p), with weight w for the energy and w - nu_p for the heat.
///
/// Everything that does not depend on the state is here, once; `TerminalWorker` evaluates states.
package final class TerminalSolver: Sendable {
  /// What is wanted besides energy currents.
  package struct Options: Sendable {
    /// Particle currents must exist.
    package var particles: Bool
    /// Heat currents must exist, and with them particle currents of baths with a chemical potential.
    package var heat: Bool
    package var conductance: Bool

    package init(particles: Bool, heat: Bool, conductance: Bool) {
      (self.particles, self.heat, self.conductance) = (particles, heat, conductance)
    }
  }

  package let terminals: Terminals
  package let points: OperatingPoints
  package let options: Options
  package let mesh: TransmissionMesh
  package let bands: TransmissionBands
  /// The swept variables of a state in words.
  package let describe: @Sendable (Int) -> String
  /// tau(0) of every function.
  package let soft: [Double]
  /// Every two baths that are joined, with the functions there (a to b) and back.
  package let pairs: [(a: Int, b: Int, there: Int?, back: Int?)]

  /// Prepares all states. The states are `bathTemperatures` and `bathChemicalPotentials` of the points (empty: zeros); `describe` says in messages which one is meant.
  ///
  /// Throws `SolverError` when a chemical potential of bosons reaches its band, when transmissions are negative or not
  /// resolved, or when they break the sum rule sum_q tau_pq = sum_q tau_qp.
  package init(
    _ terminals: Terminals, points: OperatingPoints, tolerance: Double, options: Options,
    describe: @escaping @Sendable (Int) -> String = { "state \($0)" }
  ) throws(SolverError) {
    self.terminals = terminals
    self.points = points
    self.options = options
    self.describe = describe
    bands = TransmissionBands(terminals.functions)
    try Self.requireBelowBands(terminals, points)
    let (window, coldest) = Self.window(terminals, points, bands)
    mesh = try TransmissionMesh(
      terminals, points: points, window: window, coldest: coldest, tolerance: min(max(0.02 * tolerance, 1e-13), 1e-6))
    soft = terminals.functions.map(TransmissionMesh.valueAtZero)
    let count = terminals.names.count
    pairs = (0..<count).flatMap { a in
      ((a + 1)..<count).compactMap { b in
        let (there, back) = (terminals.function(from: a, to: b), terminals.function(from: b, to: a))
        return there == nil && back == nil ? nil : (a, b, there, back)
      }
    }
    try requireSumRule()
  }

  /// Panels of the mesh.
  package var panelCount: Int { mesh.panels.count }

  /// The chemical potential of a bath at a state.
  package static func potential(_ points: OperatingPoints, _ p: Int, _ state: Int) -> Double {
    points.bathChemicalPotentials.isEmpty ? 0 : points.bathChemicalPotentials[p][state]
  }

  /// Energies where some state transmits anything, and the lowest temperature above zero.
  private static func window(
    _ terminals: Terminals, _ points: OperatingPoints, _ bands: TransmissionBands
  ) -> (ClosedRange<Double>, Double) {
    var (low, high, coldest) = (Double.infinity, -Double.infinity, Double.infinity)
    for p in terminals.names.indices {
      for state in 0..<points.count {
        let t = points.bathTemperatures[p][state]
        let range = bands.range(potential: potential(points, p, state), temperature: t)
        (low, high) = (min(low, range.lowerBound), max(high, range.upperBound))
        if t > 0 { coldest = min(coldest, t) }
      }
    }
    if terminals.particles == .bosons {
      low = 0
      if coldest == .infinity { high = 0 }
    }
    let supports = terminals.functions.map(\.support)
    low = max(low, supports.reduce(.infinity) { min($0, $1.lower) })
    high = min(high, supports.reduce(-.infinity) { max($0, $1.upper) })
    return (low < high ? low...high : 0...0, coldest == .infinity ? 0 : coldest)
  }

  /// Bosons condense where nu reaches the band: stimulated emission without end.
  private static func requireBelowBands(_ terminals: Terminals, _ points: OperatingPoints) throws(SolverError) {
    guard terminals.particles == .bosons, !points.bathChemicalPotentials.isEmpty else { return }
    for (p, name) in terminals.names.enumerated() {
      let bottom = terminals.bandBottom(ofBath: p)
      for state in 0..<points.count {
        let nu = points.bathChemicalPotentials[p][state]
        guard nu > bottom || (nu == bottom && nu > 0) else { continue }
        throw SolverError(
          .unsuitableModel, at: .chemicalPotential(of: name),
          "the chemical potential \(nu) of \(name) is not below \(bottom), the lowest energy at which it transmits: bosons would "
            + "condense there without end (stimulated emission)",
          hint: "Lower it, or give the transmission a gap with 'from'")
      }
    }
  }

  /// What enters a bath from all others must be what leaves it, as for any unitary scattering matrix: otherwise equal baths
  /// would drive currents.
  private func requireSumRule() throws(SolverError) {
    guard terminals.isNonreciprocal else { return }
    for node in mesh.energies.indices {
      for p in terminals.names.indices {
        var (sum, size) = (0.0, 0.0)
        for link in terminals.links where link.from == p || link.to == p {
          let tau = mesh.values[link.function][node]
          sum += link.to == p ? tau : -tau
          size += tau
        }
        guard abs(sum) > 1e-8 * size else { continue }
        throw SolverError(
          .unsuitableModel, at: .transmissions,
          "the transmissions into \(terminals.names[p]) and out of it differ by \(sum) at w = \(mesh.energies[node]); a unitary "
            + "scattering matrix has the same sum, and without it baths in equilibrium would drive currents",
          hint: terminals.names.count == 2
            ? "Between two baths tau is the same both ways" : "Close the circle: what goes around must come back")
      }
    }
  }

  /// Energy into every bath per unit energy at w, [bath]: g w/2 pi sum_q tau_{q -> p} (n_q - n_p). The errors are what rounding makes of
  /// the transmissions, of the exponents (w - nu)/T and of the sums.
  package func spectrum(at w: Double, state: Int) -> [Estimate] {
    let count = terminals.names.count
    let isBosons = terminals.particles == .bosons
    let occupations = (0..<count).map { p -> Estimate in
      let (t, nu) = (points.bathTemperatures[p][state], Self.potential(points, p, state))
      let n = isBosons ? TerminalWorker.bose(w - nu, t) : TerminalWorker.fermi(w - nu, t)
      // |dn/dx| = n (1 + n), for fermions f (1 - f).
      let argument = t > 0 ? Double.ulpOfOne * (abs(w) + abs(nu)) / t : 0
      return Estimate(n, error: abs(n * ((isBosons ? 1 + n : 1 - n) * argument)) + Double.ulpOfOne * abs(n))
    }
    let factor = terminals.degeneracy * w / (2 * Double.pi)
    return (0..<count).map { p in
      var (sum, error) = (0.0, 0.0)
      for link in terminals.links where link.to == p {
        let (tau, doubt) = terminals.transmissionWithError(from: link.from, to: p, at: w)
        let (from, to) = (occupations[link.from], occupations[p])
        sum += tau * (from.value - to.value)
        error += tau * (from.error + to.error) + (doubt + 4e-16 * tau) * (abs(from.value) + abs(to.value))
      }
      return Estimate(factor * sum, error: abs(factor) * error)
    }
  }
}
