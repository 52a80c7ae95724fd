import JunctionModel
import SecondOrderTransport
import TransportCurrents
import TransportResults

/// Which requests about light, and with rotating-wave modes, can be served.
enum LightSupport {
  /// Throws `.unsuitableModel` with what to change.
  static func check(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    try checkLight(request, needs)
    if request.junction.isRotatingWave { try checkRotatingWave(request, needs) }
  }

  private static func checkLight(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    let settings = request.settings
    let rates: [Observable] = [.photonRate, .photonYield]
    guard let first = needs.light.first ?? settings.observables.first(where: { rates.contains($0) }) else { return }
    guard !request.junction.conductor.isEmpty, request.junction.bosons.count > 0 else {
      throw SolverError(
        .unsuitableModel, at: .observables, "\(first.rawValue) needs electrons that emit bosons",
        hint: "Add conductor, electrodes, bosons, baths and coupling")
    }
    let (level, abilities) = (request.level.word.rawValue, request.level.abilities)
    if !request.level.hasWidths, let spectrum = needs.light.first {
      throw SolverError(
        .unsuitableModel, at: .level,
        "\(spectrum.rawValue) does not exist at level \(level), where the modes are delta functions",
        hint: "Use level: landauer; photon_rate is the sum over the line at level \(level)")
    }
    if !abilities.contains(.photonRates), let rate = settings.observables.first(where: { rates.contains($0) }) {
      throw SolverError(
        .unsuitableModel, at: .level, "\(rate.rawValue) is computed at \(LevelAbilities.photonRates.levels)",
        hint: "Use level: landauer, or ask for bath_particle_current")
    }
    if !needs.light.isEmpty, let wrong = settings.frequencies?.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw SolverError(
        .unsuitableModel, at: .frequencies, "spectra of light are wanted at frequency \(wrong)",
        hint: "List energies of emitted bosons, above 0")
    }
  }

  private static func checkRotatingWave(_ request: SweepRequest, _ needs: Needs) throws(SolverError) {
    let settings = request.settings
    if let force = needs.forces.first {
      throw SolverError(
        .unsuitableModel, at: .observables,
        "\(force.rawValue) is a force on a coordinate, and a rotating-wave mode has none",
        hint: "Use \(part: .couplingConvention): dimensionless or mass-weighted")
    }
    let abilities = request.level.abilities
    guard abilities.contains(.secondOrder), !abilities.contains(.rotatingWaveSecondOrder) else { return }
    let wantsResponse = !needs.linearResponse.isEmpty && settings.elasticCorrection != .none
    if needs.correction || wantsResponse { throw SecondOrderSolver.rotatingWaveTails }
    if let derivative = needs.derivatives.first {
      throw SolverError(
        .unsuitableModel, at: .level, "\(derivative.rawValue) of rotating-wave modes is computed at level sharp",
        hint: "Use level: sharp")
    }
  }
}
