import JunctionModel
import RealModule

/// The photon energies that matter for a list of states, and the occupations a quadrature over them must resolve.
package struct RadiationWindow: Sendable, Equatable {
  /// Lowest and highest photon energy, eV. The lowest is 0 unless a table begins later.
  package let energies: ClosedRange<Double>
  /// The largest fraction of what the bodies of a state radiate as black bodies that lies outside the tables; 0 without tables.
  package let missingFraction: Double
  /// The share that may be missing; what is missing stands in the errors of all fluxes.
  package let allowedMissingFraction: Double
  /// Where the thermal spectrum would end without tables, eV.
  let wanted: Double
  /// Relative tolerance the window was cut for.
  package let tolerance: Double
  /// All temperatures and chemical potentials, those of body 1 and 2 together, without repetitions.
  let occupations: [WatchedOccupation]
  /// Lowest (above 0) and highest temperature, eV.
  let temperatures: ClosedRange<Double>

  /// The highest temperature, eV: 1e6 K up to rounding, beyond which nothing solid is.
  package static let hottest = RadiationUnits.energy(kelvin: 1e6) * (1 + 1e-9)

  /// The window of states of a pair.
  ///
  /// The upper end leaves out less than `tolerance` of any flux, interband fluxes included: at least ln(1/tolerance) + 20
  /// temperatures above the larger of 0 and the gap energies. The end is moved to the end of tables; then `missingFraction` tells
  /// what part of the black-body radiation of both bodies of a state is lost; an accepted loss counts in the errors of all fluxes,
  /// not against the tolerance.
  /// Throws `ModelError`: T < 0, above 1e6 K or not finite, no T > 0, nu at or above the gap energy (population inversion: stimulated
  /// emission exceeds absorption and no steady thermal emission exists), nu of a body without interband absorption,
  /// `missingFraction` above `allowedMissingFraction`.
  package init(
    _ states: [RadiationState], of pair: RadiatingPair, tolerance: Double = 1e-6, allowedMissingFraction: Double = 1e-3
  ) throws(ModelError) {
    for state in states {
      try Self.check(state.first, of: pair.first)
      try Self.check(state.second, of: pair.second)
    }
    let bodies = states.flatMap { [$0.first, $0.second] }
    let hottest = bodies.map(\.temperature).max() ?? 0
    guard hottest > 0 else {
      throw ModelError(
        .outOfRange, at: ["state", "temperature"], found: states.isEmpty ? "no state" : "T = 0 everywhere",
        allowed: "at least one body above absolute zero", hint: "Two bodies at T = 0 exchange nothing")
    }
    let reach = Double.log(1 / max(tolerance, 1e-16)) + 20
    let gap = [pair.first.interbandGap, pair.second.interbandGap].compactMap { $0 }.max() ?? 0
    let wanted = gap + reach * hottest
    let range = pair.range
    let low = range.lowerBound
    let high = min(wanted, range.upperBound)
    self.tolerance = tolerance
    self.allowedMissingFraction = allowedMissingFraction
    self.wanted = wanted
    guard low < high else {
      throw ModelError(
        .inconsistent, at: pair.pathOfTable(endingAt: low), found: "tables that begin at \(low) eV",
        allowed: "tables that begin below \(wanted) eV, where the thermal spectrum ends")
    }
    energies = low...high
    let warm = bodies.map(\.temperature).filter { $0 > 0 }
    missingFraction = Self.missing(states) { PlanckFraction.outside(low, high, wanted: wanted, $0) }
    guard missingFraction <= allowedMissingFraction else {
      let below = Self.missing(states) { PlanckFraction.outside(low, high, wanted: high, $0) }
      let isBelow = below > 0.5 * missingFraction
      throw ModelError(
        .inconsistent, at: pair.pathOfTable(endingAt: isBelow ? low : high),
        found:
          "tables from \(low) to \(range.upperBound) eV that miss \(missingFraction) of what both bodies radiate as black bodies",
        allowed: "at most \(allowedMissingFraction)",
        hint: "Extend the table \(isBelow ? "to lower" : "to higher") photon energies, or accept the loss with "
          + "compute.missing_spectrum; it then stands in the errors")
    }
    occupations = WatchedOccupation.distinct(states, of: pair)
    temperatures = (warm.min() ?? hottest)...hottest
  }

  /// The largest share of what both bodies of a state radiate as black bodies; `outside` is that of one temperature. A cold body counts by
  /// its T^4: where it sends a thousandth of what the hot one sends, it does not matter that the tables miss half of it.
  private static func missing(_ states: [RadiationState], outside: (Double) -> Double) -> Double {
    var known: [Double: Double] = [:]
    var worst = 0.0
    for state in states {
      var (lost, all) = (0.0, 0.0)
      for temperature in [state.first.temperature, state.second.temperature] where temperature > 0 {
        let share = known[temperature] ?? outside(temperature)
        known[temperature] = share
        let square = temperature * temperature
        lost += share * square * square
        all += square * square
      }
      if all > 0 { worst = max(worst, lost / all) }
    }
    return worst
  }

  private static func check(_ state: BodyState, of body: RadiatingBody) throws(ModelError) {
    guard state.temperature.isFinite && state.temperature >= 0 && state.temperature <= Self.hottest else {
      throw ModelError(
        .outOfRange, at: ["state", "temperature", body.name], found: "\(state.temperature) eV",
        allowed: "a temperature from 0 to 1e6 K (\(Self.hottest) eV)")
    }
    let path = ["state", "bias", body.name]
    let nu = state.chemicalPotential
    guard nu.isFinite else { throw ModelError(.notFinite, at: path, found: "\(nu)", allowed: "a finite energy") }
    guard nu != 0 else { return }
    guard let gap = body.interbandGap else {
      throw ModelError(
        .inconsistent, at: path, found: "\(nu) eV on a body without interband absorption", allowed: "0",
        hint: "Only interband absorption carries a photon chemical potential; give the material an interband part")
    }
    guard nu < gap else {
      throw ModelError(
        .outOfRange, at: path, found: "\(nu) eV at a gap energy of \(gap) eV", allowed: "less than the gap energy",
        hint: "At nu >= E_g stimulated emission exceeds absorption: gain, and no steady thermal emission")
    }
  }
}
