import JunctionModel
import TransportResults

/// Two bodies that face each other across vacuum.
package struct RadiatingPair: Sendable, Equatable {
  /// Body 1: the energy flux counts what leaves it.
  package let first: RadiatingBody
  /// Body 2.
  package let second: RadiatingBody

  /// A pair; throws `ModelError` at `["bodies"]` when their tables have no photon energy in common.
  package init(_ first: RadiatingBody, _ second: RadiatingBody) throws(ModelError) {
    self.first = first
    self.second = second
    guard max(first.range.lowerBound, second.range.lowerBound) < min(first.range.upperBound, second.range.upperBound) else {
      throw ModelError(
        .inconsistent, at: ["bodies"],
        found: "materials known from \(first.range) eV (\(first.name)) and \(second.range) eV (\(second.name))",
        allowed: "tables that overlap")
    }
  }

  /// Key path of the table that begins or ends at a photon energy, `["materials", name, part]`.
  func pathOfTable(endingAt energy: Double) -> [String] {
    for body in [first, second] {
      guard case .layers(let layers) = body.kind else { continue }
      for material in layers.map(\.material) {
        for part in material.parts {
          guard case .table(let table) = part.form else { continue }
          if table.range.lowerBound == energy || table.range.upperBound == energy {
            return ["materials", material.name, part.name]
          }
        }
      }
    }
    return ["materials"]
  }

  /// The table that ends the photon energies at which all materials are known.
  package var outermostTable: SolverError.Subject {
    .model(pathOfTable(endingAt: range.lowerBound > 0 ? range.lowerBound : range.upperBound))
  }

  /// Photon energies in eV at which all materials are known.
  package var range: ClosedRange<Double> {
    max(first.range.lowerBound, second.range.lowerBound)...min(first.range.upperBound, second.range.upperBound)
  }
}

/// Temperature and photon chemical potential of one body.
package struct BodyState: Sendable, Equatable {
  /// T in eV (k_B = 1), >= 0.
  package let temperature: Double
  /// nu = eV in eV: > 0 forward bias, luminescence; < 0 reverse bias, negative luminescence. Below the gap energy.
  package let chemicalPotential: Double

  /// A state in internal units, eV.
  package init(temperature: Double, chemicalPotential: Double = 0) {
    self.temperature = temperature
    self.chemicalPotential = chemicalPotential
  }

  /// A state from a temperature in K and a bias in V.
  package init(kelvin: Double, bias: Double = 0) {
    self.init(temperature: RadiationUnits.energy(kelvin: kelvin), chemicalPotential: bias)
  }
}

/// Temperatures and biases of both bodies.
package struct RadiationState: Sendable, Equatable {
  package let first: BodyState
  package let second: BodyState

  /// A state of a pair.
  package init(_ first: BodyState, _ second: BodyState) {
    self.first = first
    self.second = second
  }
}
