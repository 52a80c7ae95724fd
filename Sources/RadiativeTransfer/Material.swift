import JunctionModel

/// A non-magnetic, isotropic, local medium: eps(w) as a sum of named parts.
package struct Material: Sendable, Equatable {
  /// The user's name.
  package let name: String
  /// What adds up to eps(w).
  package let parts: [DielectricPart]

  /// A material, checked: every part is passive (Im >= 0 at every w > 0), so that their sum is.
  ///
  /// Exactly the parts are summed: a medium with `.drude` or `.lorentz` parts needs a `.constant` (1 for a free-electron metal)
  /// unless a `.polarPhonon` or `.table` brings eps_inf. Throws `ModelError` at `["materials", name, part, key]`.
  package init(_ name: String, _ parts: [DielectricPart]) throws(ModelError) {
    self.name = name
    self.parts = parts
    try MaterialValidation(name: name).check(parts)
  }

  /// The same parts and one more: doping a semiconductor, coating with measured data. Throws as `init`.
  package func adding(_ part: DielectricPart, named name: String? = nil) throws(ModelError) -> Material {
    try Material(name ?? self.name, parts + [part])
  }

  /// eps at the photon energy w > 0 in eV: (real, imaginary). NaN outside the tables.
  package func permittivity(at energy: Double) -> (real: Double, imaginary: Double) {
    let (total, _) = permittivityParts(at: energy)
    return (total.x, total.y)
  }

  /// The share f of the loss that is interband, Im eps_interband/Im eps, of parts whose gap is below w; 0 where there is no loss.
  package func interbandFraction(at energy: Double) -> Double {
    let (total, interband) = permittivityParts(at: energy)
    return total.y > 0 ? min(1, interband / total.y) : 0
  }

  /// The smallest gap of the interband parts, eV; nil when no part is interband. nu must stay below it.
  package var interbandGap: Double? { parts.compactMap(\.interbandGap).min() }

  /// Photon energies in eV that all tables cover; from 0 to infinity without tables.
  package var range: ClosedRange<Double> {
    var (low, high) = (0.0, Double.infinity)
    for case .table(let table) in parts.map(\.form) {
      low = max(low, table.range.lowerBound)
      high = min(high, table.range.upperBound)
    }
    return low...max(low, high)
  }

  /// eps and Im eps of the interband parts whose gap is below w.
  func permittivityParts(at w: Double) -> (total: Phasor, interband: Double) {
    var total = Phasor(0)
    var interband = 0.0
    for part in parts {
      let value = part.form.value(at: w)
      total = total + value
      if let gap = part.interbandGap, w > gap { interband += value.y }
    }
    return (total, interband)
  }
}
