import TransportResults

/// Fluxes per photon energy at one photon energy.
package struct SpectralFlux: Sendable, Equatable {
  /// Photon energy, eV.
  package let energy: Double
  /// Net energy flux from body 1 to 2 per photon energy, W/(m^2 eV).
  package let energyFlux: Estimate
  /// Its parts, as `RadiativeFluxes.partNames`, W/(m^2 eV).
  package let parts: [Double]
  /// Net photons from body 1 to 2 per photon energy, 1/(m^2 s eV).
  package let photonFlux: Estimate
  /// Net interband photons absorbed by body 1 and by body 2 per photon energy, 1/(m^2 s eV).
  package let interbandPhotons: [Double]
  /// int k dk/2pi sum_pol xi in 1/m^2, independent of the state; w^2/2pi (c = hbar = 1) for black bodies.
  package let transmission: Estimate
}

extension GapSpectra {
  /// The spectrum of a state at chosen photon energies in eV, computed anew there, to the window's tolerance.
  ///
  /// Throws `SolverError`: `unsuitableModel` for photon energies outside the materials' range, `notConverged`.
  /// Cost: one wave-vector integral per photon energy, about 0.1 ms.
  package func spectrum(_ state: RadiationState, at energies: [Double]) throws(SolverError) -> [SpectralFlux] {
    var integrator = WaveVectorIntegrator(TransmissionIntegrand(pair, gap: gap), tolerance: window.tolerance)
    var result: [SpectralFlux] = []
    for w in energies {
      guard w > 0, pair.range.contains(w) else {
        throw SolverError(
          .unsuitableModel, at: .frequencies,
          "found \(w) eV; allowed: photon energies above 0 and within the tables, \(pair.range) eV")
      }
      let spectrum = integrator.spectrum(at: w)
      guard spectrum.converged else {
        throw SolverError(
          .notConverged, at: .gap, "the wave-vector integral at \(w) eV and \(gap) m missed \(window.tolerance)",
          hint: "Ask for a larger tolerance, or use an infinite gap")
      }
      result.append(Self.spectralFlux(spectrum, state, w))
    }
    return result
  }

  private static func spectralFlux(_ spectrum: WaveVectorIntegrator.Spectrum, _ state: RadiationState, _ w: Double)
    -> SpectralFlux
  {
    func numbers(_ body: BodyState) -> (Double, Double) {
      let rest = Occupation(temperature: body.temperature, chemicalPotential: 0)(w)
      let biased = Occupation(temperature: body.temperature, chemicalPotential: body.chemicalPotential)
      return (rest, w > body.chemicalPotential ? biased(w) : 0)
    }
    let (one, two) = (numbers(state.first), numbers(state.second))
    let net = SIMD4(one.0 - two.0, one.0 - two.1, one.1 - two.0, one.1 - two.1)
    let modulus = net.replacing(with: -net, where: net .< 0)
    let rate = RadiationUnits.photonFlux / (2 * Double.pi)
    let energy = RadiationUnits.energyFlux / (2 * Double.pi) * w
    let parts = [
      spectrum.propagating.lowHalf, spectrum.propagating.highHalf, spectrum.evanescent.lowHalf, spectrum.evanescent.highHalf,
    ].map { (net * $0).sum() }
    let error = (modulus * (spectrum.error.lowHalf + spectrum.error.highHalf)).sum()
    let total = spectrum.propagating + spectrum.evanescent
    let channels = net * (total.lowHalf + total.highHalf)
    let area = 1 / (RadiationUnits.hbarC * RadiationUnits.hbarC)
    return SpectralFlux(
      energy: w, energyFlux: Estimate(energy * parts.reduce(0, +), error: energy * error), parts: parts.map { energy * $0 },
      photonFlux: Estimate(rate * channels.sum(), error: rate * error),
      interbandPhotons: [-rate * (channels[2] + channels[3]), rate * (channels[1] + channels[3])],
      transmission: Estimate(area * total.sum(), error: area * spectrum.error.sum()))
  }
}
