import ComplexModule
import DenseMatrices
import JunctionModel
import TransportResults

/// The complete particle and energy current of one electrode to second order in the coupling, each with its error.
package struct TwinSecondOrderCurrent: Sendable {
  /// Inelastic particle current as Theory.md section 3 books it, leaving the electrode.
  package var inelastic = Estimate()
  /// Energy leaving the electrode in inelastic processes: e of the initial, e - w of the final electron.
  package var inelasticEnergy = Estimate()
  /// The elastic correction: second-order particle current minus its inelastic part.
  package var correction = Estimate()
  /// The same of the energy current.
  package var correctionEnergy = Estimate()
  /// What the Hartree self-energy adds to the particle current.
  package var hartree = Estimate()
  /// What it adds to the energy current.
  package var hartreeEnergy = Estimate()
  /// True when every integral reached its tolerance.
  package var converged = true

  /// Second-order particle current of the Fock self-energy, inelastic plus correction.
  package var total: Estimate { Self.sum(inelastic, correction) }
  /// Second-order energy current of the Fock self-energy.
  package var totalEnergy: Estimate { Self.sum(inelasticEnergy, correctionEnergy) }

  private static func sum(_ a: Estimate, _ b: Estimate) -> Estimate { Estimate(a.value + b.value, error: a.error + b.error) }
}

/// The slow twin of the complete second-order currents, from the Keldysh formula of the first Born approximation.
///
///     S^<>(e) = i int dw/2pi sum_kl M^k G^<>(e-w) M^l D^<>_kl(w),
///     S^r(e)  = i int dw/2pi sum_kl M^k [G^r(e-w) D^>_kl(w) + G^<(e-w) D^r_kl(w)] M^l,
///     dG^<>   = G S^<> G^+ + G S^r G Sigma^<> G^+ + G Sigma^<> G^+ S^a G^+,
///     I2_a    = g_s int de/2pi Tr[Sigma_a^< dG^> - Sigma_a^> dG^<], with weight e for the energy.
///
/// The second line is the Hilbert transform of S^> - S^<: in time S^r(t) = theta(t) [S^>(t) - S^<(t)], S^<> = i M G^<> M D^<>, and
/// G^> D^> - G^< D^< = (G^> - G^<) D^> + G^< (D^> - D^<). Positive currents leave the electrode. Bound states outside the bands
/// of all electrodes are not looked for. Units: hbar = k_B = e = 1.
package struct TwinSecondOrder: Sendable {
  /// What the bosons' Green's functions are.
  package enum Level: Sendable, Equatable {
    /// D^r = 1/((w + i0)^2 - W^2) of every mode, its population that of its baths, weighted with their friction.
    case sharp
    /// D dressed by the boson baths, the full matrix; every mode must be damped.
    case landauer
  }

  /// The junction all numbers are about.
  package let junction: Junction
  /// The state all numbers are about.
  package let point: OperatingPoint
  /// How the bosons enter.
  package let level: Level
  /// Tolerance of the outer integrals, relative to the gross inelastic flow or the integral of the modulus, whichever is larger.
  package let tolerance: Double

  let electrons: TextbookTwin
  let bosons: TwinBosons

  /// The twin of a junction at one state. Throws `LinearAlgebraError`.
  package init(_ junction: Junction, at point: OperatingPoint, level: Level, tolerance: Double = 1e-10) throws {
    (self.junction, self.point, self.level, self.tolerance) = (junction, point, level, tolerance)
    electrons = try TextbookTwin(junction, tolerance: 0.1 * tolerance)
    bosons = try TwinBosons(junction, at: point, level: .landauer, tolerance: 0.1 * tolerance)
  }

  /// The currents of every electrode. Cost: about a second (sharp), tens of seconds (landauer). Throws `LinearAlgebraError`.
  package func currents() throws -> [TwinSecondOrderCurrent] {
    let integrals = level == .sharp ? try sharpIntegrals() : try landauerIntegrals()
    let mean = try hartreeIntegrals()
    let n = junction.electrodes.count
    let factor = junction.conductor.spinDegeneracy / (2 * Double.pi)
    return (0..<n).map { a in
      func number(_ outcome: TwinQuadrature.Outcome, _ list: Int) -> Estimate {
        Estimate(factor * outcome.values[list * n + a], error: factor * outcome.errors[list * n + a])
      }
      return TwinSecondOrderCurrent(
        inelastic: number(integrals, 0), inelasticEnergy: number(integrals, 3), correction: number(integrals, 1),
        correctionEnergy: number(integrals, 4), hartree: number(mean, 0), hartreeEnergy: number(mean, 1),
        converged: integrals.converged && mean.converged)
    }
  }

  /// mu_a and T_a of every electrode.
  var states: [Occupancy] {
    zip(point.chemicalPotentials, point.temperatures).map { Occupancy(mu: $0, temperature: $1) }
  }

  /// Lists of numbers per electrode: inelastic, correction, gross flow; the same of the energy.
  static let lists = 6

  /// Particles share one error target, energies another: the gross flows are in them, so that a current that vanishes (in
  /// equilibrium, in the double dot) is not integrated to a precision of its own rounding.
  var groups: [Range<Int>] {
    let half = 3 * junction.electrodes.count
    return [0..<half, half..<(2 * half)]
  }

  /// Adaptive quadrature of the lists over an energy.
  func quadrature(_ groups: [Range<Int>], tolerance: Double) -> TwinQuadrature {
    // Steps leave logarithms in S^r, band edges square roots.
    let smooth = electrons.hasStructuredElectrodes || point.temperatures.contains(0)
    return TwinQuadrature(tolerance: tolerance, groups: groups, smoothsEdges: smooth)
  }

  /// Panels for int de: every mu, level and edge, moved by each of the shifts; reach above and below by all of them.
  func energyPanels(shifts: [Double], widening: Double) -> [Double] {
    let hottest = point.temperatures.max()!
    let reach = TextbookTwin.thermalReach * hottest + widening
    var panels = TwinBreakpoints(
      from: point.chemicalPotentials.min()! - reach, to: point.chemicalPotentials.max()! + reach)
    for shift in shifts {
      for state in states { panels.add(state.mu + shift, gradedFrom: state.temperature) }
      for level in electrons.levels { panels.add(level.energy + shift, gradedFrom: level.width) }
      for edge in electrons.edges { panels.add(edge + shift) }
    }
    return panels.sorted
  }
}
