extension OperatingPoints {
  /// True when all chemical potentials agree, all temperatures agree, and no boson is supplied, up to rounding.
  public func isEquilibrium(_ state: Int) -> Bool {
    let temperatures = (self.temperatures + bathTemperatures).map { $0[state] }
    let potentials = chemicalPotentials.map { $0[state] }
    let t = temperatures.max() ?? 0
    let scale = potentials.reduce(0) { max($0, abs($1)) }
    return t - (temperatures.min() ?? 0) <= 1e-12 * t
      && (potentials.max() ?? 0) - (potentials.min() ?? 0) <= 1e-15 * scale + 1e-12 * t
      && bathChemicalPotentials.allSatisfy { $0[state] == 0 }
  }

  /// The temperature of an equilibrium, internal units.
  package func commonTemperature(_ state: Int) -> Double { (temperatures + bathTemperatures).first?[state] ?? 0 }

  /// The highest temperature of all equilibria, internal units; 0 without any.
  package var hottestEquilibrium: Double {
    (0..<count).filter { isEquilibrium($0) }.reduce(0) { max($0, commonTemperature($1)) }
  }
}
