/// Materials that need no data file. Parameters and sources: ModelFile.md, table of materials.
extension Material {
  /// Names understood by `builtIn(_:)`.
  package static let builtInNames = ["Au", "Al", "SiC", "Si", "InAs", "vacuum"]

  /// A built-in material by name; nil for an unknown one.
  package static func builtIn(_ name: String) -> Material? {
    guard let parts = builtInParts(name) else { return nil }
    return try? Material(name, parts)
  }

  private static func builtInParts(_ name: String) -> [DielectricPart]? {
    func energy(_ angularFrequency: Double) -> Double { RadiationUnits.energy(angularFrequency: angularFrequency) }
    func wave(_ wavenumber: Double) -> Double { RadiationUnits.energy(wavenumber: wavenumber) }
    switch name {
    case "vacuum": return [DielectricPart("background", .constant(real: 1))]
    case "Au":
      return [
        DielectricPart("background", .constant(real: 9.4)),
        DielectricPart("carriers", .drude(plasmaEnergy: energy(1.358425e16), damping: energy(1.0996e14))),
      ]
    case "Al":
      return [
        DielectricPart("background", .constant(real: 1)),
        DielectricPart("carriers", .drude(plasmaEnergy: energy(2.24e16), damping: energy(1.22e14))),
      ]
    case "SiC":
      return [
        DielectricPart(
          "lattice",
          .polarPhonon(
            highFrequency: 6.7, longitudinal: energy(1.825e14), transverse: energy(1.494e14), damping: energy(8.966e11)))
      ]
    case "Si":
      // Undoped. Indirect edge: a = 4.5e3/(cm eV^2) reproduces 64, 306 and 850/cm at 1000, 900 and 800 nm within 10 %.
      return [
        DielectricPart("background", .constant(real: 11.7)),
        DielectricPart("edge", .absorptionEdge(gap: 1.12, absorption: 4.5e5, exponent: 2, index: 3.6)),
      ]
    case "InAs":
      // Undoped. The edges add 0.82 to eps_inf below the gap: 11.6 in all between phonons and gap.
      let splitOff = 0.5 * 0.61
      return [
        DielectricPart(
          "lattice",
          .polarPhonon(
            highFrequency: 10.78, longitudinal: wave(238.6), transverse: wave(217.3), damping: wave(4))),
        DielectricPart("edge", .criticalPoint(gap: 0.36, amplitude: 0.61)),
        DielectricPart("split-off edge", .criticalPoint(gap: 0.76, amplitude: splitOff)),
      ]
    default: return nil
    }
  }
}
