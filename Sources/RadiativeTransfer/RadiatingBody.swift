import JunctionModel

/// A homogeneous layer of a body.
package struct Layer: Sendable, Equatable {
  /// Its medium.
  package let material: Material
  /// Thickness in m; infinite for the half-space that ends a body.
  package let thickness: Double
  /// True when the body's bias reaches this layer: its interband absorption carries the photon chemical potential.
  package let isBiased: Bool

  /// A film, or the half-space below (the default thickness).
  package init(_ material: Material, thickness: Double = .infinity, isBiased: Bool = true) {
    self.material = material
    self.thickness = thickness
    self.isBiased = isBiased
  }
}

/// A body with a plane surface, at one temperature and one bias.
package struct RadiatingBody: Sendable, Equatable {
  /// What it is made of.
  package enum Kind: Sendable, Equatable {
    /// Absorbs every propagating wave and has no evanescent field. With a gap all of its absorption above E_g (eV) is
    /// interband and carries nu: an ideal diode; nil for a body that cannot be biased.
    case blackBody(interbandGap: Double?)
    /// Layers from the vacuum gap inwards; the last one is a half-space.
    case layers([Layer])
  }

  /// The user's name.
  package let name: String
  /// What it is made of.
  package let kind: Kind

  /// A body, checked; throws `ModelError` at `["bodies", name, ...]`.
  ///
  /// The half-space belongs to the body and emits at its temperature also when it is transparent: what a film lets through
  /// is absorbed far below.
  package init(_ name: String, _ kind: Kind) throws(ModelError) {
    self.name = name
    self.kind = kind
    try checkBody(at: ["bodies", name])
  }

  /// A half-space of one medium.
  package static func halfSpace(_ name: String, _ material: Material) throws(ModelError) -> RadiatingBody {
    try RadiatingBody(name, .layers([Layer(material)]))
  }

  /// A body that absorbs everything that propagates.
  package static func blackBody(_ name: String = "black body") throws(ModelError) -> RadiatingBody {
    try RadiatingBody(name, .blackBody(interbandGap: nil))
  }

  /// The smallest gap that carries the bias, eV; nil when the body cannot be biased. nu < this.
  package var interbandGap: Double? {
    switch kind {
    case .blackBody(let gap): return gap
    case .layers(let layers): return layers.compactMap { $0.isBiased ? $0.material.interbandGap : nil }.min()
    }
  }

  /// Photon energies in eV at which all of its materials are known.
  package var range: ClosedRange<Double> {
    guard case .layers(let layers) = kind else { return 0...Double.infinity }
    let low = layers.map(\.material.range.lowerBound).max() ?? 0
    let high = layers.map(\.material.range.upperBound).min() ?? .infinity
    return low...max(low, high)
  }

  private func checkBody(at path: [String]) throws(ModelError) {
    switch kind {
    case .blackBody(let gap):
      if let gap, !(gap.isFinite && gap > 0) {
        throw ModelError(.outOfRange, at: path + ["gap_energy"], found: "\(gap)", allowed: "a positive energy")
      }
    case .layers(let layers):
      guard let substrate = layers.last else {
        throw ModelError(.missing, at: path + ["layers"], found: "no layers", allowed: "at least a half-space")
      }
      guard substrate.thickness == .infinity else {
        throw ModelError(
          .inconsistent, at: path + ["substrate"], found: "\(substrate.thickness) m", allowed: "a half-space as the last layer",
          hint: "End the body with a half-space; one of eps = 1 for a free-standing film")
      }
      for (i, layer) in layers.dropLast().enumerated() where !(layer.thickness.isFinite && layer.thickness > 0) {
        throw ModelError(
          .outOfRange, at: path + ["layers", "\(i)", "thickness"], found: "\(layer.thickness) m",
          allowed: "a positive length")
      }
      let (low, high) = (layers.map(\.material.range.lowerBound).max() ?? 0, layers.map(\.material.range.upperBound).min() ?? 0)
      guard low < high else {
        throw ModelError(
          .inconsistent, at: path + ["layers"], found: "tables without a common photon energy (up to \(high), from \(low) eV)",
          allowed: "tables that overlap")
      }
    }
  }
}
