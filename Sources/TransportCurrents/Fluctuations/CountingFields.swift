import ComplexModule
import DenseMatrices
import JunctionModel

/// Counting fields of all reservoirs: S(fields) = lim ln <exp(sum of field x quantity)>/t.
///
/// Real fields weigh trajectories (cumulants are derivatives at zero), fields i xi give the characteristic function.
package struct CountingFields: Sendable {
  /// lambda_a: electrons that leave electrode a.
  package var charge: [Scalar]
  /// eta_a: energy that leaves electrode a, 1/energy.
  package var energy: [Scalar]
  /// chi_p: energy that enters bath p, 1/energy.
  package var bathEnergy: [Scalar]
  /// kappa_p: bosons that enter bath p.
  package var bathParticles: [Scalar]

  /// All fields zero.
  package init(electrodes: Int, baths: Int) {
    charge = [Scalar](repeating: .zero, count: electrodes)
    energy = charge
    bathEnergy = [Scalar](repeating: .zero, count: baths)
    bathParticles = bathEnergy
  }

  /// The fields that the fluctuation theorem pairs with these at a state, S(fields) = S(reflected): an event and its reverse
  /// differ by the entropy they produce,
  /// lambda' = -lambda - mu_a/T_a, eta' = -eta + 1/T_a, chi' = -chi - 1/T_p, kappa' = -kappa + nu_p/T_p; every T > 0. The
  /// elastic part of three or more electrodes in a magnetic field obeys it against the reversed field (conjugate matrices).
  package func reflected(at point: OperatingPoint) -> CountingFields {
    var result = self
    for a in charge.indices {
      let t = point.temperatures[a]
      result.charge[a] = -charge[a] - Scalar(point.chemicalPotentials[a] / t, 0)
      result.energy[a] = -energy[a] + Scalar(1 / t, 0)
    }
    for p in bathEnergy.indices {
      let t = point.bathTemperatures[p]
      let nu = point.bathChemicalPotentials.isEmpty ? 0 : point.bathChemicalPotentials[p]
      result.bathEnergy[p] = -bathEnergy[p] - Scalar(1 / t, 0)
      result.bathParticles[p] = -bathParticles[p] + Scalar(nu / t, 0)
    }
    return result
  }
}

/// A complex number with a bound of its modulus of error.
package struct ComplexEstimate: Sendable {
  /// The number.
  package let value: Scalar
  /// Bound of the modulus of its error.
  package let error: Double
}
